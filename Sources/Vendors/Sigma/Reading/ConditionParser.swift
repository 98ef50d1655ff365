import LanguageSupport
import RuleIR
import SourceText

/// Reads a condition over the selections of a rule.
///
///     condition  = expression [ "|" aggregation ] ;
///     expression = term { "or" term } ;
///     term       = factor { "and" factor } ;
///     factor     = "not" factor | "(" expression ")" | selector | name ;
///     selector   = ( "all" | "any" | "1" | n ) "of" ( "them" | pattern ) ;
///
/// Connectives are whole words, so that `notepad` is a name; upper case is taken, with a word of warning.
struct ConditionParser: BooleanParser {
  enum Kind: Hashable, Sendable { case word, open, close, bar }

  static let booleans = SigmaCondition.booleans
  /// How many nodes the predicate of a rule may have.
  static let sizeLimit = 200_000
  static let lengthLimit = 65_536

  var tokens: TokenCursor<Kind>
  private let passage: Passage
  private let selections: Selections
  private var size = 0
  private(set) var lints: [Diagnostic] = []

  init(_ passage: Passage, over selections: Selections) throws(Diagnostic) {
    guard passage.bytes.count <= Self.lengthLimit else {
      throw Diagnostic(
        .queryTooLong, "the condition is longer than \(Self.lengthLimit) bytes", at: passage.wholeRange)
    }
    self.passage = passage
    self.selections = selections
    tokens = TokenCursor(Self.tokens(of: passage), of: passage)
    guard !tokens.isAtEnd else {
      throw Diagnostic(
        .emptyQuery, "the condition is empty", at: passage.wholeRange, label: "expected the name of a selection",
        help: selections.names.first.map { "write '\($0)', or several names joined by and, or and not" })
    }
    lintUpperCase()
  }

  private static func tokens(of passage: Passage) -> [Token<Kind>] {
    var tokens: [Token<Kind>] = []
    var start: Int?
    for (index, byte) in (passage.bytes + [UInt8(ascii: " ")]).enumerated() {
      let kind: Kind? =
        switch byte {
        case UInt8(ascii: "("): .open
        case UInt8(ascii: ")"): .close
        case UInt8(ascii: "|"): .bar
        case _: nil
        }
      let isBlank = byte == 0x20 || (9...13).contains(byte)
      if kind == nil, !isBlank {
        start = start ?? index
        continue
      }
      if let first = start { tokens.append(Token(.word, first..<index)) }
      start = nil
      if let kind { tokens.append(Token(kind, index..<index + 1)) }
    }
    return tokens
  }

  /// The whole condition.
  mutating func condition() throws(Diagnostic) -> Predicate {
    let predicate = try expression()
    guard tokens.isAtEnd || tokens.current?.kind == .bar else {
      throw tokens.unexpected(expected: "'and', 'or' or the end of the condition")
    }
    return predicate
  }

  func connective(of token: Token<Kind>) -> Connective? {
    guard token.kind == .word else { return nil }
    let word = text(of: token)
    guard let connective = Self.booleans.connective(word) else { return nil }
    return word != word.lowercased() && selections[word] != nil ? nil : connective
  }

  func opensGroup(_ token: Token<Kind>) -> Bool { token.kind == .open }
  func closesGroup(_ token: Token<Kind>) -> Bool { token.kind == .close }

  mutating func leaf() throws(Diagnostic) -> Predicate {
    guard let token = tokens.current, token.kind == .word, connective(of: token) == nil else {
      throw tokens.unexpected(expected: "a selection's name, '1 of', 'all of', 'not' or '('")
    }
    let word = text(of: token)
    if let next = tokens.peek(), next.kind == .word, text(of: next).lowercased() == "of",
      let quantity = Quantity(word)
    {
      return try selector(quantity)
    }
    guard let selection = selections[word] else { throw unknown(word, at: tokens.range(of: token)) }
    tokens.advance()
    return try use([selection], at: tokens.range(of: token))[0]
  }

  // MARK: Selectors

  private enum Quantity: Equatable {
    case all
    case atLeast(Int)

    init?(_ word: String) {
      switch word.lowercased() {
      case "all": self = .all
      case "any": self = .atLeast(1)
      case let word:
        guard word.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        self = .atLeast(Int(word) ?? Int.max)
      }
    }
  }

  private mutating func selector(_ quantity: Quantity) throws(Diagnostic) -> Predicate {
    let start = tokens.position
    tokens.advance()
    tokens.advance()
    guard let token = tokens.current, token.kind == .word else {
      throw tokens.unexpected(expected: "'them' or the names of selections, such as 'selection_*'")
    }
    tokens.advance()
    let place = tokens.range(since: start)
    let found = selections.matching(text(of: token))
    guard !found.isEmpty else { throw dangling(text(of: token), at: tokens.range(of: token)) }
    guard case .atLeast(let count) = quantity else { return .conjunction(try use(found, at: place)) }
    guard count >= 1 else {
      throw Diagnostic(
        .invalidValue, "'0 of' asks for nothing", at: place, label: "always holds", help: "write '1 of', or 'not'")
    }
    guard count <= found.count else {
      lints.append(
        Diagnostic(
          .neverFires, "this never holds", severity: .warning, at: place,
          label: "asks for \(count) of \(found.count)"))
      return .never
    }
    return count == 1 ? .disjunction(try use(found, at: place)) : try atLeast(count, of: found, at: place)
  }

  /// Every choice of so many selections, since the model has no counting.
  private mutating func atLeast(
    _ count: Int, of found: [Selections.Selection], at place: SourceRange
  ) throws(Diagnostic) -> Predicate {
    var choices: [Predicate] = []
    var chosen = Array(0..<count)
    while true {
      choices.append(.conjunction(try use(chosen.map { found[$0] }, at: place)))
      guard let last = chosen.indices.last(where: { chosen[$0] < found.count - count + $0 }) else { break }
      chosen[last] += 1
      for index in chosen.indices where index > last { chosen[index] = chosen[index - 1] + 1 }
    }
    return .disjunction(choices)
  }

  /// The predicates of selections; they are copied into the rule, so their sizes add up.
  private mutating func use(
    _ used: [Selections.Selection], at place: SourceRange
  ) throws(Diagnostic) -> [Predicate] {
    for selection in used { size += selection.size }
    guard size <= Self.sizeLimit else {
      throw Diagnostic(
        .tooManyNodes, "the condition comes to more than \(Self.sizeLimit) tests", at: place,
        label: "one too many here")
    }
    return used.map { $0.predicate ?? .never }
  }

  // MARK: Faults

  private func text(of token: Token<Kind>) -> String { passage.slice(token.range).text }

  private func unknown(_ word: String, at range: SourceRange) -> Diagnostic {
    let nearest = nearestName(to: word, among: selections.names)
    let quantified = word.contains("*")
    return Diagnostic(
      .unknownIdentifier, "there is no selection '\(word)'", at: range,
      label: quantified ? "a pattern stands behind 'of'" : "not defined in 'detection'",
      notes: selections.names.isEmpty ? [] : ["defined are \(selections.names.prefix(20).joined(separator: ", "))"],
      help: quantified ? "write '1 of \(word)' or 'all of \(word)'" : nearest.map { "did you mean '\($0)'?" })
  }

  private func dangling(_ pattern: String, at range: SourceRange) -> Diagnostic {
    let nearest = nearestName(to: pattern.filter { $0 != "*" }, among: selections.names) ?? nearestStart(of: pattern)
    return Diagnostic(
      .danglingSelector, "no selection matches '\(pattern)'", at: range, label: "matches nothing",
      notes: selections.names.isEmpty ? [] : ["defined are \(selections.names.prefix(20).joined(separator: ", "))"],
      help: nearest.map { "did you mean '\($0)'?" })
  }

  /// The pattern `name*` that names one of the selections and of which the pattern may be a slip.
  private func nearestStart(of pattern: String) -> String? {
    guard pattern.hasSuffix("*"), let start = pattern.split(separator: "*").first, start.count > 2 else { return nil }
    let starts = selections.names.map { String($0.prefix(start.count)) }
    return nearestName(to: String(start), among: starts).map { $0 + "*" }
  }

  private mutating func lintUpperCase() {
    for token in tokens.tokens where connective(of: token) != nil {
      let word = text(of: token)
      guard word != word.lowercased() else { continue }
      lints.append(
        Diagnostic(
          .assumedMeaning, "'\(word)' is taken for '\(word.lowercased())'", severity: .warning,
          at: tokens.range(of: token), label: "in upper case", notes: ["Sigma's connectives are in lower case"],
          help: "write '\(word.lowercased())'", fix: [Edit(tokens.range(of: token), word.lowercased())]))
    }
  }
}
