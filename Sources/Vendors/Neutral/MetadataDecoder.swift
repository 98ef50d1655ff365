import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads what a rule says of itself.
enum MetadataDecoder {
  private static let keys = [
    "id", "name", "title", "description", "level", "status", "authors", "date", "modified", "references",
    "falsePositives", "tags", "tactics", "techniques", "license", "source", "schedule", "custom", "form",
  ]

  static func metadata(_ node: DocumentNode) throws(Diagnostic) -> RuleMetadata {
    let object = try IRObject(node, of: keys)
    var metadata = RuleMetadata(origin: Origin(node.range))
    metadata.id = try object.text("id")
    metadata.name = try object.text("name")
    metadata.title = try object.text("title") ?? ""
    metadata.description = try object.text("description") ?? ""
    metadata.level = try object.choice("level", RuleMetadata.Level.allCases, \.rawValue)
    metadata.status = try object.text("status")
    metadata.authors = try object.texts("authors")
    metadata.date = try object.text("date")
    metadata.modified = try object.text("modified")
    metadata.references = try object.texts("references")
    metadata.falsePositives = try object.texts("falsePositives")
    metadata.tags = try object.texts("tags")
    metadata.attack = AttackTags(tactics: try object.texts("tactics"), techniques: try object.texts("techniques"))
    metadata.license = try object.text("license")
    if let source = object["source"] { metadata.source = try Self.source(source) }
    if let schedule = object["schedule"] { metadata.schedule = try Self.schedule(schedule) }
    if let custom = object["custom"], case .object(let kept) = EventValue(custom) { metadata.custom = kept }
    metadata.form = try object.text("form") ?? IRReader.name
    return metadata
  }

  private static func source(_ node: DocumentNode) throws(Diagnostic) -> LogSource {
    let object = try IRObject(node, of: ["vendor", "selectors"])
    var source = LogSource(vendor: try object.text("vendor") ?? "", origin: Origin(node.range))
    for selector in try object.required("selectors").list() {
      let pair = try IRObject(selector, of: ["key", "value"])
      source.selectors.append(
        LogSource.Selector(try pair.required("key").string(), try pair.required("value").string()))
    }
    return source
  }

  private static func schedule(_ node: DocumentNode) throws(Diagnostic) -> Schedule {
    let object = try IRObject(node, of: ["interval", "lookback"])
    return Schedule(interval: try object.span("interval"), lookback: try object.span("lookback"))
  }

  static func ruleCase(_ node: DocumentNode) throws(Diagnostic) -> RuleCase {
    let object = try IRObject(node, of: ["name", "fires", "event"])
    return RuleCase(
      name: try object.required("name").string(), event: EventValue(try object.required("event")),
      fires: try object.required("fires").flag())
  }
}
