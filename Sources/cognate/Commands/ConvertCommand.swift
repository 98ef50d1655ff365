public import ArgumentParser
import Events
import LanguageSupport
import RuleIR
import SourceText
public import Translation

/// How much loss ends a conversion with an exit code.
enum LossPolicy: String, ExpressibleByArgument, CaseIterable {
  case never, narrower, any
}

extension Verification: ExpressibleByArgument {}

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Write rules in another product's words, and say what was lost.",
    discussion: """
      Example: cognate convert --to kusto vendor-rules/sigma -o out/

      With -o DIR the table goes to standard output; without it the converted text does, and the table goes to \
      standard error.
      """)

  @Argument(help: "Rule files, folders, globs, @FILE with a path a line, or - for standard input.")
  var paths: [String]

  @Option(help: "The form to write.")
  var to: String

  @Option(
    help: "End with exit code 1 on a loss: 'any', or 'narrower' for rules that fire less often. Off unless given.")
  var failOnLoss = LossPolicy.never

  @Option(help: "Check the output by reading it back: prove for all events, test on some, or off.")
  var verify = Verification.prove

  @Option(name: .shortAndLong, help: "The folder to write to; - for standard output.")
  var output: String = "-"

  @Option(help: "A JSON file for the grounds: hashes, mapped fields, losses, and events tried on rule and output.")
  var evidence: String?

  @Option(help: "Recorded events that --evidence tries on each rule and its output.")
  var events: [String] = []

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let translator = try rules.translator()
    guard let writer = translator.writer(named: to) else {
      let known = translator.writerNames
      let help = nearestName(to: to, among: known).map { " Did you mean '\($0)'?" } ?? ""
      throw Stop(.nothingDone, "'\(to)' is no form to write.\(help) Known: \(known.joined(separator: ", "))")
    }
    if output != "-" { try OutputFiles.makeFolder(output) }
    let loaded = try rules.load(paths, with: translator)
    let converted = loaded.map { translator.convert($0, to: writer, verify: verify) }
    var names = OutputNames(folder: output, inputs: paths)
    var table = ConversionTable(style: Console.error.style(common.color), isQuiet: common.quiet)
    var grounds = EvidenceFile(translator: translator, events: try recordedEvents())
    for result in converted {
      let file = try write(result, writer, &names)
      table.add(result, file: file)
      if evidence != nil { grounds.add(result, file: file) }
    }
    if let evidence {
      let text = grounds.text(command: CommandLine.arguments, version: CognateCommand.configuration.version)
      try OutputFiles.write(text, to: evidence)
    }
    table.print(to: output == "-" ? Console.error : Console.output)
    try finish(converted)
  }

  /// The events to try, each with its place.
  private func recordedEvents() throws -> [(place: String, event: EventValue)] {
    guard evidence != nil, !events.isEmpty else { return [] }
    var recorded: [(place: String, event: EventValue)] = []
    let input = try EventInput(paths: events, common: common)
    try input.forEach { recorded.append(("\($0.place.source):\($0.place.line)", $0.event)) }
    try input.finish()
    return recorded
  }

  /// Writes one result; the file's name, where there is one.
  private func write(_ result: ConvertedRule, _ writer: any RuleWriter.Type, _ names: inout OutputNames) throws
    -> String?
  {
    guard var written = result.written else { return nil }
    guard output != "-" else {
      Console.output.write(written.text)
      for companion in written.companions { Console.output.write(companion.text) }
      return nil
    }
    let stem = names.stem(for: result.rule, extension: writer.fileExtension)
    written = writer.renamed(written, to: stem.split(separator: "/").last.map(String.init) ?? stem)
    try OutputFiles.write(written.text, to: stem + writer.fileExtension)
    for companion in written.companions {
      try OutputFiles.write(companion.text, to: stem + companion.fileExtension)
    }
    return stem + writer.fileExtension
  }

  private func finish(_ converted: [ConvertedRule]) throws {
    if converted.contains(where: { $0.diagnostics.contains { $0.code == .unexplainedDifference } }) {
      throw Stop(.fault, "a conversion differs from its source in a way that no loss explains; please report it")
    }
    if converted.contains(where: { $0.rule.isUnreadable }) { throw Stop(.unreadable) }
    let isLossy = converted.contains { result in
      switch (failOnLoss, result.verdict) {
      case (_, .refused): true
      case (.never, _), (_, .exact): false
      case (.narrower, .broader): false
      case (.narrower, .narrower), (.narrower, .both), (.any, .broader), (.any, .narrower), (.any, .both): true
      }
    }
    if isLossy { throw Stop(.findings) }
  }
}

/// Names for output files: as the input's, with numbers where two would be alike.
struct OutputNames {
  let folder: String
  let inputs: [String]
  private var taken: Set<String> = []

  init(folder: String, inputs: [String]) {
    self.folder = folder
    self.inputs = inputs.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
  }

  /// The path of the output without its extension.
  mutating func stem(for rule: LoadedRule, extension: String) -> String {
    let base = relativeParts(rule.path).map(OutputFiles.safeName)
    let stem = ([folder] + base).joined(separator: "/")
    var candidate = stem
    var number = 2
    while !taken.insert(candidate.lowercased() + `extension`).inserted {
      candidate = "\(stem)-\(number)"
      number += 1
    }
    return candidate
  }

  /// The path below the folder that was named, without what marks the file's form.
  private func relativeParts(_ path: String) -> [String] {
    guard path != "-" else { return ["stdin"] }
    var rest = path
    if let root = inputs.first(where: { path.hasPrefix($0 + "/") }) {
      rest = String(path.dropFirst(root.count + 1))
    } else {
      rest = path.split(separator: "/").last.map(String.init) ?? path
    }
    var parts = rest.split(separator: "/").map(String.init).filter { $0 != ".." && $0 != "." }
    if let last = parts.popLast() {
      var name = last
      for end in [
        ".yml", ".yaml", ".toml", ".json", ".ndjson", ".conf", ".py", ".sigma", ".kuery", ".esql", ".spl", ".kusto",
        ".ir",
      ]
      where name.hasSuffix(end) { name = String(name.dropLast(end.count)) }
      parts.append(name)
    }
    return parts
  }
}
