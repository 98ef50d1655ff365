/// A text, each byte of which knows its place in a file.
///
/// A query inside a YAML scalar or a TOML string is one: its `bytes` are what the query's parser reads, without the
/// indentation, escapes and quotes of the document around it, and `range(of:)` leads back to the document.
public struct Passage: Sendable {
  /// Bytes that lie together in the file as they do here, or together stand for an escape.
  public struct Segment: Hashable, Sendable {
    /// The offset in the passage.
    public var local: Int
    /// The offset in the file.
    public var outer: Int
    /// Where it is not zero, the segment as a whole stands for this many bytes of the file, such as `\u0041`.
    public var span: Int

    public init(local: Int, outer: Int, span: Int = 0) {
      self.local = local
      self.outer = outer
      self.span = span
    }
  }

  public let file: SourceFile
  public let bytes: [UInt8]
  /// In order of `local`, the first at 0; where there is none, bytes run in step with those of `wholeRange`.
  private let segments: [Segment]
  /// The place of the whole, as far as it is known, with the quotes around it.
  public let wholeRange: SourceRange

  public init(file: SourceFile, bytes: [UInt8], segments: [Segment], wholeRange: SourceRange) {
    self.file = file
    self.bytes = bytes
    self.segments = segments
    self.wholeRange = wholeRange
  }

  /// A whole file, or a part of it as it stands; a byte order mark at the start of the file is left out.
  public init(file: SourceFile, from start: Int = 0, to end: Int? = nil) {
    let stop = min(end ?? file.bytes.count, file.bytes.count)
    let first = min(start == 0 ? file.markLength : start, stop)
    self.init(
      file: file, bytes: Array(file.bytes[first..<stop]), segments: [],
      wholeRange: SourceRange(file: file, start: first, end: stop))
  }

  /// A text that stands in no file but its own.
  public init(name: String = "<text>", text: String) {
    self.init(file: SourceFile(name: name, text: text))
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The place in the file of bytes of this passage; an escape is in it as a whole or not at all.
  public func range(of local: Range<Int>) -> SourceRange {
    if local.isEmpty {
      let place = local.lowerBound < bytes.count ? start(of: local.lowerBound) : endOfText
      return SourceRange(file: file, start: place, end: place)
    }
    return SourceRange(file: file, start: start(of: local.lowerBound), end: end(of: local.upperBound - 1))
  }

  /// A part of this passage, still knowing its place.
  public func slice(_ local: Range<Int>) -> Passage {
    Passage(
      file: file, bytes: Array(bytes[local]), segments: places(of: local, movedTo: 0), wholeRange: range(of: local))
  }

  /// A text that is written in this passage in another form, such as a string with escapes.
  ///
  /// - Parameters:
  ///   - bytes: the text itself.
  ///   - segments: where its bytes stand in this passage: `outer` is an offset in the passage.
  ///   - whole: the part of this passage that writes it, with quotes.
  public func decoded(_ bytes: [UInt8], segments inner: [Segment], whole: Range<Int>) -> Passage {
    var places: [Segment] = []
    for (index, segment) in inner.enumerated() {
      let next = index + 1 < inner.count ? inner[index + 1].local : bytes.count
      if segment.span > 0 {
        let range = range(of: segment.outer..<(segment.outer + segment.span))
        places.append(Segment(local: segment.local, outer: range.start, span: range.end - range.start))
      } else {
        let part = segment.outer..<(segment.outer + max(0, next - segment.local))
        places += self.places(of: part, movedTo: segment.local)
      }
    }
    return Passage(file: file, bytes: bytes, segments: places, wholeRange: range(of: whole))
  }

  /// The segments of a part, as if the part began at another offset.
  private func places(of part: Range<Int>, movedTo local: Int) -> [Segment] {
    guard !segments.isEmpty else { return [Segment(local: local, outer: wholeRange.start + part.lowerBound)] }
    var index = self.index(of: part.lowerBound)
    let first = segments[index]
    let step = first.span > 0 ? 0 : part.lowerBound - first.local
    var places = [Segment(local: local, outer: first.outer + step, span: first.span)]
    index += 1
    while index < segments.count, segments[index].local < part.upperBound {
      var segment = segments[index]
      segment.local += local - part.lowerBound
      places.append(segment)
      index += 1
    }
    return places
  }

  /// The place behind the last byte.
  private var endOfText: Int { bytes.isEmpty ? start(of: 0) : end(of: bytes.count - 1) }

  private func start(of offset: Int) -> Int {
    guard !segments.isEmpty else { return wholeRange.start + offset }
    let segment = segments[index(of: offset)]
    return segment.span > 0 ? segment.outer : segment.outer + offset - segment.local
  }

  private func end(of offset: Int) -> Int {
    guard !segments.isEmpty else { return wholeRange.start + offset + 1 }
    let segment = segments[index(of: offset)]
    return segment.span > 0 ? segment.outer + segment.span : segment.outer + offset - segment.local + 1
  }

  /// The segment that holds a byte.
  private func index(of offset: Int) -> Int {
    var low = 0
    var high = segments.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if segments[middle].local <= offset { low = middle } else { high = middle }
    }
    return low
  }
}
