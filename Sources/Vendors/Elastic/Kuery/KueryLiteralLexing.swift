import RuleIR
import SourceText

extension KueryLexer {
  /// Reads a quoted text; a backslash that escapes nothing stands for itself.
  mutating func quoted() throws(Diagnostic) -> String {
    let start = at
    var text: [UInt8] = []
    at += 1
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), try commonEscape(into: &text) { continue }
      if byte == UInt8(ascii: "\\"), let next = following, next == UInt8(ascii: "\\") || next == UInt8(ascii: "\"") {
        text.append(next)
        at += 2
      } else {
        text.append(byte)
        at += 1
      }
    }
    throw Diagnostic(
      .unterminatedString, "the text is not closed", at: passage.range(of: start..<start + 1),
      label: "this quotation mark has no other")
  }

  /// Reads an unquoted text as far as it goes.
  mutating func unquoted() throws(Diagnostic) -> KueryLiteral {
    var parts: [TextPattern.Part] = []
    var stars = 0
    var text: [UInt8] = []
    var deceives = false
    let start = at
    while at < bytes.count, !isSpecial(bytes[at]), !stopsUnquoted(from: start) {
      if bytes[at] == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else if bytes[at] == UInt8(ascii: "*") {
        parts += [.literal(String(decoding: text, as: UTF8.self)), .anyRun]
        text = []
        stars += 1
        at += 1
      } else {
        if !deceives { deceives = warnOfDeceptiveCharacter() }
        appendPlain(to: &text)
      }
    }
    parts.append(.literal(String(decoding: text, as: UTF8.self)))
    return Self.literal(parts, stars: stars)
  }

  /// Settles what an unquoted text is, after trimming its ends as JavaScript does.
  private static func literal(_ parts: [TextPattern.Part], stars: Int) -> KueryLiteral {
    var parts = parts
    if case .literal(let text) = parts[0] { parts[0] = .literal(text.trimmingScriptSpace(.start)) }
    if case .literal(let text) = parts[parts.count - 1] {
      parts[parts.count - 1] = .literal(text.trimmingScriptSpace(.end))
    }
    let pattern = TextPattern(parts)
    switch pattern.shape {
    case .exact("null"): return .null
    case .exact(let text): return .text(text)
    case .anything: return stars == 1 ? .anything : .pattern(pattern)
    case .prefix, .suffix, .contains, .glob: return .pattern(pattern)
    }
  }

  private mutating func appendPlain(to text: inout [UInt8]) {
    guard flavour == .server, isSpace(at: at) else {
      text.append(bytes[at])
      at += 1
      return
    }
    // The server joins words again with one space, whatever stood between them.
    while case let length = spaceLength(at: at), length > 0 { at += length }
    text.append(0x20)
  }

  /// Whether an unquoted text ends here because of a keyword.
  private func stopsUnquoted(from start: Int) -> Bool {
    var word = at + spaceLength(at: at)
    guard word == at else {
      // The server's run of spaces is taken as one; Kibana's is walked space by space.
      while flavour == .server, isSpace(at: word) { word += spaceLength(at: word) }
      return isWord("or", at: word) && isSpace(at: word + 2) || isWord("and", at: word) && isSpace(at: word + 3)
    }
    guard isWord("not", at: at), isSpace(at: at + 3) else { return false }
    return flavour == .kibana || at == start || isSpace(at: at - 1) || spaceLength(at: at - 3) == 3
  }

  private func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"):
      true
    case _: false
    }
  }

  private var following: UInt8? { at + 1 < bytes.count ? bytes[at + 1] : nil }

  /// Reads an escape of an unquoted text.
  private mutating func escape(into text: inout [UInt8]) throws(Diagnostic) {
    if try commonEscape(into: &text) { return }
    if let next = following, isSpecial(next) || next == UInt8(ascii: "*") || next == UInt8(ascii: "\\") {
      text.append(next)
      at += 2
      return
    }
    for word in ["or", "and", "not"] where isWord(word, at: at + 1) {
      text += bytes[(at + 1)..<(at + 1 + word.utf8.count)]
      at += 1 + word.utf8.count
      return
    }
    throw Diagnostic(
      .invalidEscape, "a backslash escapes nothing here", at: passage.range(of: at..<at + 1),
      label: "no escape of an unquoted text",
      help: "write '\\\\' for a backslash, or put the text in quotation marks")
  }

  /// Reads `\t`, `\r`, `\n` and `\uXXXX`, which all texts know; false where there is none.
  private mutating func commonEscape(into text: inout [UInt8]) throws(Diagnostic) -> Bool {
    switch following {
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "n"): text.append(0x0A)
    case _: return try unicodeEscape(into: &text)
    }
    at += 2
    return true
  }

  private mutating func unicodeEscape(into text: inout [UInt8]) throws(Diagnostic) -> Bool {
    guard let unit = codeUnit(at: at) else { return false }
    var scalar = Unicode.Scalar(UInt32(unit))
    var length = 6
    if UTF16.isLeadSurrogate(unit), let trail = codeUnit(at: at + 6), UTF16.isTrailSurrogate(trail) {
      scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(trail) - 0xDC00)
      length = 12
    }
    guard let scalar else {
      throw Diagnostic(
        .invalidEscape, "half a surrogate pair is no character", at: passage.range(of: at..<at + 6),
        label: "the other half is missing")
    }
    text += Array(String(Character(scalar)).utf8)
    at += length
    return true
  }

  /// The number that `\uXXXX` at an offset spells.
  private func codeUnit(at offset: Int) -> UInt16? {
    guard offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
    else { return nil }
    let digits = bytes[(offset + 2)..<(offset + 6)]
    guard digits.allSatisfy({ (48...57).contains($0) || (65...70).contains($0 & 0xDF) }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  /// Warns of a typographic quotation mark or a no-break space, which are part of the value, and what hides.
  private mutating func warnOfDeceptiveCharacter() -> Bool {
    guard bytes[at] >= 0xC2, at + 1 < bytes.count else { return false }
    let rest = String(decoding: bytes[at..<min(at + 4, bytes.count)], as: UTF8.self)
    guard let scalar = rest.unicodeScalars.first else { return false }
    let place = passage.range(of: at..<at + UTF8.width(scalar))
    let name = "U+" + String(repeating: "0", count: scalar.value < 0x1000 ? 2 : 0) + scalar.hexadecimal
    switch scalar.value {
    case 0x201C...0x201F:
      warnings.append(
        Diagnostic(
          .unexpectedCharacter, "\(name) is a part of the value here", severity: .warning, at: place,
          label: "no quotation mark", help: "did you mean '\"'?"))
    case 0xA0, 0x3000:
      warnings.append(
        Diagnostic(
          .hiddenCharacter, "\(name) is a part of the value here", severity: .warning, at: place,
          label: "looks like a space"))
    case _ where isHidden(scalar):
      warnings.append(
        Diagnostic(
          .hiddenCharacter, "\(name) is a part of the value here", severity: .warning, at: place,
          label: "does not show"))
    case _: return false
    }
    return true
  }
}

extension Unicode.Scalar {
  fileprivate var hexadecimal: String { String(value, radix: 16, uppercase: true) }

  /// What JavaScript's `trim` takes away.
  var isScriptSpace: Bool {
    switch value {
    case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
    case _: false
    }
  }
}

extension String {
  enum End { case start, end }

  /// The text without the spaces at one end, as JavaScript counts spaces.
  func trimmingScriptSpace(_ end: End) -> String {
    switch end {
    case .start: return String(String.UnicodeScalarView(unicodeScalars.drop(while: \.isScriptSpace)))
    case .end:
      let kept = unicodeScalars.reversed().drop(while: \.isScriptSpace).count
      return String(String.UnicodeScalarView(unicodeScalars.prefix(kept)))
    }
  }
}
