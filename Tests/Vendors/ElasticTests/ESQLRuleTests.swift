import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Elastic

/// What whole queries come to.
@Suite struct ESQLRuleTests {
  private func body(_ query: String, lookback: TimeSpan? = nil) throws -> RuleBody {
    try ESQL.parse(Passage(text: query), lookback: lookback).body
  }

  private func isValue(_ name: String, _ text: String) -> Predicate {
    .all([
      .presence(PresenceTest(.single, FieldPath(named: name))),
      .field(FieldTest(FieldPath(named: name), .equals(.untyped(text, .sensitive)))),
    ])
  }

  @Test func `The indices and the metadata are no conditions`() throws {
    let file = SourceFile(
      name: "rules/a.esql",
      text:
        "FROM logs-kubernetes.audit_logs-*, \"my index\" METADATA _id, _version, _index\n| WHERE verb == \"x\" | KEEP *"
    )
    #expect(ESQL.recognises(file))
    let rule = try #require(ESQL.read(file, in: ReadingContext())[0].rule)
    #expect(rule.metadata.source.values("index") == ["logs-kubernetes.audit_logs-*", "my index"])
    #expect(rule.metadata.title == "a")
    #expect(rule.body == .predicate(isValue("verb", "x")))
  }

  @Test func `A test points at its place`() throws {
    guard case .predicate(.all(let parts)) = try body("FROM x | WHERE a == 1 AND `b` LIKE \"y*\"") else {
      Issue.record("no conjunction")
      return
    }
    let tests = parts.compactMap { part -> String? in
      if case .field(let test) = part { test.origin.range?.text } else { nil }
    }
    #expect(tests == ["a == 1", "`b` LIKE \"y*\""])
  }

  @Test func `Columns that EVAL and RENAME set are put in where they are used`() throws {
    let query = """
      FROM x
      | EVAL v = TO_LOWER(verb), isList = v == "list" OR v == "watch"
      | RENAME objectRef.resource AS r
      | WHERE isList AND r == "secrets"
      """
    let lower = FieldPath(named: "verb")
    func test(_ text: String) -> Predicate {
      .all([
        .presence(PresenceTest(.single, lower)), .field(FieldTest(lower, .equals(.untyped(text, .insensitive)))),
      ])
    }
    #expect(
      try body(query)
        == .predicate(
          .conjunction([.any([test("list"), test("watch")]), isValue("objectRef.resource", "secrets")])))
  }

  @Test func `The comparison with NOW is the span of the search`() throws {
    let reading = try ESQL.parse(Passage(text: "FROM x | WHERE @timestamp > NOW() - 9 minutes AND verb == \"x\""))
    #expect(reading.body == .predicate(isValue("verb", "x")))
    #expect(reading.searchSpan == .minutes(9))
    #expect(reading.diagnostics.map(\.code) == [.assumedMeaning])
  }

  // MARK: Thresholds

  private func threshold(
    _ measure: Threshold.Measure = .count, _ window: Threshold.Window = .searchSpan,
    _ bound: Threshold.Bound = .order(.greaterOrEqual), _ value: Int = 5
  ) -> RuleBody {
    .threshold(
      Threshold(
        isValue("verb", "get"), groupBy: [FieldPath(named: "user.name")], absentKey: .ownGroup, window: window,
        measure: measure, bound, Number(value)))
  }

  @Test func `STATS with a condition on its count is a threshold`() throws {
    let from = "FROM x | WHERE verb == \"get\" | STATS "
    let names = FieldPath(named: "objectRef.name")
    #expect(try body(from + "c = COUNT(*), v = VALUES(a) BY user.name | WHERE c >= 5 | KEEP c") == threshold())
    #expect(try body(from + "c = COUNT() BY user.name | WHERE 5 <= c | SORT c DESC") == threshold())
    #expect(
      try body(from + "Esql.d = COUNT_DISTINCT(objectRef.name) BY user.name | WHERE Esql.d > 4")
        == threshold(.distinctCount([names]), .searchSpan, .order(.greater), 4))
    #expect(try body(from + "s = SUM(n) BY u = user.name | WHERE s >= 5") == threshold(.sum(FieldPath(named: "n"))))
    guard case .threshold(let percentile) = try body(from + "p = PERCENTILE(n, 95) BY user.name | WHERE p >= 5") else {
      Issue.record("no threshold")
      return
    }
    #expect(percentile.measure == .percentile(Number(95), FieldPath(named: "n")))
    // More events can make it smaller again.
    #expect(percentile.comparison == .onceAllHaveCome)
    #expect(try body(from + "c = COUNT(*) BY user.name") == threshold(.count, .searchSpan, .order(.greaterOrEqual), 1))
  }

  @Test func `A time cut into windows makes tumbling windows`() throws {
    let from = "FROM x | EVAL w = DATE_TRUNC(5 minutes, @timestamp) | WHERE verb == \"get\" | STATS c = COUNT(*) BY "
    let wanted = threshold(.count, .tumbling(.minutes(5)))
    #expect(try body(from + "user.name, w | WHERE c >= 5") == wanted)
    #expect(try body(from + "user.name, b = BUCKET(@timestamp, 300 seconds) | WHERE c >= 5") == wanted)
  }

  @Test func `A count under a condition counts the events that meet it`() throws {
    let query = "FROM x | STATS c = COUNT(*) WHERE verb == \"get\" BY user.name | WHERE c >= 5"
    #expect(try body(query) == threshold())
  }

  @Test func `A key that must be there drops the events without it`() throws {
    let query = "FROM x | STATS c = COUNT(*) BY user.name | WHERE user.name IS NOT NULL AND c >= 5"
    guard case .threshold(let threshold) = try body(query) else {
      Issue.record("no threshold")
      return
    }
    #expect(threshold.predicate == .presence(PresenceTest(.value, FieldPath(named: "user.name"))))
  }

  @Test func `The first time of a group is free where the rule looks no further back`() throws {
    let query = "FROM x | WHERE verb == \"get\" | STATS t = MIN(@timestamp) BY user.name | WHERE t >= NOW() - 9 minutes"
    #expect(try body(query, lookback: .minutes(9)) == threshold(.count, .searchSpan, .order(.greaterOrEqual), 1))
    for lookback in [TimeSpan.minutes(60), nil] {
      let further = try further(query, lookback: lookback)
      #expect(further == .elapsed(ElapsedTime(from: .first(.always), to: .search, .lessOrEqual, seconds: 540)))
    }
  }

  // MARK: Conditions on groups

  private func further(_ query: String, lookback: TimeSpan? = nil) throws -> GroupCondition? {
    guard case .threshold(let threshold) = try body(query, lookback: lookback) else { return nil }
    return threshold.further
  }

  private func isText(_ name: String, _ text: String) -> Predicate {
    .field(FieldTest(FieldPath(named: name), .equals(.untyped(text, .sensitive))))
  }

  private static func count(_ events: Predicate, _ bound: Threshold.Bound, _ value: Int) -> GroupCondition {
    .measure(GroupMeasure(.of(.count), of: events, bound, Number(value)))
  }

  @Test func `What is asked of a group beyond one bound stands beside it`() throws {
    let from = "FROM x | STATS c = COUNT(*), d = COUNT_DISTINCT(b), a = SUM(CASE(verb == \"get\", 1, 0)) BY k "
    let distinct = GroupMeasure(.of(.distinctCount([FieldPath(named: "b")])), .order(.greater), Number(2))
    #expect(try further(from + "| WHERE c > 1 AND d > 2") == .measure(distinct))
    #expect(
      try further(from + "| WHERE c > 1 AND (d > 2 OR a >= 3)")
        == .any([.measure(distinct), Self.count(isValue("verb", "get"), .order(.greaterOrEqual), 3)]))
    #expect(try further(from + "| WHERE c > 1 AND NOT a >= 3") == Self.count(isValue("verb", "get"), .order(.less), 3))
    #expect(try further(from + "| WHERE k == \"x\" AND c > 1") == .key(isValue("k", "x")))
    #expect(
      try further(from + "| EVAL t = CASE(c > 9, \"many\", \"few\") | WHERE t == \"many\" AND d > 2")
        != nil)
  }

  @Test func `A bound that later events may undo is compared once all have come`() throws {
    func comparison(_ condition: String) throws -> Threshold.Comparison? {
      let query = "FROM x | STATS c = COUNT(*), t = MIN(@timestamp) BY k | WHERE " + condition
      guard case .threshold(let threshold) = try body(query) else { return nil }
      return threshold.comparison
    }
    #expect(try comparison("c >= 5") == .asEventsCome)
    #expect(try comparison("c < 5") == .onceAllHaveCome)
    #expect(try comparison("c == 5") == .onceAllHaveCome)
    #expect(try comparison("c >= 5 AND c < 50") == .onceAllHaveCome)
    #expect(try comparison("t >= NOW() - 5 minutes") == .onceAllHaveCome)
    #expect(try comparison("k == \"x\"") == .asEventsCome)
  }

  @Test func `Times of a group are moments of its events`() throws {
    let from = "FROM x | STATS s = MIN(CASE(verb == \"a\", @timestamp, null)), l = MAX(@timestamp) BY k | WHERE "
    let first = ElapsedTime.Moment.first(isValue("verb", "a"))
    func elapsed(_ order: Order, _ seconds: Int) -> GroupCondition {
      .elapsed(ElapsedTime(from: first, to: .last(.always), order, seconds: seconds))
    }
    #expect(try further(from + "l > s") == elapsed(.greater, 0))
    #expect(try further(from + "l <= s + 5 minutes") == elapsed(.lessOrEqual, 300))
    // Whole minutes are counted, so that five and a half are still five.
    #expect(try further(from + "DATE_DIFF(\"minutes\", s, l) <= 5") == elapsed(.less, 360))
    #expect(try further(from + "DATE_DIFF(\"minutes\", s, l) >= 5") == elapsed(.greaterOrEqual, 300))
    #expect(try further(from + "DATE_DIFF(\"minutes\", s, l) > 0") == elapsed(.greaterOrEqual, 60))
  }

  @Test func `Largest, smallest and listed values are sought among the events`() throws {
    let from = "FROM x | STATS m = MAX(n), v = VALUES(a), f = MAX(CASE(verb == \"a\", 1, 0)) BY k | WHERE "
    let atLeast = Predicate.field(
      FieldTest(FieldPath(named: "n"), .order(.greaterOrEqual, .number(Number(9), .strict))))
    let present = Predicate.presence(PresenceTest(.value, FieldPath(named: "n")))
    #expect(try further(from + "m >= 9") == nil)
    #expect(
      try body(from + "m >= 9").predicates == [.all([present, atLeast])])
    #expect(
      try further(from + "m < 9")
        == .all([
          Self.count(present, .order(.greaterOrEqual), 1), Self.count(.all([present, atLeast]), .order(.less), 1),
        ]))
    #expect(try body(from + "MV_CONTAINS(v, \"x\")").predicates == [isText("a", "x")])
    #expect(try body(from + "f == 1").predicates.isEmpty == false)
    #expect(try body(from + "MV_CONCAT(v, \",\") LIKE \"*end*\"").predicates.isEmpty == false)
  }

  @Test func `A row of MV_EXPAND passes for its event`() throws {
    let isX = isText("a", "x")
    #expect(try body("FROM x | MV_EXPAND a | WHERE a == \"x\"") == .predicate(isX))
    #expect(
      try body("FROM x | MV_EXPAND a | WHERE b == \"y\" AND (a == \"x\" OR c IS NULL)")
        == .predicate(
          .conjunction([
            isValue("b", "y"), .any([isX, .not(.presence(PresenceTest(.value, FieldPath(named: "c"))))]),
          ])))
    let both = Predicate.some(
      ElementTest(
        FieldPath(named: "a"),
        .all([
          .field(FieldTest(.element, .matches(.prefix("x"), .sensitive))),
          .not(.field(FieldTest(.element, .equals(.untyped("xy", .sensitive))))),
        ])))
    #expect(try body("FROM x | MV_EXPAND a | WHERE a LIKE \"x*\" AND a != \"xy\"") == .predicate(both))
    // One value can make only one row, so that rows are counted as events are.
    #expect(try further("FROM x | MV_EXPAND a | WHERE a == \"x\" | STATS c = COUNT(*) BY k | WHERE c < 5") == nil)
    #expect(
      try reason("FROM x | MV_EXPAND a | WHERE a LIKE \"x*\" | STATS c = COUNT(*) BY k | WHERE c > 5")
        == "a count of rows of which an event may have several")
  }

  @Test func `What GROK and DISSECT find is known to be there`() throws {
    let regex = RegexPattern("id=([0-9]+)(?:\\S+)", .pcre, anchoring: .search)
    #expect(
      try body("FROM x | GROK a \"\"\"id=(?<Esql.id>[0-9]+)%{NOTSPACE}\"\"\" | WHERE Esql.id IS NOT NULL")
        == .predicate(.field(FieldTest(FieldPath(named: "a"), .regex(regex)))))
    #expect(
      try body("FROM x | DISSECT a \"x %{b},%{c}\" | WHERE c IS NOT NULL")
        == .predicate(
          .field(
            FieldTest(
              FieldPath(named: "a"),
              .matches(TextPattern([.literal("x "), .anyRun, .literal(","), .anyRun]), .sensitive)))))
    #expect(try reason("FROM x | GROK a \"%{HTTPDATE:b}\" | WHERE b IS NOT NULL") == "a column of GROK")
  }

  // MARK: What is not modelled

  private func reason(_ query: String, lookback: TimeSpan? = nil) throws -> String? {
    guard case .unmodelled(let rest) = try body(query, lookback: lookback) else { return nil }
    #expect(rest.text == query)
    return rest.reason
  }

  @Test(arguments: [
    ("| ENRICH p ON a WITH b | WHERE b == \"x\"", "the command ENRICH"),
    ("| LOOKUP JOIN l-* ON a | WHERE b == \"x\"", "the command LOOKUP JOIN"),
    ("| FORK (WHERE a == 1) (WHERE b == 2 | LIMIT 1)", "the command FORK"),
    ("| COMPLETION r = a WITH {\"inference_id\": \"x\"} | WHERE r == \"x\"", "the command COMPLETION"),
    ("| SAMPLE 0.1", "the command SAMPLE"),
    ("| INLINE STATS c = COUNT(*) BY a | WHERE c > 1", "a column of INLINE STATS"),
    ("| STATS c = COUNT(*) BY a | STATS d = MAX(c)", "the command STATS"),
    ("| STATS c = COUNT(*), d = COUNT(b) BY a | WHERE c / d > 2", "arithmetic on measures"),
    ("| STATS c = COUNT(*) | WHERE c < 5", "a condition that also holds where no event is"),
    ("| STATS c = COUNT(*) BY TO_LOWER(a) | WHERE c > 1", "a grouping by a computed value"),
    ("| WHERE REPLACE(a, b, \"y\") == \"z\"", "the function REPLACE"),
    ("| EVAL b = REPLACE(a, c, \"y\") | WHERE b == \"z\"", "the function REPLACE"),
    ("| WHERE a + 1 > b", "arithmetic"),
    ("| WHERE ip > \"10.0.0.1\"", "an order between dates or addresses"),
    ("| WHERE at > \"2026-01-01\"", "an order between dates or addresses"),
    ("| WHERE a == 1 OR @timestamp > NOW() - 1h", "a comparison with the time of the search"),
    ("| WHERE @timestamp < NOW() - 1h", "a comparison with the time of the search"),
    ("| WHERE QSTR(\"a:b\")", "the function QSTR"),
    ("| WHERE TO_LOWER(a) RLIKE \"[A-Z]+\"", "a regular expression on changed letters"),
    ("| WHERE a == ?name", "a parameter"),
    ("| WHERE _score > 1", "a field of the document's metadata"),
  ])
  func `What is not modelled is named, and the rest is kept`(rest: String, expected: String) throws {
    let query = "FROM x METADATA _index, _score | WHERE verb == \"get\" " + rest
    #expect(try reason(query) == expected)
    guard case .unmodelled(let unmodelled) = try body(query) else { return }
    let understood = try #require(unmodelled.understood)
    #expect(understood.normalised().parts.isSuperset(of: isValue("verb", "get").normalised().parts))
  }

  @Test(arguments: [
    "ROW a = 1, b = \"x\" | WHERE a == 1 AND b == \"x\"", "FROM x | LIMIT 10", "from x metadata _id | keep a.*, b*",
    "FROM x | DROP *.c, `d e` | SORT a DESC NULLS LAST, b", "FROM x [METADATA _id] | LIMIT 5",
    "SET unmapped_fields=\"nullify\"; FROM x", "FROM a:b*, <c-{now/d}> | RENAME a AS b, c = d",
    "FROM x | GROK a \"%{IP:b} %{WORD:c:int}\", \"%{DATA:d}\" | EVAL e = 1, f + 1",
    "FROM x | INLINESTATS MAX(a) BY b | CHANGE_POINT a ON b AS c, d", "TS x | STATS c = COUNT(*)",
    "FROM (FROM a | WHERE x == 1), b", "SHOW INFO", "FROM x | RERANK a = \"x\" ON b WITH {\"inference_id\": \"y\"}",
  ])
  func `Every command is read`(query: String) {
    #expect(throws: Never.self) { try ESQL.parse(Passage(text: query)) }
  }
}

extension Predicate {
  /// The parts of a conjunction, or the predicate alone.
  fileprivate var parts: Set<Predicate> {
    if case .all(let parts) = self { Set(parts) } else { [self] }
  }
}
