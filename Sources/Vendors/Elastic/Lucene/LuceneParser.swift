import LanguageSupport
import RuleIR
import SourceText

/// Reads tokens into a predicate, by the rules of Lucene's classic parser.
///
///     query  = ( words | modifier clause ) { words | [ "AND" | "OR" ] modifier clause } ;
///     words  = word word { word } ;           one text with blanks, unless an operator or a colon follows
///     clause = [ field ":" ] ( term | "(" query ")" ) [ "^" boost ] ;   modifier = [ "+" | "-" | "NOT" ] ;
///
/// There is no precedence: each clause is required, prohibited or neither. `AND` makes both its sides required;
/// where something is required, what is neither does not count; where all is prohibited, everything else is found.
///
/// https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-query-string-query#_boolean_operators
struct LuceneParser {
  private enum Occurrence { case required, prohibited, optional }

  private struct Clause {
    var occurrence: Occurrence
    var predicate: Predicate
    var range: SourceRange
  }

  private var tokens: TokenCursor<LuceneToken>
  private var tests = LuceneTests()

  init(_ tokens: [Token<LuceneToken>], of passage: Passage) {
    self.tokens = TokenCursor(tokens, of: passage)
  }

  var warnings: [Diagnostic] { tests.warnings }

  mutating func wholeQuery() throws(Diagnostic) -> Predicate {
    guard !tokens.isAtEnd else { return .always }
    let predicate = try query(.every)
    guard tokens.isAtEnd else { throw tokens.unexpected(expected: "the end of the query") }
    return predicate
  }

  private mutating func query(_ field: LuceneField) throws(Diagnostic) -> Predicate {
    try tokens.descend()
    defer { tokens.ascend() }
    var clauses: [Clause] = []
    repeat {
      if let words = try words(field) {
        clauses.append(words)
      } else {
        try addClause(field, to: &clauses)
      }
    } while !tokens.isAtEnd && tokens.current?.kind != .close
    return joined(clauses)
  }

  /// Words side by side that no operator parts: to a keyword they are one text.
  private mutating func words(_ field: LuceneField) throws(Diagnostic) -> Clause? {
    let start = tokens.position
    guard case .word(let first)? = tokens.current?.kind else { return nil }
    var text = first
    var count = 1
    while case .word(let word)? = tokens.peek(count)?.kind, endsWords(tokens.peek(count + 1)?.kind) {
      text += " " + word
      count += 1
    }
    guard count > 1 else { return nil }
    for _ in 0..<count { tokens.advance() }
    let range = tokens.range(since: start)
    tests.warnOfWords(text, at: range)
    return Clause(occurrence: .optional, predicate: try tests.test(field, .text(text), at: range), range: range)
  }

  private func endsWords(_ next: LuceneToken?) -> Bool {
    switch next {
    case .colon, .fuzziness, .boost, .and, .or: false
    case .pattern(let pattern): pattern.shape != .anything
    case .open, .close, .prohibited, .required, .word, .quoted, .regex, .range, nil: true
    }
  }

  private mutating func addClause(_ field: LuceneField, to clauses: inout [Clause]) throws(Diagnostic) {
    let isAnd = !clauses.isEmpty && tokens.skip(.and)
    if !isAnd, !clauses.isEmpty { _ = tokens.skip(.or) }
    let start = tokens.position
    var occurrence: Occurrence = isAnd ? .required : .optional
    if tokens.skip(.prohibited) {
      occurrence = .prohibited
    } else if tokens.skip(.required) {
      occurrence = .required
    }
    let predicate = try clause(field)
    if isAnd, let last = clauses.indices.last, clauses[last].occurrence == .optional {
      clauses[last].occurrence = .required
    }
    clauses.append(Clause(occurrence: occurrence, predicate: predicate, range: tokens.range(since: start)))
  }

  private mutating func joined(_ clauses: [Clause]) -> Predicate {
    let required = clauses.filter { $0.occurrence == .required }
    let prohibited = clauses.filter { $0.occurrence == .prohibited }
    let optional = clauses.filter { $0.occurrence == .optional }
    var parts = required.map(\.predicate)
    if required.isEmpty {
      if !optional.isEmpty { parts.append(.disjunction(optional.map(\.predicate))) }
    } else {
      for clause in optional { tests.warnOfOptional(at: clause.range) }
    }
    return .conjunction(parts + prohibited.map { .negation(of: $0.predicate) })
  }

  private mutating func clause(_ outer: LuceneField) throws(Diagnostic) -> Predicate {
    var field = outer
    let start = tokens.position
    if tokens.peek()?.kind == .colon, let named = try fieldName() { field = named }
    guard tokens.skip(.open) else { return try term(field, since: start) }
    let inner = try query(field)
    guard tokens.skip(.close) else { throw tokens.unexpected(expected: "')'") }
    _ = tokens.skip(.boost)
    return inner
  }

  /// A name and its colon.
  private mutating func fieldName() throws(Diagnostic) -> LuceneField? {
    guard let token = tokens.current else { return nil }
    let field: LuceneField
    switch token.kind {
    case .word(let name): field = try tests.field(name, at: tokens.range(of: token))
    case .pattern(let pattern) where pattern.shape == .anything: field = .every
    case .open, .close, .colon, .and, .or, .prohibited, .required, .pattern, .quoted, .regex, .range, .boost,
      .fuzziness:
      throw tokens.unexpected(expected: "the name of a field")
    }
    tokens.advance()
    tokens.advance()
    return field
  }

  private mutating func term(_ field: LuceneField, since start: Int) throws(Diagnostic) -> Predicate {
    guard let kind = tokens.current?.kind else { throw tokens.unexpected(expected: "a value") }
    let value: LuceneTests.Value
    switch kind {
    case .word(let text): value = .word(text)
    case .quoted(let text): value = .text(text)
    case .pattern(let pattern): value = .pattern(pattern)
    case .regex(let text): value = .regex(text)
    case .range(let range): value = .range(range)
    case .open, .close, .colon, .and, .or, .prohibited, .required, .boost, .fuzziness:
      throw tokens.unexpected(expected: "a value")
    }
    tokens.advance()
    if tokens.current?.kind == .fuzziness { throw tests.fuzzy(value, at: tokens.place) }
    _ = tokens.skip(.boost)
    if tokens.current?.kind == .fuzziness { throw tests.fuzzy(value, at: tokens.place) }
    return try tests.test(field, value, at: tokens.range(since: start))
  }
}
