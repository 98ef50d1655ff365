import RuleIR

/// Takes envelopes off: what products put around an audit event, or make of it.
struct EnvelopeUnwrapper {
  enum Event {
    case event(EventValue, Envelope, Set<EventRemark>)
    case refused(String)
  }

  struct Unwrapped {
    var events: [Event]
    var isBatch = false
  }

  let parser: EventParser
  /// Envelopes may lie in one another: a batch of log entries, each with an event as text.
  private let depth = 4

  init(_ parser: EventParser) { self.parser = parser }

  func unwrap(_ value: EventValue) throws(EventParser.Refusal) -> Unwrapped {
    guard case .object(let object) = value else { throw EventParser.Refusal(reason: "it is no JSON object") }
    return unwrap(object, levels: depth)
  }

  private func unwrap(_ object: EventObject, levels: Int) -> Unwrapped {
    guard levels > 0 else { return Unwrapped(events: [.refused("its envelopes lie too deep in one another")]) }
    if let batch = batch(object) { return unwrap(batch: batch, levels: levels) }
    if object.isAudit { return .plain(object) }
    if let windows = WindowsEvent(object) { return .plain(windows.object) }
    if let elastic = object.elasticAudit { return unwrapElastic(elastic, object, levels: levels) }
    if let payload = object["protoPayload"]?.object { return unwrapCloudLogging(object, payload) }
    if let log = object["properties"]?.object?["log"] { return unwrapAzure(object, log, levels: levels) }
    if let text = object["log_s"]?.string {
      return unwrap(text: text, as: .azureDiagnostics(EventObject()), "AzureDiagnostics", levels: levels)
    }
    if object["AuditId"] != nil, object["Verb"] != nil || object["Stage"] != nil {
      return Unwrapped(events: [.event(.object(aksAudit(object)), .aksAudit, [])])
    }
    return unwrapText(object, levels: levels) ?? .plain(object)
  }

  /// The members of a batch, where the object is one.
  private func batch(_ object: EventObject) -> [EventValue]? {
    if let items = object["items"]?.list, object["kind"]?.string == "EventList" || object.isAudit == false {
      return items
    }
    if let records = object["records"]?.list { return records }
    if object["messageType"]?.string == "DATA_MESSAGE", let events = object["logEvents"]?.list { return events }
    return object["hits"]?.object?["hits"]?.list
  }

  private func unwrap(batch: [EventValue], levels: Int) -> Unwrapped {
    var events: [Event] = []
    for member in batch {
      guard let object = member.object else {
        events.append(.refused("a member of the batch is no JSON object"))
        continue
      }
      events += unwrap(object, levels: levels - 1).events
    }
    return Unwrapped(events: events, isBatch: true)
  }

  /// Envelopes that are known by one key with the event in it.
  private func unwrapText(_ object: EventObject, levels: Int) -> Unwrapped? {
    if let source = object["_source"]?.object { return unwrap(source, levels: levels - 1) }
    if let result = object["result"]?.object { return unwrap(result, levels: levels - 1) }
    if let text = object["_raw"]?.string { return unwrap(text: text, as: .splunk, "Splunk", levels: levels) }
    if let text = (object["message"] ?? object["@message"])?.string, text.looksLikeObject {
      return unwrap(text: text, as: .cloudWatch, "CloudWatch", levels: levels)
    }
    if object.isSplunkInput, let event = object["event"] {
      if let text = event.string { return unwrap(text: text, as: .splunk, "Splunk", levels: levels) }
      if let inner = event.object, inner.isAudit { return .one(inner, .splunk) }
    }
    return object.hasFlatAuditFields ? .one(object.nested(), .splunk) : nil
  }

  /// An event that stands in an envelope as text.
  func unwrap(text: String, as envelope: Envelope, _ product: String, levels: Int) -> Unwrapped {
    do throws(EventParser.Refusal) {
      let parsed = try parser.parse(text)
      guard let object = parsed.value.object else { throw EventParser.Refusal(reason: "it is no JSON object") }
      var unwrapped = unwrap(object, levels: levels - 1)
      unwrapped.events = unwrapped.events.map { $0.inside(envelope, parsed.remarks) }
      return unwrapped
    } catch {
      return Unwrapped(
        events: [
          .refused("this looks like an event from \(product), but the text in it cannot be read: \(error.reason)")
        ])
    }
  }
}

extension EnvelopeUnwrapper.Event {
  /// The event with what lies around it; an envelope farther in says more.
  func inside(_ envelope: Envelope, _ remarks: Set<EventRemark> = []) -> Self {
    switch self {
    case .event(let value, let inner, let own):
      .event(value, inner == .plain ? envelope : inner, own.union(remarks))
    case .refused: self
    }
  }
}

extension EnvelopeUnwrapper.Unwrapped {
  static func plain(_ object: EventObject) -> Self { one(object, .plain) }

  static func one(_ object: EventObject, _ envelope: Envelope) -> Self {
    Self(events: [.event(.object(object), envelope, [])])
  }
}

extension EventObject {
  /// Whether it is an audit event as the API server writes it.
  var isAudit: Bool {
    if self["kind"]?.string == "Event", self["apiVersion"]?.string?.hasPrefix("audit.k8s.io/") == true { return true }
    return self["auditID"] != nil && (self["stage"] != nil || self["verb"] != nil)
  }

  /// Whether it is what Splunk's HTTP Event Collector takes.
  fileprivate var isSplunkInput: Bool {
    self["sourcetype"] != nil || self["source"] != nil || self["time"] != nil || self["host"] != nil
  }

  /// Whether it has audit fields under dotted names, as a search result has.
  fileprivate var hasFlatAuditFields: Bool {
    self["verb"] != nil && keys.contains { $0.hasPrefix("objectRef.") || $0.hasPrefix("user.") }
  }
}

extension EventValue {
  var object: EventObject? { if case .object(let object) = self { object } else { nil } }
  var list: [EventValue]? { if case .list(let elements) = self { elements } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var number: Number? { if case .number(let number) = self { number } else { nil } }
}

extension String {
  /// Whether the text may be a JSON object.
  var looksLikeObject: Bool { utf8.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{") }
}
