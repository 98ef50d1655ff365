import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads one item of a selection: a key with its value or values.
///
///     item = key ":" ( value | "[" value { "," value } "]" ) ;
struct ItemReader {
  let key: FieldKey
  let keyRange: SourceRange
  private let dialect: SigmaDialect
  private(set) var lints: [Diagnostic] = []

  init(_ key: FieldKey, at keyRange: SourceRange, _ dialect: SigmaDialect) {
    self.key = key
    self.keyRange = keyRange
    self.dialect = dialect
  }

  /// What the item asks.
  mutating func predicate(of value: DocumentNode) throws(Diagnostic) -> Predicate {
    let values = try scalars(of: value)
    lint(values, in: value)
    var parts: [Predicate] = []
    var reader = ValueReader(key: key, dialect)
    for scalar in values {
      reader.place = values.count == 1 ? keyRange.extended(to: scalar.range) : scalar.range
      parts += try reader.predicates(of: scalar)
    }
    lints += reader.lints
    let whole = keyRange.extended(to: value.range)
    let joined: Predicate =
      switch key.chain.linking {
      case .any: Self.gathered(parts, at: Origin(whole))
      case .all: .conjunction(parts)
      }
    return key.chain.negation == .negated ? .not(joined) : joined
  }

  private func scalars(of value: DocumentNode) throws(Diagnostic) -> [DocumentNode.Scalar] {
    switch value.content {
    case .scalar(let scalar): return [scalar]
    case .mapping:
      throw Diagnostic(
        .wrongType, "a field takes a value or a list of values, not a mapping", at: value.range,
        label: "a mapping stands here", help: "is the indentation right?")
    case .list(let elements):
      guard !elements.isEmpty else {
        throw Diagnostic(
          .emptySelection, "the list of values is empty", at: keyRange.extended(to: value.range),
          label: "no value stands here", notes: ["tools disagree on whether this always or never holds"],
          help: "remove the field, or list its values")
      }
      var scalars: [DocumentNode.Scalar] = []
      for element in elements {
        guard let scalar = element.scalar else {
          throw Diagnostic(
            .wrongType, "a list of values holds single values, not \(element.kindName)", at: element.range,
            label: "\(element.kindName) stands here")
        }
        scalars.append(scalar)
      }
      return scalars
    }
  }

  private mutating func lint(_ values: [DocumentNode.Scalar], in value: DocumentNode) {
    if let place = key.allRange, values.count == 1 {
      lints.append(
        Diagnostic(
          .redundantModifier, "'all' joins several values, and there is one", severity: .info, at: place,
          label: "changes nothing", help: "remove it",
          fix: [Edit(SourceRange(file: place.file, start: place.start - 1, end: place.end), "")]))
    }
    guard values.count > 1, let null = values.first(where: { $0.kind == .null }) else { return }
    lints.append(
      Diagnostic(
        .nullInList, "null does not belong in a list of values", severity: .warning, at: null.range,
        label: "asks whether the field is absent", help: "put it into a selection of its own"))
  }

  /// Alternatives, in which equalities that stand side by side are one set.
  private static func gathered(_ parts: [Predicate], at origin: Origin) -> Predicate {
    guard parts.count > 1 else { return .disjunction(parts) }
    var gathered: [Predicate] = []
    var literals: [Literal] = []
    var first: FieldTest?
    for part in parts {
      if case .field(let test) = part, case .equals(let literal) = test.condition {
        if literals.isEmpty { gathered.append(part) }
        first = first ?? test
        literals.append(literal)
      } else {
        gathered.append(part)
      }
    }
    guard literals.count > 1, var set = first else { return .disjunction(gathered) }
    set.condition = .oneOf(literals)
    set.origin = origin
    let index = gathered.firstIndex { part in
      if case .field(let test) = part, case .equals = test.condition { true } else { false }
    }
    if let index { gathered[index] = .field(set) }
    return .disjunction(gathered)
  }
}
