import LanguageSupport
import Panther
import RuleIR
import SourceText
import Testing

@Suite struct PantherSupportTests {
  @Test(arguments: Feature.allCases) func `what is said of a feature is what happens to its sample`(
    _ feature: Feature
  ) throws {
    let written = Result { try PantherRuleWriter.write(Rule(body: feature.sample), for: TargetSchema()) }
    switch PantherRuleWriter.support(for: feature) {
    case .native, .rewritten: #expect(try written.get().losses.isEmpty)
    case .approximated: #expect(try written.get().losses.contains { $0.feature == feature })
    case .notYet, .never:
      let error = #expect(throws: Diagnostic.self) { try written.get() }
      #expect(error?.code == .untranslatable)
    }
  }
}
