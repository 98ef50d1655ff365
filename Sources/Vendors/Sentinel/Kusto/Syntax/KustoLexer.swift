import LanguageSupport
import SourceText

/// Cuts Kusto text into tokens.
///
/// Comments run from `//` to the end of the line; there are no others.
struct KustoLexer {
  let passage: Passage
  var position = 0
  /// Where blanks stand that are no ASCII: Kusto passes them over, and nobody sees them.
  private(set) var hidden: [Range<Int>] = []

  init(_ passage: Passage) { self.passage = passage }

  /// How long a query may be.
  static let lengthLimit = 1 << 20

  /// All tokens of the text, and what is worth saying of the blanks between them.
  static func tokens(of passage: Passage) throws(Diagnostic) -> ([Token<KustoToken>], [Diagnostic]) {
    guard passage.bytes.count <= lengthLimit else {
      throw Diagnostic(
        .queryTooLong, "the query is longer than 1 MiB", at: passage.range(of: lengthLimit..<passage.bytes.count),
        label: "the limit is reached here")
    }
    var lexer = KustoLexer(passage)
    var tokens: [Token<KustoToken>] = []
    while let token = try lexer.next() { tokens.append(token) }
    return (tokens, lexer.hidden.prefix(1).map(lexer.warning))
  }

  private func warning(of blank: Range<Int>) -> Diagnostic {
    let range = passage.range(of: blank)
    return Diagnostic(
      .hiddenCharacter, "\(Self.name(of: range.text)) stands for a space", severity: .warning, at: range,
      label: "no ordinary space", notes: ["Kusto passes it over; other tools may not"])
  }

  /// The name of the first scalar of a text: `U+00A0`.
  private static func name(of text: String) -> String {
    let digits = String(text.unicodeScalars.first?.value ?? 0xFFFD, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  func byte(_ offset: Int = 0) -> UInt8? {
    let index = position + offset
    return index < passage.bytes.count ? passage.bytes[index] : nil
  }

  func starts(with text: StaticString, at offset: Int = 0) -> Bool {
    let start = position + offset
    guard start + text.utf8CodeUnitCount <= passage.bytes.count else { return false }
    return text.withUTF8Buffer { passage.bytes[start..<(start + $0.count)].elementsEqual($0) }
  }

  private mutating func next() throws(Diagnostic) -> Token<KustoToken>? {
    skipBlanks()
    guard let first = byte() else { return nil }
    let start = position
    let kind: KustoToken
    if let text = try stringLiteral() {
      kind = .text(text)
    } else if first.isNameStart {
      kind = word()
    } else if first.isDigit {
      kind = try number()
    } else if first == UInt8(ascii: "!"), byte(1)?.isNameStart == true {
      position += 1
      kind = .word("!" + name())
    } else {
      kind = .symbol(try symbol())
    }
    return Token(kind, start..<position)
  }

  private mutating func skipBlanks() {
    while let next = byte() {
      if next == 0x20 || (0x09...0x0D).contains(next) {
        position += 1
      } else if starts(with: "//") {
        while let inside = byte(), inside != 0x0A, inside != 0x0D { position += 1 }
      } else if let length = hiddenBlank {
        hidden.append(position..<(position + length))
        position += length
      } else {
        return
      }
    }
  }

  /// How many bytes a blank beyond ASCII has that starts here.
  private var hiddenBlank: Int? {
    guard let first = byte(), first >= 0xC2 else { return nil }
    switch (first, byte(1), byte(2)) {
    case (0xC2, 0xA0?, _), (0xC2, 0x85?, _): return 2
    // U+2000 to U+200B, U+2028, U+2029, U+202F
    case (0xE2, 0x80?, (0x80...0x8B)?), (0xE2, 0x80?, 0xA8?), (0xE2, 0x80?, 0xA9?), (0xE2, 0x80?, 0xAF?): return 3
    // U+205F, U+3000, U+FEFF
    case (0xE2, 0x81?, 0x9F?), (0xE3, 0x80?, 0x80?), (0xEF, 0xBB?, 0xBF?): return 3
    case _: return nil
    }
  }

  /// A name, or one of the literals that look like a call: their inside follows no other rule.
  private mutating func word() -> KustoToken {
    let text = name()
    guard ["datetime", "date", "time", "timespan", "guid"].contains(text), byte() == UInt8(ascii: "(") else {
      return .word(text)
    }
    var end = position + 1
    while end < passage.bytes.count, passage.bytes[end] != UInt8(ascii: ")") {
      // A string or a call inside makes it an ordinary expression.
      if [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), 0x0A].contains(passage.bytes[end]) {
        return .word(text)
      }
      end += 1
    }
    guard end < passage.bytes.count else { return .word(text) }
    let inside = String(decoding: passage.bytes[(position + 1)..<end], as: UTF8.self)
    position = end + 1
    return .quoted(text, inside)
  }

  /// Letters, digits and `_`; the operators `in~` and `!in~` take their tilde with them.
  private mutating func name() -> String {
    let start = position
    while let next = byte(), next.isNameStart || next.isDigit { position += 1 }
    let text = String(decoding: passage.bytes[start..<position], as: UTF8.self)
    if text == "in", byte() == UInt8(ascii: "~") {
      position += 1
      return "in~"
    }
    return text
  }

  private mutating func symbol() throws(Diagnostic) -> String {
    for known in ["<>", "==", "!=", "=~", "!~", "<=", ">=", "..", "=>", "<|"] {
      if starts(with: known) {
        position += 2
        return known
      }
    }
    guard let first = byte(), "<>=+-*/%()[]{},;|.:".utf8.contains(first) else { throw unexpectedCharacter() }
    position += 1
    return String(decoding: [first], as: UTF8.self)
  }

  private func starts(with known: String) -> Bool {
    let bytes = Array(known.utf8)
    return byte() == bytes[0] && byte(1) == bytes[1]
  }

  /// The error for a character that Kusto has no use for, with what was most likely meant.
  private func unexpectedCharacter() -> Diagnostic {
    let rest = String(decoding: passage.bytes[position...].prefix(4), as: UTF8.self)
    let scalar = rest.unicodeScalars.first ?? "\u{FFFD}"
    let length = min(scalar == "\u{FFFD}" ? 1 : scalar.utf8.count, passage.bytes.count - position)
    let meant: String? =
      switch scalar {
      case "\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "\u{BB}": "\""
      case "\u{2018}", "\u{2019}", "\u{201A}": "'"
      case "\u{2013}", "\u{2014}", "\u{2212}": "-"
      case "\u{2026}": "..."
      case _: nil
      }
    return Diagnostic(
      .unexpectedCharacter, "\(Self.name(of: rest)) has no meaning in Kusto outside a string",
      at: passage.range(of: position..<(position + length)), label: "this character",
      help: meant.map { "did you mean '\($0)'?" })
  }
}

extension UInt8 {
  var isDigit: Bool { (48...57).contains(self) }
  var isHexDigit: Bool { isDigit || (65...70).contains(self) || (97...102).contains(self) }
  /// A letter, `_` or `$`.
  var isNameStart: Bool { (65...90).contains(self) || (97...122).contains(self) || self == 95 || self == 36 }
}
