import Foundation
import LanguageSupport
import RuleIR
import Testing
import Translation

/// The published table of what every language says, generated from `support(for:)`.
@Suite struct LanguageMatrixTests {
  /// Deployable forms say what their query's language says; the table has the languages.
  static let writers = VendorRegistry.all.flatMap { $0.writers }
    .filter { ["sigma", "kuery", "esql", "eql", "lucene", "spl", "kusto", "panther"].contains($0.name) }

  static var table: String {
    var text = """
      # What each language says

      Generated from the program's own table by `UPDATE_GOLDEN=1 swift test --filter LanguageMatrixTests`; a test exports a sample of every feature in every language and holds the table to its word.
      Without knowledge of the fields: a mapping turns many a ▼ into ✔.

      ✔ native  ↻ said in other words  ▲ broader  ▼ narrower  ▲▼ both  · not yet  ✘ never

      | feature | \(writers.map { $0.name }.joined(separator: " | ")) |
      |---|\(String(repeating: "---|", count: writers.count))

      """
    var reasons = ""
    for feature in Feature.allCases {
      let answers = writers.map { ($0.name, $0.support(for: feature)) }
      text += "| \(feature.rawValue) | \(answers.map { mark($0.1) }.joined(separator: " | ")) |\n"
      for (language, support) in answers {
        if let reason = reason(support) { reasons += "- **\(feature.rawValue)** in \(language): \(reason)\n" }
      }
    }
    return text + "\n## Reasons\n\n" + reasons
  }

  private static func mark(_ support: Support) -> String {
    switch support {
    case .native: "✔"
    case .rewritten: "↻"
    case .approximated(.broader, _): "▲"
    case .approximated(.narrower, _): "▼"
    case .approximated(.both, _): "▲▼"
    case .notYet: "·"
    case .never: "✘"
    }
  }

  private static func reason(_ support: Support) -> String? {
    switch support {
    case .native, .notYet: nil
    case .rewritten(let form): "written as `\(form.split(separator: "|").joined(separator: "\\|"))`"
    case .approximated(_, let reason), .never(let reason): reason
    }
  }

  @Test func `the published table is the program's own`() throws {
    let file = RulePack.root.appendingPathComponent("LANGUAGES.md")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(Self.table.utf8).write(to: file)
    }
    #expect(Self.writers.count == 8)
    #expect(try String(contentsOf: file, encoding: .utf8) == Self.table, "run with UPDATE_GOLDEN=1")
  }
}
