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
    let writer = QueryWriter(rule: rule, schema: schema, placement: .savedSearch)
    let query = try writer.query()
    let metadata = rule.metadata
    var lines = ["[\(stanza(metadata.title))]"]
    func add(_ key: String, _ value: String) { lines.append("\(key) = \(escaped(value))") }
    if !metadata.attack.techniques.isEmpty {
      let ids = OutputNode.mapping([.init("mitre_attack", .texts(metadata.attack.techniques))])
      add("action.correlationsearch.annotations", JSONWriter.write(ids))
      add("action.correlationsearch.enabled", "1")
      add("action.correlationsearch.label", oneLine(metadata.title))
    }
    if let risk = RiskForm(metadata.custom)?.kept(in: query.text.lowercased()).risk, !risk.atRisk.isEmpty {
      add("action.risk", "1")
      add("action.risk.param._risk", risk.parameters)
      add("action.risk.param._risk_message", oneLine(risk.message))
      add("action.risk.param._risk_score", "0")
    }
    if let level = metadata.level { add("alert.severity", String(RiskScore.severity(level))) }
    add("alert.track", "1")
    add("counttype", "number of events")
    add("cron_schedule", CronSchedule.line(metadata.schedule?.interval))
    if !metadata.description.isEmpty { add("description", metadata.description) }
    // Without a span of its own the hour before the last ten minutes, so that late events are in; as contentctl has it.
    let lookback =
      writer.needed == .minutes(70)
      ? metadata.schedule?.lookback : writer.needed ?? metadata.schedule?.lookback
    add("dispatch.earliest_time", lookback.map { "-\($0)" } ?? "-70m@m")
    add("dispatch.latest_time", metadata.schedule?.lookback == nil ? "-10m@m" : "now")
    add("enableSched", "1")
    add("quantity", "0")
    add("relation", "greater than")
    add("search", query.text)
    var notes: [String] = []
    if let interval = metadata.schedule?.interval,
      CronSchedule.interval(CronSchedule.line(interval)) != interval
    {
      notes.append(
        "no cron line runs every \(interval), so that the search runs by '\(CronSchedule.line(interval))'"
      )
    }
    return WrittenRule(
      text: lines.joined(separator: "\n") + "\n", losses: query.losses.unique, notes: notes)
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
