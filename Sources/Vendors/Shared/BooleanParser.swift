public import RuleIR
public import SourceText

/// Reads boolean expressions by the language's own binding strengths; the language supplies its leaves.
///
///     expression = prefix { connective prefix } ;       by precedence
///     prefix     = not prefix | "(" expression ")" | leaf ;
public protocol BooleanParser {
  associatedtype Kind: Hashable & Sendable
  /// What an expression becomes: `Predicate`, `ThreeValued`, or a syntax tree.
  associatedtype Expression: BooleanCombining

  static var booleans: BooleanSyntax { get }
  var tokens: TokenCursor<Kind> { get set }

  /// The connective that a token is, if it is one here.
  func connective(of token: Token<Kind>) -> Connective?
  /// Whether the token at the cursor opens a parenthesised boolean expression (and not, say, one of numbers).
  func opensGroup(_ token: Token<Kind>) -> Bool
  func closesGroup(_ token: Token<Kind>) -> Bool
  /// Whether a token may start a leaf; asked only where two terms may stand side by side.
  func startsLeaf(_ token: Token<Kind>) -> Bool

  mutating func leaf() throws(Diagnostic) -> Expression
}

/// What can be joined by and, or and not.
public protocol BooleanCombining {
  static func allOf(_ parts: [Self]) -> Self
  static func anyOf(_ parts: [Self]) -> Self
  static func noneOf(_ part: Self) -> Self
}

extension Predicate: BooleanCombining {
  public static func allOf(_ parts: [Predicate]) -> Predicate { .conjunction(parts) }
  public static func anyOf(_ parts: [Predicate]) -> Predicate { .disjunction(parts) }
  public static func noneOf(_ part: Predicate) -> Predicate { .not(part) }
}

extension ThreeValued: BooleanCombining {
  public static func allOf(_ parts: [ThreeValued]) -> ThreeValued { .and(parts) }
  public static func anyOf(_ parts: [ThreeValued]) -> ThreeValued { .or(parts) }
  public static func noneOf(_ part: ThreeValued) -> ThreeValued { .not(part) }
}

extension BooleanParser {
  public func startsLeaf(_ token: Token<Kind>) -> Bool { false }

  /// Reads an expression as far as it goes.
  public mutating func expression() throws(Diagnostic) -> Expression { try expression(atLeast: Int.min) }

  private mutating func expression(atLeast minimum: Int) throws(Diagnostic) -> Expression {
    var left = try prefix()
    while let (infix, isWritten) = nextInfix(), Self.booleans.binding(of: infix) >= minimum {
      // Operands of one connective are gathered in a loop, so that a long list nests no deeper than a short one.
      var operands = [left]
      var (next, written): (Connective?, Bool) = (infix, isWritten)
      while next == infix {
        if written { tokens.advance() }
        operands.append(try expression(atLeast: Self.booleans.binding(of: infix) + 1))
        let following = nextInfix()
        (next, written) = (following?.0, following?.1 ?? false)
      }
      left = infix == .and ? .allOf(operands) : .anyOf(operands)
    }
    return left
  }

  /// The connective that follows, and whether it stands there as a token.
  private func nextInfix() -> (Connective, Bool)? {
    guard let token = tokens.current, !closesGroup(token) else { return nil }
    switch connective(of: token) {
    case .and: return (.and, true)
    case .or: return (.or, true)
    case .not: return Self.booleans.adjacency == .and ? (.and, false) : nil
    case nil:
      guard Self.booleans.adjacency == .and, opensGroup(token) || startsLeaf(token) else { return nil }
      return (.and, false)
    }
  }

  private mutating func prefix() throws(Diagnostic) -> Expression {
    guard let token = tokens.current else { throw tokens.unexpected(expected: "a condition") }
    try tokens.descend()
    defer { tokens.ascend() }
    if connective(of: token) == .not, Self.booleans.negation == .prefix {
      tokens.advance()
      return .noneOf(try expression(atLeast: Self.booleans.not.binding))
    }
    guard opensGroup(token) else { return try leaf() }
    tokens.advance()
    let inner = try expression()
    guard let close = tokens.current, closesGroup(close) else { throw tokens.unexpected(expected: "')'") }
    tokens.advance()
    return inner
  }
}
