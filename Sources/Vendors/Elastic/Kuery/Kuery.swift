import LanguageSupport
import RuleIR
import SourceText

/// Kibana's query language (KQL), called Kuery here because Microsoft's bears the same name.
///
/// <https://www.elastic.co/docs/reference/query-languages/kql>
enum Kuery {
  /// The two parsers of the language, which disagree.
  enum Flavour: Hashable, Sendable {
    /// Kibana's own, of rules and search bars: `and` binds tighter than `or`.
    case kibana
    /// Elasticsearch's, inside ES|QL's `KQL()` and the `kql` query: `and` and `or` bind alike, to the right.
    case server
  }

  /// What a query says, and what there is to say of it.
  struct Reading: Sendable {
    var predicate: Predicate
    /// What was read, and may not mean what its author thinks.
    var warnings: [Diagnostic]
    /// How far back the query itself lets the search look.
    var searchSpan: TimeSpan?
    /// A date reckoned from the time of the search, which no event alone decides.
    var gap: Origin?

    /// What the query says, or what of it is understood.
    func body(of text: Passage) -> RuleBody {
      guard let gap else { return .predicate(predicate) }
      return .unmodelled(
        Unmodelled(text: text.text, understood: predicate, reason: "date maths", origin: gap))
    }
  }

  static let booleans = BooleanSyntax(
    and: .init("and", binding: 2), or: .init("or", binding: 1), not: .init("not", binding: 3))

  /// How long a query may be, in bytes.
  static let lengthLimit = 1 << 20

  /// Reads a query.
  ///
  /// The tests are neutral: values stay untyped, fields are dotted names. An empty query is always true.
  ///
  /// - Throws: the first thing that is wrong, or that this model does not hold, with its place.
  static func read(_ passage: Passage, flavour: Flavour) throws(Diagnostic) -> Reading {
    guard passage.bytes.count <= lengthLimit else {
      throw Diagnostic(
        .queryTooLong, "the query is longer than \(lengthLimit) bytes", at: passage.range(of: 0..<1),
        label: "\(passage.bytes.count) bytes start here")
    }
    var lexer = KueryLexer(passage, flavour: flavour)
    let tokens = try lexer.tokens()
    var parser = KueryParser(tokens, of: passage, flavour: flavour)
    let predicate = try parser.query()
    let times = KueryTimes(predicate)
    return Reading(
      predicate: times.predicate, warnings: lexer.warnings + parser.warnings + times.notes,
      searchSpan: times.searchSpan, gap: times.gap)
  }

  /// Reads a query that is about events alone, and whose warnings are not wanted.
  static func parse(_ passage: Passage, flavour: Flavour) throws(Diagnostic) -> Predicate {
    let reading = try read(passage, flavour: flavour)
    guard reading.gap == nil, reading.searchSpan == nil else {
      throw Diagnostic(
        .unsupportedConstruct, "date maths is not modelled", at: reading.gap?.range ?? passage.wholeRange,
        label: "depends on the time at which the rule runs")
    }
    return reading.predicate
  }

  /// Writes a predicate so that both flavours read it alike.
  ///
  /// - Throws: `untranslatable`, where the language has no form for a part of it.
  static func print(_ predicate: Predicate, for schema: TargetSchema = TargetSchema()) throws(Diagnostic) -> Fragment {
    try KueryPrinter(schema: schema).print(predicate)
  }
}
