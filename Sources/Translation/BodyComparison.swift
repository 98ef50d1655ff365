import Proof
import RuleIR

/// A condition that a body puts on events, and what becomes of the body where the condition holds of more of them.
struct BodyPart {
  /// What the body does when a condition holds of more events.
  enum Variance {
    /// It fires where it did, and perhaps more.
    case along
    /// It fires less: what ends a sequence.
    case against
    /// It may fire more, or less: events that are counted below a bound, or that make a value no longer new.
    case either
  }

  /// What people call it; nil where it is all that the body says.
  var name: String?
  var predicate: Predicate
  var variance: Variance
}

extension RuleBody {
  /// The conditions on events, with those that only say which events of a group are measured, or which end a sequence.
  var judged: [BodyPart] {
    switch self {
    case .predicate(let predicate): return [BodyPart(name: nil, predicate: predicate, variance: .along)]
    case .unmodelled(let rest):
      return rest.understood.map { [BodyPart(name: "what is understood", predicate: $0, variance: .either)] } ?? []
    case .newTerms(let terms):
      return [BodyPart(name: "which events have the values", predicate: terms.predicate, variance: .either)]
    case .threshold(let threshold):
      let variance: BodyPart.Variance = threshold.growsWithEvents ? .along : .either
      let further = threshold.further?.predicates ?? []
      return [BodyPart(name: "which events are counted", predicate: threshold.predicate, variance: variance)]
        + further.map { BodyPart(name: "which events of a group are measured", predicate: $0, variance: variance) }
    case .sequence(let sequence):
      let steps = sequence.steps.enumerated().map { index, step in
        BodyPart(name: "step \(index + 1)", predicate: step.predicate, variance: .along)
      }
      let until = sequence.until.map {
        [BodyPart(name: "what ends the sequence", predicate: $0.predicate, variance: .against)]
      }
      return steps + (until ?? [])
    }
  }
}

extension RuleBody {
  /// The body with what is said in several ways said in one.
  func settled(by prover: Prover) -> RuleBody {
    if case .threshold(let threshold) = self { .threshold(threshold.settled(by: prover)) } else { self }
  }
}

extension RuleBody {
  /// The body with an end to its sequence that never comes, where it has none and another has one.
  func alignedEnd(with other: RuleBody) -> RuleBody {
    guard case .sequence(var sequence) = self, case .sequence(let model) = other, sequence.until == nil,
      let until = model.until
    else { return self }
    sequence.until = EventSequence.Step(.never, joinedBy: until.joinedBy)
    return .sequence(sequence)
  }
}

extension Threshold {
  /// Whether more events can only make it fire more.
  ///
  /// A sum may shrink: numbers may be negative.
  fileprivate var growsWithEvents: Bool {
    if case .sum = measure { return false }
    return staysMet && further?.measuresSums != true
  }

  /// Whether its bound stays met once it is.
  private var staysMet: Bool {
    GroupCondition.measure(GroupMeasure(.of(measure), bound, value)).holdsOnceMet && (further?.holdsOnceMet ?? true)
  }

  /// The threshold with the treatment of absent group fields and of the moment of comparison made plain.
  ///
  /// Where events that lack one are left out, that is a condition on events; where the condition is there, it does
  /// not matter what would become of them.
  fileprivate func settled(by prover: Prover) -> Threshold {
    var threshold = self
    // What stays true once it is may as well be looked at when all events have come.
    if staysMet { threshold.comparison = .asEventsCome }
    // An event without a value to be told apart by others counts for nothing.
    if case .distinctCount(let fields) = measure, staysMet, further == nil {
      threshold.predicate = .conjunction([predicate] + fields.map { .presence(PresenceTest(.value, $0)) })
    }
    let presence = groupBy.map { Predicate.presence(PresenceTest(.value, $0)) }
    switch absentKey {
    case .dropped: threshold.predicate = .conjunction([threshold.predicate] + presence)
    case .ownGroup:
      if prover.implies(threshold.predicate, .conjunction(presence)) == .impossible { threshold.absentKey = .dropped }
    }
    return threshold
  }
}

extension GroupCondition {
  fileprivate var measuresSums: Bool {
    switch self {
    case .all(let parts), .any(let parts): return parts.contains(where: \.measuresSums)
    case .not(let inner): return inner.measuresSums
    case .measure(let measure):
      if case .of(.sum) = measure.quantity { return true }
      return false
    case .elapsed, .key: return false
    }
  }
}

/// Compares what bodies say beside their predicates.
enum BodyComparison {
  /// A difference in words, and what it makes of the first body; nil where that is not told.
  struct Difference {
    var words: String
    var direction: RuleComparison.Verdict?
  }

  /// How the bodies differ in kind, window, grouping or bound; nil where they do not.
  static func parameters(_ one: RuleBody, _ other: RuleBody) -> Difference? {
    switch (one, other) {
    case (.predicate, .predicate): return nil
    case (.threshold(let left), .threshold(let right)): return difference(left, right)
    case (.newTerms(let left), .newTerms(let right)):
      if Set(left.fields) != Set(right.fields) { return Difference(words: "their fields differ") }
      guard left.history != right.history else { return nil }
      // A longer memory knows more values.
      return Difference(
        words: "their histories differ: \(left.history) and \(right.history)",
        direction: left.history > right.history ? .narrower : .broader)
    case (.sequence(let left), .sequence(let right)): return difference(left, right)
    case (_, .unmodelled(let rest)), (.unmodelled(let rest), _):
      return Difference(words: "one is not modelled: \(rest.reason)")
    case (.predicate, _), (.threshold, _), (.newTerms, _), (.sequence, _):
      return Difference(words: "they are different kinds of rule")
    }
  }

  private static func difference(_ left: EventSequence, _ right: EventSequence) -> Difference? {
    if left.steps.count != right.steps.count {
      return Difference(words: "one has \(left.steps.count) steps and the other \(right.steps.count)")
    }
    if left.ordering != right.ordering { return Difference(words: "one asks for an order of events") }
    if left.steps.map(\.joinedBy) != right.steps.map(\.joinedBy) || left.until?.joinedBy != right.until?.joinedBy {
      return Difference(words: "the fields that join their steps differ")
    }
    guard left.span != right.span else { return nil }
    let words = "their spans differ: \(left.span?.description ?? "none") and \(right.span?.description ?? "none")"
    let isLonger = left.span.map { own in right.span.map { own > $0 } ?? false } ?? true
    return Difference(words: words, direction: isLonger ? .broader : .narrower)
  }

  private static func difference(_ left: Threshold, _ right: Threshold) -> Difference? {
    if left.groupBy.sorted(by: precedes) != right.groupBy.sorted(by: precedes) || left.absentKey != right.absentKey {
      return Difference(words: "their groups differ")
    }
    if left.measure != right.measure || left.comparison != right.comparison
      || left.further?.withoutPredicates != right.further?.withoutPredicates
    {
      return Difference(words: "what they ask of a group differs")
    }
    let found = [window(left, right), bound(left, right)].compactMap(\.self)
    guard var joined = found.first else { return nil }
    for more in found.dropFirst() {
      joined.words += "; " + more.words
      if joined.direction != more.direction { joined.direction = nil }
    }
    return joined
  }

  private static func window(_ left: Threshold, _ right: Threshold) -> Difference? {
    guard left.window != right.window else { return nil }
    guard case .sliding(let one) = left.window, case .sliding(let other) = right.window else {
      return Difference(words: "their windows differ")
    }
    // Any stretch of time lies in a longer one.
    let direction: RuleComparison.Verdict? = left.growsWithEvents ? one > other ? .broader : .narrower : nil
    return Difference(words: "their windows differ: \(one) and \(other)", direction: direction)
  }

  private static func bound(_ left: Threshold, _ right: Threshold) -> Difference? {
    guard left.bound != right.bound || left.value != right.value else { return nil }
    let words =
      "their bounds differ: \(left.bound.words) \(left.value.text) and \(right.bound.words) \(right.value.text)"
    guard left.growsWithEvents, right.growsWithEvents, let one = left.least, let other = right.least else {
      return Difference(words: words)
    }
    if one == other { return nil }
    return Difference(words: words, direction: one < other ? .broader : .narrower)
  }

  private static func precedes(_ one: FieldPath, _ other: FieldPath) -> Bool { one.description < other.description }
}

extension Threshold {
  /// The smallest number that meets a bound from below, where all numbers measured are whole.
  fileprivate var least: Int? {
    switch (measure, bound) {
    case (.count, .order(.greaterOrEqual)), (.distinctCount, .order(.greaterOrEqual)): value.integer
    case (.count, .order(.greater)), (.distinctCount, .order(.greater)): value.successor?.integer
    case (.count, _), (.distinctCount, _), (.sum, _), (.average, _), (.percentile, _): nil
    }
  }
}

extension Threshold.Bound {
  fileprivate var words: String {
    switch self {
    case .order(let order): order.rawValue
    case .equal: "="
    case .notEqual: "!="
    }
  }
}
