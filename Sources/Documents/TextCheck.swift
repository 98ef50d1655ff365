import SourceText

/// Looks at the bytes of a file before a reader does.
enum TextCheck {
  enum Result { case allASCII, beyondASCII }

  /// Holds the file to the size limit and to UTF-8.
  ///
  /// - Throws: `file-too-large` or `not-utf8`, with the offset of the first byte that is wrong.
  static func check(_ file: SourceFile) throws(Diagnostic) -> Result {
    let bytes = file.bytes
    guard bytes.count <= DocumentLimits.bytes else {
      throw Diagnostic(
        .fileTooLarge, "the file has \(bytes.count) bytes; the limit is \(DocumentLimits.bytes)",
        at: SourceRange(file: file, start: 0, end: 0))
    }
    if let encoding = otherEncoding(bytes) {
      throw Diagnostic(
        .notUTF8, "the file is \(encoding), not UTF-8: its byte order mark says so",
        at: SourceRange(file: file, start: 0, end: 2), help: "save the file as UTF-8")
    }
    if let offset = bytes.firstIndex(of: 0) {
      throw failure("a NUL byte at byte offset \(offset) is no text", at: offset..<(offset + 1), of: file)
    }
    return try checkUTF8(file)
  }

  private static func checkUTF8(_ file: SourceFile) throws(Diagnostic) -> Result {
    let bytes = file.bytes
    do throws(UTF8.ValidationError) {
      return try UTF8Span(validating: bytes.span).isKnownASCII ? .allASCII : .beyondASCII
    } catch {
      let offset = error.byteOffsets.lowerBound
      throw failure("the text is not UTF-8 at byte offset \(offset)", at: error.byteOffsets, of: file)
    }
  }

  private static func failure(_ message: String, at range: Range<Int>, of file: SourceFile) -> Diagnostic {
    Diagnostic(
      .notUTF8, message, at: SourceRange(file: file, start: range.lowerBound, end: range.upperBound),
      label: "byte 0x\(String(file.bytes[range.lowerBound], radix: 16, uppercase: true))",
      help: "save the file as UTF-8")
  }

  /// The name of the encoding that a byte order mark tells of, other than UTF-8.
  private static func otherEncoding(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    return nil
  }
}
