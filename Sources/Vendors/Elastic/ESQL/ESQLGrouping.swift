import LanguageSupport
import RuleIR
import SourceText

/// The rows after `STATS … BY …`: one a group, with its keys and measures.
///
/// A null key is a group of its own; an event with several values of a key is in the group of each.
///
/// https://www.elastic.co/docs/reference/query-languages/esql/commands/stats-by
struct ESQLGrouping {
  private let place: SourceRange
  /// What names stand for that are no keys.
  var columns: [String: ESQLGroupValue] = [:]
  /// The keys, by the names that they have.
  var keyNames: Set<String> = []
  /// Reads conditions on keys: names stand for the fields of the grouping.
  var keyMeaning: ESQLMeaning
  private var keys: [FieldPath] = []
  private var window = Threshold.Window.searchSpan
  private var conditions: [GroupCondition] = []
  /// A key that is not modelled.
  private(set) var gap: ESQLPipeline.Gap?

  init(
    _ measures: [ESQLMeasure], by assignments: [ESQLAssignment], in meaning: inout ESQLMeaning,
    of place: SourceRange
  ) throws(ESQLObstacle) {
    self.place = place
    keyMeaning = ESQLMeaning(passage: meaning.passage)
    for assignment in assignments { try addKey(assignment, in: &meaning) }
    for measure in measures {
      columns[measure.assignment.name] = try Self.column(for: measure, in: &meaning)
    }
  }

  mutating func rename(_ old: String, to new: String) {
    if keyNames.remove(old) != nil {
      keyNames.insert(new)
      keyMeaning.definitions[new] = keyMeaning.definitions.removeValue(forKey: old)
    }
    columns[new] = columns.removeValue(forKey: old)
  }

  /// The paths of the grouping.
  var keyPaths: [FieldPath] { keys }

  // MARK: Keys

  private mutating func addKey(_ assignment: ESQLAssignment, in meaning: inout ESQLMeaning) throws(ESQLObstacle) {
    do throws(ESQLObstacle) {
      if let span = try Self.bucket(assignment.expression, in: &meaning) {
        window = .tumbling(span)
        columns[assignment.name] = .opaque("a condition on a time window")
        return
      }
      guard case .column(let view)? = try Self.known(assignment.expression, in: &meaning), view.isPlain else {
        throw .unmodelled("a grouping by a computed value", assignment.expression.range)
      }
      keys.append(view.path)
      keyNames.insert(assignment.name)
      keyMeaning.definitions[assignment.name] = .value(.column(view), size: 1)
    } catch {
      guard case .unmodelled(let reason, let range) = error else { throw error }
      gap = gap ?? ESQLPipeline.Gap(reason: reason, range: range)
      columns[assignment.name] = .opaque(reason)
    }
  }

  /// What a key comes to; nil where it is not modelled.
  private static func known(
    _ expression: ESQLExpression, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLValue? {
    do throws(ESQLObstacle) {
      return try meaning.value(of: expression)
    } catch {
      guard case .unmodelled = error else { throw error }
      return nil
    }
  }

  /// The length of the windows that `DATE_TRUNC(span, @timestamp)`, `BUCKET(@timestamp, span)` or a column that was
  /// set to one cuts time into.
  private static func bucket(
    _ expression: ESQLExpression, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> TimeSpan? {
    if case .column(let name) = expression.form, case .window(let span)? = meaning.definitions[name] { return span }
    return try meaning.window(of: expression)
  }

  private static func column(
    for measure: ESQLMeasure, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupValue {
    do throws(ESQLObstacle) {
      let condition = try measure.condition.map { condition throws(ESQLObstacle) in
        try meaning.truth(of: condition).isTrue
      }
      var aggregation = ESQLAggregation(only: condition ?? .always)
      return try aggregation.value(of: measure.assignment.expression, in: &meaning)
    } catch {
      guard case .unmodelled(let reason, _) = error else { throw error }
      return .opaque(reason)
    }
  }

  // MARK: Conditions on groups

  /// Sets a name to what an expression comes to for a group.
  mutating func define(_ assignment: ESQLAssignment, in meaning: inout ESQLMeaning) throws(ESQLObstacle) {
    if case .column(let name) = assignment.expression.form, keyNames.contains(name) {
      keyNames.insert(assignment.name)
      keyMeaning.definitions[assignment.name] = keyMeaning.definitions[name]
      columns[assignment.name] = nil
      return
    }
    keyNames.remove(assignment.name)
    keyMeaning.definitions[assignment.name] = nil
    do throws(ESQLObstacle) {
      columns[assignment.name] = try value(of: assignment.expression, in: &meaning)
    } catch {
      guard case .unmodelled(let reason, _) = error else { throw error }
      columns[assignment.name] = .opaque(reason)
    }
  }

  /// Sets a name to what is not modelled.
  mutating func forget(_ name: String, _ reason: String) {
    keyNames.remove(name)
    columns[name] = .opaque(reason)
  }

  /// Takes a condition on groups for the threshold, or as one on the events where that is the same.
  mutating func filter(
    _ part: ESQLExpression, in meaning: inout ESQLMeaning, filters: inout [Predicate]
  ) throws(ESQLObstacle) {
    if let predicate = keyPresence(part, in: meaning) {
      filters.append(predicate)
      return
    }
    conditions.append(try truth(of: part, in: &meaning).isTrue)
  }

  /// `key IS NOT NULL`, which leaves out the events without the key.
  private func keyPresence(_ part: ESQLExpression, in meaning: ESQLMeaning) -> Predicate? {
    guard case .not(let inner) = part.form, case .isNull(let column) = inner.form, case .column(let name) = column.form,
      keyNames.contains(name), case .value(.column(let view), _)? = keyMeaning.definitions[name]
    else { return nil }
    return .presence(PresenceTest(.value, view.path, origin: meaning.origin(part.range)))
  }

  /// Whether a condition such as `first_seen >= NOW() - 9 minutes` holds for all events that the search looks at.
  mutating func coversSearch(
    _ part: ESQLExpression, _ lookback: TimeSpan, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> Bool {
    guard case .comparison(let comparison, let left, let right) = part.form, case .column(let name) = left.form,
      case .time(_, plus: 0)? = columns[name], comparison == .greater || comparison == .greaterOrEqual,
      case .now(let offset) = try meaning.value(of: right)
    else { return false }
    return lookback.seconds <= -offset
  }

  // MARK: The whole

  /// The threshold; without a condition on groups it is one event.
  ///
  /// One bound of a number that only grows is compared as events come, for that is when the query's next run would
  /// find it met; anything else once all have come.
  func threshold(
    over predicate: Predicate, origin: Origin, text: String
  ) throws(ESQLObstacle) -> (threshold: Threshold, events: Predicate) {
    var parts = GroupCondition.conjunction(conditions).conjuncts
    let whole = GroupCondition.conjunction(parts)
    var threshold = Threshold(
      predicate, groupBy: keys, absentKey: .ownGroup, window: window, .order(.greaterOrEqual), Number(1),
      origin: Origin(place))
    if keys.isEmpty, !conditions.isEmpty, whole.holdsOfNothing {
      throw .unmodelled("a condition that also holds where no event is", 0..<0)
    }
    threshold.comparison = whole.holdsOnceMet ? .asEventsCome : .onceAllHaveCome
    var events = Predicate.always
    let sole = parts.count == 1 ? parts[0].plainMeasure : nil
    let index = sole != nil ? 0 : parts.firstIndex { $0.plainMeasure?.events == .always }
    if let index, let measure = parts[index].plainMeasure, case .of(let inner) = measure.quantity {
      let isOfSome = measure.events != .always
      if !isOfSome || (sole != nil && inner.isOfRows && !measure.bound.holds(Number(0), measure.value)) {
        (threshold.measure, threshold.bound, threshold.value) = (inner, measure.bound, measure.value)
        events = measure.events
        parts.remove(at: index)
      }
    }
    if !parts.isEmpty { threshold.further = .conjunction(parts) }
    return (threshold, events)
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

extension Threshold.Measure {
  /// Whether it counts rows, or values in them.
  fileprivate var isOfRows: Bool {
    switch self {
    case .count, .distinctCount: true
    case .sum, .average, .percentile: false
    }
  }
}
