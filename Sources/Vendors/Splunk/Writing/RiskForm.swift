import Documents
import RuleIR

/// Whom a detection puts at risk, by how much, and what it says of it.
///
/// It stands in `rba`, in the form of 2024 under `tags`, and in a saved search among the parameters of `action.risk`.
struct RiskForm {
  /// A field whose value is at risk, or is the threat.
  struct Subject {
    var field: String
    var kind: String
    /// Of what is at risk alone.
    var score: Int?
  }

  var message: String
  var atRisk: [Subject]
  var threats: [Subject]

  /// The highest score.
  var score: Int? { atRisk.compactMap(\.score).max() }

  // MARK: Reading

  /// The risk of a detection in either form; nil where it has none.
  init?(_ custom: EventObject) {
    if case .object(let form)? = custom["rba"] {
      message = form["message"]?.spelling ?? ""
      atRisk = Self.subjects(form["risk_objects"])
      threats = Self.subjects(form["threat_objects"])
      return
    }
    guard case .object(let tags)? = custom["tags"], let score = tags["risk_score"]?.spelling.flatMap({ Int($0) }),
      case .list(let observables)? = tags["observable"]
    else { return nil }
    message = tags["message"]?.spelling ?? ""
    let objects = observables.compactMap(\.object)
    atRisk = objects.filter { !Self.isAttacker($0) }.map {
      Subject(field: $0["name"]?.spelling ?? "", kind: Self.kind($0), score: score)
    }
    threats = objects.filter(Self.isAttacker).map {
      Subject(
        field: $0["name"]?.spelling ?? "", kind: ($0["type"]?.spelling ?? "").lowercased().replacingBlanks)
    }
  }

  private static func subjects(_ value: EventValue?) -> [Subject] {
    guard case .list(let elements)? = value else { return [] }
    return elements.compactMap(\.object).map { object in
      Subject(
        field: object["field"]?.spelling ?? "", kind: object["type"]?.spelling ?? "",
        score: object["score"]?.spelling.flatMap { Int($0) })
    }
  }

  private static func isAttacker(_ object: EventObject) -> Bool {
    guard case .list(let roles)? = object["role"] else { return false }
    return roles.contains { $0.spelling == "Attacker" }
  }

  private static func kind(_ object: EventObject) -> String {
    switch object["type"]?.spelling?.lowercased() {
    case "user", "user name", "username", "email address": "user"
    case "hostname", "endpoint", "device", "system", "ip address": "system"
    case _: "other"
    }
  }

  /// The risk of a saved search: `_risk`, a list in JSON, and `_risk_message`.
  ///
  /// https://docs.splunk.com/Documentation/ES/latest/Admin/Configurecorrelationsearches
  init?(parameters: EventValue, message: String) {
    guard case .list(let elements) = parameters else { return nil }
    let objects = elements.compactMap(\.object)
    self.message = message
    atRisk = objects.compactMap { object in
      object["risk_object_field"]?.spelling.map {
        Subject(
          field: $0, kind: object["risk_object_type"]?.spelling ?? "other",
          score: object["risk_score"]?.spelling.flatMap { Int($0) })
      }
    }
    threats = objects.compactMap { object in
      object["threat_object_field"]?.spelling.map {
        Subject(field: $0, kind: object["threat_object_type"]?.spelling ?? "")
      }
    }
  }

  /// As `rba` has it.
  var value: EventValue {
    func object(_ subject: Subject) -> EventValue {
      var members: EventObject = ["field": .string(subject.field), "type": .string(subject.kind)]
      if let score = subject.score { members["score"] = .number(Number(score)) }
      return .object(members)
    }
    return [
      "message": .string(message), "risk_objects": .list(atRisk.map(object)),
      "threat_objects": .list(threats.map(object)),
    ]
  }

  // MARK: Writing

  var node: OutputNode { OutputNode(value) }

  /// The parameters of a saved search.
  var parameters: String {
    let victims = atRisk.map { subject in
      OutputNode.mapping([
        .init("risk_object_field", .text(subject.field)), .init("risk_object_type", .text(subject.kind)),
        .init("risk_score", .integer(subject.score ?? 0)),
      ])
    }
    let attackers = threats.map { subject in
      OutputNode.mapping([
        .init("threat_object_field", .text(subject.field)), .init("threat_object_type", .text(subject.kind)),
      ])
    }
    return JSONWriter.write(.list(victims + attackers))
  }

  /// What the form of 2024 has under `tags` beside the rest: kept where it was read from there.
  static func scores(_ risk: RiskForm?, _ metadata: RuleMetadata, _ tags: EventValue?) -> [OutputNode.Member] {
    let known = tags?.object ?? EventObject()
    let score = risk?.score ?? metadata.level.map(RiskScore.score) ?? RiskScore.score(.medium)
    let observables =
      (risk?.atRisk ?? []).map { observable($0, role: "Victim") }
      + (risk?.threats ?? []).map { observable($0, role: "Attacker") }
    func kept(_ key: String, _ other: OutputNode) -> OutputNode.Member {
      .init(key, known[key].map(OutputNode.init) ?? other)
    }
    // The score is the product of the other two in per cent.
    return [
      kept("confidence", .integer(100)), kept("impact", .integer(score)),
      kept("message", .text(risk?.message ?? metadata.title)), kept("observable", .list(observables)),
      kept("required_fields", .texts(["_time"])), kept("risk_score", .integer(score)),
    ]
  }

  private static func observable(_ subject: Subject, role: String) -> OutputNode {
    let kind: String =
      switch subject.kind {
      case "user": "User"
      case "system": "Endpoint"
      case "ip_address": "IP Address"
      case "process_name", "parent_process_name": "Process Name"
      case "url": "URL String"
      case _: "Other"
      }
    return .mapping([
      .init("name", .text(subject.field)), .init("type", .text(kind)), .init("role", .texts([role])),
    ])
  }

  /// The risk without subjects whose fields a search lacks, and what it lacks; nil where nothing is left at risk.
  ///
  /// contentctl looks for the names anywhere in the search, and for those between dollar signs in the message.
  func kept(in search: String) -> (risk: RiskForm?, missing: [String]) {
    var missing: [String] = []
    func isThere(_ subject: Subject) -> Bool {
      if search.contains(subject.field.lowercased()) { return true }
      missing.append(subject.field)
      return false
    }
    var risk = self
    risk.message = Self.plain(message, in: search, &missing)
    risk.atRisk = atRisk.filter(isThere)
    risk.threats = threats.filter(isThere)
    return (risk.atRisk.isEmpty && !atRisk.isEmpty ? nil : risk, missing)
  }

  /// The message with `x` for `$x$` where the search has no field of that name.
  private static func plain(_ message: String, in search: String, _ missing: inout [String]) -> String {
    let pieces = message.split(separator: "$", omittingEmptySubsequences: false)
    guard pieces.count % 2 == 1 else { return message }
    var out = ""
    for (index, piece) in pieces.enumerated() {
      let isName = index % 2 == 1
      let isThere = search.contains(piece.lowercased())
      if isName, !isThere { missing.append(String(piece)) }
      out += isName && isThere ? "$\(piece)$" : String(piece)
    }
    return out
  }
}

extension EventValue {
  fileprivate var object: EventObject? { if case .object(let object) = self { object } else { nil } }
}

extension String {
  fileprivate var replacingBlanks: String { String(map { $0 == " " ? "_" : $0 }) }
}
