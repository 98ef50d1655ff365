import FieldMapping
import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing
import Translation

/// Searches of Splunk's data models, whose fields have the names of the Common Information Model.
@Suite struct DataModelTests {
  static let search = """
    | tstats summariesonly=false fillnull_value=null count min(_time) as firstTime from datamodel=Endpoint.Processes \
    where Processes.process_name=certutil.exe Processes.process=*urlcache* NOT Processes.parent_process_name=sccm.exe \
    by Processes.dest Processes.user Processes.parent_process_name | `drop_dm_object_name(Processes)` \
    | search user!=svc*
    """

  private static func load(_ spl: String, _ translator: Translator) throws -> LoadedRule {
    let reader = try #require(translator.reader(named: "spl"))
    return try #require(
      translator.load(SourceFile(name: "rule.spl", text: spl), path: "rule.spl", with: reader, in: ReadingContext())
        .first)
  }

  private static func written(_ rule: LoadedRule, _ name: String, _ translator: Translator) throws -> String {
    let result = translator.convert(rule, to: try #require(translator.writer(named: name)))
    #expect(!result.diagnostics.contains { $0.code == .unexplainedDifference }, "\(name)")
    return try #require(result.written, "\(name): \(result.diagnostics.map(\.message))").text
  }

  @Test func `tstats reads with the names of the model mapped`() throws {
    let translator = try Translator()
    let rule = try Self.load(Self.search, translator)
    #expect(rule.mapping == "cim-processes")
    let predicate = try #require(rule.neutral?.body.predicates.first, "\(rule.diagnostics.map(\.message))")
    let matcher = try TreeMatcher(predicate)
    let event: EventValue = [
      "process_name": "CertUtil.exe", "process": "certutil -urlcache -f x", "dest": "h", "user": "ada",
    ]
    #expect(try matcher.matches(event))
    #expect(try !matcher.matches(["process_name": "certutil.exe", "process": "certutil", "dest": "h", "user": "ada"]))
    #expect(
      try !matcher.matches([
        "process_name": "certutil.exe", "process": "urlcache", "dest": "h", "user": "SVC1",
      ]))
  }

  @Test func `a search of a data model is written for the stores that have such records`() throws {
    let translator = try Translator()
    let rule = try Self.load(Self.search, translator)
    let esql = try Self.written(rule, "esql", translator)
    #expect(esql.contains("process.name") && esql.contains("process.command_line"), "\(esql)")
    #expect(esql.contains("FROM logs-endpoint.events.process-*"), "\(esql)")
    let kusto = try Self.written(rule, "kusto", translator)
    #expect(kusto.contains("DeviceProcessEvents") && kusto.contains("ProcessCommandLine"), "\(kusto)")
    let spl = try Self.written(rule, "spl", translator)
    #expect(spl.hasPrefix("| from datamodel:\"Endpoint.Processes\" | search "), "\(spl)")
    #expect(!spl.contains("Processes.process"), "\(spl)")
  }

  @Test func `a rule of another vendor is never taken for one about a data model`() throws {
    let translator = try Translator(unmapped: .keep)
    let models = translator.mappings.mappings.filter { $0.name.hasPrefix("cim-") }
    #expect(models.count >= 8)
    let sources = [
      LogSource(vendor: "elastic", [.init("index", "logs-endpoint.events.process-*")]),
      LogSource(vendor: "sentinel", [.init("table", "DeviceProcessEvents")]),
      LogSource(vendor: "splunk", [.init("macro", "sysmon")]), LogSource(vendor: "elastic", []),
    ]
    for source in sources {
      let rule = Rule(metadata: RuleMetadata(source: source), body: .predicate(.always))
      #expect(!models.contains { $0.applies(to: rule, of: source.vendor) }, "\(source.selectors)")
    }
  }

  static let models = [
    ("Endpoint.Filesystem", "Filesystem.file_name=x", "cim-filesystem"),
    ("Endpoint.Registry", "Registry.registry_value_name=x", "cim-registry"), ("Web", "Web.url=x", "cim-web"),
    ("Web.Web", "Web.url=x", "cim-web"),
    ("Network_Traffic.All_Traffic", "All_Traffic.dest_port=22", "cim-network-traffic"),
    ("Network_Resolution.DNS", "DNS.query=x", "cim-dns"), ("Change", "All_Changes.action=created", "cim-change"),
    ("Authentication", "Authentication.action=failure", "cim-authentication"),
  ]

  @Test(arguments: models) func `each model has its mapping`(_ model: String, _ test: String, _ name: String) throws {
    let translator = try Translator()
    let rule = try Self.load("| tstats count from datamodel=\(model) where \(test) by _time span=1h", translator)
    #expect(rule.mapping == name)
    #expect(!rule.isRefused, "\(rule.diagnostics.map(\.message))")
    // Without the name of the data set, as `from` gives it.
    let plain = test.split(separator: ".").dropFirst().joined(separator: ".")
    let again = try Self.load("| from datamodel:\"\(model)\" | search \(plain)", translator)
    #expect(again.neutral?.body.predicates == rule.neutral?.body.predicates)
  }
}
