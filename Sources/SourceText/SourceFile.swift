/// A text that was given to the program: its name and its bytes.
///
/// Places are byte offsets into `bytes`; lines and columns are worked out only when something is shown.
public final class SourceFile: Sendable {
  /// The path as the user gave it, or a name such as `<stdin>`.
  public let name: String
  /// The whole text in UTF-8.
  public let bytes: [UInt8]
  /// The offset at which each line starts.
  private let lineStarts: [Int]
  /// Whether every byte is a character of its own, so that columns need no counting.
  private let isASCII: Bool

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    self.lineStarts = Self.lineStarts(of: bytes)
    self.isASCII = bytes.allSatisfy { $0 < 0x80 }
  }

  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The length of the byte order mark at the start: three, or zero where there is none.
  public var markLength: Int { Self.markLength(of: bytes) }

  /// The whole text; bytes that are not UTF-8 become U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  public var wholeRange: SourceRange { SourceRange(file: self, start: 0, end: bytes.count) }

  /// The line, counted from one, that holds a byte.
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The column, counted in characters from one.
  public func column(at offset: Int) -> Int {
    let start = lineStarts[line(at: offset) - 1]
    let stop = min(max(offset, start), bytes.count)
    // A query of a megabyte on one line has fifty thousand tests, each with a place.
    if isASCII { return stop - start + 1 }
    return String(decoding: bytes[start..<stop], as: UTF8.self).count + 1
  }

  /// The text of a line, without its line end.
  public func text(ofLine line: Int) -> String {
    guard line >= 1, line <= lineStarts.count else { return "" }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] : bytes.count
    while end > start, bytes[end - 1] == 10 || bytes[end - 1] == 13 { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The offset at which a line, counted from one, starts.
  public func offset(ofLine line: Int) -> Int {
    line < 1 ? lineStarts[0] : line > lineStarts.count ? bytes.count : lineStarts[line - 1]
  }

  private static func markLength(of bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// Lines end at LF, CRLF or a lone CR; the first one starts behind the byte order mark.
  private static func lineStarts(of bytes: [UInt8]) -> [Int] {
    var starts = [markLength(of: bytes)]
    for (index, byte) in bytes.enumerated() {
      if byte == 10 {
        starts.append(index + 1)
      } else if byte == 13, index + 1 == bytes.count || bytes[index + 1] != 10 {
        starts.append(index + 1)
      }
    }
    return starts
  }
}
