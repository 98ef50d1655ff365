import LanguageSupport
import Matcher
import RuleIR
import Sentinel
import SourceText
import Testing

struct KustoPipelineTests {
  static func reading(_ text: String) -> RuleReading {
    KustoReader.read(SourceFile(name: "t.kusto", text: text), in: ReadingContext())[0]
  }

  static func outline(_ text: String) throws -> String {
    let rule = try KustoRoundTrip.rule(text)
    switch rule.body {
    case .predicate(let predicate): return PredicateOutline(.terse).text(of: predicate.normalised())
    case .unmodelled(let rest):
      return "unmodelled \(rest.reason): "
        + (rest.understood.map { PredicateOutline(.terse).text(of: $0.normalised()) } ?? "nothing")
    case .threshold, .newTerms, .sequence: return "stateful"
    }
  }

  @Test(arguments: [
    (#"T | where a == "x" | where b == "y""#, "all\n  a = \"x\"\n  b = \"y\""),
    (#"T | extend c = tolower(a) | where c == "x""#, #"a = "x" ~"#),
    (#"T | extend a = tolower(a) | extend a = a | where a == "x""#, #"a = "x" ~"#),
    (#"T | where column_ifexists("a", "") == "x""#, #"a = "x""#),
    (#"T | project-rename b = a | where b == "x""#, #"a = "x""#),
    (#"T | project R = ObjectRef.resource | where R == "x""#, #"ObjectRef.resource = "x""#),
    (#"let x = "v"; T | where a == x"#, #"a = "v""#),
    (#"let l = dynamic(["v", "w"]); T | where a in (l)"#, #"a in ("v", "w")"#),
    (#"let l = dynamic(["v", "w"]); T | where a in (l, "u")"#, #"a in ("u", "v", "w")"#),
    (#"let V = T | where a == "x"; V | where b == "y""#, "all\n  a = \"x\"\n  b = \"y\""),
    (#"let V = materialize(T | where a == "x"); V | where b == "y""#, "all\n  a = \"x\"\n  b = \"y\""),
    (#"(T | where a == "x") | where b == "y""#, "all\n  a = \"x\"\n  b = \"y\""),
    (#"T | where TimeGenerated > ago(1h) and a == "x""#, #"a = "x""#),
    (#"let s = 1d; T | where TimeGenerated between (ago(s) .. now()) | where a == "x""#, #"a = "x""#),
    (#"T | where a == "x" | sort by b desc | take 10 | project a"#, #"a = "x""#),
    (
      #"T | where parse_json(tostring(parse_json(log_s).requestObject)).kind == "Pod""#,
      #"log_s.requestObject.kind = "Pod""#
    ),
    (#"T | where ['odd name'] == "x""#, #"["odd name"] = "x""#),
    (
      #"T | where Annotations["authorization.k8s.io/decision"] == "allow""#,
      #"Annotations["authorization.k8s.io/decision"] = "allow""#
    ),
    (#"T | where a == 'it''s'"#, #"a = "its""#),
    (#"T | where a == h@"c:\x" "y""#, #"a = "c:\\xy""#),
    ("T | where a == ```two\nlines```", #"a = "two\nlines""#),
    (#"T // where a == "y"\#n | where a == "http://x" // c"#, #"a = "http://x""#),
    (#"T | where a matches regex @"(?is)^kube-.*x$""#, #"a like "kube-*x" ~"#),
    (#"T | where a matches regex @"(?i)^(?:v[0-9]+)$""#, "a matches rust /v[0-9]+/i as a whole"),
  ])
  func `A query comes to its filter`(query: String, expected: String) throws {
    #expect(try Self.outline(query) == expected)
  }

  @Test(arguments: [
    (#"T | where a == "x" | join kind=inner (U) on a"#, "unmodelled join: a = \"x\""),
    (#"T | where a == "x" | mv-expand b | where b == "y""#, "unmodelled mv-expand: a = \"x\""),
    (
      #"T | where a == "x" and extract("a", 0, b) == "y" and c == "z""#,
      "unmodelled the function 'extract': all\n  a = \"x\"\n  c = \"z\""
    ),
    (#"union (T | where a == "x"), (U)"#, "unmodelled union: nothing"),
    (#"T | where a == "x" | summarize count() by b"#, "unmodelled summarize: a = \"x\""),
    (#"T | take 5 | where a == "x""#, "unmodelled a filter behind 'take': nothing"),
    (#"T | invoke f() | where a == "x""#, "unmodelled invoke: nothing"),
    (#"T | parse a with * "x" b | where b == "x""#, "unmodelled parse: nothing"),
    (#"T | where a in (U | project b)"#, "unmodelled a query inside an expression: nothing"),
    (#"let l = U | distinct b; T | where a in (l)"#, "unmodelled a query inside an expression: nothing"),
    (#"T | where not(TimeGenerated > ago(1h))"#, "unmodelled a test of the event's time inside a condition: nothing"),
    (#"search "x""#, "unmodelled search: nothing"),
    (#"T | where * == "x""#, "unmodelled such a search over every column: nothing"),
    (#"f(1) | where a == "x""#, "unmodelled a source that is no table: a = \"x\""),
  ])
  func `What is not modelled keeps the filter understood so far`(query: String, expected: String) throws {
    #expect(try Self.outline(query) == expected)
  }

  @Test func `Tables are the log source`() throws {
    #expect(try KustoRoundTrip.rule("AKSAudit | where a == 1").metadata.source.values("table") == ["AKSAudit"])
    let union = try KustoRoundTrip.rule("union isfuzzy=true AKSAudit, AKSAuditAdmin | where a == 1")
    #expect(union.metadata.source.values("table") == ["AKSAudit", "AKSAuditAdmin"])
    #expect(try KustoRoundTrip.rule("union * | where a == 1").metadata.source.selectors.isEmpty)
    let window = try KustoRoundTrip.rule("T | where TimeGenerated > ago(90m) | where a == 1")
    #expect(window.metadata.schedule?.lookback == .minutes(90))
  }

  @Test(arguments: [
    ("T | where a == \"x\" | summarize count() by U.name | where count_ > 5", Threshold.Window.searchSpan),
    (
      "let n = 5; T | where a == \"x\" | summarize c = count() by U.name, bin(TimeGenerated, 5m) | where c > n",
      .tumbling(.minutes(5))
    ),
    (
      "T | where a == \"x\" | summarize c = count(), make_set(b) by N = tostring(U.name) | where c > 5 | project N",
      .searchSpan
    ),
    ("T | summarize c = countif(a == \"x\") by U.name | where c > 5", .searchSpan),
  ])
  func `A bound behind summarize makes a threshold`(query: String, window: Threshold.Window) throws {
    guard case .threshold(let threshold) = try KustoRoundTrip.rule(query).body else {
      Issue.record("no threshold")
      return
    }
    #expect(threshold.window == window)
    #expect(threshold.groupBy == [FieldPath(keys: "U", "name")])
    #expect(threshold.absentKey == .ownGroup)
    #expect(threshold.bound == .order(.greater) && threshold.value == Number(5) && threshold.measure == .count)
    #expect(PredicateOutline(.terse).text(of: threshold.predicate.normalised()) == "a = \"x\"")
  }

  @Test(arguments: [
    Threshold.Measure.count, .distinctCount([FieldPath(keys: "user", "name")]), .sum(FieldPath(keys: "r", "size")),
    .average(FieldPath(keys: "r", "size")),
  ])
  func `Thresholds read back`(measure: Threshold.Measure) throws {
    for window in [Threshold.Window.searchSpan, .tumbling(.minutes(5)), .tumbling(.days(7))] {
      let threshold = Threshold(
        .field(FieldTest(FieldPath(keys: "verb"), .equals(.text("list", .sensitive)))),
        groupBy: [FieldPath(keys: "user", "username"), FieldPath(keys: "sourceIPs").appending(FieldPath([.index(0)]))],
        absentKey: .ownGroup, window: window, measure: measure, .order(.greaterOrEqual), Number(5))
      let written = try KustoWriter.write(Rule(body: .threshold(threshold)), for: TargetSchema())
      guard case .threshold(let read) = try KustoRoundTrip.rule(written.text).body else {
        Issue.record("no threshold: \(written.text)")
        return
      }
      #expect(read.window == window && read.measure == measure && read.groupBy == threshold.groupBy)
      #expect(read.bound == threshold.bound && read.value == threshold.value)
    }
  }

  @Test(arguments: [Threshold.AbsentKey.dropped, .ownGroup])
  func `Events without a key are dropped or a group of their own`(absentKey: Threshold.AbsentKey) throws {
    let list = Predicate.field(FieldTest(FieldPath(keys: "verb"), .equals(.text("list", .sensitive))))
    let threshold = Threshold(
      list, groupBy: [FieldPath(keys: "user", "username"), FieldPath(keys: "user", "uid")], absentKey: absentKey,
      window: .searchSpan, .order(.greater), Number(5))
    let written = try KustoWriter.write(Rule(body: .threshold(threshold)), for: TargetSchema())
    #expect(written.losses.isEmpty)
    #expect(try KustoRoundTrip.rule(written.text).body == .threshold(threshold))
    let empties = try KustoRoundTrip.rule("T | where isnotempty(a) | summarize count() by a | where count_ > 5")
    guard case .threshold(let read) = empties.body else {
      Issue.record("no threshold")
      return
    }
    #expect(read.absentKey == .dropped)
    #expect(PredicateOutline(.terse).text(of: read.predicate) == "not\n  a = \"\"")
  }

  @Test func `Long disjunctions are read flat and fast`() throws {
    let query = "T | where " + (0..<50_000).map { "a == \"\($0)\"" }.joined(separator: " or ")
    guard case .any(let parts) = try KustoRoundTrip.predicate(query) else {
      Issue.record("no disjunction")
      return
    }
    #expect(parts.count == 50_000)
  }
}
