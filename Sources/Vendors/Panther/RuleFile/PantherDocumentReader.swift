import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads the YAML of a rule: all but what it says about counting.
struct PantherDocumentReader {
  private let document: DocumentNode
  private(set) var warnings: [Diagnostic] = []

  init(_ document: DocumentNode) { self.document = document }

  mutating func metadata() throws(Diagnostic) -> RuleMetadata {
    guard let members = document.members else {
      throw Diagnostic(.wrongType, "a Panther rule is a mapping, not \(document.kindName)", at: document.range)
    }
    for member in members { try check(member) }
    let kind = try text("AnalysisType") ?? ""
    guard kind == "rule" else {
      throw Diagnostic(
        .unsupportedConstruct, "a Panther '\(visible(kind))' is not read", at: document["AnalysisType"]?.range,
        label: "'rule' is")
    }
    var metadata = RuleMetadata(form: PantherRuleReader.name, origin: Origin(document.range))
    metadata.id = try text("RuleID")
    metadata.title = try text("DisplayName") ?? metadata.id ?? ""
    metadata.description = try text("Description") ?? ""
    metadata.status = try text("Status")
    metadata.level = try level()
    metadata.references = (try text("Reference") ?? "").split(whereSeparator: \.isNewline).map(String.init)
    metadata.tags = document["Tags"]?.texts ?? []
    metadata.attack = attack()
    metadata.source = LogSource(
      vendor: Panther.name, (document["LogTypes"]?.texts ?? []).map { .init("log-type", $0) },
      origin: Origin(document["LogTypes"]?.range))
    metadata.custom = EventObject(
      members.filter { PantherKeys.kept.contains($0.key.text) }
        .map { .init(key: $0.key.text, value: EventValue($0.value)) })
    if metadata.id == nil {
      throw Diagnostic(.missingKey, "the rule has no 'RuleID'", at: document.range)
    }
    return metadata
  }

  private func check(_ member: DocumentNode.Member) throws(Diagnostic) {
    let key = member.key.text
    if PantherKeys.refused.contains(key) {
      throw Diagnostic(
        .unsupportedConstruct, "'\(key)' of a Panther rule is not read", at: member.key.range, label: "not read here")
    }
    guard PantherKeys.all.contains(key) else {
      throw Diagnostic(
        .unknownKey, "'\(visible(key))' is not a key of a Panther rule", at: member.key.range,
        help: nearestName(to: key, among: PantherKeys.all).map { "did you mean '\($0)'?" })
    }
  }

  private func text(_ key: String) throws(Diagnostic) -> String? {
    guard let node = document[key], !node.isNull else { return nil }
    guard let text = node.text else {
      throw Diagnostic(.wrongType, "'\(key)' is \(node.kindName), not a text", at: node.range)
    }
    return text
  }

  private func level() throws(Diagnostic) -> RuleMetadata.Level? {
    guard let text = try text("Severity") else { return nil }
    let levels: [String: RuleMetadata.Level] = [
      "info": .informational, "low": .low, "medium": .medium, "high": .high, "critical": .critical,
    ]
    guard let level = levels[text.lowercased()] else {
      throw Diagnostic(
        .invalidValue, "'\(visible(text))' is not a severity of Panther", at: document["Severity"]?.range,
        help: "Info, Low, Medium, High and Critical are")
    }
    return level
  }

  /// `TA0006:T1552.007`, with either half alone as well.
  private func attack() -> AttackTags {
    var tags = AttackTags()
    for entry in document["Reports"]?["MITRE ATT&CK"]?.texts ?? [] {
      for half in entry.split(separator: ":").map(String.init) {
        if half.hasPrefix("TA") {
          if !tags.tactics.contains(half) { tags.tactics.append(half) }
        } else if !tags.techniques.contains(half) {
          tags.techniques.append(half)
        }
      }
    }
    return tags
  }

  mutating func cases() throws(Diagnostic) -> [RuleCase] {
    guard let node = document["Tests"], !node.isNull else { return [] }
    guard let tests = node.elements else {
      throw Diagnostic(.wrongType, "'Tests' is \(node.kindName), not a list", at: node.range)
    }
    var cases: [RuleCase] = []
    for test in tests {
      guard let name = test["Name"]?.text, let log = test["Log"],
        case .boolean(let fires)? = test["ExpectedResult"]?.scalar?.kind
      else {
        throw Diagnostic(.missingKey, "a test has a 'Name', an 'ExpectedResult' and a 'Log'", at: test.range)
      }
      if test["Mocks"] != nil {
        warnings.append(
          Diagnostic(.ignoredStage, "a test with 'Mocks' is left out", severity: .warning, at: test.range))
      } else {
        cases.append(RuleCase(name: name, event: EventValue(log), fires: fires))
      }
    }
    return cases
  }
}
