import LanguageSupport
import RuleIR
import SourceText

/// Cuts a `search` expression into tokens.
///
///     word   = { unquoted-run | quoted } ;                 ends at a blank, "(", ")", ",", "=", "<", ">", "!="
///     quoted = '"' { character | "\" character } '"' ;
///
/// A backslash escapes a quote and a backslash, and outside quotes also a blank, a bracket, `|`, `=` and a comma;
/// before all else it is itself. `\*` is no escape: there is no way to search for a star.
struct SearchLexer {
  private let passage: Passage
  private var at = 0
  private var tokens: [Token<SearchTokenKind>] = []

  private init(_ passage: Passage) { self.passage = passage }

  static func tokens(of passage: Passage) throws(Diagnostic) -> [Token<SearchTokenKind>] {
    var lexer = SearchLexer(passage)
    while lexer.at < passage.bytes.count { try lexer.next() }
    return lexer.tokens
  }

  private var bytes: [UInt8] { passage.bytes }

  private mutating func next() throws(Diagnostic) {
    let start = at
    switch bytes[at] {
    case let byte where isBlank(byte): at += 1
    case UInt8(ascii: "("): add(.open, length: 1)
    case UInt8(ascii: ")"): add(.close, length: 1)
    case UInt8(ascii: ","): add(.comma, length: 1)
    case UInt8(ascii: "["):
      guard let end = Brackets.end(bytes, from: at) else {
        throw Diagnostic(
          .unexpectedToken, "a subsearch is not closed", at: passage.range(of: at..<(at + 1)), label: "opened here")
      }
      add(.subsearch, length: end + 1 - start)
    case _:
      if let comparison = comparison(at: at) {
        add(.comparison(comparison), length: comparison.rawValue.utf8.count)
      } else {
        try word()
      }
    }
  }

  private mutating func add(_ kind: SearchTokenKind, length: Int) {
    tokens.append(Token(kind, at..<(at + length)))
    at += length
  }

  private func comparison(at offset: Int) -> SearchOperator? {
    let next = offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "=")
    switch bytes[offset] {
    case UInt8(ascii: "="): return next ? .doubleEqual : .equal
    case UInt8(ascii: "!"): return next ? .notEqual : nil
    case UInt8(ascii: "<"): return next ? .lessOrEqual : .less
    case UInt8(ascii: ">"): return next ? .greaterOrEqual : .greater
    case _: return nil
    }
  }

  private mutating func word() throws(Diagnostic) {
    let start = at
    var word = WordBuilder()
    while at < bytes.count, !endsWord(at) {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        guard let end = QuotedText.end(bytes, from: at) else { throw QuotedText.unterminated(passage, at: at) }
        word.addQuoted(bytes[(at + 1)..<end])
        at = end + 1
      } else if byte == UInt8(ascii: "\\"), at + 1 < bytes.count {
        word.addEscape(bytes[at + 1])
        at += 2
      } else {
        try refusePasted()
        word.add(byte)
        at += 1
      }
    }
    tokens.append(Token(.word(word.word), start..<at))
  }

  private func endsWord(_ offset: Int) -> Bool {
    switch bytes[offset] {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","): true
    case let byte: isBlank(byte) || comparison(at: offset) != nil
    }
  }

  private func refusePasted() throws(Diagnostic) { try PastedCharacter.refuse(in: passage, at: at) }
}

/// Gathers a word.
private struct WordBuilder {
  private var parts: [TextPattern.Part] = []
  private var literal: [UInt8] = []
  private var bare: [UInt8]? = []

  mutating func add(_ byte: UInt8) {
    bare?.append(byte)
    addValue(byte)
  }

  mutating func addQuoted(_ inside: ArraySlice<UInt8>) {
    bare = nil
    var at = inside.startIndex
    while at < inside.endIndex {
      if inside[at] == UInt8(ascii: "\\"), at + 1 < inside.endIndex {
        let next = inside[at + 1]
        if next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { literal.append(UInt8(ascii: "\\")) }
        if next == UInt8(ascii: "*") { addValue(next) } else { literal.append(next) }
        at += 2
      } else {
        addValue(inside[at])
        at += 1
      }
    }
  }

  /// A backslash outside quotes with the byte behind it.
  mutating func addEscape(_ next: UInt8) {
    bare = nil
    if !Self.escapable.contains(next) { literal.append(UInt8(ascii: "\\")) }
    if next == UInt8(ascii: "*") { addValue(next) } else { literal.append(next) }
  }

  private static let escapable = Set("\"\\ |()=,[]".utf8)

  private mutating func addValue(_ byte: UInt8) {
    guard byte == UInt8(ascii: "*") else { return literal.append(byte) }
    flush()
    parts.append(.anyRun)
  }

  private mutating func flush() {
    parts.append(.literal(String(decoding: literal, as: UTF8.self)))
    literal = []
  }

  var word: SearchWord {
    var copy = self
    copy.flush()
    return SearchWord(
      pattern: TextPattern(copy.parts), bare: bare.map { String(decoding: $0, as: UTF8.self) })
  }
}

/// Characters that word processors put in the place of quotes and blanks.
enum PastedCharacter {
  private static let known: [(bytes: [UInt8], name: String, meant: String)] = [
    (Array("\u{201C}".utf8), "U+201C", "'\"'"), (Array("\u{201D}".utf8), "U+201D", "'\"'"),
    (Array("\u{201E}".utf8), "U+201E", "'\"'"), (Array("\u{2018}".utf8), "U+2018", "\"'\""),
    (Array("\u{2019}".utf8), "U+2019", "\"'\""), (Array("\u{A0}".utf8), "U+00A0", "a blank"),
    (Array("\u{FEFF}".utf8), "U+FEFF", "nothing"), (Array("\u{200B}".utf8), "U+200B", "nothing"),
  ]

  /// Refuses a typographic quote or blank that stands outside quotes.
  static func refuse(in passage: Passage, at offset: Int) throws(Diagnostic) {
    guard passage.bytes[offset] >= 0xC2 else { return }
    guard let found = known.first(where: { passage.bytes[offset...].starts(with: $0.bytes) }) else { return }
    throw Diagnostic(
      .unexpectedCharacter, "\(found.name) stands outside quotes",
      at: passage.range(of: offset..<(offset + found.bytes.count)), label: "not an ordinary character",
      help: "did you mean \(found.meant)?")
  }
}

/// Subsearches.
enum Brackets {
  /// The offset of the bracket that closes the one at `start`; quotes and escapes are stepped over.
  static func end(_ bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"): at += 1
      case UInt8(ascii: "\""):
        guard let end = QuotedText.end(bytes, from: at) else { return nil }
        at = end
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return at }
      case _: break
      }
      at += 1
    }
    return nil
  }
}
