import SourceText

// Strings and their escapes.
extension JSONParser {
  mutating func string() throws(Diagnostic) -> DocumentNode.Scalar {
    let start = position
    var text = DecodedText()
    position += 1
    while let byte = peek, byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else if byte < 0x20 {
        throw failure(
          byte == 10 || byte == 13 ? "the string is not closed on its line" : "a control character in a string",
          byte == 10 || byte == 13 ? .unterminatedString : .malformedDocument)
      } else {
        let first = position
        while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        text.append(bytes[first..<position])
      }
    }
    guard take(UInt8(ascii: "\"")) else {
      throw failure("the string is not closed", .unterminatedString, at: start..<(start + 1))
    }
    let place = passage.decoded(
      text.bytes, segments: text.segments(orEmptyAt: start + 1), whole: start..<position)
    return DocumentNode.Scalar(passage: place, kind: .string, style: .quoted)
  }

  private mutating func escape(into text: inout DecodedText) throws(Diagnostic) {
    let start = position
    position += 1
    let letter = peek
    position += 1
    let scalar: Unicode.Scalar
    switch letter {
    case UInt8(ascii: "\""): scalar = "\""
    case UInt8(ascii: "\\"): scalar = "\\"
    case UInt8(ascii: "/"): scalar = "/"
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"): scalar = try escapedScalar(from: start)
    default: throw failure("no such escape in JSON", .invalidEscape, at: start..<min(position, bytes.count))
    }
    text.append(scalar, from: start, span: position - start)
  }

  /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair.
  private mutating func escapedScalar(from start: Int) throws(Diagnostic) -> Unicode.Scalar {
    let unit = try fourDigits(from: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if unit < 0xDC00, bytes[min(position, bytes.count)...].starts(with: [0x5C, 0x75]) {
      position += 2
      let low = try fourDigits(from: start)
      if (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + low - 0xDC00) {
        return scalar
      }
    }
    throw failure("half of a surrogate pair is no character", .invalidEscape, at: start..<position)
  }

  private mutating func fourDigits(from start: Int) throws(Diagnostic) -> UInt32 {
    let digits = bytes[min(position, bytes.count)..<min(position + 4, bytes.count)]
    guard digits.count == 4, digits.allSatisfy(isHexadecimalDigit),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw failure("'\\u' needs four hexadecimal digits", .invalidEscape, at: start..<min(position, bytes.count))
    }
    position += 4
    return unit
  }
}
