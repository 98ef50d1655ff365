import Documents
import LanguageSupport
import RuleIR

/// The members of a rule file, in the order in which the Azure-Sentinel repository has them.
struct SentinelRuleFile {
  let metadata: RuleMetadata
  let window: TimeSpan?
  /// What the file has no place for.
  var notes: [String] = []

  init(_ metadata: RuleMetadata, window: TimeSpan?) {
    self.metadata = metadata
    self.window = window
  }

  /// What the file held that is not modelled; only where it was one of these files.
  private var custom: EventObject { metadata.form == SentinelRuleReader.name ? metadata.custom : EventObject() }

  mutating func node(query: String, trigger: (String, Int)) -> OutputNode {
    let isNearRealTime = custom["kind"] == .string("NRT") && trigger == ("gt", 0) && window == nil
    var members: [OutputNode.Member] = [
      .init("id", .text(identifier())), .init("name", .text(title)), .init("description", .text(description)),
      .init("severity", .text(severity())),
    ]
    if let status = metadata.status { members.append(.init("status", .text(status))) }
    members.append(
      .init("requiredDataConnectors", custom["requiredDataConnectors"].map { OutputNode($0) } ?? .list([])))
    if !isNearRealTime { members += schedule(trigger) }
    members.append(.init("tactics", .texts(tactics())))
    members.append(.init("relevantTechniques", .texts(metadata.attack.techniques)))
    members.append(.init("query", .text(query + "\n")))
    let placed: Set<String> = ["requiredDataConnectors", "version", "kind", "tags"]
    for member in custom.members where !placed.contains(member.key) {
      members.append(.init(member.key, OutputNode(member.value)))
    }
    if !metadata.tags.isEmpty || custom["tags"] != nil {
      members.append(.init("tags", custom["tags"].map { OutputNode($0) } ?? .texts(metadata.tags)))
    }
    members.append(.init("version", custom["version"].map { OutputNode($0) } ?? .text("1.0.0")))
    members.append(.init("kind", .text(isNearRealTime ? "NRT" : "Scheduled")))
    noteLost()
    return .mapping(members)
  }

  private var title: String { metadata.title.isEmpty ? metadata.name ?? metadata.id ?? "Untitled" : metadata.title }

  private var description: String { metadata.description.isEmpty ? title : metadata.description }

  /// The rule's own identifier where it is a UUID, else one that follows from it or from the title.
  private mutating func identifier() -> String {
    if let id = metadata.id, id.isUUID { return id }
    let derived = (metadata.id ?? title).derivedUUID
    notes.append("the id \(derived) was made from the rule's \(metadata.id == nil ? "title" : "own id")")
    return derived
  }

  private mutating func severity() -> String {
    switch metadata.level {
    case .critical?:
      notes.append("Sentinel's highest severity is High, not critical")
      return "High"
    case .high?: return "High"
    case .medium?: return "Medium"
    case .low?: return "Low"
    case .informational?: return "Informational"
    case nil:
      notes.append("the rule has no level: severity Medium was written")
      return "Medium"
    }
  }

  private func schedule(_ trigger: (String, Int)) -> [OutputNode.Member] {
    let lookback = metadata.schedule?.lookback ?? metadata.schedule?.interval ?? .hours(1)
    let period = max(lookback, window ?? lookback)
    let interval = metadata.schedule?.interval ?? period
    return [
      .init("queryFrequency", .text("\(interval)")), .init("queryPeriod", .text("\(period)")),
      .init("triggerOperator", .text(trigger.0)), .init("triggerThreshold", .integer(trigger.1)),
    ]
  }

  private mutating func tactics() -> [String] {
    var names: [String] = []
    for tactic in metadata.attack.tactics {
      guard let name = SentinelTactics.sentinel(tactic) else {
        notes.append("Sentinel has no tactic '\(tactic)'")
        continue
      }
      names.append(name)
    }
    return names
  }

  private mutating func noteLost() {
    let isOwn = metadata.form == SentinelRuleReader.name
    let lost = [
      ("authors", !metadata.authors.isEmpty && !isOwn), ("references", !metadata.references.isEmpty),
      ("false positives", !metadata.falsePositives.isEmpty), ("dates", (metadata.date ?? metadata.modified) != nil),
      ("license", metadata.license != nil),
    ].filter(\.1).map(\.0)
    if !lost.isEmpty { notes.append("an analytic rule has no place for \(lost.joined(separator: ", "))") }
  }
}

extension String {
  /// Whether it is written like a UUID.
  fileprivate var isUUID: Bool {
    let parts = split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.utf8.allSatisfy(\.isHexDigit) }
  }

  /// A UUID (version 8, RFC 9562) that only this text has, as far as 122 bits of FNV-1a can tell.
  fileprivate var derivedUUID: String {
    func hash(_ seed: UInt64) -> UInt64 {
      utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
    let high = hash(0xCBF2_9CE4_8422_2325) & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
    let low = hash(0x8422_2325_CBF2_9CE4) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    let digits = [high, low].map { half in
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
    let cuts = [0, 8, 12, 16, 20, 32]
    return zip(cuts, cuts.dropFirst()).map { from, to in
      String(digits.dropFirst(from).prefix(to - from))
    }.joined(separator: "-")
  }
}
