import RuleIR

extension EnvelopeUnwrapper {
  /// The audit event of an entry of Cloud Logging, which GKE writes in Google's own form.
  ///
  /// https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog
  func unwrapCloudLogging(_ entry: EventObject, _ payload: EventObject) -> Unwrapped {
    if let service = payload["serviceName"]?.string, service != "k8s.io" { return .plain(entry) }
    var event = EventObject([
      .init(key: "kind", value: "Event"), .init(key: "apiVersion", value: "audit.k8s.io/v1"),
      .init(key: "level", value: .string(Self.level(payload))),
    ])
    event["auditID"] = entry["insertId"] ?? entry["auditID"]
    event["stage"] = "ResponseComplete"
    let resource = payload["resourceName"]?.string.flatMap(ResourceName.init)
    event["requestURI"] = resource.map { .string($0.requestURI) }
    event["verb"] = payload["methodName"]?.string.flatMap { $0.split(separator: ".").last }.map { .string(String($0)) }
    event["user"] = .object(
      EventObject(
        payload["authenticationInfo"]?.object?["principalEmail"].map { [.init(key: "username", value: $0)] } ?? []))
    let request = payload["requestMetadata"]?.object
    event["sourceIPs"] = request?["callerIp"].map { .list([$0]) }
    event["userAgent"] = request?["callerSuppliedUserAgent"]
    event["objectRef"] = resource.map { .object($0.objectRef) }
    event["responseStatus"] = payload["status"]?.object.map { .object(Self.responseStatus($0)) }
    event["requestObject"] = payload["request"].map(Self.withoutType)
    event["responseObject"] = payload["response"].map(Self.withoutType)
    event["requestReceivedTimestamp"] = entry["receiveTimestamp"] ?? entry["requestReceivedTimestamp"]
    event["stageTimestamp"] = entry["timestamp"] ?? entry["stageTimestamp"]
    event["annotations"] = entry["labels"] ?? entry["annotations"]
    return .one(event, .cloudLogging)
  }

  private static func level(_ payload: EventObject) -> String {
    payload["response"] != nil ? "RequestResponse" : payload["request"] != nil ? "Request" : "Metadata"
  }

  /// Google marks each object with its type, which the request did not have.
  private static func withoutType(_ value: EventValue) -> EventValue {
    guard case .object(var object) = value else { return value }
    object["@type"] = nil
    return .object(object)
  }

  /// A status of gRPC as the HTTP code that it stands for; no code, or zero, is success.
  ///
  /// https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
  private static func responseStatus(_ status: EventObject) -> EventObject {
    let code = status["code"]?.number?.integer ?? 0
    let http: [Int: Int] = [
      0: 200, 1: 499, 2: 500, 3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400, 12: 501,
      13: 500, 14: 503, 15: 500, 16: 401,
    ]
    var translated = EventObject()
    if code != 0 { translated["status"] = "Failure" }
    translated["message"] = status["message"]
    translated["code"] = .number(Number(http[code] ?? code))
    return translated
  }
}

/// A resource as Google names it: `core/v1/namespaces/NAMESPACE/pods/NAME/SUBRESOURCE`.
private struct ResourceName {
  private let group: String
  private let version: String
  private var namespace: String?
  private let parts: [String]

  init?(_ text: String) {
    let all = text.split(separator: "/").map(String.init)
    guard all.count >= 3 else { return nil }
    group = all[0]
    version = all[1]
    if all[2] == "namespaces", all.count >= 5 {
      namespace = all[3]
      parts = Array(all[4...])
    } else {
      parts = Array(all[2...])
    }
  }

  var objectRef: EventObject {
    var reference = EventObject()
    reference["resource"] = .string(parts[0])
    reference["namespace"] = namespace.map(EventValue.string)
    if parts.count > 1 { reference["name"] = .string(parts[1]) }
    if group != "core" { reference["apiGroup"] = .string(group) }
    reference["apiVersion"] = .string(version)
    if parts.count > 2 { reference["subresource"] = .string(parts[2...].joined(separator: "/")) }
    return reference
  }

  /// The path of the request, without its query, which is not told.
  var requestURI: String {
    let root = group == "core" ? "/api/\(version)" : "/apis/\(group)/\(version)"
    return ([root] + (namespace.map { ["namespaces", $0] } ?? []) + parts).joined(separator: "/")
  }
}
