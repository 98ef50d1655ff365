public import SourceText

/// A lexical token: what it is, as the language sees it, and where it stands in the passage.
public struct Token<Kind: Hashable & Sendable>: Hashable, Sendable {
  public var kind: Kind
  /// Bytes of the passage.
  public var range: Range<Int>

  public init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    self.range = range
  }
}

/// A walk over the tokens of a passage.
public struct TokenCursor<Kind: Hashable & Sendable>: Sendable {
  public let passage: Passage
  public let tokens: [Token<Kind>]
  public private(set) var position = 0
  /// How deep in parentheses and negations the parser is.
  private var depth = 0

  /// How deep a query may nest.
  public static var depthLimit: Int { 200 }

  public init(_ tokens: [Token<Kind>], of passage: Passage) {
    self.tokens = tokens
    self.passage = passage
  }

  public var current: Token<Kind>? { position < tokens.count ? tokens[position] : nil }
  public var isAtEnd: Bool { position >= tokens.count }

  public func peek(_ offset: Int = 1) -> Token<Kind>? {
    position + offset < tokens.count ? tokens[position + offset] : nil
  }

  @discardableResult
  public mutating func advance() -> Token<Kind>? {
    defer { position += 1 }
    return current
  }

  /// Steps over the current token if it is of this kind.
  public mutating func skip(_ kind: Kind) -> Bool {
    guard current?.kind == kind else { return false }
    position += 1
    return true
  }

  /// Goes back to a position taken before.
  public mutating func rewind(to earlier: Int) { position = earlier }

  /// The place of the current token, or the end of the text.
  public var place: SourceRange {
    passage.range(of: current?.range ?? passage.bytes.count..<passage.bytes.count)
  }

  /// The place from a token position taken before to the last token stepped over.
  public func range(since start: Int) -> SourceRange {
    guard start < tokens.count, position > start else { return place }
    return passage.range(of: tokens[start].range.lowerBound..<tokens[position - 1].range.upperBound)
  }

  public func range(of token: Token<Kind>) -> SourceRange { passage.range(of: token.range) }

  /// The error for a token that does not fit.
  public func unexpected(expected: String) -> Diagnostic {
    guard let current else {
      return Diagnostic(
        .unexpectedToken, "expected \(expected), found the end of the text", at: place, label: "expected \(expected)")
    }
    let found = passage.slice(current.range).text
    return Diagnostic(
      .unexpectedToken, "expected \(expected), found '\(found.prefix(40))'", at: place, label: "expected \(expected)")
  }

  /// Notes one more level of nesting.
  ///
  /// - Throws: `nested-too-deeply`, with the place that is one level too many.
  public mutating func descend() throws(Diagnostic) {
    depth += 1
    guard depth <= Self.depthLimit else {
      throw Diagnostic(
        .nestedTooDeeply, "the query nests more than \(Self.depthLimit) levels deep", at: place,
        label: "level \(depth) starts here")
    }
  }

  public mutating func ascend() { depth -= 1 }
}
