import RuleIR
import SourceText

/// Mistakes in what a rule says of itself, in whatever form it is written.
struct MetadataLint {
  private(set) var diagnostics: [Diagnostic] = []
  private let rule: LoadedRule
  private let attack: AttackTable

  init(_ rule: LoadedRule, attack: AttackTable) {
    self.rule = rule
    self.attack = attack
    guard let metadata = rule.source?.metadata else { return }
    checkIdentifier(metadata.id)
    for technique in metadata.attack.techniques where attack.lacks(technique: technique) {
      reportTag(technique)
    }
    for tactic in metadata.attack.tactics where tactic.contains(where: \.isLowercase) {
      // Sigma's tags have ids of data sources as well, such as ds0029.
      guard !tactic.hasPrefix("ds") || tactic.dropFirst(2).contains(where: { !$0.isNumber }) else { continue }
      let name = String(tactic.map { $0 == "_" || $0 == " " ? "-" : $0 })
      if !attack.tactics.contains(name) { reportTag(tactic) }
    }
  }

  /// Forms that are a rule file, and not a bare query, and how they demand ids.
  private static let formsWithIdentifiers: [String: Bool] = [
    "elastic-toml": true, "elastic-ndjson": true, "sentinel-yaml": true, "splunk-detection": true,
    "panther-yaml": false,
  ]

  /// Sigma's reader looks after ids itself.
  private mutating func checkIdentifier(_ id: String?) {
    guard let needsUUID = Self.formsWithIdentifiers[rule.form] else { return }
    guard let id else {
      diagnostics.append(
        Diagnostic(
          .missingIdentifier, "'\(rule.title)' has no id", severity: .info, at: rule.range, help: "give it one"))
      return
    }
    guard needsUUID, !Self.isUUID(id) else { return }
    diagnostics.append(
      Diagnostic(
        .malformedIdentifier, "the rule's id is no UUID", severity: .warning,
        at: rule.range.place(of: id) ?? rule.range,
        label: "expected 8-4-4-4-12 hexadecimal digits"))
  }

  private static func isUUID(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }

  private mutating func reportTag(_ tag: String) {
    let place = rule.range.place(of: tag) ?? rule.range.place(of: tag.lowercased())
    let help = tag.hasPrefix("T1") ? sibling(of: tag) : successor(of: tag)
    diagnostics.append(
      Diagnostic(
        .unknownAttackTag, "ATT&CK has no '\(tag.prefix(60))'", severity: .warning, at: place ?? rule.range,
        label: place == nil ? "" : "not in ATT&CK for enterprises", help: help))
  }

  /// What is known of the technique of a sub-technique that is not; ids tell nothing of what is near.
  private func sibling(of technique: String) -> String? {
    let parent = String(technique.prefix(5))
    return technique.utf8.count > 5
      ? attack.name(of: parent).map { "\(parent) is \($0), and has no such sub-technique" } : nil
  }

  private func successor(of tactic: String) -> String? {
    let name = tactic.lowercased()
    return name.hasPrefix("defense") && name.hasSuffix("evasion")
      ? "the tactic was parted into stealth and defense-impairment"
      : nearestName(to: name, among: attack.tactics.sorted()).map { "did you mean '\($0)'?" }
  }
}

extension SourceRange {
  /// The first place inside the range at which a text stands as a word.
  func place(of text: String) -> SourceRange? {
    let wanted = Array(text.utf8)
    guard !wanted.isEmpty, end - start >= wanted.count else { return nil }
    func isWord(_ offset: Int) -> Bool {
      guard offset >= start, offset < end else { return false }
      let byte = file.bytes[offset]
      return (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
    for place in start...(end - wanted.count) where file.bytes[place] == wanted[0] {
      guard file.bytes[place..<place + wanted.count].elementsEqual(wanted), !isWord(place - 1),
        !isWord(place + wanted.count)
      else { continue }
      // A sub-technique is not its technique.
      let next = place + wanted.count
      if next + 1 < end, file.bytes[next] == UInt8(ascii: "."), isWord(next + 1), wanted.count == 5 { continue }
      return SourceRange(file: file, start: place, end: next)
    }
    return nil
  }
}
