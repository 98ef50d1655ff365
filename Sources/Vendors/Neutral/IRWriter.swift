public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes rules as JSON of the schema `cognate.ir/1`, one object a line.
///
/// Members of an object stand in a fixed order, and such as say nothing are left out.
public enum IRWriter: RuleWriter {
  public static let name = "ir-json"
  public static let fileExtension = ".ir.json"
  static let schema = "cognate.ir/1"

  public static func support(for feature: Feature) -> Support { .native }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    var object = EventObject()
    object["schema"] = .string(self.schema)
    object["metadata"] = .object(rule.metadata.json)
    object["body"] = .object(rule.body.json)
    if !rule.cases.isEmpty { object["cases"] = .list(rule.cases.map(\.json)) }
    return WrittenRule(text: EventValue.object(object).json + "\n")
  }
}

extension EventObject {
  /// Adds a member where there is something to say.
  mutating func add(_ key: String, _ text: String?) {
    if let text, !text.isEmpty { self[key] = .string(text) }
  }

  mutating func add(_ key: String, _ texts: [String]) {
    if !texts.isEmpty { self[key] = .list(texts.map { .string($0) }) }
  }

  /// Adds where a thing stood, as `file:line:column`.
  mutating func add(_ origin: Origin) {
    if let range = origin.range { self["at"] = .string("\(range)") }
  }
}

extension RuleMetadata {
  var json: EventObject {
    var object = EventObject()
    object.add("id", id)
    object.add("name", name)
    object["title"] = .string(title)
    object.add("description", description)
    object.add("level", level?.rawValue)
    object.add("status", status)
    object.add("authors", authors)
    object.add("date", date)
    object.add("modified", modified)
    object.add("references", references)
    object.add("falsePositives", falsePositives)
    object.add("tags", tags)
    object.add("tactics", attack.tactics)
    object.add("techniques", attack.techniques)
    object.add("license", license)
    object["source"] = .object(source.json)
    if let schedule { object["schedule"] = .object(schedule.json) }
    if !custom.members.isEmpty { object["custom"] = .object(custom) }
    object.add("form", form)
    return object
  }
}

extension LogSource {
  var json: EventObject {
    var object = EventObject()
    object.add("vendor", vendor)
    object["selectors"] = .list(selectors.map { ["key": .string($0.key), "value": .string($0.value)] })
    return object
  }
}

extension Schedule {
  var json: EventObject {
    var object = EventObject()
    object.add("interval", interval?.description)
    object.add("lookback", lookback?.description)
    return object
  }
}

extension RuleCase {
  var json: EventValue { ["name": .string(name), "fires": .boolean(fires), "event": event] }
}
