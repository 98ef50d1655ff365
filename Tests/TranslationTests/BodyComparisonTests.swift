import Matcher
import Proof
import RuleIR
import Testing
import Translation

private let prover = Prover { predicate, event in try? TreeMatcher(predicate).matches(event) }

private func verb(_ names: String...) -> Predicate {
  .field(FieldTest(FieldPath(keys: "verb"), .oneOf(names.map { .text($0, .sensitive) })))
}

private func counted(
  _ predicate: Predicate, _ minutes: Int, _ order: Order, _ value: Int, measure: Threshold.Measure = .count
) -> RuleBody {
  .threshold(
    Threshold(
      predicate, groupBy: [FieldPath(keys: "user")], absentKey: .dropped, window: .sliding(.minutes(minutes)),
      measure: measure, .order(order), Number(value)))
}

private func steps(_ predicates: Predicate..., until: Predicate? = nil, span: Int? = 5) -> RuleBody {
  .sequence(
    EventSequence(
      .ordered, predicates.map { .init($0, joinedBy: []) }, span: span.map { .minutes($0) },
      until: until.map { .init($0, joinedBy: []) }))
}

private func new(_ predicate: Predicate, days: Int = 7) -> RuleBody {
  .newTerms(NewTerms(predicate, fields: [FieldPath(keys: "user")], history: .days(days)))
}

/// What parts of bodies make of the whole: a condition that holds of more events does not always fire more.
@Suite struct BodyComparisonTests {
  struct Claim: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var first: RuleBody
    var second: RuleBody
    var verdict: RuleComparison.Verdict
    var reason: String?

    init(_ name: String, _ first: RuleBody, _ second: RuleBody, _ verdict: RuleComparison.Verdict, _ reason: String?) {
      (testDescription, self.first, self.second, self.verdict, self.reason) = (name, first, second, verdict, reason)
    }
  }

  static let claims = [
    Claim(
      "one threshold twice", counted(verb("get"), 5, .greater, 9), counted(verb("get"), 5, .greater, 9),
      .equivalent, nil),
    Claim(
      "more than nine are ten", counted(verb("get"), 5, .greater, 9), counted(verb("get"), 5, .greaterOrEqual, 10),
      .equivalent, nil),
    Claim(
      "fewer events are counted", counted(verb("get"), 5, .greater, 9), counted(verb("get", "list"), 5, .greater, 9),
      .narrower, "which events are counted: narrower"),
    Claim(
      "a longer window", counted(verb("get"), 10, .greater, 9), counted(verb("get"), 5, .greater, 9), .broader,
      "their windows differ: 10m and 5m"),
    Claim(
      "a higher bound", counted(verb("get"), 5, .greater, 9), counted(verb("get"), 5, .greaterOrEqual, 5),
      .narrower, "their bounds differ: > 9 and >= 5"),
    Claim(
      "fewer events in a longer window", counted(verb("get"), 10, .greater, 9),
      counted(verb("get", "list"), 5, .greater, 9), .overlapping,
      "which events are counted: narrower; their windows differ: 10m and 5m"),
    Claim(
      "fewer events below a bound", counted(verb("get"), 5, .less, 9), counted(verb("get", "list"), 5, .less, 9),
      .unknown, "which events are counted: narrower"),
    Claim(
      "another window below a bound", counted(verb("get"), 5, .less, 9), counted(verb("get"), 6, .less, 9), .unknown,
      "their windows differ: 5m and 6m"),
    Claim(
      "an event without the value that is told apart",
      counted(verb("get"), 5, .greater, 9, measure: .distinctCount([FieldPath(keys: "name")])),
      counted(
        .all([verb("get"), .presence(PresenceTest(.value, FieldPath(keys: "name")))]), 5, .greater, 9,
        measure: .distinctCount([FieldPath(keys: "name")])), .equivalent, nil),
    Claim(
      "fewer events of a sum", counted(verb("get"), 5, .greater, 9, measure: .sum(FieldPath(keys: "n"))),
      counted(verb("get", "list"), 5, .greater, 9, measure: .sum(FieldPath(keys: "n"))), .unknown,
      "which events are counted: narrower"),
    Claim(
      "a step of fewer events", steps(verb("get"), verb("list")), steps(verb("get", "x"), verb("list")), .narrower,
      "step 1: narrower"),
    Claim(
      "fewer events that end it", steps(verb("get"), verb("list"), until: verb("x")),
      steps(verb("get"), verb("list"), until: verb("x", "y")), .broader, "what ends the sequence: narrower"),
    Claim(
      "a narrower step, and fewer events that end it", steps(verb("get"), verb("list"), until: verb("x")),
      steps(verb("get", "z"), verb("list"), until: verb("x", "y")), .overlapping,
      "step 1: narrower; what ends the sequence: narrower"),
    Claim(
      "an end where the other has none", steps(verb("get"), verb("list")),
      steps(verb("get"), verb("list"), until: verb("x")), .broader, "what ends the sequence: narrower"),
    Claim(
      "one step more", steps(verb("get"), verb("list")), steps(verb("get"), verb("list"), verb("x")), .unknown,
      "one has 2 steps and the other 3"),
    Claim(
      "a longer span", steps(verb("get"), verb("list"), span: nil), steps(verb("get"), verb("list")), .broader,
      "their spans differ: none and 5m"),
    Claim(
      "fewer events with new values", new(verb("get")), new(verb("get", "list")), .unknown,
      "which events have the values: narrower"),
    Claim(
      "a longer memory", new(verb("get"), days: 8), new(verb("get")), .narrower,
      "their histories differ: 8d and 7d"),
    Claim(
      "a count and an event", counted(verb("get"), 5, .greater, 9), .predicate(verb("get")), .unknown,
      "which events are counted: narrower; they are different kinds of rule"),
    Claim(
      "a rule that is not modelled", .predicate(verb("get")),
      .unmodelled(Unmodelled(text: "x", understood: verb("get", "list"), reason: "a join")), .unknown,
      "one is not modelled: a join"),
  ]

  @Test(arguments: claims)
  func `the verdict on bodies is that on all their parts together`(claim: Claim) {
    let found = RuleComparison(claim.first, claim.second, by: prover)
    #expect(found.verdict == claim.verdict)
    if claim.verdict != .unknown || found.reason?.hasPrefix("which") == true { #expect(found.reason == claim.reason) }
    if let reason = claim.reason { #expect(found.reason?.contains(reason) == true, "\(found.reason ?? "none")") }
    let mirrored = RuleComparison(claim.second, claim.first, by: prover).verdict
    let opposite: RuleComparison.Verdict =
      switch claim.verdict {
      case .narrower: .broader
      case .broader: .narrower
      case .equivalent, .overlapping, .disjoint, .unknown: claim.verdict
      }
    #expect(mirrored == opposite)
  }
}
