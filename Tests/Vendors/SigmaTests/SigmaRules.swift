import LanguageSupport
import Matcher
import RuleIR
import Sigma
import SourceText

/// Rules of the tests, read from text.
enum SigmaRules {
  /// A rule about audit events with this detection, whose lines stand at the margin.
  static func text(detection: String) -> String {
    let indented = detection.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    return """
      title: Secrets
      id: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
      logsource:
        product: kubernetes
        service: audit
      detection:

      """ + indented.joined(separator: "\n") + "\n"
  }

  static func read(_ text: String) -> [RuleReading] {
    SigmaReader.read(SourceFile(name: "rule.yml", text: text), in: ReadingContext())
  }

  static func read(detection: String) -> RuleReading? { read(text(detection: detection)).first }

  /// The meaning of a detection, as an outline; the refusals where it has none.
  static func outline(detection: String) -> String {
    guard let reading = read(detection: detection) else { return "nothing was read" }
    guard case .predicate(let predicate)? = reading.rule?.body else { return rendered(reading.diagnostics) }
    return PredicateOutline(.terse).text(of: predicate)
  }

  /// The meaning of a selection that is the whole rule.
  static func predicate(selection: String) -> Predicate? {
    let lines = selection.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    guard case .predicate(let predicate)? = read(detection: "selection:\n\(lines)\ncondition: selection")?.rule?.body
    else { return nil }
    return predicate
  }

  static func rendered(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { DiagnosticRenderer().render($0) }.joined(separator: "\n\n")
  }
}
