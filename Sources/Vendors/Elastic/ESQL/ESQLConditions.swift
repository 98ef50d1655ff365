import LanguageSupport
import RuleIR
import SourceText

/// Functions that are conditions, and full-text search.
extension ESQLMeaning {
  /// The meaning of a function that is a condition; nil for any other.
  mutating func truthOfCall(
    _ name: String, _ arguments: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued? {
    switch (name, arguments.count) {
    case ("STARTS_WITH", 2): return try part(arguments, .startsWith, at: range)
    case ("ENDS_WITH", 2): return try part(arguments, .endsWith, at: range)
    case ("CONTAINS", 2): return try part(arguments, .contains, at: range)
    case ("CIDR_MATCH", 2...): return try networks(arguments, at: range)
    case ("MV_CONTAINS", 2): return try contains(arguments, at: range)
    case ("MATCH", 3): return try nearText(arguments, at: range)
    case ("MATCH", 2): return try fullText(arguments[0], arguments[1], at: range)
    case ("KQL", 1), ("KQL", 2): return .total(try kuery(arguments, at: range))
    case _: return nil
    }
  }

  /// `STARTS_WITH(text, part)` and its like.
  mutating func part(
    _ arguments: [ESQLExpression], _ relation: FieldRelation, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    try part(of: try value(of: arguments[0]), relation, try value(of: arguments[1]), at: range)
  }

  private mutating func part(
    of value: ESQLValue, _ relation: FieldRelation, _ part: ESQLValue, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    switch (value, part) {
    case (.null, _), (_, .null): return .unknown
    case (.choice(let condition, let first, let second), _):
      try spend(condition.size, at: range)
      return .choice(
        condition, try self.part(of: first, relation, part, at: range),
        try self.part(of: second, relation, part, at: range))
    case (.column(let view), .column(let other)): return try relate(view, relation, other, at: range)
    case (.column(let view), .text(let text)) where view.isText && view.reach == .only && !view.isWrapped:
      let pattern: TextPattern
      switch relation {
      case .startsWith: pattern = .prefix(text)
      case .endsWith: pattern = .suffix(text)
      case .contains, .equals, .order: pattern = .contains(text)
      }
      guard let textCase = view.textCase(for: [text]) else { return .test(.never, defined: view.isDefined) }
      return try test(view, .matches(pattern, textCase), at: range)
    case _: throw .unmodelled("a part of \(value.kind)", range)
    }
  }

  /// The blocks of `CIDR_MATCH(address, block, …)`.
  private mutating func networks(
    _ arguments: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    let address = try value(of: arguments[0])
    if case .null = address { return .unknown }
    guard case .column(let view) = address, view.isPlain || view.aspect == .address else {
      throw .unmodelled("CIDR_MATCH of \(address.kind)", range)
    }
    var tests: [Predicate] = []
    for argument in arguments.dropFirst() {
      let blocks = try value(of: argument)
      for block in blocks.items {
        guard case .text(let text) = block else {
          throw .unmodelled("CIDR_MATCH with a block of the row", argument.range)
        }
        guard let network = Network(text) else {
          throw .wrong(
            Diagnostic(
              .invalidNetwork, "'\(text)' is no block of addresses", at: passage.range(of: argument.range),
              label: "expected a block such as 10.0.0.0/8"))
        }
        tests.append(predicate(view, .network(network), at: range))
      }
    }
    try spend(tests.count, at: range)
    return .test(.disjunction(tests), defined: view.isDefined)
  }

  /// `MV_CONTAINS(column, constants)`: every constant is among the values; null is the empty set.
  private mutating func contains(
    _ arguments: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    let wanted = try value(of: arguments[1])
    let constants = wanted.items
    if case .null = wanted { return .total(.always) }
    if case .column(let view) = wanted {
      return try isSubset(view, of: try value(of: arguments[0]).items, at: range)
    }
    guard case .column(let view) = try value(of: arguments[0]), view.reach == .only, !view.isWrapped,
      view.isText || view.aspect == .number
    else { throw .unmodelled("MV_CONTAINS", range) }
    var tests: [Predicate] = []
    for constant in constants {
      guard constant.isOrdered || constant.isBoolean else { throw .unmodelled("MV_CONTAINS", range) }
      try spend(1, at: range)
      let literal = literal(for: constant, of: view)
      tests.append(literal.map { predicate(view, .equals($0), at: range) } ?? .never)
    }
    return .total(.conjunction(tests))
  }

  /// `MV_CONTAINS(constants, column)`: no value differs from all of the constants.
  private mutating func isSubset(
    _ view: ESQLColumnView, of constants: [ESQLValue], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    guard view.reach == .only, !view.isWrapped, view.isText,
      constants.allSatisfy({ $0.isOrdered || $0.isBoolean })
    else { throw .unmodelled("MV_CONTAINS", range) }
    try spend(constants.count, at: range)
    let literals = constants.compactMap { literal(for: $0, of: view) }
    let condition: Condition = literals.count == 1 ? .equals(literals[0]) : .oneOf(literals)
    let differs = FieldTest(
      view.path, condition, subject: view.subject, polarity: .someValueFails, origin: origin(range))
    return .total(.negation(of: .field(differs)))
  }

  /// `column : constant` and `MATCH(column, constant)`: some value equals it, as keywords do.
  mutating func fullText(
    _ field: ESQLExpression, _ constant: ESQLExpression, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    guard case .column(let view) = try value(of: field), view.isPlain || view.isSpelledOut else {
      throw .unmodelled("a search in a changed column", range)
    }
    switch try value(of: constant) {
    case .text(let text): return .total(predicate(view, .equals(.untyped(text, .sensitive)), at: range))
    case .number(let number): return .total(predicate(view, .equals(.untyped(number.text, .sensitive)), at: range))
    case .boolean(let flag): return .total(predicate(view, .equals(.boolean(flag)), at: range))
    case .null, .span, .now, .column, .truth, .choice, .list, .derived:
      throw .unmodelled("a search for no constant", range)
    }
  }

  /// `KQL("…")`, which has two truth values and looks at every value of a field.
  private func kuery(_ arguments: [ESQLExpression], at range: Range<Int>) throws(ESQLObstacle) -> Predicate {
    guard case .string = arguments[0].form else { throw .unmodelled("KQL of no constant", range) }
    let textCase = try textCase(of: arguments.dropFirst().first, at: range)
    do throws(Diagnostic) {
      let predicate = try Kuery.parse(passage.insideOfString(arguments[0].range), flavour: .server)
      return textCase == .sensitive ? predicate : predicate.ignoringCase
    } catch {
      throw .wrong(error)
    }
  }

  /// What the options of `KQL` say of letters.
  private func textCase(of options: ESQLExpression?, at range: Range<Int>) throws(ESQLObstacle) -> TextCase {
    guard let options else { return .sensitive }
    guard case .map(let entries) = options.form else { throw .unmodelled("options of KQL", options.range) }
    var textCase = TextCase.sensitive
    for entry in entries {
      switch (entry.key, entry.value.form) {
      case ("case_insensitive", .boolean(let flag)): textCase = flag ? .insensitive : .sensitive
      case ("boost", _): break
      case _: throw .unmodelled("the option \(entry.key) of KQL", entry.value.range)
      }
    }
    return textCase
  }
}

extension Predicate {
  /// The predicate with every test of text made to ignore the case of letters.
  var ignoringCase: Predicate {
    switch self {
    case .all(let parts): return .all(parts.map(\.ignoringCase))
    case .any(let parts): return .any(parts.map(\.ignoringCase))
    case .not(let inner): return .not(inner.ignoringCase)
    case .field(var test):
      test.condition = test.condition.ignoringCase
      return .field(test)
    case .anyField(var test):
      test.condition = test.condition.ignoringCase
      return .anyField(test)
    case .some(var test):
      test.predicate = test.predicate.ignoringCase
      return .some(test)
    case .every(var test):
      test.predicate = test.predicate.ignoringCase
      return .every(test)
    case .presence, .rawTerm: return self
    }
  }
}

extension Condition {
  fileprivate var ignoringCase: Condition {
    switch self {
    case .equals(let literal): return .equals(literal.ignoringCase)
    case .oneOf(let literals): return .oneOf(literals.map(\.ignoringCase))
    case .matches(let pattern, _): return .matches(pattern, .insensitive)
    case .term(var match):
      match.textCase = .insensitive
      return .term(match)
    case .regex, .order, .network, .encoded, .field: return self
    }
  }
}

extension Literal {
  fileprivate var ignoringCase: Literal {
    switch self {
    case .text(let text, _): .text(text, .insensitive)
    case .untyped(let text, _): .untyped(text, .insensitive)
    case .number, .boolean: self
    }
  }
}
