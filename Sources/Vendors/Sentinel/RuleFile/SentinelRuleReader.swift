import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// Reads analytic rules in YAML, as the Azure-Sentinel repository keeps them.
///
/// https://github.com/Azure/Azure-Sentinel/wiki/Query-Style-Guide
public enum SentinelRuleReader: RuleReader {
  public static let name = "sentinel-yaml"
  public static var unknownFieldsMayBeLists: Bool { false }

  public static func recognises(_ file: SourceFile) -> Bool {
    guard file.name.hasSuffix(".yml") || file.name.hasSuffix(".yaml") else { return false }
    let text = file.text
    guard text.contains("query:") else { return false }
    return ["triggerOperator:", "queryFrequency:", "requiredDataConnectors:", "kind: NRT"].contains {
      text.contains($0)
    }
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    do {
      return try YAMLReader.read(file).map { reading(of: $0) }
    } catch {
      return [.refused(error, in: file)]
    }
  }

  private static func reading(of node: DocumentNode) -> RuleReading {
    let title = node["name"]?.text ?? ""
    var reader = SentinelRuleParser(node)
    do {
      let rule = try reader.rule()
      return RuleReading(rule, title: title, range: node.range, diagnostics: reader.diagnostics)
    } catch {
      return RuleReading(nil, title: title, range: node.range, diagnostics: [error])
    }
  }
}

/// Reads one document of a rule file.
struct SentinelRuleParser {
  let node: DocumentNode
  var diagnostics: [Diagnostic] = []

  init(_ node: DocumentNode) { self.node = node }

  mutating func rule() throws(Diagnostic) -> Rule {
    guard node.members != nil else {
      throw Diagnostic(
        .wrongType, "an analytic rule is a mapping, not \(node.kindName)", at: node.range, label: "not a mapping")
    }
    guard let member = node.member("query"), let scalar = member.value.scalar, scalar.kind != .null else {
      let place = node.members?.first?.key.range ?? node.range
      throw Diagnostic(
        .missingKey, "the rule has no query", at: node.member("query")?.key.range ?? place, label: "'query' is missing",
        notes: ["a rule that has moved leaves a file without a query behind"])
    }
    let query = try KustoQuery.read(scalar.passage)
    diagnostics += query.diagnostics
    let trigger = self.trigger()
    let origin = Origin(node["triggerThreshold"]?.range ?? scalar.range)
    let body = trigger.applied(to: query.body, of: scalar.text, at: origin)
    return Rule(metadata: metadata(query), body: body)
  }

  private mutating func trigger() -> SentinelTrigger {
    if node["kind"]?.text?.uppercased() == "NRT" { return .anyRow }
    guard let word = node["triggerOperator"], let value = node["triggerThreshold"] else {
      let place = node.members?.first?.key.range ?? node.range
      warn(.assumedMeaning, "without a trigger the rule is taken to fire on any row", place)
      return .anyRow
    }
    guard let bound = SentinelTrigger.bound(word.text ?? ""), let number = Number(value.text ?? "") else {
      warn(.invalidValue, "'\(word.text ?? "") \(value.text ?? "")' is no trigger", word.range)
      return .anyRow
    }
    return SentinelTrigger(bound: bound, value: number)
  }

  private mutating func warn(_ code: DiagnosticCode, _ message: String, _ range: SourceRange) {
    diagnostics.append(Diagnostic(code, message, severity: .warning, at: range))
  }

  private mutating func metadata(_ query: KustoQuery) -> RuleMetadata {
    var metadata = RuleMetadata(
      id: node["id"]?.text, title: node["name"]?.text ?? "", description: description, level: level(),
      status: node["status"]?.text, form: SentinelRuleReader.name, origin: Origin(node.range))
    metadata.authors = node["metadata"]?["author"]?["name"].map { $0.texts } ?? []
    metadata.tags = node["tags"]?.elements?.compactMap(\.text) ?? []
    metadata.attack = AttackTags(
      tactics: (node["tactics"]?.texts ?? []).map(SentinelTactics.name(ofSentinel:)),
      techniques: node["relevantTechniques"]?.texts ?? [])
    metadata.source = query.source
    metadata.schedule = schedule(query)
    metadata.custom = custom
    return metadata
  }

  /// The description; many are quoted once more inside their block.
  private var description: String {
    var text = Substring(node["description"]?.text ?? "")
    while text.last?.isNewline == true { text = text.dropLast() }
    guard text.count > 1, let quote = text.first, quote == "'" || quote == "\"", text.last == quote else {
      return String(text)
    }
    return String(text.dropFirst().dropLast())
  }

  private mutating func level() -> RuleMetadata.Level? {
    guard let severity = node["severity"], let text = severity.text else { return nil }
    switch text.lowercased() {
    case "high": return .high
    case "medium": return .medium
    case "low": return .low
    case "informational": return .informational
    case _:
      warn(.invalidValue, "'\(text)' is no severity", severity.range)
      return nil
    }
  }

  private mutating func schedule(_ query: KustoQuery) -> Schedule? {
    let schedule = Schedule(interval: span("queryFrequency"), lookback: span("queryPeriod") ?? query.lookback)
    return schedule == Schedule() ? nil : schedule
  }

  private mutating func span(_ key: String) -> TimeSpan? {
    guard let value = node[key], let text = value.text else { return nil }
    guard let span = TimeSpan(sentinel: text) else {
      warn(.invalidValue, "'\(text)' is no length of time", value.range)
      return nil
    }
    return span
  }

  private static let known: Set<String> = [
    "id", "name", "description", "severity", "status", "tactics", "relevantTechniques", "query", "queryFrequency",
    "queryPeriod", "triggerOperator", "triggerThreshold",
  ]

  private var custom: EventObject {
    EventObject(
      (node.members ?? []).filter { !Self.known.contains($0.key.text) }.map {
        EventObject.Member(key: $0.key.text, value: EventValue($0.value))
      })
  }
}
