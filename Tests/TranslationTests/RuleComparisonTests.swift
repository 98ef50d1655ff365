import LanguageSupport
import Matcher
import Proof
import RuleIR
import SourceText
import Testing
import Translation

/// Rules of several conditions: what is said of each pair makes up what is said of the rules.
@Suite struct RuleComparisonTests {
  private static func isEqual(_ field: String, _ values: [String]) -> Predicate {
    .any(values.map { .field(FieldTest(FieldPath(named: field), .equals(.text($0, .sensitive)))) })
  }

  /// A prover whose matcher has no verdict on events with the field `doubtful`.
  private static let shape = EventShape([FieldPath(named: "verb"): EventShape.Field(type: .text, isList: false)])
  private static let prover = Prover(shape: shape) { predicate, event in
    if event.json.contains("doubtful") { return nil }
    return try? TreeMatcher(predicate).matches(event)
  }

  private enum Step: String, CaseIterable { case same, narrower, broader, overlapping, disjoint, doubtful }

  private static func conditions(_ step: Step) -> (Predicate, Predicate) {
    switch step {
    case .same: (isEqual("verb", ["get"]), isEqual("verb", ["get"]))
    case .narrower: (isEqual("verb", ["get"]), isEqual("verb", ["get", "list"]))
    case .broader: (isEqual("verb", ["get", "list"]), isEqual("verb", ["get"]))
    case .overlapping: (isEqual("verb", ["get", "list"]), isEqual("verb", ["get", "watch"]))
    case .disjoint: (isEqual("verb", ["get"]), isEqual("verb", ["watch"]))
    case .doubtful: (isEqual("doubtful", ["a"]), isEqual("doubtful", ["a", "b"]))
    }
  }

  private static func verdict(_ steps: [Step]) -> RuleComparison.Verdict {
    func sequence(_ predicates: [Predicate]) -> RuleBody {
      .sequence(EventSequence(.ordered, predicates.map { EventSequence.Step($0, joinedBy: []) }, span: nil))
    }
    let pairs = steps.map(conditions)
    return RuleComparison(sequence(pairs.map(\.0)), sequence(pairs.map(\.1)), by: prover).verdict
  }

  @Test(arguments: [
    ("same same", "equivalent"), ("same narrower", "narrower"), ("narrower narrower", "narrower"),
    ("broader same", "broader"), ("narrower broader", "overlapping"), ("overlapping same", "overlapping"),
    ("disjoint same", "disjoint"), ("narrower disjoint", "disjoint"), ("disjoint overlapping", "disjoint"),
    ("doubtful same", "unknown"), ("doubtful narrower", "unknown"), ("overlapping doubtful", "unknown"),
    ("doubtful disjoint", "unknown"),
  ])
  func `each step has its say`(steps: String, expected: String) throws {
    let named = steps.split(separator: " ").compactMap { Step(rawValue: String($0)) }
    #expect(named.count == 2)
    #expect(Self.verdict(named).rawValue == expected)
    #expect(Self.verdict(named.reversed()).rawValue == expected)
  }

  @Test func `rules that differ in their windows alone are not called equivalent`() {
    func threshold(_ minutes: Int) -> RuleBody {
      .threshold(
        Threshold(
          Self.isEqual("verb", ["get"]), groupBy: [], absentKey: .dropped,
          window: .sliding(TimeSpan(seconds: minutes * 60)), .order(.greaterOrEqual), Number(5)))
    }
    let comparison = RuleComparison(threshold(5), threshold(10), by: Self.prover)
    #expect(comparison.verdict == .narrower)
    #expect(comparison.reason == "their windows differ: 5m and 10m")
  }
}
