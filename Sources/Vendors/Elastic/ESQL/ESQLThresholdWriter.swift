import LanguageSupport
import RuleIR
import SourceText

/// Writes thresholds as `STATS … BY …` with a condition on the groups.
struct ESQLThresholdWriter {
  private let threshold: Threshold
  private let printer: ESQLPrinter

  init(_ threshold: Threshold, _ schema: TargetSchema) {
    self.threshold = threshold
    printer = ESQLPrinter(schema: schema)
  }

  func written(from: String) throws(Diagnostic) -> WrittenRule {
    var keys: [String] = []
    for path in threshold.groupBy { keys.append(try printer.column(of: path, .threshold, at: threshold.origin).name) }
    let condition = try filter()
    var losses = condition.losses
    let measure = try self.measure(&losses)
    let by = keys + window(&losses)
    let bound = bound(&losses)
    let grouping = by.isEmpty ? "" : " BY \(by.joined(separator: ", "))"
    let shown = [measure.name] + keys + (isTumbling ? ["Esql.time_window"] : [])
    return ESQL.written(
      [from] + ESQL.filter(condition) + spanFilter + ["| STATS \(measure.name) = \(measure.text)\(grouping)"]
        + ["| WHERE \(measure.name) \(bound) \(ESQLSpelling.number(threshold.value))"]
        + ["| KEEP \(shown.joined(separator: ", "))"], losses: losses)
  }

  /// The condition on events; where a missing key drops the event, the keys must be there.
  private func filter() throws(Diagnostic) -> Fragment {
    var parts = [threshold.predicate]
    if threshold.absentKey == .dropped {
      parts += threshold.groupBy.map { .presence(PresenceTest(.value, $0, origin: threshold.origin)) }
    }
    return try ESQLPrinter.condition(.conjunction(parts), for: printer.schema)
  }

  // MARK: Measure and bound

  private func measure(_ losses: inout [Loss]) throws(Diagnostic) -> (name: String, text: String) {
    switch threshold.measure {
    case .count: return ("Esql.event_count", "COUNT(*)")
    case .distinctCount(let fields):
      guard fields.count == 1 else {
        throw .notYet(.distinctCount, in: ESQL.name, at: threshold.origin)
      }
      if threshold.value > Number(3_000) {
        losses.append(loss(.distinctCount, .both, "beyond 3,000 distinct values are estimated"))
      }
      return ("Esql.distinct_count", "COUNT_DISTINCT(\(try name(fields[0], .distinctCount)))")
    case .sum(let field): return ("Esql.sum", "SUM(\(try name(field, .sumOrAverage)))")
    case .average(let field): return ("Esql.average", "AVG(\(try name(field, .sumOrAverage)))")
    case .percentile(let percentile, let field):
      losses.append(loss(.percentile, .both, "percentiles are estimated"))
      return ("Esql.percentile", "PERCENTILE(\(try name(field, .percentile)), \(ESQLSpelling.number(percentile)))")
    }
  }

  private func name(_ path: FieldPath, _ feature: Feature) throws(Diagnostic) -> String {
    try printer.column(of: path, feature, at: threshold.origin).name
  }

  /// A bound from above is compared here with all events of a window, and elsewhere as they come.
  private func bound(_ losses: inout [Loss]) -> String {
    switch threshold.bound {
    case .order(let order):
      if order == .less || order == .lessOrEqual { losses.append(upperLoss) }
      return order.rawValue
    case .equal:
      losses.append(upperLoss)
      return "=="
    case .notEqual:
      losses.append(upperLoss)
      return "!="
    }
  }

  private var upperLoss: Loss {
    loss(.threshold, .narrower, "the measure is compared once all events of the search are counted")
  }

  private func loss(_ feature: Feature, _ drift: Drift, _ reason: String) -> Loss {
    Loss(feature, drift, because: reason, at: threshold.origin)
  }

  // MARK: Window

  private var isTumbling: Bool {
    if case .tumbling = threshold.window { true } else { false }
  }

  private func window(_ losses: inout [Loss]) -> [String] {
    switch threshold.window {
    case .searchSpan: return []
    case .sliding:
      losses.append(loss(.slidingWindow, .narrower, "windows end only when the rule runs"))
      return []
    case .tumbling(let span): return ["Esql.time_window = DATE_TRUNC(\(Self.spelled(span)), @timestamp)"]
    }
  }

  private var spanFilter: [String] {
    guard case .sliding(let span) = threshold.window else { return [] }
    return ["| WHERE @timestamp >= NOW() - \(Self.spelled(span))"]
  }

  /// In hours at most: days and weeks are those of a calendar.
  private static func spelled(_ span: TimeSpan) -> String {
    for (unit, size) in [("hours", 3_600), ("minutes", 60)] where span.seconds > 0 && span.seconds % size == 0 {
      return "\(span.seconds / size) \(unit)"
    }
    return "\(span.seconds) seconds"
  }
}
