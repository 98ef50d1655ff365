import RuleIR
import SourceText

/// EQL in a rule file.
enum EQLQuery: QueryLanguage {
  static let name = EQL.name

  static func read(_ query: Passage, lookback: TimeSpan?) throws(Diagnostic) -> QueryReading {
    try EQL.parse(query)
  }
}
