import Foundation
import SourceText
import Testing

/// What must be absent from the sources, and what must stand there.
@Suite struct TidyTests {
  static let sources: [(path: String, text: String)] = RulePack.files(in: "Sources").filter { $0.hasSuffix(".swift") }
    .compactMap { path in RulePack.source(path).map { (path, $0.text) } }

  @Test func `there are sources`() { #expect(Self.sources.count > 200) }

  @Test(arguments: ["SourceText", "RuleIR", "Documents", "Vendors", "Proof"])
  func `no Foundation where it would weigh on every start`(folder: String) {
    for (path, text) in Self.sources where path.hasPrefix("Sources/\(folder)/") {
      #expect(!text.contains("import Foundation"), "\(path)")
    }
  }

  @Test func `no default in a switch over the rule model`() {
    for (path, text) in Self.sources where path.hasPrefix("Sources/RuleIR/") || path.hasPrefix("Sources/Proof/") {
      let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
      #expect(!lines.contains { $0.hasPrefix("default:") }, "\(path)")
    }
  }

  @Test func `nothing is forced, and nothing traps on purpose but one`() {
    for (path, text) in Self.sources {
      #expect(!text.contains("try!") && !text.contains("fatalError("), "\(path)")
    }
  }

  @Test func `files keep to the alarm of 400 lines, but for a few`() {
    let long = Self.sources.filter { $0.text.split(separator: "\n", omittingEmptySubsequences: false).count > 410 }
    #expect(long.isEmpty, "\(long.map(\.path))")
  }

  @Test func `every diagnostic code is given somewhere and has a long text`() {
    let rest = Self.sources.filter { file in
      !["DiagnosticCode.swift", "DiagnosticExplanation.swift", "LoadedRule.swift"].contains { file.path.hasSuffix($0) }
    }
    for code in DiagnosticCode.allCases {
      #expect(rest.contains { $0.text.contains(".\(code)") }, "\(code)")
      #expect(code.explanation.count > 20, "\(code)")
    }
  }

  @Test func `every door to C is behind a target of its own`() {
    for (path, text) in Self.sources {
      for module in ["CYAML", "CRE2", "CPCRE2", "CZlib", "CZstd", "CSimdJSON"] where text.contains("import \(module)\n")
      {
        let owner =
          switch module {
          case "CYAML": "Documents"
          case "CRE2", "CPCRE2": "Matcher"
          case _: "Events"
          }
        #expect(path.hasPrefix("Sources/\(owner)/"), "\(path)")
      }
    }
  }
}
