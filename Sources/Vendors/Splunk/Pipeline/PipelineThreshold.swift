import RuleIR
import SourceText

extension PipelineReader {
  /// What is asked of groups as a threshold; nil where nothing is, or where it cannot be said.
  mutating func threshold() -> Threshold? {
    guard let first = groupTests.first else { return nil }
    let grouping = first.grouping
    if let other = groupTests.first(where: { $0.grouping != grouping }) {
      obstruct("several groupings", "aggregates of different groupings are compared", other.place)
      return nil
    }
    if let found = grouping.obstacle {
      meet(found)
      return nil
    }
    guard let behind = filtersBehind(grouping, first.place) else { return nil }
    let condition = GroupCondition.conjunction(groupTests.map(\.condition) + behind)
    if hasEmptyRows, !condition.holdsOnceMet {
      obstruct("rows without events", "a span without events is a row here as well", first.place)
      return nil
    }
    ignored.removeAll { $0.command == "streamstats" || $0.command == "eventstats" }
    return GroupThreshold(
      predicate: predicate(of: counted(grouping), grouping), grouping: grouping, condition: condition,
      origin: query.origin(of: first.place)
    ).threshold
  }

  /// The filters that the events pass before they are counted.
  private func counted(_ grouping: AggregateGrouping) -> [Predicate] {
    let all = grouping.outcome == .rows ? filters : Array(filters.prefix(grouping.filterCount))
    return all.enumerated().filter { $0.offset != gatheredTest }.map(\.element) + grouping.only
  }

  /// The condition on events; those without a key are dropped anyway.
  private func predicate(of parts: [Predicate], _ grouping: AggregateGrouping) -> Predicate {
    let keyed = grouping.absentKey == .dropped ? Set(grouping.fields) : []
    let kept = parts.filter { part in
      if case .presence(let test) = part, test.kind == .value { !keyed.contains(test.field) } else { true }
    }
    return Predicate.conjunction(kept).withoutImpliedPresence
  }

  /// What filters behind the aggregation ask: that some event of the group pass them; nil where that cannot be said.
  private mutating func filtersBehind(_ grouping: AggregateGrouping, _ place: SourceRange) -> [GroupCondition]? {
    var behind: [GroupCondition] = []
    if let gatheredTest { behind.append(.some(filters[gatheredTest])) }
    guard grouping.outcome != .rows else { return behind }
    var later = Array(filters.dropFirst(grouping.filterCount))
    if let second = self.grouping {
      if let found = second.obstacle, grouping.outcome == .running {
        meet(found)
        return nil
      }
      later += second.only + second.dropped
    }
    let keys = Set(grouping.absentKey == .dropped ? grouping.fields : [])
    later = later.filter { part in
      if case .presence(let test) = part, test.kind == .value { !keys.contains(test.field) } else { true }
    }
    guard !later.isEmpty else { return behind }
    guard grouping.outcome == .events else {
      obstruct("filter behind streamstats", "events were counted before it", place)
      return nil
    }
    behind.append(.some(Predicate.conjunction(later).withoutImpliedPresence))
    return behind
  }
}

extension GroupCondition {
  /// That some event of the group passes.
  fileprivate static func some(_ predicate: Predicate) -> GroupCondition {
    .measure(GroupMeasure(.of(.count), of: predicate, .order(.greaterOrEqual), Number(1)))
  }
}

/// Puts a threshold together from what is asked of its groups.
struct GroupThreshold {
  var predicate: Predicate
  var grouping: AggregateGrouping
  var condition: GroupCondition
  var origin: Origin

  /// One bound is the threshold's own, and what else there is stands beside it.
  ///
  /// `stats` compares once all events have come; of what stays true once it is, that is the same as with each event.
  var threshold: Threshold {
    var threshold = Threshold(
      predicate, groupBy: grouping.fields, absentKey: grouping.absentKey, window: grouping.window,
      .order(.greaterOrEqual), Number(1), origin: origin)
    threshold.comparison = grouping.outcome == .running || condition.holdsOnceMet ? .asEventsCome : .onceAllHaveCome
    var parts = condition.conjuncts
    let sole = parts.count == 1 ? parts[0].plainMeasure : nil
    if let sole, case .of(let measure) = sole.quantity, sole.events == .always || sole.needsItsEvents {
      threshold.predicate = Predicate.conjunction([predicate, sole.events]).withoutImpliedPresence
      (threshold.measure, threshold.bound, threshold.value) = (measure, sole.bound, sole.value)
      return threshold
    }
    if let index = parts.firstIndex(where: { $0.plainMeasure?.events == .always }),
      let own = parts[index].plainMeasure, case .of(let measure) = own.quantity
    {
      (threshold.measure, threshold.bound, threshold.value) = (measure, own.bound, own.value)
      parts.remove(at: index)
    }
    if !parts.isEmpty { threshold.further = .conjunction(parts) }
    return threshold
  }
}

extension GroupCondition {
  fileprivate var conjuncts: [GroupCondition] {
    if case .all(let parts) = self { parts } else { [self] }
  }

  /// The measure that the condition is, where it is one of events or values.
  fileprivate var plainMeasure: GroupMeasure? {
    guard case .measure(let measure) = self, case .of = measure.quantity else { return nil }
    return measure
  }
}

extension GroupMeasure {
  /// Whether a group without an event that is measured fails, so that the others need not be counted.
  fileprivate var needsItsEvents: Bool {
    guard case .of(let measure) = quantity else { return false }
    return measure.isOfRows && !bound.holds(Number(0), value)
  }
}
