import RuleIR

/// What a column comes to for one group, after an aggregation.
indirect enum ESQLGroupValue: Sendable {
  case constant(ESQLValue)
  case count(ESQLGroupCount)
  /// `MAX` of what an expression is for each event.
  case largest(ESQLMeasured)
  /// `MIN`
  case smallest(ESQLMeasured)
  /// `VALUES`
  case values(ESQLMeasured)
  /// `MV_CONCAT(VALUES(…), text)`
  case joined(ESQLMeasured, by: String)
  /// `MIN(@timestamp)` and `MAX(@timestamp)`, moved by so many seconds.
  case time(ElapsedTime.Moment, plus: Int)
  /// `DATE_DIFF(unit, start, end)`, in units of so many seconds.
  case elapsed(from: ElapsedTime.Moment, to: ElapsedTime.Moment, unit: Int)
  case truth(ESQLGroupTruth)
  /// The first where the condition holds, else the second.
  case choice(GroupCondition, ESQLGroupValue, ESQLGroupValue)
  /// What is not modelled, as a short noun phrase.
  case opaque(String)
}

/// A number that grows out of the events of a group.
struct ESQLGroupCount: Sendable {
  var quantity: GroupMeasure.Quantity
  var events: Predicate
  /// Of which events there must be one, lest the measure be null; nil where it never is.
  var definedBy: Predicate?

  init(_ quantity: GroupMeasure.Quantity, of events: Predicate = .always, definedBy: Predicate? = nil) {
    self.quantity = quantity
    self.events = events
    self.definedBy = definedBy
  }

  /// The condition that the number stands so to a constant; false where it is null.
  func condition(_ bound: Threshold.Bound, _ value: Number) -> GroupCondition {
    let compared = GroupCondition.measure(GroupMeasure(quantity, of: events, bound, value))
    guard let definedBy, bound.holds(Number(0), value) else { return compared }
    return .conjunction([.exists(definedBy), compared])
  }
}

/// What an aggregation looks at: the value that an expression has for each of some events.
struct ESQLMeasured: Sendable {
  var value: ESQLValue
  var events: Predicate
}

/// When a condition on a group is true and when it is false; else it is null.
struct ESQLGroupTruth: Sendable {
  var isTrue: GroupCondition
  var isFalse: GroupCondition

  static let unknown = ESQLGroupTruth(isTrue: .any([]), isFalse: .any([]))

  init(isTrue: GroupCondition, isFalse: GroupCondition) {
    self.isTrue = isTrue
    self.isFalse = isFalse
  }

  /// A condition that is never null.
  init(total condition: GroupCondition) {
    self.init(isTrue: condition, isFalse: .opposite(of: condition))
  }

  var negated: ESQLGroupTruth { ESQLGroupTruth(isTrue: isFalse, isFalse: isTrue) }

  static func and(_ parts: [ESQLGroupTruth]) -> ESQLGroupTruth {
    ESQLGroupTruth(isTrue: .conjunction(parts.map(\.isTrue)), isFalse: .disjunction(parts.map(\.isFalse)))
  }

  static func or(_ parts: [ESQLGroupTruth]) -> ESQLGroupTruth { and(parts.map(\.negated)).negated }

  static func choice(_ condition: GroupCondition, _ first: ESQLGroupTruth, _ second: ESQLGroupTruth) -> ESQLGroupTruth {
    let other = GroupCondition.opposite(of: condition)
    func choose(_ side: (ESQLGroupTruth) -> GroupCondition) -> GroupCondition {
      .disjunction([.conjunction([condition, side(first)]), .conjunction([other, side(second)])])
    }
    return ESQLGroupTruth(isTrue: choose(\.isTrue), isFalse: choose(\.isFalse))
  }
}

extension GroupCondition {
  /// There is an event that passes.
  static func exists(_ predicate: Predicate) -> GroupCondition {
    if predicate == .always { return .always }
    if predicate == .never { return .any([]) }
    return .measure(GroupMeasure(.of(.count), of: predicate, .order(.greaterOrEqual), Number(1)))
  }

  /// The opposite; constants and double negations are resolved, and so are bounds of numbers that are never null.
  static func opposite(of condition: GroupCondition) -> GroupCondition {
    switch condition {
    case .all(let parts): return .disjunction(parts.map(opposite))
    case .any(let parts): return .conjunction(parts.map(opposite))
    case .not(let inner): return inner
    case .measure(var measure):
      guard measure.quantity.isCount else { return .not(condition) }
      measure.bound = measure.bound.opposite
      return .measure(measure)
    case .elapsed, .key: return .not(condition)
    }
  }

  /// Whether it would hold of a group without an event.
  var holdsOfNothing: Bool {
    switch self {
    case .all(let parts): parts.allSatisfy(\.holdsOfNothing)
    case .any(let parts): parts.contains(where: \.holdsOfNothing)
    case .not(let inner): !inner.holdsOfNothing
    case .measure(let measure): measure.quantity.isCount && measure.bound.holds(Number(0), measure.value)
    case .elapsed, .key: false
    }
  }
}

extension GroupMeasure.Quantity {
  /// Whether it is a number also where there is nothing to measure: zero.
  var isCount: Bool {
    switch self {
    case .kinds, .of(.count), .of(.distinctCount): true
    case .of(.sum), .of(.average), .of(.percentile): false
    }
  }
}

extension Threshold.Bound {
  var opposite: Threshold.Bound {
    switch self {
    case .order(let order): .order(order.opposite)
    case .equal: .notEqual
    case .notEqual: .equal
    }
  }

  func holds(_ left: Number, _ right: Number) -> Bool {
    switch self {
    case .order(.less): left < right
    case .order(.lessOrEqual): left <= right
    case .order(.greater): left > right
    case .order(.greaterOrEqual): left >= right
    case .equal: left == right
    case .notEqual: left != right
    }
  }
}

extension ESQLExpression.Comparison {
  var bound: Threshold.Bound {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .order(.less)
    case .lessOrEqual: .order(.lessOrEqual)
    case .greater: .order(.greater)
    case .greaterOrEqual: .order(.greaterOrEqual)
    }
  }

  /// The comparison that holds exactly when this one does not, between two values.
  var opposite: ESQLExpression.Comparison {
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
