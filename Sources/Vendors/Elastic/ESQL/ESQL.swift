public import LanguageSupport
import RuleIR
public import SourceText

/// ES|QL, the piped language of Elasticsearch.
///
/// Its own text names the indices, so that a query is a whole detection. Truth has three values, and a comparison
/// with a field of several values has none of the two that count: https://www.elastic.co/docs/reference/query-languages/esql
public enum ESQL: RuleReader, RuleWriter {
  public static let name = "esql"
  public static let fileExtension = ".esql"

  /// What came of reading a query.
  struct Reading: Sendable {
    var body: RuleBody
    /// The indices, aliases and data streams that `FROM` names.
    var sources: [String]
    /// How far back the query itself lets the search look.
    var searchSpan: TimeSpan?
    /// Whether all conditions on single events, up to the first aggregation, are part of what was understood.
    var hasWholeFilter: Bool
    var diagnostics: [Diagnostic]
  }

  /// Reads a query.
  ///
  /// - Parameter lookback: How far back the rule around it looks, where that is known.
  static func parse(_ passage: Passage, lookback: TimeSpan? = nil) throws(Diagnostic) -> Reading {
    var pipeline = ESQLPipeline(passage: passage, lookback: lookback)
    try pipeline.run(ESQLParser.parse(passage))
    let body = pipeline.body(origin: Origin(passage.wholeRange))
    return Reading(
      body: body, sources: pipeline.sources,
      searchSpan: pipeline.searchSpan, hasWholeFilter: pipeline.hasWholeFilter, diagnostics: pipeline.diagnostics)
  }

  public static func recognises(_ file: SourceFile) -> Bool {
    if file.name.hasSuffix(fileExtension) { return true }
    let start = file.bytes.prefix(4_096).drop { $0 <= 0x20 }
    let word = String(decoding: start.prefix(5), as: UTF8.self).uppercased()
    return ["FROM ", "FROM\n", "FROM\t"].contains(word) && start.contains(UInt8(ascii: "|"))
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let title = file.stem(droppingLast: fileExtension)
    do throws(Diagnostic) {
      let reading = try parse(Passage(file: file))
      let metadata = RuleMetadata(
        title: title,
        source: LogSource(
          vendor: Elastic.name, reading.sources.map { .init("index", $0) }, origin: Origin(file.wholeRange)),
        schedule: reading.searchSpan.map { Schedule(lookback: $0) }, form: name, origin: Origin(file.wholeRange))
      let rule = Rule(metadata: metadata, body: reading.body)
      return [RuleReading(rule, title: title, range: file.wholeRange, diagnostics: reading.diagnostics)]
    } catch {
      return [.refused(error, title: title, in: file)]
    }
  }
}
