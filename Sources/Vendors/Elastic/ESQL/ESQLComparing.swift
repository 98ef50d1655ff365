import RuleIR

extension ESQLMeaning {
  /// A comparison of two values.
  mutating func compare(
    _ comparison: ESQLExpression.Comparison, _ left: ESQLValue, _ right: ESQLValue, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    switch (left, right) {
    case (.null, _), (_, .null): return .unknown
    case (.choice(let condition, let first, let second), _):
      try spend(condition.size, at: range)
      return .choice(
        condition, try compare(comparison, first, right, at: range), try compare(comparison, second, right, at: range))
    case (_, .choice): return try compare(comparison.mirrored, right, left, at: range)
    case (.derived(let derived), _): return try derived.compare(comparison, right, at: range)
    case (_, .derived(let derived)): return try derived.compare(comparison.mirrored, left, at: range)
    case (.column, .now), (.now, .column): throw .unmodelled("a comparison with the time of the search", range)
    case (.column(let view), .column(let other)): return try compare(comparison, view, other, at: range)
    case (.column(let view), _): return try compare(comparison, view, constant: right, at: range)
    case (_, .column(let view)): return try compare(comparison.mirrored, view, constant: left, at: range)
    case (.truth(let truth), .boolean(let flag)), (.boolean(let flag), .truth(let truth)):
      return try compare(comparison, truth, flag, at: range)
    case (.number(let left), .number(let right)): return .total(comparison.holds(left, right) ? .always : .never)
    case (.text(let left), .text(let right)):
      return .total(comparison.holds(OrderedText(left), OrderedText(right)) ? .always : .never)
    case (.boolean(let left), .boolean(let right)):
      return .total(comparison.holds(left ? 1 : 0, right ? 1 : 0) ? .always : .never)
    case (.text, _), (.number, _), (.boolean, _), (.span, _), (.now, _), (.truth, _), (.list, _):
      throw .unmodelled("a comparison of \(left.kind) with \(right.kind)", range)
    }
  }

  private func compare(
    _ comparison: ESQLExpression.Comparison, _ truth: ThreeValued, _ flag: Bool, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    switch comparison {
    case .equal: return flag ? truth : truth.negated
    case .notEqual: return flag ? truth.negated : truth
    case .less, .lessOrEqual, .greater, .greaterOrEqual: throw .unmodelled("an order between truth values", range)
    }
  }

  // MARK: Columns and constants

  private mutating func compare(
    _ comparison: ESQLExpression.Comparison, _ view: ESQLColumnView, constant: ESQLValue, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    if view.aspect == .date { throw .unmodelled("a comparison of dates", range) }
    if view.aspect == .distinctCount { return try distinctCount(comparison, view, constant, at: range) }
    guard let order = comparison.order else {
      let equality = try equality(of: view, with: [constant], at: range)
      return comparison == .equal ? equality : equality.negated
    }
    if case .text(let text) = constant, text.looksLikeDateOrAddress {
      throw .unmodelled("an order between dates or addresses", range)
    }
    guard let literal = literal(for: constant, of: view), constant.isOrdered else {
      throw .unmodelled("an order between a column and \(constant.kind)", range)
    }
    switch (view.reach, order) {
    case (.largest, .less), (.largest, .lessOrEqual), (.smallest, .greater), (.smallest, .greaterOrEqual):
      return try test(view, .order(order.opposite, literal.ordered), at: range).negated
    case (.joined, _): throw .unmodelled("an order of joined values", range)
    case (.only, _), (.onlyDistinct, _), (.largest, _), (.smallest, _):
      return try test(view, .order(order, literal.ordered), at: range)
    }
  }

  /// Whether a column equals one of several constants.
  mutating func equality(
    of view: ESQLColumnView, with constants: [ESQLValue], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    guard view.reach == .only || view.reach == .onlyDistinct else {
      throw .unmodelled("an equality with the largest, smallest or joined value", range)
    }
    if view.isWrapped { return try wrapped(view, equals: constants, at: range) }
    var literals: [Literal] = []
    for constant in constants {
      guard constant.isOrdered || constant.isBoolean else {
        throw .unmodelled("a comparison of a column with \(constant.kind)", range)
      }
      if view.aspect == .address { return try addresses(view, constants, at: range) }
      if let literal = literal(for: constant, of: view) { literals.append(literal) }
    }
    try spend(literals.count, at: range)
    let condition: Condition = literals.count == 1 ? .equals(literals[0]) : .oneOf(literals)
    return literals.isEmpty
      ? .test(.never, defined: view.isDefined) : try test(view, condition, at: range)
  }

  /// A constant as a value of the column can equal it; nil where none can.
  ///
  /// `TO_LOWER` yields texts in small letters alone: they equal a constant in small letters as a comparison that
  /// ignores case does, and no other.
  func literal(for constant: ESQLValue, of view: ESQLColumnView) -> Literal? {
    switch constant {
    case .text(let text):
      guard view.isText, let textCase = view.textCase(for: [text]) else { return nil }
      return view.aspect == .value ? .untyped(text, textCase) : .text(text, textCase)
    case .number(let number): return .number(number, view.aspect == .number ? .coercing : .strict)
    case .boolean(let flag): return .boolean(flag)
    case .null, .span, .now, .column, .truth, .choice, .list, .derived: return nil
    }
  }

  private mutating func addresses(
    _ view: ESQLColumnView, _ constants: [ESQLValue], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    var tests: [Predicate] = []
    for constant in constants {
      guard case .text(let text) = constant, let network = Network(text) else {
        throw .unmodelled("a comparison of an address with what is none", range)
      }
      tests.append(predicate(view, .network(network), at: range))
    }
    try spend(tests.count, at: range)
    return .test(.disjunction(tests), defined: view.isDefined)
  }

  /// `MV_COUNT(MV_DEDUPE(…))` compared with a number, as far as one value and several decide it.
  private mutating func distinctCount(
    _ comparison: ESQLExpression.Comparison, _ view: ESQLColumnView, _ constant: ESQLValue, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    guard case .number(let number) = constant else { throw .unmodelled("a count compared with no number", range) }
    let isOne = comparison.holds(Number(1), number)
    let isTwo = comparison.holds(Number(2), number)
    let isMany = comparison.holds(Number(Int.max), number)
    let decides = comparison.order != nil || !(number > Number(1))
    guard isTwo == isMany, decides else { throw .unmodelled("the number of distinct values", range) }
    try spend(1, at: range)
    let single = Predicate.presence(PresenceTest(.single, view.path, origin: origin(range)))
    let predicate: Predicate =
      isOne == isMany ? (isOne ? .always : .never) : isOne ? single : .negation(of: single)
    return .test(predicate, defined: view.isDefined)
  }

  // MARK: Two columns

  private mutating func compare(
    _ comparison: ESQLExpression.Comparison, _ view: ESQLColumnView, _ other: ESQLColumnView, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    let relation: FieldRelation = comparison.order.map(FieldRelation.order) ?? .equals
    let test = try relate(view, relation, other, at: range)
    return comparison == .notEqual ? test.negated : test
  }

  mutating func relate(
    _ view: ESQLColumnView, _ relation: FieldRelation, _ other: ESQLColumnView, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    let sides = [view, other]
    guard sides.allSatisfy({ $0.aspect == .value && $0.reach == .only && !$0.isWrapped }),
      view.folding == other.folding
    else { throw .unmodelled("a comparison of two changed columns", range) }
    try spend(1, at: range)
    let condition = Condition.field(relation, other.path, view.isUnfolded ? .sensitive : .insensitive)
    return .test(predicate(view, condition, at: range), defined: .conjunction(sides.map(\.isDefined)))
  }
}
