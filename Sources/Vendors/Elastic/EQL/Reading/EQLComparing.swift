import LanguageSupport
import RuleIR
import SourceText

/// Comparisons and sets.
extension EQLMeaning {
  mutating func compare(
    _ comparison: EQLComparison, _ left: EQLValue, _ right: EQLValue, at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    if left.isConstant, !right.isConstant { return try compare(comparison.mirrored, right, left, at: range) }
    guard comparison != .notEqual else {
      let equal = try compare(.equal, left, right, at: range)
      guard case .truth(let predicate, let fields) = equal else { return equal }
      return .truth(.negation(of: predicate), fields: fields)
    }
    switch (left, right) {
    case (_, .null): return .truth(try isNull(left, comparison, at: range), fields: nil)
    case (.subject(let subject), .subject(let other)): return try relate(subject, comparison, other, at: range)
    case (.subject(let subject), _):
      return .truth(try compare(subject, comparison, right, at: range), fields: [subject.path])
    case (.truth(let predicate, let fields), .boolean(let flag)):
      guard comparison == .equal else { break }
      return .truth(flag ? predicate : .negation(of: predicate), fields: fields)
    case (.spelledTruth(let predicate), .text(let text)):
      guard comparison == .equal else { break }
      return .truth(Self.spelled(predicate, as: text), fields: nil)
    case (.joined(let pieces), .text(let text)):
      guard comparison == .equal else { break }
      return .truth(try joined(pieces, match: .exact(text), .sensitive, at: range), fields: pieces.fields)
    case (.position(let position), .number(let number)):
      return .truth(try compare(position, comparison, number, at: range), fields: nil)
    case _:
      if let known = Self.fold(comparison, left, right) { return .boolean(known) }
    }
    throw .unmodelled("\(left.kind) compared with \(right.kind)", range)
  }

  /// A condition as a text, compared with a text.
  static func spelled(_ predicate: Predicate, as text: String) -> Predicate {
    switch text {
    case "true": predicate
    case "false": .negation(of: predicate)
    case _: .never
    }
  }

  private static func fold(_ comparison: EQLComparison, _ left: EQLValue, _ right: EQLValue) -> Bool? {
    switch (left, comparison, right) {
    case (.text(let left), .equal, .text(let right)): isSameText(left, right)
    case (.boolean(let left), .equal, .boolean(let right)): left == right
    case (.number(let left), .equal, .number(let right)): left == right
    case (.number(let left), .order(let order), .number(let right)):
      switch order {
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      }
    case _: nil
    }
  }

  /// `value == null`: the field, or one of those that the value is made of, has no value.
  private mutating func isNull(
    _ value: EQLValue, _ comparison: EQLComparison, at range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    let fields: [FieldPath]
    switch value {
    case _ where comparison != .equal: return .never
    case .null: return .always
    case .text, .number, .boolean: return .never
    case .subject(let subject): fields = [subject.path]
    case .joined(let pieces): fields = pieces.fields
    case .truth(_, let known?): fields = known
    case .position(let position):
      return .negation(
        of: test(EQLSubject(path: position.path), .matches(position.found, position.textCase), at: range))
    case .truth, .spelledTruth: throw .unmodelled("a condition compared with null", range)
    }
    return .disjunction(fields.map { .negation(of: presence(of: $0, at: range)) })
  }

  // MARK: A field and a constant

  private mutating func compare(
    _ subject: EQLSubject, _ comparison: EQLComparison, _ value: EQLValue, at range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    switch (comparison, value) {
    case (.equal, .text(let text)): return try match(subject, .exact(text), .sensitive, at: range)
    case (.order(let order), .text(let text)) where subject.isPlain:
      return test(subject, .order(order, .text(text, .sensitive)), at: range)
    case (.equal, .boolean(let flag)) where subject.isPlain:
      return test(subject, .equals(.boolean(flag)), at: range)
    case (_, .number(let number)): return try compare(subject, comparison, with: number, at: range)
    case _: throw .unmodelled("\(subject.kind) compared with \(value.kind)", range)
    }
  }

  private mutating func compare(
    _ subject: EQLSubject, _ comparison: EQLComparison, with number: Number, at range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    guard subject.slice == nil, subject.subject != .spelling else {
      throw .unmodelled("\(subject.kind) compared with a number", range)
    }
    if subject.subject == .length { noteOfLength(at: range) }
    let reading: NumberReading = subject.isRead ? .coercing : .strict
    guard !subject.isUnscaled else { return test(subject, Self.condition(comparison, number, reading), at: range) }
    guard let bound = number.integer, (-Self.exactLimit...Self.exactLimit).contains(bound), subject.factor != 0 else {
      throw .unmodelled("arithmetic", range)
    }
    let shifted = bound - subject.shift
    let isDivisible = shifted.isMultiple(of: subject.factor)
    switch comparison {
    case .equal where !isDivisible: return .never
    case .order where !isDivisible || subject.factor < 0: throw .unmodelled("arithmetic", range)
    case .equal, .notEqual, .order:
      return test(subject, Self.condition(comparison, Number(shifted / subject.factor), reading), at: range)
    }
  }

  /// Beyond this, doubles are no longer exact, and Elasticsearch may reckon with them.
  private static let exactLimit = 1_000_000_000_000_000

  private static func condition(_ comparison: EQLComparison, _ number: Number, _ reading: NumberReading) -> Condition {
    switch comparison {
    case .equal, .notEqual: .equals(.number(number, reading))
    case .order(let order): .order(order, .number(number, reading))
    }
  }

  private func compare(
    _ position: EQLPosition, _ comparison: EQLComparison, _ number: Number, at range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    let found: TextPattern
    switch (comparison, number.integer ?? Int.min) {
    case (.order(.greaterOrEqual), 0), (.order(.greater), -1): found = position.found
    case (.order(.greaterOrEqual), 1), (.order(.greater), 0):
      guard position.start > 0 else { throw .unmodelled("indexOf", range) }
      found = position.found
    case (.equal, 0) where position.start == 0: found = .prefix(position.text)
    case _: throw .unmodelled("indexOf", range)
    }
    return test(EQLSubject(path: position.path), .matches(found, position.textCase), at: range)
  }

  // MARK: Two fields

  /// A comparison of two fields, which Elasticsearch refuses and Endgame knows.
  private mutating func relate(
    _ subject: EQLSubject, _ comparison: EQLComparison, _ other: EQLSubject, at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    guard subject.isPlain, other.isPlain else {
      throw .unmodelled("\(subject.kind) compared with \(other.kind)", range)
    }
    note(
      "Elasticsearch does not compare two fields", "read as some value of the one and of the other", at: range,
      severity: .warning)
    let relation: FieldRelation
    switch comparison {
    case .equal, .notEqual: relation = .equals
    case .order(let order): relation = .order(order)
    }
    return .truth(
      test(subject, .field(relation, other.path, .sensitive), at: range), fields: [subject.path, other.path])
  }

  // MARK: Sets

  /// `value in (element, …)`.
  mutating func membership(
    of value: EQLValue, in elements: [EQLExpression], _ textCase: TextCase, at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    var literals: [Literal] = []
    var others: [Predicate] = []
    var fields: [FieldPath]?
    if case .subject(let subject) = value { fields = [subject.path] }
    for element in elements {
      let constant = try self.value(of: element)
      if case .subject(let subject) = value, subject.isPlain, let literal = constant.literal {
        literals.append(literal.stamped(stamp(textCase, [literal.spelling], at: element.range)))
      } else if case .null = constant {
        continue
      } else {
        others.append(try equal(value, constant, textCase, at: range))
      }
    }
    if case .subject(let subject) = value, let first = literals.first {
      others.insert(test(subject, literals.count == 1 ? .equals(first) : .oneOf(literals), at: range), at: 0)
    }
    return .truth(.disjunction(others), fields: fields)
  }

  private mutating func equal(
    _ value: EQLValue, _ other: EQLValue, _ textCase: TextCase, at range: Range<Int>
  ) throws(EQLObstacle) -> Predicate {
    switch (value, other) {
    case (.subject(let subject), .text(let text)), (.text(let text), .subject(let subject)):
      return try match(subject, .exact(text), textCase, at: range)
    case _:
      switch try compare(.equal, value, other, at: range) {
      case .truth(let predicate, _): return predicate
      case .boolean(let flag): return flag ? .always : .never
      case .text, .number, .null, .spelledTruth, .subject, .joined, .position: return .never
      }
    }
  }
}

extension EQLValue {
  /// The constant as a literal, a text in its own case.
  fileprivate var literal: Literal? {
    switch self {
    case .text(let text): .text(text, .sensitive)
    case .number(let number): .number(number, .strict)
    case .boolean(let flag): .boolean(flag)
    case .null, .truth, .spelledTruth, .subject, .joined, .position: nil
    }
  }
}

extension Literal {
  fileprivate func stamped(_ textCase: TextCase) -> Literal {
    if case .text(let text, _) = self { .text(text, textCase) } else { self }
  }
}

extension [EQLValue.Piece] {
  var fields: [FieldPath] {
    compactMap { piece in
      if case .field(let path) = piece { path } else { nil }
    }
  }
}
