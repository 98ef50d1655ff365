import SourceText

/// Reads the small parts of TOML: space, comments, keys and scalars.
struct TOMLScanner {
  let file: SourceFile
  let bytes: [UInt8]
  var position: Int

  init(_ file: SourceFile) {
    self.file = file
    bytes = file.bytes
    position = file.markLength
  }

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
    return true
  }

  // MARK: Space

  mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 9 { position += 1 }
  }

  /// Takes a line end, LF or CRLF.
  mutating func takeLineEnd() -> Bool {
    if starts(with: "\r\n") {
      position += 2
      return true
    }
    return take(10)
  }

  mutating func skipSpaceCommentsAndLines() throws(Diagnostic) {
    repeat {
      skipBlanks()
      try skipComment()
    } while takeLineEnd()
  }

  /// Sees to it that nothing but a comment follows on the line.
  mutating func finishLine() throws(Diagnostic) {
    skipBlanks()
    try skipComment()
    guard peek == nil || takeLineEnd() else { throw failure("expected the end of the line") }
  }

  private mutating func skipComment() throws(Diagnostic) {
    guard take(UInt8(ascii: "#")) else { return }
    while let byte = peek, byte != 10, !starts(with: "\r\n") {
      guard byte >= 0x20 && byte != 0x7F || byte == 9 else { throw failure("a control character in a comment") }
      position += 1
    }
  }

  // MARK: Keys

  mutating func keyPart() throws(Diagnostic) -> DocumentNode.Scalar {
    if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
      guard !starts(with: "\"\"\""), !starts(with: "'''") else { throw failure("a key stands on one line") }
      return try string()
    }
    let start = position
    while let byte = peek, isBare(byte) { position += 1 }
    guard position > start else { throw failure("expected a key") }
    return scalar(from: start, .string)
  }

  private func isBare(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  // MARK: Plain values

  /// A boolean, a number or a date.
  mutating func plainValue() throws(Diagnostic) -> DocumentNode.Scalar {
    let start = position
    skipPlain()
    if position == start + 10, peek == 0x20, position + 1 < bytes.count, isDigit(bytes[position + 1]),
      TOMLGrammar.isDate(bytes[start..<position])
    {
      position += 1
      skipPlain()
    }
    let text = bytes[start..<position]
    if text.elementsEqual("true".utf8) { return scalar(from: start, .boolean(true)) }
    if text.elementsEqual("false".utf8) { return scalar(from: start, .boolean(false)) }
    if TOMLGrammar.isNumber(text) { return number(from: start) }
    if TOMLGrammar.isDate(text) { return scalar(from: start, .date) }
    let shown = String(decoding: text.prefix(40), as: UTF8.self)
    throw failure(
      text.isEmpty ? "expected a value" : "'\(shown)' is no TOML value", at: start..<max(position, start + 1),
      help: text.isEmpty ? nil : "put a text in quotes")
  }

  private mutating func skipPlain() {
    while let byte = peek, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"),
      byte != UInt8(ascii: "}"), byte != UInt8(ascii: "#")
    {
      position += 1
    }
  }

  private func number(from start: Int) -> DocumentNode.Scalar {
    var text = DecodedText()
    for part in bytes[start..<position].split(separator: UInt8(ascii: "_")) { text.append(part) }
    return scalar(text, from: start, .number, .plain)
  }

  private func scalar(from start: Int, _ kind: DocumentNode.Scalar.Kind) -> DocumentNode.Scalar {
    DocumentNode.Scalar(passage: Passage(file: file, from: start, to: position), kind: kind, style: .plain)
  }

  func scalar(
    _ text: DecodedText, from start: Int, _ kind: DocumentNode.Scalar.Kind, _ style: DocumentNode.Scalar.Style
  ) -> DocumentNode.Scalar {
    let passage = Passage(
      file: file, bytes: text.bytes, segments: text.segments(orEmptyAt: position - (style == .block ? 3 : 1)),
      wholeRange: range(from: start))
    return DocumentNode.Scalar(passage: passage, kind: kind, style: style)
  }

  // MARK: Places

  func range(from start: Int) -> SourceRange { SourceRange(file: file, start: start, end: position) }

  func failure(
    _ message: String, _ code: DiagnosticCode = .malformedDocument, at range: Range<Int>? = nil,
    opened: Int? = nil, help: String? = nil
  ) -> Diagnostic {
    let place = range ?? position..<(position + 1)
    return Diagnostic(
      code, message, at: SourceRange(file: file, start: place.lowerBound, end: place.upperBound),
      secondary: opened.map { [Diagnostic.Label(SourceRange(file: file, start: $0, end: $0 + 1), "opened here")] }
        ?? [],
      help: help)
  }
}
