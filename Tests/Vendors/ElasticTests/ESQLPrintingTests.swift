import LanguageSupport
import Matcher
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Elastic

/// What is written, with and without knowledge of the fields.
@Suite struct ESQLPrintingTests {
  static let verb = FieldPath(named: "verb")
  static let groups = FieldPath(named: "groups")
  static let code = FieldPath(named: "code")
  static let ip = FieldPath(named: "ip")

  static let schema = TargetSchema(
    source: LogSource(vendor: "elastic", [.init("index", "logs-kubernetes.audit_logs-*")]),
    columns: [
      verb: .init(spelling: "verb", type: .text), code: .init(spelling: "code", type: .number),
      groups: .init(spelling: "groups", type: .text, isList: true), ip: .init(spelling: "ip", type: .ip),
      FieldPath(named: "on"): .init(spelling: "on", type: .boolean),
      FieldPath(named: "reason"): .init(spelling: "reason", type: .text, isRemovedWhenEmpty: true),
      FieldPath(named: "note"): .init(spelling: "note", type: .text, isList: true, isAnalysed: true),
    ])

  static func test(_ field: FieldPath, _ condition: Condition) -> Predicate { .field(FieldTest(field, condition)) }

  static func equals(_ field: FieldPath, _ text: String, _ textCase: TextCase = .sensitive) -> Predicate {
    test(field, .equals(.text(text, textCase)))
  }

  static func has(_ field: FieldPath, _ kind: PresenceTest.Kind = .value) -> Predicate {
    .presence(PresenceTest(kind, field))
  }

  struct Row: CustomTestStringConvertible, Sendable {
    var predicate: Predicate
    /// The condition where nothing is known.
    var plain: String
    /// The condition where the schema is.
    var known: String
    var testDescription: String { known }

    init(_ predicate: Predicate, _ plain: String, known: String) {
      self.predicate = predicate
      self.plain = plain
      self.known = known
    }
  }

  static let rows: [Row] = [
    Row(
      test(code, .equals(.number(Number(403), .strict))), "MV_CONTAINS(code, 403)", known: "code == 403"),
    Row(equals(verb, "list"), #"KQL("""verb:"list" """)"#, known: #"verb == "list""#),
    Row(.not(equals(verb, "list")), #"NOT KQL("""verb:"list" """)"#, known: #"verb IS NULL OR verb != "list""#),
    Row(
      equals(verb, "List", .insensitive), #"MV_CONTAINS(TO_LOWER(verb), "list")"#, known: #"TO_LOWER(verb) == "list""#),
    Row(
      .all([has(verb), .not(equals(verb, "list"))]), #"verb IS NOT NULL AND NOT KQL("""verb:"list" """)"#,
      known: #"verb != "list""#),
    Row(
      .all([has(verb, .single), .not(equals(verb, "list"))]), #"verb != "list""#, known: #"verb != "list""#),
    Row(
      .any([.not(has(verb, .single)), equals(verb, "list")]),
      #"(verb IS NULL OR MV_COUNT(MV_DEDUPE(verb)) > 1) OR verb == "list""#, known: #"verb IS NULL OR verb == "list""#),
    Row(
      .all([test(verb, .matches(.prefix("l"), .sensitive)), .not(equals(verb, "list"))]),
      #"KQL("verb:l*") AND NOT KQL("""verb:"list" """)"#, known: #"verb LIKE "l*" AND verb != "list""#),
    Row(
      .not(.all([equals(verb, "list"), test(code, .order(.less, .number(Number(400), .strict)))])),
      #"NOT KQL("""verb:"list" """) OR (code IS NULL OR MV_MIN(code) >= 400)"#,
      known: #"(verb IS NULL OR verb != "list") OR (code IS NULL OR code >= 400)"#),
    Row(
      test(verb, .oneOf([.text("get", .sensitive), .text("LIST", .insensitive), .text("x", .insensitive)])),
      #"KQL("""verb:"get" """) OR (MV_CONTAINS(TO_LOWER(verb), "list") OR MV_CONTAINS(TO_LOWER(verb), "x"))"#,
      known: #"verb == "get" OR TO_LOWER(verb) IN ("list", "x")"#),
    Row(
      test(groups, .matches(.contains("Masters"), .insensitive)),
      #"MV_CONCAT(TO_LOWER(groups), "\n") LIKE "*masters*""#,
      known: #"MV_CONCAT(TO_LOWER(groups), "\n") LIKE "*masters*""#),
    Row(
      .not(test(groups, .matches(.prefix("System:"), .insensitive))),
      #"NOT KQL("""groups:System\:*""", {"case_insensitive": true})"#,
      known: #"NOT KQL("""groups:System\:*""", {"case_insensitive": true})"#),
    Row(
      test(code, .equals(.untyped("403", .insensitive))), #"KQL("""code:"403" """)"#, known: "code == 403"),
    Row(
      test(FieldPath(named: "on"), .equals(.untyped("TRUE", .insensitive))),
      #"KQL("""on:"TRUE" """, {"case_insensitive": true})"#, known: "`on` == true"),
    Row(test(verb, .matches(.anything, .sensitive)), #"verb LIKE "*""#, known: "verb IS NOT NULL"),
    Row(.not(test(verb, .matches(.anything, .sensitive))), #"verb NOT LIKE "*""#, known: "verb IS NULL"),
    Row(
      .field(FieldTest(groups, .oneOf([.text("a", .sensitive), .text("b", .sensitive)]), polarity: .someValueFails)),
      #"NOT MV_CONTAINS(["a", "b"], groups)"#, known: #"NOT MV_CONTAINS(["a", "b"], groups)"#),
    Row(
      .field(FieldTest(groups, .order(.greater, .number(Number(1), .strict)), subject: .count)),
      "COALESCE(MV_COUNT(groups), 0) > 1", known: "COALESCE(MV_COUNT(groups), 0) > 1"),
    Row(has(groups, .single), "MV_COUNT(MV_DEDUPE(groups)) == 1", known: "MV_COUNT(MV_DEDUPE(groups)) == 1"),
    Row(
      test(FieldPath([.key("annotations"), .key("authorization_k8s_io/decision")]), .equals(.boolean(true))),
      "MV_CONTAINS(`annotations.authorization_k8s_io/decision`, true)",
      known: "MV_CONTAINS(`annotations.authorization_k8s_io/decision`, true)"),
    Row(
      test(FieldPath(named: "a`b"), .equals(.boolean(true))), "MV_CONTAINS(`a``b`, true)",
      known: "MV_CONTAINS(`a``b`, true)"),
    Row(
      test(FieldPath(named: "not.in"), .equals(.boolean(true))), "MV_CONTAINS(`not.in`, true)",
      known: "MV_CONTAINS(`not.in`, true)"),
    Row(.never, "false", known: "false"),
    Row(
      .some(ElementTest(FieldPath(named: "rules"), equals(verb, "x"))), #"KQL("""rules:{ verb:"x" }""")"#,
      known: #"KQL("""rules:{ verb:"x" }""")"#),
  ]

  private func condition(_ predicate: Predicate, _ schema: TargetSchema) throws -> Fragment {
    try ESQLPrinter.condition(predicate, for: schema)
  }

  @Test(arguments: rows) func `A condition is written in one form`(row: Row) throws {
    let plain = try condition(row.predicate, TargetSchema())
    #expect(plain.text == row.plain)
    #expect(plain.losses.isEmpty)
    let known = try condition(row.predicate, Self.schema)
    #expect(known.text == row.known)
    #expect(known.losses.isEmpty)
  }

  struct Known: CustomTestStringConvertible, Sendable {
    var predicate: Predicate
    var text: String
    var losses: [Drift]
    var testDescription: String { text }
  }

  static let reason = FieldPath(named: "reason")
  static let known: [Known] = [
    Known(
      predicate: test(ip, .oneOf([.text("::1", .sensitive), .text("x", .sensitive)])), text: #"ip == "::1""#, losses: []
    ),
    Known(predicate: test(ip, .matches(.prefix("10."), .insensitive)), text: #"TO_STRING(ip) LIKE "10.*""#, losses: []),
    Known(predicate: equals(code, "ALLOW"), text: "false", losses: []),
    Known(predicate: .not(equals(code, "ALLOW")), text: "true", losses: []),
    Known(predicate: has(reason), text: "reason IS NOT NULL", losses: []),
    Known(predicate: .not(has(reason)), text: "reason IS NULL", losses: []),
    Known(predicate: .all([has(reason), .not(equals(reason, ""))]), text: #"reason != """#, losses: []),
    Known(
      predicate: .all([has(verb), .any([.not(has(verb)), .all([.not(equals(verb, "a")), .not(equals(verb, "b"))])])]),
      text: #"verb IS NOT NULL AND (verb != "a" AND verb != "b")"#, losses: []),
    Known(predicate: .all([has(reason), equals(reason, "x")]), text: #"reason == "x""#, losses: []),
    Known(predicate: equals(FieldPath(named: "note"), "x"), text: #"MV_CONTAINS(note, "x")"#, losses: []),
    Known(
      predicate: test(verb, .regex(RegexPattern("^(get|li.t)$", .sigma, flags: .ignoreCase, anchoring: .search))),
      text: #"TO_LOWER(verb) RLIKE "(get|li[^\n]t)""#, losses: []),
    Known(
      predicate: .not(test(verb, .regex(RegexPattern("v[0-9]+", .sigma, anchoring: .search)))),
      text: #"verb IS NULL OR verb NOT RLIKE ".*v[0-9]+.*""#, losses: []),
    Known(
      predicate: test(verb, .regex(RegexPattern("a@b#<c>&~\"", .sigma, anchoring: .whole))),
      text: ##"verb RLIKE "a\\@b\\#\\<c\\>\\&\\~\\\"""##, losses: []),
    Known(
      predicate: test(verb, .term(TermMatch("curl", .insensitive))),
      text: #"TO_LOWER(verb) RLIKE "(.*[^a-z0-9])?curl([^a-z0-9].*)?""#, losses: [.broader]),
    Known(
      predicate: equals(verb, "ПАРОЛЬ", .insensitive), text: #"TO_LOWER(verb) == "пароль""#, losses: [.narrower]),
    Known(
      predicate: test(groups, .matches(TextPattern([.literal("a"), .anyScalar]), .sensitive)),
      text: #"groups LIKE "a?""#, losses: [.narrower]),
    Known(
      predicate: .not(test(groups, .matches(TextPattern([.literal("a"), .anyScalar]), .sensitive))),
      text: #"groups IS NULL OR groups NOT LIKE "a?""#, losses: [.narrower]),
  ]

  @Test(arguments: known) func `What is known of fields decides the form and the losses`(row: Known) throws {
    let fragment = try condition(row.predicate, Self.schema)
    #expect(fragment.text == row.text)
    #expect(fragment.losses.map(\.drift) == row.losses)
  }

  // MARK: Whole rules

  @Test func `A rule keeps what identifies the event`() throws {
    let rule = Rule(body: .predicate(Self.equals(Self.verb, "list")))
    #expect(
      try ESQL.write(rule, for: Self.schema).text
        == """
        FROM logs-kubernetes.audit_logs-* METADATA _id, _version, _index
        | WHERE verb == "list"
        | KEEP *

        """)
    let plain = try ESQL.write(Rule(body: .predicate(.always)), for: TargetSchema())
    #expect(plain.text == "FROM * METADATA _id, _version, _index\n| KEEP *\n")
    #expect(plain.notes.isEmpty)
  }

  @Test func `The version that something needs is noted`() throws {
    let insensitive = Rule(body: .predicate(Self.equals(Self.groups, "KQL(", .insensitive)))
    #expect(try ESQL.write(insensitive, for: Self.schema).notes == ["MV_CONTAINS needs Elasticsearch 9.2 or later"])
  }

  @Test func `A threshold groups and compares`() throws {
    let threshold = Threshold(
      Self.equals(Self.verb, "get"), groupBy: [Self.ip], absentKey: .dropped, window: .tumbling(.minutes(90)),
      measure: .distinctCount([Self.code]), .order(.greater), Number(3))
    let written = try ESQL.write(Rule(body: .threshold(threshold)), for: Self.schema)
    #expect(
      written.text
        == """
        FROM logs-kubernetes.audit_logs-*
        | WHERE verb == "get" AND ip IS NOT NULL
        | STATS Esql.distinct_count = COUNT_DISTINCT(code) BY ip, Esql.time_window = DATE_TRUNC(90 minutes, @timestamp)
        | WHERE Esql.distinct_count > 3
        | KEEP Esql.distinct_count, ip, Esql.time_window

        """)
    guard case .threshold(let read) = try ESQL.parse(Passage(text: written.text)).body else {
      Issue.record("no threshold")
      return
    }
    #expect(read.window == threshold.window && read.measure == threshold.measure && read.value == threshold.value)
    #expect(read.groupBy == [Self.ip] && read.absentKey == .ownGroup)
  }

  @Test func `A sliding window is the span of the search`() throws {
    let threshold = Threshold(
      .always, groupBy: [], absentKey: .ownGroup, window: .sliding(.minutes(5)), .order(.greaterOrEqual), Number(10))
    let written = try ESQL.write(Rule(body: .threshold(threshold)), for: TargetSchema())
    #expect(written.losses.map(\.drift) == [.narrower])
    let reading = try ESQL.parse(Passage(text: written.text))
    #expect(reading.searchSpan == .minutes(5))
    guard case .threshold(let read) = reading.body else {
      Issue.record("no threshold")
      return
    }
    #expect(read.window == .searchSpan && read.groupBy.isEmpty && read.value == Number(10))
  }
}
