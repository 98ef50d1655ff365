import LanguageSupport
import SourceText

/// Reads ES|QL into its syntax tree: expressions here, commands beside it.
///
///     condition  = conjunct { OR conjunct } ;  conjunct = negation { AND negation } ;
///     negation   = NOT negation | "(" condition ")" | test ;
///     test       = sum [ comparison sum | IS [ NOT ] NULL | [ NOT ] IN "(" sum { "," sum } ")"
///                | [ NOT ] ( LIKE | RLIKE ) patterns | ":" primary ] ;
///     sum        = product { ( "+" | "-" ) product } ;  product = signed { ( "*" | "/" | "%" ) signed } ;
///     signed     = ( "+" | "-" ) signed | primary { "::" type } ;
///     primary    = literal | column | function "(" [ "*" | condition { "," condition } [ "," map ] ] ")"
///                | "(" condition ")" | "[" literal { "," literal } "]" | parameter ;
///
/// https://www.elastic.co/docs/reference/query-languages/esql/functions-operators/operators
struct ESQLParser: BooleanParser {
  typealias Kind = ESQLToken
  typealias Expression = ESQLExpression

  /// The connectives, of the parser and of the printer.
  static let booleans = BooleanSyntax(
    and: .init("AND", binding: 2), or: .init("OR", binding: 1), not: .init("NOT", binding: 3))

  var tokens: TokenCursor<ESQLToken>
  /// For each parenthesis, bracket or brace that opens, the token that closes it.
  let closings: [Int: Int]

  init(_ passage: Passage) throws(Diagnostic) {
    guard passage.bytes.count <= 1 << 20 else {
      throw Diagnostic(.queryTooLong, "the query is longer than 1 MiB", at: passage.wholeRange)
    }
    let all = try ESQLLexer.tokens(of: passage)
    tokens = TokenCursor(all, of: passage)
    closings = Self.closings(of: all)
  }

  private static func closings(of tokens: [Token<ESQLToken>]) -> [Int: Int] {
    var closings: [Int: Int] = [:]
    var open: [Int] = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .mark(.leftParenthesis), .mark(.leftBracket), .mark(.leftBrace): open.append(index)
      case .mark(.rightParenthesis), .mark(.rightBracket), .mark(.rightBrace):
        if let start = open.popLast() { closings[start] = index }
      case _: break
      }
    }
    return closings
  }

  func connective(of token: Token<ESQLToken>) -> Connective? {
    guard case .word(let word) = token.kind, word.utf8.count <= 3 else { return nil }
    return Self.booleans.connective(word)
  }

  /// Whether a parenthesis holds a condition: it does unless an operator goes on with what it holds.
  func opensGroup(_ token: Token<ESQLToken>) -> Bool {
    guard token.kind == .mark(.leftParenthesis) else { return false }
    guard let closing = closings[tokens.position], closing + 1 < tokens.tokens.count else { return true }
    switch tokens.tokens[closing + 1].kind {
    case .mark(let mark): return !Self.continuing.contains(mark)
    case .word(let word): return !["IS", "IN", "LIKE", "RLIKE", "NOT"].contains(word.uppercased())
    case .quotedName, .namePattern, .source, .string, .integer, .decimal, .parameter: return true
    }
  }

  private static let continuing: Set<ESQLToken.Mark> = [
    .colon, .cast, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash,
    .percent,
  ]

  func closesGroup(_ token: Token<ESQLToken>) -> Bool { token.kind == .mark(.rightParenthesis) }

  // MARK: Tests

  mutating func leaf() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    let left = try sum()
    if let comparison = comparison() {
      tokens.advance()
      let right = try sum()
      if self.comparison() != nil { throw chained() }
      return finish(.comparison(comparison, left, right), start)
    }
    if tokens.skip("IS") {
      let isNegated = tokens.skip("NOT")
      try tokens.expect("NULL")
      return finish(.isNull(left), start, negated: isNegated ? .negated : .plain)
    }
    if tokens.isAt(.colon) {
      tokens.advance()
      return finish(.match(left, try signed()), start)
    }
    return try membership(of: left, from: start)
  }

  private enum Sense { case plain, negated }

  private func finish(_ form: ESQLExpression.Form, _ start: Int, negated sense: Sense = .plain) -> ESQLExpression {
    let expression = ESQLExpression(form, tokens.bytes(since: start))
    switch sense {
    case .plain: return expression
    case .negated: return .noneOf(expression)
    }
  }

  private func comparison() -> ESQLExpression.Comparison? {
    guard case .mark(let mark) = tokens.current?.kind else { return nil }
    switch mark {
    case .equal: return .equal
    case .notEqual: return .notEqual
    case .less: return .less
    case .lessOrEqual: return .lessOrEqual
    case .greater: return .greater
    case .greaterOrEqual: return .greaterOrEqual
    case .pipe, .semicolon, .comma, .dot, .colon, .cast, .assign, .plus, .minus, .star, .slash, .percent,
      .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace:
      return nil
    }
  }

  private func chained() -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "comparisons do not chain in ES|QL", at: tokens.place, label: "a second comparison",
      help: "join two comparisons with AND")
  }

  /// `[NOT] IN (…)`, `[NOT] LIKE …` and `[NOT] RLIKE …` after their left side, or the left side alone.
  private mutating func membership(of left: ESQLExpression, from start: Int) throws(Diagnostic) -> ESQLExpression {
    let mark = tokens.position
    let sense: Sense = tokens.skip("NOT") ? .negated : .plain
    if tokens.skip("IN") {
      return finish(.isIn(left, try list { parser throws(Diagnostic) in try parser.sum() }), start, negated: sense)
    }
    for (keyword, kind) in [("LIKE", ESQLExpression.PatternKind.like), ("RLIKE", .rlike)] where tokens.skip(keyword) {
      let patterns =
        tokens.isAt(.leftParenthesis)
        ? try list { parser throws(Diagnostic) in try parser.pattern() } : [try pattern()]
      return finish(.like(left, kind, patterns), start, negated: sense)
    }
    if sense == .negated {
      tokens.rewind(to: mark)
      throw tokens.unexpected(expected: "an operator before NOT, or the end of the condition")
    }
    return left
  }

  private mutating func pattern() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    switch tokens.current?.kind {
    case .string(let text)?:
      tokens.advance()
      return finish(.string(text), start)
    case .parameter(let name)?:
      tokens.advance()
      return finish(.parameter(name), start)
    case .word?, .quotedName?, .namePattern?, .source?, .integer?, .decimal?, .mark?, nil:
      throw tokens.unexpected(expected: "a pattern in quotes")
    }
  }

  /// A list in parentheses.
  private mutating func list(
    _ item: (inout ESQLParser) throws(Diagnostic) -> ESQLExpression
  ) throws(Diagnostic) -> [ESQLExpression] {
    try tokens.expect(.leftParenthesis)
    var items = [try item(&self)]
    while tokens.skip(.comma) { items.append(try item(&self)) }
    try tokens.expect(.rightParenthesis)
    return items
  }
}
