import LanguageSupport
import RuleIR
import SourceText

/// Splits a query into tokens.
///
///     quoted   = '"' { "\t" | "\r" | "\n" | "\uXXXX" | "\\" | '\"' | any but '"' } '"' ;
///     unquoted = { "\t" | "\r" | "\n" | "\" special | "\uXXXX" | "\" keyword | "*" | plain } ;   then trimmed
///     special  = "\" | "(" | ")" | ":" | "<" | ">" | '"' | "*" | "{" | "}" ;
///     keyword  = "or" | "and" | "not" ;                                          in any case
///     space    = " " | tab | CR | LF | U+00A0 ;                       U+3000 instead for the server
///
/// An unquoted text goes on over spaces, up to a special character, ` and `, ` or ` or `not `; the last even inside a
/// word, as in `cannot x`. `\not` is a line feed and `ot`, because the shorter escape is tried first.
struct KueryLexer {
  let passage: Passage
  let flavour: Kuery.Flavour
  let bytes: [UInt8]
  var at = 0
  var warnings: [Diagnostic] = []
  private var found: [Token<KueryToken>] = []

  init(_ passage: Passage, flavour: Kuery.Flavour) {
    self.passage = passage
    self.flavour = flavour
    self.bytes = passage.bytes
  }

  mutating func tokens() throws(Diagnostic) -> [Token<KueryToken>] {
    try QueryText.requireUTF8(bytes[...], of: passage)
    while true {
      let before = at
      skipSpaces()
      guard at < bytes.count else { return found }
      let start = at
      let kind = try next(afterSpace: start > before)
      found.append(Token(kind, start..<endWithoutSpaces(since: start)))
    }
  }

  private mutating func next(afterSpace: Bool) throws(Diagnostic) -> KueryToken {
    switch bytes[at] {
    case UInt8(ascii: "("): return step(.open)
    case UInt8(ascii: ")"): return step(.close)
    case UInt8(ascii: "{"): return step(.openBrace)
    case UInt8(ascii: "}"): return step(.closeBrace)
    case UInt8(ascii: ":"): return step(.colon)
    case UInt8(ascii: "<"): return order(.less, orEqual: .lessOrEqual)
    case UInt8(ascii: ">"): return order(.greater, orEqual: .greaterOrEqual)
    case UInt8(ascii: "\""): return .literal(.text(try quoted()))
    case _: break
    }
    if let keyword = keyword(afterSpace: afterSpace) { return keyword }
    return .literal(try unquoted())
  }

  private mutating func step(_ kind: KueryToken) -> KueryToken {
    at += 1
    return kind
  }

  private mutating func order(_ order: Order, orEqual: Order) -> KueryToken {
    at += 1
    guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { return .order(order) }
    at += 1
    return .order(orEqual)
  }

  /// A connective, where one may stand and a space follows.
  private mutating func keyword(afterSpace: Bool) -> KueryToken? {
    if isWord("not", at: at), isSpace(at: at + 3) {
      at += 3
      return .not
    }
    guard afterSpace, found.last?.kind.endsOperand == true else { return nil }
    for (word, kind) in [("and", KueryToken.and), ("or", .or)] {
      let end = at + word.utf8.count
      if isWord(word, at: at), isSpace(at: end) {
        at = end
        return kind
      }
    }
    return nil
  }

  private mutating func skipSpaces() {
    while case let length = spaceLength(at: at), length > 0 { at += length }
  }

  /// Where what was read ends, without the spaces that an unquoted text runs over in vain.
  private func endWithoutSpaces(since start: Int) -> Int {
    var end = at
    while end > start + 1 {
      if spaceLength(at: end - 1) == 1 {
        end -= 1
      } else if spaceLength(at: end - 2) == 2 {
        end -= 2
      } else if spaceLength(at: end - 3) == 3 {
        end -= 3
      } else {
        break
      }
    }
    return max(end, start + 1)
  }
}

extension KueryLexer {
  /// How many bytes the space at an offset has; 0 where there is none.
  func spaceLength(at offset: Int) -> Int {
    guard offset >= 0, offset < bytes.count else { return 0 }
    switch bytes[offset] {
    case 0x20, 0x09, 0x0A, 0x0D: return 1
    case 0xC2 where flavour == .kibana:
      return offset + 1 < bytes.count && bytes[offset + 1] == 0xA0 ? 2 : 0
    case 0xE3 where flavour == .server:
      return offset + 2 < bytes.count && bytes[offset + 1] == 0x80 && bytes[offset + 2] == 0x80 ? 3 : 0
    case _: return 0
    }
  }

  func isSpace(at offset: Int) -> Bool { spaceLength(at: offset) > 0 }

  /// Whether a word stands at an offset, in any case.
  func isWord(_ word: String, at offset: Int) -> Bool {
    let wanted = word.utf8
    guard offset >= 0, offset + wanted.count <= bytes.count else { return false }
    return zip(bytes[offset...], wanted).allSatisfy { $0 | 0x20 == $1 }
  }
}
