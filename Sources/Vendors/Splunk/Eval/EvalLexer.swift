import LanguageSupport
import SourceText

/// Cuts an `eval` or `where` expression into tokens.
///
///     number = digits [ "." digits ] [ "e" digits ] ;      text  = '"' … '"' ;
///     name   = letter { letter | digit | "_" | ":" | "{}" } ;   field = "'" … "'" | "$token$" | "<<FIELD>>" ;
///
/// Splunk wants single quotes around a name with `:` or `{}`; bare ones are read all the same.
struct EvalLexer {
  private let passage: Passage
  private var at = 0
  private var tokens: [Token<EvalTokenKind>] = []

  private init(_ passage: Passage) { self.passage = passage }

  static func tokens(of passage: Passage) throws(Diagnostic) -> [Token<EvalTokenKind>] {
    var lexer = EvalLexer(passage)
    while lexer.at < passage.bytes.count { try lexer.next() }
    return lexer.tokens
  }

  private var bytes: [UInt8] { passage.bytes }

  private func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  private mutating func next() throws(Diagnostic) {
    let first = bytes[at]
    if isBlank(first) {
      at += 1
    } else if Self.isDigit(first) || (first == UInt8(ascii: ".") && Self.isDigit(byte(at + 1))) {
      number()
    } else if Self.isNameStart(first) {
      name()
    } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      try quoted(first)
    } else if first == UInt8(ascii: "[") {
      guard let end = Brackets.end(bytes, from: at) else {
        throw unexpected("a subsearch is not closed", "opened here")
      }
      add(.subsearch, to: end + 1)
    } else if let end = placeholderEnd {
      add(.quotedField(text(at..<end)), to: end)
    } else if let symbol = EvalSymbol.allCases.first(where: { bytes[at...].starts(with: $0.rawValue.utf8) }) {
      add(.symbol(symbol), to: at + symbol.rawValue.utf8.count)
    } else {
      try PastedCharacter.refuse(in: passage, at: at)
      throw unexpected("a character has no meaning in an eval expression", "not expected here")
    }
  }

  private func unexpected(_ message: String, _ label: String) -> Diagnostic {
    var end = at + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return Diagnostic(.unexpectedCharacter, message, at: passage.range(of: at..<end), label: label)
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func add(_ kind: EvalTokenKind, to end: Int) {
    tokens.append(Token(kind, at..<end))
    at = end
  }

  private mutating func number() {
    var end = at
    while Self.isDigit(byte(end)) { end += 1 }
    if byte(end) == UInt8(ascii: "."), Self.isDigit(byte(end + 1)) || end > at {
      end += 1
      while Self.isDigit(byte(end)) { end += 1 }
    }
    if byte(end) | 0x20 == UInt8(ascii: "e") {
      var after = end + 1
      if byte(after) == UInt8(ascii: "+") || byte(after) == UInt8(ascii: "-") { after += 1 }
      if Self.isDigit(byte(after)) {
        while Self.isDigit(byte(after)) { after += 1 }
        end = after
      }
    }
    add(.number(text(at..<end)), to: end)
  }

  private mutating func name() {
    var end = at
    while end < bytes.count, Self.isNameStart(bytes[end]) || Self.isDigit(bytes[end]) || Self.isLenient(bytes[end]) {
      end += 1
    }
    add(.name(text(at..<end)), to: end)
  }

  private mutating func quoted(_ quote: UInt8) throws(Diagnostic) {
    guard let end = QuotedText.end(bytes, from: at, quote: quote) else {
      let what = quote == UInt8(ascii: "'") ? "a field's name in single quotes" : "a quoted text"
      throw QuotedText.unterminated(passage, at: at, what: what)
    }
    let inside = (at + 1)..<end
    add(
      quote == UInt8(ascii: "'") ? .quotedField(text(inside)) : .text(QuotedText.unescaped(bytes[inside])),
      to: end + 1)
  }

  /// The end of `$token$` or `<<FIELD>>`, which a dashboard or `foreach` replaces.
  private var placeholderEnd: Int? {
    if bytes[at] == UInt8(ascii: "$") {
      guard let end = bytes[(at + 1)...].firstIndex(where: { $0 == UInt8(ascii: "$") || isBlank($0) }),
        bytes[end] == UInt8(ascii: "$"), end > at + 1
      else { return nil }
      return end + 1
    }
    guard bytes[at...].starts(with: "<<".utf8) else { return nil }
    var end = at + 2
    while Self.isNameStart(byte(end)) { end += 1 }
    return end > at + 2 && bytes[min(end, bytes.count)...].starts(with: ">>".utf8) ? end + 2 : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func isLenient(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ":") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
  }
}
