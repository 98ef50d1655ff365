import Documents
import LanguageSupport
import RuleIR
import SourceText

/// A rule as the members of a rule file, and what to say of it.
struct RuleOutput {
  /// In the order in which people read them.
  private(set) var members: [OutputNode.Member] = []
  private(set) var losses: [Loss]
  private(set) var notes: [String] = []
  private let shape: Shape

  /// How the two forms differ.
  enum Shape {
    /// Kibana's JSON: all flat.
    case flat
    /// Detection-rules TOML: what new-terms rules remember is nested.
    case nested
  }

  init(_ rule: Rule, for schema: TargetSchema, shape: Shape) throws(Diagnostic) {
    self.shape = shape
    let query = try QueryChoice.write(rule, for: schema)
    losses = query.losses
    notes = query.notes
    describe(rule.metadata)
    add("type", .text(query.type))
    add("language", .text(query.language))
    add("query", .text(query.text))
    if !query.namesIndices { addIndices(rule.metadata, schema) }
    try add(query)
    addSchedule(query.schedule ?? rule.metadata.schedule)
    addThreat(rule.metadata)
    addRest(rule.metadata)
  }

  private mutating func add(_ key: String, _ value: OutputNode) { members.append(.init(key, value)) }

  private mutating func addTexts(_ key: String, _ texts: [String]) {
    if !texts.isEmpty { add(key, .texts(texts)) }
  }

  // MARK: What the rule says of itself

  private mutating func describe(_ metadata: RuleMetadata) {
    let title = metadata.title.isEmpty ? metadata.name ?? metadata.id ?? "Untitled" : metadata.title
    add("rule_id", .text(metadata.id ?? identifier(from: title)))
    add("name", .text(title))
    add("description", .text(metadata.description.isEmpty ? title : metadata.description))
    let score = metadata.custom["risk_score"].flatMap { value in
      if case .number(let number) = value { number.integer } else { nil }
    }
    let severity = severity(metadata.level)
    add("severity", .text(severity.name))
    add("risk_score", .integer(metadata.isElastic ? score ?? severity.score : severity.score))
    addTexts("author", metadata.authors)
    if let license = metadata.license { add("license", .text(license)) }
    addTexts("tags", metadata.tags)
    addTexts("references", metadata.references)
    addTexts("false_positives", metadata.falsePositives)
  }

  /// A name that stays the same for the same title.
  private mutating func identifier(from title: String) -> String {
    notes.append("the rule has no id: one is made from its title")
    let letters = title.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let words = String(letters).split(separator: "-").joined(separator: "-")
    return words.isEmpty ? "untitled" : words
  }

  /// Kibana has four levels, with the scores that detection-rules gives them.
  private mutating func severity(_ level: RuleMetadata.Level?) -> (name: String, score: Int) {
    switch level {
    case .low: return ("low", 21)
    case .medium: return ("medium", 47)
    case .high: return ("high", 73)
    case .critical: return ("critical", 99)
    case .informational:
      notes.append("the level 'informational' is written as 'low'")
      return ("low", 1)
    case nil:
      notes.append("the rule has no level: 'medium' is written")
      return ("medium", 47)
    }
  }

  private mutating func addIndices(_ metadata: RuleMetadata, _ schema: TargetSchema) {
    var indices = schema.source.values("index")
    if indices.isEmpty, metadata.source.vendor == "elastic" { indices = metadata.source.values("index") }
    if indices.isEmpty, metadata.custom["data_view_id"] == nil {
      notes.append("no index is known: Kibana looks at its default ones")
    }
    addTexts("index", indices)
  }

  // MARK: When it fires

  private mutating func add(_ query: WrittenQuery) throws(Diagnostic) {
    if let threshold = query.threshold {
      var parts = [
        OutputNode.Member("field", .texts(threshold.fields)), .init("value", .integer(threshold.count)),
      ]
      if let (field, count) = threshold.cardinality {
        parts.append(
          .init("cardinality", .list([.mapping([.init("field", .text(field)), .init("value", .integer(count))])])))
      }
      add("threshold", .mapping(parts))
    }
    guard let terms = query.newTerms else { return }
    var fields: [String] = []
    for field in terms.fields { fields.append(try KueryQuery.name(of: field, .newTerms, at: terms.origin)) }
    let start = OutputNode.text("now-\(terms.history)")
    switch shape {
    case .flat:
      add("new_terms_fields", .texts(fields))
      add("history_window_start", start)
    case .nested:
      let history = OutputNode.mapping([.init("field", .text("history_window_start")), .init("value", start)])
      add(
        "new_terms",
        .mapping([
          .init("field", .text("new_terms_fields")), .init("value", .texts(fields)),
          .init("history_window_start", .list([history])),
        ]))
    }
  }

  /// Always written out: what Kibana assumes should not decide what a rule looks at.
  private mutating func addSchedule(_ schedule: Schedule?) {
    add("from", .text("now-\(schedule?.lookback ?? .minutes(6))"))
    if shape == .flat { add("to", .text("now")) }
    add("interval", .text("\(schedule?.interval ?? .minutes(5))"))
  }

  // MARK: ATT&CK

  private mutating func addThreat(_ metadata: RuleMetadata) {
    if metadata.isElastic, let threat = metadata.custom["threat"] {
      add("threat", OutputNode(threat.withoutNulls))
      return
    }
    var tactics: [AttackTactic] = []
    for name in metadata.attack.tactics {
      guard let tactic = AttackTactic.named(name) else {
        notes.append("'\(name)' is no tactic known here, and is left out")
        continue
      }
      tactics.append(tactic)
    }
    guard let first = tactics.first else {
      if !metadata.attack.techniques.isEmpty { notes.append("techniques without a tactic are left out") }
      return
    }
    if tactics.count > 1, !metadata.attack.techniques.isEmpty {
      notes.append("all techniques are written under the tactic '\(first.name)'")
    }
    let threats = tactics.map { tactic in
      entry(tactic, techniques: tactic.id == first.id ? metadata.attack.techniques : [])
    }
    add("threat", .list(threats))
  }

  private func entry(_ tactic: AttackTactic, techniques: [String]) -> OutputNode {
    var parts: [OutputNode.Member] = [
      .init("framework", .text("MITRE ATT&CK")),
      .init("tactic", reference(tactic.id, tactic.name, "tactics/\(tactic.id)")),
    ]
    // A technique of which only a part is named is written for the part's sake.
    var mains: [String] = []
    for technique in techniques {
      let main = String(technique.prefix { $0 != "." })
      if !mains.contains(main) { mains.append(main) }
    }
    if !mains.isEmpty {
      let list = mains.map { main -> OutputNode in
        let subs = techniques.filter { $0.hasPrefix(main + ".") }.map { sub in
          reference(sub, sub, "techniques/\(sub.split(separator: ".").joined(separator: "/"))")
        }
        return reference(
          main, main, "techniques/\(main)", also: subs.isEmpty ? [] : [.init("subtechnique", .list(subs))])
      }
      parts.append(.init("technique", .list(list)))
    }
    return .mapping(parts)
  }

  private func reference(
    _ id: String, _ name: String, _ path: String, also rest: [OutputNode.Member] = []
  ) -> OutputNode {
    .mapping(
      [
        .init("id", .text(id)), .init("name", .text(name)),
        .init("reference", .text("https://attack.mitre.org/\(path)/")),
      ] + rest)
  }

  // MARK: The rest

  /// The further keys of a rule that Kibana takes; they change no verdict.
  private static let passed: Set<String> = [
    "note", "setup", "max_signals", "timestamp_override", "timestamp_override_fallback_disabled",
    "building_block_type", "severity_mapping", "risk_score_mapping", "rule_name_override", "alert_suppression",
    "investigation_fields", "related_integrations", "required_fields", "timeline_id", "timeline_title",
    "data_view_id", "exceptions_list", "enabled", "meta", "actions", "throttle", "output_index", "namespace",
    "version", "outcome", "alias_target_id", "alias_purpose",
  ]
  /// What is written elsewhere, or means nothing outside the file it came from.
  private static let settled: Set<String> = [
    "risk_score", "threat", "metadata", "transform", "to", "id", "immutable", "created_at", "created_by",
    "updated_at", "updated_by", "revision", "rule_source", "execution_summary", "event_category_override",
  ]

  private mutating func addRest(_ metadata: RuleMetadata) {
    guard metadata.isElastic else { return }
    for member in metadata.custom.members where member.value != .null {
      if Self.passed.contains(member.key) {
        add(member.key, OutputNode(member.value.withoutNulls))
      } else if !Self.settled.contains(member.key) {
        notes.append("'\(member.key)' is left out")
      }
    }
  }
}

extension RuleMetadata {
  /// Whether the rule comes from a rule file of Elastic's, so that what it adds has a place in another.
  var isElastic: Bool { form.hasPrefix("elastic-") }
}
