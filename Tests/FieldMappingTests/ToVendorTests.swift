import FieldMapping
import RuleIR
import SourceText
import Testing

@Suite struct ToVendorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var vendor: String
    var predicate: Predicate
    var form: String
    var losses: [Drift]
    var codes: [DiagnosticCode]
    var testDescription: String { "\(vendor): \(outline(predicate).replacing("\n", with: " "))" }

    init(_ vendor: String, _ predicate: Predicate, _ form: String, _ losses: [Drift] = [], _ codes: DiagnosticCode...) {
      self.vendor = vendor
      self.predicate = predicate
      self.form = form
      self.losses = losses
      self.codes = codes
    }
  }

  private static func at(_ keys: String..., condition: Condition) -> Predicate {
    .field(FieldTest(FieldPath(keys.map(FieldPath.Step.key)), condition))
  }

  private static let group = FieldPath(keys: "objectRef", "apiGroup")
  private static let empty = Predicate.field(FieldTest(group, text("")))
  private static let groupIs = Predicate.field(FieldTest(group, text("apps")))
  private static let hasGroup = Predicate.presence(PresenceTest(.value, group))
  private static let named = "kubernetes.audit.objectRef.apiGroup"
  private static func elastic(_ lines: String) -> String {
    let head = "[\"data_stream.dataset\"] = \"kubernetes.audit_logs\""
    return "all\n  \(head)\n" + lines.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  }
  private static let g = "[\"\(named)\"]"

  static let cases: [Case] = [
    Case("sigma", at("objectRef", "resource", condition: text("pods")), "[\"objectRef.resource\"] = \"pods\""),
    Case("splunk", at("user", "groups", condition: text("a")), "[\"user.groups\"][*] = \"a\""),
    Case("sentinel", at("objectRef", "resource", condition: text("pods")), "ObjectRef.resource = \"pods\""),
    Case("panther", at("objectRef", "resource", condition: text("pods")), "objectRef.resource = \"pods\""),
    Case(
      "sentinel", at("annotations", "authorization.k8s.io/decision", condition: text("allow")),
      "Annotations[\"authorization.k8s.io/decision\"] = \"allow\""),
    Case("sentinel", at("impersonatedUser", "username", condition: text("x")), "refused", [], .unmappedField),
    Case("sentinel", at("kind", condition: text("Event")), "refused", [], .unmappedField),
    Case("elastic", at("verb", condition: text("get")), elastic("[\"kubernetes.audit.verb\"] = \"get\"")),
    Case(
      "elastic", at("annotations", "authorization.k8s.io/decision", condition: text("allow")),
      elastic("[\"kubernetes.audit.annotations.authorization_k8s_io/decision\"] = \"allow\"")),
    Case("elastic", at("annotations", "foo", condition: text("x")), "refused", [], .unmappedField),
    Case(
      "elastic", at("sourceIPs", condition: text("::1")), elastic("[\"kubernetes.audit.sourceIPs\"] = \"::1\"")),
    Case(
      "elastic", at("sourceIPs", condition: Network("10.0.0.0/8").map(Condition.network) ?? text("")),
      elastic("[\"source.ip\"] in network 10.0.0.0/8")),
    Case(
      "splunk", at("requestObject", "spec", "containers", "image", condition: text("a")),
      "[\"requestObject.spec.containers\"][*].image = \"a\""),
    Case(
      "splunk", at("requestObject", "spec", "foo", condition: text("a")), "[\"requestObject.spec.foo\"] = \"a\""),
    Case("sentinel", at("requestObject", "spec", "foo", condition: text("a")), "RequestObject.spec.foo = \"a\""),
    Case("elastic", empty, elastic("not\n  \(g) has a value"), [.broader]),
    Case("elastic", .not(empty), elastic("\(g) has a value"), [.narrower]),
    Case("elastic", hasGroup, elastic("\(g) has a value"), [.narrower]),
    Case("elastic", .not(hasGroup), elastic("not\n  \(g) has a value"), [.broader]),
    Case("elastic", .all([hasGroup, .not(empty)]), elastic("\(g) has a value")),
    Case("elastic", .any([.not(hasGroup), empty]), elastic("not\n  \(g) has a value")),
    Case("elastic", .not(.all([hasGroup, .not(empty)])), elastic("not\n  \(g) has a value")),
    Case("elastic", groupIs, elastic("\(g) = \"apps\"")),
    Case("elastic", .all([groupIs, .not(empty)]), elastic("\(g) = \"apps\"")),
    Case("elastic", .not(groupIs), elastic("not\n  \(g) = \"apps\"")),
    Case(
      "elastic", .field(FieldTest(group, .oneOf([.text("", .sensitive), .text("apps", .sensitive)]))),
      elastic("any\n  \(g) = \"apps\"\n  not\n    \(g) has a value"), [.broader]),
    Case(
      "elastic", .field(FieldTest(group, .matches(.anything, .sensitive))), elastic("\(g) like \"*\""), [.narrower]),
    Case(
      "elastic", at("requestObject", "metadata", "name", condition: text("x")), "refused", [.narrower],
      .untranslatable),
    Case(
      "elastic",
      .any([at("verb", condition: text("a")), at("requestObject", "metadata", "name", condition: text("x"))]),
      elastic("[\"kubernetes.audit.verb\"] = \"a\""), [.narrower]),
    Case("splunk", empty, "[\"objectRef.apiGroup\"] = \"\""),
    Case("elastic", .never, "never"),
    Case("nobody", .always, "refused", [], .unmappedSource),
  ]

  @Test(arguments: cases) func `an event's test has this form`(test: Case) throws {
    let written = try CarriedMapping.toVendor(test.predicate, test.vendor)
    #expect(outline(written.rule?.body.predicates.first) == test.form)
    #expect(written.losses.map(\.drift) == test.losses)
    #expect(written.diagnostics.map(\.code) == test.codes, "\(written.diagnostics.map(\.message))")
  }

  @Test func `the schema says what is known of each field that the rule names`() throws {
    let predicate = Predicate.all([
      Self.groupIs, Self.at("user", "groups", condition: text("a")),
      Self.at("responseStatus", "code", condition: .equals(.number(Number(403), .strict))),
      .some(
        ElementTest(
          ToEventTests.containers,
          .all([Self.at("image", condition: text("a")), Self.at("command", condition: text("b"))]))),
    ])
    let schema = try CarriedMapping.toVendor(predicate, "elastic").schema
    #expect(schema.source.values("index") == ["logs-kubernetes.audit_logs-*"])
    #expect(schema.source.vendor == "elastic")
    func column(_ name: String) -> TargetSchema.Column? { schema.columns[FieldPath(named: name)] }
    #expect(
      column(Self.named) == TargetSchema.Column(spelling: Self.named, type: .text, isRemovedWhenEmpty: true))
    #expect(column("kubernetes.audit.user.groups")?.isList == true)
    #expect(column("kubernetes.audit.responseStatus.code")?.type == .number)
    #expect(column("kubernetes.audit.requestObject.spec.containers")?.type == .object)
    #expect(column("image")?.isList == false)
    #expect(column("command")?.isList == true)
    #expect(column("data_stream.dataset")?.type == .text)
  }

  @Test func `a rule that goes back to its own vendor keeps its log source`() throws {
    let own = LogSource(
      vendor: "sigma",
      [LogSource.Selector("category", "application"), LogSource.Selector("product", "kubernetes")])
    let rule = Rule(metadata: RuleMetadata(source: own), body: .predicate(Self.at("verb", condition: text("get"))))
    let mapping = try CarriedMapping.mapping()
    #expect(mapping.toVendor(rule, "sigma", unmapped: .error).schema.source == own)
    #expect(mapping.toVendor(rule, "splunk", unmapped: .error).schema.source.values("macro") == ["kube_audit"])
  }

  @Test func `a name that the vendor lacks is an error, a warning or nothing`() throws {
    let predicate = Self.at("impersonatedUser", "username", condition: text("x"))
    let warned = try CarriedMapping.toVendor(predicate, "sentinel", unmapped: .warn)
    #expect(warned.rule?.body.predicates.first == predicate)
    #expect(warned.diagnostics.map(\.severity) == [.warning])
    #expect(try CarriedMapping.toVendor(predicate, "sentinel", unmapped: .keep).diagnostics.isEmpty)
  }
}
