import LanguageSupport
import RuleIR
import SourceText

/// Reads Python expressions; never runs them.
///
///     expression = conjunction { "or" conjunction } ;
///     conjunction = negation { "and" negation } ;
///     negation   = "not" negation | comparison ;
///     comparison = union { ( "==" | "!=" | "<" | "<=" | ">" | ">=" | [ "not" ] "in" | "is" [ "not" ] ) union } ;
///     union      = primary { "|" primary } ;
///     primary    = atom { "." name | "(" [ argument { "," argument } ] ")" } ;
///     argument   = expression | name "=" expression | expression loop { loop } ;
///     loop       = "for" name "in" union ;
///     atom       = name | text { text } | [ "-" ] number | "..." | "(" expressions ")" | "[" expressions "]" ;
struct PythonExpressionParser: BooleanParser {
  static let booleans = PythonBooleans.syntax
  var tokens: TokenCursor<PythonToken>

  func connective(of token: Token<PythonToken>) -> Connective? {
    if case .name(let word) = token.kind { Self.booleans.connective(word) } else { nil }
  }

  // A parenthesis may open a tuple or a text's method call as well; `atom` tells.
  func opensGroup(_ token: Token<PythonToken>) -> Bool { false }
  func closesGroup(_ token: Token<PythonToken>) -> Bool { token.kind == .symbol(")") }

  mutating func leaf() throws(Diagnostic) -> PythonExpression {
    let first = try union()
    var comparisons: [PythonExpression.Comparison] = []
    while let found = comparisonOperator() {
      comparisons.append(.init(operator: found, operand: try union()))
    }
    guard let last = comparisons.last else { return first }
    return PythonExpression(
      .comparison(first, comparisons), first.range.lowerBound..<last.operand.range.upperBound)
  }

  private mutating func comparisonOperator() -> PythonExpression.Operator? {
    switch tokens.current?.kind {
    case .symbol("==")?: return advance(.equal)
    case .symbol("!=")?: return advance(.different)
    case .symbol(let symbol)?: return Order(rawValue: symbol).map { advance(.order($0)) }
    case .name("in")?: return advance(.in)
    case .name("not")? where tokens.peek()?.kind == .name("in"):
      tokens.advance()
      return advance(.notIn)
    case .name("is")?:
      tokens.advance()
      return tokens.skip(.name("not")) ? .isNot : .is
    case _: return nil
    }
  }

  private mutating func advance(_ found: PythonExpression.Operator) -> PythonExpression.Operator {
    tokens.advance()
    return found
  }

  private mutating func union() throws(Diagnostic) -> PythonExpression {
    var parts = [try primary()]
    while tokens.skip(.symbol("|")) { parts.append(try primary()) }
    guard let last = parts.last, parts.count > 1 else { return parts[0] }
    return PythonExpression(.union(parts), parts[0].range.lowerBound..<last.range.upperBound)
  }

  private mutating func primary() throws(Diagnostic) -> PythonExpression {
    var found = try atom()
    while let token = tokens.current {
      if token.kind == .symbol(".") {
        tokens.advance()
        guard case .name(let name)? = tokens.current?.kind else { throw tokens.unexpected(expected: "a name") }
        let end = tokens.advance()?.range.upperBound ?? token.range.upperBound
        found = PythonExpression(.attribute(found, name), found.range.lowerBound..<end)
      } else if token.kind == .symbol("(") {
        let (arguments, end) = try arguments()
        found = PythonExpression(.call(found, arguments), found.range.lowerBound..<end)
      } else if token.kind == .symbol("[") {
        throw unsupported(token, "a subscript")
      } else {
        break
      }
    }
    return found
  }

  private mutating func arguments() throws(Diagnostic) -> (arguments: [PythonExpression.Argument], end: Int) {
    try tokens.descend()
    defer { tokens.ascend() }
    tokens.advance()
    var arguments: [PythonExpression.Argument] = []
    while let token = tokens.current, token.kind != .symbol(")") {
      arguments.append(try argument())
      if !tokens.skip(.symbol(",")) { break }
    }
    guard let close = tokens.current, close.kind == .symbol(")") else { throw tokens.unexpected(expected: "')'") }
    tokens.advance()
    return (arguments, close.range.upperBound)
  }

  private mutating func argument() throws(Diagnostic) -> PythonExpression.Argument {
    if case .name(let name)? = tokens.current?.kind, tokens.peek()?.kind == .symbol("=") {
      tokens.advance()
      tokens.advance()
      return .init(name: name, value: try expression())
    }
    let value = try expression()
    var loops: [PythonExpression.Loop] = []
    while tokens.skip(.name("for")) { loops.append(try loop()) }
    guard let last = loops.last else { return .init(name: nil, value: value) }
    if let token = tokens.current, token.kind == .name("if") { throw unsupported(token, "a condition in a loop") }
    let range = value.range.lowerBound..<last.values.range.upperBound
    return .init(name: nil, value: PythonExpression(.generator(value, loops), range))
  }

  private mutating func loop() throws(Diagnostic) -> PythonExpression.Loop {
    guard case .name(let variable)? = tokens.current?.kind else { throw tokens.unexpected(expected: "a name") }
    tokens.advance()
    guard tokens.skip(.name("in")) else { throw tokens.unexpected(expected: "'in'") }
    return PythonExpression.Loop(variable: variable, values: try union())
  }

  private mutating func atom() throws(Diagnostic) -> PythonExpression {
    guard let token = tokens.current else { throw tokens.unexpected(expected: "an expression") }
    switch token.kind {
    case .text: return text()
    case .otherText: throw unsupported(token, "a formatted or bytes text")
    case .number(let spelling): return try number(spelling, from: token)
    case .symbol("-"):
      tokens.advance()
      guard case .number(let spelling)? = tokens.current?.kind else { throw unsupported(token, "arithmetic") }
      return try number("-" + spelling, from: token)
    case .symbol("..."): return step(.ellipsis, token)
    case .symbol("("): return try sequence(until: ")", from: token)
    case .symbol("["): return try sequence(until: "]", from: token)
    case .symbol("{"): return try sequence(until: "}", from: token)
    case .symbol, .line: throw tokens.unexpected(expected: "an expression")
    case .name(let name): return try named(name, token)
    }
  }

  private mutating func named(_ name: String, _ token: Token<PythonToken>) throws(Diagnostic) -> PythonExpression {
    switch name {
    case "True": return step(.truth(true), token)
    case "False": return step(.truth(false), token)
    case "None": return step(.none, token)
    case _ where Self.keywords.contains(name): throw unsupported(token, "'\(name)'")
    case _: return step(.name(name), token)
    }
  }

  /// Texts side by side are one.
  private mutating func text() -> PythonExpression {
    var joined = ""
    var range: Range<Int>?
    while let token = tokens.current, case .text(let text) = token.kind {
      joined += text
      range = (range?.lowerBound ?? token.range.lowerBound)..<token.range.upperBound
      tokens.advance()
    }
    return PythonExpression(.text(joined), range ?? 0..<0)
  }

  private mutating func number(
    _ spelling: String, from token: Token<PythonToken>
  ) throws(Diagnostic) -> PythonExpression {
    guard let number = Number(spelling) else {
      throw Diagnostic(
        .invalidNumber, "'\(visible(spelling))' is not a number of a kind that is read here", at: tokens.place)
    }
    let end = tokens.advance()?.range.upperBound ?? token.range.upperBound
    return PythonExpression(.number(number), token.range.lowerBound..<end)
  }

  /// A tuple, list or set, or an expression in parentheses.
  private mutating func sequence(
    until close: String, from open: Token<PythonToken>
  ) throws(Diagnostic) -> PythonExpression {
    try tokens.descend()
    defer { tokens.ascend() }
    tokens.advance()
    var elements: [PythonExpression] = []
    var hasComma = false
    while let token = tokens.current, token.kind != .symbol(close) {
      elements.append(try expression())
      if !tokens.skip(.symbol(",")) { break }
      hasComma = true
    }
    guard let token = tokens.current, token.kind == .symbol(close) else {
      throw tokens.unexpected(expected: "'\(close)'")
    }
    tokens.advance()
    if close == "}", elements.isEmpty { throw unsupported(open, "a dictionary") }
    if close == ")", elements.count == 1, !hasComma { return elements[0] }
    return PythonExpression(.sequence(elements), open.range.lowerBound..<token.range.upperBound)
  }

  private mutating func step(_ kind: PythonExpression.Kind, _ token: Token<PythonToken>) -> PythonExpression {
    tokens.advance()
    return PythonExpression(kind, token.range)
  }

  private func unsupported(_ token: Token<PythonToken>, _ what: String) -> Diagnostic {
    Diagnostic(
      .unsupportedConstruct, "\(what) in a rule's condition is not read", at: tokens.range(of: token),
      label: "not read here")
  }

  private static let keywords: Set<String> = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "or", "pass", "raise",
    "return", "try", "while", "with", "yield",
  ]
}
