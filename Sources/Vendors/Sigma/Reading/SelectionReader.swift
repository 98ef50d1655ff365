import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads search identifiers, and gathers what is wrong in them without stopping at the first fault.
///
///     selection = map | list | keyword ;
///     map       = item { item } ;                       all of them
///     list      = ( map | keyword | list ) { … } ;      any of them
///
/// A keyword is a text that stands without a field. It is looked for anywhere in the values of the event, with its
/// own wildcards and whatever the case of letters: `Trojan*FOUND` passes on a value in which `FOUND` comes somewhere
/// after `trojan`. The specification speaks of the full log message, of which an event has only the values left.
struct SelectionReader {
  let dialect: SigmaDialect
  var diagnostics: [Diagnostic] = []

  init(_ dialect: SigmaDialect) { self.dialect = dialect }

  /// What the selection asks; nil where something in it is wrong.
  mutating func predicate(of node: DocumentNode) -> Predicate? {
    switch node.content {
    case .mapping(let members): map(members, at: node.range)
    case .list(let elements): list(elements, at: node.range)
    case .scalar(let scalar): keyword(scalar)
    }
  }

  private mutating func map(_ members: [DocumentNode.Member], at range: SourceRange) -> Predicate? {
    guard !members.isEmpty else { return empty("mapping", at: range) }
    var parts: [Predicate] = []
    for member in members {
      if let part = item(member) { parts.append(part) }
    }
    return parts.count == members.count ? .conjunction(parts) : nil
  }

  private mutating func item(_ member: DocumentNode.Member) -> Predicate? {
    do {
      let key = try FieldKey(member.key.passage, dialect)
      if let quantifier = key.quantifier, let path = key.field {
        return elements(quantifier, at: path, member)
      }
      var reader = ItemReader(key, at: member.key.range, dialect)
      defer { diagnostics += reader.lints }
      return try reader.predicate(of: member.value)
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  private mutating func list(_ elements: [DocumentNode], at range: SourceRange) -> Predicate? {
    guard !elements.isEmpty else { return empty("list", at: range) }
    var parts: [Predicate] = []
    for element in elements {
      if let part = predicate(of: element) { parts.append(part) }
    }
    return parts.count == elements.count ? .disjunction(parts) : nil
  }

  private mutating func keyword(_ scalar: DocumentNode.Scalar) -> Predicate? {
    guard scalar.kind != .null else { return empty("null", at: scalar.range) }
    do {
      let nameless = Passage(file: scalar.range.file, from: scalar.range.start, to: scalar.range.start)
      var reader = ValueReader(key: try FieldKey(nameless), dialect)
      reader.place = scalar.range
      let predicate = try reader.predicate(of: scalar)
      diagnostics += reader.lints
      return predicate
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  private mutating func empty(_ kind: String, at range: SourceRange) -> Predicate? {
    diagnostics.append(
      Diagnostic(
        .emptySelection, "a selection is empty", at: range,
        label: kind == "null" ? "nothing stands here" : "an empty \(kind)",
        notes: ["tools disagree on whether this always or never holds"],
        help: "remove it, or say what it looks for"))
    return nil
  }
}
