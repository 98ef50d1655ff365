import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads what a rule says of itself.
///
/// Nothing here stops a rule: what is not as it should be is told, and kept as it is under its own key.
struct MetadataReader {
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var metadata = RuleMetadata(form: "sigma")

  /// Keys that are read elsewhere and are no metadata.
  private static let bodies: Set<String> = ["detection", "correlation", "filter", "action"]

  init(_ document: DocumentNode) {
    metadata.origin = Origin(document.startRange)
    for member in document.members ?? [] where !Self.bodies.contains(member.key.text) { read(member) }
    if metadata.title.isEmpty {
      warn(.missingKey, "the rule has no 'title'", .warning, at: document.startRange, help: "give it one")
    }
    if document["id"] == nil {
      warn(.missingIdentifier, "the rule has no 'id'", .info, at: document.startRange, help: "give it a UUID")
    }
  }

  private mutating func read(_ member: DocumentNode.Member) {
    let value = member.value
    switch member.key.text {
    case "title": metadata.title = text(member) ?? ""
    case "id": readIdentifier(member)
    case "name": metadata.name = text(member)
    case "status": metadata.status = text(member)
    case "description": metadata.description = text(member) ?? ""
    case "license": metadata.license = text(member)
    case "author": metadata.authors = value.text.map(Self.authors) ?? texts(member)
    case "date": metadata.date = date(member)
    case "modified": metadata.modified = date(member)
    case "references": metadata.references = texts(member)
    case "falsepositives": metadata.falsePositives = texts(member)
    case "tags": readTags(member)
    case "level": readLevel(member)
    case "logsource": readLogSource(member)
    case let key: metadata.custom[key] = EventValue(value)
    }
  }

  // MARK: Texts and lists

  private mutating func text(_ member: DocumentNode.Member) -> String? {
    if let text = member.value.text { return text }
    keep(member, "'\(member.key.text)' is a text")
    return nil
  }

  private mutating func texts(_ member: DocumentNode.Member) -> [String] {
    let elements = member.value.elements
    if member.value.text != nil || elements?.allSatisfy({ $0.text != nil }) ?? false { return member.value.texts }
    keep(member, "'\(member.key.text)' is a list of texts")
    return []
  }

  /// Says that a value is not as it should be, and keeps it under its own key.
  private mutating func keep(_ member: DocumentNode.Member, _ message: String) {
    guard !member.value.isNull else { return }
    warn(.wrongType, message, .warning, at: member.value.range, label: "this is \(member.value.kindName)")
    metadata.custom[member.key.text] = EventValue(member.value)
  }

  /// Names between commas; a comma in parentheses belongs to its name.
  private static func authors(_ text: String) -> [String] {
    var names: [String] = [""]
    var depth = 0
    for character in text {
      depth += character == "(" ? 1 : character == ")" ? -1 : 0
      if character == ",", depth <= 0 { names.append("") } else { names[names.count - 1].append(character) }
    }
    return names.map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
  }

  /// A day; older rules part its numbers by slashes.
  private mutating func date(_ member: DocumentNode.Member) -> String? {
    guard let written = text(member) else { return nil }
    let day = String(written.map { $0 == "/" ? "-" : $0 })
    let parts = day.split(separator: "-", omittingEmptySubsequences: false)
    let isDay =
      parts.count == 3 && parts[0].utf8.count == 4
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.count <= 4 && $0.utf8.allSatisfy { (48...57).contains($0) } }
    if isDay { return day }
    warn(
      .invalidValue, "'\(member.key.text)' is a day", .warning, at: member.value.range, label: "expected YYYY-MM-DD")
    metadata.custom[member.key.text] = EventValue(member.value)
    return nil
  }

  // MARK: Identifiers, tags, levels

  private mutating func readIdentifier(_ member: DocumentNode.Member) {
    guard let id = text(member) else { return }
    metadata.id = id
    guard !SigmaIdentifier.isUUID(id) else { return }
    warn(
      .malformedIdentifier, "the rule's 'id' is no UUID", .warning, at: member.value.range,
      label: "expected 8-4-4-4-12 hexadecimal digits")
  }

  private mutating func readTags(_ member: DocumentNode.Member) {
    let nodes = member.value.elements ?? [member.value]
    for (tag, node) in zip(texts(member), nodes) {
      switch SigmaTag(tag) {
      case .tactic(let tactic): metadata.attack.tactics.append(tactic)
      case .technique(let technique): metadata.attack.techniques.append(technique)
      case .other: metadata.tags.append(tag)
      case .malformed:
        metadata.tags.append(tag)
        warn(
          .invalidValue, "'\(tag.prefix(60))' is no tag", .warning, at: node.range,
          label: "expected a namespace and a name, in lower case", help: "write it like attack.t1552.007")
      }
    }
  }

  private mutating func readLevel(_ member: DocumentNode.Member) {
    guard let word = text(member) else { return }
    metadata.level = RuleMetadata.Level(rawValue: word)
    guard metadata.level == nil else { return }
    let levels = RuleMetadata.Level.allCases.map(\.rawValue)
    warn(
      .invalidValue, "'\(word.prefix(60))' is no level", .warning, at: member.value.range, label: "no such level",
      notes: ["known are \(levels.joined(separator: ", "))"],
      help: nearestName(to: word, among: levels).map { "did you mean '\($0)'?" })
    metadata.custom["level"] = EventValue(member.value)
  }

  // MARK: Log sources

  private mutating func readLogSource(_ member: DocumentNode.Member) {
    guard let members = member.value.members else { return keep(member, "'logsource' is a mapping") }
    metadata.source = LogSource(vendor: "sigma", origin: Origin(member.key.range.extended(to: member.value.range)))
    var rest = EventObject()
    for part in members {
      let key = part.key.text
      if ["product", "category", "service"].contains(key), let value = part.value.text {
        metadata.source.selectors.append(.init(key, value))
      } else if !part.value.isNull {
        rest[key] = EventValue(part.value)
      }
    }
    if !rest.members.isEmpty { metadata.custom["logsource"] = .object(rest) }
  }

  private mutating func warn(
    _ code: DiagnosticCode, _ message: String, _ severity: Diagnostic.Severity, at range: SourceRange,
    label: String = "", notes: [String] = [], help: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(code, message, severity: severity, at: range, label: label, notes: notes, help: help))
  }
}
