import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Splunk

@Suite struct SupportTests {
  @Test(arguments: Feature.allCases) func `The writer keeps the word that its table gives`(_ feature: Feature) {
    let rule = Rule(body: feature.sample)
    switch SPLSupport.support(for: feature) {
    case .native, .rewritten:
      #expect(throws: Never.self) {
        let written = try SPLWriter.write(rule, for: TargetSchema())
        #expect(written.losses == [], "\(written.text)")
      }
    case .approximated(let drift, _):
      #expect(throws: Never.self) {
        let losses = try SPLWriter.write(rule, for: TargetSchema()).losses
        #expect(losses.contains { $0.feature == feature && $0.drift == drift }, "\(losses)")
      }
    case .notYet, .never:
      do {
        let written = try SPLWriter.write(rule, for: TargetSchema())
        Issue.record("\(feature) was written: \(written.text)")
      } catch {
        #expect(error.code == .untranslatable)
      }
    }
  }

  @Test func `Every form answers alike`() {
    for writer in Splunk.writers {
      for feature in Feature.allCases { #expect(writer.support(for: feature) == SPLSupport.support(for: feature)) }
    }
    #expect(Splunk.writers.count == 4)
  }
}
