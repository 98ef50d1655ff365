import LanguageSupport
import RuleIR
import SourceText

/// Reads a `search` expression.
///
///     search  = or { [ "AND" ] or } ;
///     or      = not { "OR" not } ;
///     not     = "NOT" not | primary ;
///     primary = "(" [ search ] ")" | "[" subsearch "]" | test | term ;
///     test    = field ( operator value | [ "NOT" ] "IN" "(" value { "," value } ")" ) ;
///     value   = word | directive ;         operator = "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" ;
///     term    = word | directive ;         directive = ( "CASE" | "TERM" ) "(" word ")" ;
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Search
struct SearchParser: BooleanParser {
  static let booleans = SPLSyntax.search
  var tokens: TokenCursor<SearchTokenKind>
  private let passage: Passage

  private init(_ passage: Passage) throws(Diagnostic) {
    self.passage = passage
    tokens = TokenCursor(try SearchLexer.tokens(of: passage), of: passage)
  }

  /// The whole of a passage; an empty one asks nothing.
  static func parse(_ passage: Passage) throws(Diagnostic) -> SearchTree {
    var parser = try SearchParser(passage)
    guard !parser.tokens.isAtEnd else { return .all([]) }
    let tree = try parser.expression()
    guard parser.tokens.isAtEnd else { throw parser.tokens.unexpected(expected: "a condition") }
    return tree
  }

  func connective(of token: Token<SearchTokenKind>) -> Connective? {
    guard case .word(let word) = token.kind, let bare = word.bare, let known = Self.booleans.connective(bare)
    else { return nil }
    // `OR=x` compares a field.
    if case .comparison = tokens.peek()?.kind { return nil }
    return known
  }

  // `()` holds nothing and asks nothing; the leaf reads it.
  func opensGroup(_ token: Token<SearchTokenKind>) -> Bool { token.kind == .open && tokens.peek()?.kind != .close }
  func closesGroup(_ token: Token<SearchTokenKind>) -> Bool { token.kind == .close }

  func startsLeaf(_ token: Token<SearchTokenKind>) -> Bool {
    switch token.kind {
    case .word, .subsearch, .open: true
    case .comparison, .close, .comma: false
    }
  }

  mutating func leaf() throws(Diagnostic) -> SearchTree {
    guard let token = tokens.current else { throw tokens.unexpected(expected: "a condition") }
    switch token.kind {
    case .subsearch:
      tokens.advance()
      return .subsearch(tokens.range(of: token))
    case .word(let word):
      guard connective(of: token) == nil else { throw tokens.unexpected(expected: "a condition") }
      return try wordLeaf(word)
    case .open:
      tokens.advance()
      tokens.advance()
      return .all([])
    case .comparison, .close, .comma: throw tokens.unexpected(expected: "a condition")
    }
  }

  private mutating func wordLeaf(_ word: SearchWord) throws(Diagnostic) -> SearchTree {
    let start = tokens.position
    if let directive = try directive() {
      return .term(SearchTerm(word: directive.word, directive: directive.kind, place: tokens.range(since: start)))
    }
    tokens.advance()
    if case .comparison(let comparison)? = tokens.current?.kind {
      tokens.advance()
      return try self.comparison(word.text, comparison, since: start)
    }
    if isKeyword("IN", at: 0), tokens.peek()?.kind == .open {
      return .membership(try membership(word.text, since: start))
    }
    if isKeyword("NOT", at: 0), isKeyword("IN", at: 1), tokens.peek(2)?.kind == .open {
      tokens.advance()
      return .not(.membership(try membership(word.text, since: start)))
    }
    return .term(SearchTerm(word: word, directive: nil, place: tokens.range(since: start)))
  }

  private mutating func comparison(
    _ field: String, _ comparison: SearchOperator, since start: Int
  ) throws(Diagnostic) -> SearchTree {
    let directive = try directive()
    var value = directive?.word
    if value == nil, case .word(let word)? = tokens.current?.kind {
      tokens.advance()
      value = word
    }
    guard let value else { throw tokens.unexpected(expected: "a value") }
    let place = tokens.range(since: start)
    if SPLSyntax.timeModifiers.contains(field) {
      return .time(TimeModifier(name: field, value: value.text, place: place))
    }
    return .comparison(
      SearchComparison(field: field, comparison: comparison, value: value, directive: directive?.kind, place: place))
  }

  /// From the `IN` at the cursor on.
  private mutating func membership(_ field: String, since start: Int) throws(Diagnostic) -> SearchMembership {
    tokens.advance()
    tokens.advance()
    var values: [SearchWord] = []
    while true {
      if tokens.skip(.comma) { continue }
      guard let token = tokens.current else { throw tokens.unexpected(expected: "')'") }
      if token.kind == .close { break }
      guard case .word(let word) = token.kind else { throw tokens.unexpected(expected: "a value") }
      values.append(word)
      tokens.advance()
    }
    guard !values.isEmpty else { throw tokens.unexpected(expected: "a value") }
    tokens.advance()
    return SearchMembership(field: field, values: values, place: tokens.range(since: start))
  }

  /// `CASE(x)` or `TERM(x)` at the cursor: the parenthesis must follow at once.
  private mutating func directive() throws(Diagnostic) -> (kind: SearchDirective, word: SearchWord)? {
    guard case .word(let name)? = tokens.current?.kind, let kind = name.bare.flatMap(SearchDirective.init(rawValue:)),
      let open = tokens.peek(), open.kind == .open, open.range.lowerBound == tokens.current?.range.upperBound
    else { return nil }
    tokens.advance()
    tokens.advance()
    let from = open.range.upperBound
    while let token = tokens.current, token.kind != .close { tokens.advance() }
    guard let close = tokens.current, close.range.lowerBound > from else { throw tokens.unexpected(expected: "a word") }
    tokens.advance()
    // A term may hold `=` and other characters that part words elsewhere.
    let inside = trimmed(passage.slice(from..<close.range.lowerBound).text)
    let parts = inside.split(separator: "*", omittingEmptySubsequences: false).map {
      TextPattern.Part.literal(String($0))
    }
    let joined = parts.enumerated().flatMap { $0.offset == 0 ? [$0.element] : [.anyRun, $0.element] }
    return (kind, SearchWord(pattern: TextPattern(joined), bare: nil))
  }

  private func isKeyword(_ keyword: String, at offset: Int) -> Bool {
    guard case .word(let word)? = tokens.peek(offset)?.kind else { return false }
    return word.bare == keyword
  }
}
