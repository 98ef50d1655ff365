import LanguageSupport
import RuleIR
import Sigma
import SourceText
import Testing

@Suite struct CorrelationTests {
  private static let base = """
    title: Secret read
    name: secret_read
    logsource: {product: kubernetes, service: audit}
    detection:
      selection: {verb: get}
      condition: selection
    ---
    title: Secret listed
    id: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
    logsource: {product: kubernetes, service: audit}
    detection:
      selection: {verb: list}
      condition: selection
    ---
    title: Burst
    level: high
    correlation:

    """

  private static func read(_ correlation: String) -> [RuleReading] {
    let lines = correlation.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return SigmaRules.read(base + lines + "\n")
  }

  private static let get = Predicate.field(FieldTest(FieldPath(named: "verb"), .equals(.untyped("get", .insensitive))))
  private static let list = Predicate.field(
    FieldTest(FieldPath(named: "verb"), .equals(.untyped("list", .insensitive))))
  private static let user = FieldPath(named: "user.username")

  /// A correlation and what it fires on.
  static let meanings: [(correlation: String, body: RuleBody)] = [
    (
      "type: event_count\nrules: secret_read\ngroup-by: [user.username]\ntimespan: 5m\ncondition: {gte: 10}",
      .threshold(
        Threshold(
          get, groupBy: [user], absentKey: .dropped, window: .sliding(.minutes(5)), .order(.greaterOrEqual),
          Number(10)))
    ),
    (
      "type: value_count\nrules: [secret_read, 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40]\ntimespan: 1h\ncondition: {gt: 3, field: name}",
      .threshold(
        Threshold(
          .any([get, list]), groupBy: [], absentKey: .dropped, window: .sliding(.hours(1)),
          measure: .distinctCount([FieldPath(named: "name")]), .order(.greater), Number(3)))
    ),
    (
      "type: value_percentile\nrules: [secret_read]\ntimespan: 1d\ncondition: {lt: 0.5, field: size, percentile: 95}",
      .threshold(
        Threshold(
          get, groupBy: [], absentKey: .dropped, window: .sliding(.days(1)),
          measure: .percentile(Number(95), FieldPath(named: "size")), .order(.less), Number("0.5") ?? Number(0)))
    ),
    (
      """
      type: temporal_ordered
      rules: [secret_read, 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40]
      aliases:
        who:
          secret_read: user.username
          5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40: impersonatedUser.username
      group-by: [who]
      timespan: 30s
      """,
      .sequence(
        EventSequence(
          .ordered,
          [
            EventSequence.Step(get, joinedBy: [user]),
            EventSequence.Step(list, joinedBy: [FieldPath(named: "impersonatedUser.username")]),
          ], span: TimeSpan(seconds: 30)))
    ),
    (
      "type: temporal\nrules: [secret_read, 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40]\ntimespan: 1w\ncondition: {gte: 2}",
      .sequence(
        EventSequence(
          .unordered, [EventSequence.Step(get, joinedBy: []), EventSequence.Step(list, joinedBy: [])],
          span: .days(7)))
    ),
  ]

  @Test func `Correlations mean what the specification says`() throws {
    for (text, body) in Self.meanings {
      let readings = Self.read(text)
      let reading = try #require(readings.last)
      #expect(reading.rule?.body == body, "\(text)\n\(SigmaRules.rendered(reading.diagnostics))")
      #expect(reading.rule?.metadata.title == "Burst")
      #expect(reading.rule?.metadata.source.values("service") == ["audit"])
    }
  }

  @Test func `A rule that a correlation uses does not fire on its own, unless it generates`() {
    let text = "type: event_count\nrules: secret_read\ntimespan: 5m\ncondition: {gte: 10}"
    #expect(Self.read(text).map(\.title) == ["Secret listed", "Burst"])
    #expect(Self.read(text + "\ngenerate: true").map(\.title) == ["Secret read", "Secret listed", "Burst"])
  }

  @Test func `A correlation may stand before its rules`() {
    let text = """
      title: Burst
      correlation: {type: event_count, rules: [r], timespan: 1m, condition: {gte: 2}}
      ---
      title: R
      name: r
      detection:
        a: x
        condition: a

      """
    #expect(SigmaRules.read(text).map { $0.rule != nil } == [true])
  }

  @Test func `Correlations are written so that they are read back`() throws {
    for (text, body) in Self.meanings {
      let rule = try #require(Self.read(text).last?.rule)
      let written = try SigmaWriter.write(rule, for: TargetSchema())
      #expect(written.losses.isEmpty)
      let readings = SigmaRules.read(written.text)
      #expect(readings.count == 1, "\(written.text)")
      let back = readings.first?.rule?.body.mapPredicates { (predicate: Predicate) in predicate.normalised() }
      let expected = body.mapPredicates { (predicate: Predicate) in predicate.normalised() }
      #expect(back == expected, "\(written.text)")
      #expect(readings.first?.rule?.metadata == rule.metadata, "\(written.text)")
    }
  }

  @Test func `An old aggregation means what its correlation would`() throws {
    let cases: [(condition: String, measure: Threshold.Measure, groupBy: [FieldPath], bound: Threshold.Bound)] = [
      ("a | count() by g > 5", .count, [FieldPath(named: "g")], .order(.greater)),
      (
        "a | count(f) by g,h >= 5", .distinctCount([FieldPath(named: "f")]),
        [FieldPath(named: "g"), FieldPath(named: "h")], .order(.greaterOrEqual)
      ),
      ("a|sum(f) <5", .sum(FieldPath(named: "f")), [], .order(.less)),
      ("a | avg( f ) == 5", .average(FieldPath(named: "f")), [], .equal),
    ]
    for (condition, measure, groupBy, bound) in cases {
      let reading = SigmaRules.read(detection: "a:\n  f: x\ntimeframe: 5m\ncondition: \(condition)")
      guard case .threshold(let threshold)? = reading?.rule?.body else {
        Issue.record("\(condition): \(SigmaRules.rendered(reading?.diagnostics ?? []))")
        continue
      }
      #expect(threshold.measure == measure)
      #expect(threshold.groupBy == groupBy)
      #expect(threshold.bound == bound)
      #expect(threshold.window == .sliding(.minutes(5)))
      #expect(threshold.value == Number(5))
    }
  }

  @Test func `What is near is a sequence without order, or kept whole`() {
    func body(_ condition: String) -> RuleBody? {
      SigmaRules.read(detection: "a:\n  f: x\nb:\n  f: y\ntimeframe: 5m\ncondition: \(condition)")?.rule?.body
    }
    guard case .sequence(let sequence)? = body("a | near b and a") else {
      Issue.record("no sequence was read")
      return
    }
    #expect(sequence.steps.count == 3)
    #expect(sequence.span == .minutes(5))
    guard case .unmodelled(let rest)? = body("a | near b and not a") else {
      Issue.record("the exclusion was not kept whole")
      return
    }
    #expect(rest.reason == "aggregation 'near'")
    #expect(rest.understood != nil)
  }
}
