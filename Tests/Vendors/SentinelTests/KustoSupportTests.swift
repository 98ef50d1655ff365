import LanguageSupport
import RuleIR
import Sentinel
import SourceText
import Testing

struct KustoSupportTests {
  @Test(arguments: Feature.allCases)
  func `The writer does what it says it does`(feature: Feature) throws {
    let rule = Rule(body: feature.sample)
    let result = Result { () throws(Diagnostic) -> WrittenRule in try KustoWriter.write(rule, for: TargetSchema()) }
    switch KustoWriter.support(for: feature) {
    case .native, .rewritten:
      let written = try result.get()
      #expect(written.losses.isEmpty, "\(written)")
    case .approximated(let drift, _):
      let losses = try result.get().losses
      #expect(losses.contains { $0.feature == feature && $0.drift == drift }, "\(losses)")
    case .notYet, .never:
      #expect(throws: Diagnostic.self) { try result.get() }
    }
  }

  @Test func `The form of every sample is known`() throws {
    for feature in Feature.allCases {
      guard let written = try? KustoWriter.write(Rule(body: feature.sample), for: TargetSchema()) else { continue }
      let readings = KustoReader.read(SourceFile(name: "s.kusto", text: written.text), in: ReadingContext())
      let rule = try #require(readings.first?.rule, "\(feature): \(readings.first?.diagnostics ?? [])")
      if feature == .anyField || feature == .rawTerm { continue }
      if case .unmodelled(let rest) = rule.body { Issue.record("\(feature): \(rest.reason)\n\(written.text)") }
    }
  }
}
