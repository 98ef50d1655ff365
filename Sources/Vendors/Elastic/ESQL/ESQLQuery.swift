import RuleIR
import SourceText

/// ES|QL in a rule file.
enum ESQLQuery: QueryLanguage {
  static let name = ESQL.name

  static func read(_ query: Passage, lookback: TimeSpan?) throws(Diagnostic) -> QueryReading {
    let reading = try ESQL.parse(query, lookback: lookback)
    return QueryReading(body: reading.body, indices: reading.sources, warnings: reading.diagnostics)
  }
}
