import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes analytic rules in YAML.
public enum SentinelRuleWriter: RuleWriter {
  public static let name = "sentinel-yaml"
  public static let fileExtension = ".yaml"

  public static func support(for feature: Feature) -> Support { KustoSupport.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    var rule = rule
    var trigger = ("gt", 0)
    if let (predicate, found) = rule.body.countOfRows {
      rule.body = .predicate(predicate)
      trigger = found
    }
    let query = try KustoQueryPrinter(schema).query(of: rule)
    var file = SentinelRuleFile(rule.metadata, window: rule.body.window)
    let text = YAMLWriter.write(file.node(query: query.text, trigger: trigger))
    return WrittenRule(text: text, losses: query.losses, notes: query.notes + file.notes)
  }
}

extension RuleBody {
  /// The filter and the trigger, where the rule counts all rows of a search: Sentinel does that without a summarize.
  fileprivate var countOfRows: (Predicate, (String, Int))? {
    guard case .threshold(let threshold) = self, threshold.isPlain, threshold.groupBy.isEmpty,
      threshold.window == .searchSpan,
      threshold.measure == .count, let value = threshold.value.integer, (1..<10_000).contains(value)
    else { return nil }
    let trigger = SentinelTrigger.word(threshold.bound, value)
    // `gt 0` would fire on each row.
    return trigger == ("gt", 0) ? nil : (threshold.predicate, trigger)
  }

  /// The window that the search must span at least.
  fileprivate var window: TimeSpan? {
    guard case .threshold(let threshold) = self else { return nil }
    switch threshold.window {
    case .sliding(let span), .tumbling(let span): return span
    case .searchSpan: return nil
    }
  }
}
