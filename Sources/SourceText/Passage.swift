/// A text, each byte of which knows its place in a file.
///
/// A query inside a YAML scalar or a TOML string is one: its `bytes` are what the query's parser reads, without the
/// indentation, escapes and quotes of the document around it, and `range(of:)` leads back to the document.
public struct Passage: Sendable {
  /// Bytes that lie together in the file as they do here.
  public struct Segment: Hashable, Sendable {
    /// The offset in the passage.
    public var local: Int
    /// The offset in the file.
    public var outer: Int

    public init(local: Int, outer: Int) {
      self.local = local
      self.outer = outer
    }
  }

  public let file: SourceFile
  public let bytes: [UInt8]
  /// In order of `local`; from each to the next, offsets run in step.
  private let segments: [Segment]
  /// The place of the whole, as far as it is known.
  public let wholeRange: SourceRange

  public init(file: SourceFile, bytes: [UInt8], segments: [Segment], wholeRange: SourceRange) {
    self.file = file
    self.bytes = bytes
    self.segments = segments.isEmpty ? [Segment(local: 0, outer: wholeRange.start)] : segments
    self.wholeRange = wholeRange
  }

  /// A whole file, or a part of it as it stands; a byte order mark at the start of the file is left out.
  public init(file: SourceFile, from start: Int = 0, to end: Int? = nil) {
    let stop = end ?? file.bytes.count
    var first = start
    if start == 0, file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { first = min(3, stop) }
    self.init(
      file: file, bytes: Array(file.bytes[first..<stop]), segments: [Segment(local: 0, outer: first)],
      wholeRange: SourceRange(file: file, start: first, end: stop))
  }

  /// A text that stands in no file but its own.
  public init(name: String = "<text>", text: String) {
    self.init(file: SourceFile(name: name, text: text))
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The place in the file of bytes of this passage.
  public func range(of local: Range<Int>) -> SourceRange {
    let start = outer(local.lowerBound)
    let end = local.isEmpty ? start : outer(local.upperBound - 1) + 1
    return SourceRange(file: file, start: start, end: end)
  }

  /// A part of this passage, still knowing its place.
  public func slice(_ local: Range<Int>) -> Passage {
    let inner = segments.filter { $0.local > local.lowerBound && $0.local < local.upperBound }
      .map { Segment(local: $0.local - local.lowerBound, outer: $0.outer) }
    return Passage(
      file: file, bytes: Array(bytes[local]),
      segments: [Segment(local: 0, outer: outer(local.lowerBound))] + inner,
      wholeRange: range(of: local))
  }

  private func outer(_ offset: Int) -> Int {
    var low = 0
    var high = segments.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if segments[middle].local <= offset { low = middle } else { high = middle }
    }
    return segments[low].outer + offset - segments[low].local
  }
}
