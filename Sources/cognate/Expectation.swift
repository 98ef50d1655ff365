import Matcher
import RuleIR

/// What a case expects of a rule.
enum Expectation {
  /// Whether the rule's condition on single events holds: one event cannot cross the bound of a window.
  case event(EventValue, fires: Bool)
  /// How often it fires over events in their order.
  case events([EventValue], SpecFile.Bounds)

  /// - Throws: What keeps the rule from having a verdict.
  func isMet(by rule: Rule) throws(EvaluationFailure) -> Bool {
    switch self {
    case .event(let event, let fires):
      return try TreeMatcher(.disjunction(rule.body.predicates)).matches(event) == fires
    case .events(let events, let bounds): return bounds.contains(try Self.firings(of: rule, on: events))
    }
  }

  static func firings(of rule: Rule, on events: [EventValue]) throws(EvaluationFailure) -> Int {
    var runner = try RuleRunner(rule)
    var count = 0
    for event in events {
      switch runner.process(event, at: EventTime(of: event)) {
      case .fires: count += 1
      case .isSilent: break
      case .failed(let failure): throw failure
      }
    }
    return count
  }
}
