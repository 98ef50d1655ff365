import SourceText

extension KustoLexer {
  /// A string literal at this place, if one starts here.
  ///
  ///     string   = [ "h" | "H" ] ( quoted | verbatim | raw ) ;
  ///     quoted   = '"' { character | escape } '"' | "'" … "'" ;          not over a line end
  ///     verbatim = "@" '"' { character | '""' } '"' | "@'" … "'" ;      not over a line end
  ///     raw      = "```" … "```" | "~~~" … "~~~" ;
  ///
  /// An `h` before it only hides the value from Kusto's own logs.
  /// https://learn.microsoft.com/kusto/query/scalar-data-types/string
  mutating func stringLiteral() throws(Diagnostic) -> String? {
    let isHidden = byte() == UInt8(ascii: "h") || byte() == UInt8(ascii: "H")
    let prefix = isHidden ? 1 : 0
    let isVerbatim = byte(prefix) == UInt8(ascii: "@")
    let quoteAt = prefix + (isVerbatim ? 1 : 0)
    if let quote = byte(quoteAt), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let start = position
      position += quoteAt + 1
      return try isVerbatim ? verbatim(quote, from: start) : quoted(quote, from: start)
    }
    for fence in ["```", "~~~"] as [StaticString] where !isVerbatim && starts(with: fence, at: prefix) {
      return try raw(fence, prefix)
    }
    return nil
  }

  private mutating func raw(_ fence: StaticString, _ prefix: Int) throws(Diagnostic) -> String {
    let start = position
    position += prefix + 3
    let inside = position
    while position < passage.bytes.count {
      if starts(with: fence) {
        position += 3
        return String(decoding: passage.bytes[inside..<(position - 3)], as: UTF8.self)
      }
      position += 1
    }
    throw unterminated(from: start, closing: "\(fence)")
  }

  private mutating func verbatim(_ quote: UInt8, from start: Int) throws(Diagnostic) -> String {
    var bytes: [UInt8] = []
    while let next = byte(), next != 0x0A, next != 0x0D {
      position += 1
      if next == quote {
        guard byte() == quote else { return String(decoding: bytes, as: UTF8.self) }
        position += 1
      }
      bytes.append(next)
    }
    throw unterminated(from: start, closing: String(decoding: [quote], as: UTF8.self))
  }

  private mutating func quoted(_ quote: UInt8, from start: Int) throws(Diagnostic) -> String {
    var units: [UInt8] = []
    while let next = byte(), next != 0x0A, next != 0x0D {
      position += 1
      if next == quote { return String(decoding: units, as: UTF8.self) }
      if next == UInt8(ascii: "\\") {
        units += Array(String(try escape()).utf8)
      } else {
        units.append(next)
      }
    }
    throw unterminated(from: start, closing: String(decoding: [quote], as: UTF8.self))
  }

  /// What stands behind a backslash, which was stepped over.
  private mutating func escape() throws(Diagnostic) -> Unicode.Scalar {
    let start = position - 1
    guard let mark = byte() else { throw unterminated(from: start, closing: "a quote") }
    position += 1
    switch mark {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): return Unicode.Scalar(mark)
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "a"): return "\u{7}"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "v"): return "\u{B}"
    case UInt8(ascii: "0")...UInt8(ascii: "7"): return octal()
    case UInt8(ascii: "x"): return try scalar(digits: 2, from: start)
    case UInt8(ascii: "U"): return try scalar(digits: 8, from: start)
    case UInt8(ascii: "u"): return try utf16(from: start)
    case _: throw badEscape(from: start)
    }
  }

  private mutating func octal() -> Unicode.Scalar {
    position -= 1
    var value: UInt32 = 0
    var count = 0
    while count < 3, let digit = byte(), (48...55).contains(digit) {
      value = value * 8 + UInt32(digit - 48)
      position += 1
      count += 1
    }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  /// `\uXXXX`; two that are a surrogate pair are one scalar.
  private mutating func utf16(from start: Int) throws(Diagnostic) -> Unicode.Scalar {
    let first = try hexadecimal(digits: 4, from: start)
    guard (0xD800..<0xDC00).contains(first), starts(with: "\\u") else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    let afterFirst = position
    position += 2
    let second = try hexadecimal(digits: 4, from: afterFirst)
    guard (0xDC00..<0xE000).contains(second) else {
      position = afterFirst
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func scalar(digits: Int, from start: Int) throws(Diagnostic) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(try hexadecimal(digits: digits, from: start)) else {
      throw badEscape(from: start)
    }
    return scalar
  }

  private mutating func hexadecimal(digits: Int, from start: Int) throws(Diagnostic) -> UInt32 {
    let end = position + digits
    guard end <= passage.bytes.count, passage.bytes[position..<end].allSatisfy(\.isHexDigit),
      let value = UInt32(String(decoding: passage.bytes[position..<end], as: UTF8.self), radix: 16)
    else { throw badEscape(from: start) }
    position = end
    return value
  }

  private func badEscape(from start: Int) -> Diagnostic {
    var end = min(start + 2, passage.bytes.count)
    while end < passage.bytes.count, passage.bytes[end] & 0xC0 == 0x80 { end += 1 }
    let range = passage.range(of: start..<end)
    return Diagnostic(
      .invalidEscape, "'\(range.text)' is no escape in a Kusto string", at: range, label: "unknown escape",
      help: "double the backslash, or write the string as @\"…\"")
  }

  private func unterminated(from start: Int, closing: String) -> Diagnostic {
    Diagnostic(
      .unterminatedString, "the string is not closed", at: passage.range(of: start..<min(start + 1, position)),
      label: "it starts here", help: "close it with \(closing) on the same line")
  }
}
