import LanguageSupport
import RuleIR
import SourceText

/// Reads tokens into a predicate.
///
///     query      = [ or ] ;                                             empty: always true
///     or         = and { "or" and } ;
///     and        = not { "and" not } ;
///     not        = "not" sub | sub ;                                    `not not x` is an error
///     sub        = "(" or ")" | literal ":" "{" or "}" | expression ;
///     expression = literal ( "<=" | ">=" | "<" | ">" ) literal | literal ":" list | literal ;
///     list       = "(" values ")" | literal ;
///     values     = the same three levels of or, and, not over list ;
///
/// The server has one level for both connectives, `operand [ ("and" | "or") rest ]`, and takes `not not x`.
struct KueryParser {
  /// What the operands at hand are.
  private enum Context {
    case query
    /// Inside the braces of a nested query.
    case element
    /// In a list of values of a field.
    case values(KueryField)
  }

  /// How many tests a query may have.
  static let testLimit = 200_000

  private var tokens: TokenCursor<KueryToken>
  private let flavour: Kuery.Flavour
  private var tests = KueryTests()

  init(_ tokens: [Token<KueryToken>], of passage: Passage, flavour: Kuery.Flavour) {
    self.tokens = TokenCursor(tokens, of: passage)
    self.flavour = flavour
  }

  var warnings: [Diagnostic] { tests.warnings }

  mutating func query() throws(Diagnostic) -> Predicate {
    guard !tokens.isAtEnd else { return .always }
    let predicate = try expression(.query)
    guard tokens.isAtEnd else { throw tokens.unexpected(expected: "'and', 'or' or the end of the query") }
    return predicate
  }

  private mutating func expression(_ context: Context) throws(Diagnostic) -> Predicate {
    var chain = KueryChain(try operand(context))
    while let connective = tokens.current?.kind.connective {
      tokens.advance()
      chain.append(connective, try operand(context))
    }
    switch flavour {
    case .kibana: return chain.joinedByStrength
    case .server:
      guard chain.changes < TokenCursor<KueryToken>.depthLimit else {
        throw Diagnostic(
          .nestedTooDeeply, "'and' and 'or' take turns more than \(TokenCursor<KueryToken>.depthLimit) times",
          at: tokens.place, label: "here at the latest", notes: ["each turn nests the rest one level deeper"])
      }
      return chain.joinedToTheRight
    }
  }

  private mutating func operand(_ context: Context) throws(Diagnostic) -> Predicate {
    try tokens.descend()
    defer { tokens.ascend() }
    if tokens.current?.kind == .not {
      tokens.advance()
      if tokens.current?.kind == .not, flavour == .kibana {
        throw Diagnostic(
          .unexpectedToken, "'not' cannot follow 'not'", at: tokens.place, label: "expected a condition",
          help: "put the inner one in parentheses")
      }
      return .not(try operand(context))
    }
    guard tokens.skip(.open) else { return try leaf(context) }
    let inner = try expression(context)
    guard tokens.skip(.close) else { throw tokens.unexpected(expected: "')'") }
    return inner
  }

  private mutating func leaf(_ context: Context) throws(Diagnostic) -> Predicate {
    let start = tokens.position
    if case .values(let field) = context {
      let literal = try literal(expected: "a value")
      return try tests.test(field, literal, at: tokens.range(since: start))
    }
    let first = try literal(expected: "a condition")
    switch tokens.current?.kind {
    case .colon:
      tokens.advance()
      if tokens.skip(.openBrace) { return try nested(in: first, since: start) }
      let field = try tests.field(first, at: tokens.range(ofFirst: start))
      return try values(of: field, since: start)
    case .order(let order):
      tokens.advance()
      let field = try tests.field(first, at: tokens.range(ofFirst: start))
      let bound = try literal(expected: "a value to compare with")
      return try tests.range(field, order, bound, at: tokens.range(since: start))
    case .open, .close, .openBrace, .closeBrace, .and, .or, .not, .literal, nil:
      if case .element = context {
        throw Diagnostic(
          .unsupportedConstruct, "a value without a field stands inside '{}'", at: tokens.range(since: start),
          label: "no field to look at")
      }
      return try tests.test(.every, first, at: tokens.range(since: start))
    }
  }

  private mutating func values(of field: KueryField, since start: Int) throws(Diagnostic) -> Predicate {
    if tokens.current?.kind == .open { return try operand(.values(field)) }
    let literal = try literal(expected: "a value")
    return try tests.test(field, literal, at: tokens.range(since: start))
  }

  private mutating func nested(in literal: KueryLiteral, since start: Int) throws(Diagnostic) -> Predicate {
    guard case .path(let path) = try tests.field(literal, at: tokens.range(ofFirst: start)), !path.hasPattern else {
      throw Diagnostic(
        .unsupportedConstruct, "a wildcard names the objects of '{}'", at: tokens.range(ofFirst: start),
        label: "must name one field")
    }
    try tokens.descend()
    defer { tokens.ascend() }
    let inner = try expression(.element)
    guard tokens.skip(.closeBrace) else { throw tokens.unexpected(expected: "'}'") }
    return .some(ElementTest(path, inner, origin: Origin(tokens.range(since: start))))
  }

  private mutating func literal(expected: String) throws(Diagnostic) -> KueryLiteral {
    guard case .literal(let literal)? = tokens.current?.kind else { throw tokens.unexpected(expected: expected) }
    tokens.advance()
    return literal
  }
}

extension TokenCursor {
  /// The place of one token stepped over.
  fileprivate func range(ofFirst position: Int) -> SourceRange {
    position < tokens.count ? passage.range(of: tokens[position].range) : place
  }
}

extension KueryToken {
  fileprivate var connective: Connective? {
    switch self {
    case .and: .and
    case .or: .or
    case .open, .close, .openBrace, .closeBrace, .colon, .order, .not, .literal: nil
    }
  }
}
