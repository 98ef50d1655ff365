import Events
import RuleIR
import SourceText
import Testing

@Suite struct EnvelopeTests {
  /// A plain event, without what a product would drop.
  static let event: EventValue = [
    "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": "5f2b",
    "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces/shop/secrets/db", "verb": "get",
    "user": ["username": "jo", "groups": ["dev"], "extra": ["authentication.kubernetes.io/pod-name": ["web-1"]]],
    "sourceIPs": ["10.0.0.7"], "userAgent": "curl/8.5.0",
    "objectRef": ["resource": "secrets", "namespace": "shop", "name": "db", "apiVersion": "v1"],
    "responseStatus": ["code": 200], "requestReceivedTimestamp": "2026-01-02T03:04:05.000001Z",
    "stageTimestamp": "2026-01-02T03:04:05.000002Z", "annotations": ["authorization.k8s.io/decision": "allow"],
  ]
  private static let text = EventValue.quoted(event.json)

  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var envelope: String
    var text: String
    var testDescription: String { name }

    init(_ name: String, _ envelope: String, _ text: String) {
      self.name = name
      self.envelope = envelope
      self.text = text
    }
  }

  static let cases: [Case] = [
    Case("plain", "plain", event.json),
    Case("CloudWatch", "cloudwatch", "{\"timestamp\":1,\"message\":\(text)}"),
    Case("CloudWatch Insights", "cloudwatch", "{\"@timestamp\":\"x\",\"@message\":\(text)}"),
    Case(
      "a CloudWatch subscription", "cloudwatch",
      "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"id\":\"1\",\"message\":\(text)}]}"),
    Case("AKS, as text", "azure-diagnostics", "{\"category\":\"kube-audit\",\"properties\":{\"log\":\(text)}}"),
    Case(
      "AKS, with a line end in it", "azure-diagnostics",
      "{\"category\":\"kube-audit-admin\",\"properties\":{\"log\":\(text.dropLast())\\n\"}}"),
    Case(
      "AKS, as an object", "azure-diagnostics", "{\"category\":\"kube-audit\",\"properties\":{\"log\":\(event.json)}}"),
    Case(
      "AKS records", "azure-diagnostics",
      "{\"records\":[{\"category\":\"kube-audit\",\"properties\":{\"log\":\(text)}}]}"),
    Case("AzureDiagnostics", "azure-diagnostics", "{\"Category\":\"kube-audit\",\"log_s\":\(text)}"),
    Case("Splunk's raw text", "splunk", "{\"_raw\":\(text),\"sourcetype\":\"_json\"}"),
    Case("a Splunk result", "splunk", "{\"preview\":false,\"result\":{\"_raw\":\(text)}}"),
    Case("Splunk's collector", "splunk", "{\"time\":1,\"sourcetype\":\"x\",\"event\":\(event.json)}"),
    Case("Splunk's collector, as text", "splunk", "{\"time\":1,\"event\":\(text)}"),
    Case(
      "Elastic with the original", "elastic",
      "{\"event\":{\"original\":\(text)},\"kubernetes\":{\"audit\":{\"verb\":\"x\"}}}"),
  ]

  @Test(arguments: cases) func `an envelope is taken off`(test: Case) throws {
    let found = records(of: test.text)
    #expect(found.map(\.event) == [Self.event])
    #expect(found.map(\.envelope.name) == [test.envelope])
    #expect(failures(of: test.text).isEmpty)
  }

  @Test(arguments: EventForm.allCases) func `what is written in a form is read back`(form: EventForm) throws {
    let record = EventRecord(event: Self.event, place: EventPlace(source: "f", line: 1, offset: 0))
    let found = try #require(records(of: form.write(record)).first)
    guard case .object(var expected) = Self.event else { return }
    if form == .aks {
      // The table has no columns for these.
      expected["kind"] = nil
      expected["apiVersion"] = nil
    }
    #expect(found.event == .object(expected))
  }

  @Test func `a row of AKSAudit has JSON in its dynamic columns, or text`() {
    let row = """
      {"AuditId":"5f2b","Verb":"get","Stage":"ResponseComplete","User":"{\\"username\\":\\"jo\\"}",\
      "ObjectRef":{"resource":"secrets"},"SourceIps":"[\\"10.0.0.7\\"]","RequestObject":"skipped-too-big-size-object",\
      "ResponseObject":"","Annotations":null,"TimeGenerated":"x"}
      """
    #expect(
      records(of: row).map(\.event.json) == [
        """
        {"auditID":"5f2b","stage":"ResponseComplete","verb":"get","user":{"username":"jo"},"sourceIPs":["10.0.0.7"],\
        "objectRef":{"resource":"secrets"},"requestObject":"skipped-too-big-size-object"}
        """
      ])
  }

  @Test func `an entry of Cloud Logging becomes an audit event`() {
    let entry = """
      {"insertId":"i1","receiveTimestamp":"2026-01-02T03:04:06Z","timestamp":"2026-01-02T03:04:05Z",\
      "labels":{"authorization.k8s.io/decision":"forbid"},"protoPayload":{"serviceName":"k8s.io",\
      "methodName":"io.k8s.authorization.rbac.v1.roles.create","authenticationInfo":{"principalEmail":"jo@example.com"},\
      "requestMetadata":{"callerIp":"10.0.0.7","callerSuppliedUserAgent":"kubectl"},\
      "resourceName":"rbac.authorization.k8s.io/v1/namespaces/shop/roles/reader",\
      "request":{"@type":"t","kind":"Role"},"status":{"code":7,"message":"no"}}}
      """
    let found = records(of: entry)
    #expect(found.map(\.envelope) == [.cloudLogging])
    #expect(
      found.map(\.event.json) == [
        """
        {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"i1","stage":"ResponseComplete",\
        "requestURI":"/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/reader","verb":"create",\
        "user":{"username":"jo@example.com"},"sourceIPs":["10.0.0.7"],"userAgent":"kubectl",\
        "objectRef":{"resource":"roles","namespace":"shop","name":"reader","apiGroup":"rbac.authorization.k8s.io",\
        "apiVersion":"v1"},"responseStatus":{"status":"Failure","message":"no","code":403},\
        "requestObject":{"kind":"Role"},"requestReceivedTimestamp":"2026-01-02T03:04:06Z",\
        "stageTimestamp":"2026-01-02T03:04:05Z","annotations":{"authorization.k8s.io/decision":"forbid"}}
        """
      ])
  }

  @Test(arguments: [
    ("core/v1/secrets", "secrets", "/api/v1/secrets"),
    ("core/v1/namespaces/shop", "namespaces", "/api/v1/namespaces/shop"),
    ("core/v1/namespaces/shop/pods/web/exec", "pods", "/api/v1/namespaces/shop/pods/web/exec"),
    ("apps/v1/deployments", "deployments", "/apis/apps/v1/deployments"),
  ])
  func `Google's resource names are taken apart`(name: String, resource: String, uri: String) throws {
    let entry =
      "{\"protoPayload\":{\"serviceName\":\"k8s.io\",\"methodName\":\"io.k8s.x.get\",\"resourceName\":\"\(name)\",\"status\":{}}}"
    guard case .object(let event)? = records(of: entry).first?.event, case .object(let reference)? = event["objectRef"]
    else {
      Issue.record("no event")
      return
    }
    #expect(reference["resource"] == .string(resource))
    #expect(event["requestURI"] == .string(uri))
    #expect(event["responseStatus"] == ["code": 200])
  }

  @Test func `dotted names of search results are taken apart`() {
    let result = """
      {"result":{"verb":"get","user.username":"jo","user.groups{}":["a","b"],"sourceIPs{}":"10.0.0.7",\
      "responseStatus.code":"403","annotations.authorization.k8s.io/decision":"forbid"}}
      """
    #expect(
      records(of: result).map(\.event.json) == [
        """
        {"verb":"get","user":{"username":"jo","groups":["a","b"]},"sourceIPs":["10.0.0.7"],\
        "responseStatus":{"code":403},"annotations":{"authorization.k8s.io/decision":"forbid"}}
        """
      ])
  }

  @Test func `an envelope that is named is the only one`() {
    let plain = "{\"auditID\":\"1\",\"stage\":\"ResponseComplete\",\"verb\":\"get\"}"
    let quoted = plain.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
    let text = plain + "\n{\"_raw\":\"\(quoted)\"}\n{\"p_log_type\":\"Kubernetes.Audit\"," + plain.dropFirst() + "\n"
    func read(_ expected: ExpectedEnvelope?) -> [Bool] {
      EventReader(BytesSource(Array(text.utf8)), name: "f", expecting: expected).map { reading in
        if case .record(let record) = reading, case .object(let event) = record.event { return event["verb"] != nil }
        return false
      }
    }
    #expect(read(nil) == [true, true, true])
    #expect(read(.plain) == [true, false, true])
    #expect(read(.splunk) == [false, true, false])
    #expect(read(.panther) == [false, false, true])
    #expect(read(.elastic) == [false, false, false])
  }

  @Test func `an envelope around no event is named`() {
    let faults = [
      "{\"category\":\"kube-audit\",\"properties\":{\"log\":\"oops\"}}": "AKS",
      "{\"_raw\":\"oops\"}": "Splunk",
    ]
    for (text, product) in faults {
      #expect(failures(of: text).map(\.reason).first?.contains("looks like an event from \(product)") == true)
      #expect(records(of: text).isEmpty)
    }
  }

  @Test func `what is no envelope stays as it is`() {
    let texts = [
      "{\"message\":\"hello\"}", "{\"category\":\"kube-scheduler\",\"properties\":{\"log\":\"I0102\"}}", "{}",
    ]
    for text in texts { #expect(records(of: text).map(\.event.json) == [text]) }
  }
}
