import FieldMapping
import RuleIR
import SourceText
import Testing

@Suite struct LogSourceTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var vendor: String
    var selectors: [LogSource.Selector]
    var applies: Bool
    var testDescription: String { "\(vendor) \(selectors.map { "\($0.key)=\($0.value)" })" }

    init(_ vendor: String, _ selectors: [(String, String)], _ applies: Bool) {
      self.vendor = vendor
      self.selectors = selectors.map { LogSource.Selector($0.0, $0.1) }
      self.applies = applies
    }
  }

  static let cases = [
    Case("sigma", [("category", "application"), ("product", "kubernetes"), ("service", "audit")], true),
    Case("sigma", [("product", "Kubernetes")], true),
    Case("sigma", [("product", "kubernetes"), ("service", "application")], false),
    Case("sigma", [("category", "application")], false),
    Case("sigma", [], false),
    Case("elastic", [("index", "logs-kubernetes.audit_logs-*")], true),
    Case("elastic", [("index", "logs-*")], true),
    Case("elastic", [("index", "*:logs-kubernetes*")], true),
    Case("elastic", [("index", "logs-kubernetes.audit_logs-default")], true),
    Case("elastic", [("index", "filebeat-*, logs-kubernetes.audit_logs-*")], true),
    Case("elastic", [("index", "filebeat-*"), ("index", "logs-kubernetes.*")], true),
    Case("elastic", [("index", "logs-aws.cloudtrail-*")], false),
    Case("splunk", [("macro", "kube_audit")], true),
    Case("splunk", [("sourcetype", "kube:apiserver:audit")], true),
    Case("splunk", [("macro", "wineventlog_security")], false),
    Case("sentinel", [("table", "AKSAudit")], true),
    Case("sentinel", [("table", "SigninLogs")], false),
    Case("panther", [("log-type", "Amazon.EKS.Audit"), ("log-type", "GCP.AuditLog")], true),
    Case("panther", [("log-type", "Okta.SystemLog")], false),
    Case("nobody", [("product", "kubernetes")], false),
  ]

  @Test(arguments: cases) func `a mapping applies to what agrees in a key and is at odds in none`(test: Case) throws {
    let rule = Rule(
      metadata: RuleMetadata(source: LogSource(vendor: test.vendor, test.selectors)), body: .predicate(.always))
    #expect(try CarriedMapping.mapping().applies(to: rule, of: test.vendor) == test.applies)
  }

  @Test func `a constant that the rule demands speaks for a mapping too`() throws {
    let mapping = try CarriedMapping.mapping()
    func rule(_ dataset: String, _ index: String?) -> Rule {
      let source = LogSource(vendor: "elastic", index.map { [LogSource.Selector("index", $0)] } ?? [])
      let test = named("data_stream.dataset", text(dataset))
      return Rule(metadata: RuleMetadata(source: source), body: .predicate(.all([test, named("verb", text("a"))])))
    }
    #expect(mapping.applies(to: rule("kubernetes.audit_logs", nil), of: "elastic"))
    #expect(mapping.applies(to: rule("kubernetes.audit_logs", "logs-*"), of: "elastic"))
    #expect(!mapping.applies(to: rule("aws.cloudtrail", "logs-*"), of: "elastic"))
    #expect(mapping.applies(to: rule("aws.cloudtrail", "logs-kubernetes.audit_logs-*"), of: "elastic"))
  }

  @Test func `a rule that no mapping covers is one error, a warning, or nothing`() throws {
    let set = MappingSet([try CarriedMapping.mapping()])
    let source = LogSource(vendor: "sigma", [LogSource.Selector("product", "windows")])
    let rule = Rule(
      metadata: RuleMetadata(source: source),
      body: .predicate(.all([named("Image", text("a")), named("CommandLine", text("b"))])))
    let refused = set.toEvent(rule, from: "sigma", unmapped: .error)
    #expect(refused.rule == nil)
    #expect(refused.diagnostics.map(\.code) == [.unmappedSource])
    #expect(refused.diagnostics.first?.help == "choose a mapping with --map: kubernetes-audit")
    let warned = set.toEvent(rule, from: "sigma", unmapped: .warn)
    #expect(warned.rule == rule)
    #expect(warned.diagnostics.map(\.severity) == [.warning])
    #expect(set.toEvent(rule, from: "sigma", unmapped: .keep).diagnostics.isEmpty)
    let chosen = set.toEvent(rule, from: "sigma", unmapped: .error, using: set.mapping(named: "kubernetes-audit"))
    #expect(chosen.diagnostics.map(\.code) == [.impossibleField, .impossibleField])
  }

  private static func other(_ name: String, field: String) throws -> Mapping {
    let file = SourceFile(
      name: "m.yml",
      text: """
        name: \(name)
        title: t
        applies-to: { elastic: { index: logs-other-* } }
        fields: [{ event: \(field), type: text, elastic: process.name }]
        """)
    return try #require(MappingReader.read(file, vendors: ["elastic"]).mapping)
  }

  private static let twoSources = Rule(
    metadata: RuleMetadata(source: LogSource(vendor: "elastic", [LogSource.Selector("index", "logs-*")])),
    body: .predicate(named("process.name", text("a"))))

  @Test func `a rule over several log sources must mean the same in each`() throws {
    let same = MappingSet([try Self.other("a", field: "x"), try Self.other("b", field: "x")])
    #expect(same.toEvent(Self.twoSources, from: "elastic", unmapped: .error).rule != nil)
    let different = MappingSet([try Self.other("a", field: "x"), try Self.other("b", field: "y")])
    let refused = different.toEvent(Self.twoSources, from: "elastic", unmapped: .error)
    #expect(refused.rule == nil)
    #expect(refused.diagnostics.map(\.code) == [.ambiguousSource])
  }

  @Test func `of several log sources one that knows the fields is taken`() throws {
    let set = MappingSet([try CarriedMapping.mapping(), try Self.other("a", field: "x")])
    #expect(set.toEvent(Self.twoSources, from: "elastic", unmapped: .error).mapping?.name == "a")
  }
}
