/// A run of bytes in a file.
public struct SourceRange: Hashable, Sendable {
  public let file: SourceFile
  /// The first byte.
  public let start: Int
  /// The byte after the last one.
  public let end: Int

  public init(file: SourceFile, start: Int, end: Int) {
    self.file = file
    self.start = max(0, min(start, file.bytes.count))
    self.end = max(self.start, min(end, file.bytes.count))
  }

  /// The text that lies there.
  public var text: String { String(decoding: file.bytes[start..<end], as: UTF8.self) }

  /// The line, counted from one, on which the range starts.
  public var line: Int { file.line(at: start) }

  /// The column, counted in characters from one, at which the range starts.
  public var column: Int { file.column(at: start) }

  /// The range from the start of this one to the end of another in the same file.
  public func extended(to other: SourceRange) -> SourceRange {
    SourceRange(file: file, start: min(start, other.start), end: max(end, other.end))
  }

  public static func == (lhs: SourceRange, rhs: SourceRange) -> Bool {
    lhs.file === rhs.file && lhs.start == rhs.start && lhs.end == rhs.end
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(file))
    hasher.combine(start)
    hasher.combine(end)
  }
}

extension SourceRange: CustomStringConvertible {
  /// `file:line:column`.
  public var description: String { "\(file.name):\(line):\(column)" }
}
