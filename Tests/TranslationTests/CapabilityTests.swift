import LanguageSupport
import RuleIR
import SourceText
import Testing
import Translation

/// The table of what languages can say may not promise what their writers do not do.
@Suite struct CapabilityTests {
  static let writers: [any RuleWriter.Type] = VendorRegistry.all.flatMap { $0.writers }

  /// A rule that needs the feature, with all the metadata that a rule file may ask for.
  static func sample(_ feature: Feature) -> Rule {
    let metadata = RuleMetadata(
      id: "6f1c2b3a-8d4e-4f5a-9b6c-7d8e9f0a1b2c", name: "sample", title: "A sample", description: "A sample rule.",
      level: .medium, status: "test", authors: ["cognate"], date: "2026-01-02")
    return Rule(metadata: metadata, body: feature.sample)
  }

  @Test func `there are writers`() { #expect(Self.writers.count >= 4) }

  @Test(arguments: Feature.allCases)
  func `every writer keeps its word`(feature: Feature) {
    for writer in Self.writers {
      let support = writer.support(for: feature)
      let result = Result { () throws(Diagnostic) in try writer.write(Self.sample(feature), for: TargetSchema()) }
      switch (support, result) {
      case (.native, .success(let written)), (.rewritten, .success(let written)):
        #expect(written.losses.isEmpty, "\(writer.name) says \(support) of \(feature) and loses \(written.losses)")
        #expect(!written.text.isEmpty)
      case (.approximated(let drift, _), .success(let written)):
        #expect(
          written.losses.contains { $0.drift == drift },
          "\(writer.name) says \(support) of \(feature) and names \(written.losses)")
      case (.notYet, .failure(let problem)), (.never, .failure(let problem)):
        #expect(problem.code == .untranslatable, "\(writer.name) refuses \(feature) with \(problem.code)")
      case (.native, .failure(let problem)), (.rewritten, .failure(let problem)),
        (.approximated, .failure(let problem)):
        Issue.record("\(writer.name) says \(support) of \(feature) and refuses: \(problem.message)")
      case (.notYet, .success), (.never, .success):
        Issue.record("\(writer.name) says \(support) of \(feature) and writes it")
      }
    }
  }
}
