import FieldMapping
import LanguageSupport
import RuleIR
import SourceText
import Testing
import Translation

/// Rules whose outputs were once taken for something else when they were read back.
@Suite struct OutputCheckTests {
  struct Case: Sendable, CustomStringConvertible {
    var detection: String
    var target: String
    var verdict: ConvertedRule.Verdict
    var reason: String?

    var description: String { "\(detection) into \(target)" }

    init(_ detection: String, _ target: String, _ verdict: ConvertedRule.Verdict, unproved reason: String? = nil) {
      self.detection = detection
      self.target = target
      self.verdict = verdict
      self.reason = reason
    }
  }

  @Test(arguments: [
    Case(#"Signature|re: 'UNC\d{4}\s\w'"#, "panther", .exact),
    Case(#"Signature|re: '(?i)[\s\d]+ab'"#, "panther", .exact),
    Case(#"Signature|re: '\bfoo\B'"#, "kusto", .exact),
    Case("CommandLine|contains: [' 1', '7', 'tru', 'chmod']", "kusto", .exact),
    Case("CommandLine|contains|all: ['-Enable', '0']", "kusto", .exact),
    Case("IpAddress|cidr: ['fe80::/10', '10.0.0.0/8']", "kuery", .broader),
    Case("CommandLine|re: '(.){200,}'", "spl", .broader),
    Case("['rm -rf', 'syslog']", "kusto", .broader, unproved: "'*' looks at the keys inside dynamic columns too"),
  ])
  func `what was written is read back as what it means`(_ claim: Case) throws {
    let text = """
      title: A rule
      logsource: {product: zeek, service: http}
      detection:
        selection:
          \(claim.detection)
        condition: selection
      """
    let translator = try Translator(unmapped: .keep)
    let reader = try #require(translator.reader(named: "sigma"))
    let writer = try #require(translator.writer(named: claim.target))
    let file = SourceFile(name: "rule.yml", text: text)
    let rules = translator.load(file, path: "rule.yml", with: reader, in: ReadingContext())
    let rule = try #require(rules.first)
    let converted = translator.convert(rule, to: writer)
    #expect(!converted.diagnostics.contains { $0.code == .unexplainedDifference }, "\(converted.written?.text ?? "")")
    #expect(converted.verdict == claim.verdict)
    #expect(converted.assurance == claim.reason.map { .unproved($0) } ?? .proved)
  }

  @Test(arguments: [
    Case("sourceIPs|cidr: 10.0.0.0/8", "spl", .exact), Case("sourceIPs|cidr: fe80::/10", "spl", .exact),
    Case("sourceIPs|cidr: 10.0.0.0/8", "kusto", .exact), Case("annotations.x: [false, 5]", "kusto", .exact),
    Case("user.groups|startswith: ['~x', '']", "spl", .exact),
    Case("responseStatus.code|gt: 9223372036854775807", "panther", .exact),
  ])
  func `of a known log source only such events count as it has`(_ claim: Case) throws {
    let text = """
      title: A rule
      logsource: {product: kubernetes, service: audit}
      detection:
        selection:
          \(claim.detection)
        other:
          verb: x
        condition: not selection or other
      """
    let translator = try #require(RulePack.translator)
    let reader = try #require(translator.reader(named: "sigma"))
    let writer = try #require(translator.writer(named: claim.target))
    let file = SourceFile(name: "rule.yml", text: text)
    let rule = try #require(translator.load(file, path: "rule.yml", with: reader, in: ReadingContext()).first)
    let converted = translator.convert(rule, to: writer)
    #expect(!converted.diagnostics.contains { $0.code == .unexplainedDifference }, "\(converted.written?.text ?? "")")
    #expect(converted.verdict == claim.verdict && converted.assurance == .proved, "\(converted.assurance)")
  }

  @Test(arguments: ["sigma", "panther"])
  func `events that lack what is counted or grouped by are excused by the loss that names them`(
    target: String
  ) throws {
    let text = """
      FROM logs-kubernetes.audit_logs-*
      | WHERE kubernetes.audit.verb == "get"
      | STATS names = COUNT_DISTINCT(kubernetes.audit.objectRef.name) BY kubernetes.audit.user.username
      | WHERE names >= 3
      """
    let translator = try #require(RulePack.translator)
    let reader = try #require(translator.reader(named: "esql"))
    let writer = try #require(translator.writer(named: target))
    let file = SourceFile(name: "rule.esql", text: text)
    let rule = try #require(translator.load(file, path: "rule.esql", with: reader, in: ReadingContext()).first)
    let converted = translator.convert(rule, to: writer)
    #expect(converted.written != nil, "\(converted.diagnostics.map(\.message))")
    let found = converted.diagnostics.first { $0.code == .unexplainedDifference }
    #expect(found == nil, "\(found?.notes ?? [])")
  }

  @Test(arguments: [("logs-gcp*", nil), ("logs-squid.log-*", "web-proxy")] as [(String, String?)])
  func `a rule over other indices is not taken for one of a proxy`(index: String, mapping: String?) throws {
    let translator = try Translator(unmapped: .keep)
    let reader = try #require(translator.reader(named: "esql"))
    let file = SourceFile(name: "rule.esql", text: #"FROM \#(index) | WHERE event.action == "x""#)
    let rule = try #require(translator.load(file, path: "rule.esql", with: reader, in: ReadingContext()).first)
    #expect(rule.mapping == mapping)
  }
}
