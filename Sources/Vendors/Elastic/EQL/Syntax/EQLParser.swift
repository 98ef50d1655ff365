import LanguageSupport
import RuleIR
import SourceText

/// Reads conditions.
///
///     expression = and { "or" and } ;
///     and        = negation { "and" negation } ;
///     negation   = { "not" } ( relation | word "of" "[" event "]" ) ;
///     relation   = sum [ comparison sum | [ "not" ] ( "in" | "in~" ) "(" list ")" | pattern constants ] ;
///     comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" ;            "=" is Endgame's
///     pattern    = ":" | "like" | "like~" | "regex" | "regex~" ;
///     constants  = constant | "(" constant { "," constant } ")" ;
///     sum        = product { ( "+" | "-" ) product } ;
///     product    = unary { ( "*" | "/" | "%" ) unary } ;
///     unary      = ( "-" | "+" ) unary | primary ;
///     primary    = constant | call | field | "(" expression ")" ;
///     call       = ( word | word "~" ) "(" [ list ] ")" ;
///     field      = [ "?" ] part { "." part | "[" digits "]" } ;       the index is Endgame's
///     list       = expression { "," expression } [ "," ] ;
struct EQLParser {
  /// How many tests a query may have.
  static let testLimit = 200_000

  var tokens: TokenCursor<EQLToken>
  var warnings: [Diagnostic]
  private var leaves = 0

  init(_ tokens: [Token<EQLToken>], of passage: Passage, warnings: [Diagnostic]) {
    self.tokens = TokenCursor(tokens, of: passage)
    self.warnings = warnings
  }

  // MARK: Tokens

  func isWord(_ word: String, ahead offset: Int = 0) -> Bool { tokens.peek(offset)?.kind == .word(word) }

  mutating func skip(_ word: String) -> Bool { tokens.skip(.word(word)) }

  mutating func skip(_ mark: EQLToken.Mark) -> Bool { tokens.skip(.mark(mark)) }

  mutating func expect(_ mark: EQLToken.Mark) throws(Diagnostic) {
    guard skip(mark) else { throw tokens.unexpected(expected: "'\(mark.rawValue)'") }
  }

  mutating func expect(_ word: String) throws(Diagnostic) {
    guard skip(word) else { throw tokens.unexpected(expected: "'\(word)'") }
  }

  /// Where the next token starts.
  var start: Int { tokens.current?.range.lowerBound ?? tokens.passage.bytes.count }

  /// From a place to the end of the last token.
  func range(from start: Int) -> Range<Int> {
    let end = tokens.position > 0 ? tokens.tokens[min(tokens.position, tokens.tokens.count) - 1].range.upperBound : 0
    return start..<max(start, end)
  }

  /// Says of something that Elasticsearch refuses it, and what it is taken for.
  mutating func warnOfForeign(_ what: String, _ label: String, at range: Range<Int>, help: String? = nil) {
    warnings.append(
      Diagnostic(
        .assumedMeaning, "Elasticsearch does not take \(what)", severity: .warning,
        at: tokens.passage.range(of: range), label: label, help: help))
  }

  // MARK: Connectives

  mutating func expression() throws(Diagnostic) -> EQLExpression {
    let start = start
    var parts = [try conjunction()]
    while skip("or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : EQLExpression(form: .or(parts), range: range(from: start))
  }

  private mutating func conjunction() throws(Diagnostic) -> EQLExpression {
    let start = start
    var parts = [try negation()]
    while skip("and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : EQLExpression(form: .and(parts), range: range(from: start))
  }

  /// Many a `not` in a row nests no deeper than one.
  private mutating func negation() throws(Diagnostic) -> EQLExpression {
    let start = start
    var isNegated = false
    while skip("not") { isNegated.toggle() }
    let lineage = try lineage()
    let inner = if let lineage { lineage } else { try relation() }
    return isNegated ? EQLExpression(form: .not(inner), range: range(from: start)) : inner
  }

  private mutating func lineage() throws(Diagnostic) -> EQLExpression? {
    guard case .word(let name)? = tokens.current?.kind, isWord("of", ahead: 1) else { return nil }
    let start = start
    tokens.advance()
    tokens.advance()
    try tokens.descend()
    defer { tokens.ascend() }
    try expect(.openBracket)
    let event = try event()
    try expect(.closeBracket)
    return EQLExpression(form: .lineage(name, event), range: range(from: start))
  }

  // MARK: Relations

  private mutating func relation() throws(Diagnostic) -> EQLExpression {
    leaves += 1
    guard leaves <= Self.testLimit else {
      throw Diagnostic(
        .tooManyNodes, "the query has more than \(Self.testLimit) tests", at: tokens.place, label: "one too many")
    }
    let start = start
    let left = try sum()
    if let comparison = comparison() {
      let right = try sum()
      if self.comparison() != nil {
        throw Diagnostic(
          .unexpectedToken, "comparisons do not stand in a row", at: tokens.passage.range(of: range(from: start)),
          label: "one comparison too many", help: "join two of them by 'and'")
      }
      return EQLExpression(form: .comparison(comparison, left, right), range: range(from: start))
    }
    if isWord("not"), isMembership(ahead: 1) {
      tokens.advance()
      let inner = try membership(of: left, from: start)
      return EQLExpression(form: .not(inner), range: inner.range)
    }
    if isMembership(ahead: 0) { return try membership(of: left, from: start) }
    guard let pattern = pattern() else { return left }
    let constants = try constants()
    return EQLExpression(form: .pattern(left, pattern, constants), range: range(from: start))
  }

  private mutating func comparison() -> EQLComparison? {
    guard case .mark(let mark)? = tokens.current?.kind else { return nil }
    let comparison: EQLComparison
    switch mark {
    case .equal: comparison = .equal
    case .assign:
      comparison = .equal
      warnOfForeign("'='", "taken for '=='", at: tokens.current?.range ?? 0..<0, help: "did you mean '=='?")
    case .notEqual: comparison = .notEqual
    case .less: comparison = .order(.less)
    case .lessOrEqual: comparison = .order(.lessOrEqual)
    case .greater: comparison = .order(.greater)
    case .greaterOrEqual: comparison = .order(.greaterOrEqual)
    case .open, .close, .openBracket, .openMissing, .closeBracket, .comma, .dot, .pipe, .optional, .colon, .plus,
      .minus, .times, .slash, .percent:
      return nil
    }
    tokens.advance()
    return comparison
  }

  private func isMembership(ahead offset: Int) -> Bool {
    let kind = tokens.peek(offset)?.kind
    return kind == .word("in") || kind == .loose("in")
  }

  private mutating func membership(of value: EQLExpression, from start: Int) throws(Diagnostic) -> EQLExpression {
    let textCase: TextCase = tokens.advance()?.kind == .loose("in") ? .insensitive : .sensitive
    try expect(.open)
    let elements = try list(until: .close)
    guard !elements.isEmpty else { throw tokens.unexpected(expected: "a value") }
    return EQLExpression(form: .membership(value, elements, textCase), range: range(from: start))
  }

  private mutating func pattern() -> EQLPatternOperator? {
    let pattern: EQLPatternOperator
    switch tokens.current?.kind {
    case .mark(.colon)?, .loose("like")?: pattern = .wildcard(.insensitive)
    case .word("like")?: pattern = .wildcard(.sensitive)
    case .word("regex")?: pattern = .regex(.sensitive)
    case .loose("regex")?: pattern = .regex(.insensitive)
    case _: return nil
    }
    tokens.advance()
    return pattern
  }

  private mutating func constants() throws(Diagnostic) -> [EQLExpression] {
    guard skip(.open) else { return [try constant()] }
    var constants = [try constant()]
    while skip(.comma) { constants.append(try constant()) }
    try expect(.close)
    return constants
  }

  private mutating func constant() throws(Diagnostic) -> EQLExpression {
    let start = start
    let isNegative = skip(.minus)
    guard let form = constantForm() else { throw tokens.unexpected(expected: "a constant") }
    let constant = EQLExpression(form: form, range: range(from: start))
    return isNegative ? EQLExpression(form: .negative(constant), range: constant.range) : constant
  }

  /// Reads the elements of a list and the mark that closes it; a comma may end it.
  mutating func list(until end: EQLToken.Mark) throws(Diagnostic) -> [EQLExpression] {
    var elements: [EQLExpression] = []
    try tokens.descend()
    defer { tokens.ascend() }
    while !skip(end) {
      elements.append(try expression())
      guard skip(.comma) || tokens.current?.kind == .mark(end) else {
        throw tokens.unexpected(expected: "',' or '\(end.rawValue)'")
      }
    }
    return elements
  }
}
