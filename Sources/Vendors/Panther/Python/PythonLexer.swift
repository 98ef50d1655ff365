import LanguageSupport
import SourceText

/// Splits Python into tokens; comments, and line ends inside brackets, are left out.
struct PythonLexer {
  private let passage: Passage
  private let bytes: [UInt8]
  private var at = 0
  private var depth = 0
  private var tokens: [Token<PythonToken>] = []

  private init(_ passage: Passage) {
    self.passage = passage
    bytes = passage.bytes
  }

  static func tokens(of passage: Passage) throws(Diagnostic) -> [Token<PythonToken>] {
    var lexer = PythonLexer(passage)
    try lexer.run()
    return lexer.tokens
  }

  private func byte(_ offset: Int = 0) -> UInt8? {
    at + offset < bytes.count ? bytes[at + offset] : nil
  }

  private mutating func run() throws(Diagnostic) {
    startLine()
    while let byte = byte() {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        at += 1
        startLine()
      case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C: at += 1
      case UInt8(ascii: "#"): skipComment()
      case UInt8(ascii: "\\") where self.byte(1) == UInt8(ascii: "\n"): at += 2
      case UInt8(ascii: "\\") where self.byte(1) == UInt8(ascii: "\r"):
        at += self.byte(2) == UInt8(ascii: "\n") ? 3 : 2
      case UInt8(ascii: "\""), UInt8(ascii: "'"): try text(prefix: at)
      case _ where byte.isDigit || byte == UInt8(ascii: ".") && self.byte(1)?.isDigit == true: number()
      case _ where byte.isNameStart: try name()
      case _: try symbol()
      }
    }
  }

  /// Notes the indentation of a line that holds more than blanks and a comment.
  private mutating func startLine() {
    let start = at
    var width = 0
    while let byte = byte(), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0C {
      width = byte == UInt8(ascii: "\t") ? (width / 8 + 1) * 8 : width + 1
      at += 1
    }
    let isBlank = byte().map { [UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#")].contains($0) } ?? true
    guard depth == 0, !isBlank else { return }
    tokens.append(Token(.line(indentation: width), start..<at))
  }

  private mutating func skipComment() {
    while let byte = byte(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { at += 1 }
  }

  private mutating func number() {
    let start = at
    while let byte = byte() {
      let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      let follows =
        at > start && (bytes[at - 1] | 0x20) == UInt8(ascii: "e") && bytes[start..<at].allSatisfy(\.isDecimal)
      guard byte.isNamePart || byte == UInt8(ascii: ".") || isSign && follows else { break }
      at += 1
    }
    tokens.append(Token(.number(String(decoding: bytes[start..<at], as: UTF8.self)), start..<at))
  }

  private mutating func name() throws(Diagnostic) {
    let start = at
    while let byte = byte(), byte.isNamePart { at += 1 }
    let name = String(decoding: bytes[start..<at], as: UTF8.self)
    let isPrefix = name.utf8.count <= 2 && name.lowercased().allSatisfy { "rbfut".contains($0) }
    if isPrefix, let byte = byte(), byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      try text(prefix: start)
    } else {
      tokens.append(Token(.name(name), start..<at))
    }
  }

  private mutating func text(prefix start: Int) throws(Diagnostic) {
    let letters = String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
    var reader = PythonTextReader(passage, at: at, isRaw: letters.contains("r"))
    let text = try reader.read()
    at = reader.end
    let isPlain = letters.allSatisfy { $0 == "r" || $0 == "u" }
    tokens.append(Token(isPlain ? .text(text) : .otherText(letters), start..<at))
  }

  private mutating func symbol() throws(Diagnostic) {
    for (spelling, width) in Self.symbols[bytes[at]] ?? [] where matches(spelling, width) {
      switch bytes[at] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      case _: break
      }
      tokens.append(Token(.symbol(spelling), at..<(at + width)))
      at += width
      return
    }
    var end = at + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let range = passage.range(of: at..<end)
    throw Diagnostic(
      .unexpectedCharacter, "'\(visible(range.text))' has no meaning in Python here", at: range,
      label: "not a Python character")
  }

  private func matches(_ spelling: String, _ width: Int) -> Bool {
    width == 1 || at + width <= bytes.count && bytes[at..<(at + width)].elementsEqual(spelling.utf8)
  }

  /// By their first byte, longer ones first.
  private static let symbols: [UInt8: [(spelling: String, width: Int)]] = {
    let all =
      "... **= //= <<= >>= == != <= >= -> := ** // << >> += -= *= /= |= &= ^= %= @= "
      + "( ) [ ] { } , : . ; = < > | & ^ ~ + - * / % @"
    let spellings = all.split(separator: " ").map { (spelling: String($0), width: $0.utf8.count) }
    return Dictionary(grouping: spellings) { $0.spelling.utf8.first ?? 0 }
  }()
}

extension UInt8 {
  fileprivate var isDigit: Bool { (48...57).contains(self) }
  fileprivate var isDecimal: Bool { isDigit || self == UInt8(ascii: ".") || (self | 0x20) == UInt8(ascii: "e") }
  fileprivate var isNameStart: Bool { (65...90).contains(self & 0xDF) && self < 0x80 || self == UInt8(ascii: "_") }
  fileprivate var isNamePart: Bool { isNameStart || isDigit }
}
