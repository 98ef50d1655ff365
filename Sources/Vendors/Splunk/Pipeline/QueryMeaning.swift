import RuleIR
import SourceText

/// What a query means: when it fires, where it looks, and what is to be said of it.
struct QueryMeaning: Sendable {
  var body: RuleBody
  var source: LogSource
  /// How far back the query itself says that it looks.
  var lookback: TimeSpan?
  var diagnostics: [Diagnostic]
  /// What each stage does.
  var stages: [StageClass]

  /// Reads a query.
  ///
  /// - Throws: what makes it no query at all; what is merely not modelled becomes an unmodelled body.
  static func read(
    _ passage: Passage, with macros: MacroTable, ownFilters: Set<String> = []
  ) throws(Diagnostic) -> QueryMeaning {
    let query = try MacroExpander.expand(passage, with: macros, ownFilters: ownFilters)
    let stages = try StageParser.stages(of: query)
    var reader = PipelineReader(query)
    for (index, stage) in stages.enumerated() { reader.apply(stage, isFirst: index == 0) }
    let body = reader.body(text: passage.text, whole: passage.wholeRange)
    guard !TreeSize.exceeds(TreeSize.ruleLimit, body.predicates) else {
      throw Diagnostic(
        .tooManyNodes, "the search has more than \(TreeSize.ruleLimit) tests", at: passage.wholeRange)
    }
    return QueryMeaning(
      body: body, source: reader.source,
      lookback: reader.newTerms == nil ? reader.lookback : reader.reported,
      diagnostics: reader.diagnostics.map(query.relocated),
      stages: stages.map(\.stageClass))
  }
}
