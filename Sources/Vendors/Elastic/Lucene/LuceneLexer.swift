import LanguageSupport
import RuleIR
import SourceText

/// Splits a query string into tokens.
///
///     space  = " " | tab | CR | LF | U+3000 ;
///     start  = any but space and + - ! ( ) : ^ [ ] " { } ~ * ? \ / | "\" any ;
///     word   = start { start | "-" | "+" } ;                       `AND`, `OR`, `NOT`, `&&`, `||`, `!` are operators
///     wild   = ( start | "*" | "?" ) { start | "-" | "+" | "*" | "?" } ;
///     quoted = '"' { any but '"' and "\" | "\" any } '"' ;   regex = "/" { any but "/" | "\/" } "/" ;
///     range  = ( "[" | "{" ) bound "TO" bound ( "]" | "}" ) ;   bound = "*" | quoted | { any but space, "]", "}" } ;
///
/// https://github.com/apache/lucene/blob/main/lucene/queryparser/src/java/org/apache/lucene/queryparser/classic/QueryParser.jj
struct LuceneLexer {
  private let passage: Passage
  private let bytes: [UInt8]
  private var at = 0

  init(_ passage: Passage) {
    self.passage = passage
    bytes = Array(passage.bytes)
  }

  mutating func tokens() throws(Diagnostic) -> [Token<LuceneToken>] {
    try QueryText.requireUTF8(bytes[...], of: passage)
    var found: [Token<LuceneToken>] = []
    while true {
      skipSpaces()
      guard at < bytes.count else { return found }
      let start = at
      let kind = try next()
      found.append(Token(kind, start..<at))
    }
  }

  private mutating func next() throws(Diagnostic) -> LuceneToken {
    switch bytes[at] {
    case UInt8(ascii: "("): return step(.open)
    case UInt8(ascii: ")"): return step(.close)
    case UInt8(ascii: ":"): return step(.colon)
    case UInt8(ascii: "+"): return step(.required)
    case UInt8(ascii: "-"), UInt8(ascii: "!"): return step(.prohibited)
    case UInt8(ascii: "^"): return suffix(.boost)
    case UInt8(ascii: "~"): return suffix(.fuzziness)
    case UInt8(ascii: "\""): return .quoted(try quoted())
    case UInt8(ascii: "/"): return try regex()
    case UInt8(ascii: "["), UInt8(ascii: "{"): return try range()
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      throw Diagnostic(
        .unexpectedToken, "'\(Character(Unicode.Scalar(bytes[at])))' closes nothing",
        at: passage.range(of: at..<at + 1), label: "no range is open")
    case _: return try word()
    }
  }

  private mutating func step(_ kind: LuceneToken) -> LuceneToken {
    at += 1
    return kind
  }

  /// A mark and the number behind it.
  private mutating func suffix(_ kind: LuceneToken) -> LuceneToken {
    at += 1
    while at < bytes.count, (48...57).contains(bytes[at]) || bytes[at] == UInt8(ascii: ".") { at += 1 }
    return kind
  }

  private mutating func skipSpaces() { while isSpace(at: at) { at += bytes[at] == 0xE3 ? 3 : 1 } }

  private func isSpace(at offset: Int) -> Bool {
    guard offset < bytes.count else { return false }
    switch bytes[offset] {
    case 0x20, 0x09, 0x0A, 0x0D: return true
    case 0xE3: return offset + 2 < bytes.count && bytes[offset + 1] == 0x80 && bytes[offset + 2] == 0x80
    case _: return false
    }
  }

  // MARK: Words

  private mutating func word() throws(Diagnostic) -> LuceneToken {
    let start = at
    var parts: [TextPattern.Part] = []
    var text: [UInt8] = []
    var isPlain = true
    while at < bytes.count, !isSpace(at: at), !endsWord(bytes[at]) {
      switch bytes[at] {
      case UInt8(ascii: "*"), UInt8(ascii: "?"):
        parts += [.literal(String(decoding: text, as: UTF8.self)), bytes[at] == 0x2A ? .anyRun : .anyScalar]
        text = []
        at += 1
      case UInt8(ascii: "\\"):
        isPlain = false
        try escape(into: &text)
      case _:
        text.append(bytes[at])
        at += 1
      }
    }
    guard parts.isEmpty else {
      return .pattern(TextPattern(parts + [.literal(String(decoding: text, as: UTF8.self))]))
    }
    let word = String(decoding: text, as: UTF8.self)
    if isPlain {
      switch word {
      case "AND", "&&": return .and
      case "OR", "||": return .or
      case "NOT": return .prohibited
      case _: break
      }
    }
    guard at > start else {
      throw Diagnostic(
        .unexpectedCharacter, "this character begins no word", at: passage.range(of: at..<at + 1),
        label: "put it in quotation marks")
    }
    return .word(word)
  }

  private func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ":"), UInt8(ascii: "^"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "~"), UInt8(ascii: "/"):
      true
    case _: false
    }
  }

  /// A backslash and what it stands before: any character, or `uXXXX`.
  private mutating func escape(into text: inout [UInt8]) throws(Diagnostic) {
    let start = at
    at += 1
    guard at < bytes.count else {
      throw Diagnostic(
        .invalidEscape, "a backslash escapes nothing here", at: passage.range(of: start..<start + 1),
        label: "the query ends")
    }
    if bytes[at] == UInt8(ascii: "u") {
      let digits = bytes[min(at + 1, bytes.count)..<min(at + 5, bytes.count)]
      guard digits.count == 4, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(value)
      else {
        throw Diagnostic(
          .invalidEscape, "'\\u' needs four digits of a character", at: passage.range(of: start..<at + 1),
          label: "no character")
      }
      text += Array(String(Character(scalar)).utf8)
      at += 5
      return
    }
    repeat {
      text.append(bytes[at])
      at += 1
    } while at < bytes.count && bytes[at] & 0xC0 == 0x80
  }

  // MARK: Between marks

  private mutating func quoted() throws(Diagnostic) -> String {
    let start = at
    var text: [UInt8] = []
    at += 1
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      case _:
        text.append(bytes[at])
        at += 1
      }
    }
    throw unclosed(start, "the text is not closed", "this quotation mark has no other")
  }

  private mutating func regex() throws(Diagnostic) -> LuceneToken {
    let start = at
    at += 1
    while at < bytes.count, bytes[at] != UInt8(ascii: "/") {
      at += bytes[at] == UInt8(ascii: "\\") && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "/") ? 2 : 1
    }
    guard at < bytes.count else {
      var error = unclosed(start, "the regular expression is not closed", "this '/' has no other")
      error.help = "a '/' that begins no regular expression is written '\\/', or stands in quotation marks"
      throw error
    }
    at += 1
    return .regex(String(decoding: bytes[(start + 1)..<(at - 1)], as: UTF8.self))
  }

  private func unclosed(_ start: Int, _ message: String, _ label: String) -> Diagnostic {
    Diagnostic(.unterminatedString, message, at: passage.range(of: start..<start + 1), label: label)
  }

  private mutating func range() throws(Diagnostic) -> LuceneToken {
    let start = at
    let includesLow = bytes[at] == UInt8(ascii: "[")
    at += 1
    let low = try bound(start)
    skipSpaces()
    guard at + 2 <= bytes.count, bytes[at..<at + 2].elementsEqual("TO".utf8) else {
      throw Diagnostic(
        .unexpectedToken, "a range needs TO between its ends", at: passage.range(of: start..<start + 1),
        label: "this range")
    }
    at += 2
    let high = try bound(start)
    skipSpaces()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "]") || bytes[at] == UInt8(ascii: "}") else {
      throw unclosed(start, "the range is not closed", "this bracket has no other")
    }
    at += 1
    return .range(
      LuceneRange(low: low, high: high, includesLow: includesLow, includesHigh: bytes[at - 1] == UInt8(ascii: "]")))
  }

  /// An end of a range; nil where it is open.
  private mutating func bound(_ range: Int) throws(Diagnostic) -> String? {
    skipSpaces()
    guard at < bytes.count else { throw unclosed(range, "the range is not closed", "this bracket has no other") }
    if bytes[at] == UInt8(ascii: "\"") { return try quoted() }
    let start = at
    var text: [UInt8] = []
    while at < bytes.count, !isSpace(at: at), bytes[at] != UInt8(ascii: "]"), bytes[at] != UInt8(ascii: "}") {
      if bytes[at] == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        text.append(bytes[at])
        at += 1
      }
    }
    guard at > start else {
      throw Diagnostic(
        .unexpectedToken, "an end of a range is missing", at: passage.range(of: range..<range + 1), label: "this range")
    }
    let isOpen = bytes[start..<at].elementsEqual("*".utf8)
    return isOpen ? nil : String(decoding: text, as: UTF8.self)
  }
}
