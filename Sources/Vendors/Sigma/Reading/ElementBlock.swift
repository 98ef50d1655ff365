import Documents
import LanguageSupport
import RuleIR
import SourceText

extension SelectionReader {
  /// Reads a block about the elements of a list: every test inside is about one and the same element.
  ///
  ///     block = map | list of maps | "{" selection { selection } "condition" ":" condition "}" ;
  ///
  /// With `any` some element must pass, with `all` there must be elements and all pass; `all_or_empty` is content
  /// without elements, and `none` is the opposite of `any`
  /// (https://github.com/SigmaHQ/sigma-specification/issues/212).
  mutating func elements(
    _ quantifier: ArrayName.Quantifier, at path: FieldPath, _ member: DocumentNode.Member
  ) -> Predicate? {
    guard let inner = block(member.value) else { return nil }
    let origin = Origin(member.key.range.extended(to: member.value.range))
    let test = ElementTest(path, inner, origin: origin)
    switch quantifier {
    case .any: return .some(test)
    case .all: return .every(test)
    case .allOrEmpty: return .any([.every(test), .not(.presence(PresenceTest(.value, path, origin: origin)))])
    case .none: return .not(.some(test))
    }
  }

  private mutating func block(_ node: DocumentNode) -> Predicate? {
    if let members = node.members {
      if let condition = node["condition"] { return extended(members, condition) }
      return predicate(of: node)
    }
    if let elements = node.elements, !elements.isEmpty, elements.allSatisfy({ $0.members != nil }) {
      return predicate(of: node)
    }
    diagnostics.append(
      Diagnostic(
        .wrongType, "a block about elements is a mapping of what an element must have", at: node.range,
        label: "this is \(node.kindName)", help: "write '.' for the element itself, such as {.|startswith: kube}"))
    return nil
  }

  /// A block with selections of its own and a condition over them.
  private mutating func extended(_ members: [DocumentNode.Member], _ condition: DocumentNode) -> Predicate? {
    var selections = Selections()
    for member in members where member.key.text != "condition" {
      selections.add(member.key.text, predicate(of: member.value), at: member.key.range)
    }
    guard let scalar = condition.scalar, scalar.kind != .null else {
      diagnostics.append(
        Diagnostic(
          .wrongType, "a condition is a text", at: condition.range, label: "this is \(condition.kindName)",
          notes: ["a block with a key 'condition' has selections of its own"]))
      return nil
    }
    do throws(Diagnostic) {
      var parser = try ConditionParser(scalar.passage, over: selections)
      defer { diagnostics += parser.lints }
      let predicate = try parser.condition()
      guard parser.tokens.isAtEnd else { throw parser.tokens.unexpected(expected: "the end of the condition") }
      return selections.all.allSatisfy { $0.predicate != nil } ? predicate : nil
    } catch {
      diagnostics.append(error)
      return nil
    }
  }
}
