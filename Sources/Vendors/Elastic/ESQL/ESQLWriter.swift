public import LanguageSupport
public import RuleIR
public import SourceText

extension ESQL {
  /// Writes a detection: what Elastic's linter asks for, the identity of the event and all its fields, is kept.
  ///
  /// The indices are those of the schema, else those the rule itself names in Elastic's terms, else all (`*`).
  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let from = "FROM " + sources(of: rule, schema).map(ESQLSpelling.source).joined(separator: ", ")
    switch rule.body {
    case .predicate(let predicate):
      let derived = try ESQLDerivedColumns(of: predicate, in: ESQLPrinter(schema: schema))
      let condition = try ESQLPrinter.condition(predicate, for: schema, with: derived)
      return written(
        ["\(from) METADATA _id, _version, _index"] + derived.commands + filter(condition) + ["| KEEP *"],
        losses: condition.losses)
    case .threshold(let threshold): return try ESQLThresholdWriter(threshold, schema).written(from: from)
    case .newTerms(let terms):
      throw .untranslatable(
        .newTerms, in: name, because: "a query has no history beside what it looks at; a new_terms rule has",
        at: terms.origin)
    case .sequence(let sequence):
      throw .untranslatable(
        sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence, in: name,
        because: "ES|QL has no sequences; EQL has", at: sequence.origin)
    case .unmodelled(let rest): throw .unmodelled(rest, in: name)
    }
  }

  private static func sources(of rule: Rule, _ schema: TargetSchema) -> [String] {
    let named = schema.source.values("index")
    if !named.isEmpty { return named }
    let own = rule.metadata.source.vendor == Elastic.name ? rule.metadata.source.values("index") : []
    return own.isEmpty ? ["*"] : own
  }

  /// The line of a condition; none for one that always holds.
  static func filter(_ condition: Fragment) -> [String] {
    condition.text == "true" ? [] : ["| WHERE \(condition.text)"]
  }

  static func written(_ lines: [String], losses: [Loss]) -> WrittenRule {
    let text = lines.joined(separator: "\n") + "\n"
    return WrittenRule(text: text, losses: losses, notes: ESQLRequirement.notes(on: text))
  }
}

/// What a query needs of the version of Elasticsearch.
enum ESQLRequirement {
  /// The newest version that something in the query needs, said of each thing that needs it.
  static func notes(on text: String) -> [String] {
    guard let tokens = try? ESQLLexer.tokens(of: Passage(text: text)) else { return [] }
    var notes: [String] = []
    for (index, token) in tokens.enumerated() {
      let note: String
      switch token.kind {
      case .word("MV_CONTAINS") where isCall(tokens, index): note = "MV_CONTAINS needs Elasticsearch 9.2 or later"
      case .word("CONTAINS") where isCall(tokens, index): note = "CONTAINS needs Elasticsearch 9.2 or later"
      case .word("KQL") where isCall(tokens, index): note = "KQL needs Elasticsearch 8.19 or 9.1 or later"
      case .string("case_insensitive"): note = "the option case_insensitive of KQL needs Elasticsearch 9.3 or later"
      case .word("MV_CONCAT") where isCall(tokens, index):
        note = "TO_LOWER of several values needs Elasticsearch 8.19 or 9.1 or later"
      case _: continue
      }
      if !notes.contains(note) { notes.append(note) }
    }
    return notes
  }

  private static func isCall(_ tokens: [Token<ESQLToken>], _ index: Int) -> Bool {
    index + 1 < tokens.count && tokens[index + 1].kind == .mark(.leftParenthesis)
  }
}
