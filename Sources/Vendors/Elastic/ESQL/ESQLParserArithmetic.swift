import LanguageSupport
import SourceText

extension ESQLParser {
  /// Words that cannot name a column without backticks.
  static let reserved: Set<String> = [
    "AND", "ASC", "BY", "DESC", "FALSE", "FIRST", "IN", "IS", "LAST", "LIKE", "NOT", "NULL", "NULLS", "ON", "OR",
    "RLIKE", "TRUE", "WHERE", "WITH",
  ]

  mutating func sum() throws(Diagnostic) -> ESQLExpression {
    try row(of: [.plus, .minus]) { parser throws(Diagnostic) in
      try parser.row(of: [.star, .slash, .percent]) { parser throws(Diagnostic) in try parser.signed() }
    }
  }

  /// Operands of operators of one strength, gathered in a loop so that a long row nests no deeper than a short one.
  private mutating func row(
    of marks: [ESQLToken.Mark], _ operand: (inout ESQLParser) throws(Diagnostic) -> ESQLExpression
  ) throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    let first = try operand(&self)
    var operations: [ESQLExpression.Operation] = []
    while case .mark(let mark) = tokens.current?.kind, marks.contains(mark) {
      tokens.advance()
      operations.append(.init(mark: mark, operand: try operand(&self)))
    }
    return operations.isEmpty ? first : ESQLExpression(.arithmetic(first, operations), tokens.bytes(since: start))
  }

  mutating func signed() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    guard tokens.isAt(.minus) || tokens.isAt(.plus) else { return try converted() }
    let isMinus = tokens.isAt(.minus)
    try tokens.descend()
    defer { tokens.ascend() }
    tokens.advance()
    let operand = try signed()
    return isMinus ? ESQLExpression(.minus(operand), tokens.bytes(since: start)) : operand
  }

  private mutating func converted() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    let value = try primary()
    var types: [String] = []
    while tokens.skip(.cast) {
      guard case .word(let type) = tokens.current?.kind else { throw tokens.unexpected(expected: "the name of a type") }
      tokens.advance()
      types.append(type.lowercased())
    }
    return types.isEmpty ? value : ESQLExpression(.cast(value, types), tokens.bytes(since: start))
  }

  private mutating func primary() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    guard let token = tokens.current else { throw tokens.unexpected(expected: "a value") }
    switch token.kind {
    case .string(let text):
      tokens.advance()
      return ESQLExpression(.string(text), token.range)
    case .decimal(let text):
      tokens.advance()
      return ESQLExpression(.number(text), token.range)
    case .integer(let text): return integer(text)
    case .parameter(let name):
      tokens.advance()
      return ESQLExpression(.parameter(name), token.range)
    case .mark(.leftParenthesis):
      tokens.advance()
      let inner = try expression()
      try tokens.expect(.rightParenthesis)
      return inner
    case .mark(.leftBracket): return try listLiteral()
    case .word(let word): return try named(word, start)
    case .quotedName: return ESQLExpression(.column(try columnName()), tokens.bytes(since: start))
    case .mark, .namePattern, .source: throw tokens.unexpected(expected: "a value")
    }
  }

  /// A whole number, or a length of time where a unit follows.
  private mutating func integer(_ text: String) -> ESQLExpression {
    let start = tokens.position
    tokens.advance()
    guard case .word(let unit) = tokens.current?.kind, ESQLSpan.seconds(of: unit) != nil else {
      return ESQLExpression(.number(text), tokens.bytes(since: start))
    }
    tokens.advance()
    return ESQLExpression(.span(count: text, unit: unit.lowercased()), tokens.bytes(since: start))
  }

  private mutating func named(_ word: String, _ start: Int) throws(Diagnostic) -> ESQLExpression {
    let isFunction = !Self.reserved.contains(word.uppercased()) || ["FIRST", "LAST"].contains(word.uppercased())
    if isFunction, tokens.peek()?.kind == .mark(.leftParenthesis) {
      tokens.advance()
      return ESQLExpression(.call(word.uppercased(), try arguments()), tokens.bytes(since: start))
    }
    let isQualified = tokens.peek()?.kind == .mark(.dot)
    let constant: ESQLExpression.Form? =
      switch word.uppercased() {
      case "NULL" where !isQualified: .null
      case "TRUE" where !isQualified: .boolean(true)
      case "FALSE" where !isQualified: .boolean(false)
      case _: nil
      }
    if let constant {
      tokens.advance()
      return ESQLExpression(constant, tokens.bytes(since: start))
    }
    return ESQLExpression(.column(try columnName()), tokens.bytes(since: start))
  }

  private mutating func arguments() throws(Diagnostic) -> [ESQLExpression] {
    try tokens.expect(.leftParenthesis)
    if tokens.skip(.rightParenthesis) { return [] }
    var arguments = [try argument()]
    while tokens.skip(.comma) { arguments.append(try argument()) }
    try tokens.expect(.rightParenthesis)
    return arguments
  }

  private mutating func argument() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    if tokens.isAt(.leftBrace) { return try mapLiteral() }
    guard tokens.skip(.star) else { return try expression() }
    return ESQLExpression(.star, tokens.bytes(since: start))
  }

  private mutating func listLiteral() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    try tokens.descend()
    defer { tokens.ascend() }
    tokens.advance()
    var items = [try signed()]
    while tokens.skip(.comma) { items.append(try signed()) }
    try tokens.expect(.rightBracket)
    return ESQLExpression(.list(items), tokens.bytes(since: start))
  }

  /// A map, `{ "key": value, … }`.
  private mutating func mapLiteral() throws(Diagnostic) -> ESQLExpression {
    let start = tokens.position
    try tokens.descend()
    defer { tokens.ascend() }
    tokens.advance()
    var entries: [ESQLExpression.MapEntry] = []
    while !tokens.isAt(.rightBrace) {
      guard case .string(let key) = tokens.current?.kind else { throw tokens.unexpected(expected: "a key in quotes") }
      tokens.advance()
      try tokens.expect(.colon)
      let value = tokens.isAt(.leftBrace) ? try mapLiteral() : try signed()
      entries.append(.init(key: key, value: value))
      guard tokens.skip(.comma) else { break }
    }
    try tokens.expect(.rightBrace)
    return ESQLExpression(.map(entries), tokens.bytes(since: start))
  }

  /// The name of a column: parts joined by dots, each a word that is no keyword, or anything in backticks.
  mutating func columnName() throws(Diagnostic) -> String {
    var name = try columnPart()
    while tokens.skip(.dot) { name += "." + (try columnPart()) }
    return name
  }

  private mutating func columnPart() throws(Diagnostic) -> String {
    switch tokens.current?.kind {
    case .quotedName(let part)?:
      tokens.advance()
      return part
    case .word(let part)? where !Self.reserved.contains(part.uppercased()):
      tokens.advance()
      return part
    case .word(let part)?:
      var error = tokens.unexpected(expected: "a value")
      error.help = "a column of this name stands in backticks: `\(part)`"
      throw error
    case .string?, .integer?, .decimal?, .namePattern?, .source?, .parameter?, .mark?, nil:
      throw tokens.unexpected(expected: "a value")
    }
  }
}
