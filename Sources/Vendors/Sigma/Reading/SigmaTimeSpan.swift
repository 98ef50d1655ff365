import Documents
import RuleIR
import SourceText

extension TimeSpan {
  /// Reads a whole number above zero with `s`, `m`, `h`, `d` or `w` behind it.
  ///
  /// Months and years, which some tools take, have no fixed length.
  init?(sigma text: String) {
    guard let span = TimeSpan(text), span.seconds > 0, text.utf8.first.map({ (48...57).contains($0) }) ?? false
    else { return nil }
    self = span
  }
}

extension Diagnostic {
  static func notATimeSpan(_ node: DocumentNode) -> Diagnostic {
    let isCalendar = node.text.map { ["M", "y"].contains($0.last) } ?? false
    return Diagnostic(
      .invalidValue, "'\(node.text?.prefix(40) ?? "")' is no time span", at: node.range,
      label: "expected a number with s, m, h, d or w",
      notes: isCalendar ? ["months and years have no fixed length"] : [], help: "write it like 15m")
  }
}
