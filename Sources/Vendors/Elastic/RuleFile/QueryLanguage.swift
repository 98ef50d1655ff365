import RuleIR
import SourceText

/// A language in which the query of a rule file may be written.
protocol QueryLanguage: Sendable {
  /// As a rule's `language` names it.
  static var name: String { get }

  /// What the query says.
  ///
  /// - Parameter lookback: How far back the rule around it looks, where that is known.
  /// - Throws: the first thing that is wrong, with its place.
  static func read(_ query: Passage, lookback: TimeSpan?) throws(Diagnostic) -> QueryReading
}

/// What a query in a rule file says.
struct QueryReading: Sendable {
  var body: RuleBody
  /// The indices that the query itself names.
  var indices: [String] = []
  var warnings: [Diagnostic] = []
}

/// Kuery in a rule file.
enum KueryQuery: QueryLanguage {
  static let name = "kuery"

  static func read(_ query: Passage, lookback: TimeSpan?) throws(Diagnostic) -> QueryReading {
    let reading = try Kuery.read(query, flavour: .kibana)
    return QueryReading(body: reading.body(of: query), warnings: reading.warnings)
  }
}

/// Lucene's query strings in a rule file.
enum LuceneQuery: QueryLanguage {
  static let name = "lucene"

  static func read(_ query: Passage, lookback: TimeSpan?) throws(Diagnostic) -> QueryReading {
    let reading = try Lucene.read(query)
    return QueryReading(body: .predicate(reading.predicate), warnings: reading.warnings)
  }
}
