import LanguageSupport
import RuleIR
import SourceText

/// Lucene's query strings, as Kibana gives them to Elasticsearch.
///
/// https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-query-string-query
enum Lucene {
  /// What a query says, and what there is to say of it.
  struct Reading: Sendable {
    var predicate: Predicate
    var warnings: [Diagnostic]
  }

  /// `NOT` binds least, so that whatever is negated stands in parentheses of its own among others: `NOT a OR b` is
  /// not what it seems.
  static let booleans = BooleanSyntax(
    and: .init("AND", binding: 2), or: .init("OR", binding: 1), not: .init("NOT", binding: 0), keywords: .exactCase)

  /// Reads a query.
  ///
  /// The tests are neutral: values stay untyped, fields are dotted names. An empty query is always true.
  ///
  /// - Throws: the first thing that is wrong, or that this model does not hold, with its place.
  static func read(_ passage: Passage) throws(Diagnostic) -> Reading {
    guard passage.bytes.count <= 1 << 20 else {
      throw Diagnostic(.queryTooLong, "the query is longer than 1 MiB", at: passage.range(of: 0..<1))
    }
    var lexer = LuceneLexer(passage)
    var parser = LuceneParser(try lexer.tokens(), of: passage)
    let predicate = try parser.wholeQuery()
    return Reading(predicate: predicate, warnings: parser.warnings)
  }

  /// Writes a predicate.
  ///
  /// - Throws: `untranslatable`, where the language has no form for a part of it.
  static func print(_ predicate: Predicate, for schema: TargetSchema = TargetSchema()) throws(Diagnostic) -> Fragment {
    try LucenePrinter(schema: schema).print(predicate)
  }
}
