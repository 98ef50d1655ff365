import ArgumentParser
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
    discussion: "Example: cognate check vendor-rules --report sarif=check.sarif")

  @Argument(help: "Rule files, folders, globs, or - for standard input.")
  var paths: [String]

  @Option(help: "The weight from which a finding gives exit code 1: error, warning or info.")
  var failOn = FailLevel.error

  @Option(help: "What goes to standard output: text, json, sarif, junit or github.")
  var format = CheckFormat.text

  @Option(help: "Further reports to write in the same run, as FORM=FILE.")
  var report: [String] = []

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let translator = try rules.translator()
    let loaded = try rules.load(paths, with: translator)
    var findings: [(path: String, title: String, diagnostics: [Diagnostic])] = []
    for rule in loaded {
      findings.append((rule.path, rule.title, rule.diagnostics + translator.lint(rule)))
    }
    let twins = DuplicateIdentifiers.diagnostics(loaded)
    if !twins.isEmpty { findings.append(("", "", twins)) }
    let diagnostics = findings.flatMap(\.diagnostics)
    Console.output.write(try text(format, findings, rules: loaded.count))
    for entry in report {
      let halves = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2, let form = CheckFormat(rawValue: halves[0]) else {
        let known = CheckFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw Stop(.nothingDone, "a report is FORM=FILE with one of \(known), not '\(visible(entry))'")
      }
      try OutputFiles.write(try text(form, findings, rules: loaded.count), to: halves[1])
    }
    common.note(Self.summary(loaded.count, diagnostics))
    if loaded.contains(where: \.isUnreadable) { throw Stop(.unreadable) }
    if diagnostics.contains(where: { $0.severity >= failOn.severity }) { throw Stop(.findings) }
  }

  private func text(
    _ form: CheckFormat, _ findings: [(path: String, title: String, diagnostics: [Diagnostic])], rules: Int
  ) throws -> String {
    let diagnostics = findings.flatMap(\.diagnostics)
    switch form {
    case .text:
      let renderer = DiagnosticRenderer(style: Console.output.style(common.color))
      return diagnostics.map { renderer.render($0) + "\n\n" }.joined()
    case .json: return Reports.json(diagnostics, rules: rules)
    case .sarif: return Reports.sarif(diagnostics)
    case .github: return Reports.github(diagnostics)
    case .junit:
      let renderer = DiagnosticRenderer()
      return Reports.junit(
        findings.map { finding in
          let failures = finding.diagnostics.filter { $0.severity >= failOn.severity }.map(renderer.render)
          return ReportCase(suite: finding.path, name: finding.title, failures: failures)
        })
    }
  }

  private static func summary(_ rules: Int, _ diagnostics: [Diagnostic]) -> String {
    let counts = Diagnostic.Severity.allCases.reversed().map { severity in
      "\(diagnostics.filter { $0.severity == severity }.count) \(severity.rawValue)s"
    }
    return "\(rules) rules: " + counts.joined(separator: ", ")
  }
}

/// Ids that stand in more than one rule of one form.
enum DuplicateIdentifiers {
  static func diagnostics(_ rules: [LoadedRule]) -> [Diagnostic] {
    var seen: [String: LoadedRule] = [:]
    var found: [Diagnostic] = []
    for rule in rules {
      guard let id = rule.source?.metadata.id else { continue }
      guard let first = seen.updateValue(rule, forKey: "\(rule.form) \(id)") else { continue }
      found.append(
        Diagnostic(
          .duplicateIdentifier, "two rules have the id '\(id)'", at: rule.range, label: "this one",
          secondary: [.init(first.range, "and this one")]))
    }
    return found
  }
}
