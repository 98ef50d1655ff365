import LanguageSupport
import RuleIR
import SourceText
import TestSupport
import Testing
import Translation

/// The rule pack as one test of the whole way: five vendors in, every form out, all of it recorded.
@Suite struct RulePackTests {
  static let vendors = ["sigma", "elastic", "splunk", "sentinel", "panther"]
  static let detections = Array(Set(RulePack.rules.map(RulePack.detection))).sorted()
  /// All but the older envelope of Splunk's detections, which holds the same search.
  static let writers: [any RuleWriter.Type] = VendorRegistry.all.flatMap { $0.writers }.filter {
    $0.name != "splunk-detection-2024"
  }

  @Test func `there are at least six detections of five vendors`() {
    #expect(Self.detections.count >= 6)
    for vendor in Self.vendors {
      #expect(RulePack.rules.filter { $0.vendor == vendor }.count >= 6, "\(vendor)")
    }
  }

  @Test(arguments: RulePack.rules.indices)
  func `every rule of the pack is read and mapped without an error`(index: Int) {
    let rule = RulePack.rules[index]
    let errors = rule.diagnostics.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(errors.map { DiagnosticRenderer().render($0) }.joined(separator: "\n"))")
    #expect(rule.neutral != nil, "\(rule.path)")
    #expect(rule.mapping == "kubernetes-audit", "\(rule.path)")
  }

  @Test(arguments: detections)
  func `what the forms of a detection mean is recorded`(detection: String) {
    var text = ""
    for rule in RulePack.rules where RulePack.detection(rule) == detection {
      let predicates = rule.neutral?.body.predicates ?? []
      text += "\(rule.path)\n"
      text += predicates.map { PredicateOutline(.terse).text(of: $0.normalised(), indent: 1) + "\n" }.joined()
    }
    let difference = GoldenText.difference(of: text, from: "pack/\(detection)/meaning.txt")
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test(arguments: detections)
  func `what becomes of the Sigma form in every other is recorded`(detection: String) throws {
    let translator = try #require(RulePack.translator)
    let rule = try #require(RulePack.rules.first { $0.vendor == "sigma" && RulePack.detection($0) == detection })
    for writer in Self.writers {
      let result = translator.convert(rule, to: writer)
      var text = "\(result.verdict.rawValue) (\(result.assurance))\n\n"
      text += result.written?.text ?? ""
      for companion in result.written?.companions ?? [] { text += "\n\(companion.fileExtension)\n\(companion.text)" }
      for diagnostic in result.diagnostics { text += "\n" + DiagnosticRenderer().render(diagnostic) + "\n" }
      let difference = GoldenText.difference(of: text, from: "pack/\(detection)/\(writer.name).txt")
      #expect(difference == nil, "\(difference ?? "")")
    }
  }

  /// One line a rule: what it becomes in every form.
  @Test func `the ledger is as recorded, and no difference is unexplained`() throws {
    let translator = try #require(RulePack.translator)
    var ledger = "rule\t" + Self.writers.map { $0.name }.joined(separator: "\t") + "\n"
    for rule in RulePack.rules {
      let cells = Self.writers.map { writer -> String in
        let result = translator.convert(rule, to: writer)
        let faults = result.diagnostics.filter { $0.code == .unexplainedDifference }
        #expect(faults.isEmpty, "\(rule.path) to \(writer.name): \(faults.map(\.notes))\n\(result.written?.text ?? "")")
        switch result.assurance {
        case .proved: return "\(result.verdict.rawValue), proved"
        case .tested: return "\(result.verdict.rawValue), tested"
        case .unproved: return "\(result.verdict.rawValue), unproved"
        case .none: return result.verdict.rawValue
        }
      }
      ledger += "\(rule.path)\t" + cells.joined(separator: "\t") + "\n"
    }
    let difference = GoldenText.difference(of: ledger, from: "pack/ledger.tsv")
    #expect(difference == nil, "\(difference ?? "")")
  }
}
