import LanguageSupport
import RuleIR
import SourceText

/// The rows after `STATS … BY …`: one a group, with its keys and measures.
///
/// A null key is a group of its own; an event with several values of a key is in the group of each.
///
/// https://www.elastic.co/docs/reference/query-languages/esql/commands/stats-by
struct ESQLGrouping {
  /// What a name stands for after the aggregation.
  private enum Column {
    case key(FieldPath)
    case measure(Threshold.Measure, only: Predicate)
    /// `MIN(@timestamp)`
    case firstTime
    case opaque(String)
  }

  private let place: SourceRange
  private var columns: [String: Column] = [:]
  private var keys: [FieldPath] = []
  private var window = Threshold.Window.searchSpan
  private var condition: (measure: Threshold.Measure, bound: Threshold.Bound, value: Number)?
  /// A key that is not modelled.
  private(set) var gap: ESQLPipeline.Gap?

  init(
    _ measures: [ESQLMeasure], by assignments: [ESQLAssignment], in meaning: inout ESQLMeaning,
    of place: SourceRange
  ) throws(ESQLObstacle) {
    self.place = place
    for assignment in assignments { try addKey(assignment, in: &meaning) }
    for measure in measures {
      columns[measure.assignment.name] = try Self.column(for: measure, in: &meaning)
    }
  }

  mutating func rename(_ old: String, to new: String) { columns[new] = columns.removeValue(forKey: old) }

  // MARK: Keys

  private mutating func addKey(_ assignment: ESQLAssignment, in meaning: inout ESQLMeaning) throws(ESQLObstacle) {
    do throws(ESQLObstacle) {
      if let span = try Self.bucket(assignment.expression, in: &meaning) {
        window = .tumbling(span)
        columns[assignment.name] = .opaque("a condition on a time window")
        return
      }
      guard case .column(let view) = try meaning.value(of: assignment.expression), view.isPlain else {
        throw .unmodelled("a grouping by a computed value", assignment.expression.range)
      }
      keys.append(view.path)
      columns[assignment.name] = .key(view.path)
    } catch {
      guard case .unmodelled(let reason, let range) = error else { throw error }
      gap = gap ?? ESQLPipeline.Gap(reason: reason, range: range)
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

  // MARK: Measures

  private static func column(
    for measure: ESQLMeasure, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> Column {
    do throws(ESQLObstacle) {
      let condition = try measure.condition.map { condition throws(ESQLObstacle) in
        try meaning.truth(of: condition).isTrue
      }
      return try column(for: measure.assignment.expression, only: condition ?? .always, in: &meaning)
    } catch {
      guard case .unmodelled(let reason, _) = error else { throw error }
      return .opaque(reason)
    }
  }

  private static func column(
    for expression: ESQLExpression, only condition: Predicate, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> Column {
    guard case .call(let name, let arguments) = expression.form else {
      throw .unmodelled("a computed aggregation", expression.range)
    }
    let isOfRows = arguments.first.map { if case .star = $0.form { true } else { false } } ?? true
    if name == "COUNT", isOfRows { return .measure(.count, only: condition) }
    guard let first = arguments.first, case .column(let view) = try meaning.value(of: first), view.isPlain else {
      throw .unmodelled("an aggregation of a computed value", expression.range)
    }
    let path = view.path
    switch (name, arguments.count) {
    case ("COUNT", 1):
      let present = Predicate.presence(PresenceTest(.value, path, origin: meaning.origin(first.range)))
      return .measure(.count, only: .conjunction([condition, present]))
    case ("COUNT_DISTINCT", 1...2): return .measure(.distinctCount([path]), only: condition)
    case ("SUM", 1): return .measure(.sum(path), only: condition)
    case ("AVG", 1): return .measure(.average(path), only: condition)
    case ("PERCENTILE", 2):
      guard case .number(let percentile) = try meaning.value(of: arguments[1]) else { break }
      return .measure(.percentile(percentile, path), only: condition)
    case ("MEDIAN", 1): return .measure(.percentile(Number(50), path), only: condition)
    case ("MIN", 1) where path == FieldPath(named: "@timestamp"): return .firstTime
    case _: break
    }
    throw .unmodelled("a condition on \(name)", expression.range)
  }

  // MARK: Conditions on groups

  /// Takes a condition on groups for the threshold, or as one on the events where that is the same.
  mutating func filter(
    _ part: ESQLExpression, in meaning: inout ESQLMeaning, filters: inout [Predicate]
  ) throws(ESQLObstacle) {
    if let predicate = keyPresence(part, in: meaning) {
      filters.append(predicate)
      return
    }
    guard case .comparison(let comparison, let left, let right) = part.form else {
      throw .unmodelled("a condition on groups", part.range)
    }
    let (name, written, number) = try sides(left, comparison, right, in: &meaning)
    switch columns[name] {
    case .measure(let measure, let only):
      guard condition == nil else { throw .unmodelled("several conditions on groups", part.range) }
      // A bound from above holds of the first events already; the query compares once all are counted.
      guard written.isFromBelow else { throw .unmodelled("an upper bound on a group", part.range) }
      if only != .always {
        guard !written.holds(Number(0), number), measure.isOfRows else {
          throw .unmodelled("a bound on a conditional aggregation", part.range)
        }
        filters.append(only)
      }
      condition = (measure, written.bound, number)
    case .key?: throw .unmodelled("a condition on a group's key", part.range)
    case .firstTime?: throw .unmodelled("a condition on a group's time", part.range)
    case .opaque(let reason)?: throw .unmodelled(reason, part.range)
    case nil: throw .unmodelled("a condition on groups", part.range)
    }
  }

  /// `key IS NOT NULL`, which leaves out the events without the key.
  private func keyPresence(_ part: ESQLExpression, in meaning: ESQLMeaning) -> Predicate? {
    guard case .not(let inner) = part.form, case .isNull(let column) = inner.form, case .column(let name) = column.form,
      case .key(let path)? = columns[name]
    else { return nil }
    return .presence(PresenceTest(.value, path, origin: meaning.origin(part.range)))
  }

  private func sides(
    _ left: ESQLExpression, _ comparison: ESQLExpression.Comparison, _ right: ESQLExpression,
    in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> (String, ESQLExpression.Comparison, Number) {
    if case .column(let name) = left.form, case .number(let number) = try meaning.value(of: right) {
      return (name, comparison, number)
    }
    if case .column(let name) = right.form, case .number(let number) = try meaning.value(of: left) {
      return (name, comparison.mirrored, number)
    }
    let range = left.range.lowerBound..<right.range.upperBound
    if case .column(let name) = left.form {
      switch columns[name] {
      case .key?: throw .unmodelled("a condition on a group's key", range)
      case .firstTime?: throw .unmodelled("a condition on a group's time", range)
      case .opaque(let reason)?: throw .unmodelled(reason, range)
      case .measure?, nil: break
      }
    }
    throw .unmodelled("a condition on groups", range)
  }

  /// Whether a condition such as `first_seen >= NOW() - 9 minutes` holds for all events that the search looks at.
  mutating func coversSearch(
    _ part: ESQLExpression, _ lookback: TimeSpan, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> Bool {
    guard case .comparison(let comparison, let left, let right) = part.form, case .column(let name) = left.form,
      case .firstTime? = columns[name], comparison == .greater || comparison == .greaterOrEqual,
      case .now(let offset) = try meaning.value(of: right)
    else { return false }
    return lookback.seconds <= -offset
  }

  /// The threshold; without a condition on groups it is one event.
  func threshold(over predicate: Predicate, origin: Origin) -> Threshold {
    let (measure, bound, value) = condition ?? (.count, .order(.greaterOrEqual), Number(1))
    return Threshold(
      predicate, groupBy: keys, absentKey: .ownGroup, window: window, measure: measure, bound, value,
      origin: Origin(place))
  }
}

extension ESQLExpression.Comparison {
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

  /// Whether it holds from some number on, and so once enough events have come.
  fileprivate var isFromBelow: Bool { self == .greater || self == .greaterOrEqual }
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
