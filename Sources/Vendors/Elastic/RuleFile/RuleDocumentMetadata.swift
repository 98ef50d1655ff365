import Documents
import LanguageSupport
import RuleIR
import SourceText

extension RuleDocument {
  /// The keys of a rule that have a place of their own in `RuleMetadata` or in the body.
  private static let known: Set<String> = [
    "name", "rule_id", "description", "severity", "author", "references", "false_positives", "tags", "license",
    "index", "from", "interval", "type", "language", "query", "threshold", "new_terms", "new_terms_fields",
    "history_window_start", "filters",
  ]

  mutating func readMetadata() throws(Diagnostic) -> RuleMetadata {
    let name = try rule.required("name", in: "the rule").requiredText("name")
    return RuleMetadata(
      id: rule["rule_id"]?.text, title: name.text.trimmed, description: rule["description"]?.text?.trimmed ?? "",
      level: level(), status: metadata?["maturity"]?.text, authors: rule["author"]?.texts ?? [],
      date: day("creation_date"), modified: day("updated_date"), references: rule["references"]?.texts ?? [],
      falsePositives: (rule["false_positives"]?.texts ?? []).map(\.trimmed), tags: rule["tags"]?.texts ?? [],
      attack: attack, license: rule["license"]?.text, source: try source(), schedule: schedule(), custom: custom,
      form: form, origin: Origin(name.range))
  }

  private mutating func level() -> RuleMetadata.Level? {
    guard let severity = rule["severity"] else { return nil }
    if let text = severity.text, let level = RuleMetadata.Level(rawValue: text), level != .informational {
      return level
    }
    warn(
      Diagnostic(
        .invalidValue, "'\(severity.text ?? "")' is no severity", severity: .warning, at: severity.range,
        label: "expected low, medium, high or critical"))
    return nil
  }

  /// A day as `2026-03-10`, which TOML files write with slashes.
  private func day(_ key: String) -> String? {
    metadata?[key]?.text.map { String($0.map { $0 == "/" ? "-" : $0 }) }
  }

  private func source() throws(Diagnostic) -> LogSource {
    guard let index = rule["index"], !index.isNull else { return LogSource(vendor: "elastic") }
    let names = try index.requiredTexts("index")
    return LogSource(vendor: "elastic", names.map { .init("index", $0) }, origin: Origin(index.range))
  }

  /// When the rule runs and how far it looks back; Kibana's own 5 and 6 minutes where it does not say.
  private mutating func schedule() -> Schedule {
    var schedule = Schedule(interval: .minutes(5), lookback: .minutes(6))
    if let from = rule["from"] {
      schedule.lookback = from.text.flatMap(TimeSpan.init(sinceNow:))
      if schedule.lookback == nil { warnOfTime(from) }
    }
    if let interval = rule["interval"] {
      schedule.interval = interval.text.flatMap { TimeSpan($0) }
      if schedule.interval == nil { warnOfTime(interval) }
    }
    return schedule
  }

  private mutating func warnOfTime(_ node: DocumentNode) {
    warn(
      Diagnostic(
        .invalidValue, "'\(node.text ?? "")' is no length of time", severity: .warning, at: node.range,
        label: "not understood"))
  }

  /// The ids of tactics and techniques, each once.
  private var attack: AttackTags {
    var attack = AttackTags()
    func add(_ node: DocumentNode?, to list: inout [String]) {
      guard let id = node?["id"]?.text, !list.contains(id) else { return }
      list.append(id)
    }
    for threat in rule["threat"]?.elements ?? [] {
      add(threat["tactic"], to: &attack.tactics)
      for technique in threat["technique"]?.elements ?? [] {
        add(technique, to: &attack.techniques)
        for sub in technique["subtechnique"]?.elements ?? [] { add(sub, to: &attack.techniques) }
      }
    }
    return attack
  }

  /// The value of a key; of the exception lists those that did not become part of the condition.
  private func kept(_ key: String, _ value: EventValue) -> EventValue {
    guard key == "exceptions_list", case .list(let lists) = value else { return value }
    return .list(
      lists.filter { list in
        guard case .object(let object) = list, case .string(let name)? = object["list_id"] else { return true }
        return !readLists.contains(name)
      })
  }

  /// What has no place of its own, the names of tactics and techniques among it.
  private var custom: EventObject {
    var members = (rule.members ?? []).filter { !Self.known.contains($0.key.text) }
      .map { EventObject.Member(key: $0.key.text, value: kept($0.key.text, EventValue($0.value))) }
    let rest = (metadata?.members ?? []).filter {
      !["maturity", "creation_date", "updated_date"].contains($0.key.text)
    }
    if !rest.isEmpty {
      let values = rest.map { EventObject.Member(key: $0.key.text, value: EventValue($0.value)) }
      members.append(.init(key: "metadata", value: .object(EventObject(values))))
    }
    return EventObject(members)
  }
}
