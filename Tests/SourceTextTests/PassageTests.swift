import SourceText
import Testing

@Suite struct PassageTests {
  private let file = SourceFile(name: "t", text: "a: \"x\\u0041y\"\n")

  /// `xAy`, whose A is written as an escape.
  private var passage: Passage {
    Passage(
      file: file, bytes: Array("xAy".utf8),
      segments: [
        Passage.Segment(local: 0, outer: 4), Passage.Segment(local: 1, outer: 5, span: 6),
        Passage.Segment(local: 2, outer: 11),
      ], wholeRange: SourceRange(file: file, start: 3, end: 13))
  }

  @Test func `an escape is in a range as a whole`() {
    #expect(passage.range(of: 0..<3).text == "x\\u0041y")
    #expect(passage.range(of: 1..<2).text == "\\u0041")
    #expect(passage.range(of: 0..<1).text == "x")
    #expect(passage.range(of: 2..<3).text == "y")
  }

  @Test func `the place behind the last byte is before the closing quote`() {
    #expect(passage.range(of: 3..<3).start == 12)
  }

  @Test func `a slice keeps its place`() {
    let slice = passage.slice(1..<3)
    #expect(slice.text == "Ay")
    #expect(slice.range(of: 0..<1).text == "\\u0041")
    #expect(slice.range(of: 1..<2).text == "y")
    #expect(slice.wholeRange.text == "\\u0041y")
  }
}
