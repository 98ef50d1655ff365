import ArgumentParser
import Events
import FastMatch
import Glibc
import SourceText
import Translation

enum HitFormat: String, ExpressibleByArgument, CaseIterable { case ndjson, table, csv }

struct MatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match", abstract: "Find the events that rules fire on.",
    discussion: "Example: cognate match --rules vendor-rules audit.log.gz --format table")

  @Option(help: "Rule files or folders.")
  var rules: [String]

  @Argument(help: "Event files, plain, gzip or zstd; - for standard input.")
  var events: [String] = ["-"]

  @Option(help: "The form of a hit: ndjson, table or csv.")
  var format = HitFormat.ndjson

  @Flag(help: "End with exit code 1 where a rule fired.")
  var failOnMatch = false

  @Option(help: "A file for what cannot be read, with its place and the reason.")
  var deadLetter: String?

  @Option(help: "How many threads read events; as many as there are processors where not given.")
  var threads: Int?

  @OptionGroup var ruleOptions: RuleOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let threads, !(1...64).contains(threads) { throw ValidationError("--threads is a number from 1 to 64") }
  }

  func run() throws {
    let translator = try ruleOptions.translator()
    let loaded = try ruleOptions.load(rules, with: translator)
    for rule in loaded { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    let run = MatchRun(loaded, format: format)
    for diagnostic in run.refused { common.report([diagnostic]) }
    if let header = format.header { Console.output.line(header) }
    let letters = try DeadLetters(deadLetter, common)
    for path in try InputFiles.expand(events) { read(path, run, letters) }
    try letters.finish()
    if letters.isNothingButNoise, run.counts.events == 0 { throw Stop(.nothingDone, "no input holds events") }
    common.note("\(MatchSummary.text(run.counts)); \(run.hits) hits of \(run.firedRules) rules")
    for failure in run.failures { common.report([failure]) }
    var status = ExitStatus.done
    if loaded.contains(where: \.isRefused) || !run.refused.isEmpty { status = .findings }
    if failOnMatch, run.hits > 0 { status = .findings }
    if loaded.contains(where: \.isUnreadable) || letters.count > 0 || !run.failures.isEmpty { status = .unreadable }
    if status != .done { throw Stop(status) }
  }

  private func read(_ path: String, _ run: MatchRun, _ letters: DeadLetters) {
    let name = path == "-" ? "<stdin>" : path
    let source: FileByteSource
    if path == "-" {
      source = .standardInput
    } else {
      do throws(ByteFailure) {
        source = try FileByteSource(path: path)
      } catch {
        letters.add(EventFailure(error.code, error.reason, at: EventPlace(source: path, line: 1, offset: 0)))
        return
      }
    }
    run.read(source, name: name, threads: threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) { letters.add($0) }
  }
}
