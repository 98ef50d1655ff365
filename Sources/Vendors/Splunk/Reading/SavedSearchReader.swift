import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// Reads the stanzas of a savedsearches.conf that have a search.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/Admin/Savedsearchesconf
public enum SavedSearchReader: RuleReader {
  public static let name = "splunk-savedsearch"

  public static func recognises(_ file: SourceFile) -> Bool {
    guard file.name.lowercased().hasSuffix(".conf") else { return false }
    let text = String(decoding: file.bytes.prefix(65_536), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map(trimmed)
    return lines.contains { $0.hasPrefix("[") }
      && lines.contains { $0.hasPrefix("search =") || $0.hasPrefix("search=") }
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let (macros, faults) = MacroFile.table(of: context.macroFiles)
    do throws(Diagnostic) {
      let stanzas = try ConfFile(file).stanzas
      var shared: [String: Passage] = [:]
      for setting in stanzas.filter(\.isDefault).flatMap(\.settings) { shared[setting.key] = setting.value }
      let readings = stanzas.filter { !$0.isDefault }.compactMap {
        read(Settings(own: $0, shared: shared), with: macros)
      }
      guard !readings.isEmpty else {
        return [.refused(Diagnostic(.noDocument, "no stanza has a search", at: file.wholeRange), in: file)]
      }
      return readings.map { reading in
        var reading = reading
        reading.diagnostics = faults + reading.diagnostics
        return reading
      }
    } catch {
      return [.refused(error, in: file)]
    }
  }

  /// A stanza's settings, and those of the stanza `default` that it does not set itself.
  private struct Settings {
    let own: ConfFile.Stanza
    let shared: [String: Passage]

    subscript(key: String) -> Passage? { own[key] ?? shared[key] }
  }

  private static func read(_ stanza: Settings, with macros: MacroTable) -> RuleReading? {
    guard let search = stanza.own["search"] else { return nil }
    var metadata = RuleMetadata(form: name)
    metadata.title = stanza["action.correlationsearch.label"]?.text ?? stanza.own.name
    metadata.description = stanza["description"]?.text ?? ""
    metadata.level = stanza["alert.severity"].flatMap { RiskScore.level(severity: $0.text) }
    metadata.attack = AttackTags(techniques: techniques(stanza["action.correlationsearch.annotations"]?.text ?? ""))
    metadata.schedule = schedule(stanza)
    if let risk = risk(stanza) {
      metadata.custom["rba"] = risk.value
      if metadata.level == nil { metadata.level = risk.score.map(RiskScore.level) }
    }
    var reading = QueryReading.read(search, title: metadata.title, metadata: metadata, with: macros)
    reading.range = stanza.own.place
    return reading
  }

  /// What `action.risk` is told; nil where that is nothing, or no JSON.
  private static func risk(_ stanza: Settings) -> RiskForm? {
    guard let parameters = stanza["action.risk.param._risk"], let list = try? JSONReader.read(parameters) else {
      return nil
    }
    return RiskForm(
      parameters: EventValue(list), message: stanza["action.risk.param._risk_message"]?.text ?? "")
  }

  /// The ids in the annotations' `"mitre_attack": […]`.
  private static func techniques(_ annotations: String) -> [String] {
    guard let list = annotations.split(separator: "\"mitre_attack\"", maxSplits: 1).dropFirst().first else { return [] }
    let inside = list.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }
    return inside.split(separator: ",").map { trimmed($0).filter { $0 != "\"" } }.filter { !$0.isEmpty }
  }

  private static func schedule(_ stanza: Settings) -> Schedule? {
    let earliest = stanza["dispatch.earliest_time"]?.text ?? ""
    let lookback =
      earliest.hasPrefix("-") ? TimeSpan(splunk: earliest.dropFirst().prefix { $0 != "@" }) : nil
    let interval = stanza["cron_schedule"].flatMap { CronSchedule.interval($0.text) }
    return lookback == nil && interval == nil ? nil : Schedule(interval: interval, lookback: lookback)
  }
}

extension ConfFile.Stanza {
  fileprivate var isDefault: Bool { name == "default" }
}

/// The cron lines of plain intervals.
enum CronSchedule {
  static func interval(_ text: String) -> TimeSpan? {
    let fields = text.split(separator: " ").map(String.init)
    guard fields.count == 5 else { return nil }
    if fields[0].hasPrefix("*/"), let minutes = Int(fields[0].dropFirst(2)), fields[1] == "*" {
      return .minutes(minutes)
    }
    if fields[0] == "*", fields[1] == "*" { return .minutes(1) }
    guard Int(fields[0]) != nil, fields[2...].allSatisfy({ $0 == "*" }) else { return nil }
    if fields[1] == "*" { return .hours(1) }
    if fields[1].hasPrefix("*/"), let hours = Int(fields[1].dropFirst(2)) { return .hours(hours) }
    return Int(fields[1]) != nil ? .days(1) : nil
  }

  /// The line for an interval; hourly for one that no cron line keeps.
  static func line(_ interval: TimeSpan?) -> String {
    guard let seconds = interval?.seconds, seconds > 0 else { return "0 * * * *" }
    if seconds % 86_400 == 0 { return "0 0 * * *" }
    if seconds % 3_600 == 0 { return seconds == 3_600 ? "0 * * * *" : "0 */\(seconds / 3_600) * * *" }
    let minutes = max(1, seconds / 60)
    return minutes == 1 ? "* * * * *" : 60 % minutes == 0 ? "*/\(minutes) * * * *" : "0 * * * *"
  }
}
