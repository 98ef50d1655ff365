import RuleIR
import SourceText

extension KustoLowering {
  /// A field against literals.
  mutating func test(
    _ subject: KustoSubject, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> ThreeValued {
    let positive: ThreeValued
    switch subject.reading {
    case .plain, .text, .lowered, .raised: positive = try valueTest(subject, operation, literals)
    case .number: positive = try numberTest(subject, operation, literals, .coercing)
    case .boolean: positive = try booleanTest(subject, operation, literals)
    case .length: positive = try measureTest(subject, .length, operation, literals, whenAbsent: Number(0))
    case .count(let missing): positive = try countTest(subject, missing, operation, literals)
    case .datePart(let part):
      positive = try measureTest(subject, .datePart(part), operation, literals, whenAbsent: nil)
    case .type: positive = try typeTest(subject, operation, literals)
    case .order(let text): positive = try textOrder(subject, text, operation, literals)
    case .position(let literal): positive = try positionTest(subject, literal, operation, literals)
    }
    return operation.isNegated ? .not(positive) : positive
  }

  func field(_ subject: KustoSubject, _ condition: Condition, _ kind: FieldTest.Subject = .value) -> Predicate {
    .field(FieldTest(subject.path, condition, subject: kind, origin: origin(subject.range)))
  }

  func gap(_ reason: String, _ subject: KustoSubject) -> KustoGap { KustoGap(reason: reason, range: subject.range) }

  private mutating func valueTest(
    _ subject: KustoSubject, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> ThreeValued {
    switch operation.relation {
    case .equals, .isIn:
      var alternatives: [Predicate] = []
      var set: [Literal] = []
      for literal in literals {
        switch try equality(subject, operation, literal) {
        case .empty: alternatives.append(isEmpty(subject.path, subject.range))
        case .literal(let literal): set.append(literal)
        case .impossible: break
        }
      }
      if set.count == 1 { alternatives.insert(field(subject, .equals(set[0])), at: 0) }
      if set.count > 1 { alternatives.insert(field(subject, .oneOf(set)), at: 0) }
      return .total(.disjunction(alternatives))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return try numberTest(subject, operation, literals, subject.path.isInsideColumn ? .coercing : .strict)
    case .anyTerm: return .total(.disjunction(try texts(subject, KustoComparison(.term, sensitive: false), literals)))
    case .allTerms: return .total(.conjunction(try texts(subject, KustoComparison(.term, sensitive: false), literals)))
    case .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .regex:
      return .total(.disjunction(try texts(subject, operation, literals)))
    case .between: throw gap("'between' without an interval", subject)
    }
  }

  private enum Equality {
    case empty, impossible
    case literal(Literal)
  }

  private mutating func equality(
    _ subject: KustoSubject, _ operation: KustoComparison, _ literal: Literal
  ) throws(KustoGap) -> Equality {
    switch literal {
    case .number(let number, _):
      guard subject.reading == .plain else { throw gap("a text compared with a number", subject) }
      return .literal(.number(number, subject.path.isInsideColumn ? .coercing : .strict))
    case .boolean:
      guard subject.reading == .plain else { throw gap("a text compared with a boolean", subject) }
      return .literal(literal)
    case .text(let text, _), .untyped(let text, _):
      if text.isEmpty { return .empty }
      guard let textCase = textCase(subject, operation, text) else { return .impossible }
      return .literal(subject.isSpelled && text.isSpelledScalar ? .untyped(text, textCase) : .text(text, textCase))
    }
  }

  /// The letter case by which a text is compared; nil where it never is equal: `tolower(f) == "X"`.
  mutating func textCase(_ subject: KustoSubject, _ operation: KustoComparison, _ text: String) -> TextCase? {
    if !operation.isSensitive, text.hasNonASCIILetter {
      notes.append(
        Diagnostic(
          .assumedMeaning, "letters beyond ASCII are taken to ignore case too", severity: .info,
          at: passage.range(of: subject.range), label: "Kusto's operators fold letters of ASCII alone",
          notes: ["https://learn.microsoft.com/kusto/query/datatypes-string-operators"]))
    }
    switch subject.reading {
    case .lowered: return operation.isSensitive && text != text.lowercased() ? nil : .insensitive
    case .raised: return operation.isSensitive && text != text.uppercased() ? nil : .insensitive
    case .plain, .text, .number, .boolean, .length, .count, .datePart, .type, .order, .position:
      return operation.isSensitive ? .sensitive : .insensitive
    }
  }

  // MARK: Texts

  private mutating func texts(
    _ subject: KustoSubject, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> [Predicate] {
    var tests: [Predicate] = []
    for literal in literals { tests.append(try text(subject, operation, literal.spelling)) }
    return tests
  }

  private mutating func text(
    _ subject: KustoSubject, _ operation: KustoComparison, _ text: String
  ) throws(KustoGap) -> Predicate {
    if operation.relation == .regex { return try regex(subject, text) }
    guard let textCase = textCase(subject, operation, text) else { return .never }
    if text.isEmpty {
      guard ![.term, .termPrefix, .termSuffix].contains(operation.relation) else { throw gap("an empty term", subject) }
      return .always
    }
    let kind: FieldTest.Subject = subject.isSpelled && text.isPartOfSpelledScalar ? .spelling : .value
    switch operation.relation {
    case .contains: return field(subject, .matches(.contains(text), textCase), kind)
    case .startsWith: return field(subject, .matches(.prefix(text), textCase), kind)
    case .endsWith: return field(subject, .matches(.suffix(text), textCase), kind)
    case .term, .anyTerm, .allTerms: return field(subject, .term(TermMatch(text, textCase)), kind)
    case .termPrefix: return field(subject, .term(TermMatch(text, textCase, extent: .prefix)), kind)
    case .termSuffix: return field(subject, .term(TermMatch(text, textCase, extent: .suffix)), kind)
    case .equals, .isIn, .regex, .between, .less, .lessOrEqual, .greater, .greaterOrEqual:
      throw gap("a comparison of texts", subject)
    }
  }

  // MARK: Numbers

  private func order(_ operation: KustoComparison) -> Order? {
    switch operation.relation {
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equals, .isIn, .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .anyTerm, .allTerms,
      .regex, .between:
      nil
    }
  }

  private func numbers(_ literals: [Literal], _ subject: KustoSubject) throws(KustoGap) -> [Number] {
    var numbers: [Number] = []
    for literal in literals {
      guard case .number(let number, _) = literal else { throw gap("a number compared with another type", subject) }
      numbers.append(number)
    }
    return numbers
  }

  private func numberTest(
    _ subject: KustoSubject, _ operation: KustoComparison, _ literals: [Literal], _ reading: NumberReading
  ) throws(KustoGap) -> ThreeValued {
    let numbers = try numbers(literals, subject).map { Literal.number($0, reading) }
    if let order = order(operation), numbers.count == 1 {
      let test = field(subject, .order(order, numbers[0]))
      let opposite = field(subject, .order(order.opposite, numbers[0]))
      return .test(
        test, defined: subject.reading == .number ? .any([test, opposite]) : hasValue(subject.path, subject.range))
    }
    guard operation.relation == .equals || operation.relation == .isIn else {
      throw gap("a text operator on a number", subject)
    }
    return .total(field(subject, numbers.count == 1 ? .equals(numbers[0]) : .oneOf(numbers)))
  }

  private func booleanTest(
    _ subject: KustoSubject, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> ThreeValued {
    guard operation.relation == .equals, literals.count == 1, case .boolean = literals[0] else {
      throw gap("a boolean compared with another type", subject)
    }
    return .total(field(subject, .equals(literals[0])))
  }

  /// A number made of the value: its length, a part of its date.
  ///
  /// - Parameter whenAbsent: What the number is where there is no value; nil where it is null.
  private func measureTest(
    _ subject: KustoSubject, _ kind: FieldTest.Subject, _ operation: KustoComparison, _ literals: [Literal],
    whenAbsent: Number?
  ) throws(KustoGap) -> ThreeValued {
    let numbers = try numbers(literals, subject)
    if let order = order(operation), let number = numbers.first {
      let test = field(subject, .order(order, .number(number, .strict)), kind)
      guard let whenAbsent else {
        let opposite = field(subject, .order(order.opposite, .number(number, .strict)), kind)
        return .test(test, defined: .any([test, opposite]))
      }
      return .total(order.holds(whenAbsent, number) ? orAbsent(test, subject) : test)
    }
    guard operation.relation == .equals || operation.relation == .isIn else {
      throw gap("a text operator on a number", subject)
    }
    let literals = numbers.map { Literal.number($0, .strict) }
    let test = field(subject, literals.count == 1 ? .equals(literals[0]) : .oneOf(literals), kind)
    guard let whenAbsent, numbers.contains(whenAbsent) else { return .total(test) }
    return .total(orAbsent(test, subject))
  }

  func orAbsent(_ test: Predicate, _ subject: KustoSubject) -> Predicate {
    .any([test, .not(hasValue(subject.path, subject.range))])
  }

  /// `array_length` is null where there is no list.
  ///
  /// With 1 for a missing one, a value that is no list counts as it does in the rule model.
  private func countTest(
    _ subject: KustoSubject, _ missing: Int?, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> ThreeValued {
    let numbers = try numbers(literals, subject)
    guard let number = numbers.first, numbers.count == 1 else { throw gap("a set of lengths", subject) }
    let order = order(operation)
    guard order != nil || operation.relation == .equals else { throw gap("a text operator on a number", subject) }
    let literal = Literal.number(number, .strict)
    let test = field(subject, order.map { .order($0, literal) } ?? .equals(literal), .count)
    let hasKey = Predicate.presence(PresenceTest(.key, subject.path, origin: origin(subject.range)))
    switch missing {
    case nil: return order == nil ? .total(.conjunction([hasKey, test])) : .test(test, defined: hasKey)
    case 1?:
      let present = hasValue(subject.path, subject.range)
      let holdsForOne = order.map { $0.holds(Number(1), number) } ?? (number == Number(1))
      let counted = Predicate.conjunction([present, test])
      return .total(holdsForOne ? .any([counted, .not(present)]) : counted)
    case _?: return .total(test)
    }
  }

  // MARK: Other readings

  /// `gettype(f) == "string"`, and the same of numbers and booleans.
  private func typeTest(
    _ subject: KustoSubject, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> ThreeValued {
    guard operation.relation == .equals || operation.relation == .isIn else { throw gap("a test of a type", subject) }
    var tests: [Predicate] = []
    for literal in literals {
      switch literal.spelling {
      case "string": tests.append(field(subject, .matches(.anything, .sensitive)))
      case "bool": tests.append(field(subject, .oneOf([.boolean(true), .boolean(false)])))
      case "null": tests.append(.not(hasValue(subject.path, subject.range)))
      case let name: throw gap("a test for the type '\(name)'", subject)
      }
    }
    return .total(.disjunction(tests))
  }

  /// `strcmp(f, "m") < 0`: texts by their scalars, a missing one before all others.
  private func textOrder(
    _ subject: KustoSubject, _ text: String, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> ThreeValued {
    guard let order = order(operation), try numbers(literals, subject) == [Number(0)] else {
      throw gap("the function 'strcmp'", subject)
    }
    let test = field(subject, .order(order, .text(text, .sensitive)))
    return .total(order.holdsForEmpty(before: text) ? orAbsent(test, subject) : test)
  }

  /// `array_index_of(f, x) >= 0`, or `!= -1`.
  private func positionTest(
    _ subject: KustoSubject, _ literal: Literal, _ operation: KustoComparison, _ literals: [Literal]
  ) throws(KustoGap) -> ThreeValued {
    let bound = try numbers(literals, subject)
    let found = ThreeValued.test(
      field(subject, .equals(literal)), defined: .presence(PresenceTest(.key, subject.path)))
    switch (operation.relation, bound.first) {
    case (.greaterOrEqual, Number(0)), (.greater, Number(-1)): return found
    // Negated outside: `!= -1` is true where there is no list.
    case (.equals, Number(-1)):
      return .total(.conjunction([.presence(PresenceTest(.key, subject.path)), .negation(of: found.isTrue)]))
    case _: throw gap("a position in a list", subject)
    }
  }
}

extension KustoSubject {
  /// Whether a number or a boolean takes part as the text that spells it: in a dynamic column, or after `tostring`.
  var isSpelled: Bool { path.isInsideColumn || path == .element || reading != .plain }
}

extension Order {
  /// Whether the empty text stands in this order to another.
  func holdsForEmpty(before text: String) -> Bool {
    switch self {
    case .less: !text.isEmpty
    case .lessOrEqual: true
    case .greater: false
    case .greaterOrEqual: text.isEmpty
    }
  }

  func holds(_ left: Number, _ right: Number) -> Bool {
    switch self {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }
}

extension String {
  /// Whether a number or a boolean may be spelled so.
  var isSpelledScalar: Bool { Number(self) != nil || ["true", "false"].contains(simplyFolded) }

  /// Whether it may stand inside the spelling of a number or a boolean.
  var isPartOfSpelledScalar: Bool {
    let folded = simplyFolded
    return folded.utf8.allSatisfy { "0123456789.+-e".utf8.contains($0) } || "true".contains(folded)
      || "false".contains(folded)
  }
}
