public import ArgumentParser
import Cognate
public import Events
import FastMatch
import Glibc
import SourceText
import Translation

extension ExpectedEnvelope: ExpressibleByArgument {}

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

  @Option(help: "A file for the hits instead of standard output; with --state it is gone on with.")
  var output: String?

  @Option(
    help: """
      A file that keeps what rules remember and how far logs were read, so that the next run goes on there.
      """)
  var state: String?

  @Flag(help: "Wait for more at the end of the logs, through their rotations, until told to stop.")
  var follow = false

  @Flag(help: "Count an event that comes again, by audit id and stage, but once.")
  var deduplicate = false

  @Flag(help: "Ask the plain interpreter about everything: slow, and the measure that the fast form is held against.")
  var interpret = false

  @Option(help: "The envelope that every event is in, where it is not to be recognised.")
  var envelope: ExpectedEnvelope?

  @OptionGroup var ruleOptions: RuleOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let threads, !(1...64).contains(threads) { throw ValidationError("--threads is a number from 1 to 64") }
    if follow, events.contains("-") { throw ValidationError("--follow needs files, and standard input is none") }
  }

  func run() throws {
    let state = try state.map { try StateFile($0) }
    let translator = try ruleOptions.translator()
    let loaded = try ruleOptions.load(rules, with: translator)
    for rule in loaded { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    let hits = try HitOutput(output, keeping: output.flatMap { try state?.length(ofOutput: $0) })
    let seen = deduplicate ? SeenEvents(try state?.seenEvents() ?? []) : nil
    let run = MatchRun(RuleBook(loaded), format: format, output: hits, seen: seen, interprets: interpret)
    for diagnostic in run.refused { common.report([diagnostic]) }
    for loss in try state.map({ run.restore(try $0.memories()) }) ?? [] { common.note(loss) }
    if let header = format.header, hits.length == 0 { hits.write((header + "\n").utf8) }
    let isKept = state != nil || follow
    let letters = try DeadLetters(
      deadLetter, common, isKept: isKept, length: deadLetter.flatMap { try state?.length(ofOutput: $0) })
    let losses = try read(run, hits, state, letters)
    hits.flush()
    try letters.finish()
    if letters.isNothingButNoise, run.counts.events == 0 { throw Stop(.nothingDone, "no input holds events") }
    finish(run)
    var status = ExitStatus.done
    if loaded.contains(where: \.isRefused) || !run.refused.isEmpty { status = .findings }
    if failOnMatch, run.hits > 0 { status = .findings }
    let isUnreadable = loaded.contains(where: \.isUnreadable) || letters.count > 0 || losses > 0
    if isUnreadable || !run.failures.isEmpty { status = .unreadable }
    if Interruption.isWanted { exitNow(code: Interruption.status) }
    if status != .done { throw Stop(status) }
  }

  /// What the run comes to, on standard error.
  private func finish(_ run: MatchRun) {
    let repeated = run.seen.map { "; \($0.repeated) events with hits came again" } ?? ""
    common.note("\(MatchSummary.text(run.counts)); \(run.hits) hits of \(run.firedRules) rules\(repeated)")
    for failure in run.failures { common.report([failure]) }
    for loss in run.losses { common.note(loss) }
  }

  /// Reads all events; returns how often something was lost of a log.
  private func read(_ run: MatchRun, _ hits: HitOutput, _ state: StateFile?, _ letters: DeadLetters) throws -> Int {
    let paths = try follow ? InputFiles.logs(events) : InputFiles.expand(events)
    // What is packed, or comes through a pipe, is read as a whole, and nothing in it is gone back to.
    let logs = state == nil && !follow ? [] : paths.filter { follow || InputFiles.isGrowing($0) }
    if state != nil || follow { Interruption.heed() }
    var reading = try LogReading(logs, run, hits, state, letters, common, expecting: envelope)
    for path in paths where !logs.contains(path) && !Interruption.isWanted {
      let end = state.flatMap { _ in LogPosition.end(of: path) }
      if let end, try state?.position(in: path) == end { continue }
      read(path, run, letters)
      if let end { try reading.keep([(path, end)]) }
    }
    guard state != nil || follow else { return 0 }
    try reading.read(endless: follow)
    return reading.losses
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
    run.read(source, name: name, expecting: envelope, threads: threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    { letters.add($0) }
  }
}
