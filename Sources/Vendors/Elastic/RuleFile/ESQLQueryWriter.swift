import LanguageSupport
import RuleIR
import SourceText

/// ES|QL in a rule file: the query is the whole detection, and the rule adds when it runs.
extension ESQLQuery: QueryWriter {
  static func support(for feature: Feature) -> Support { ESQL.support(for: feature) }

  static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    let written = try ESQL.write(rule, for: schema)
    var query = WrittenQuery(
      type: "esql", language: name, text: written.text.trimmed, losses: written.losses, notes: written.notes)
    query.namesIndices = true
    if case .threshold(let threshold) = rule.body { query.schedule = threshold.runs }
    return query
  }
}

extension Threshold {
  /// Runs that look back over the window: one after another, or, for a sliding one, five in its length.
  var runs: Schedule? {
    switch window {
    case .searchSpan: nil
    case .sliding(let span):
      Schedule(interval: min(span, max(.minutes(1), TimeSpan(seconds: span.seconds / 300 * 60))), lookback: span)
    case .tumbling(let span): Schedule(interval: span, lookback: span)
    }
  }
}
