import LanguageSupport
import RuleIR
import SourceText

/// Cuts EQL into tokens.
///
///     word    = ( letter | "_" | "@" ) { letter | digit | "_" } [ "~" ] ;
///     name    = "`" { character | "``" } "`" ;
///     string  = '"' { character | escape } '"' | '"""' { character } '"""' ;           on one line
///     escape  = "\" ( "b" | "t" | "n" | "f" | "r" | '"' | "'" | "\" | "u{" hex hex { hex } "}" ) ;
///     number  = digits [ "." { digit } ] [ exponent ] | "." digits [ exponent ] ;
///     comment = "//" { character } line-end | "/*" { character | comment } "*/" ;
///
/// Endgame's strings in single quotes and `?"…"`, in which nothing is escaped, are read with a warning.
///
/// <https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax>
struct EQLLexer {
  let passage: Passage
  let bytes: [UInt8]
  var at = 0
  var warnings: [Diagnostic] = []
  private var tokens: [Token<EQLToken>] = []

  init(_ passage: Passage) {
    self.passage = passage
    bytes = passage.bytes
  }

  mutating func readTokens() throws(Diagnostic) -> [Token<EQLToken>] {
    try QueryText.requireUTF8(bytes[...], of: passage)
    while try skipBlanks() {
      let start = at
      let kind = try next()
      tokens.append(Token(kind, start..<at))
    }
    return tokens
  }

  func byte(_ offset: Int = 0) -> UInt8? { at + offset < bytes.count ? bytes[at + offset] : nil }

  func follows(_ text: StaticString) -> Bool {
    at + text.utf8CodeUnitCount <= bytes.count
      && text.withUTF8Buffer { $0.elementsEqual(bytes[at..<at + $0.count]) }
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func next() throws(Diagnostic) -> EQLToken {
    guard let first = byte() else { throw unexpectedCharacter() }
    switch first {
    case UInt8(ascii: "\""): return .text(follows("\"\"\"") ? try rawText() : try escapedText())
    case UInt8(ascii: "'"): return .text(try foreignText(width: 1))
    case UInt8(ascii: "?") where byte(1) == UInt8(ascii: "\"") || byte(1) == UInt8(ascii: "'"):
      return .text(try foreignText(width: 2))
    case UInt8(ascii: "`"): return .quotedName(try quotedName())
    case _ where isDigit(first): return try number()
    case UInt8(ascii: ".") where byte(1).map(isDigit) ?? false: return try number()
    case _ where startsWord(first): return word()
    case _: return .mark(try mark())
    }
  }

  private mutating func word() -> EQLToken {
    let start = at
    while let next = byte(), startsWord(next) && next != UInt8(ascii: "@") || isDigit(next) || at == start { at += 1 }
    let word = text(start..<at)
    guard byte() == UInt8(ascii: "~") else { return .word(word) }
    at += 1
    return .loose(word)
  }

  private mutating func number() throws(Diagnostic) -> EQLToken {
    let start = at
    skipDigits()
    if byte() == UInt8(ascii: ".") {
      at += 1
      skipDigits()
    }
    if let mark = byte(), mark | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if byte(1 + sign).map(isDigit) ?? false {
        at += 1 + sign
        skipDigits()
      }
    }
    guard let number = Number(text(start..<at)) else {
      throw Diagnostic(.invalidNumber, "this is no number", at: passage.range(of: start..<at), label: "no number")
    }
    return .number(number)
  }

  private mutating func skipDigits() { while let next = byte(), isDigit(next) { at += 1 } }

  private mutating func mark() throws(Diagnostic) -> EQLToken.Mark {
    for length in [2, 1] where at + length <= bytes.count {
      if let mark = EQLToken.Mark(rawValue: text(at..<at + length)) {
        at += length
        return mark
      }
    }
    throw unexpectedCharacter()
  }

  private mutating func quotedName() throws(Diagnostic) -> String {
    let start = at
    if let (name, end) = QueryText.inBackticks(bytes[...], from: start) {
      at = end
      return name
    }
    throw Diagnostic(
      .unterminatedString, "the name that starts here is never closed", at: passage.range(of: start..<start + 1),
      label: "this backtick has no other")
  }
}

private func startsWord(_ byte: UInt8) -> Bool {
  isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "@")
}
