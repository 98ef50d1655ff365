import LanguageSupport
import SourceText

extension ESQLParser {
  /// Commands that start a query.
  static let sourceCommands = ["FROM", "ROW", "TS", "SHOW", "EXPLAIN", "METRICS", "PROMQL", "EXTERNAL"]

  /// Commands that follow one, besides `LOOKUP JOIN` and `INLINE STATS`.
  static let processingCommands = [
    "CHANGE_POINT", "COMPLETION", "DEDUP", "DISSECT", "DROP", "ENRICH", "EVAL", "FORK", "FUSE", "GROK", "HIGHLIGHT",
    "INLINESTATS", "INSIST", "IP_LOCATION", "KEEP", "LIMIT", "METRICS_INFO", "MMR", "MV_EXPAND", "REGISTERED_DOMAIN",
    "RENAME", "RERANK", "SAMPLE", "SORT", "STATS", "TS_COLLAPSE", "TS_INFO", "URI_PARTS", "USER_AGENT", "WHERE",
  ]

  /// Reads a whole query.
  ///
  ///     query = { SET setting ";" } source { "|" command } ;
  static func parse(_ passage: Passage) throws(Diagnostic) -> [ESQLCommand] {
    var parser = try ESQLParser(passage)
    guard !parser.tokens.isAtEnd else {
      throw Diagnostic(.emptyQuery, "the query is empty", at: passage.wholeRange, help: "a query starts with FROM")
    }
    while parser.tokens.isAt("SET") { try parser.skipSetting() }
    var commands = [try parser.source()]
    while parser.tokens.skip(.pipe) { commands.append(try parser.command()) }
    guard parser.tokens.isAtEnd else { throw parser.tokens.unexpected(expected: "'|' or the end of the query") }
    return commands
  }

  private mutating func skipSetting() throws(Diagnostic) {
    while !tokens.isAtEnd, !tokens.isAt(.semicolon) { tokens.advance() }
    try tokens.expect(.semicolon)
  }

  private mutating func source() throws(Diagnostic) -> ESQLCommand {
    let start = tokens.position
    guard case .word(let word) = tokens.current?.kind else { throw tokens.unexpected(expected: "FROM") }
    let name = word.uppercased()
    guard Self.sourceCommands.contains(name) else { throw unknown(word, among: Self.sourceCommands) }
    tokens.advance()
    let form: ESQLCommand.Form
    switch name {
    case "FROM", "TS": form = try from()
    case "ROW": form = .row(try assignments())
    case _:
      skipRest()
      form = .other
    }
    return ESQLCommand(name: name, form: form, range: tokens.bytes(since: start))
  }

  private mutating func command() throws(Diagnostic) -> ESQLCommand {
    let start = tokens.position
    guard case .word(let word) = tokens.current?.kind else { throw tokens.unexpected(expected: "a command") }
    var name = word.uppercased()
    guard Self.processingCommands.contains(name) || ["LOOKUP", "INLINE"].contains(name) else {
      throw unknown(word, among: Self.processingCommands)
    }
    tokens.advance()
    if name == "INLINE", tokens.skip("STATS") { name = "INLINE STATS" }
    if name == "LOOKUP", tokens.skip("JOIN") { name = "LOOKUP JOIN" }
    let form = try form(of: name, from: start)
    return ESQLCommand(name: name, form: form, range: tokens.bytes(since: start))
  }

  private mutating func form(of name: String, from start: Int) throws(Diagnostic) -> ESQLCommand.Form {
    switch name {
    case "WHERE": return .filter(try expression())
    case "EVAL": return .evaluate(try assignments())
    case "STATS":
      let (measures, keys) = try aggregation()
      return .aggregate(measures, by: keys)
    case "INLINE STATS", "INLINESTATS":
      let (measures, keys) = try aggregation()
      return .inlineAggregate(measures, by: keys)
    case "RENAME": return .rename(try renamings())
    case "KEEP", "DROP":
      try namePatterns()
      return .presentation
    case "SORT":
      try sortKeys()
      return .presentation
    case "LIMIT": return try limit()
    case "MV_EXPAND": return .expand(try columnName())
    case "GROK", "DISSECT": return try extraction()
    case _:
      skipRest()
      return .other
    }
  }

  private func unknown(_ word: String, among names: [String]) -> Diagnostic {
    Diagnostic(
      .unknownCommand, "'\(word)' is no command of ES|QL", at: tokens.place, label: "expected a command",
      help: nearestName(to: word, among: names).map { "did you mean '\($0)'?" })
  }

  /// Steps to the next pipe outside parentheses.
  private mutating func skipRest() {
    while !tokens.isAtEnd, !tokens.isAt(.pipe) {
      if let closing = closings[tokens.position] { tokens.rewind(to: closing) }
      tokens.advance()
    }
  }

  // MARK: Parts of commands

  /// What follows `FROM`: `index { "," index } [ METADATA field { "," field } ]`.
  private mutating func from() throws(Diagnostic) -> ESQLCommand.Form {
    var sources: [String] = []
    repeat {
      guard case .source(let name) = tokens.current?.kind else {
        guard tokens.isAt(.leftParenthesis) else { throw tokens.unexpected(expected: "the name of an index") }
        skipRest()
        return .other
      }
      tokens.advance()
      sources.append(name)
    } while tokens.skip(.comma)
    let isBracketed = tokens.skip(.leftBracket)
    var metadata: [String] = []
    if tokens.skip("METADATA") {
      repeat { metadata.append(try columnName()) } while tokens.skip(.comma)
    }
    if isBracketed { try tokens.expect(.rightBracket) }
    return .from(sources, metadata: metadata)
  }

  private mutating func assignments() throws(Diagnostic) -> [ESQLAssignment] {
    var assignments = [try assignment()]
    while tokens.skip(.comma) { assignments.append(try assignment()) }
    return assignments
  }

  private mutating func assignment() throws(Diagnostic) -> ESQLAssignment {
    let start = tokens.position
    if let name = try? columnName(), tokens.skip(.assign) {
      return ESQLAssignment(name: name, expression: try expression())
    }
    tokens.rewind(to: start)
    let value = try expression()
    if case .column(let name) = value.form { return ESQLAssignment(name: name, expression: value) }
    return ESQLAssignment(name: tokens.passage.slice(value.range).text, expression: value)
  }

  /// What follows `STATS`: `[ measure { "," measure } ] [ BY assignment { "," assignment } ]`.
  private mutating func aggregation() throws(Diagnostic) -> ([ESQLMeasure], [ESQLAssignment]) {
    var measures: [ESQLMeasure] = []
    if !tokens.isAt("BY") {
      repeat {
        let assignment = try assignment()
        measures.append(ESQLMeasure(assignment: assignment, condition: tokens.skip("WHERE") ? try expression() : nil))
      } while tokens.skip(.comma)
    }
    return (measures, tokens.skip("BY") ? try assignments() : [])
  }

  /// `old AS new { "," … }`, or `new = old`.
  private mutating func renamings() throws(Diagnostic) -> [ESQLCommand.Renaming] {
    var renamings: [ESQLCommand.Renaming] = []
    repeat {
      let first = try patternName()
      if tokens.skip(.assign) {
        renamings.append(.init(old: try patternName(), new: first))
      } else {
        try tokens.expect("AS")
        renamings.append(.init(old: first, new: try patternName()))
      }
    } while tokens.skip(.comma)
    return renamings
  }

  private mutating func namePatterns() throws(Diagnostic) {
    repeat { _ = try patternName() } while tokens.skip(.comma)
  }

  /// A dotted name whose parts may be keywords and hold stars.
  private mutating func patternName() throws(Diagnostic) -> String {
    var name = ""
    repeat {
      switch tokens.current?.kind {
      case .word(let part)?, .namePattern(let part)?, .quotedName(let part)?: name += name.isEmpty ? part : "." + part
      case .parameter(let part)?: name += part
      case .string?, .integer?, .decimal?, .source?, .mark?, nil: throw tokens.unexpected(expected: "a column")
      }
      tokens.advance()
    } while tokens.skip(.dot)
    return name
  }

  private mutating func sortKeys() throws(Diagnostic) {
    repeat {
      _ = try expression()
      if !tokens.skip("ASC") { _ = tokens.skip("DESC") }
      if tokens.skip("NULLS") {
        guard tokens.skip("FIRST") || tokens.skip("LAST") else { throw tokens.unexpected(expected: "FIRST or LAST") }
      }
    } while tokens.skip(.comma)
  }

  private mutating func limit() throws(Diagnostic) -> ESQLCommand.Form {
    switch tokens.current?.kind {
    case .integer(let text)?:
      tokens.advance()
      if tokens.isAt("BY") { skipRest() }
      return .limit(Int(text))
    case .parameter?:
      tokens.advance()
      return .limit(nil)
    case .word?, .quotedName?, .namePattern?, .source?, .string?, .decimal?, .mark?, nil:
      throw tokens.unexpected(expected: "a whole number")
    }
  }

  /// `GROK expression pattern { "," pattern }` and `DISSECT expression pattern [options]`.
  private mutating func extraction() throws(Diagnostic) -> ESQLCommand.Form {
    let text = try sum()
    var patterns: [String] = []
    while !tokens.isAtEnd, !tokens.isAt(.pipe) {
      if case .string(let pattern) = tokens.current?.kind { patterns.append(pattern) }
      tokens.advance()
    }
    return .extract(text, patterns)
  }
}
