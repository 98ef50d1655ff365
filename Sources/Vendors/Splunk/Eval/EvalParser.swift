import LanguageSupport
import RuleIR
import SourceText

/// Reads an `eval` or `where` expression.
///
///     xor        = or { "XOR" or } ;        or = and { "OR" and } ;        and = not { "AND" not } ;
///     not        = ( "NOT" | "!" ) not | comparison ;
///     comparison = sum { operator sum | "LIKE" sum | [ "NOT" ] "IN" "(" xor { "," xor } ")" } ;
///     sum        = product { ( "+" | "-" | "." ) product } ;
///     product    = sign { ( "*" | "/" | "%" ) sign } ;     sign = { "-" | "+" } primary ;
///     primary    = number | text | field | name "(" [ xor { "," xor } ] ")" | "(" xor ")" ;
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Eval
struct EvalParser: BooleanParser {
  static let booleans = SPLSyntax.eval
  var tokens: TokenCursor<EvalTokenKind>

  init(_ passage: Passage) throws(Diagnostic) {
    tokens = TokenCursor(try EvalLexer.tokens(of: passage), of: passage)
  }

  /// The whole of a passage.
  static func parse(_ passage: Passage) throws(Diagnostic) -> EvalExpression {
    var parser = try EvalParser(passage)
    let expression = try parser.whole()
    guard parser.tokens.isAtEnd else { throw parser.tokens.unexpected(expected: "the end of the expression") }
    return expression
  }

  func connective(of token: Token<EvalTokenKind>) -> Connective? {
    switch token.kind {
    case .name(let name):
      return Self.booleans.connective(name)
    case .symbol(.bang): return .not
    case .number, .text, .quotedField, .symbol, .subsearch: return nil
    }
  }

  // A parenthesis may hold a value as well as a condition, so that the leaf reads both.
  func opensGroup(_ token: Token<EvalTokenKind>) -> Bool { false }
  func closesGroup(_ token: Token<EvalTokenKind>) -> Bool { token.kind == .symbol(.close) }

  /// An expression with XOR, which binds loosest.
  mutating func whole() throws(Diagnostic) -> EvalExpression {
    var left = try expression()
    var levels = 0
    while isKeyword("XOR") {
      try tokens.descend()
      levels += 1
      tokens.advance()
      left = .xor(left, try expression())
    }
    for _ in 0..<levels { tokens.ascend() }
    return left
  }

  mutating func leaf() throws(Diagnostic) -> EvalExpression {
    let start = tokens.position
    var left = try sum()
    var levels = 0
    defer { for _ in 0..<levels { tokens.ascend() } }
    while true {
      // A comparison of a comparison nests.
      try tokens.descend()
      levels += 1
      if case .symbol(let symbol)? = tokens.current?.kind, let comparison = Self.comparison(symbol) {
        tokens.advance()
        let right = try sum()
        left = .comparison(comparison, left, right, tokens.range(since: start))
      } else if isKeyword("LIKE") {
        tokens.advance()
        let right = try sum()
        left = .call(EvalCall(name: "like", arguments: [left, right], place: tokens.range(since: start)))
      } else if isKeyword("IN"), tokens.peek()?.kind == .symbol(.open) {
        left = try membership(left, since: start)
      } else if isKeyword("NOT"), isKeyword("IN", at: 1), tokens.peek(2)?.kind == .symbol(.open) {
        tokens.advance()
        left = .not(try membership(left, since: start))
      } else {
        return left
      }
    }
  }

  private mutating func membership(_ left: EvalExpression, since start: Int) throws(Diagnostic) -> EvalExpression {
    tokens.advance()
    tokens.advance()
    let values = try arguments()
    guard !values.isEmpty else { throw tokens.unexpected(expected: "a value") }
    return .call(EvalCall(name: "in", arguments: [left] + values, place: tokens.range(since: start)))
  }

  private static func comparison(_ symbol: EvalSymbol) -> EvalComparison? {
    switch symbol {
    case .equal, .doubleEqual: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .plus, .minus, .times, .divided, .remainder, .dot, .open, .close, .comma, .bang: nil
    }
  }

  private mutating func sum() throws(Diagnostic) -> EvalExpression {
    let start = tokens.position
    var chain = Chain(first: try product())
    while case .symbol(let symbol)? = tokens.current?.kind, symbol == .plus || symbol == .minus || symbol == .dot {
      tokens.advance()
      chain.add(symbol, try product())
    }
    return chain.expression(at: tokens.range(since: start))
  }

  private mutating func product() throws(Diagnostic) -> EvalExpression {
    let start = tokens.position
    var chain = Chain(first: try sign())
    while case .symbol(let symbol)? = tokens.current?.kind,
      symbol == .times || symbol == .divided || symbol == .remainder
    {
      tokens.advance()
      chain.add(symbol, try sign())
    }
    return chain.expression(at: tokens.range(since: start))
  }

  /// Operands of a long chain side by side, so that it nests no deeper than a short one.
  private struct Chain {
    private var operands: [EvalExpression]
    /// The operator; `+` for one of several, which is followed no further anyway.
    private var symbol: EvalSymbol?

    init(first: EvalExpression) { operands = [first] }

    mutating func add(_ symbol: EvalSymbol, _ operand: EvalExpression) {
      self.symbol = self.symbol.map { $0 == symbol ? symbol : .plus } ?? symbol
      operands.append(operand)
    }

    func expression(at place: SourceRange) -> EvalExpression {
      symbol.map { .arithmetic($0.rawValue, operands, place) } ?? operands[0]
    }
  }

  private mutating func sign() throws(Diagnostic) -> EvalExpression {
    let start = tokens.position
    var isNegative = false
    while case .symbol(let symbol)? = tokens.current?.kind, symbol == .minus || symbol == .plus {
      if symbol == .minus { isNegative.toggle() }
      tokens.advance()
    }
    let value = try primary()
    guard isNegative else { return value }
    if case .number(let text, _) = value { return .number("-" + text, tokens.range(since: start)) }
    return .arithmetic("-", [value], tokens.range(since: start))
  }

  private mutating func primary() throws(Diagnostic) -> EvalExpression {
    guard let token = tokens.current else { throw tokens.unexpected(expected: "a value") }
    let place = tokens.range(of: token)
    switch token.kind {
    case .number(let text):
      tokens.advance()
      return .number(text, place)
    case .text(let text):
      tokens.advance()
      return .text(text, place)
    case .quotedField(let name):
      tokens.advance()
      return .field(name, place)
    case .subsearch:
      tokens.advance()
      return .subsearch(place)
    case .symbol(.open):
      tokens.advance()
      try tokens.descend()
      let inner = try whole()
      tokens.ascend()
      guard tokens.skip(.symbol(.close)) else { throw tokens.unexpected(expected: "')'") }
      return inner
    case .name(let name): return try named(name, token)
    case .symbol: throw tokens.unexpected(expected: "a value")
    }
  }

  private mutating func named(_ name: String, _ token: Token<EvalTokenKind>) throws(Diagnostic) -> EvalExpression {
    let start = tokens.position
    guard tokens.peek()?.kind == .symbol(.open) else {
      guard Self.booleans.connective(name) == nil, name.uppercased() != "XOR" else {
        throw tokens.unexpected(expected: "a value")
      }
      tokens.advance()
      return .field(name, tokens.range(of: token))
    }
    let function = name.lowercased()
    guard EvalFunction.names.contains(function) else { throw unknown(function, token) }
    tokens.advance()
    tokens.advance()
    try tokens.descend()
    let arguments = try arguments()
    tokens.ascend()
    let call = EvalCall(name: function, arguments: arguments, place: tokens.range(since: start))
    try checkCount(call)
    return function == "searchmatch" ? try searchMatch(call) : .call(call)
  }

  private func unknown(_ function: String, _ token: Token<EvalTokenKind>) -> Diagnostic {
    Diagnostic(
      .unknownFunction, "'\(function)' is no eval function", at: tokens.range(of: token), label: "not known",
      help: nearestName(to: function, among: EvalFunction.names.sorted()).map { "did you mean '\($0)'?" })
  }

  private func checkCount(_ call: EvalCall) throws(Diagnostic) {
    guard let wanted = EvalFunction.arities[call.name], !wanted.contains(call.arguments.count) else { return }
    let many = wanted.upperBound == .max ? "at least \(wanted.lowerBound)" : "\(wanted.lowerBound)"
    throw Diagnostic(
      .wrongArguments, "\(call.name)() takes \(many) arguments, not \(call.arguments.count)", at: call.place,
      label: "\(call.arguments.count) given")
  }

  private func searchMatch(_ call: EvalCall) throws(Diagnostic) -> EvalExpression {
    guard case .text(let text, let place) = call.arguments[0] else { return .call(call) }
    do throws(Diagnostic) {
      return .search(try SearchParser.parse(Passage(name: "<searchmatch>", text: text)), call.place)
    } catch {
      throw Diagnostic(error.code, error.message, at: place, label: error.primary?.text ?? "")
    }
  }

  /// From behind the opening parenthesis through the closing one.
  private mutating func arguments() throws(Diagnostic) -> [EvalExpression] {
    if tokens.skip(.symbol(.close)) { return [] }
    var arguments: [EvalExpression] = []
    while true {
      arguments.append(try whole())
      if tokens.skip(.symbol(.comma)) { continue }
      guard tokens.skip(.symbol(.close)) else { throw tokens.unexpected(expected: "',' or ')'") }
      return arguments
    }
  }

  private func isKeyword(_ keyword: String, at offset: Int = 0) -> Bool {
    guard case .name(let name)? = tokens.peek(offset)?.kind else { return false }
    return name.uppercased() == keyword
  }
}
