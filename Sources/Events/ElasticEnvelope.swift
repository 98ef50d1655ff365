import RuleIR

extension EventObject {
  /// The audit event in a document of Elastic's integration, with nested or dotted names.
  var elasticAudit: EventObject? {
    if let audit = self["kubernetes"]?.object?["audit"]?.object { return audit }
    let prefix = "kubernetes.audit."
    let flat = members.filter { $0.key.hasPrefix(prefix) }
    guard !flat.isEmpty else { return self["kubernetes.audit"]?.object }
    return EventObject(
      flat.map { EventObject.Member(key: String($0.key.dropFirst(prefix.count)), value: $0.value) }
    ).nested()
  }
}

extension EnvelopeUnwrapper {
  /// The event as it was before Elastic stored it, as far as that can be known.
  ///
  /// The pipeline keeps the original text where it is told to. Without it, what was removed stays away; the dots of
  /// annotation keys, which became `_`, come back in the part before the slash, a host name, which has no `_`.
  func unwrapElastic(_ audit: EventObject, _ document: EventObject, levels: Int) -> Unwrapped {
    if let text = document["event"]?.object?["original"]?.string, text.looksLikeObject {
      return unwrap(text: text, as: .elastic, "Elastic", levels: levels)
    }
    var event = audit
    if let payload = audit["protoPayload"]?.object {
      let unwrapped = unwrapCloudLogging(audit, payload)
      return Unwrapped(events: unwrapped.events.map { $0.inside(.elastic) })
    }
    event["aks_metadata"] = nil
    if let annotations = audit["annotations"]?.object {
      event["annotations"] = .object(
        EventObject(annotations.members.map { .init(key: Self.annotationKey($0.key), value: $0.value) }))
    }
    for key in ["user", "impersonatedUser"] {
      guard var user = audit[key]?.object else { continue }
      if let extra = user["extra"]?.object { user["extra"] = .object(EventObject(Self.joined(extra))) }
      if let group = user["groups"]?.string { user["groups"] = .list([.string(group)]) }
      event[key] = .object(user)
    }
    if let address = audit["sourceIPs"]?.string { event["sourceIPs"] = .list([.string(address)]) }
    return .one(event, .elastic)
  }

  private static func annotationKey(_ stored: String) -> String {
    guard let slash = stored.firstIndex(of: "/") else { return stored }
    return String(stored[..<slash].replacing("_", with: ".") + stored[slash...])
  }

  /// The members of a map whose dotted keys were read as ways through objects.
  private static func joined(_ object: EventObject, behind prefix: String = "") -> [EventObject.Member] {
    object.members.flatMap { member -> [EventObject.Member] in
      let key = prefix + member.key
      if let inner = member.value.object { return joined(inner, behind: key + ".") }
      return [EventObject.Member(key: key, value: member.value)]
    }
  }
}
