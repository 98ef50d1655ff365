import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Splunk

@Suite struct WriterTests {
  static let plain: [(predicate: Predicate, spl: String)] = [
    (.all([text("verb", "get"), text("objectRef.resource", "secrets")]), #"verb="get" objectRef.resource="secrets""#),
    (.any([text("a", "x"), .all([text("b", "y"), text("c", "z")])]), #"(a="x" OR (b="y" AND c="z"))"#),
    (.all([.any([text("a", "x"), text("b", "y")]), text("c", "z")]), #"(a="x" OR b="y") c="z""#),
    (.not(.any([text("a", "x"), text("b", "y")])), #"NOT (a="x" OR b="y")"#),
    (.not(.not(text("a", "x"))), #"a="x""#), (.always, "*"), (.never, "NOT *"),
    (.all([text("a", "x"), .never]), #"a="x" NOT *"#),
    (hasValue("user"), "user=*"), (.not(hasValue("user")), "NOT user=*"),
    (.all([hasValue("user"), .not(text("user", "x"))]), #"user=* NOT user="x""#),
    (test("verb", .oneOf([.text("get", .insensitive), .text("list", .insensitive)])), #"verb IN ("get", "list")"#),
    (test("userAgent", .matches(.prefix("kube"), .insensitive)), #"userAgent="kube*""#),
    (test("code", .equals(.untyped("403", .insensitive))), #"code="403""#),
    (test("user", .equals(.text("x", .insensitive)), .value, .someValueFails), #"user!="x""#),
    (.rawTerm(RawTermTest(.exact("curl"), .insensitive)), #""curl""#),
    (.rawTerm(RawTermTest(.exact("OR"), .insensitive)), #""OR""#),
    (.rawTerm(RawTermTest(.exact("Curl"), .sensitive)), "CASE(Curl)"),
    (
      text("annotations.authorization.k8s.io/decision", "allow"),
      #""annotations.authorization.k8s.io/decision"="allow""#
    ),
    (text("IN", "x"), #""IN"="x""#),
  ]

  static let wheres: [(predicate: Predicate, spl: String)] = [
    (text("verb", "get", .sensitive), #"* | where 'verb'="get""#),
    (.not(text("verb", "get", .sensitive)), #"* | where isnull('verb') OR NOT 'verb'="get""#),
    (
      .all([text("a", "x"), text("verb", "get", .sensitive), text("b", "y")]),
      #"a="x" b="y" | where 'verb'="get""#
    ),
    (
      .any([text("a", "X"), text("verb", "get", .sensitive)]), #"* | where lower('a')="x" OR 'verb'="get""#
    ),
    (
      .any([hasValue("a"), .all([text("b", "x", .sensitive), .not(hasValue("c"))])]),
      #"* | where isnotnull('a') OR ('b'="x" AND isnull('c'))"#
    ),
    (.all([hasValue("a"), .not(text("a", "x", .sensitive))]), #"a=* | where NOT 'a'="x""#),
    (
      .all([text("a", "y"), .not(test("a", .matches(.prefix("X"), .sensitive))), .not(text("b", "x", .sensitive))]),
      #"a="y" | where NOT like('a',"X%") AND (isnull('b') OR NOT 'b'="x")"#
    ),
    (
      .any([.all([hasValue("a"), .not(text("a", "x", .sensitive))]), text("b", "y")]),
      #"* | where (isnotnull('a') AND NOT 'a'="x") OR lower('b')="y""#
    ), (text("a", "b*c"), #"* | where lower('a')="b*c""#), (text("a", "10.0.0.0/8"), #"* | where 'a'="10.0.0.0/8""#),
    (test("a", .matches(.contains("x*y"), .insensitive)), #"* | where like(lower('a'),"%x*y%")"#),
    (test("a", .matches(.contains("x%y"), .sensitive)), #"* | where match('a',"x%y")"#),
    (test("a", .matches(.prefix("x_*"), .insensitive)), #"* | where match('a',"(?i)^x_\*")"#),
    (
      test("a", .matches(TextPattern([.literal("x"), .anyScalar, .literal("y")]), .sensitive)),
      #"* | where like('a',"x_y")"#
    ),
    (text("a", "x\ny"), #"* | where match('a',"(?i)^x\x0ay\z")"#),
    (text("a", "x```y"), #"* | where match('a',"(?i)^x\x60\x60\x60y\z")"#),
    (
      test("a", .regex(RegexPattern("v\\d+", .sigma, flags: .ignoreCase, anchoring: .search))),
      #"* | where match('a',"(?i)v\d+")"#
    ),
    (test("a", .regex(RegexPattern("\\\\srv\"", .pcre, anchoring: .search))), #"* | where match('a',"\\\\srv\"")"#),
    (test("a", .regex(RegexPattern("k|m", .pcre, anchoring: .whole))), #"* | where match('a',"\A(?:k|m)\z")"#),
    (.presence(PresenceTest(.single, FieldPath(splunkName: "g{}"))), "* | where mvcount(mvdedup('g{}'))=1"),
    (
      .any([network("sourceIPs{}"), text("b", "x")]),
      #"* | where isnotnull(mvfilter(cidrmatch("10.0.0.0/8",'sourceIPs{}'))) OR lower('b')="x""#
    ),
    (
      .not(text("user.groups{}", "ci", .sensitive)),
      #"* | where NOT isnotnull(mvfilter('user.groups{}'="ci"))"#
    ),
    (
      test("user.groups{}", .equals(.text("ci", .insensitive)), .value, .someValueFails),
      #"* | where isnotnull(mvfilter(NOT lower('user.groups{}')="ci"))"#
    ),
    (
      .field(FieldTest(FieldPath([.key("sourceIPs"), .index(0)]), .equals(.text("::1", .sensitive)))),
      #"* | where mvindex('sourceIPs{}',0)="::1""#
    ),
    (
      test("g{}", .order(.greater, .number(Number(1), .strict)), .count), "* | where coalesce(mvcount('g{}'),0)>1"
    ),
    (
      .every(
        ElementTest(
          FieldPath(splunkName: "g{}"), .field(FieldTest(.element, .matches(.prefix("ci"), .sensitive))))),
      #"* | where isnotnull('g{}') AND isnull(mvfilter(NOT like('g{}',"ci%")))"#
    ),
    (text("earliest", "x"), #"* | where lower('earliest')="x""#),
  ]

  static let typed: [(predicate: Predicate, spl: String)] = [
    (text("verb", "get"), #"`kube_audit` verb="get""#),
    (test("responseStatus.code", .equals(.number(Number(403), .strict))), "`kube_audit` responseStatus.code=403"),
    (
      test("responseStatus.code", .order(.greaterOrEqual, .number(Number(400), .strict))),
      "`kube_audit` responseStatus.code>=400"
    ),
    (network("sourceIPs{}"), #"`kube_audit` sourceIPs{}="10.0.0.0/8""#),
    (test("flag", .equals(.boolean(true))), #"`kube_audit` flag="true""#),
    (text("user.groups{}", "ci"), #"`kube_audit` user.groups{}="ci""#),
    (text("verb", "403"), #"`kube_audit` verb="403""#),
    (.not(text("verb", "get", .sensitive)), #"`kube_audit` | where isnull('verb') OR NOT 'verb'="get""#),
  ]

  @Test(arguments: plain.indices) func `search says what it can`(_ index: Int) throws {
    let item = Self.plain[index]
    #expect(try spl(item.predicate) == item.spl)
    #expect(try written(item.predicate).losses == [])
  }

  @Test(arguments: wheres.indices) func `where says the rest, with the absence of fields written out`(_ index: Int)
    throws
  {
    let item = Self.wheres[index]
    #expect(try spl(item.predicate) == item.spl)
    #expect(try written(item.predicate).losses == [])
  }

  @Test(arguments: typed.indices) func `Known types make tests exact`(_ index: Int) throws {
    let item = Self.typed[index]
    #expect(try spl(item.predicate, auditSchema) == item.spl)
    #expect(try written(item.predicate, auditSchema).losses == [])
  }

  @Test func `A text that spells a number passes on the number too, and that is said`() throws {
    let losses = try written(text("a", "403", .sensitive)).losses
    #expect(losses.map(\.drift) == [.broader])
    #expect(try written(.not(text("a", "403", .sensitive))).losses.map(\.drift) == [.narrower])
    #expect(
      try written(.any([.not(text("a", "403", .sensitive)), text("b", "x", .sensitive)])).losses.map(\.drift) == [
        .narrower
      ])
  }

  @Test func `Field names that no quotes hold are refused`() {
    for name in ["a\"b", "a'b", "a`b", "a|b", "a\\b", "a*b", "a\nb", "[x]", "$x$", ""] {
      #expect(throws: Diagnostic.self, "\(name)") { try written(text(name, "x")) }
    }
  }

  @Test func `An object has no field of its own`() {
    #expect(throws: Diagnostic.self) { try written(hasValue("objectRef"), auditSchema) }
  }

  // MARK: Thresholds

  private func threshold(_ window: Threshold.Window, _ absentKey: Threshold.AbsentKey) throws -> String {
    let rule = Rule(
      body: .threshold(
        Threshold(
          text("verb", "get"), groupBy: [FieldPath(named: "user.username")], absentKey: absentKey, window: window,
          .order(.greater), Number(5))))
    return String(try SPLWriter.write(rule, for: auditSchema).text.dropLast())
  }

  @Test func `Thresholds are stats with a where behind them`() throws {
    #expect(
      try threshold(.searchSpan, .dropped)
        == #"`kube_audit` verb="get" user.username=* | stats count as matched by user.username | where matched>5"#)
    #expect(
      try threshold(.tumbling(.minutes(5)), .ownGroup)
        == #"`kube_audit` verb="get" | fillnull value="<absent>" user.username | bin _time span=5m"#
        + " | stats count as matched by _time user.username | where matched>5")
    #expect(
      try threshold(.sliding(.hours(1)), .dropped)
        == #"`kube_audit` verb="get" user.username=* | sort 0 _time"#
        + " | streamstats time_window=1h count as matched by user.username | where matched>5")
  }

  @Test(arguments: [Threshold.Window.searchSpan, .tumbling(.minutes(5)), .sliding(.hours(1))])
  func `A threshold reads back as it was`(_ window: Threshold.Window) throws {
    for absentKey in [Threshold.AbsentKey.dropped, .ownGroup] {
      for measure in [Threshold.Measure.count, .distinctCount([FieldPath(named: "userAgent")])] {
        let threshold = Threshold(
          test("verb", .equals(.untyped("get", .insensitive))), groupBy: [FieldPath(named: "user.username")],
          absentKey: absentKey, window: window, measure: measure, .order(.greaterOrEqual), Number(5))
        let written = try SPLWriter.write(Rule(body: .threshold(threshold)), for: TargetSchema())
        #expect(written.losses == [])
        let read = ReadSearch(written.text)
        #expect(read.threshold == threshold, "\(written.text) \(read.rendered)")
      }
    }
  }

  // MARK: Sources

  @Test func `The source comes first: the macro alone, or the selectors`() throws {
    let source = LogSource(
      vendor: "splunk", [.init("index", "a"), .init("sourcetype", "b"), .init("sourcetype", "c\"d")])
    #expect(
      try spl(text("verb", "get"), TargetSchema(source: source))
        == #"index="a" (sourcetype="b" OR sourcetype="c\"d") verb="get""#)
    let model = LogSource(vendor: "splunk", [.init("datamodel", "Endpoint.Processes")])
    #expect(
      try spl(text("verb", "get"), TargetSchema(source: model))
        == #"| from datamodel:"Endpoint.Processes" | search verb="get""#)
    let named = try spl(text("Processes.process_name", "x"), TargetSchema(source: model))
    #expect(named == #"| datamodel Endpoint Processes search | search Processes.process_name="x""#)
    #expect(
      ReadSearch(named).reading.rule?.metadata.source.selectors == [.init("datamodel", "Endpoint.Processes")])
    let change = LogSource(vendor: "splunk", [.init("datamodel", "Change")])
    #expect(
      try spl(text("All_Changes.action", "x"), TargetSchema(source: change))
        == #"| datamodel Change All_Changes search | search All_Changes.action="x""#)
    let unsafe = LogSource(vendor: "splunk", [.init("macro", "a` | delete")])
    #expect(try spl(text("verb", "get"), TargetSchema(source: unsafe)) == #"verb="get""#)
  }
}
