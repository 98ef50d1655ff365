import SourceText

/// Reads one text literal, its quotes included, and undoes its escapes.
///
///     text  = [ prefix ] ( short | long ) ;
///     short = "'" { character | escape } "'" | '"' … '"' ;       on one line
///     long  = "'''" { character | escape } "'''" | '"""' … '"""' ;
///
/// https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences
struct PythonTextReader {
  private let passage: Passage
  private let bytes: [UInt8]
  private let start: Int
  private let isRaw: Bool
  /// The byte after what was read.
  private(set) var end: Int
  private var text: [UInt8] = []

  init(_ passage: Passage, at start: Int, isRaw: Bool) {
    self.passage = passage
    bytes = passage.bytes
    self.start = start
    self.end = start
    self.isRaw = isRaw
  }

  mutating func read() throws(Diagnostic) -> String {
    let quote = bytes[start]
    let isLong = bytes[start...].starts(with: [quote, quote, quote])
    let closing = [UInt8](repeating: quote, count: isLong ? 3 : 1)
    end = start + closing.count
    while end < bytes.count {
      if bytes[end...].starts(with: closing) {
        end += closing.count
        return String(decoding: text, as: UTF8.self)
      }
      let byte = bytes[end]
      if !isLong, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if byte == UInt8(ascii: "\\") {
        try backslash()
      } else {
        text.append(byte)
        end += 1
      }
    }
    throw Diagnostic(
      .unterminatedString, "a text is not closed",
      at: passage.range(of: start..<min(start + closing.count, bytes.count)),
      label: "opened here")
  }

  private mutating func backslash() throws(Diagnostic) {
    guard end + 1 < bytes.count else {
      end += 1
      return
    }
    let next = bytes[end + 1]
    if isRaw {
      text += [UInt8(ascii: "\\"), next]
      end += 2
      return
    }
    end += 2
    switch next {
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "\r"): if end < bytes.count, bytes[end] == UInt8(ascii: "\n") { end += 1 }
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(next)
    case UInt8(ascii: "a"): text.append(7)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "v"): text.append(11)
    case UInt8(ascii: "0")...UInt8(ascii: "7"): try octal()
    case UInt8(ascii: "x"): try hexadecimal(digits: 2)
    case UInt8(ascii: "u"): try hexadecimal(digits: 4)
    case UInt8(ascii: "U"): try hexadecimal(digits: 8)
    case UInt8(ascii: "N"): throw invalidEscape(length: 2, "characters are not looked up by name here")
    // An unknown escape keeps its backslash.
    case _: text += [UInt8(ascii: "\\"), next]
    }
  }

  private mutating func octal() throws(Diagnostic) {
    let first = end - 1
    while end < bytes.count, end - first < 3, (48...55).contains(bytes[end]) { end += 1 }
    try append(UInt32(String(decoding: bytes[first..<end], as: UTF8.self), radix: 8), length: end - first + 1)
  }

  private mutating func hexadecimal(digits count: Int) throws(Diagnostic) {
    let stop = min(end + count, bytes.count)
    let digits = String(decoding: bytes[end..<stop], as: UTF8.self)
    let isWhole = digits.utf8.count == count && digits.allSatisfy(\.isHexDigit)
    end = stop
    try append(isWhole ? UInt32(digits, radix: 16) : nil, length: 2 + digits.utf8.count)
  }

  private mutating func append(_ value: UInt32?, length: Int) throws(Diagnostic) {
    guard let value, let scalar = Unicode.Scalar(value) else {
      throw invalidEscape(length: length, "this is no character")
    }
    text += Array(String(scalar).utf8)
  }

  private func invalidEscape(length: Int, _ label: String) -> Diagnostic {
    let from = max(start, end - length)
    return Diagnostic(
      .invalidEscape, "an escape in a Python text is not valid", at: passage.range(of: from..<min(end, bytes.count)),
      label: label)
  }
}
