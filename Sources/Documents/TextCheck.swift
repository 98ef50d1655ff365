import SourceText

/// Looks at the bytes of a text before a reader does.
enum TextCheck {
  enum Result { case allASCII, beyondASCII }

  /// Holds a file to the size limit and to UTF-8.
  ///
  /// - Throws: `file-too-large` or `not-utf8`, with the offset of the first byte that is wrong.
  static func check(_ file: SourceFile) throws(Diagnostic) -> Result {
    try check(file.bytes, in: file.wholeRange) { SourceRange(file: file, start: $0.lowerBound, end: $0.upperBound) }
  }

  /// Holds a passage to the size limit and to UTF-8.
  static func check(_ passage: Passage) throws(Diagnostic) -> Result {
    try check(passage.bytes, in: passage.wholeRange, placing: passage.range(of:))
  }

  private static func check(
    _ bytes: [UInt8], in whole: SourceRange, placing place: (Range<Int>) -> SourceRange
  ) throws(Diagnostic) -> Result {
    guard bytes.count <= DocumentLimits.bytes else {
      throw Diagnostic(
        .fileTooLarge, "the text has \(bytes.count) bytes; the limit is \(DocumentLimits.bytes)", at: place(0..<0))
    }
    if let encoding = otherEncoding(bytes) {
      throw Diagnostic(
        .notUTF8, "the text is \(encoding), not UTF-8: its byte order mark says so", at: place(0..<2),
        help: "save it as UTF-8")
    }
    if let offset = bytes.firstIndex(of: 0) {
      throw failure("a NUL byte stands", bytes, at: offset..<(offset + 1), place)
    }
    do throws(UTF8.ValidationError) {
      return try UTF8Span(validating: bytes.span).isKnownASCII ? .allASCII : .beyondASCII
    } catch {
      throw failure("the text is not UTF-8", bytes, at: error.byteOffsets, place)
    }
  }

  private static func failure(
    _ message: String, _ bytes: [UInt8], at range: Range<Int>, _ place: (Range<Int>) -> SourceRange
  ) -> Diagnostic {
    let range = place(range)
    return Diagnostic(
      .notUTF8, "\(message) at byte offset \(range.start)", at: range,
      label: "byte 0x\(String(range.file.bytes[range.start], radix: 16, uppercase: true))", help: "save it as UTF-8")
  }

  /// The name of the encoding that a byte order mark tells of, other than UTF-8.
  private static func otherEncoding(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    return nil
  }
}
