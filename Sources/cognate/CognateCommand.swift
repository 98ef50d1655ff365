import ArgumentParser
import SourceText

/// The program: its commands and how it ends.
@main
struct CognateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cognate",
    abstract: "Reads detection rules of several products, says what they mean, runs and rewrites them.",
    discussion: """
      Rules of Sigma, Elastic, Splunk, Microsoft Sentinel and Panther are read into one meaning, run over Kubernetes \
      audit events, and written back for any other product, with what was lost said by name.
      """,
    version: "0.1.0",
    subcommands: [
      ConvertCommand.self, CheckCommand.self, TestCommand.self, MatchCommand.self, ExplainCommand.self,
      CoverageCommand.self, CatalogCommand.self, DiffCommand.self, FieldsCommand.self, EventsCommand.self,
      IRCommand.self,
      ExplainCodeCommand.self,
    ])

  /// The command that a misspelt one most likely means.
  private static var suggestion: String? {
    let names = configuration.subcommands.map { $0._commandName }
    guard let first = CommandLine.arguments.dropFirst().first, !first.hasPrefix("-"), !names.contains(first) else {
      return nil
    }
    return nearestName(to: first, among: names)
  }

  static func main() {
    ignoreBrokenPipes()
    do {
      // An option whose value may be left out is spelled out for the parser.
      let arguments = CommandLine.arguments.dropFirst().map { $0 == "--fail-on-loss" ? "--fail-on-loss=any" : $0 }
      var command = try parseAsRoot(arguments)
      try command.run()
      exitNow(.done)
    } catch let stop as Stop {
      if let message = stop.message { Console.error.line("error: \(message)") }
      exitNow(stop.code)
    } catch {
      let code = exitCode(for: error)
      // Asked-for texts (help, version, completion scripts) are data; a mistaken command line is code 3.
      if code.isSuccess {
        Console.output.line(fullMessage(for: error))
        exitNow(.done)
      }
      Console.error.line(fullMessage(for: error))
      if let suggestion { Console.error.line("did you mean '\(suggestion)'?") }
      exitNow(.nothingDone)
    }
  }
}
