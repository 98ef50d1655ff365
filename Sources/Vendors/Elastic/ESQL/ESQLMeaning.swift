import LanguageSupport
import RuleIR
import SourceText

/// Why an expression does not become a predicate.
enum ESQLObstacle: Error {
  /// The rule model, or this reader, has nothing for it: a short noun phrase, and its place.
  case unmodelled(String, Range<Int>)
  /// The query is wrong.
  case wrong(Diagnostic)
}

/// Gives expressions their meaning in three truth values.
///
/// Comparisons and most functions are null unless the field has exactly one value; nothing is known here of types or
/// lists, so every test says so itself, for the mapping to settle.
///
/// https://www.elastic.co/docs/reference/query-languages/esql/esql-null-values
struct ESQLMeaning {
  /// What a name stands for that the query defined itself.
  enum Definition {
    /// A value, and how much of the budget it is worth.
    case value(ESQLValue, size: Int)
    /// A time cut into windows of this length.
    case window(TimeSpan)
    /// What is not modelled, as a short noun phrase.
    case opaque(String)
  }

  let passage: Passage
  /// What was taken for granted on the way.
  private(set) var notes: [Diagnostic] = []
  /// Names that `EVAL`, `RENAME`, `ROW` and others set; all other names are fields of the event.
  var definitions: [String: Definition] = [:]
  /// How many tests may still be made: names used often must not let a short query grow without bound.
  private var budget = 200_000

  init(passage: Passage) { self.passage = passage }

  /// Says that a part of the query was given a meaning that depends on the data.
  mutating func assume(_ message: String, at range: Range<Int>, because note: String) {
    notes.append(
      Diagnostic(
        .assumedMeaning, message, severity: .info, at: passage.range(of: range), label: "taken to mean this",
        notes: [note]))
  }

  func origin(_ range: Range<Int>) -> Origin { Origin(passage.range(of: range)) }

  mutating func spend(_ count: Int, at range: Range<Int>) throws(ESQLObstacle) {
    budget -= count
    guard budget < 0 else { return }
    throw .wrong(
      Diagnostic(
        .tooManyNodes, "the query comes to more than 200,000 tests", at: passage.range(of: range),
        label: "too much from here on"))
  }

  /// Sets a name to what an expression means, or to what of it is not modelled.
  mutating func define(_ assignment: ESQLAssignment) throws(ESQLObstacle) {
    let before = budget
    do throws(ESQLObstacle) {
      if let window = try window(of: assignment.expression) {
        definitions[assignment.name] = .window(window)
        return
      }
      let value = try value(of: assignment.expression)
      try limit(value.depth, at: assignment.expression.range)
      definitions[assignment.name] = .value(value, size: max(1, before - budget))
    } catch {
      guard case .unmodelled(let reason, _) = error else { throw error }
      definitions[assignment.name] = .opaque(reason)
    }
  }

  func limit(_ depth: Int, at range: Range<Int>) throws(ESQLObstacle) {
    guard depth > 200 else { return }
    throw .wrong(
      Diagnostic(
        .nestedTooDeeply, "the condition nests more than 200 levels deep", at: passage.range(of: range),
        label: "with the columns it names"))
  }

  // MARK: Conditions

  mutating func truth(of expression: ESQLExpression) throws(ESQLObstacle) -> ThreeValued {
    let range = expression.range
    switch expression.form {
    case .allOf(let parts): return .and(try truths(of: parts))
    case .anyOf(let parts): return .or(try truths(of: parts))
    case .not(let inner): return try truth(of: inner).negated
    case .comparison(let comparison, let left, let right):
      return try compare(comparison, try value(of: left), try value(of: right), at: range)
    case .isNull(let inner): return .total(.negation(of: try hasValue(try value(of: inner), at: range)))
    case .isIn(let inner, let elements): return try membership(of: inner, in: elements, at: range)
    case .like(let inner, let kind, let patterns): return try match(try value(of: inner), kind, patterns, at: range)
    case .match(let field, let constant): return try fullText(field, constant, at: range)
    case .call(let name, let arguments):
      if let truth = try truthOfCall(name, arguments, at: range) { return truth }
      return try truth(of: try valueOfCall(name, arguments, at: range), at: range)
    case .null, .boolean, .string, .number, .span, .column, .star, .parameter, .list, .map, .cast, .minus, .arithmetic:
      return try truth(of: try value(of: expression), at: range)
    }
  }

  private mutating func truths(of parts: [ESQLExpression]) throws(ESQLObstacle) -> [ThreeValued] {
    var truths: [ThreeValued] = []
    for part in parts { truths.append(try truth(of: part)) }
    return truths
  }

  /// A value taken for a condition.
  mutating func truth(of value: ESQLValue, at range: Range<Int>) throws(ESQLObstacle) -> ThreeValued {
    switch value {
    case .null: return .unknown
    case .boolean(let flag): return .total(flag ? .always : .never)
    case .truth(let truth): return truth
    case .choice(let condition, let first, let second):
      try spend(condition.size, at: range)
      return .choice(condition, try truth(of: first, at: range), try truth(of: second, at: range))
    case .column(let view) where view.isPlain:
      return try test(view, .equals(.boolean(true)), at: range)
    case .text, .number, .span, .now, .column, .list, .derived:
      throw .unmodelled("a condition that is no truth value", range)
    }
  }

  mutating func test(
    _ view: ESQLColumnView, _ condition: Condition, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    try spend(1, at: range)
    return .test(predicate(view, condition, at: range), defined: view.isDefined)
  }

  func predicate(_ view: ESQLColumnView, _ condition: Condition, at range: Range<Int>) -> Predicate {
    .field(FieldTest(view.path, condition, subject: view.subject, origin: origin(range)))
  }

  /// When a value is not null.
  mutating func hasValue(_ value: ESQLValue, at range: Range<Int>) throws(ESQLObstacle) -> Predicate {
    switch value {
    case .null: return .never
    case .text, .number, .boolean, .span, .now, .list: return .always
    case .derived(let derived):
      try spend(1, at: range)
      return derived.hasValue
    case .truth(let truth):
      if truth.isTotal { return .always }
      try spend(truth.size, at: range)
      return truth.isDefined
    case .choice(let condition, let first, let second):
      try spend(condition.size, at: range)
      let whenTrue = Predicate.conjunction([condition, try hasValue(first, at: range)])
      return .disjunction([whenTrue, .conjunction([.negation(of: condition), try hasValue(second, at: range)])])
    case .column(let view):
      try spend(1, at: range)
      return view.hasValue.located(at: origin(range))
    }
  }
}

extension Predicate {
  /// A presence test with a place; others as they are.
  fileprivate func located(at origin: Origin) -> Predicate {
    guard case .presence(var test) = self else { return self }
    test.origin = origin
    return .presence(test)
  }
}
