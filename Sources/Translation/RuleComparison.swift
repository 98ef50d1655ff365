public import Proof
public import RuleIR

/// How two rules lie to each other: their conditions on events, and what their bodies say beside these.
public struct RuleComparison: Sendable {
  /// The name of the verdict.
  public enum Verdict: String, Sendable, CaseIterable {
    case equivalent, narrower, broader, overlapping, disjoint, unknown
  }

  public var verdict: Verdict
  /// An event that fires the first alone, the second alone, and both; of a body with several conditions, one that
  /// meets a condition of the first alone, and so on.
  public var onlyFirst: EventValue?
  public var onlySecond: EventValue?
  public var both: EventValue?
  /// In which part the two differ, or why nothing was decided.
  public var reason: String?
  /// How the log sources differ that the two look at, of which the verdict says nothing; nil where they are one.
  public var sources: String?

  public init(_ verdict: Verdict, reason: String? = nil) {
    self.verdict = verdict
    self.reason = reason
  }

  /// Compares two rules in event fields.
  public init(_ one: RuleBody, _ other: RuleBody, by prover: Prover) {
    let first = one.alignedEnd(with: other).settled(by: prover)
    let second = other.alignedEnd(with: one).settled(by: prover)
    let (left, right) = (first.judged, second.judged)
    let difference = BodyComparison.parameters(first, second)
    guard left.count == right.count, !left.isEmpty else {
      self.init(
        .unknown,
        reason: difference?.words ?? "one has \(left.count) conditions on events and the other \(right.count)")
      return
    }
    self.init(.equivalent)
    for (one, other) in zip(left, right) {
      join(prover.compare(one.predicate, other.predicate).shown(by: prover, one.predicate, other.predicate), of: one)
    }
    if let difference { join(difference) }
  }

  /// Takes in the relation of one more pair of conditions.
  private mutating func join(_ relation: Prover.Relation, of part: BodyPart) {
    let found: Verdict
    switch relation {
    case .equivalent: return
    case .narrower(let event):
      found = .narrower
      onlySecond = onlySecond ?? event
    case .broader(let event):
      found = .broader
      onlyFirst = onlyFirst ?? event
    case .overlapping(let first, let second, let common):
      found = .overlapping
      (onlyFirst, onlySecond, both) = (onlyFirst ?? first, onlySecond ?? second, both ?? common)
    case .disjoint(let first, let second):
      found = .disjoint
      (onlyFirst, onlySecond) = (onlyFirst ?? first, onlySecond ?? second)
    case .undecided(let why):
      verdict = .unknown
      add(part.name.map { "\($0): \(why)" } ?? why)
      return
    }
    if let name = part.name { add("\(name): \(found.rawValue)") }
    join(part.effect(of: found))
  }

  private mutating func join(_ difference: BodyComparison.Difference) {
    add(difference.words)
    join(difference.direction ?? .unknown)
  }

  /// The verdict of both differences together.
  private mutating func join(_ found: Verdict) {
    switch (verdict, found) {
    case (.unknown, _), (_, .equivalent): break
    case (_, .unknown): verdict = .unknown
    case (.equivalent, _): verdict = found
    // No events that fire one of them in one part fire the other.
    case (.disjoint, _), (_, .disjoint): verdict = .disjoint
    case (.narrower, .narrower), (.broader, .broader): break
    case (.narrower, _), (.broader, _), (.overlapping, _): verdict = .overlapping
    }
  }

  private mutating func add(_ words: String) { reason = reason.map { "\($0); \(words)" } ?? words }
}

extension RuleComparison {
  /// Compares two rules as they were loaded; names of two languages without a mapping are compared as names.
  public init(_ one: LoadedRule, _ other: LoadedRule, by translator: Translator) {
    guard let first = one.neutral?.body, let second = other.neutral?.body else {
      self.init(.unknown)
      return
    }
    let mapping = one.mapping == nil || other.mapping == nil ? nil : one.mapping
    let prover = translator.prover(forMapping: mapping)
    if mapping == nil, one.form != other.form {
      // `a.b` in one language is the path of two keys in another.
      self.init(first.mapFields(\.joiningKeys), second.mapFields(\.joiningKeys), by: prover)
    } else {
      self.init(first, second, by: prover)
    }
    sources = Self.difference(one, other)
  }

  /// How the log sources of two rules differ, where that can be told: by their mappings, or their vendor's own words.
  private static func difference(_ one: LoadedRule, _ other: LoadedRule) -> String? {
    if one.mapping != other.mapping {
      return "\(one.mapping ?? "no known log source") and \(other.mapping ?? "no known log source")"
    }
    guard one.mapping == nil, one.vendor == other.vendor else { return nil }
    let (first, second) = (one.selectors, other.selectors)
    if first.isEmpty || second.isEmpty || Set(first) == Set(second) { return nil }
    return "\(first.joined(separator: ", ")) and \(second.joined(separator: ", "))"
  }
}

extension LoadedRule {
  /// What the rule says of its log source, in its vendor's words.
  fileprivate var selectors: [String] {
    source?.metadata.source.selectors.map { "\($0.key) \($0.value)" } ?? []
  }
}

extension BodyPart {
  /// What becomes of the body where this condition lies so to that of another body.
  func effect(of verdict: RuleComparison.Verdict) -> RuleComparison.Verdict {
    switch (variance, verdict) {
    case (_, .equivalent), (.along, _): verdict
    case (.against, .narrower): .broader
    case (.against, .broader): .narrower
    // Enders that have nothing in common still leave sequences that both find.
    case (.against, .overlapping), (.against, .disjoint): .overlapping
    case (.against, .unknown), (.either, _): .unknown
    }
  }
}

extension Prover.Relation {
  /// The relation with its events as they are shown to people.
  fileprivate func shown(by prover: Prover, _ one: Predicate, _ other: Predicate) -> Prover.Relation {
    func first(_ event: EventValue) -> EventValue { prover.shownNested(event, for: .all([one, .not(other)])) }
    func second(_ event: EventValue) -> EventValue { prover.shownNested(event, for: .all([other, .not(one)])) }
    switch self {
    case .equivalent, .undecided: return self
    case .narrower(let event): return .narrower(second(event))
    case .broader(let event): return .broader(first(event))
    case .overlapping(let left, let right, let both):
      return .overlapping(
        first: first(left), second: second(right), both: both.map { prover.shownNested($0, for: .all([one, other])) })
    case .disjoint(let left, let right): return .disjoint(first: first(left), second: second(right))
    }
  }
}
