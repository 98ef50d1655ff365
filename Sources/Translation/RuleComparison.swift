public import Proof
public import RuleIR

/// How two rules lie to each other: their conditions on events, and what their bodies say beside these.
public struct RuleComparison: Sendable {
  /// The name of the verdict.
  public enum Verdict: String, Sendable, CaseIterable {
    case equivalent, narrower, broader, overlapping, disjoint, unknown
  }

  public var verdict: Verdict
  /// An event that fires the first alone, the second alone, and both.
  public var onlyFirst: EventValue?
  public var onlySecond: EventValue?
  public var both: EventValue?
  /// What windows, groups or bounds differ in, or why nothing was decided.
  public var reason: String?

  public init(_ verdict: Verdict, reason: String? = nil) {
    self.verdict = verdict
    self.reason = reason
  }

  /// Compares two rules in event fields.
  public init(_ one: RuleBody, _ other: RuleBody, by prover: Prover) {
    let (first, second) = (BodyComparison.settled(one, by: prover), BodyComparison.settled(other, by: prover))
    let (left, right) = (first.judged, second.judged)
    guard left.count == right.count, !left.isEmpty else {
      self.init(.unknown, reason: "one has \(left.count) conditions on events and the other \(right.count)")
      return
    }
    self.init(.equivalent)
    for (one, other) in zip(left, right) { join(prover.compare(one, other).shown(by: prover, one, other)) }
    if let difference = BodyComparison.parameters(first, second) { reason = difference.replacingReading }
    if reason != nil, verdict == .equivalent { verdict = .unknown }
  }

  /// Takes in the relation of one more pair of conditions.
  private mutating func join(_ relation: Prover.Relation) {
    switch relation {
    case .equivalent: break
    case .narrower(let event):
      verdict = verdict == .equivalent || verdict == .narrower ? .narrower : .overlapping
      onlySecond = onlySecond ?? event
    case .broader(let event):
      verdict = verdict == .equivalent || verdict == .broader ? .broader : .overlapping
      onlyFirst = onlyFirst ?? event
    case .overlapping(let first, let second, let common):
      verdict = .overlapping
      (onlyFirst, onlySecond, both) = (first, second, common)
    case .disjoint(let first, let second):
      verdict = .disjoint
      (onlyFirst, onlySecond) = (first, second)
    case .undecided(let why):
      verdict = .unknown
      reason = why
    }
  }
}

extension Prover.Relation {
  /// The relation with its events as they are shown to people.
  fileprivate func shown(by prover: Prover, _ one: Predicate, _ other: Predicate) -> Prover.Relation {
    func first(_ event: EventValue) -> EventValue { prover.shown(event, for: .all([one, .not(other)])) }
    func second(_ event: EventValue) -> EventValue { prover.shown(event, for: .all([other, .not(one)])) }
    switch self {
    case .equivalent, .undecided: return self
    case .narrower(let event): return .narrower(second(event))
    case .broader(let event): return .broader(first(event))
    case .overlapping(let left, let right, let both):
      return .overlapping(
        first: first(left), second: second(right), both: both.map { prover.shown($0, for: .all([one, other])) })
    case .disjoint(let left, let right): return .disjoint(first: first(left), second: second(right))
    }
  }
}

extension String {
  /// The words of a check of an output, said of two rules.
  fileprivate var replacingReading: String {
    switch self {
    case "it reads back as another kind of rule": "they are different kinds of rule"
    case _ where hasPrefix("it is not read whole"): "one is not modelled" + dropFirst("it is not read whole".count)
    case "its window, grouping or bound reads back differently": "their windows, groups or bounds differ"
    case "its fields or history read back differently": "their fields or histories differ"
    case "its steps read back differently": "their steps differ"
    case _: self
    }
  }
}
