import LanguageSupport
import RuleIR
import SourceText

/// Patterns and regular expressions.
extension EQLMeaning {
  /// `value : (pattern, …)` and its kind.
  mutating func match(
    _ value: EQLValue, _ pattern: EQLPatternOperator, _ constants: [EQLExpression], at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    var tests: [Predicate] = []
    for constant in constants {
      switch try self.value(of: constant) {
      case .text(let text): tests.append(try match(value, pattern, text, at: constant.range, of: range))
      case .null: continue
      case let other:
        guard case .truth(let predicate, _) = try compare(.equal, value, other, at: range) else {
          throw .unmodelled("\(value.kind) compared with \(other.kind)", range)
        }
        tests.append(predicate)
      }
    }
    var fields: [FieldPath]?
    if case .subject(let subject) = value { fields = [subject.path] }
    return .truth(.disjunction(tests), fields: fields)
  }

  private mutating func match(
    _ value: EQLValue, _ pattern: EQLPatternOperator, _ text: String, at place: Range<Int>, of range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    switch (value, pattern) {
    case (.subject(let subject), .wildcard(let textCase)):
      return try match(subject, TextPattern(eql: text), textCase, at: place)
    case (.subject(let subject), .regex(let textCase)):
      guard subject.slice == nil, !subject.isRead, subject.isUnscaled, subject.subject != .length else {
        throw .unmodelled("a regular expression on \(subject.kind)", range)
      }
      return test(subject, LuceneRegex.condition(try regex(text, textCase, at: place)), at: place)
    case (.joined(let pieces), .wildcard(let textCase)):
      return try joined(pieces, match: TextPattern(eql: text), textCase, at: range)
    case (.spelledTruth(let predicate), .wildcard(let textCase)):
      return Self.spelled(predicate, as: textCase.key(text))
    case (.text(let own), .wildcard(let textCase)):
      guard case .exact(let other) = TextPattern(eql: text).shape else { break }
      return isSameText(textCase.key(own), textCase.key(other)) ? .always : .never
    case _: break
    }
    throw .unmodelled("a pattern on \(value.kind)", range)
  }

  /// A pattern that values of a subject match.
  mutating func match(
    _ subject: EQLSubject, _ pattern: TextPattern, _ textCase: TextCase, at range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    guard !subject.isRead, subject.isUnscaled, subject.subject != .length else {
      throw .unmodelled("\(subject.kind) compared with a text", range)
    }
    let textCase = stamp(textCase, pattern.literals, at: range)
    guard let slice = subject.slice else { return test(subject, condition(pattern, textCase), at: range) }
    guard case .exact(let text) = pattern.shape, !text.isEmpty else {
      throw .unmodelled("a pattern on substring", range)
    }
    noteOfLength(at: range)
    guard let whole = slice.pattern(whereItIs: text) else { return .never }
    return test(subject, condition(whole, textCase), at: range)
  }

  /// A regular expression of Lucene, which covers the whole value.
  private func regex(
    _ text: String, _ textCase: TextCase, at range: Range<Int>
  ) throws(EQLObstacle) -> RegexPattern {
    if let fault = LuceneRegex.fault(in: text) {
      throw .wrong(
        Diagnostic(
          .invalidRegex, "a regular expression is wrong: \(fault)", at: passage.range(of: range),
          label: "not a regular expression of Lucene"))
    }
    switch textCase {
    case .sensitive: return RegexPattern(text, .lucene, anchoring: .whole)
    case .insensitive: return LuceneRegex.ignoringCaseOfLetters(text)
    }
  }

  // MARK: Joined texts

  /// What `concat` makes of texts and fields: one field between texts, or two beside an exact text.
  mutating func joined(
    _ pieces: [EQLValue.Piece], match pattern: TextPattern, _ textCase: TextCase, at range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    var (before, after) = ("", "")
    var fields: [FieldPath] = []
    for piece in pieces {
      switch piece {
      case .field(let path): fields.append(path)
      case .text(let text) where fields.isEmpty: before += text
      case .text(let text) where fields.count == pieces.fields.count: after += text
      case .text: throw .unmodelled("concat", range)
      }
    }
    let size = pattern.literals.reduce(before.utf8.count + after.utf8.count) { $0 + $1.utf8.count }
    guard size <= 256 else { throw .unmodelled("concat", range) }
    let textCase = stamp(textCase, pattern.literals + [before, after], at: range)
    let folded = pattern.mapLiterals(textCase.key)
    let patterns = folded.unwrapped(before: textCase.key(before), after: textCase.key(after))
    if let field = fields.first, fields.count == 1 {
      return .disjunction(
        patterns.map { test(EQLSubject(path: field), condition($0, textCase), at: range) })
    }
    guard fields.count == 2, patterns.count <= 1 else { throw .unmodelled("concat", range) }
    guard let pattern = patterns.first else { return .never }
    guard case .exact(let text) = pattern.shape else { throw .unmodelled("concat", range) }
    return split(text, over: fields[0], fields[1], textCase, at: range)
  }

  /// Two fields that make a text together: the one its beginning and the other the rest, at each of its places.
  private func split(
    _ text: String, over first: FieldPath, _ second: FieldPath, _ textCase: TextCase, at range: Range<Int>
  ) -> Predicate {
    let scalars = text.unicodeScalars
    let places = scalars.indices + [scalars.endIndex]
    return .disjunction(
      places.map { place in
        let (start, end) = (String(scalars[..<place]), String(scalars[place...]))
        return .conjunction([
          test(EQLSubject(path: first), .equals(.text(start, textCase)), at: range),
          test(EQLSubject(path: second), .equals(.text(end, textCase)), at: range),
        ])
      })
  }
}

extension EQLSubject.Slice {
  /// The values whose slice is a text; nil where none can be.
  fileprivate func pattern(whereItIs text: String) -> TextPattern? {
    let count = text.unicodeScalars.count
    switch self {
    case .from(let start, nil):
      return TextPattern(Array(repeating: .anyScalar, count: start) + [.literal(text)])
    case .from(let start, let end?):
      let skipped = Array(repeating: TextPattern.Part.anyScalar, count: start)
      guard end - start >= count else { return nil }
      return TextPattern(skipped + [.literal(text)] + (end - start == count ? [.anyRun] : []))
    case .last(let length):
      guard length >= count else { return nil }
      return length == count ? .suffix(text) : .exact(text)
    }
  }
}

extension TextPattern {
  /// Reads a pattern of `:` or `like`: `*` any run, `?` one character; nothing escapes them.
  init(eql text: String) {
    var parts: [Part] = []
    var literal = String.UnicodeScalarView()
    func flush() {
      parts.append(.literal(String(literal)))
      literal.removeAll()
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "*":
        flush()
        parts.append(.anyRun)
      case "?":
        flush()
        parts.append(.anyScalar)
      case _: literal.append(scalar)
      }
    }
    flush()
    self.init(parts)
  }
}
