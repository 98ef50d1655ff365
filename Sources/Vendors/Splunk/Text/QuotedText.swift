import SourceText

/// Where quoted texts, comments and brackets end in SPL.
enum QuotedText {
  /// The offset of the quote that ends a text begun at `start`; nil where there is none.
  static func end(_ bytes: [UInt8], from start: Int, quote: UInt8 = UInt8(ascii: "\"")) -> Int? {
    var at = start + 1
    while at < bytes.count {
      if bytes[at] == quote { return at }
      at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// The offset of the first of three backticks at or behind a place.
  static func tripleBacktick(_ bytes: [UInt8], from start: Int) -> Int? {
    var at = start
    while at + 2 < bytes.count {
      if bytes[at] == backtick, bytes[at + 1] == backtick, bytes[at + 2] == backtick { return at }
      at += 1
    }
    return nil
  }

  static let backtick = UInt8(ascii: "`")

  /// The text between double quotes: `\"` and `\\` are escapes, and before all else a backslash is itself.
  static func unescaped(_ bytes: some Collection<UInt8>) -> String {
    var out: [UInt8] = []
    var isEscape = false
    for byte in bytes {
      if isEscape {
        if byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
        out.append(byte)
        isEscape = false
      } else if byte == UInt8(ascii: "\\") {
        isEscape = true
      } else {
        out.append(byte)
      }
    }
    if isEscape { out.append(UInt8(ascii: "\\")) }
    return String(decoding: out, as: UTF8.self)
  }

  /// A word as a name: without the quotes around it, if there are any.
  static func name(_ word: String) -> String {
    let bytes = Array(word.utf8)
    guard bytes.count >= 2, let first = bytes.first, first == bytes.last else { return word }
    if first == UInt8(ascii: "\"") { return unescaped(bytes[1..<(bytes.count - 1)]) }
    if first == UInt8(ascii: "'") { return String(decoding: bytes[1..<(bytes.count - 1)], as: UTF8.self) }
    return word
  }

  static func unterminated(_ passage: Passage, at offset: Int, what: String = "a quoted text") -> Diagnostic {
    Diagnostic(
      .unterminatedString, "\(what) is not closed", at: passage.range(of: offset..<(offset + 1)),
      label: "opened here")
  }
}
