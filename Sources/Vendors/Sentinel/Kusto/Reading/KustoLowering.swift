import RuleIR
import SourceText

/// Translates conditions of Kusto into the rule model.
///
/// Texts are never null in Kusto: a missing text is `""`, and so is a missing slot of a dynamic column as soon as a
/// text operator sees it. Hence `f == ""` is true of the absent and `f != "x"`, `f !contains "x"` are too. `==` and `!=`
/// have two values even beside null; `<` and its like are null beside it, and a null is dropped, under `not` as well.
/// https://learn.microsoft.com/kusto/query/scalar-data-types/null-values
///
/// A dynamic value is compared as a whole: a list is equal to no text. Lists are looked into by an index,
/// `set_has_element`, `array_index_of` or `mv-apply`; other tests are taken to be about a single value.
struct KustoLowering {
  let passage: Passage
  /// The name of the element inside `mv-apply`, which is where paths start there.
  var element: String?
  /// What is worth saying of the way something was understood.
  var notes: [Diagnostic] = []

  init(_ passage: Passage, element: String? = nil) {
    self.passage = passage
    self.element = element
  }

  func origin(_ range: Range<Int>) -> Origin { Origin(passage.range(of: range)) }

  mutating func condition(_ expression: KustoExpression) throws(KustoGap) -> ThreeValued {
    switch expression.form {
    case .allOf(let parts): return .and(try conditions(parts))
    case .anyOf(let parts): return .or(try conditions(parts))
    case .boolean(let flag): return .total(flag ? .always : .never)
    case .null: return .unknown
    case .comparison(let operation, let left, let right):
      return try comparison(operation, left, right, expression.range)
    case .call(let name, let arguments): return try call(name, arguments, expression)
    case .name, .member, .element: return try flag(expression)
    case .opaque(let what): throw KustoGap(reason: what, range: expression.range)
    case .text, .number, .timespan, .datetime, .star, .negative, .arithmetic, .list, .interval:
      throw KustoGap(reason: "a value used as a condition", range: expression.range)
    }
  }

  private mutating func conditions(_ parts: [KustoExpression]) throws(KustoGap) -> [ThreeValued] {
    var lowered: [ThreeValued] = []
    lowered.reserveCapacity(parts.count)
    for part in parts { lowered.append(try condition(part)) }
    return lowered
  }

  /// A boolean column as a condition.
  private mutating func flag(_ expression: KustoExpression) throws(KustoGap) -> ThreeValued {
    guard case .field(let path, .plain) = try operand(expression) else {
      throw KustoGap(reason: "a value used as a condition", range: expression.range)
    }
    return flag(path, expression.range)
  }

  private func flag(_ path: FieldPath, _ range: Range<Int>) -> ThreeValued {
    .test(
      .field(FieldTest(path, .equals(.boolean(true)), origin: origin(range))), defined: hasValue(path, range))
  }

  // MARK: Functions

  private mutating func call(
    _ name: String, _ arguments: [KustoExpression], _ whole: KustoExpression
  ) throws(KustoGap) -> ThreeValued {
    switch (name, arguments.count) {
    case ("not", 1): return .not(try condition(arguments[0]))
    case ("isempty", 1): return .total(isEmpty(try field(arguments[0]), whole.range))
    case ("isnotempty", 1), ("notempty", 1):
      return .total(.negation(of: isEmpty(try field(arguments[0]), whole.range)))
    case ("isnull", 1): return .total(.negation(of: try isNotNull(arguments[0], whole.range)))
    case ("isnotnull", 1), ("notnull", 1): return .total(try isNotNull(arguments[0], whole.range))
    case ("tobool", 1), ("toboolean", 1): return flag(try field(arguments[0]), whole.range)
    case ("coalesce", 2): return try repaired(arguments)
    case ("iff", 3), ("iif", 3): return try choice(arguments)
    case ("set_has_element", 2): return try element(of: arguments, whole.range)
    case ("bag_has_key", 2): return try key(of: arguments, whole.range)
    case _ where name.hasPrefix("ipv4_is_") || name.hasPrefix("ipv6_is_"):
      return try network(name, arguments, whole)
    case _: throw KustoGap(reason: "the function '\(name)'", range: whole.range)
    }
  }

  /// `coalesce(condition, false)`: a null becomes the given truth.
  private mutating func repaired(_ arguments: [KustoExpression]) throws(KustoGap) -> ThreeValued {
    guard case .boolean(let flag) = arguments[1].form else {
      throw KustoGap(reason: "the function 'coalesce'", range: arguments[1].range)
    }
    let inner = try condition(arguments[0])
    return .total(flag ? .negation(of: inner.isFalse) : inner.isTrue)
  }

  /// `iff(a, b, c)` of conditions; where `a` is null, `c` counts.
  private mutating func choice(_ arguments: [KustoExpression]) throws(KustoGap) -> ThreeValued {
    let chosen = try condition(arguments[0]).isTrue
    let (then, otherwise) = (try condition(arguments[1]), try condition(arguments[2]))
    return .or([.and([.total(chosen), then]), .and([.total(.negation(of: chosen)), otherwise])])
  }

  private mutating func element(
    of arguments: [KustoExpression], _ range: Range<Int>
  ) throws(KustoGap) -> ThreeValued {
    guard case .field(let path, let reading) = try operand(arguments[0]),
      case .constant(let literal) = try operand(arguments[1])
    else { throw KustoGap(reason: "set_has_element without a literal", range: range) }
    let condition = try elementCondition(reading, literal, range)
    return .test(
      .field(FieldTest(path, condition, origin: origin(range))), defined: .presence(PresenceTest(.key, path)))
  }

  private func elementCondition(
    _ reading: KustoOperand.Reading, _ literal: Literal, _ range: Range<Int>
  ) throws(KustoGap) -> Condition {
    switch (reading, literal) {
    case (.plain, _), (.text, _): return .equals(literal)
    case (.lowered, .text(let text, _)) where text == text.lowercased(): return .equals(.text(text, .insensitive))
    case (.raised, .text(let text, _)) where text == text.uppercased(): return .equals(.text(text, .insensitive))
    case _: throw KustoGap(reason: "set_has_element of a changed list", range: range)
    }
  }

  private mutating func key(of arguments: [KustoExpression], _ range: Range<Int>) throws(KustoGap) -> ThreeValued {
    guard case .text(let key) = arguments[1].form, !key.hasPrefix("$") else {
      throw KustoGap(reason: "bag_has_key with a JSON path", range: range)
    }
    let base = try field(arguments[0])
    let inner = base.appending(FieldPath([.key(key)]))
    return .test(.presence(PresenceTest(.key, inner, origin: origin(range))), defined: hasValue(base, range))
  }

  private mutating func isNotNull(_ argument: KustoExpression, _ range: Range<Int>) throws(KustoGap) -> Predicate {
    let path = try field(argument)
    if !path.isInsideColumn, element == nil {
      notes.append(
        Diagnostic(
          .assumedMeaning, "'\(path)' is taken for a column that is no string", severity: .info,
          at: passage.range(of: range), label: "a string column is never null"))
    }
    return hasValue(path, range)
  }

  // MARK: Presence

  func hasValue(_ path: FieldPath, _ range: Range<Int>) -> Predicate {
    .presence(PresenceTest(.value, path, origin: origin(range)))
  }

  /// Whether the value as a text is `""`, as it is where there is none.
  func isEmpty(_ path: FieldPath, _ range: Range<Int>) -> Predicate {
    .any([
      .not(hasValue(path, range)),
      .field(FieldTest(path, .equals(.text("", .sensitive)), origin: origin(range))),
    ])
  }

  /// The path that an expression is, as it is or as a text.
  mutating func field(_ expression: KustoExpression) throws(KustoGap) -> FieldPath {
    switch try operand(expression) {
    case .field(let path, .plain), .field(let path, .text), .field(let path, .lowered), .field(let path, .raised):
      return path
    case .field, .constant, .list, .null, .moment, .eventTime, .condition:
      throw KustoGap(reason: "a test of something computed", range: expression.range)
    }
  }
}
