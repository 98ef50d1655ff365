import Events
import RuleIR
import SourceText
import Testing

@Suite struct EventFormTests {
  private static func write(_ event: EventValue, _ form: EventForm, _ envelope: Envelope = .plain) -> EventValue {
    form.value(of: EventRecord(event: event, place: EventPlace(source: "f", line: 1, offset: 0), envelope: envelope))
  }

  private static func part(_ keys: String..., of value: EventValue) -> EventValue? {
    var value: EventValue? = value
    for key in keys {
      guard case .object(let object)? = value else { return .none }
      value = object[key]
    }
    return value
  }

  @Test func `Elastic copies fields to its common names`() {
    let document = Self.write(EnvelopeTests.event, .elastic)
    #expect(Self.part("@timestamp", of: document) == "2026-01-02T03:04:05.000Z")
    #expect(
      Self.part("event", of: document)
        == ["kind": "event", "dataset": "kubernetes.audit_logs", "action": "get", "outcome": "success"])
    #expect(Self.part("user", of: document) == ["name": "jo"])
    #expect(Self.part("source", of: document) == ["ip": ["10.0.0.7"]])
    #expect(Self.part("related", of: document) == ["ip": ["10.0.0.7"], "user": ["jo"]])
    #expect(Self.part("user_agent", "original", of: document) == "curl/8.5.0")
    #expect(
      Self.part("orchestrator", of: document) == [
        "api_version": "audit.k8s.io/v1", "namespace": "shop", "resource": ["name": "db", "type": "secrets"],
        "type": "kubernetes",
      ])
    #expect(
      Self.part("kubernetes", "audit", "annotations", of: document) == ["authorization_k8s_io/decision": "allow"])
  }

  @Test func `Elastic drops what is empty, and the metadata of objects`() {
    let document = Self.write(
      [
        "verb": "create", "user": [:], "userAgent": "", "objectRef": ["apiGroup": "", "resource": "pods"],
        "requestObject": [
          "metadata": ["name": "x"],
          "spec": ["containers": [["image": "a", "env": []], ["image": "b"]], "x": nil, "y": false, "z": 0],
        ],
        "responseObject": ["metadata": ["name": "x"]], "responseStatus": ["metadata": [:]],
        "annotations": ["authorization.k8s.io/decision": "forbid", "authorization.k8s.io/reason": ""],
      ], .elastic)
    #expect(
      Self.part("kubernetes", "audit", of: document) == [
        "verb": "create", "objectRef": ["resource": "pods"],
        "requestObject": ["spec": ["containers": [["image": "a"], ["image": "b"]], "y": false, "z": 0]],
        "annotations": ["authorization_k8s_io/decision": "forbid"],
      ])
    #expect(Self.part("container", "image", "name", of: document) == ["a", "b"])
    #expect(Self.part("event", "outcome", of: document) == "failure")
    #expect(Self.part("user", of: document) == .none)
    #expect(Self.part("source", of: document) == .none)
  }

  @Test func `Elastic keeps what the envelope of AKS says`() throws {
    let line = """
      {"category":"kube-audit","resourceId":"/R","properties":{"pod":"p","stream":"stdout",\
      "log":"{\\"auditID\\":\\"1\\",\\"verb\\":\\"get\\"}"}}
      """
    let record = try #require(records(of: line).first)
    #expect(
      Self.part("kubernetes", "audit", "aks_metadata", of: EventForm.elastic.value(of: record))
        == ["category": "kube-audit", "pod": "p", "resource_id": "/R", "stream": "stdout"])
  }

  @Test func `AKS has a column a field`() {
    let row = Self.write(EnvelopeTests.event, .aks)
    #expect(Self.part("ObjectRef", "name", of: row) == "db")
    #expect(Self.part("TimeGenerated", of: row) == "2026-01-02T03:04:05.000002Z")
    #expect(Self.part("impersonatedUser", of: row) == .none)
    #expect(Self.part("Annotations", "authorization.k8s.io/decision", of: row) == "allow")
  }

  @Test func `Splunk keeps the text`() {
    #expect(Self.part("_raw", of: Self.write(["verb": "get"], .splunk)) == "{\"verb\":\"get\"}")
  }
}
