import RuleIR
import SourceText

extension KustoLowering {
  mutating func comparison(
    _ operation: KustoComparison, _ left: KustoExpression, _ right: KustoExpression, _ range: Range<Int>
  ) throws(KustoGap) -> ThreeValued {
    if operation.relation == .between { return try between(operation, left, right, range) }
    if case .star = left.form { return try anywhere(operation, right, range) }
    let (first, second) = (try operand(left), try operand(right))
    switch (first, second) {
    case (.condition, .constant(.boolean(let flag))):
      return try sameTruth(left, flag, operation, range)
    case (.constant(.boolean(let flag)), .condition):
      return try sameTruth(right, flag, operation, range)
    case (.condition, .constant(.text(let text, _))) where ["true", "false"].contains(text.simplyFolded):
      return try sameTruth(left, text.simplyFolded == "true", operation, range)
    case (.eventTime, _), (_, .eventTime), (.moment, .moment):
      throw KustoGap(reason: "a test of the event's time inside a condition", range: range)
    case (.field(let path, let reading), .constant(let literal)):
      return try test(KustoSubject(path, reading, range), operation, [literal])
    case (.field(let path, let reading), .list(let literals)):
      return try test(KustoSubject(path, reading, range), operation, literals)
    case (.constant(let literal), .field(let path, let reading)):
      guard let mirrored = operation.mirrored else {
        throw KustoGap(reason: "a literal before an operator", range: range)
      }
      var turned = mirrored
      turned.isNegated = operation.isNegated
      turned.isSensitive = operation.isSensitive
      return try test(KustoSubject(path, reading, range), turned, [literal])
    case (.field(let path, let reading), .field(let other, let otherReading)):
      return try fields(KustoSubject(path, reading, range), operation, KustoSubject(other, otherReading, range))
    case (.constant(let literal), .constant(let other)): return try constants(literal, operation, [other], range)
    case (.constant(let literal), .list(let others)): return try constants(literal, operation, others, range)
    case (.field, .null) where operation.relation == .equals: return .unknown
    case _: throw KustoGap(reason: "a comparison of something computed", range: range)
    }
  }

  /// `* contains "x"`: some column.
  ///
  /// https://learn.microsoft.com/kusto/query/where-operator
  private mutating func anywhere(
    _ operation: KustoComparison, _ right: KustoExpression, _ range: Range<Int>
  ) throws(KustoGap) -> ThreeValued {
    guard !operation.isNegated, case .constant(let literal) = try operand(right), !literal.spelling.isEmpty else {
      throw KustoGap(reason: "such a search over every column", range: range)
    }
    let textCase: TextCase = operation.isSensitive ? .sensitive : .insensitive
    let text = literal.spelling
    let condition: Condition
    switch operation.relation {
    case .contains: condition = .matches(.contains(text), textCase)
    case .startsWith: condition = .matches(.prefix(text), textCase)
    case .endsWith: condition = .matches(.suffix(text), textCase)
    case .term: condition = .term(TermMatch(text, textCase))
    case .termPrefix: condition = .term(TermMatch(text, textCase, extent: .prefix))
    case .termSuffix: condition = .term(TermMatch(text, textCase, extent: .suffix))
    case .equals, .isIn, .regex, .between, .less, .lessOrEqual, .greater, .greaterOrEqual, .anyTerm, .allTerms:
      throw KustoGap(reason: "such a search over every column", range: range)
    }
    notes.append(
      Diagnostic(
        .assumedMeaning, "'*' is taken for the values in every column", severity: .info, at: passage.range(of: range),
        label: "keys inside dynamic columns are found too"))
    return .total(.anyField(AnyFieldTest(condition, origin: origin(range))))
  }

  /// A condition compared with `true` or `false`.
  private mutating func sameTruth(
    _ inner: KustoExpression, _ flag: Bool, _ operation: KustoComparison, _ range: Range<Int>
  ) throws(KustoGap) -> ThreeValued {
    guard operation.relation == .equals else { throw KustoGap(reason: "a comparison of conditions", range: range) }
    // `==` beside null is false, `!=` true.
    let lowered = try condition(inner)
    let same: Predicate = flag ? lowered.isTrue : lowered.isFalse
    return .total(operation.isNegated ? .negation(of: same) : same)
  }

  private func constants(
    _ literal: Literal, _ operation: KustoComparison, _ others: [Literal], _ range: Range<Int>
  ) throws(KustoGap) -> ThreeValued {
    guard operation.relation == .equals || operation.relation == .isIn else {
      throw KustoGap(reason: "a comparison of constants", range: range)
    }
    let textCase: TextCase = operation.isSensitive ? .sensitive : .insensitive
    let same = others.contains { textCase.key($0.spelling) == textCase.key(literal.spelling) }
    return .total(same == operation.isNegated ? .never : .always)
  }

  private mutating func between(
    _ operation: KustoComparison, _ left: KustoExpression, _ right: KustoExpression, _ range: Range<Int>
  ) throws(KustoGap) -> ThreeValued {
    guard case .interval(let lower, let upper) = right.form else {
      throw KustoGap(reason: "'between' without an interval", range: range)
    }
    let both = ThreeValued.and([
      try comparison(KustoComparison(.greaterOrEqual), left, lower, range),
      try comparison(KustoComparison(.lessOrEqual), left, upper, range),
    ])
    return operation.isNegated ? .not(both) : both
  }
}

/// A field, how it is read, and where that stands.
struct KustoSubject {
  var path: FieldPath
  var reading: KustoOperand.Reading
  /// Bytes of the passage.
  var range: Range<Int>

  init(_ path: FieldPath, _ reading: KustoOperand.Reading, _ range: Range<Int>) {
    self.path = path
    self.reading = reading
    self.range = range
  }
}
