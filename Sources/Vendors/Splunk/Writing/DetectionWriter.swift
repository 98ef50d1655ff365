import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes a detection in the newer form of security content, with `rba`.
///
/// https://github.com/splunk/contentctl
public enum DetectionWriter: RuleWriter {
  public static let name = "splunk-detection"
  public static let fileExtension = ".yml"

  public static func support(for feature: Feature) -> Support { SPLSupport.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let query = try QueryWriter(rule: rule, schema: schema).query()
    var form = DetectionForm(rule)
    let document = form.document(search: "\(query.text) | `\(DetectionName.filter(of: form.title))`")
    return WrittenRule(text: YAMLWriter.write(document), losses: query.losses.unique, notes: form.notes)
  }
}

/// The keys of a detection.
struct DetectionForm {
  private let metadata: RuleMetadata
  private(set) var notes: [String] = []

  init(_ rule: Rule) { metadata = rule.metadata }

  /// The longest name that the product takes.
  private static let nameLimit = 67

  /// Letters, digits, blanks and `-./_`, since the file and the filter macro are named by it.
  var title: String {
    let kept = metadata.title.map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || " -._/".contains(character)) ? character : " "
    }
    let words = String(kept).split(separator: " ").joined(separator: " ")
    return words.isEmpty ? "Untitled" : trimmed(words.prefix(Self.nameLimit))
  }

  mutating func document(search: String) -> OutputNode {
    let custom = metadata.form == DetectionReader.name ? metadata.custom : EventObject()
    var members: [OutputNode.Member] = [.init("name", .text(title))]
    if title != metadata.title { notes.append("the name is shortened to what Splunk takes") }
    members.append(.init("id", .text(identifier)))
    members.append(.init("version", custom["version"].map(OutputNode.init) ?? .integer(1)))
    members.append(.init("date", .text(date)))
    let authors = metadata.authors.isEmpty ? "unknown" : metadata.authors.joined(separator: ", ")
    members.append(.init("author", .text(authors)))
    let hasTests = custom["tests"] != nil
    members.append(.init("status", .text(status(hasTests: hasTests))))
    let risk = risk(custom, in: search)
    let type = risk == nil ? "Hunting" : custom["type"]?.spelling ?? "Hunting"
    members.append(.init("type", .text(type)))
    let description = metadata.description.isEmpty ? metadata.title : metadata.description
    members.append(.init("description", .text(description)))
    members.append(.init("data_source", custom["data_source"].map(OutputNode.init) ?? .list([])))
    members.append(.init("search", .text(search)))
    members.append(.init("how_to_implement", custom["how_to_implement"].map(OutputNode.init) ?? .text("unknown")))
    let known = metadata.falsePositives.isEmpty ? "unknown" : metadata.falsePositives.joined(separator: "\n")
    members.append(.init("known_false_positives", .text(known)))
    members.append(.init("references", .texts(references)))
    if let value = custom["drilldown_searches"] { members.append(.init("drilldown_searches", OutputNode(value))) }
    if let risk, type != "Hunting" {
      members.append(.init("rba", risk))
    } else if metadata.level != nil {
      notes.append("a hunting detection has no risk score, so the level is not kept")
    }
    members.append(.init("tags", .mapping(tags(custom["tags"]))))
    if let tests = custom["tests"] { members.append(.init("tests", OutputNode(tests))) }
    return .mapping(members)
  }

  /// The statuses that the product knows; anything else is an experiment to it, and so is what has no tests.
  private func status(hasTests: Bool) -> String {
    let known: String = ["experimental", "production", "deprecated"].first { $0 == metadata.status } ?? "experimental"
    return known == "production" && !hasTests ? "experimental" : known
  }

  /// The risk, as far as it is of fields that the search has; without any the rule can only be one for hunting.
  private mutating func risk(_ custom: EventObject, in search: String) -> OutputNode? {
    guard let risk = custom["rba"].map(OutputNode.init) ?? RiskForm.risk(custom["tags"]) else { return nil }
    let (kept, missing) = RiskForm.kept(of: risk, in: search.lowercased())
    if !missing.isEmpty {
      let names = missing.map { "'\($0)'" }.joined(separator: ", ")
      notes.append("the search has no \(names), so that risk and message do without")
    }
    return kept
  }

  private var references: [String] {
    metadata.references.filter { $0.hasPrefix("https://") || $0.hasPrefix("http://") }
  }

  /// The last change, as year, month and day.
  private var date: String {
    let written = (metadata.modified ?? metadata.date ?? "").prefix(10).map { $0 == "/" ? Character("-") : $0 }
    let shape = written.map { $0.isASCII && $0.isNumber ? Character("9") : $0 }
    return String(shape) == "9999-99-99" ? String(written) : "1970-01-01"
  }

  /// The rule's own id, or one made from it, since the product takes UUIDs alone.
  private var identifier: String {
    let own = metadata.id ?? ""
    return MadeIdentifier.isUUID(own) ? own : MadeIdentifier.uuid(for: own.isEmpty ? metadata.title : own)
  }

  /// `T1552`, `T1552.007`.
  private static func isTechnique(_ id: String) -> Bool {
    let shape = String(id.map { $0.isASCII && $0.isNumber ? Character("9") : $0 })
    return shape == "T9999" || shape == "T9999.999"
  }

  private func tags(_ custom: EventValue?) -> [OutputNode.Member] {
    var known = EventObject()
    if case .object(let object)? = custom { known = object }
    return [
      .init("analytic_story", known["analytic_story"].map(OutputNode.init) ?? .list([])),
      .init("asset_type", known["asset_type"].map(OutputNode.init) ?? .text("Endpoint")),
      .init("mitre_attack_id", .texts(metadata.attack.techniques.filter(Self.isTechnique))),
      .init(
        "product",
        known["product"].map(OutputNode.init)
          ?? .texts(["Splunk Enterprise", "Splunk Enterprise Security", "Splunk Cloud"])),
      .init("security_domain", known["security_domain"].map(OutputNode.init) ?? .text("threat")),
    ]
  }
}

/// The `rba` of a detection in the form of 2024, which gives a score and observables under `tags`.
private enum RiskForm {
  static func risk(_ tags: EventValue?) -> OutputNode? {
    guard case .object(let tags)? = tags, let score = tags["risk_score"],
      case .list(let observables)? = tags["observable"]
    else { return nil }
    let objects = observables.compactMap { value -> EventObject? in
      if case .object(let object) = value { object } else { nil }
    }
    let victims = objects.filter { !isAttacker($0) }.map { object in
      OutputNode.mapping([
        .init("field", .text(object["name"]?.spelling ?? "")), .init("type", .text(kind(object))),
        .init("score", OutputNode(score)),
      ])
    }
    let attackers = objects.filter(isAttacker).map { object in
      OutputNode.mapping([
        .init("field", .text(object["name"]?.spelling ?? "")),
        .init("type", .text((object["type"]?.spelling ?? "").lowercased().replacingBlanks)),
      ])
    }
    return .mapping([
      .init("message", .text(tags["message"]?.spelling ?? "")), .init("risk_objects", .list(victims)),
      .init("threat_objects", .list(attackers)),
    ])
  }

  /// The risk without objects whose fields a search lacks, and what it lacks; nil where no risk object is left.
  ///
  /// contentctl looks for the names anywhere in the search, and for those between dollar signs in the message.
  static func kept(of risk: OutputNode, in search: String) -> (risk: OutputNode?, missing: [String]) {
    guard case .mapping(var members) = risk else { return (nil, []) }
    var missing: [String] = []
    for index in members.indices {
      switch members[index].value {
      case .text(let message) where members[index].key == "message":
        members[index].value = .text(plain(message, in: search, &missing))
      case .list(let objects):
        let kept = objects.filter { object in
          guard let name = field(of: object), !search.contains(name.lowercased()) else { return true }
          missing.append(name)
          return false
        }
        if kept.isEmpty, members[index].key == "risk_objects" { return (nil, missing) }
        members[index].value = .list(kept)
      case _: break
      }
    }
    return (.mapping(members), missing)
  }

  private static func field(of object: OutputNode) -> String? {
    guard case .mapping(let keys) = object, case .text(let name)? = keys.first(where: { $0.key == "field" })?.value
    else { return nil }
    return name
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
}

extension String {
  fileprivate var replacingBlanks: String { String(map { $0 == " " ? "_" : $0 }) }
}

extension OutputNode {
  /// A value of the rule file, as it was.
  init(_ value: EventValue) {
    switch value {
    case .null: self = .bare("null")
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number): self = .bare(number.text)
    case .string(let text): self = .text(text)
    case .list(let elements): self = .list(elements.map(OutputNode.init))
    case .object(let object): self = .mapping(object.members.map { Member($0.key, OutputNode($0.value)) })
    }
  }
}
