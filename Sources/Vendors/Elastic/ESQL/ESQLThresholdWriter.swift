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
    var groups = ESQLGroupWriter(threshold, printer.schema)
    let measure = try groups.measure(threshold.measure, "", &losses)
    let bound = "\(measure) \(threshold.bound.spelling) \(ESQLSpelling.number(threshold.value))"
    let further = try threshold.further.map { further throws(Diagnostic) in try groups.text(of: further, &losses) }
    if threshold.comparison == .asEventsCome, !threshold.holdsOnceMet { losses.append(lateLoss) }
    let by = keys + window(&losses)
    let grouping = by.isEmpty ? "" : " BY \(by.joined(separator: ", "))"
    let shown = groups.names + keys + (isTumbling ? ["Esql.time_window"] : [])
    let tests = [bound] + (further.map { [$0.isJoined ? "(\($0.text))" : $0.text] } ?? [])
    return ESQL.written(
      [from + metadata] + ESQL.filter(condition) + spanFilter
        + ["| STATS \(groups.assignments.joined(separator: ", "))\(grouping)"]
        + ["| WHERE \(tests.joined(separator: " AND "))"]
        + ["| KEEP \(shown.joined(separator: ", "))"], losses: losses)
  }

  /// What is asked for of the document's own fields, where the rule names them.
  private var metadata: String {
    let paths = (RuleBody.threshold(threshold).predicates + (threshold.further?.predicates ?? [])).flatMap(\.paths)
    let names = ["_id", "_index"].filter { name in
      (paths + threshold.groupBy).contains { $0 == FieldPath(named: name) }
    }
    return names.isEmpty ? "" : " METADATA \(names.joined(separator: ", "))"
  }

  /// The condition on events; where a missing key drops the event, the keys must be there.
  private func filter() throws(Diagnostic) -> Fragment {
    var parts = [threshold.predicate]
    if threshold.absentKey == .dropped {
      parts += threshold.groupBy.map { .presence(PresenceTest(.value, $0, origin: threshold.origin)) }
    }
    return try ESQLPrinter.condition(.conjunction(parts), for: printer.schema)
  }

  // MARK: Bounds

  /// All bounds are compared here with all events of a window, and elsewhere as they come.
  private var lateLoss: Loss {
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
