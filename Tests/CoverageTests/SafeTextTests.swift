import Coverage
import Testing

@Suite struct SafeTextTests {
  private static let texts = [
    "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "=\u{301}1", "a\r\nb", "say \"hi\"", "\"\u{301},x", ",", "",
    "plain", "'",
  ]

  @Test(arguments: texts) func `a cell of CSV reads back and is no formula`(text: String) {
    let line = ["first", text, "last"].map(SafeText.csvCell).joined(separator: ",")
    let cells = Self.read(line)
    #expect(cells.count == 3 && cells.first == "first" && cells.last == "last", "\(line)")
    let shown = Array(cells[1].unicodeScalars)
    #expect(!(shown.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) } ?? false))
    #expect(shown == Array(text.unicodeScalars) || shown == Array("'\(text)".unicodeScalars))
  }

  @Test(arguments: texts + ["a|b", "|\u{301}", "`x`", "<b>", "&lt;", "a\u{2028}b"])
  func `a cell of Markdown stays one cell`(text: String) {
    var isEscaped = false
    for scalar in SafeText.markdownCell(text).unicodeScalars {
      #expect(isEscaped || !"|`<&".unicodeScalars.contains(scalar))
      #expect(!"\n\r\u{2028}".unicodeScalars.contains(scalar))
      isEscaped = scalar == "\\" && !isEscaped
    }
  }

  /// The cells of a record, as RFC 4180 reads it.
  private static func read(_ record: String) -> [String] {
    var cells = [String.UnicodeScalarView()]
    var isQuoted = false
    var rest = record.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if isQuoted, scalar == "\"", rest.first == "\"" {
        cells[cells.count - 1].append(rest.removeFirst())
      } else if scalar == "\"" {
        isQuoted.toggle()
      } else if scalar == ",", !isQuoted {
        cells.append(String.UnicodeScalarView())
      } else {
        cells[cells.count - 1].append(scalar)
      }
    }
    return cells.map { String($0) }
  }
}
