import RuleIR
import SourceText

/// A condition on the groups of an aggregation, as a stage behind it states it.
struct GroupTest {
  var condition: GroupCondition
  /// The grouping whose measures are compared.
  var grouping: AggregateGrouping
  var place: SourceRange
}

/// Gives a condition behind an aggregation its meaning: what it asks of each group's measures and keys.
///
/// A negation is pushed down to the bounds, for a measure of nothing is NULL and no comparison with NULL is kept.
struct GroupLowering {
  let scope: FieldScope
  let query: ExpandedQuery
  /// The grouping that the measures met so far belong to.
  private(set) var grouping: AggregateGrouping?
  private(set) var notes: [Diagnostic] = []

  init(_ scope: FieldScope, in query: ExpandedQuery, grouping: AggregateGrouping? = nil) {
    self.scope = scope
    self.query = query
    self.grouping = grouping
  }

  // MARK: search

  /// Whether a part of a search compares an aggregate, or asks several things of gathered values.
  static func concerns(_ tree: SearchTree, in scope: FieldScope) -> Bool {
    tree.fieldNames.contains { scope.binding(of: $0).isOfGroup }
  }

  mutating func condition(_ tree: SearchTree, negated: Bool = false) throws(Obstacle) -> GroupCondition {
    guard Self.concerns(tree, in: scope) else {
      var lowering = SearchLowering(scope, in: query)
      let predicate = try lowering.predicate(tree)
      notes += lowering.notes
      return try key(negated ? .negation(of: predicate) : predicate, tree.place)
    }
    switch tree {
    case .all(let parts), .any(let parts):
      var lowered: [GroupCondition] = []
      for part in parts { lowered.append(try condition(part, negated: negated)) }
      if case .all = tree { return negated ? .disjunction(lowered) : .conjunction(lowered) }
      return negated ? .conjunction(lowered) : .disjunction(lowered)
    case .not(let part): return try condition(part, negated: !negated)
    case .comparison(let test): return try condition(test, tree, negated)
    case .membership(let test): return try gathered(test.field, tree, negated, test.place)
    case .term, .time, .subsearch:
      throw Obstacle(reason: "condition on groups", detail: "it is not about a group", place: tree.place)
    }
  }

  private mutating func condition(
    _ test: SearchComparison, _ tree: SearchTree, _ negated: Bool
  ) throws(Obstacle) -> GroupCondition {
    guard case .measure(let measure) = scope.binding(of: test.field) else {
      return try gathered(test.field, tree, negated, test.place)
    }
    guard let number = test.value.literal.flatMap({ Number($0) }) else {
      throw Obstacle(
        reason: "comparison of an aggregate with a text", detail: "\(test.field) is \(measure.function)",
        place: test.place)
    }
    // Without a value `NOT n=1` holds; only counts always have one.
    guard !negated || measure.isAlwaysThere else { throw unknown(measure, test.place) }
    let bound: Threshold.Bound
    switch test.comparison {
    case .equal, .doubleEqual: bound = .equal
    case .notEqual: bound = .notEqual
    case .less: bound = .order(.less)
    case .lessOrEqual: bound = .order(.lessOrEqual)
    case .greater: bound = .order(.greater)
    case .greaterOrEqual: bound = .order(.greaterOrEqual)
    }
    return try self.bound(measure, negated ? bound.opposite : bound, number, test.place)
  }

  /// Values gathered over a group, of which one passes where one of its events does.
  private mutating func gathered(
    _ name: String, _ tree: SearchTree, _ negated: Bool, _ place: SourceRange
  ) throws(Obstacle) -> GroupCondition {
    guard case .collected(let path, _) = scope.binding(of: name), let grouping else {
      throw Obstacle(reason: "condition on groups", detail: "'\(name)' is an aggregate", place: place)
    }
    var opened = scope
    opened.bind(name, to: .event(path))
    var lowering = SearchLowering(opened, in: query)
    let predicate = try lowering.predicate(tree)
    notes += lowering.notes
    self.grouping = grouping
    let bound: Threshold.Bound = negated ? .order(.less) : .order(.greaterOrEqual)
    return .measure(GroupMeasure(.of(.count), of: predicate, bound, Number(1)))
  }

  // MARK: where

  static func concerns(_ expression: EvalExpression, in scope: FieldScope) -> Bool {
    switch expression {
    case .and(let parts), .or(let parts), .arithmetic(_, let parts, _):
      parts.contains { concerns($0, in: scope) }
    case .xor(let left, let right), .comparison(_, let left, let right, _):
      concerns(left, in: scope) || concerns(right, in: scope)
    case .not(let part): concerns(part, in: scope)
    case .call(let call): call.arguments.contains { concerns($0, in: scope) }
    case .field(let name, _): scope.binding(of: name).isOfGroup
    case .search(let tree, _): concerns(tree, in: scope)
    case .text, .number, .subsearch: false
    }
  }

  mutating func condition(_ expression: EvalExpression, negated: Bool = false) throws(Obstacle) -> GroupCondition {
    guard Self.concerns(expression, in: scope) else {
      var lowering = EvalLowering(scope, in: query)
      let truth = try lowering.condition(expression)
      notes += lowering.notes
      return try key((negated ? truth.isFalse : truth.isTrue).withoutImpliedPresence, expression.place)
    }
    switch expression {
    case .and(let parts), .or(let parts):
      var lowered: [GroupCondition] = []
      for part in parts { lowered.append(try condition(part, negated: negated)) }
      if case .and = expression { return negated ? .disjunction(lowered) : .conjunction(lowered) }
      return negated ? .conjunction(lowered) : .disjunction(lowered)
    case .not(let part): return try condition(part, negated: !negated)
    case .comparison(let comparison, let left, let right, let place):
      let operands = negated ? (comparison.opposite, left, right) : (comparison, left, right)
      return try compare(operands, place)
    case .search(let tree, _): return try condition(tree, negated: negated)
    case .xor, .call, .field, .text, .number, .arithmetic, .subsearch:
      throw Obstacle(
        reason: "test of an aggregate in a condition", detail: "an aggregate is reckoned with", place: expression.place)
    }
  }

  private mutating func compare(
    _ test: (EvalComparison, EvalExpression, EvalExpression), _ place: SourceRange
  ) throws(Obstacle) -> GroupCondition {
    let (comparison, left, right) = test
    if let measure = measure(left), let number = right.literalNumber {
      return try bound(measure, comparison.bound, number, place)
    }
    if let measure = measure(right), let number = left.literalNumber {
      return try bound(measure, comparison.mirrored.bound, number, place)
    }
    if let elapsed = try elapsed(comparison, left, right, place) { return elapsed }
    throw Obstacle(
      reason: "test of an aggregate in a condition", detail: "it is compared with what is no number", place: place)
  }

  // MARK: Times

  /// `last-first<=60`, `first>=relative_time(now(),"-70m@m")`; nil for what compares no times.
  private mutating func elapsed(
    _ comparison: EvalComparison, _ left: EvalExpression, _ right: EvalExpression, _ place: SourceRange
  ) throws(Obstacle) -> GroupCondition? {
    if case .arithmetic("-", let operands, _) = left, operands.count == 2, let order = comparison.timeOrder,
      let seconds = right.literalNumber?.integer
    {
      guard let end = try moment(operands[0], place), let start = try moment(operands[1], place) else { return nil }
      return .elapsed(ElapsedTime(from: start, to: end, order, seconds: seconds))
    }
    guard let start = try moment(left, place), let span = right.timeBeforeNow, let order = comparison.mirrored.timeOrder
    else { return nil }
    return .elapsed(ElapsedTime(from: start, to: .search, order, seconds: span.seconds))
  }

  private mutating func moment(_ expression: EvalExpression, _ place: SourceRange) throws(Obstacle) -> ElapsedTime
    .Moment?
  {
    switch expression {
    case .call(let call) where call.name == "now": return .search
    case .field(let name, _):
      guard case .moment(let moment, let own) = scope.binding(of: name) else { return nil }
      if let grouping, grouping != own {
        throw Obstacle(reason: "several groupings", detail: "it belongs to another grouping", place: place)
      }
      grouping = own
      return moment
    case .and, .or, .xor, .not, .comparison, .call, .text, .number, .arithmetic, .search, .subsearch: return nil
    }
  }

  /// An aggregate, or how many values `values` has gathered.
  private func measure(_ expression: EvalExpression) -> AggregateMeasure? {
    switch expression {
    case .field(let name, _):
      guard case .measure(let measure) = scope.binding(of: name) else { return nil }
      return measure
    case .call(let call) where call.name == "mvcount":
      guard case .field(let name, _)? = call.arguments.first, let grouping,
        case .collected(let path, .values) = scope.binding(of: name)
      else { return nil }
      return AggregateMeasure(
        measure: .distinctCount([path]), grouping: grouping, function: "mvcount()", isAlwaysThere: false)
    case .and, .or, .xor, .not, .comparison, .call, .text, .number, .arithmetic, .search, .subsearch: return nil
    }
  }

  // MARK: Bounds and keys

  private mutating func bound(
    _ measure: AggregateMeasure, _ bound: Threshold.Bound, _ value: Number, _ place: SourceRange
  ) throws(Obstacle) -> GroupCondition {
    if let grouping, grouping != measure.grouping {
      throw Obstacle(reason: "several groupings", detail: "it belongs to another grouping", place: place)
    }
    grouping = measure.grouping
    // A number of values is NULL, not zero, where there is none.
    guard measure.isAlwaysThere || !measure.measure.isOfRows || !bound.holds(Number(0), value) else {
      throw unknown(measure, place)
    }
    let found = GroupMeasure(.of(measure.measure), of: measure.only ?? .always, bound, value)
    return found.isOfEveryGroup ? .always : .measure(found)
  }

  private func unknown(_ measure: AggregateMeasure, _ place: SourceRange) -> Obstacle {
    Obstacle(
      reason: "absence of an aggregate", detail: "\(measure.function) has no value where there is nothing to measure",
      place: place)
  }

  /// A condition on what the group goes by.
  private func key(_ predicate: Predicate, _ place: SourceRange?) throws(Obstacle) -> GroupCondition {
    let keys = Set(grouping?.fields ?? [])
    guard predicate.fields.isSubset(of: keys), grouping?.absentKey == .dropped else {
      throw Obstacle(
        reason: "test of an event beside an aggregate", detail: "it is about no key of the group", place: place)
    }
    return .key(predicate)
  }
}

extension FieldBinding {
  /// Whether it is known of a group of events only.
  fileprivate var isOfGroup: Bool {
    switch self {
    case .measure, .collected, .moment: true
    case .event, .filled, .value, .opaque, .absent: false
    }
  }
}

extension EvalExpression {
  fileprivate var literalNumber: Number? {
    switch self {
    case .number(let text, _), .text(let text, _): Number(text)
    case .and, .or, .xor, .not, .comparison, .call, .field, .arithmetic, .search, .subsearch: nil
    }
  }
}

extension EvalComparison {
  fileprivate var timeOrder: Order? {
    switch self {
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equal, .notEqual: nil
    }
  }

  fileprivate var bound: Threshold.Bound {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .order(.less)
    case .lessOrEqual: .order(.lessOrEqual)
    case .greater: .order(.greater)
    case .greaterOrEqual: .order(.greaterOrEqual)
    }
  }

  fileprivate var opposite: EvalComparison {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }
}

extension Threshold.Bound {
  /// The bound that holds just where this one does not.
  var opposite: Threshold.Bound {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .order(let order): .order(order.opposite)
    }
  }

  func holds(_ number: Number, _ value: Number) -> Bool {
    switch self {
    case .equal: number == value
    case .notEqual: number != value
    case .order(let order): order.holds(number.text, value.text)
    }
  }
}

extension Threshold.Measure {
  /// Whether it counts events, or values in them, so that of nothing it is zero.
  var isOfRows: Bool {
    switch self {
    case .count, .distinctCount: true
    case .sum, .average, .percentile: false
    }
  }
}

extension GroupMeasure {
  /// Whether every group that there is passes: `count > 0`.
  fileprivate var isOfEveryGroup: Bool {
    guard case .of(.count) = quantity, events == .always else { return false }
    switch bound {
    case .order(.greater): return value == Number(0)
    case .order(.greaterOrEqual): return value == Number(1)
    case .notEqual: return value == Number(0)
    case .order(.less), .order(.lessOrEqual), .equal: return false
    }
  }
}
