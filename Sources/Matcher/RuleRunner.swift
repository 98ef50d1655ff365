public import RuleIR

/// Runs a rule over events in their order, keeping what its body must remember.
public struct RuleRunner: Sendable {
  /// What a rule says of an event.
  public enum Outcome: Hashable, Sendable {
    case fires
    case isSilent
    case failed(EvaluationFailure)
  }

  public let rule: Rule
  private let matchers: [TreeMatcher]
  private let ending: TreeMatcher?
  private var state: BodyState

  /// Makes a rule ready to run.
  ///
  /// - Throws: A regular expression that cannot be run, or a body that is not modelled.
  public init(_ rule: Rule) throws(EvaluationFailure) {
    self.rule = rule
    var matchers: [TreeMatcher] = []
    var ending: TreeMatcher?
    switch rule.body {
    case .predicate(let predicate):
      matchers = [try TreeMatcher(predicate)]
      state = .none
    case .threshold(let threshold):
      guard threshold.isPlain else {
        throw EvaluationFailure(
          reason: threshold.comparison == .onceAllHaveCome
            ? "its bounds are compared once all events have come" : "it asks several things of a group",
          origin: threshold.origin)
      }
      matchers = [try TreeMatcher(threshold.predicate)]
      state = .threshold(ThresholdState(threshold, lookback: rule.metadata.schedule?.lookback))
    case .newTerms(let terms):
      matchers = [try TreeMatcher(terms.predicate)]
      state = .newTerms(NewTermsState(terms))
    case .sequence(let sequence):
      for step in sequence.steps { matchers.append(try TreeMatcher(step.predicate)) }
      if let until = sequence.until { ending = try TreeMatcher(until.predicate) }
      state = .sequence(SequenceState(sequence))
    case .unmodelled(let rest):
      throw EvaluationFailure(reason: "the rule is not modelled: \(rest.reason)", origin: rest.origin)
    }
    self.matchers = matchers
    self.ending = ending
  }

  /// The matcher of the body's first predicate, for explanations.
  public var matcher: TreeMatcher { matchers[0] }

  /// What the rule says of the next event.
  public mutating func process(_ event: EventValue, at time: EventTime?) -> Outcome {
    do {
      return try fires(event, at: time) ? .fires : .isSilent
    } catch {
      return .failed(error)
    }
  }

  private mutating func fires(_ event: EventValue, at time: EventTime?) throws(EvaluationFailure) -> Bool {
    switch state {
    case .none: return try matchers[0].matches(event)
    case .threshold(var threshold):
      guard try matchers[0].matches(event) else { return false }
      // Emptied first, so that the state below is changed in place and not copied.
      state = .none
      defer { state = .threshold(threshold) }
      return threshold.add(event, at: time)
    case .newTerms(var terms):
      guard try matchers[0].matches(event) else { return false }
      state = .none
      defer { state = .newTerms(terms) }
      return terms.add(event, at: time)
    case .sequence(var sequence):
      let isEnd = try ending?.matches(event) ?? false
      var met: [Int] = []
      for (index, matcher) in matchers.enumerated() where try matcher.matches(event) { met.append(index) }
      state = .none
      defer { state = .sequence(sequence) }
      return sequence.add(event, at: time, met: met, isEnd: isEnd)
    }
  }
}

/// What a body remembers from event to event.
private enum BodyState: Sendable {
  case none
  case threshold(ThresholdState)
  case newTerms(NewTermsState)
  case sequence(SequenceState)
}

/// A combination of values; absence is a value of its own.
typealias GroupKey = [EventValue]

extension EventValue {
  /// The groups that an event belongs to, one for each combination of the fields' values.
  ///
  /// There is none where a field is absent and absence is no group.
  func groups(by fields: [FieldPath], absentKey: Threshold.AbsentKey) -> [GroupKey] {
    var keys: [GroupKey] = [[]]
    for field in fields {
      var values = values(at: field)
      if values.isEmpty, absentKey == .ownGroup { values = [.null] }
      keys = keys.flatMap { key in values.map { key + [$0] } }
    }
    return keys
  }
}
