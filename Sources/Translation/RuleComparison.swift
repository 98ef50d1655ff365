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
    let (first, second) = (one.settled(by: prover), other.settled(by: prover))
    let (left, right) = (first.judged, second.judged)
    guard left.count == right.count, !left.isEmpty else {
      self.init(.unknown, reason: "one has \(left.count) conditions on events and the other \(right.count)")
      return
    }
    self.init(.equivalent)
    for (one, other) in zip(left, right) { join(prover.compare(one, other).shown(by: prover, one, other)) }
    guard let difference = BodyDifference(first, second) else { return }
    reason = reason ?? difference.ofRules
    if verdict == .equivalent { verdict = .unknown }
  }

  /// Takes in the relation of one more pair of conditions.
  private mutating func join(_ relation: Prover.Relation) {
    switch relation {
    case .equivalent: break
    case .narrower(let event):
      verdict = verdict.joined(with: .narrower)
      onlySecond = onlySecond ?? event
    case .broader(let event):
      verdict = verdict.joined(with: .broader)
      onlyFirst = onlyFirst ?? event
    case .overlapping(let first, let second, let common):
      verdict = verdict.joined(with: .overlapping)
      (onlyFirst, onlySecond, both) = (onlyFirst ?? first, onlySecond ?? second, both ?? common)
    case .disjoint(let first, let second):
      verdict = verdict.joined(with: .disjoint)
      (onlyFirst, onlySecond) = (onlyFirst ?? first, onlySecond ?? second)
    case .undecided(let why):
      verdict = .unknown
      reason = reason ?? why
    }
  }
}

extension RuleComparison.Verdict {
  /// The verdict on rules of several conditions, from those on some and on one more.
  ///
  /// What is not known stays so whatever follows, and one step that no event shares keeps the rules apart.
  fileprivate func joined(with next: Self) -> Self {
    if self == next || next == .equivalent { return self }
    if self == .equivalent { return next }
    for strong in [Self.unknown, .disjoint] where self == strong || next == strong { return strong }
    return .overlapping
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
