import LanguageSupport
import RuleIR
import SourceText

/// Reads Kusto expressions, by the precedence of the official grammar.
///
///     expression     = equality joined by "and", then by "or" ;
///     equality       = order [ ( "==" | "!=" | "<>" ) order | [ "!" ] "in" [ "~" ] list
///                            | ( "has_any" | "has_all" ) list | [ "!" ] "between" "(" order ".." order ")" ] ;
///     order          = sum [ ( "<" | "<=" | ">" | ">=" ) sum ] ;
///     sum            = product { ( "+" | "-" ) product } ;
///     product        = text { ( "*" | "/" | "%" ) text } ;
///     text           = unary [ text-operator unary ] ;         such as "=~", "has", "startswith", "matches regex"
///     unary          = [ "-" | "+" ] path ;
///     path           = primary { "." name | [ "." ] "[" ( string | integer ) "]" } ;
///     primary        = literal | name [ "(" arguments ")" ] | "(" expression ")" | "*" | "[" string "]" ;
///
/// Equality, order and text operators do not chain. https://github.com/microsoft/Kusto-Query-Language/tree/master/grammar
struct KustoParser: BooleanParser {
  static let booleans = BooleanSyntax.kusto
  var tokens: TokenCursor<KustoToken>
  /// What is worth saying of the text, though it can be read.
  let warnings: [Diagnostic]

  init(_ passage: Passage) throws(Diagnostic) {
    let (tokens, warnings) = try KustoLexer.tokens(of: passage)
    self.tokens = TokenCursor(tokens, of: passage)
    self.warnings = warnings
  }

  func connective(of token: Token<KustoToken>) -> Connective? {
    switch token.kind {
    case .word("and"): .and
    case .word("or"): .or
    case .word, .text, .number, .timespan, .quoted, .symbol: nil
    }
  }

  // Parentheses may hold numbers as well as conditions, so the leaves read them.
  func opensGroup(_ token: Token<KustoToken>) -> Bool { false }
  func closesGroup(_ token: Token<KustoToken>) -> Bool { token.kind == .symbol(")") }

  mutating func leaf() throws(Diagnostic) -> KustoExpression { try equality() }

  private mutating func equality() throws(Diagnostic) -> KustoExpression {
    let left = try order()
    guard let operation = comparison(at: .equality) else { return left }
    let right: KustoExpression
    switch operation.relation {
    case .isIn, .anyTerm, .allTerms: right = try list()
    case .between: right = try interval()
    case .equals, .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .regex, .less, .lessOrEqual,
      .greater, .greaterOrEqual:
      right = try order()
    }
    try refuseChain(at: .equality)
    return join(.comparison(operation, left, right), left, right)
  }

  private mutating func order() throws(Diagnostic) -> KustoExpression {
    let left = try sum()
    guard let operation = comparison(at: .order) else { return left }
    let right = try sum()
    try refuseChain(at: .order)
    return join(.comparison(operation, left, right), left, right)
  }

  private mutating func sum() throws(Diagnostic) -> KustoExpression {
    var left = try product()
    while let sign = arithmeticSign(["+", "-"]) {
      let right = try product()
      left = join(.arithmetic(sign, left, right), left, right)
    }
    return left
  }

  private mutating func product() throws(Diagnostic) -> KustoExpression {
    var left = try textComparison()
    while let sign = arithmeticSign(["*", "/", "%"]) {
      let right = try textComparison()
      left = join(.arithmetic(sign, left, right), left, right)
    }
    return left
  }

  private mutating func textComparison() throws(Diagnostic) -> KustoExpression {
    let left = try unary()
    guard let operation = comparison(at: .text) else { return left }
    let right = try unary()
    try refuseChain(at: .text)
    return join(.comparison(operation, left, right), left, right)
  }

  private mutating func unary() throws(Diagnostic) -> KustoExpression {
    let start = tokens.current?.range.lowerBound ?? 0
    if tokens.skip(.symbol("-")) {
      let inner = try path()
      return KustoExpression(.negative(inner), start..<inner.range.upperBound)
    }
    _ = tokens.skip(.symbol("+"))
    return try path()
  }

  /// Steps over an operator of this level; `matches` takes its `regex` with it.
  private mutating func comparison(at level: KustoComparison.Level) -> KustoComparison? {
    guard let token = tokens.current, let found = KustoComparison(token.kind), found.level == level else { return nil }
    if found.relation == .regex {
      guard tokens.peek()?.kind == .word("regex") else { return nil }
      tokens.advance()
    }
    tokens.advance()
    return found
  }

  private func refuseChain(at level: KustoComparison.Level) throws(Diagnostic) {
    guard let token = tokens.current, let next = KustoComparison(token.kind), next.level == level else { return }
    throw Diagnostic(
      .unexpectedToken, "'\(next.spelling)' cannot follow another comparison", at: tokens.place,
      label: "a second comparison", help: "join the comparisons with 'and', or put one in parentheses")
  }

  private mutating func arithmeticSign(_ signs: [String]) -> String? {
    guard case .symbol(let symbol)? = tokens.current?.kind, signs.contains(symbol) else { return nil }
    tokens.advance()
    return symbol
  }

  func join(_ form: KustoExpression.Form, _ left: KustoExpression, _ right: KustoExpression) -> KustoExpression {
    KustoExpression(form, left.range.lowerBound..<max(left.range.upperBound, right.range.upperBound))
  }

  mutating func expect(_ symbol: String) throws(Diagnostic) {
    guard tokens.skip(.symbol(symbol)) else { throw tokens.unexpected(expected: "'\(symbol)'") }
  }

  /// From the start of a token taken before to the end of the last one stepped over.
  func span(from start: Int) -> Range<Int> {
    guard start < tokens.tokens.count, tokens.position > start else { return 0..<0 }
    return tokens.tokens[start].range.lowerBound..<tokens.tokens[tokens.position - 1].range.upperBound
  }
}
