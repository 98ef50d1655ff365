import SourceText
import Testing

@Suite struct DiagnosticRendererTests {
  private let file = SourceFile(
    name: "rules/secrets.yml",
    text: "detection:\n  selection:\n    userAgent|contain: curl\n    verb: get\n    verb: list\n")

  private func range(_ text: String, after other: String = "") throws -> SourceRange {
    let bytes = Array(text.utf8)
    let first = try #require(Self.offset(of: Array(other.utf8), in: file.bytes[...]))
    let start = try #require(Self.offset(of: bytes, in: file.bytes[(first + other.utf8.count)...]))
    return SourceRange(file: file, start: start, end: start + bytes.count)
  }

  private static func offset(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.indices.first { bytes[$0...].starts(with: part) }
  }

  @Test func `a diagnostic shows its line, a caret under the place, notes and help`() throws {
    let diagnostic = Diagnostic(
      .unknownModifier, "'contain' is not a Sigma modifier", at: try range("contain"), label: "no such modifier",
      notes: ["modifiers follow the field"], help: "did you mean 'contains'?")
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        error[unknown-modifier]: 'contain' is not a Sigma modifier
         --> rules/secrets.yml:3:15
          |
        3 |     userAgent|contain: curl
          |               ^^^^^^^ no such modifier
          = note: modifiers follow the field
          = help: did you mean 'contains'?
        """)
  }

  @Test func `a second place is marked in its own line`() throws {
    let diagnostic = Diagnostic(
      .duplicateKey, "twice", severity: .warning, at: try range("verb", after: "get"), label: "again",
      secondary: [Diagnostic.Label(try range("verb"), "first here")])
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        warning[duplicate-key]: twice
         --> rules/secrets.yml:5:5
          |
        5 |     verb: list
          |     ^^^^ again
         --> rules/secrets.yml:4:5
          |
        4 |     verb: get
          |     ---- first here
        """)
  }

  @Test func `a diagnostic without a place is a headline`() {
    #expect(DiagnosticRenderer().render(Diagnostic(.noDocument, "nothing", at: nil)) == "error[no-document]: nothing")
  }

  @Test func `an empty file is named without a line`() {
    let empty = SourceFile(name: "empty.yml", text: "")
    let shown = DiagnosticRenderer().render(Diagnostic(.noDocument, "nothing", at: empty.wholeRange))
    #expect(shown == "error[no-document]: nothing\n --> empty.yml")
  }

  @Test func `an empty place has one caret, and a place over several lines stays on its first`() {
    let text = SourceFile(name: "t", text: "ab\ncd")
    let point = Diagnostic(.emptyQuery, "x", at: SourceRange(file: text, start: 2, end: 2))
    #expect(DiagnosticRenderer().render(point).hasSuffix("1 | ab\n  |   ^"))
    let block = Diagnostic(.emptyQuery, "x", at: SourceRange(file: text, start: 1, end: 5))
    #expect(DiagnosticRenderer().render(block).hasSuffix("1 | ab\n  |  ^"))
  }

  @Test func `carets stand under wide characters, tabs and what is shown as an escape`() {
    let cases = [
      ("日本 x", "日本 x", "     ^"), ("\tx", " x", " ^"), ("é😀x", "é😀x", "   ^"),
      ("a\u{202E}x", "a\\u{202e}x", "         ^"),
      ("\u{1B}[31mx", "\\u{1b}[31mx", "          ^"), ("e\u{301}x", "e\u{301}x", " ^"),
    ]
    for (text, shown, carets) in cases {
      let file = SourceFile(name: "t", text: text)
      let end = file.bytes.count
      let diagnostic = Diagnostic(.emptyQuery, "x", at: SourceRange(file: file, start: end - 1, end: end))
      let lines = DiagnosticRenderer().render(diagnostic).split(separator: "\n").suffix(2).map { $0.dropFirst(4) }
      #expect(lines == [shown[...], carets[...]])
    }
  }

  @Test func `a long line is cut around the place, carets included`() {
    let text =
      String(repeating: "a", count: 500) + String(repeating: "b", count: 500) + String(repeating: "c", count: 500)
    let file = SourceFile(name: "t", text: text)
    let lines = DiagnosticRenderer().render(
      Diagnostic(.emptyQuery, "x", at: SourceRange(file: file, start: 500, end: 1_000))
    ).split(separator: "\n").suffix(2).map { $0.dropFirst(4) }
    #expect(
      lines
        == [
          "…" + String(repeating: "a", count: 60) + String(repeating: "b", count: 100) + "…",
          String(repeating: " ", count: 61) + String(repeating: "^", count: 100),
        ].map { $0[...] })
    let end = DiagnosticRenderer().render(
      Diagnostic(.emptyQuery, "x", at: SourceRange(file: file, start: 1_499, end: 1_500)))
    #expect(end.hasSuffix("c\n  | " + String(repeating: " ", count: 160) + "^"))
  }

  @Test func `control and bidirectional characters in messages do not reach the terminal`() {
    let diagnostic = Diagnostic(
      .unknownKey, "'a\u{1B}[2J'", at: nil, notes: ["\u{202E}x"], help: "\u{7}")
    let shown = DiagnosticRenderer().render(diagnostic)
    #expect(shown == "error[unknown-key]: 'a\\u{1b}[2J'\n  = note: \\u{202e}x\n  = help: \\u{7}")
  }

  @Test func `colour is added, text is not changed`() throws {
    let diagnostic = Diagnostic(.unknownModifier, "no", at: try range("contain"), label: "here", help: "yes")
    let coloured = DiagnosticRenderer(style: .coloured).render(diagnostic)
    #expect(coloured.contains("\u{1B}[1;31merror[unknown-modifier]\u{1B}[0m"))
    var stripped = ""
    var isEscape = false
    for character in coloured {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { stripped.append(character) }
      if character == "m" { isEscape = false }
    }
    #expect(stripped == DiagnosticRenderer().render(diagnostic))
  }
}
