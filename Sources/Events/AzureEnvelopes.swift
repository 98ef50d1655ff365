import RuleIR

/// How the names of the audit event and the columns of AKSAudit stand to each other.
///
/// https://learn.microsoft.com/azure/azure-monitor/reference/tables/aksaudit
enum AKSAuditColumns {
  static let all: [(column: String, field: String)] = [
    ("Level", "level"), ("AuditId", "auditID"), ("Stage", "stage"), ("RequestUri", "requestURI"), ("Verb", "verb"),
    ("User", "user"), ("SourceIps", "sourceIPs"), ("UserAgent", "userAgent"), ("ObjectRef", "objectRef"),
    ("ResponseStatus", "responseStatus"), ("RequestObject", "requestObject"), ("ResponseObject", "responseObject"),
    ("RequestReceivedTime", "requestReceivedTimestamp"), ("StageReceivedTime", "stageTimestamp"),
    ("Annotations", "annotations"),
  ]

  /// Columns that hold JSON, which exports give as text.
  static let dynamic: Set<String> = [
    "User", "SourceIps", "ObjectRef", "ResponseStatus", "RequestObject", "ResponseObject", "Annotations",
  ]
}

extension EnvelopeUnwrapper {
  /// The event of a diagnostic log, which stands in it as text or as an object.
  func unwrapAzure(_ entry: EventObject, _ log: EventValue, levels: Int) -> Unwrapped {
    let envelope = Envelope.azureDiagnostics(Self.metadata(of: entry))
    switch log {
    case .string(let text):
      if let category = entry["category"]?.string, !category.hasPrefix("kube-audit") { return .plain(entry) }
      return unwrap(text: text, as: envelope, "AKS", levels: levels)
    case .object(let event): return .one(event, envelope)
    case .null, .boolean, .number, .list:
      return Unwrapped(events: [.refused("this looks like an event from AKS, but 'properties.log' holds none")])
    }
  }

  /// What Elastic keeps of the envelope, under the names that it gives.
  private static func metadata(of entry: EventObject) -> EventObject {
    let properties = entry["properties"]?.object ?? EventObject()
    let members: [(String, EventValue?)] = [
      ("category", entry["category"]), ("container_id", properties["containerID"]),
      ("operation_name", entry["operationName"]), ("pod", properties["pod"]), ("resource_id", entry["resourceId"]),
      ("service_build", entry["serviceBuild"]), ("stream", properties["stream"]), ("time", entry["time"]),
    ]
    return EventObject(members.compactMap { key, value in value.map { EventObject.Member(key: key, value: $0) } })
  }

  /// The event of a row of AKSAudit; dynamic columns may come as JSON text.
  func aksAudit(_ row: EventObject) -> EventObject {
    var event = EventObject()
    for (column, field) in AKSAuditColumns.all {
      guard let value = row[column], value != .null else { continue }
      if case .string("") = value, AKSAuditColumns.dynamic.contains(column) { continue }
      event[field] = AKSAuditColumns.dynamic.contains(column) ? read(value) : value
    }
    return event
  }

  /// A dynamic value; a text that is no JSON stays one, as for a request that was too large to keep.
  private func read(_ value: EventValue) -> EventValue {
    guard case .string(let text) = value else { return value }
    do throws(EventParser.Refusal) {
      return try parser.parse(text).value
    } catch {
      return value
    }
  }
}
