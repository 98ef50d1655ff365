import ArgumentParser
import FieldMapping
import RuleIR
import SourceText
import Translation

enum CheckFormat: String, ExpressibleByArgument, CaseIterable { case text, json, sarif, junit, github }

/// The weight from which a finding ends `check` with an exit code.
enum FailLevel: String, ExpressibleByArgument, CaseIterable {
  case error, warning, info

  var severity: Diagnostic.Severity {
    switch self {
    case .error: .error
    case .warning: .warning
    case .info: .info
    }
  }
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look for mistakes in rules before they are merged.",
    discussion: """
      Example: cognate check vendor-rules --report sarif=check.sarif

      Fields are held against a mapping where one is about the events of a rule; --unmapped error or warn makes it a \
      finding that there is none. Each code is explained by cognate explain-code CODE.
      """)

  @Argument(help: "Rule files, folders, globs, or - for standard input.")
  var paths: [String]

  @Option(help: "The weight from which a finding gives exit code 1: error, warning or info.")
  var failOn = FailLevel.error

  @Option(help: "What goes to standard output: text, json, sarif, junit or github.")
  var format = CheckFormat.text

  @Option(help: "Further reports to write in the same run, as FORM=FILE.")
  var report: [String] = []

  @Flag(help: "Make the changes that leave every rule's meaning as it is, which is proved; comments stay.")
  var fix = false

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let reports = try ReportRequest.read(report, known: CheckFormat.allCases.map(\.rawValue))
    let translator = try rules.translator(unmapped: .warn)
    var check = try look(translator)
    if fix { check = try fixing(check, translator) }
    Console.output.write(text(format, check, style: Console.output.style(common.color)))
    for (form, file) in reports {
      guard let form = CheckFormat(rawValue: form) else { continue }
      try OutputFiles.write(text(form, check, style: .plain), to: file)
    }
    summarise(check)
    if check.rules.contains(where: \.isUnreadable) { throw Stop(.unreadable) }
    if check.diagnostics.contains(where: { $0.severity >= failOn.severity }) { throw Stop(.findings) }
  }

  private func look(_ translator: Translator) throws -> CheckRun {
    CheckRun(
      try rules.load(paths, with: translator), by: translator, mappings: rules.unmapped == nil ? .lenient : .asAsked)
  }

  /// Changes files until there is nothing left to change; one change may make room for another.
  private func fixing(_ first: CheckRun, _ translator: Translator) throws -> CheckRun {
    var check = first
    var fixes = RuleFixes(translator: translator) { try rules.load($0, with: translator) }
    for _ in 0..<5 {
      guard try fixes.apply(check.diagnostics) else { break }
      check = try look(translator)
    }
    if fixes.fixedFiles > 0 { common.note("\(fixes.madeChanges) changes made in \(fixes.fixedFiles) files") }
    return check
  }

  private func text(_ form: CheckFormat, _ check: CheckRun, style: DiagnosticRenderer.Style) -> String {
    switch form {
    case .text:
      let renderer = DiagnosticRenderer(style: style)
      return check.diagnostics.map { renderer.render($0) + "\n\n" }.joined()
    case .json: return Reports.json(check.diagnostics, rules: check.rules.count)
    case .sarif: return SARIFReport.text(check.diagnostics, version: CognateCommand.configuration.version)
    case .github: return GitHubAnnotations.text(check.diagnostics)
    case .junit:
      let renderer = DiagnosticRenderer()
      return Reports.junit(
        check.findings.map { finding in
          let failures = finding.diagnostics.filter { $0.severity >= failOn.severity }.map(renderer.render)
          return ReportCase(
            suite: finding.suite, name: finding.title.isEmpty ? "as a whole" : finding.title, failures: failures)
        })
    }
  }

  private func summarise(_ check: CheckRun) {
    let counts = Diagnostic.Severity.allCases.reversed().map { severity in
      "\(check.diagnostics.filter { $0.severity == severity }.count) \(severity.rawValue)s"
    }
    common.note("\(check.rules.count) rules: " + counts.joined(separator: ", "))
    if check.unmapped > 0 {
      common.note(
        "\(check.unmapped) of them look at events that no mapping is about: their fields were taken as they are")
    }
  }
}
