/// Texts of rules and events inside tables of text.
///
/// Both forms go by scalars: a character may be a quote with an accent, which a reader of bytes takes for a quote.
public enum SafeText {
  /// A cell of CSV (RFC 4180) that no spreadsheet takes for a formula.
  public static func csvCell(_ text: String) -> String {
    let safe = text.unicodeScalars.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) } ?? false ? "'" + text : text
    guard safe.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return safe }
    var cell = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in safe.unicodeScalars {
      if scalar == "\"" { cell.append(scalar) }
      cell.append(scalar)
    }
    cell.append("\"")
    return String(cell)
  }

  /// A cell of a Markdown table, in which nothing is markup.
  public static func markdownCell(_ text: String) -> String {
    var cell = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if "\\`*_{}[]<>()#|!&".unicodeScalars.contains(scalar) { cell.append("\\") }
      cell.append(
        scalar.properties.generalCategory == .control || "\u{2028}\u{2029}".unicodeScalars.contains(scalar)
          ? " " : scalar)
    }
    return String(cell)
  }
}
