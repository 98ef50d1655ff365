import ArgumentParser
import Events
import Matcher
import RuleIR
import SourceText
import Translation

enum HitFormat: String, ExpressibleByArgument, CaseIterable { case ndjson, table, csv }

struct MatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match", abstract: "Find the events that rules fire on.",
    discussion: "Example: cognate match --rules vendor-rules audit.log.gz --format table")

  @Option(help: "Rule files or folders.")
  var rules: [String]

  @Argument(help: "Event files, plain or gzip; - for standard input.")
  var events: [String] = ["-"]

  @Option(help: "The form of a hit: ndjson, table or csv.")
  var format = HitFormat.ndjson

  @Flag(help: "End with exit code 1 where a rule fired.")
  var failOnMatch = false

  @Option(help: "A file for what cannot be read, with its place and the reason.")
  var deadLetter: String?

  @OptionGroup var ruleOptions: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let translator = try ruleOptions.translator()
    let loaded = try ruleOptions.load(rules, with: translator)
    for rule in loaded { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    var run = MatchRun(loaded, format: format)
    for diagnostic in run.refused { common.report([diagnostic]) }
    run.writeHeader()
    let input = try EventInput(paths: events, common: common, deadLetter: deadLetter)
    try input.forEach { record in run.process(record) }
    try input.finish()
    common.note("\(input.summary); \(run.hits) hits of \(run.firedRules) rules")
    for failure in run.failures { common.report([failure]) }
    var status = ExitStatus.done
    if loaded.contains(where: \.isRefused) || !run.refused.isEmpty { status = .findings }
    if failOnMatch, run.hits > 0 { status = .findings }
    if loaded.contains(where: \.isUnreadable) || input.hasFailures || !run.failures.isEmpty { status = .unreadable }
    if status != .done { throw Stop(status) }
  }
}

/// Runs all rules over all events and writes a record a hit.
struct MatchRun {
  private var runners: [(rule: LoadedRule, runner: RuleRunner)] = []
  private let format: HitFormat
  private(set) var hits = 0
  private var fired: Set<Int> = []
  /// Rules that cannot be run at all.
  private(set) var refused: [Diagnostic] = []
  private var failed: [Int: (failure: EvaluationFailure, count: Int)] = [:]

  init(_ rules: [LoadedRule], format: HitFormat) {
    self.format = format
    for rule in rules {
      guard let neutral = rule.neutral else { continue }
      do throws(EvaluationFailure) {
        runners.append((rule, try RuleRunner(neutral)))
      } catch {
        refused.append(
          Diagnostic(
            .evaluationFailed, "'\(rule.title)' cannot be run: \(error.reason)", at: error.origin.range ?? rule.range))
      }
    }
  }

  var firedRules: Int { fired.count }

  /// One for each rule that had no verdict on some event.
  var failures: [Diagnostic] {
    failed.sorted { $0.key < $1.key }.map { index, entry in
      Diagnostic(
        .evaluationFailed,
        "'\(runners[index].rule.title)' has no verdict on \(entry.count) events: \(entry.failure.reason)",
        at: entry.failure.origin.range)
    }
  }

  func writeHeader() {
    if format == .csv { Console.output.line("rule,id,vendor,level,file,line,auditID,stage,verb,resource,user") }
  }

  mutating func process(_ record: EventRecord) {
    let time = EventTime(of: record.event)
    for index in runners.indices {
      switch runners[index].runner.process(record.event, at: time) {
      case .isSilent: break
      case .failed(let failure): failed[index, default: (failure, 0)].count += 1
      case .fires:
        hits += 1
        fired.insert(index)
        write(runners[index].rule, record)
      }
    }
  }

  private func write(_ rule: LoadedRule, _ record: EventRecord) {
    let metadata = rule.neutral?.metadata ?? RuleMetadata()
    func text(_ keys: String...) -> String {
      var value = record.event
      for key in keys {
        guard case .object(let object) = value, let inner = object[key] else { return "" }
        value = inner
      }
      return value.spelling ?? ""
    }
    let verb = text("verb")
    let resource = text("objectRef", "resource")
    switch format {
    case .ndjson:
      var hit = EventObject()
      hit["rule"] = .string(metadata.title)
      hit["id"] = metadata.id.map { .string($0) } ?? .null
      hit["vendor"] = .string(rule.vendor)
      hit["level"] = metadata.level.map { .string($0.rawValue) } ?? .null
      hit["attack"] = .list((metadata.attack.tactics + metadata.attack.techniques).map { .string($0) })
      hit["operation"] = .string(verb.isEmpty || resource.isEmpty ? "" : "\(verb)-\(resource)")
      hit["file"] = .string(record.place.source)
      hit["line"] = .number(Number(record.place.line))
      hit["offset"] = .number(Number(record.place.offset))
      hit["auditID"] = .string(text("auditID"))
      hit["stage"] = .string(text("stage"))
      hit["user"] = .string(text("user", "username"))
      hit["userAgent"] = .string(text("userAgent"))
      hit["namespace"] = .string(text("objectRef", "namespace"))
      hit["name"] = .string(text("objectRef", "name"))
      hit["time"] = .string(text("stageTimestamp"))
      Console.output.line(EventValue.object(hit).json)
    case .table:
      let cells = [
        metadata.level?.rawValue ?? "-", rule.vendor, metadata.title, "\(record.place.source):\(record.place.line)",
        "\(verb) \(resource)", text("user", "username"),
      ]
      Console.output.line(cells.map(visible).joined(separator: "  "))
    case .csv:
      let cells = [
        metadata.title, metadata.id ?? "", rule.vendor, metadata.level?.rawValue ?? "", record.place.source,
        String(record.place.line), text("auditID"), text("stage"), verb, resource, text("user", "username"),
      ]
      Console.output.line(cells.map(Self.cell).joined(separator: ","))
    }
  }

  /// A cell that no spreadsheet takes for a formula.
  private static func cell(_ text: String) -> String {
    let safe = text.first.map { "=+-@\t\r".contains($0) } ?? false ? "'" + text : text
    guard safe.contains(where: { ",\"\n\r".contains($0) }) else { return safe }
    return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
