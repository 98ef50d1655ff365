/// A condition on all events of a group and window, taken together.
///
/// It stands beside the one bound that every `Threshold` has, for rules that ask more of a group than that.
public indirect enum GroupCondition: Hashable, Sendable {
  case all([GroupCondition])
  case any([GroupCondition])
  case not(GroupCondition)
  case measure(GroupMeasure)
  case elapsed(ElapsedTime)
  /// Asks something of the values that the group goes by, one for each of its fields: the predicate is judged of an
  /// event that has these and nothing else.
  case key(Predicate)

  public static let always = GroupCondition.all([])
}

/// A measure of some events of a group, compared with a number; false where there is nothing to measure.
public struct GroupMeasure: Hashable, Sendable {
  public enum Quantity: Hashable, Sendable {
    case of(Threshold.Measure)
    /// How many of these kinds of event are there at least once.
    case kinds([Predicate])
  }

  /// Which of the threshold's events are measured.
  public var events: Predicate
  public var quantity: Quantity
  public var bound: Threshold.Bound
  public var value: Number

  public init(_ quantity: Quantity, of events: Predicate = .always, _ bound: Threshold.Bound, _ value: Number) {
    self.quantity = quantity
    self.events = events
    self.bound = bound
    self.value = value
  }
}

/// The time from one moment of a group to another, compared with a span; false where one of them never was.
public struct ElapsedTime: Hashable, Sendable {
  public enum Moment: Hashable, Sendable {
    /// Of the first event that passes.
    case first(Predicate)
    /// Of the last event that passes.
    case last(Predicate)
    /// When the search runs.
    case search
  }

  public var start: Moment
  public var end: Moment
  public var order: Order
  /// In seconds; negative where the end may lie before the start.
  public var seconds: Int

  public init(from start: Moment, to end: Moment, _ order: Order, seconds: Int) {
    self.start = start
    self.end = end
    self.order = order
    self.seconds = seconds
  }
}

extension GroupCondition {
  /// All of the parts; without a part always true.
  public static func conjunction(_ parts: [GroupCondition]) -> GroupCondition {
    joined(parts, neutral: .all([]), deciding: .any([]), GroupCondition.all) { part in
      if case .all(let inner) = part { inner } else { nil }
    }
  }

  /// Some of the parts; without a part never true.
  public static func disjunction(_ parts: [GroupCondition]) -> GroupCondition {
    joined(parts, neutral: .any([]), deciding: .all([]), GroupCondition.any) { part in
      if case .any(let inner) = part { inner } else { nil }
    }
  }

  private static func joined(
    _ parts: [GroupCondition], neutral: GroupCondition, deciding: GroupCondition,
    _ join: ([GroupCondition]) -> GroupCondition, _ open: (GroupCondition) -> [GroupCondition]?
  ) -> GroupCondition {
    let flat = parts.flatMap { open($0) ?? [$0] }
    if flat.contains(deciding) { return deciding }
    return flat.count == 1 ? flat[0] : join(flat)
  }

  /// Whether it stays true once it is, however many events come after.
  public var holdsOnceMet: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.allSatisfy(\.holdsOnceMet)
    case .not: false
    case .key: true
    case .elapsed: false
    case .measure(let measure): measure.holdsOnceMet
    }
  }

  /// The condition with every predicate and every path changed, in the order in which they stand.
  public func map<Failure: Error>(
    predicate change: (Predicate) throws(Failure) -> Predicate, field rename: (FieldPath) throws(Failure) -> FieldPath
  ) throws(Failure) -> GroupCondition {
    switch self {
    case .all(let parts): return .all(try Self.map(parts, change, rename))
    case .any(let parts): return .any(try Self.map(parts, change, rename))
    case .not(let inner): return .not(try inner.map(predicate: change, field: rename))
    case .key(let predicate): return .key(try change(predicate))
    case .elapsed(var time):
      time.start = try time.start.map(change)
      time.end = try time.end.map(change)
      return .elapsed(time)
    case .measure(var measure):
      measure.events = try change(measure.events)
      measure.quantity = try measure.quantity.map(change, rename)
      return .measure(measure)
    }
  }

  private static func map<Failure: Error>(
    _ parts: [GroupCondition], _ change: (Predicate) throws(Failure) -> Predicate,
    _ rename: (FieldPath) throws(Failure) -> FieldPath
  ) throws(Failure) -> [GroupCondition] {
    var mapped: [GroupCondition] = []
    for part in parts { mapped.append(try part.map(predicate: change, field: rename)) }
    return mapped
  }

  /// The predicates in it, in the order in which they stand.
  public var predicates: [Predicate] {
    var found: [Predicate] = []
    _ = map(
      predicate: { predicate in
        found.append(predicate)
        return predicate
      }, field: { $0 })
    return found
  }
}

extension GroupMeasure {
  fileprivate var holdsOnceMet: Bool {
    guard case .order(let order) = bound, order == .greater || order == .greaterOrEqual else { return false }
    switch quantity {
    case .kinds: return true
    case .of(let measure): return measure.growsWithEvents
    }
  }
}

extension GroupMeasure.Quantity {
  fileprivate func map<Failure: Error>(
    _ change: (Predicate) throws(Failure) -> Predicate, _ rename: (FieldPath) throws(Failure) -> FieldPath
  ) throws(Failure) -> GroupMeasure.Quantity {
    switch self {
    case .of(let measure): return .of(try measure.map(rename))
    case .kinds(let kinds):
      var changed: [Predicate] = []
      for kind in kinds { changed.append(try change(kind)) }
      return .kinds(changed)
    }
  }
}

extension ElapsedTime.Moment {
  fileprivate func map<Failure: Error>(
    _ change: (Predicate) throws(Failure) -> Predicate
  ) throws(Failure) -> ElapsedTime.Moment {
    switch self {
    case .first(let predicate): .first(try change(predicate))
    case .last(let predicate): .last(try change(predicate))
    case .search: .search
    }
  }
}

extension Threshold.Measure {
  /// Whether further events can only make it larger, as far as sums are of what is not negative.
  public var growsWithEvents: Bool {
    switch self {
    case .count, .distinctCount, .sum: true
    case .average, .percentile: false
    }
  }

  /// The measure with every path changed.
  public func map<Failure: Error>(
    _ rename: (FieldPath) throws(Failure) -> FieldPath
  ) throws(Failure) -> Threshold.Measure {
    switch self {
    case .count: return self
    case .distinctCount(let fields):
      var renamed: [FieldPath] = []
      for field in fields { renamed.append(try rename(field)) }
      return .distinctCount(renamed)
    case .sum(let field): return .sum(try rename(field))
    case .average(let field): return .average(try rename(field))
    case .percentile(let percentile, let field): return .percentile(percentile, try rename(field))
    }
  }
}

extension Threshold {
  /// When its bounds are compared.
  public enum Comparison: Hashable, Sendable {
    /// With each event, so that a bound from above holds of the first ones.
    case asEventsCome
    /// Once, when all events of the window have come.
    case onceAllHaveCome
  }

  /// Whether one bound, compared as events come, is all that it asks of a group.
  public var isPlain: Bool { further == nil && comparison == .asEventsCome }
}
