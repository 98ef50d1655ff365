import FieldMapping
import RuleIR
import SourceText
import Testing

@Suite struct ToEventTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var vendor: String
    var predicate: Predicate
    /// The outline of what it means.
    var meaning: String
    var codes: [DiagnosticCode]
    var testDescription: String { "\(vendor): \(outline(predicate).replacing("\n", with: " "))" }

    init(_ vendor: String, _ predicate: Predicate, _ meaning: String, _ codes: DiagnosticCode...) {
      self.vendor = vendor
      self.predicate = predicate
      self.meaning = meaning
      self.codes = codes
    }
  }

  static let types: [Case] = [
    Case("sigma", named("verb", untyped("List")), "verb = \"List\" ~"),
    Case("sigma", named("responseStatus.code", untyped("403")), "responseStatus.code = 403"),
    Case("sigma", named("responseStatus.code", untyped("ALLOW")), "never", .impossibleValue),
    Case(
      "sigma", named("responseStatus.code", .oneOf([.untyped("403", .insensitive), .untyped("no", .insensitive)])),
      "responseStatus.code in (403)", .impossibleValue),
    Case(
      "splunk", named("responseStatus.code", .order(.greaterOrEqual, .number(Number(400), .coercing))),
      "responseStatus.code >= 400"),
    Case("panther", named("responseStatus.code", text("403")), "never", .impossibleValue),
    Case("elastic", named("kubernetes.audit.verb", .equals(.number(Number(3), .strict))), "never", .impossibleValue),
    Case(
      "elastic", named("kubernetes.audit.requestObject.spec.hostPID", untyped("True")),
      "requestObject.spec.hostPID = true"),
    Case(
      "elastic", named("kubernetes.audit.requestObject.spec.hostPID", untyped("yes")), "never", .impossibleValue),
    Case(
      "elastic", named("kubernetes.audit.requestObject.spec.hostPID", .matches(.prefix("t"), .sensitive)), "never",
      .impossibleValue),
    Case(
      "sentinel",
      .field(FieldTest(FieldPath(keys: "ObjectRef", "resource"), text("pods"), subject: .spelling)),
      "objectRef.resource = \"pods\""),
    Case(
      "sentinel",
      .field(FieldTest(FieldPath(keys: "ResponseStatus", "code"), text("403"), subject: .spelling)),
      "text of responseStatus.code = \"403\""),
    Case("elastic", present(.single, "kubernetes.audit.verb"), "verb has a value"),
    Case("elastic", present(.single, "kubernetes.audit.user.groups"), "user.groups has one value"),
    Case(
      "splunk", .field(FieldTest(FieldPath(named: "verb"), untyped("get"), polarity: .someValueFails)),
      "all\n  verb has a value\n  not\n    verb = \"get\" ~"),
    Case(
      "splunk",
      .field(
        FieldTest(FieldPath([.key("user.groups"), .each]), untyped("a"), polarity: .someValueFails)),
      "some value fails: user.groups = \"a\" ~"),
    Case("sigma", named("verb", .order(.greater, .number(Number(0), .strict)), subject: .count), "verb has a value"),
    Case(
      "sigma", named("verb", .order(.less, .number(Number(1), .strict)), subject: .count), "not\n  verb has a value"),
    Case(
      "sigma", .all([present(.value, "verb"), named("verb", text("get"))]), "verb = \"get\""),
    Case(
      "sigma", .any([.not(present(.value, "verb")), .not(named("verb", text("get")))]), "not\n  verb = \"get\""),
  ]

  static let names: [Case] = [
    Case("elastic", named("event.action", text("get")), "verb = \"get\""),
    Case("elastic", named("source.ip", text("10.0.0.1")), "sourceIPs = \"10.0.0.1\""),
    Case("elastic", named("source.ip", untyped("10.0.0.0/8")), "sourceIPs in network 10.0.0.0/8"),
    Case("elastic", named("kubernetes.audit.sourceIPs", text("10.0.0.0/8")), "sourceIPs = \"10.0.0.0/8\""),
    Case(
      "elastic", named("source.ip", .oneOf([.untyped("10.0.0.0/8", .sensitive), .untyped("::1", .sensitive)])),
      "any\n  sourceIPs = \"::1\"\n  sourceIPs in network 10.0.0.0/8"),
    Case("elastic", named("source.ip", untyped("10.0.0/8")), "refused", .invalidNetwork),
    Case(
      "sentinel", .field(FieldTest(FieldPath([.key("SourceIps"), .index(0)]), text("::1"))), "sourceIPs[0] = \"::1\""),
    Case(
      "splunk", .field(FieldTest(FieldPath([.key("user.groups"), .each]), text("a"))), "user.groups = \"a\""),
    Case("splunk", named("user.groups", text("a")), "refused", .unmappedField),
    Case("panther", .field(FieldTest(FieldPath([.key("sourceIPs"), .each]), text("a"))), "sourceIPs = \"a\""),
    Case(
      "elastic", named("kubernetes.audit.annotations.authorization_k8s_io/decision", text("allow")),
      "annotations[\"authorization.k8s.io/decision\"] = \"allow\""),
    Case("elastic", named("kubernetes.audit.annotations.foo_bar", text("x")), "refused", .unmappedField),
    Case(
      "sigma", named("annotations.foo.bar/baz", text("x")), "annotations[\"foo.bar/baz\"] = \"x\""),
    Case(
      "elastic", named("kubernetes.audit.requestObject.spec.foo", untyped("3")),
      "requestObject.spec.foo = untyped \"3\" ~"),
    Case(
      "elastic", named("kubernetes.audit.user.extra.authentication.kubernetes.io/pod-name", text("a")),
      "user.extra[\"authentication.kubernetes.io/pod-name\"] = \"a\""),
    Case(
      "elastic",
      .field(
        FieldTest(FieldPath([.keyPattern(.prefix("kubernetes.audit.objectRef.na"))]), text("kube-system"))),
      "any\n  objectRef.namespace = \"kube-system\"\n  objectRef.name = \"kube-system\""),
    Case(
      "sigma", named("userAgent", .field(.equals, FieldPath(named: "user.username"), .sensitive)),
      "userAgent = field user.username"),
    Case("sigma", .anyField(AnyFieldTest(.matches(.contains("x"), .sensitive))), "any field like \"*x*\""),
  ]

  static let stored: [Case] = [
    Case("elastic", named("data_stream.dataset", text("kubernetes.audit_logs")), "always"),
    Case("elastic", named("data_stream.dataset", text("aws.cloudtrail")), "never", .impossibleValue),
    Case("elastic", named("event.dataset", .matches(.prefix("kubernetes"), .sensitive)), "always"),
    Case("elastic", present(.value, "event.kind"), "always"),
    Case(
      "elastic", .all([named("event.dataset", text("kubernetes.audit_logs")), named("event.action", text("get"))]),
      "verb = \"get\""),
    Case(
      "elastic", named("event.outcome", text("success")), "annotations[\"authorization.k8s.io/decision\"] = \"allow\""),
    Case(
      "elastic", named("event.outcome", .matches(.contains("s"), .sensitive)),
      "annotations[\"authorization.k8s.io/decision\"] = \"allow\""),
    Case("elastic", named("event.outcome", text("unknown")), "never", .impossibleValue),
    Case("elastic", named("event.outcome", .matches(.prefix("z"), .sensitive)), "never", .impossibleValue),
    Case(
      "elastic", named("event.outcome", .regex(RegexPattern("s.*", .lucene, anchoring: .whole))), "refused",
      .untranslatable),
    Case(
      "elastic", present(.value, "event.outcome"), "annotations[\"authorization.k8s.io/decision\"] has a value"),
    Case(
      "elastic", named("kubernetes.audit.requestObject.metadata.name", text("x")), "never", .impossibleField),
    Case("elastic", .not(present(.value, "kubernetes.audit.requestObject.metadata")), "always", .impossibleField),
    Case("sigma", named("requestObject.metadata.name", text("x")), "requestObject.metadata.name = \"x\""),
    Case("elastic", present(.value, "kubernetes.audit.verb"), "verb has a value"),
    Case(
      "elastic", present(.value, "kubernetes.audit.objectRef.apiGroup"),
      "all\n  objectRef.apiGroup has a value\n  not\n    objectRef.apiGroup = \"\""),
    Case(
      "elastic", present(.value, "kubernetes.audit.requestObject.spec.containers.image"),
      "some value fails: requestObject.spec.containers.image = \"\""),
    Case(
      "elastic", named("kubernetes.audit.objectRef.apiGroup", .matches(.anything, .sensitive)),
      "all\n  objectRef.apiGroup like \"*\"\n  not\n    objectRef.apiGroup = \"\""),
    Case(
      "elastic", named("kubernetes.audit.objectRef.apiGroup", .matches(.contains("k8s"), .sensitive)),
      "objectRef.apiGroup like \"*k8s*\""),
    Case("elastic", named("kubernetes.audit.objectRef.apiGroup", text("")), "never"),
    Case(
      "elastic",
      named("kubernetes.audit.objectRef.apiGroup", .regex(RegexPattern("apps|batch", .lucene, anchoring: .whole))),
      "objectRef.apiGroup matches lucene /apps|batch/ as a whole"),
    Case(
      "elastic",
      named("kubernetes.audit.objectRef.apiGroup", .regex(RegexPattern("(a|b){0,3}", .lucene, anchoring: .whole))),
      "all\n  objectRef.apiGroup matches lucene /(a|b){0,3}/ as a whole\n  not\n    objectRef.apiGroup = \"\""),
    Case(
      "elastic", named("kubernetes.audit.requestObject.spec.containers.image", .matches(.anything, .sensitive)),
      "some requestObject.spec.containers.image\n  all\n    . like \"*\"\n    not\n      . = \"\""),
  ]

  static let unmapped: [Case] = [
    Case("sigma", named("hostPath", .matches(.anything, .insensitive)), "refused", .impossibleField),
    Case("sigma", named("apiGroup", untyped("apps")), "refused", .impossibleField),
    Case("elastic", named("process.name", text("x")), "refused", .unmappedField),
    Case("sigma", named("verb", text("replace")), "verb = \"replace\"", .impossibleValue),
    Case("sigma", named("verb", untyped("GET")), "verb = \"GET\" ~"),
    Case("sigma", named("verb", text("GET")), "verb = \"GET\"", .impossibleValue),
    Case("sigma", named("stage", .matches(.prefix("Resp"), .sensitive)), "stage like \"Resp*\""),
    Case("sigma", named("stage", .matches(.prefix("resp"), .sensitive)), "stage like \"resp*\"", .impossibleValue),
  ]

  @Test(arguments: types + names + stored + unmapped)
  func `a vendor's test means this on the event`(test: Case) throws {
    let (predicate, diagnostics) = try CarriedMapping.toEvent(test.predicate, from: test.vendor)
    #expect(outline(predicate) == test.meaning)
    #expect(diagnostics.map(\.code) == test.codes, "\(diagnostics.map(\.message))")
  }

  static let containers = FieldPath(keys: "requestObject", "spec", "containers")

  @Test(arguments: [
    ("elastic", FieldPath(named: "kubernetes.audit.requestObject.spec.containers")),
    ("splunk", FieldPath([.key("requestObject.spec.containers"), .each])),
    ("sentinel", FieldPath(keys: "RequestObject", "spec", "containers")), ("panther", containers),
    ("panther", containers.appending(FieldPath([.each]))),
  ])
  func `paths inside an element start at the element`(vendor: String, path: FieldPath) throws {
    let inner = Predicate.all([named("image", untyped("a")), present(.single, "securityContext.privileged")])
    let (predicate, diagnostics) = try CarriedMapping.toEvent(.some(ElementTest(path, inner)), from: vendor)
    #expect(diagnostics.isEmpty)
    #expect(
      outline(predicate) == """
        some requestObject.spec.containers
          all
            image = "a" ~
            securityContext.privileged has a value
        """)
  }

  @Test func `what is refused names the nearest field`() throws {
    func help(_ name: String, _ vendor: String) throws -> String? {
      try CarriedMapping.toEvent(named(name, text("x")), from: vendor).diagnostics.first?.help
    }
    #expect(try help("hostPath", "sigma") == "did you mean 'requestObject.spec.volumes.hostPath'?")
    #expect(try help("apiGroup", "sigma") == "did you mean 'objectRef.apiGroup'?")
    #expect(try help("objectRef.resorce", "sigma") == "did you mean 'objectRef.resource'?")
    #expect(try help("user.groups", "splunk") == "did you mean 'user.groups{}'?")
    #expect(try help("UserAgents", "sentinel") == "did you mean 'UserAgent'?")
  }

  @Test func `an unmapped field is an error, a warning or nothing`() throws {
    let test = named("process.name", text("x"))
    let warned = try CarriedMapping.toEvent(test, from: "elastic", unmapped: .warn)
    #expect(warned.predicate == test)
    #expect(warned.diagnostics.map(\.severity) == [.warning])
    let kept = try CarriedMapping.toEvent(test, from: "elastic", unmapped: .keep)
    #expect(kept.predicate == test)
    #expect(kept.diagnostics.isEmpty)
  }

  @Test func `a value that no event has is explained`() throws {
    let diagnostic = try #require(
      try CarriedMapping.toEvent(named("verb", text("replace")), from: "sigma").diagnostics.first)
    #expect(diagnostic.severity == .warning)
    #expect(diagnostic.message == "no Kubernetes audit event has 'replace' at 'verb'")
    #expect(diagnostic.notes == ["a PUT is logged as update"])
  }

  @Test func `what is said of several places is said once`() throws {
    let file = SourceFile(name: "r.yml", text: "foo: a\nfoo: b\n")
    let tests = [0, 7].map { start in
      Predicate.field(
        FieldTest(
          FieldPath(named: "foo"), text("a\(start)"),
          origin: Origin(SourceRange(file: file, start: start, end: start + 3))))
    }
    let diagnostics = try CarriedMapping.toEvent(.any(tests), from: "sigma").diagnostics
    #expect(diagnostics.map(\.code) == [.impossibleField])
    #expect(diagnostics.first?.primary?.range.line == 1)
    #expect(diagnostics.first?.secondary.map(\.range.line) == [2])
  }

  @Test func `the place of a test stays with it`() throws {
    let file = SourceFile(name: "r.yml", text: "verb: replace")
    let origin = Origin(SourceRange(file: file, start: 0, end: 4))
    let test = FieldTest(FieldPath(named: "verb"), text("replace"), origin: origin)
    let (predicate, diagnostics) = try CarriedMapping.toEvent(.field(test), from: "sigma")
    guard case .field(let mapped)? = predicate else {
      Issue.record("no test")
      return
    }
    #expect(mapped.origin.range == origin.range)
    #expect(diagnostics.first?.primary?.range == origin.range)
  }
}
