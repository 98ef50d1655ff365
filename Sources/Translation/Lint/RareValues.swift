import FieldMapping
import Proof
import RuleIR
import SourceText

/// Finds values with which a rule can hardly ever fire, because it asks for a field that is absent beside them.
///
/// A rule that lists the verb `list` and demands something of the object's name, be it that the name does not start
/// with a text, as `NOT STARTS_WITH` in ES|QL does, never sees the ordinary listing.
struct RareValues {
  private(set) var diagnostics: [Diagnostic] = []

  init(_ predicate: Predicate, prover: Prover, mapping: Mapping) {
    for row in mapping.rows {
      guard let absence = row.absence else { continue }
      let tested = predicate.tests(of: absence.field)
      for value in absence.values {
        guard let test = tested.first(where: { $0.condition.names(value) }) else { continue }
        let isValue = Predicate.field(FieldTest(absence.field, .equals(.text(value, .sensitive))))
        let isAbsent = Predicate.not(.presence(PresenceTest(.value, row.path)))
        guard prover.satisfy(.all([predicate, isValue])) != .impossible,
          prover.satisfy(.all([predicate, isValue, isAbsent])) == .impossible
        else { continue }
        diagnostics.append(
          Diagnostic(
            .impossibleValue, "'\(value)' never matches without '\(row.path)', which such events hardly ever have",
            severity: .warning, at: test.origin.range, label: "names a value that hardly ever matches",
            notes: [absence.reason, "the rest of the rule asks for '\(row.path)', where it denies something of it too"])
        )
      }
    }
  }
}

extension Predicate {
  /// Every test of a field, wherever it stands.
  fileprivate func tests(of path: FieldPath) -> [FieldTest] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap { $0.tests(of: path) }
    case .not(let inner): inner.tests(of: path)
    case .field(let test): test.field == path ? [test] : []
    case .presence, .some, .every, .anyField, .rawTerm: []
    }
  }
}

extension Condition {
  /// Whether the condition names the text among its values.
  fileprivate func names(_ text: String) -> Bool {
    switch self {
    case .equals(let literal): isSameText(literal.spelling, text)
    case .oneOf(let literals): literals.contains { isSameText($0.spelling, text) }
    case .matches, .regex, .order, .network, .term, .encoded, .field: false
    }
  }
}
