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
  private var state: RuleState

  /// Makes a rule ready to run.
  ///
  /// - Throws: A regular expression that cannot be run, or a body that is not modelled.
  public init(_ rule: Rule) throws(EvaluationFailure) {
    self.rule = rule
    if let refusal = rule.body.refusal { throw refusal }
    var matchers: [TreeMatcher] = []
    for predicate in rule.body.askedPredicates { matchers.append(try TreeMatcher(predicate)) }
    self.matchers = matchers
    state = RuleState(rule)
  }

  /// The matcher of the body's first predicate, for explanations.
  public var matcher: TreeMatcher { matchers[0] }

  /// What the rule says of the next event.
  public mutating func process(_ event: EventValue, at time: EventTime?) -> Outcome {
    do {
      var met: [Int] = []
      for (index, matcher) in matchers.enumerated() where try matcher.matches(event) { met.append(index) }
      if met.isEmpty { return .isSilent }
      if !rule.body.isStateful { return .fires }
      return state.add(rule.body.observation(of: event, at: time, met: met)) ? .fires : .isSilent
    } catch {
      return .failed(error)
    }
  }
}

/// A combination of values; absence is a value of its own.
package typealias GroupKey = [EventValue]

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
