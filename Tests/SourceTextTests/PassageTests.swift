import SourceText
import Testing

@Suite struct PassageTests {
  let file = SourceFile(name: "t", text: "a: \"x\\u0041y\"\n")

  /// `xAy`, whose A is written as an escape.
  var passage: Passage {
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

extension PassageTests {
  @Test func `every slice leads to the places that the whole leads to`() {
    for start in 0...passage.bytes.count {
      for end in start...passage.bytes.count {
        let slice = passage.slice(start..<end)
        for index in 0..<(end - start) {
          #expect(slice.range(of: index..<(index + 1)) == passage.range(of: (start + index)..<(start + index + 1)))
        }
        #expect(slice.range(of: 0..<(end - start)) == passage.range(of: start..<end))
      }
    }
  }

  @Test func `a text decoded from a passage leads through it`() {
    // In the passage xAy stands a language whose 'Ay' means 'z'.
    let decoded = passage.decoded(
      Array("xz".utf8), segments: [Passage.Segment(local: 0, outer: 0), Passage.Segment(local: 1, outer: 1, span: 2)],
      whole: 0..<3)
    #expect(decoded.range(of: 0..<1).text == "x")
    #expect(decoded.range(of: 1..<2).text == "\\u0041y")
    let same = passage.decoded(passage.bytes, segments: [Passage.Segment(local: 0, outer: 0)], whole: 0..<3)
    for index in 0..<3 { #expect(same.range(of: index..<(index + 1)) == passage.range(of: index..<(index + 1))) }
  }

  @Test func `a part of a file is a passage`() {
    let part = Passage(file: file, from: 3, to: 5)
    #expect(part.text == "\"x" && part.range(of: 1..<2).description == "t:1:5")
    #expect(part.range(of: 2..<2).start == 5)
    #expect(Passage(file: file, from: 3, to: 999).bytes.count == file.bytes.count - 3)
    #expect(Passage(text: "").range(of: 0..<0).start == 0)
  }
}
