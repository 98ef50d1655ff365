import LanguageSupport
import RuleIR

/// Comparisons of what groups come to.
extension ESQLGrouping {
  func compare(
    _ comparison: ESQLExpression.Comparison, _ left: ESQLGroupValue, _ right: ESQLGroupValue, at range: Range<Int>,
    in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupTruth {
    switch (left, right) {
    case (.constant(.null), _), (_, .constant(.null)): return .unknown
    case (.opaque(let reason), _), (_, .opaque(let reason)): throw .unmodelled(reason, range)
    case (.choice(let condition, let first, let second), _):
      return .choice(
        condition, try compare(comparison, first, right, at: range, in: &meaning),
        try compare(comparison, second, right, at: range, in: &meaning))
    case (_, .choice), (.constant, .count), (.constant, .largest), (.constant, .smallest), (.constant, .values),
      (.constant, .time), (.constant, .elapsed), (.constant, .truth):
      return try compare(comparison.mirrored, right, left, at: range, in: &meaning)
    case (.constant(let one), .constant(let other)):
      let truth = try meaning.compare(comparison, one, other, at: range)
      return ESQLGroupTruth(isTrue: .constant(truth.isTrue), isFalse: .constant(truth.isFalse))
    case (.count(let count), .constant(.number(let number))):
      return ESQLGroupTruth(
        isTrue: count.condition(comparison.bound, number), isFalse: count.condition(comparison.bound.opposite, number))
    case (.largest(let measured), .constant(let constant)):
      return try extreme(measured, .largest, comparison, constant, at: range, in: &meaning)
    case (.smallest(let measured), .constant(let constant)):
      return try extreme(measured, .smallest, comparison, constant, at: range, in: &meaning)
    case (.values(let measured), .constant(let constant)) where comparison.order == nil:
      let sole = try onlyValue(measured, constant, at: range, in: &meaning)
      return comparison == .equal ? sole : sole.negated
    case (.elapsed(let start, let end, let unit), .constant(.number(let number))):
      guard let count = number.integer, (-(1 << 30)...1 << 30).contains(count) else {
        throw .unmodelled("a difference of times", range)
      }
      return Self.elapsed(start, end, comparison, count, unit)
    case (.time(let moment, let moved), .constant(.now(let offset))):
      // `moment >= NOW() - 10 minutes` is that no more than these have passed.
      return Self.passed(moment, .search, comparison.mirrored, moved - offset)
    case (.time(let one, let moved), .time(let other, let otherMoved)):
      return Self.passed(other, one, comparison, otherMoved - moved)
    case (.truth(let truth), .constant(.boolean(let flag))) where comparison.order == nil:
      return (comparison == .equal) == flag ? truth : truth.negated
    case (.constant, _), (.count, _), (.largest, _), (.smallest, _), (.values, _), (.joined, _), (.time, _),
      (.elapsed, _), (.truth, _):
      throw .unmodelled("a comparison of measures", range)
    }
  }

  // MARK: Times

  /// The time from one moment to another, compared with seconds.
  private static func passed(
    _ start: ElapsedTime.Moment, _ end: ElapsedTime.Moment, _ comparison: ESQLExpression.Comparison, _ seconds: Int
  ) -> ESQLGroupTruth {
    func time(_ order: Order) -> GroupCondition {
      .elapsed(ElapsedTime(from: start, to: end, order, seconds: seconds))
    }
    func both(_ comparison: ESQLExpression.Comparison) -> GroupCondition {
      switch comparison {
      case .less: time(.less)
      case .lessOrEqual: time(.lessOrEqual)
      case .greater: time(.greater)
      case .greaterOrEqual: time(.greaterOrEqual)
      case .equal: .all([time(.lessOrEqual), time(.greaterOrEqual)])
      case .notEqual: .any([time(.less), time(.greater)])
      }
    }
    return ESQLGroupTruth(isTrue: both(comparison), isFalse: both(comparison.opposite))
  }

  /// Whole units that have passed, which `DATE_DIFF` cuts off towards zero.
  private static func elapsed(
    _ start: ElapsedTime.Moment, _ end: ElapsedTime.Moment, _ comparison: ESQLExpression.Comparison, _ count: Int,
    _ unit: Int
  ) -> ESQLGroupTruth {
    func time(_ order: Order, _ count: Int) -> GroupCondition {
      .elapsed(ElapsedTime(from: start, to: end, order, seconds: count * unit))
    }
    func atLeast(_ count: Int) -> GroupCondition {
      count > 0 ? time(.greaterOrEqual, count) : time(.greater, count - 1)
    }
    func atMost(_ count: Int) -> GroupCondition { count < 0 ? time(.lessOrEqual, count) : time(.less, count + 1) }
    func condition(_ comparison: ESQLExpression.Comparison) -> GroupCondition {
      switch comparison {
      case .less: atMost(count - 1)
      case .lessOrEqual: atMost(count)
      case .greater: atLeast(count + 1)
      case .greaterOrEqual: atLeast(count)
      case .equal: .all([atLeast(count), atMost(count)])
      case .notEqual: .any([atLeast(count + 1), atMost(count - 1)])
      }
    }
    return ESQLGroupTruth(isTrue: condition(comparison), isFalse: condition(comparison.opposite))
  }

  // MARK: Largest and smallest

  private enum End { case largest, smallest }

  /// The largest value, compared: that it is at least so large is that some event's is.
  private func extreme(
    _ measured: ESQLMeasured, _ end: End, _ comparison: ESQLExpression.Comparison, _ constant: ESQLValue,
    at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupTruth {
    if case .boolean(let flag) = constant {
      guard comparison.order == nil else { throw .unmodelled("an order between truth values", range) }
      return try flags(measured, end, (comparison == .equal) == flag, at: range, in: &meaning)
    }
    let reached = measured.value.reaching(end == .largest ? .largest : .smallest)
    func some(_ comparison: ESQLExpression.Comparison) throws(ESQLObstacle) -> GroupCondition {
      let truth = try meaning.compare(comparison, reached, constant, at: range)
      return .exists(.conjunction([measured.events, truth.isTrue]))
    }
    let exists = GroupCondition.exists(try measured.present(in: &meaning, at: range))
    let (beyond, atLeast): (ESQLExpression.Comparison, ESQLExpression.Comparison) =
      end == .largest ? (.greater, .greaterOrEqual) : (.less, .lessOrEqual)
    func none(_ condition: GroupCondition) -> GroupCondition { .conjunction([exists, .opposite(of: condition)]) }
    if comparison == beyond || comparison == atLeast {
      let condition = try some(comparison)
      return ESQLGroupTruth(isTrue: condition, isFalse: none(condition))
    }
    if comparison.opposite == beyond || comparison.opposite == atLeast {
      let condition = try some(comparison.opposite)
      return ESQLGroupTruth(isTrue: none(condition), isFalse: condition)
    }
    let equal = GroupCondition.conjunction([try some(atLeast), .opposite(of: try some(beyond))])
    let truth = ESQLGroupTruth(isTrue: equal, isFalse: none(equal))
    return comparison == .equal ? truth : truth.negated
  }

  /// The largest truth value is true where some event's is.
  private func flags(
    _ measured: ESQLMeasured, _ end: End, _ wanted: Bool, at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupTruth {
    let truth = try meaning.truth(of: measured.value, at: range)
    let isTrue = GroupCondition.exists(.conjunction([measured.events, truth.isTrue]))
    let isFalse = GroupCondition.exists(.conjunction([measured.events, truth.isFalse]))
    let result =
      end == .largest
      ? ESQLGroupTruth(isTrue: isTrue, isFalse: .conjunction([isFalse, .opposite(of: isTrue)]))
      : ESQLGroupTruth(isTrue: .conjunction([isTrue, .opposite(of: isFalse)]), isFalse: isFalse)
    return wanted ? result : result.negated
  }

  // MARK: Values

  /// `VALUES(…) == constant`: there is one value, and it is this; with several the comparison is null.
  private func onlyValue(
    _ measured: ESQLMeasured, _ constant: ESQLValue, at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupTruth {
    let single = try measured.distinct(in: &meaning, at: range).condition(.equal, Number(1))
    let found = try some(measured, equals: constant, at: range, in: &meaning)
    return ESQLGroupTruth(
      isTrue: .conjunction([single, found]), isFalse: .conjunction([single, .opposite(of: found)]))
  }

  /// `MV_CONTAINS(VALUES(…), constants)`: each of them is among the values.
  func contains(
    _ value: ESQLGroupValue, _ wanted: ESQLExpression, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupTruth {
    guard case .values(let measured) = value else { throw .unmodelled("MV_CONTAINS on a group", wanted.range) }
    var parts: [GroupCondition] = []
    for constant in try meaning.value(of: wanted).items {
      parts.append(try some(measured, equals: constant, at: wanted.range, in: &meaning))
    }
    return ESQLGroupTruth(total: .conjunction(parts))
  }

  /// Some event has the value.
  private func some(
    _ measured: ESQLMeasured, equals constant: ESQLValue, at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> GroupCondition {
    guard let branches = measured.branches, constant.isOrdered || constant.isBoolean else {
      throw .unmodelled("a comparison of the values of a group", range)
    }
    var passing: [Predicate] = []
    for branch in branches {
      switch branch.value {
      case .null: continue
      case .column(let view) where view.isText && view.isUnfolded && view.reach == .only && !view.isWrapped:
        guard let literal = meaning.literal(for: constant, of: view) else { continue }
        passing.append(.conjunction([branch.when, meaning.predicate(view, .equals(literal), at: range)]))
      case .text, .number, .boolean, .truth:
        let truth = try meaning.compare(.equal, branch.value, constant, at: range)
        passing.append(.conjunction([branch.when, truth.isTrue]))
      case .span, .now, .column, .choice, .list, .derived:
        throw .unmodelled("a comparison of the values of a group", range)
      }
    }
    return .exists(.disjunction(passing))
  }

  /// A part looked for in all values joined: in one of them, as long as it cannot reach across a delimiter.
  func match(
    _ measured: ESQLMeasured, _ delimiter: String, _ patterns: [ESQLExpression], at range: Range<Int>,
    in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupTruth {
    guard case .column(var view) = measured.value, view.isText, view.reach == .only, !view.isWrapped else {
      throw .unmodelled("a pattern on joined values", range)
    }
    view.reach = .joined(delimiter)
    let truth = try meaning.match(.column(view), .like, patterns, at: range)
    let some = GroupCondition.exists(.conjunction([measured.events, truth.isTrue]))
    let exists = GroupCondition.exists(try measured.present(in: &meaning, at: range))
    return ESQLGroupTruth(isTrue: some, isFalse: .conjunction([exists, .opposite(of: some)]))
  }
}

extension GroupCondition {
  /// A predicate that asks nothing of an event.
  fileprivate static func constant(_ predicate: Predicate) -> GroupCondition {
    predicate == .always ? .always : .any([])
  }
}

extension ESQLValue {
  /// The value with comparisons that see the largest or smallest of several values of a column.
  fileprivate func reaching(_ reach: ESQLColumnView.Reach) -> ESQLValue {
    switch self {
    case .column(var view):
      if view.reach == .only, !view.isWrapped { view.reach = reach }
      return .column(view)
    case .choice(let condition, let first, let second):
      return .choice(condition, first.reaching(reach), second.reaching(reach))
    case .null, .text, .number, .boolean, .span, .now, .truth, .list, .derived:
      return self
    }
  }
}

extension ESQLExpression {
  /// The names of the columns in it.
  var columns: [String] {
    switch form {
    case .null, .boolean, .string, .number, .span, .star, .parameter, .map: []
    case .column(let name): [name]
    case .list(let items), .allOf(let items), .anyOf(let items), .call(_, let items): items.flatMap(\.columns)
    case .cast(let inner, _), .minus(let inner), .isNull(let inner), .not(let inner): inner.columns
    case .arithmetic(let first, let operations): first.columns + operations.flatMap(\.operand.columns)
    case .comparison(_, let left, let right), .match(let left, let right): left.columns + right.columns
    case .isIn(let inner, let items), .like(let inner, _, let items): inner.columns + items.flatMap(\.columns)
    }
  }

  var isConstant: Bool { columns.isEmpty }
}
