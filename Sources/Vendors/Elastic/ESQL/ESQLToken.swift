import LanguageSupport
import SourceText

/// A lexical token of ES|QL.
enum ESQLToken: Hashable, Sendable {
  /// A keyword, the name of a function, or one part of a column's name.
  case word(String)
  /// A name in backticks, doubled backticks undone.
  case quotedName(String)
  /// A part of a column's name with stars, as `KEEP` and `DROP` take it.
  case namePattern(String)
  /// An index, alias or data stream, with its wildcards.
  case source(String)
  /// A string, escapes undone.
  case string(String)
  case integer(String)
  case decimal(String)
  /// `?name`, `?1` or `?`: a place that the caller of a query fills.
  case parameter(String)
  case mark(Mark)

  enum Mark: String, Hashable, Sendable, CaseIterable {
    case pipe = "|"
    case semicolon = ";"
    case comma = ","
    case dot = "."
    case colon = ":"
    case cast = "::"
    case assign = "="
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
  }
}

extension ESQLToken {
  /// Whether the token is this keyword, in any case of letters.
  func spells(_ keyword: String) -> Bool {
    guard case .word(let word) = self else { return false }
    return isKeyword(word, keyword)
  }
}

/// Whether a word is a keyword, letters compared in any case.
func isKeyword(_ word: String, _ keyword: String) -> Bool {
  word.utf8.count == keyword.utf8.count && word.uppercased() == keyword
}

extension TokenCursor where Kind == ESQLToken {
  func isAt(_ keyword: String) -> Bool { current?.kind.spells(keyword) ?? false }

  func isAt(_ mark: ESQLToken.Mark) -> Bool { current?.kind == .mark(mark) }

  /// Steps over a keyword if it stands here.
  mutating func skip(_ keyword: String) -> Bool {
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  mutating func skip(_ mark: ESQLToken.Mark) -> Bool { skip(.mark(mark)) }

  mutating func expect(_ mark: ESQLToken.Mark) throws(Diagnostic) {
    guard skip(mark) else { throw unexpected(expected: "'\(mark.rawValue)'") }
  }

  mutating func expect(_ keyword: String) throws(Diagnostic) {
    guard skip(keyword) else { throw unexpected(expected: keyword) }
  }

  /// The bytes from a token position taken before to the last token stepped over.
  func bytes(since start: Int) -> Range<Int> {
    guard start < tokens.count else { return passage.bytes.count..<passage.bytes.count }
    let first = tokens[start].range.lowerBound
    return position > start ? first..<tokens[position - 1].range.upperBound : first..<first
  }
}
