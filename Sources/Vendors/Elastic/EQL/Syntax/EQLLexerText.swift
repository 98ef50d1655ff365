import LanguageSupport
import RuleIR
import SourceText

extension EQLLexer {
  /// Steps over blanks and comments.
  ///
  /// - Returns: Whether anything follows.
  mutating func skipBlanks() throws(Diagnostic) -> Bool {
    while let next = byte() {
      switch next {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while let character = byte(), character != 0x0A, character != 0x0D { at += 1 }
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): try skipComment()
      case _: return true
      }
    }
    return false
  }

  /// Steps over a comment.
  ///
  /// Each `/*` in it may open one of its own and need not: the longest reading counts, as in Elasticsearch's grammar,
  /// so that a comment with `/var/*` in it ends where it seems to, unless another comment follows.
  private mutating func skipComment() throws(Diagnostic) {
    let start = at
    var inner = 0
    var end: Int?
    at += 2
    while at < bytes.count {
      if follows("*/") {
        at += 2
        end = at
        if inner == 0 { return }
        inner -= 1
      } else if follows("/*") {
        inner += 1
        at += 2
      } else {
        at += 1
      }
    }
    guard let end else {
      throw Diagnostic(
        .unterminatedComment, "the comment that starts here is never closed",
        at: passage.range(of: start..<start + 2), label: "opened here")
    }
    at = end
  }

  /// Reads a string with escapes.
  mutating func escapedText() throws(Diagnostic) -> String {
    let start = at
    var decoded: [UInt8] = []
    let quote = bytes[at]
    at += 1
    while let next = byte(), next != 0x0A, next != 0x0D {
      at += 1
      if next == quote { return String(decoding: decoded, as: UTF8.self) }
      if next == UInt8(ascii: "\\") { decoded += try escape() } else { decoded.append(next) }
    }
    throw unterminated(from: start, width: 1, "a string in one pair of quotes ends on its line")
  }

  private mutating func escape() throws(Diagnostic) -> [UInt8] {
    let start = at - 1
    let next = byte()
    at += 1
    switch next {
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): return [next ?? 0]
    case UInt8(ascii: "u"): if let scalar = codePoint() { return Array(String(scalar).utf8) }
    case _: break
    }
    at = min(at, bytes.count)
    throw Diagnostic(
      .invalidEscape, "a string has an escape that EQL does not know", at: passage.range(of: start..<at),
      label: "not an escape", notes: [#"the escapes are \b, \t, \n, \f, \r, \", \', \\ and \u{…} with 2 to 8 digits"#],
      help: "write a backslash as '\\\\', or the string in three quotes on each side")
  }

  /// `{` 2 to 8 hexadecimal digits `}`.
  private mutating func codePoint() -> Unicode.Scalar? {
    guard byte() == UInt8(ascii: "{") else { return nil }
    let digits = bytes[(at + 1)...].prefix(9).prefix { $0 != UInt8(ascii: "}") }
    at += digits.count + 2
    guard (2...8).contains(digits.count), at <= bytes.count, bytes[at - 1] == UInt8(ascii: "}"),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    return Unicode.Scalar(value)
  }

  /// Reads a string in three quotes, in which nothing is escaped; up to two further quotes at its end are its own.
  mutating func rawText() throws(Diagnostic) -> String {
    let start = at
    at += 3
    while let next = byte(), next != 0x0A, next != 0x0D {
      guard follows("\"\"\"") else {
        at += 1
        continue
      }
      var extra = 0
      while extra < 2, byte(3 + extra) == UInt8(ascii: "\"") { extra += 1 }
      let raw = text(start + 3..<at + extra)
      at += 3 + extra
      return raw
    }
    throw unterminated(from: start, width: 3, "a string in three quotes ends on its line")
  }

  /// Reads a string of Endgame's: in single quotes, or behind `?` without escapes.
  mutating func foreignText(width: Int) throws(Diagnostic) -> String {
    let start = at
    let read = width == 1 ? try escapedText() : try unescapedText()
    warnings.append(
      Diagnostic(
        .assumedMeaning, "Elasticsearch does not take a string like this", severity: .warning,
        at: passage.range(of: start..<start + width), label: "read as Endgame reads it",
        help: width == 1 ? "write it in double quotes" : "write it in three double quotes on each side"))
    return read
  }

  private mutating func unescapedText() throws(Diagnostic) -> String {
    let start = at
    let quote = bytes[at + 1]
    at += 2
    var raw: [UInt8] = []
    while let next = byte(), next != 0x0A, next != 0x0D {
      at += 1
      if next == quote { return String(decoding: raw, as: UTF8.self) }
      if next == UInt8(ascii: "\\"), byte() == quote {
        raw.append(quote)
        at += 1
      } else {
        raw.append(next)
      }
    }
    throw unterminated(from: start, width: 2, "the string ends on its line")
  }

  private func unterminated(from start: Int, width: Int, _ note: String) -> Diagnostic {
    Diagnostic(
      .unterminatedString, "the string that starts here is never closed",
      at: passage.range(of: start..<start + width), label: "opened here", notes: [note])
  }

  /// The error for a character that no token starts with, with what was most likely meant.
  func unexpectedCharacter() -> Diagnostic {
    let rest = String(decoding: bytes[min(at, bytes.count)...].prefix(4), as: UTF8.self).unicodeScalars
    guard let scalar = rest.first else {
      return Diagnostic(.unexpectedCharacter, "the query ends early", at: passage.range(of: at..<at))
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let shown = isHidden(scalar) || scalar.properties.isWhitespace ? code : "'\(scalar)' (\(code))"
    let width = min(String(scalar).utf8.count, bytes.count - at)
    return Diagnostic(
      .unexpectedCharacter, "\(shown) means nothing in EQL", at: passage.range(of: at..<at + width),
      label: "unexpected character", help: Self.advice(on: scalar))
  }

  private static func advice(on scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{AB}", "\u{BB}": "did you mean '\"'?"
    case "\u{2018}", "\u{2019}", "\u{B4}": "strings stand in double quotes: '\"'"
    case "\u{2010}"..."\u{2015}", "\u{2212}": "did you mean '-'?"
    case "!": "'!=' compares and 'not' negates"
    case "&": "conditions are joined by 'and'"
    case "#": "comments start with '//'"
    case _ where scalar.properties.isWhitespace || isHidden(scalar): "write an ordinary space"
    case _ where scalar.properties.isAlphabetic: "a name with other characters stands in backticks"
    case _: nil
    }
  }
}
