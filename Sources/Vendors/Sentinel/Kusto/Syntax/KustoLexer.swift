import LanguageSupport
import SourceText

/// Cuts Kusto text into tokens.
///
/// Comments run from `//` to the end of the line; there are no others.
struct KustoLexer {
  let passage: Passage
  var position = 0

  init(_ passage: Passage) { self.passage = passage }

  /// How long a query may be.
  static let lengthLimit = 1 << 20

  /// All tokens of the text.
  static func tokens(of passage: Passage) throws(Diagnostic) -> [Token<KustoToken>] {
    guard passage.bytes.count <= lengthLimit else {
      throw Diagnostic(
        .queryTooLong, "the query is longer than 1 MiB", at: passage.range(of: lengthLimit..<passage.bytes.count),
        label: "the limit is reached here")
    }
    var lexer = KustoLexer(passage)
    var tokens: [Token<KustoToken>] = []
    while let token = try lexer.next() { tokens.append(token) }
    return tokens
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
      } else {
        return
      }
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
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let meant: String? =
      switch scalar {
      case "\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "\u{BB}": "\""
      case "\u{2018}", "\u{2019}", "\u{201A}": "'"
      case "\u{2013}", "\u{2014}", "\u{2212}": "-"
      case "\u{2026}": "..."
      case "\u{A0}", "\u{2000}"..."\u{200B}", "\u{202F}", "\u{205F}", "\u{3000}", "\u{FEFF}": "an ordinary space"
      case _: nil
      }
    return Diagnostic(
      .unexpectedCharacter, "\(name) has no meaning in Kusto outside a string",
      at: passage.range(of: position..<(position + length)), label: "this character",
      help: meant.map { $0.count < 4 ? "'\($0)' may have been meant" : "\($0) may have been meant" })
  }
}

extension UInt8 {
  var isDigit: Bool { (48...57).contains(self) }
  var isHexDigit: Bool { isDigit || (65...70).contains(self) || (97...102).contains(self) }
  /// A letter, `_` or `$`.
  var isNameStart: Bool { (65...90).contains(self) || (97...122).contains(self) || self == 95 || self == 36 }
}
