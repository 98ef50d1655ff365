public import RuleIR

/// How an event tells which log source it is of.
///
/// An event is of another source only where it says so: where in each of the alternatives some field is there with none
/// of the values. An event that lacks the fields may be of any source.
public struct EventSigns: Hashable, Sendable {
  /// A field with the values of which it has one; `*` is a wildcard.
  public struct Sign: Hashable, Sendable {
    public var field: FieldPath
    public var values: [String]
  }

  public var alternatives: [[Sign]]

  public init(_ alternatives: [[Sign]] = []) { self.alternatives = alternatives }

  /// That an event does not say to be of another source; nil where events do not tell.
  public var predicate: Predicate? {
    guard !alternatives.isEmpty else { return nil }
    return .disjunction(alternatives.map { .conjunction($0.map(\.predicate)) })
  }
}

extension EventSigns.Sign {
  fileprivate var predicate: Predicate {
    .disjunction(
      [.not(.presence(PresenceTest(.value, field)))] + values.map { .field(FieldTest(field, condition($0))) })
  }

  private func condition(_ value: String) -> Condition {
    guard value.contains("*") else { return .equals(.untyped(value, .insensitive)) }
    let literals = value.split(separator: "*", omittingEmptySubsequences: false).map {
      [TextPattern.Part.literal(String($0))]
    }
    return .matches(TextPattern(Array(literals.joined(separator: [.anyRun]))), .insensitive)
  }
}
