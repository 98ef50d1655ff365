import LanguageSupport
import SourceText

extension ESQLLexer {
  /// Steps over blanks and comments.
  ///
  /// - Returns: Whether anything follows.
  mutating func skipBlanks() throws(Diagnostic) -> Bool {
    while let next = byte() {
      switch next {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): at += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while let character = byte(), character != UInt8(ascii: "\n"), character != UInt8(ascii: "\r") { at += 1 }
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): try skipComment()
      case _: return true
      }
    }
    return false
  }

  /// Steps over a comment and those inside it.
  private mutating func skipComment() throws(Diagnostic) {
    let start = at
    var depth = 0
    repeat {
      if follows("/*") {
        depth += 1
        at += 2
      } else if follows("*/") {
        depth -= 1
        at += 2
      } else if at < passage.bytes.count {
        at += 1
      } else {
        throw Diagnostic(
          .unterminatedComment, "the comment that starts here is never closed",
          at: passage.range(of: start..<start + 2),
          label: "opened here", notes: ["comments of ES|QL nest: each '/*' needs its own '*/'"])
      }
    } while depth > 0
  }

  /// Reads a string with escapes.
  mutating func escapedString() throws(Diagnostic) -> String {
    let start = at
    var bytes: [UInt8] = []
    at += 1
    while let next = byte(), next != UInt8(ascii: "\n"), next != UInt8(ascii: "\r") {
      at += 1
      if next == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
      if next == UInt8(ascii: "\\") {
        bytes.append(try escaped())
      } else {
        bytes.append(next)
      }
    }
    throw unterminated(from: start, width: 1, "a string in one pair of quotes ends on its line")
  }

  private mutating func escaped() throws(Diagnostic) -> UInt8 {
    let next = byte()
    at += 1
    switch next {
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "r"): return UInt8(ascii: "\r")
    case UInt8(ascii: "\\"), UInt8(ascii: "\""): return next ?? 0
    case _:
      at = min(at, passage.bytes.count)
      throw Diagnostic(
        .invalidEscape, "a string has an escape that ES|QL does not know", at: passage.range(of: at - 2..<at),
        label: "not an escape", notes: ["the escapes are \\t, \\n, \\r, \\\" and \\\\"],
        help: "write a backslash as '\\\\', or the string in three quotes on each side")
    }
  }

  /// Reads a string in three quotes, in which nothing is escaped; up to two further quotes at its end are its own.
  mutating func rawString() throws(Diagnostic) -> String {
    let start = at
    at += 3
    while let next = byte(), next != UInt8(ascii: "\n"), next != UInt8(ascii: "\r") {
      guard follows("\"\"\"") else {
        at += 1
        continue
      }
      var extra = 0
      while extra < 2, byte(3 + extra) == UInt8(ascii: "\"") { extra += 1 }
      let text = text(start + 3..<at + extra)
      at += 3 + extra
      return text
    }
    throw unterminated(from: start, width: 3, "a string in three quotes ends on its line")
  }

  private func unterminated(from start: Int, width: Int, _ note: String) -> Diagnostic {
    Diagnostic(
      .unterminatedString, "the string that starts here is never closed",
      at: passage.range(of: start..<start + width), label: "opened here", notes: [note])
  }

  func wrong(_ code: DiagnosticCode, _ message: String, from start: Int) -> Diagnostic {
    Diagnostic(code, message, at: passage.range(of: start..<max(at, start)))
  }

  /// The error for a character that no token starts with, with what was most likely meant.
  func unexpectedCharacter() -> Diagnostic {
    let rest = String(decoding: passage.bytes[at...].prefix(4), as: UTF8.self).unicodeScalars
    guard let scalar = rest.first else { return wrong(.unexpectedCharacter, "the query ends early", from: at) }
    let code = "U+" + hexadecimal(scalar.value)
    let shown = isHidden(scalar) || scalar.properties.isWhitespace ? code : "'\(scalar)' (\(code))"
    let width = min(String(scalar).utf8.count, passage.bytes.count - at)
    return Diagnostic(
      .unexpectedCharacter, "\(shown) means nothing in ES|QL", at: passage.range(of: at..<at + width),
      label: "unexpected character", help: Self.advice(on: scalar))
  }

  private static func advice(on scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{AB}", "\u{BB}": "did you mean '\"'?"
    case "'", "\u{2018}", "\u{2019}", "\u{B4}": "strings stand in double quotes: '\"'"
    case "\u{2010}"..."\u{2015}", "\u{2212}": "did you mean '-'?"
    case "!": "'!=' compares and NOT negates"
    case "&": "conditions are joined by AND"
    case "#": "comments start with '//'"
    case _ where scalar.properties.isWhitespace || isHidden(scalar): "write an ordinary space"
    case _ where scalar.properties.isAlphabetic: "a name with other characters stands in backticks"
    case _: nil
    }
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension Passage {
  /// The text of a string token as a passage of its own, each byte knowing its place through the escapes.
  func insideOfString(_ range: Range<Int>) -> Passage {
    let quoted = Array(bytes[range])
    let isRaw = quoted.starts(with: Array("\"\"\"".utf8)) && quoted.count >= 6
    if isRaw { return slice(range.lowerBound + 3..<range.upperBound - 3) }
    guard quoted.count >= 2 else { return slice(range) }
    var inner: [UInt8] = []
    var segments: [Segment] = []
    var at = range.lowerBound + 1
    while at < range.upperBound - 1 {
      segments.append(Segment(local: inner.count, outer: self.range(of: at..<at + 1).start))
      if bytes[at] == UInt8(ascii: "\\"), at + 1 < range.upperBound - 1 {
        inner.append(Self.unescaped(bytes[at + 1]))
        at += 2
      } else {
        inner.append(bytes[at])
        at += 1
      }
    }
    return Passage(
      file: file, bytes: inner, segments: segments, wholeRange: self.range(of: range))
  }

  private static func unescaped(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    case UInt8(ascii: "r"): UInt8(ascii: "\r")
    case _: byte
    }
  }
}
