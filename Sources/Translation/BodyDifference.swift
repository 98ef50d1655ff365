import RuleIR

/// What two bodies say differently beside their conditions on events.
enum BodyDifference: Equatable {
  /// They are a threshold and a sequence, or other different kinds of body.
  case kind
  /// The window, grouping, measure or bound of thresholds.
  case counting
  /// The fields or the history of new terms.
  case history
  /// The order, span or joining fields of a sequence's steps.
  case steps
  /// One of them was not modelled, for this reason.
  case unmodelled(String)

  /// How the bodies differ in kind, window, grouping or bound; nil where they do not.
  init?(_ one: RuleBody, _ other: RuleBody) {
    switch (one, other) {
    case (.predicate, .predicate): return nil
    case (.threshold(var left), .threshold(var right)):
      (left.predicate, right.predicate) = (.always, .always)
      (left.further, right.further) = (left.further?.withoutPredicates, right.further?.withoutPredicates)
      (left.groupBy, right.groupBy) = (left.groupBy.sorted(by: precedes), right.groupBy.sorted(by: precedes))
      if left == right { return nil }
      self = .counting
    case (.newTerms(var left), .newTerms(var right)):
      (left.predicate, right.predicate) = (.always, .always)
      if left == right { return nil }
      self = .history
    case (.sequence(let left), .sequence(let right)):
      let isSame =
        left.ordering == right.ordering && left.span == right.span
        && left.steps.map(\.joinedBy) == right.steps.map(\.joinedBy)
        && left.until?.joinedBy == right.until?.joinedBy
      if isSame { return nil }
      self = .steps
    case (_, .unmodelled(let rest)), (.unmodelled(let rest), _): self = .unmodelled(rest.reason)
    case (.predicate, _), (.threshold, _), (.newTerms, _), (.sequence, _): self = .kind
    }
  }

  /// The difference, said of an output that was read back.
  var ofOutput: String {
    switch self {
    case .kind: "it reads back as another kind of rule"
    case .counting: "its window, grouping or bound reads back differently"
    case .history: "its fields or history read back differently"
    case .steps: "its steps read back differently"
    case .unmodelled(let reason): "it is not read whole: \(reason)"
    }
  }
}

private func precedes(_ one: FieldPath, _ other: FieldPath) -> Bool { one.description < other.description }

extension GroupCondition {
  /// What is asked of a group, apart from which events are measured.
  var withoutPredicates: GroupCondition { map(predicate: { _ in .always }, field: { $0 }) }
}
