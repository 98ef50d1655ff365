import ArgumentParser
import Events
import RuleIR
import SourceText
import Translation

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Prove that rules fire on the events they were written for, and on no others.",
    discussion: """
      Example: cognate test samples

      A spec is a file *.test.yml: rules, and cases with events and the rules that must fire on them. Cases inside \
      Panther rules are run too. --mutate makes a small mistake in one test after the other and reports those that no \
      case notices. --generate writes specs with cases that the prover finds for rules; they are marked as generated \
      and counted apart.
      """)

  @Argument(help: "Specs, or folders in which to look for them and for rules with cases of their own.")
  var specs: [String] = ["."]

  @Option(name: .customLong("rules"), help: "Rules to use beside those that the specs name.")
  var extraRules: [String] = []

  @Option(name: .customLong("events"), help: "Event files on which every case's events are followed.")
  var extraEvents: [String] = []

  @Option(help: "Reports to write, as FORM=FILE; the form is junit or json.")
  var report: [String] = []

  @Flag(help: "Report which mistakes in single tests of the rules their cases do not notice.")
  var mutate = false

  @Option(help: "Write specs with generated cases for the rules that are named into a folder, or to - at once.")
  var generate: String?

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let reports = try ReportRequest.read(report, known: ["junit", "json"])
    let translator = try rules.translator()
    if let generate { return try writeCases(into: generate, translator) }
    var run = SpecRun()
    var status = ExitStatus.done
    let files = try InputFiles.expand(specs)
    let specFiles = files.filter { $0.hasSuffix(".test.yml") || $0.hasSuffix(".test.yaml") }
    for path in specFiles {
      do {
        let source = try InputFiles.source(path)
        let spec = try SpecFile(source, path: path)
        let base = folder(of: path)
        let paths = spec.rules.map { join(base, $0) } + extraRules
        let loaded = try rules.load(paths, with: translator)
        status = max(status, note(loaded))
        try run.run(spec, loaded) { file in try events([join(base, file)] + extraEvents) }
      } catch let diagnostic as Diagnostic {
        common.report([diagnostic])
        status = .unreadable
      }
    }
    let others = files.filter { file in !specFiles.contains(file) && (file.hasSuffix(".yml") || file.hasSuffix(".yaml"))
    }
    if !others.isEmpty, let loaded = try? rules.load(others, with: translator) {
      run.runOwnCases(loaded.filter { !($0.neutral?.cases.isEmpty ?? true) })
    }
    guard !run.results.isEmpty || status != .done else {
      throw Stop(
        .nothingDone, "there are no specs (*.test.yml) and no rules with cases in \(specs.joined(separator: ", "))")
    }
    show(run)
    let mutations = mutate ? MutationRun(run, by: translator) : nil
    if let mutations { show(mutations) }
    for (form, file) in reports { try OutputFiles.write(text(form, run, mutations), to: file) }
    let isUnnoticed = mutations?.results.contains { !$0.survivors.isEmpty } ?? false
    if isUnnoticed || run.results.contains(where: { !$0.failures.isEmpty }) { status = max(status, .findings) }
    if status != .done { throw Stop(status) }
  }

  private func writeCases(into target: String, _ translator: Translator) throws {
    let loaded = try rules.load(extraRules.isEmpty ? specs : extraRules, with: translator)
    let status = note(loaded)
    let generation = try SpecGeneration(loaded, into: target, by: translator)
    if common.verbose { for gap in generation.gaps { common.note(visible(gap)) } }
    common.note(
      "\(generation.caseCount) cases in \(generation.specCount) specs"
        + (generation.gaps.isEmpty ? "" : "; \(generation.gaps.count) gaps (-v names them)"))
    if status != .done { throw Stop(status) }
  }

  private func note(_ loaded: [LoadedRule]) -> ExitStatus {
    for rule in loaded where rule.isRefused { common.report(rule.diagnostics) }
    return loaded.contains(where: \.isUnreadable)
      ? .unreadable : loaded.contains(where: \.isRefused) ? .findings : .done
  }

  private func events(_ paths: [String]) throws -> [EventValue] {
    var events: [EventValue] = []
    try EventInput(paths: paths, common: common).forEach { events.append($0.event) }
    return events
  }

  private func show(_ run: SpecRun) {
    for result in run.results where !result.failures.isEmpty {
      Console.output.line("FAIL  \(visible(result.spec)): \(visible(result.name))")
      for failure in result.failures { Console.output.line("  " + failure) }
    }
    let failed = run.results.filter { !$0.failures.isEmpty }.count
    let generated = run.results.filter(\.isGenerated).count
    let ofThem = generated > 0 ? " (\(generated) of the \(run.results.count) cases are generated)" : ""
    Console.output.line("\(run.results.count - failed) passed, \(failed) failed\(ofThem)")
    let untested = run.untested
    for (titles, what) in [(untested.neverWanted, "fire"), (untested.neverSilent, "be silent")] where !titles.isEmpty {
      let names = titles.prefix(5).map { visible($0) }.joined(separator: ", ") + (titles.count > 5 ? ", …" : "")
      let wanted = generated > 0 ? "a case by hand" : "a case"
      common.note("\(titles.count) rules without \(wanted) in which they must \(what): \(names)")
    }
  }

  private func show(_ mutations: MutationRun) {
    for line in mutations.lines { Console.output.line(line) }
    for note in mutations.notes { common.note(note) }
  }

  private func text(_ form: String, _ run: SpecRun, _ mutations: MutationRun?) -> String {
    let cases = run.results.map {
      ReportCase(suite: $0.spec, name: $0.name, failures: $0.failures, isGenerated: $0.isGenerated)
    }
    return form == "junit" ? Reports.junit(cases) : Reports.testJSON(cases, mutations: mutations?.json)
  }

  private func folder(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }

  private func join(_ folder: String, _ path: String) -> String {
    folder.isEmpty || path.hasPrefix("/") ? path : folder + "/" + path
  }
}
