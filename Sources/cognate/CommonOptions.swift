import ArgumentParser
import SourceText

extension ColourChoice: ExpressibleByArgument {}

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(help: "When to colour: auto, always or never.")
  var color = ColourChoice.auto

  @Flag(name: .shortAndLong, help: "Say nothing on standard error but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more on standard error.")
  var verbose = false

  /// Shows diagnostics on standard error, those of lesser weight only where asked for.
  func report(_ diagnostics: [Diagnostic]) {
    let renderer = DiagnosticRenderer(style: Console.error.style(color))
    for diagnostic in diagnostics where isShown(diagnostic.severity) {
      Console.error.line(renderer.render(diagnostic) + "\n")
    }
  }

  private func isShown(_ severity: Diagnostic.Severity) -> Bool {
    switch severity {
    case .error: true
    case .warning: !quiet
    case .info: verbose && !quiet
    }
  }

  /// Says something on standard error that is no finding.
  func note(_ text: String) {
    if !quiet { Console.error.line(text) }
  }
}
