import SourceText

// The four kinds of strings.
//
//     basic        = '"' … '"'      (* escapes, one line *)
//     literal      = "'" … "'"      (* no escapes, one line *)
//     multi-basic  = '"""' [ line-end ] … '"""'
//     multi-literal = "'''" [ line-end ] … "'''"
extension TOMLScanner {
  /// The string that starts here, of any kind.
  mutating func string() throws(Diagnostic) -> DocumentNode.Scalar {
    if starts(with: "\"\"\"") || starts(with: "'''") { return try multiLineString() }
    let start = position
    let quote = bytes[position]
    var text = DecodedText()
    position += 1
    while let byte = peek, byte != quote {
      if byte == 10 || byte == 13 {
        throw failure(
          "the string is not closed on its line", .unterminatedString, at: start..<(start + 1),
          help: "a string over several lines stands in three quotes")
      }
      try stringPiece(byte, quote: quote, .quoted, into: &text)
    }
    guard take(quote) else {
      throw failure("the string is not closed", .unterminatedString, at: start..<(start + 1))
    }
    return scalar(text, from: start, .string, .quoted)
  }

  private mutating func multiLineString() throws(Diagnostic) -> DocumentNode.Scalar {
    let start = position
    let quote = bytes[position]
    var text = DecodedText()
    position += 3
    _ = takeLineEnd()
    while let byte = peek {
      if byte == quote, closing(quote, into: &text) { return scalar(text, from: start, .string, .block) }
      if byte == quote { continue }
      let place = position
      if takeLineEnd() {
        text.appendLineEnd(from: place, span: position - place)
      } else {
        try stringPiece(byte, quote: quote, .block, into: &text)
      }
    }
    throw failure("the string is not closed", .unterminatedString, at: start..<(start + 3))
  }

  /// Takes quotes within a multi-line string: fewer than three are text, and up to two may stand before the last three.
  private mutating func closing(_ quote: UInt8, into text: inout DecodedText) -> Bool {
    let start = position
    while position < bytes.count, bytes[position] == quote, position - start < 5 { position += 1 }
    let count = position - start
    text.append(bytes[start..<(count < 3 ? position : position - 3)])
    return count >= 3
  }

  /// Takes an escape, or a run of ordinary characters.
  private mutating func stringPiece(
    _ byte: UInt8, quote: UInt8, _ style: DocumentNode.Scalar.Style, into text: inout DecodedText
  ) throws(Diagnostic) {
    if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { return try escape(style, into: &text) }
    let start = position
    while let byte = peek, isOrdinary(byte, quote: quote) { position += 1 }
    guard position > start else {
      let name = String(byte, radix: 16, uppercase: true)
      throw failure("the control character U+00\(byte < 16 ? "0" : "")\(name) stands in a string")
    }
    text.append(bytes[start..<position])
  }

  private func isOrdinary(_ byte: UInt8, quote: UInt8) -> Bool {
    if byte == quote || byte == 0x7F { return false }
    if byte == UInt8(ascii: "\\") { return quote == UInt8(ascii: "'") }
    return byte >= 0x20 || byte == 9
  }

  private mutating func escape(
    _ style: DocumentNode.Scalar.Style, into text: inout DecodedText
  ) throws(Diagnostic) {
    let start = position
    position += 1
    let letter = peek
    position += 1
    let scalar: Unicode.Scalar
    switch letter {
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "\""): scalar = "\""
    case UInt8(ascii: "\\"): scalar = "\\"
    case UInt8(ascii: "u"): scalar = try escapedScalar(digits: 4, from: start)
    case UInt8(ascii: "U"): scalar = try escapedScalar(digits: 8, from: start)
    default:
      position = start + 1
      return try lineEndEscape(style, from: start)
    }
    text.append(scalar, from: start, span: position - start)
  }

  private mutating func escapedScalar(digits count: Int, from start: Int) throws(Diagnostic) -> Unicode.Scalar {
    let digits = bytes[min(position, bytes.count)..<min(position + count, bytes.count)]
    guard digits.count == count, digits.allSatisfy(isHexadecimalDigit),
      let scalar = UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap({ Unicode.Scalar($0) })
    else {
      throw failure(
        "'\\\(count == 4 ? "u" : "U")' needs \(count) hexadecimal digits that are a character", .invalidEscape,
        at: start..<position)
    }
    position += count
    return scalar
  }

  /// A backslash at the end of a line leaves out all space up to the next character.
  private mutating func lineEndEscape(
    _ style: DocumentNode.Scalar.Style, from start: Int
  ) throws(Diagnostic) {
    if style == .block { skipBlanks() }
    guard style == .block, takeLineEnd() else {
      throw failure(
        "no such escape in TOML", .invalidEscape, at: start..<(start + 2),
        help: "use single quotes, in which a backslash is no escape")
    }
    repeat { skipBlanks() } while takeLineEnd()
  }
}
