import LanguageSupport
import RuleIR
import SourceText

/// Turns conditions into predicates.
///
/// Elasticsearch translates a condition to its Query DSL, in which truth has two values: a test of a missing field is
/// false and `not` of it true. Some value of several is enough for each test by itself. `==`, `in` and `like` compare
/// letter by letter; `:` and what ends in `~` ignore the case of ASCII letters.
///
/// <https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax>
struct EQLMeaning {
  let passage: Passage
  private(set) var notes: [Diagnostic] = []

  init(_ passage: Passage) { self.passage = passage }

  // MARK: Truth

  /// The predicate of a condition.
  mutating func truth(of expression: EQLExpression) throws(EQLObstacle) -> Predicate {
    switch expression.form {
    case .and(let parts): return .conjunction(try truths(of: parts))
    case .or(let parts): return .disjunction(try truths(of: parts))
    case .not(let inner): return .negation(of: try truth(of: inner))
    case .comparison, .membership, .pattern, .call, .field, .boolean, .null, .text, .number, .negative, .arithmetic,
      .lineage:
      return try truth(of: try value(of: expression), at: expression.range)
    }
  }

  private mutating func truths(of parts: [EQLExpression]) throws(EQLObstacle) -> [Predicate] {
    var truths: [Predicate] = []
    for part in parts { truths.append(try truth(of: part)) }
    return truths
  }

  private func truth(of value: EQLValue, at range: Range<Int>) throws(EQLObstacle) -> Predicate {
    switch value {
    case .truth(let predicate, _): return predicate
    case .boolean(let flag): return flag ? .always : .never
    case .null: return .never
    case .subject(let subject) where subject.isPlain: return test(subject, .equals(.boolean(true)), at: range)
    case .text, .number, .spelledTruth, .subject, .joined, .position:
      throw .wrong(
        Diagnostic(
          .unexpectedToken, "\(value.kind) is no condition", at: passage.range(of: range), label: "true of nothing",
          help: "compare it with something"))
    }
  }

  // MARK: Values

  /// What an expression comes to.
  mutating func value(of expression: EQLExpression) throws(EQLObstacle) -> EQLValue {
    let range = expression.range
    switch expression.form {
    case .text(let text): return .text(text)
    case .number(let number): return .number(number)
    case .boolean(let flag): return .boolean(flag)
    case .null: return .null
    case .field(let path, _): return .subject(EQLSubject(path: path))
    case .and, .or, .not: return .truth(try truth(of: expression), fields: nil)
    case .comparison(let comparison, let left, let right):
      return try compare(comparison, try value(of: left), try value(of: right), at: range)
    case .membership(let value, let elements, let textCase):
      return try membership(of: try self.value(of: value), in: elements, textCase, at: range)
    case .pattern(let value, let pattern, let constants):
      return try match(try self.value(of: value), pattern, constants, at: range)
    case .negative(let inner): return try arithmetic(.subtract, .number(Number(0)), try value(of: inner), at: range)
    case .arithmetic(let operation, let left, let right):
      return try arithmetic(operation, try value(of: left), try value(of: right), at: range)
    case .call(let name, let textCase, let arguments):
      return try call(name, textCase, arguments, at: range)
    case .lineage(let name, _): throw .unmodelled("'\(name) of'", range)
    }
  }

  // MARK: Tests

  /// A test of each value of a field, or of what a function makes of it.
  func test(_ subject: EQLSubject, _ condition: Condition, at range: Range<Int>) -> Predicate {
    .field(
      FieldTest(subject.path, condition, subject: subject.subject, origin: Origin(passage.range(of: range))))
  }

  func presence(of path: FieldPath, at range: Range<Int>) -> Predicate {
    .presence(PresenceTest(.value, path, origin: Origin(passage.range(of: range))))
  }

  /// A pattern as a condition.
  func condition(_ pattern: TextPattern, _ textCase: TextCase) -> Condition {
    if case .exact(let text) = pattern.shape { return .equals(.text(text, textCase)) }
    return .matches(pattern, textCase)
  }

  /// How a text is to be compared.
  ///
  /// Case is ignored for ASCII letters alone
  /// (https://github.com/elastic/elasticsearch, AutomatonQueries, "for now we only work with ASCII characters").
  mutating func stamp(_ textCase: TextCase, _ texts: [String], at range: Range<Int>) -> TextCase {
    guard textCase == .insensitive, texts.contains(where: \.hasNonASCIILetterCase) else { return textCase }
    guard texts.contains(where: \.hasASCIILetter) else { return .sensitive }
    note(
      "the letters beyond ASCII are compared in any case here", "letter by letter in Elasticsearch", at: range,
      severity: .warning)
    return .insensitive
  }

  mutating func note(
    _ message: String, _ label: String, at range: Range<Int>, severity: Diagnostic.Severity
  ) {
    notes.append(
      Diagnostic(.assumedMeaning, message, severity: severity, at: passage.range(of: range), label: label))
  }

  /// Says that Elasticsearch counts a character beyond U+FFFF as two.
  mutating func noteOfLength(at range: Range<Int>) {
    note(
      "characters are counted here, and units of UTF-16 in Elasticsearch",
      "a character beyond U+FFFF counts as two there", at: range, severity: .info)
  }
}

extension String {
  /// Whether a letter beyond ASCII comes in two cases.
  var hasNonASCIILetterCase: Bool {
    unicodeScalars.contains {
      !$0.isASCII && ($0.properties.isCased || $0.properties.changesWhenCaseFolded)
    }
  }

  var hasASCIILetter: Bool { utf8.contains { (65...90).contains($0 & 0xDF) && $0 < 0x80 } }
}
