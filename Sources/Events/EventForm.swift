public import RuleIR

/// A form in which a product stores audit events.
public enum EventForm: String, Hashable, Sendable, CaseIterable {
  /// As the API server writes it.
  case raw
  /// A document of Elastic's Kubernetes integration.
  case elastic
  /// A row of the table AKSAudit.
  case aks
  /// An event in Splunk's index: its text, of which Splunk takes the fields when it searches, and where it came from.
  case splunk

  /// The event in this form, as one line of JSON.
  public func write(_ record: EventRecord) -> String { value(of: record).json }

  public func value(of record: EventRecord) -> EventValue {
    guard case .object(let event) = record.event else { return record.event }
    switch self {
    case .raw: return record.event
    case .elastic: return .object(ElasticDocument(event, envelope: record.envelope).object)
    case .aks: return .object(aksRow(event))
    case .splunk:
      return [
        "_raw": .string(record.event.json), "source": "kubernetes", "sourcetype": "kube:apiserver:audit",
      ]
    }
  }

  private func aksRow(_ event: EventObject) -> EventObject {
    var row = EventObject()
    row["TimeGenerated"] = event["stageTimestamp"] ?? event["requestReceivedTimestamp"]
    for (column, field) in AKSAuditColumns.all { row[column] = event[field] }
    row["Type"] = "AKSAudit"
    return row
  }
}

/// What Elastic's Kubernetes integration makes of an audit event.
///
/// https://github.com/elastic/integrations/tree/main/packages/kubernetes/data_stream/audit_logs
struct ElasticDocument {
  private let event: EventObject
  private let envelope: Envelope

  init(_ event: EventObject, envelope: Envelope) {
    self.event = event
    self.envelope = envelope
  }

  var object: EventObject {
    var document = EventObject()
    document["@timestamp"] = (event["stageTimestamp"] ?? event["requestReceivedTimestamp"])?.string.map { text in
      // Stored to the millisecond.
      .string(text.utf8.count > 24 ? "\(text.prefix(23))Z" : text)
    }
    document["data_stream"] = ["type": "logs", "dataset": "kubernetes.audit_logs", "namespace": "default"]
    document["event"] = .object(kind)
    document["kubernetes"] = .object(EventObject([.init(key: "audit", value: .object(audit))]))
    document["orchestrator"] = orchestrator.stored
    document["related"] = related.stored
    document["user"] =
      Self.object(("name", event["user"]?.object?["username"]), ("id", event["user"]?.object?["uid"])).stored
    document["user_agent"] = Self.object(("original", event["userAgent"])).stored
    let addresses = Self.object(("ip", event["sourceIPs"])).stored
    document["source"] = addresses
    document["client"] = addresses
    if let images, !images.isEmpty { document["container"] = ["image": ["name": .list(images)]] }
    return document
  }

  private static func object(_ members: (String, EventValue?)...) -> EventValue {
    .object(EventObject(members.compactMap { key, value in value.map { .init(key: key, value: $0) } }))
  }

  private var kind: EventObject {
    var kind = EventObject([
      .init(key: "kind", value: "event"), .init(key: "dataset", value: "kubernetes.audit_logs"),
    ])
    kind["action"] = event["verb"]?.stored
    switch event["annotations"]?.object?["authorization.k8s.io/decision"]?.string {
    case "allow": kind["outcome"] = "success"
    case "forbid": kind["outcome"] = "failure"
    case _: break
    }
    return kind
  }

  private var audit: EventObject {
    var audit = event
    for key in ["requestObject", "responseObject"] {
      guard case .object(var object)? = event[key] else { continue }
      object["metadata"] = nil
      audit[key] = .object(object)
    }
    if let annotations = event["annotations"]?.object {
      audit["annotations"] = .object(
        EventObject(annotations.members.map { .init(key: $0.key.replacing(".", with: "_"), value: $0.value) }))
    }
    var stored = EventValue.object(audit).stored?.object ?? EventObject()
    if case .azureDiagnostics(let metadata) = envelope, !metadata.members.isEmpty {
      stored["aks_metadata"] = .object(metadata)
    }
    return stored
  }

  private var orchestrator: EventValue {
    let reference = event["objectRef"]?.object
    return Self.object(
      ("api_version", event["apiVersion"]), ("namespace", reference?["namespace"]),
      ("resource", Self.object(("name", reference?["name"]), ("type", reference?["resource"]))),
      ("type", "kubernetes"))
  }

  private var related: EventValue {
    let user = event["user"]?.object
    let names = [user?["uid"], user?["username"]].compactMap { $0?.stored }
    return Self.object(("ip", event["sourceIPs"]), ("user", .list(names)))
  }

  private var images: [EventValue]? {
    event["requestObject"]?.object?["spec"]?.object?["containers"]?.list?.compactMap { $0.object?["image"] }
  }
}

extension EventValue {
  /// The value as Elastic keeps it: without members that are null, empty texts, empty objects or empty lists.
  ///
  /// Nil where nothing is left. What stands in a list stays there.
  fileprivate var stored: EventValue? {
    let cleaned = withoutEmptyMembers
    if cleaned.isEmpty { return .none }
    return cleaned
  }

  private var withoutEmptyMembers: EventValue {
    switch self {
    case .object(let object):
      .object(
        EventObject(
          object.members.compactMap { member in
            member.value.stored.map { EventObject.Member(key: member.key, value: $0) }
          }))
    case .list(let elements): .list(elements.map(\.withoutEmptyMembers))
    case .null, .boolean, .number, .string: self
    }
  }

  private var isEmpty: Bool {
    switch self {
    case .null: true
    case .string(let text): text.isEmpty
    case .list(let elements): elements.isEmpty
    case .object(let object): object.members.isEmpty
    case .boolean, .number: false
    }
  }
}
