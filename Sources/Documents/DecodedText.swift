import SourceText

/// Collects the bytes of a string literal without its escapes, and where each of them came from.
struct DecodedText {
  private(set) var bytes: [UInt8] = []
  private(set) var segments: [Passage.Segment] = []

  /// Adds bytes that stand in the source as they are; the slice's indices are the places.
  mutating func append(_ source: ArraySlice<UInt8>) {
    guard !source.isEmpty else { return }
    begin(at: source.startIndex)
    bytes += source
  }

  /// Adds a line end, which may be CRLF in the source.
  mutating func appendLineEnd(from start: Int, span: Int) {
    if span == 1 {
      begin(at: start)
    } else {
      segments.append(Passage.Segment(local: bytes.count, outer: start, span: span))
    }
    bytes.append(10)
  }

  /// Adds what an escape stands for.
  mutating func append(_ scalar: Unicode.Scalar, from start: Int, span: Int) {
    segments.append(Passage.Segment(local: bytes.count, outer: start, span: span))
    bytes += UTF8.encode(scalar).map(Array.init) ?? []
  }

  private mutating func begin(at outer: Int) {
    if let last = segments.last, last.span == 0, last.outer - last.local == outer - bytes.count { return }
    segments.append(Passage.Segment(local: bytes.count, outer: outer))
  }

  /// The segments, or the place of an empty text.
  func segments(orEmptyAt place: Int) -> [Passage.Segment] {
    segments.isEmpty ? [Passage.Segment(local: 0, outer: place)] : segments
  }
}
