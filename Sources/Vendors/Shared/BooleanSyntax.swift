/// How a language spells `and`, `or` and `not`, and how tightly each binds.
///
/// Its parser and its printer read the same value, so that they cannot disagree.
public struct BooleanSyntax: Sendable {
  /// A connective.
  public struct Operator: Hashable, Sendable {
    /// As the printer writes it.
    public var spelling: String
    /// Higher binds tighter.
    public var binding: Int

    public init(_ spelling: String, binding: Int) {
      self.spelling = spelling
      self.binding = binding
    }
  }

  /// Whether the case of letters matters in the connectives.
  public enum Keywords: Hashable, Sendable { case anyCase, exactCase }

  /// What two terms side by side mean.
  public enum Adjacency: Hashable, Sendable { case error, and }

  /// How `not` is written.
  public enum Negation: Hashable, Sendable {
    /// `not x`
    case prefix
    /// `not(x)`: a function, whose parentheses are its own.
    case function
  }

  public var and: Operator
  public var or: Operator
  public var not: Operator
  public var keywords: Keywords
  public var adjacency: Adjacency
  public var negation: Negation

  public init(
    and: Operator, or: Operator, not: Operator, keywords: Keywords = .anyCase, adjacency: Adjacency = .error,
    negation: Negation = .prefix
  ) {
    self.and = and
    self.or = or
    self.not = not
    self.keywords = keywords
    self.adjacency = adjacency
    self.negation = negation
  }

  /// The connective that a word spells.
  public func connective(_ word: String) -> Connective? {
    let known: [(String, Connective)] = [(and.spelling, .and), (or.spelling, .or), (not.spelling, .not)]
    return known.first { spelling, _ in
      switch keywords {
      case .exactCase: spelling == word
      case .anyCase: spelling.lowercased() == word.lowercased()
      }
    }?.1
  }

  public func binding(of connective: Connective) -> Int {
    switch connective {
    case .and: and.binding
    case .or: or.binding
    case .not: not.binding
    }
  }
}

/// The connectives of every query language here.
public enum Connective: Hashable, Sendable { case and, or, not }
