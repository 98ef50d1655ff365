import ArgumentParser
import SourceText

struct ExplainCodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain-code", abstract: "Show the long text behind a diagnostic's code.",
    discussion: "Example: cognate explain-code inexact-translation")

  @Argument(help: "The code, as in error[CODE]; without one all are listed.")
  var code: String?

  func run() throws {
    guard let code else {
      for code in DiagnosticCode.allCases { Console.output.line(code.rawValue) }
      return
    }
    guard let known = DiagnosticCode(rawValue: code) else {
      let nearest = nearestName(to: code, among: DiagnosticCode.allCases.map(\.rawValue))
      throw Stop(.nothingDone, "'\(visible(code))' is no code" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
    Console.output.line(known.explanation)
  }
}
