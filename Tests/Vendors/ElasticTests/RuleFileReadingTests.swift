import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Elastic

@Suite struct RuleFileReadingTests {
  /// A file of the detection-rules form around what a test is about.
  static func toml(type: String = "query", query: String = "'''\nverb:list\n'''", _ more: String = "") -> String {
    """
    [metadata]
    creation_date = "2026/03/10"
    integration = ["kubernetes"]
    maturity = "production"
    updated_date = "2026/04/01"

    [rule]
    author = ["Cognate"]
    description = \"\"\"
    Somebody lists secrets.
    \"\"\"
    false_positives = ["  Backups.  "]
    from = "now-9m"
    index = ["logs-kubernetes.audit_logs-*", "logs-other-*"]
    language = "kuery"
    license = "Apache-2.0"
    name = "Secrets listed"
    note = "Look twice."
    references = ["https://example.org/a"]
    risk_score = 73
    rule_id = "5c6b2a0e-0c0f-4f2a-9a55-7b2f0f3c2f11"
    severity = "high"
    tags = ["Domain: Kubernetes"]
    type = "\(type)"
    query = \(query)

    [[rule.threat]]
    framework = "MITRE ATT&CK"
    [[rule.threat.technique]]
    id = "T1552"
    name = "Unsecured Credentials"
    reference = "https://attack.mitre.org/techniques/T1552/"
    [[rule.threat.technique.subtechnique]]
    id = "T1552.007"
    name = "Container API"
    reference = "https://attack.mitre.org/techniques/T1552/007/"
    [rule.threat.tactic]
    id = "TA0006"
    name = "Credential Access"
    reference = "https://attack.mitre.org/tactics/TA0006/"

    \(more)
    """
  }

  private func read(_ text: String, name: String = "r.toml") throws -> RuleReading {
    let readings = ElasticTOML.read(SourceFile(name: name, text: text), in: ReadingContext())
    #expect(readings.count == 1)
    return try #require(readings.first)
  }

  private func body(_ text: String) throws -> RuleBody {
    let reading = try read(text)
    return try #require(reading.rule, "\(reading.diagnostics)").body
  }

  private func shown(_ text: String) throws -> String {
    try read(text).diagnostics.map(DiagnosticRenderer().render).joined(separator: "\n")
  }

  static let listed = Predicate.field(FieldTest(FieldPath(named: "verb"), .equals(.untyped("list", .sensitive))))

  @Test func `What a rule says of itself is kept`() throws {
    let reading = try read(Self.toml())
    let metadata = try #require(reading.rule).metadata
    #expect(reading.diagnostics.isEmpty)
    #expect(reading.title == "Secrets listed")
    #expect(metadata.id == "5c6b2a0e-0c0f-4f2a-9a55-7b2f0f3c2f11")
    #expect(metadata.title == "Secrets listed")
    #expect(metadata.description == "Somebody lists secrets.")
    #expect(metadata.level == .high)
    #expect(metadata.status == "production")
    #expect(metadata.authors == ["Cognate"])
    #expect(metadata.date == "2026-03-10")
    #expect(metadata.modified == "2026-04-01")
    #expect(metadata.references == ["https://example.org/a"])
    #expect(metadata.falsePositives == ["Backups."])
    #expect(metadata.tags == ["Domain: Kubernetes"])
    #expect(metadata.license == "Apache-2.0")
    #expect(metadata.attack == AttackTags(tactics: ["TA0006"], techniques: ["T1552", "T1552.007"]))
    #expect(metadata.source.vendor == "elastic")
    #expect(metadata.source.values("index") == ["logs-kubernetes.audit_logs-*", "logs-other-*"])
    #expect(metadata.schedule == Schedule(interval: .minutes(5), lookback: .minutes(9)))
    #expect(metadata.custom.keys == ["note", "risk_score", "threat", "metadata"])
    #expect(metadata.form == "elastic-toml")
    #expect(metadata.origin.range?.text.contains("Secrets listed") == true)
  }

  @Test func `A query rule is its query`() throws {
    #expect(try body(Self.toml()) == .predicate(Self.listed))
  }

  @Test func `A threshold rule counts events in groups`() throws {
    let text = Self.toml(type: "threshold", "[rule.threshold]\nfield = [\"user.name\", \"source.ip\"]\nvalue = 25")
    let fields = ["user.name", "source.ip"].map(FieldPath.init(named:))
    let expected = Threshold(
      Self.listed, groupBy: fields, absentKey: .dropped, window: .searchSpan, .order(.greaterOrEqual), Number(25))
    #expect(try body(text) == .threshold(expected))
  }

  @Test func `A cardinality counts different values`() throws {
    let more = "[[rule.threshold.cardinality]]\nfield = \"b\"\nvalue = 4"
    let text = Self.toml(type: "threshold", "[rule.threshold]\nfield = [\"a\"]\nvalue = 1\n\(more)")
    let expected = Threshold(
      Self.listed, groupBy: [FieldPath(named: "a")], absentKey: .dropped, window: .searchSpan,
      measure: .distinctCount([FieldPath(named: "b")]), .order(.greaterOrEqual), Number(4))
    #expect(try body(text) == .threshold(expected))
  }

  @Test func `A threshold without fields counts all events`() throws {
    for field in ["[]", "[\"\"]", "\"\""] {
      guard
        case .threshold(let threshold) = try body(
          Self.toml(type: "threshold", "[rule.threshold]\nfield = \(field)\nvalue = 2"))
      else {
        Issue.record("no threshold")
        continue
      }
      #expect(threshold.groupBy.isEmpty)
    }
  }

  @Test func `A new-terms rule remembers combinations of values`() throws {
    let text = Self.toml(
      type: "new_terms",
      """
      [rule.new_terms]
      field = "new_terms_fields"
      value = ["user.name", "source.ip"]
      [[rule.new_terms.history_window_start]]
      field = "history_window_start"
      value = "now-7d"
      """)
    let fields = ["user.name", "source.ip"].map(FieldPath.init(named:))
    #expect(try body(text) == .newTerms(NewTerms(Self.listed, fields: fields, history: .days(7))))
  }

  @Test func `A query string of Lucene is read by its own rules`() throws {
    let text = Self.toml(type: "query").replacingText("\"kuery\"", "\"lucene\"")
    #expect(try body(text) == .predicate(Self.listed))
  }

  @Test func `A threshold of events and of different values asks both of a group`() throws {
    let text = Self.toml(
      type: "threshold",
      """
      [rule.threshold]
      field = ["user.name"]
      value = 5
      [[rule.threshold.cardinality]]
      field = "source.ip"
      value = 3
      """)
    guard case .threshold(let threshold) = try body(text) else {
      Issue.record("no threshold")
      return
    }
    #expect(threshold.measure == .count && threshold.value == Number(5))
    let distinct = Threshold.Measure.distinctCount([FieldPath(named: "source.ip")])
    #expect(threshold.further == .measure(GroupMeasure(.of(distinct), .order(.greaterOrEqual), Number(3))))
    let written = try ElasticTOML.write(Rule(body: .threshold(threshold)), for: TargetSchema())
    #expect(written.text.contains("value = 5") && written.text.contains("value = 3"))
  }

  @Test(arguments: [
    (toml(type: "threat_match"), "indicator match", true),
    (toml(type: "machine_learning", "[rule.x]"), "machine learning job", false),
  ])
  func `What is not modelled keeps its reason, and what was understood`(
    text: String, reason: String, isUnderstood: Bool
  ) throws {
    guard case .unmodelled(let rest) = try body(text) else {
      Issue.record("modelled")
      return
    }
    #expect(rest.reason == reason)
    #expect((rest.understood == Self.listed) == isUnderstood)
    if reason != "machine learning job" { #expect(rest.text.contains("verb:list")) }
  }

  @Test func `The items of an exception list that came with the rule are excluded`() throws {
    let rule = """
      {"rule_id": "a", "risk_score": 1, "name": "n", "severity": "low", "type": "query", "language": "kuery", \
      "query": "verb:list", "exceptions_list": [{"list_id": "l"}, {"list_id": "m"}]}
      """
    let entries = """
      [{"field": "a", "operator": "included", "type": "match", "value": "x"}, \
      {"field": "b", "operator": "excluded", "type": "match_any", "value": ["y", "z"]}, \
      {"field": "c", "operator": "included", "type": "wildcard", "value": "k*"}, \
      {"field": "d", "operator": "included", "type": "exists"}]
      """
    let text = rule + "\n{\"list_id\": \"l\", \"item_id\": \"i\", \"entries\": \(entries)}\n"
    let file = SourceFile(name: "rules.ndjson", text: text)
    let reading = try #require(ElasticNDJSON.read(file, in: ReadingContext()).first)
    let kuery = "verb:list and not (a:x and not b:(y or z) and c:k* and d:*)"
    let wanted = try Kuery.parse(Passage(text: kuery), flavour: .kibana).normalised()
    guard case .predicate(let predicate)? = reading.rule?.body else {
      Issue.record("no predicate")
      return
    }
    #expect(predicate.normalised() == wanted)
    #expect(reading.diagnostics.map(\.message) == ["the exceptions of the list 'm' are not read"])
    let kept: EventValue = [["list_id": "m"]]
    #expect(reading.rule?.metadata.custom["exceptions_list"] == kept)
  }

  @Test(arguments: [
    ("[rule.filters.query.exists]\nfield = \"a\"", "a has a value"),
    ("[rule.filters.exists]\nfield = \"a\"", "a has a value"),
    ("[rule.filters.query.term]\n\"a.b\" = 3", "[\"a.b\"] = untyped \"3\""),
    ("[rule.filters.query.match_phrase]\na = \"x y\"", "a = untyped \"x y\""),
    ("[rule.filters.query.terms]\na = [\"x\", \"y\"]", "a in (untyped \"x\", untyped \"y\")"),
    ("[rule.filters.query.prefix.a]\nvalue = \"x*\"", "a like \"x\\\\**\""),
    (
      "[rule.filters.query.wildcard.a]\ncase_insensitive = true\nvalue = '?:\\\\x\\*y*'",
      "a like \"?:\\\\\\\\x\\\\*y*\" ~"
    ),
    (
      "[[rule.filters.query.bool.should]]\nterm = {a = \"x\"}\n[[rule.filters.query.bool.should]]\nterm = {a = \"y\"}",
      "any\n  a = untyped \"x\"\n  a = untyped \"y\""
    ),
  ])
  func `A filter is a test beside the query`(filter: String, outline: String) throws {
    for negated in [false, true] {
      let meta = negated ? "[rule.filters.meta]\nnegate = true\n" : ""
      guard case .predicate(.all(let parts)) = try body(Self.toml("[[rule.filters]]\n\(meta)\(filter)")) else {
        Issue.record("no conjunction: \(filter)")
        continue
      }
      #expect(parts.first == Self.listed)
      let test = try #require(parts.last)
      guard negated else {
        #expect(PredicateOutline(.terse).text(of: test) == outline)
        continue
      }
      guard case .not(let inner) = test else {
        Issue.record("not negated: \(filter)")
        continue
      }
      #expect(PredicateOutline(.terse).text(of: inner) == outline)
    }
  }

  @Test func `A filter that is switched off says nothing, and one that is not known is named`() throws {
    let off = "[[rule.filters]]\n[rule.filters.meta]\ndisabled = true\n[rule.filters.query.script]\nx = 1"
    #expect(try body(Self.toml(off)) == .predicate(Self.listed))
    guard case .unmodelled(let rest) = try body(Self.toml("[[rule.filters]]\n[rule.filters.query.script]\nx = 1"))
    else {
      Issue.record("modelled")
      return
    }
    #expect(rest.reason == "'script' filter")
    #expect(rest.understood == Self.listed)
  }

  @Test func `Exceptions that are kept elsewhere are warned of`() throws {
    let list =
      "[[rule.exceptions_list]]\nid = \"x\"\nlist_id = \"mine\"\nnamespace_type = \"single\"\ntype = \"detection\""
    #expect(
      try shown(Self.toml(list)).hasPrefix(
        "warning[assumed-meaning]: the exceptions of the list 'mine' are not read\n  --> r.toml:44:1\n"))
  }

  @Test func `A fault in the query is shown in its line of the file`() throws {
    let query = "'''\nverb:\"# no comment\" and\n  agent:(\"a#b\" or \"it's\") and code:[200]:x\n'''"
    #expect(
      try shown(Self.toml(query: query)) == #"""
        error[unexpected-token]: expected 'and', 'or' or the end of the query, found ':'
          --> r.toml:27:41
           |
        27 |   agent:("a#b" or "it's") and code:[200]:x
           |                                         ^ expected 'and', 'or' or the end of the query
        """#)
  }

  @Test func `A place behind escapes is right`() throws {
    #expect(
      try shown(Self.toml(query: #""a:\"\u0041\" and not not b:1""#)) == #"""
        error[unexpected-token]: 'not' cannot follow 'not'
          --> r.toml:25:31
           |
        25 | query = "a:\"\u0041\" and not not b:1"
           |                               ^^^ expected a condition
           = help: put the inner one in parentheses
        """#)
  }

  @Test(arguments: [
    (toml(type: "treshold"), "'treshold' is no type of a rule", "did you mean 'threshold'?"),
    (toml().replacingText("\"kuery\"", "\"query\""), "'query' is no language of a query", "did you mean 'kuery'?"),
    (toml().replacingText("query = '''", "qurey = '''"), "the rule has no 'query'", "is 'qurey' meant to be 'query'?"),
    (toml().replacingText("name = \"Secrets", "nam = \"Secrets"), "the rule has no 'name'", "is 'nam' meant to be"),
    (toml(query: "3"), "'query' must be a text", "this is a number"),
    (
      toml().replacingText("index = [\"logs-kub", "index = [1, \"logs-kub"), "'index' must be a text",
      "this is a number"
    ),
    (toml(type: "threshold"), "the rule has no 'threshold'", ""),
    (toml(type: "threshold", "[rule.threshold]\nvalue = \"x\""), "'value' must be a number", "this is a text"),
    (toml(type: "new_terms"), "the rule has no 'new_terms_fields'", ""),
    ("[metadata]\nx = 1\n", "the file has no 'rule'", ""),
    ("rule = 1\n", "'rule' must be a table", "this is a number"),
    ("[rule]\nname = \"x\n", "", ""),
  ])
  func `A rule that cannot be read is refused by name`(text: String, message: String, detail: String) throws {
    let reading = try read(text)
    #expect(reading.rule == nil)
    let shown = reading.diagnostics.map(DiagnosticRenderer().render).joined(separator: "\n")
    #expect(shown.contains("error[") && shown.contains(message) && shown.contains(detail), "\(shown)")
  }

  @Test(arguments: [
    (toml().replacingText("\"high\"", "\"hihg\""), "'hihg' is no severity"),
    (toml().replacingText("\"now-9m\"", "\"yesterday\""), "'yesterday' is no length of time"),
  ])
  func `What is odd and harmless is warned of`(text: String, message: String) throws {
    let reading = try read(text)
    #expect(reading.rule != nil)
    #expect(reading.diagnostics.map(\.message) == [message])
    #expect(reading.diagnostics.map(\.severity) == [.warning])
  }

  @Test func `Each line of an export is a rule of its own`() throws {
    let good = #"{"rule_id":"1","name":"A","risk_score":21,"severity":"low","type":"query","query":"verb:list"}"#
    let bad = #"{"rule_id":"2","name":"B","risk_score":21,"type":"query","query":"verb:"}"#
    let terms =
      #"{"rule_id":"3","name":"C","risk_score":1,"type":"new_terms","query":"verb:list","new_terms_fields":["a"],"#
      + #""history_window_start":"now-10d","language":"kuery"}"#
    let list = #"{"list_id":"x","type":"detection","name":"L"}"#
    let summary = #"{"exported_count":3,"exported_rules_count":3}"#
    let text = [good, "", bad, "{", terms, list, summary].joined(separator: "\n")
    let file = SourceFile(name: "r.ndjson", text: text)
    #expect(ElasticNDJSON.recognises(file))
    let readings = ElasticNDJSON.read(file, in: ReadingContext())
    #expect(readings.map(\.title) == ["A", "B", "", "C"])
    #expect(readings.map { $0.rule == nil } == [false, true, true, false])
    #expect(readings[0].rule?.body == .predicate(Self.listed))
    #expect(
      readings[3].rule?.body == .newTerms(NewTerms(Self.listed, fields: [FieldPath(named: "a")], history: .days(10))))
    #expect(readings[1].diagnostics.first?.primary?.range.line == 3)
    #expect(readings[1].diagnostics.first?.message == "expected a value, found the end of the text")
  }

  @Test func `A file is recognised by its name and what is in it`() {
    #expect(ElasticTOML.recognises(SourceFile(name: "a/b.toml", text: Self.toml())))
    #expect(!ElasticTOML.recognises(SourceFile(name: "a/b.toml", text: "[package]\n")))
    #expect(!ElasticTOML.recognises(SourceFile(name: "a/b.yml", text: Self.toml())))
    #expect(!ElasticNDJSON.recognises(SourceFile(name: "audit.ndjson", text: #"{"verb":"list"}"#)))
    #expect(KueryForm.recognises(SourceFile(name: "x.kuery", text: "a:b")))
  }
}

extension String {
  /// The text with the first occurrence of another replaced.
  func replacingText(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return replacingCharacters(in: range, with: new)
  }

  private func firstRange(of text: String) -> Range<String.Index>? {
    indices.lazy.compactMap { start in
      self[start...].hasPrefix(text) ? start..<self.index(start, offsetBy: text.count) : nil
    }.first
  }

  private func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
