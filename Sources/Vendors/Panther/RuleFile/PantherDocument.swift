import Documents
import LanguageSupport
import RuleIR
import SourceText

/// The YAML beside a rule's Python.
///
/// Its keys are those of Panther's own schema; others are refused there.
struct PantherDocument {
  private let rule: Rule
  private let schema: TargetSchema
  private let counting: PantherCounting?
  /// What could not be kept.
  private(set) var notes: [String] = []

  init(_ rule: Rule, schema: TargetSchema, counting: PantherCounting?) {
    self.rule = rule
    self.schema = schema
    self.counting = counting
  }

  mutating func write() -> String {
    let metadata = rule.metadata
    let stem = PantherStem.of(rule)
    let title = metadata.title.isEmpty ? stem : metadata.title
    var members: [OutputNode.Member] = [
      .init("AnalysisType", .text("rule")),
      .init("Filename", .text("\(stem).py")),
      .init("RuleID", .text(identifier(metadata.id ?? title, "RuleID"))),
      .init("DisplayName", .text(identifier(title, "DisplayName"))),
      .init("Enabled", .boolean(metadata.custom["Enabled"] != .boolean(false))),
      .init("LogTypes", .texts(logTypes())),
      .init("Severity", .text(severity())),
    ]
    members += optional("Status", metadata.status) + optional("Description", metadata.description)
    members += optional("Reference", metadata.references.joined(separator: "\n"))
    if !metadata.tags.isEmpty { members.append(.init("Tags", .texts(metadata.tags))) }
    members += reports()
    if let counting {
      members.append(.init("DedupPeriodMinutes", .integer(counting.minutes)))
      members.append(.init("Threshold", .integer(counting.threshold)))
    }
    members += kept(beside: members)
    if !rule.cases.isEmpty { members.append(.init("Tests", tests())) }
    noteTheRest()
    return YAMLWriter.write(.mapping(members))
  }

  private func optional(_ key: String, _ text: String?) -> [OutputNode.Member] {
    text.flatMap { $0.isEmpty ? nil : [.init(key, .text($0))] } ?? []
  }

  /// Panther takes no `< > & " %` in names (panther_analysis_tool, schemas.py).
  private mutating func identifier(_ text: String, _ key: String) -> String {
    let allowed = String(String.UnicodeScalarView(text.unicodeScalars.filter { !"<>&\"%".unicodeScalars.contains($0) }))
    if allowed != text { notes.append("characters that Panther forbids are left out of \(key)") }
    return allowed.isEmpty ? "rule" : allowed
  }

  private mutating func logTypes() -> [String] {
    let known = schema.source.values("log-type")
    if !known.isEmpty { return known }
    let own = rule.metadata.source.vendor == Panther.name ? rule.metadata.source.values("log-type") : []
    if own.isEmpty { notes.append("no log type is known: LogTypes is empty and must be filled in") }
    return own
  }

  private mutating func severity() -> String {
    switch rule.metadata.level {
    case .informational: return "Info"
    case .low: return "Low"
    case .medium: return "Medium"
    case .high: return "High"
    case .critical: return "Critical"
    case nil:
      notes.append("the rule has no level: Severity is Medium")
      return "Medium"
    }
  }

  /// ATT&CK as `TA0006:T1552.007`, each technique with the tactic at its place or the last one before.
  private mutating func reports() -> [OutputNode.Member] {
    let attack = rule.metadata.attack
    guard !attack.techniques.isEmpty || !attack.tactics.isEmpty else { return [] }
    let tactics = attack.tactics.map { AttackTactic.identifier(of: $0) ?? $0 }
    if attack.tactics.isEmpty || attack.techniques.isEmpty {
      notes.append("Panther names ATT&CK tactic and technique together: one of them is missing")
    }
    var pairs = attack.techniques.enumerated().map { index, technique in
      tactics.isEmpty ? technique : "\(tactics[min(index, tactics.count - 1)]):\(technique)"
    }
    pairs += tactics.dropFirst(attack.techniques.count)
    return [.init("Reports", .mapping([.init("MITRE ATT&CK", .texts(pairs))]))]
  }

  /// What a Panther rule said beside all this.
  private func kept(beside members: [OutputNode.Member]) -> [OutputNode.Member] {
    guard rule.metadata.form == PantherRuleReader.name else { return [] }
    let written = Set(members.map(\.key))
    return rule.metadata.custom.members.filter { PantherKeys.kept.contains($0.key) && !written.contains($0.key) }
      .map { .init($0.key, OutputNode($0.value)) }
  }

  private func tests() -> OutputNode {
    .list(
      rule.cases.map { test in
        .mapping([
          .init("Name", .text(test.name)), .init("ExpectedResult", .boolean(test.fires)),
          .init("Log", OutputNode(test.event)),
        ])
      })
  }

  private mutating func noteTheRest() {
    let metadata = rule.metadata
    let lost = [
      ("authors", !metadata.authors.isEmpty), ("dates", metadata.date != nil || metadata.modified != nil),
      ("false positives", !metadata.falsePositives.isEmpty), ("licence", metadata.license != nil),
    ].filter(\.1).map(\.0)
    if !lost.isEmpty { notes.append("Panther has no place for: \(lost.joined(separator: ", "))") }
  }
}

/// The file name without its end, by which the YAML names the Python.
enum PantherStem {
  /// The name of the file that the rule came from, or the rule's own name, in letters that are safe everywhere.
  static func of(_ rule: Rule) -> String {
    let metadata = rule.metadata
    let file = metadata.origin.range?.file.name.split(separator: "/").last.map { name in
      String(name.split(separator: ".", omittingEmptySubsequences: true).first ?? "")
    }
    for candidate in [file, metadata.name, metadata.title, metadata.id] {
      let safe = candidate.map(Self.safe) ?? ""
      if !safe.isEmpty { return safe }
    }
    return "rule"
  }

  private static func safe(_ text: String) -> String {
    var safe = ""
    for byte in text.utf8.prefix(100) {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        safe.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: "-") where !safe.isEmpty: safe += "-"
      case _: if !safe.isEmpty, !safe.hasSuffix("_") { safe += "_" }
      }
    }
    while safe.hasSuffix("_") || safe.hasSuffix("-") { safe.removeLast() }
    return safe
  }
}

extension OutputNode {
  /// An event, or what was kept of a document.
  init(_ value: EventValue) {
    switch value {
    case .null: self = .bare("null")
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number): self = .bare(Self.yamlNumber(number.text))
    case .string(let text): self = .text(text)
    case .list(let elements): self = .list(elements.map { OutputNode($0) })
    case .object(let object): self = .mapping(object.members.map { .init($0.key, OutputNode($0.value)) })
    }
  }

  /// A number that YAML 1.1 takes for one as well: with an exponent it needs a point and a sign.
  private static func yamlNumber(_ text: String) -> String {
    guard let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return text }
    let (digits, power) = (text[..<mark], text[text.index(after: mark)...])
    let isSigned = power.hasPrefix("+") || power.hasPrefix("-")
    return digits + (digits.contains(".") ? "" : ".0") + "e" + (isSigned ? "" : "+") + power
  }
}
