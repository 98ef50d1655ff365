import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes a stanza of savedsearches.conf: a scheduled search that raises an alert for every run with results.
public enum SavedSearchWriter: RuleWriter {
  public static let name = "splunk-savedsearch"
  public static let fileExtension = ".conf"

  public static func support(for feature: Feature) -> Support { SPLSupport.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let query = try QueryWriter(rule: rule, schema: schema).query()
    let metadata = rule.metadata
    var lines = ["[\(stanza(metadata.title))]"]
    func add(_ key: String, _ value: String) { lines.append("\(key) = \(escaped(value))") }
    if !metadata.attack.techniques.isEmpty {
      let ids = OutputNode.mapping([.init("mitre_attack", .texts(metadata.attack.techniques))])
      add("action.correlationsearch.annotations", JSONWriter.write(ids))
      add("action.correlationsearch.enabled", "1")
      add("action.correlationsearch.label", oneLine(metadata.title))
    }
    if let level = metadata.level { add("alert.severity", String(RiskScore.severity(level))) }
    add("alert.track", "1")
    add("counttype", "number of events")
    add("cron_schedule", CronSchedule.line(metadata.schedule?.interval))
    if !metadata.description.isEmpty { add("description", metadata.description) }
    // Without a span of its own the hour before the last ten minutes, so that late events are in; as contentctl has it.
    let lookback = metadata.schedule?.lookback
    add("dispatch.earliest_time", lookback.map { "-\($0)" } ?? "-70m@m")
    add("dispatch.latest_time", lookback == nil ? "-10m@m" : "now")
    add("enableSched", "1")
    add("quantity", "0")
    add("relation", "greater than")
    add("search", query.text)
    return WrittenRule(text: lines.joined(separator: "\n") + "\n", losses: query.losses.unique)
  }

  /// A name that cannot end its brackets or its line.
  private static func stanza(_ title: String) -> String {
    let name = oneLine(title).filter { $0 != "[" && $0 != "]" }
    return name.isEmpty ? "Untitled" : String(name.prefix(81))
  }

  private static func oneLine(_ text: String) -> String {
    text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }.joined()
  }

  /// A value ends with its line unless a backslash stands before the line's end.
  private static func escaped(_ value: String) -> String {
    let lines = value.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    // A backslash at the end of the last line would draw the next one in.
    return lines.joined(separator: "\\\n") + (value.hasSuffix("\\") ? " " : "")
  }
}
