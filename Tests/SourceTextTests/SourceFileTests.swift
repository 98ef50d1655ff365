import SourceText
import Testing

@Suite struct SourceFileTests {
  @Test(arguments: ["\n", "\r\n", "\r"])
  func `lines end at LF, CRLF or CR`(lineEnd: String) {
    let file = SourceFile(name: "t", text: ["é", "", "bc"].joined(separator: lineEnd))
    let last = file.bytes.count - 1
    #expect(file.line(at: last) == 3 && file.column(at: last) == 2)
    #expect((1...4).map(file.text(ofLine:)) == ["é", "", "bc", ""])
    #expect(file.line(at: 0) == 1 && file.line(at: file.bytes.count) == 3)
  }

  @Test func `a column counts characters`() {
    let file = SourceFile(name: "t", text: "é日e\u{301}x")
    #expect(file.column(at: file.bytes.count - 1) == 4)
  }

  @Test func `a byte order mark is no part of the first line`() {
    let file = SourceFile(name: "t", text: "\u{FEFF}ab\nc")
    #expect(file.markLength == 3)
    #expect(file.column(at: 3) == 1 && file.column(at: 0) == 1 && file.line(at: 0) == 1)
    #expect(file.text(ofLine: 1) == "ab")
    #expect(Passage(file: file).text == "ab\nc")
  }

  @Test func `a range never leaves its file`() {
    let file = SourceFile(name: "t", text: "abc")
    #expect(SourceRange(file: file, start: -5, end: 99).text == "abc")
    #expect(SourceRange(file: file, start: 9, end: 2).text == "")
    #expect(SourceRange(file: file, start: 2, end: 1).text == "")
  }

  @Test func `ranges of two files differ`() {
    let (one, other) = (SourceFile(name: "t", text: "a"), SourceFile(name: "t", text: "a"))
    #expect(one.wholeRange == one.wholeRange)
    #expect(one.wholeRange != other.wholeRange)
    #expect(SourceRange(file: one, start: 0, end: 0).extended(to: one.wholeRange) == one.wholeRange)
  }
}
