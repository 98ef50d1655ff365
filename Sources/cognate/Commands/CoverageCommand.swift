import ArgumentParser
import Catalogue
import Coverage
import Events
import RuleIR
import SourceText
import Translation

enum CoverageFormat: String, ExpressibleByArgument, CaseIterable { case text, md, csv, json, navigator, html }

/// How indicators are counted.
enum CoverageProfile: String, ExpressibleByArgument, CaseIterable {
  case standard
  /// As the reference page counts, with what it gets wrong.
  case reference
}

struct CoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage", abstract: "Show which operations rules watch, by what they mean.",
    discussion: """
      Example: cognate coverage vendor-rules --events samples/secrets.ndjson

      A is a rule that always fires on the operation, S one that fires under further conditions, i one that never \
      mentions what the operation is about, ? one that is undecided.
      """)

  @Argument(help: "Rule files, folders, globs, or - for standard input.")
  var paths: [String]

  @Option(help: "The operations: a name of the program's own, or a file.")
  var operations = "kubernetes-secrets"

  @Option(help: "Recorded events, to count operations in and to find gaps.")
  var events: [String] = []

  @Option(help: "The form: text, md, csv, json, navigator for a layer of the ATT&CK Navigator, or html with -o.")
  var format = CoverageFormat.text

  @Option(name: .shortAndLong, help: "The folder for --format html: a new or an empty one.")
  var output: String?

  @Option(help: "How indicators are counted: standard, or reference for the vendors' own names and values.")
  var profile = CoverageProfile.standard

  @Flag(help: "End with exit code 1 where an operation is watched by no rule.")
  var failOnGap = false

  @Option(help: "An earlier matrix in JSON: what got better or worse since is told, and worse ends with exit code 1.")
  var baseline: String?

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try checkOutput()
    let translator = try rules.translator()
    let set = try translator.operations(operations)
    let loaded = try rules.load(paths, with: translator)
    if profile == .reference { return try printReference(set, loaded) }
    for rule in loaded { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    // A rule over other events cannot fire on these, whatever it tests.
    let about = loaded.filter { $0.mapping == set.mapping }
    let others = loaded.filter { $0.neutral != nil && $0.mapping != set.mapping }.count
    if others > 0 { common.note("\(others) rules look at other events than \(set.mapping) and are left out") }
    let entries = about.compactMap { translator.entry(of: $0) }
    let decision = CoverageDecision(prover: translator.prover(forMapping: set.mapping))
    var matrix = CoverageMatrix(set, entries, decide: decision) { Parallel.map($0, $1) }
    var hasUnreadableEvents = false
    if !events.isEmpty {
      let (observation, isWhole) = try recorded(matrix)
      matrix.observe(observation)
      hasUnreadableEvents = !isWhole
    }
    let changes = try changes(to: matrix)
    let table = CoverageTable(matrix) { translator.neverSeen($0.value, at: $0.field, mapping: set.mapping) }
    switch format {
    case .text: Console.output.line(table.text)
    case .md: Console.output.line(table.markdown)
    case .csv: Console.output.line(table.csv)
    case .json: Console.output.line(table.json)
    case .navigator: Console.output.line(NavigatorLayer(matrix).json)
    case .html: try writePages(translator, set, about)
    }
    for change in changes {
      Console.error.line(
        "\(change.direction.rawValue): \(visible(change.rule)) (\(change.vendor)) covers \(change.operation) "
          + "\(change.after), before \(change.before)")
    }
    if loaded.contains(where: \.isUnreadable) || hasUnreadableEvents { throw Stop(.unreadable) }
    if changes.contains(where: { $0.direction == .worse }) { throw Stop(.findings) }
    if failOnGap, set.operations.indices.contains(where: matrix.isGap) { throw Stop(.findings) }
  }

  private func checkOutput() throws {
    guard format == .html else {
      if output != nil { throw Stop(.nothingDone, "-o is for --format html; other forms go to standard output") }
      return
    }
    guard let output else { throw Stop(.nothingDone, "--format html needs a folder: -o DIR") }
    try OutputFolder.check(output)
  }

  /// The catalogue of the rules in the matrix.
  private func writePages(_ translator: Translator, _ set: OperationSet, _ about: [LoadedRule]) throws {
    var files = CatalogueFiles(translator: translator, sets: [set], eventPaths: events, common: common)
    let count = try CatalogueFiles.write(Catalogue(try files.material(about)), to: output ?? "")
    common.note("\(count) files in \(output ?? ""); open \(output ?? "")/index.html")
  }

  private func printReference(_ set: OperationSet, _ loaded: [LoadedRule]) throws {
    let profile = ReferenceProfile(
      set, loaded.compactMap { rule in rule.source.map { ReferenceProfile.Entry($0, vendor: rule.vendor) } })
    switch format {
    case .text, .md: Console.output.line(profile.markdown)
    case .json: Console.output.line(profile.json)
    case .csv, .navigator, .html: throw Stop(.nothingDone, "the reference profile is written as md or json only")
    }
    if loaded.contains(where: \.isUnreadable) { throw Stop(.unreadable) }
  }

  private func changes(to matrix: CoverageMatrix) throws -> [CoverageBaseline.Change] {
    guard let baseline else { return [] }
    do throws(Diagnostic) {
      return try CoverageBaseline(InputFiles.source(baseline)).changes(to: matrix)
    } catch {
      Console.error.line(DiagnosticRenderer().render(error))
      throw Stop(.nothingDone)
    }
  }

  /// What the recorded events show of each operation, and whether all could be read.
  private func recorded(_ matrix: CoverageMatrix) throws -> (CoverageMatrix.Observation, isWhole: Bool) {
    var observer = CoverageObserver(matrix)
    let reading = try EventInput(paths: events, common: common)
    try reading.forEach { record in observer.observe(record.event, at: "\(record.place.source):\(record.place.line)") }
    try reading.refuseStrangers(observer.strangers, to: matrix.operations)
    return (observer.observation, !reading.hasFailures)
  }
}
