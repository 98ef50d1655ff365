import LanguageSupport
import RuleIR
import SourceText

/// Reads whole queries.
///
///     statement = ( sequence | sample | join | event ) { "|" word { argument [ "," ] } } ;
///     event     = ( "any" | word | string ) "where" expression ;
///     sequence  = "sequence" { "by" list | "with" "maxspan" "=" digits unit } term { term } [ "until" term ] ;
///     sample    = "sample" "by" list term { term } ;
///     term      = ( "[" | "![" ) event "]" { "by" list | "with" "runs" "=" digits } ;
///     unit      = "ms" | "s" | "m" | "h" | "d" ;
extension EQLParser {
  /// How many events a sequence may have, repeated ones counted.
  static let termLimit = 256

  mutating func statement() throws(Diagnostic) -> EQLStatement {
    guard !tokens.isAtEnd else {
      throw Diagnostic(.emptyQuery, "the query is empty", at: tokens.place, label: "expected 'any where …' or the like")
    }
    let form: EQLStatement.Form
    if !isWord("where", ahead: 1), case .word(let word)? = tokens.current?.kind,
      let kind = EQLSeries.Kind(rawValue: word)
    {
      form = .series(try series(kind))
    } else {
      form = .event(try event())
    }
    let pipes = try pipes()
    guard tokens.isAtEnd else { throw tokens.unexpected(expected: "'and', 'or', '|' or the end of the query") }
    return EQLStatement(form: form, pipes: pipes)
  }

  mutating func event() throws(Diagnostic) -> EQLEvent {
    let start = start
    let category: String?
    switch tokens.current?.kind {
    case .word("any")?: category = nil
    case .word(let name)? where !Self.reserved.contains(name): category = name
    case .text(let name)?: category = name
    case .quotedName(let name)?:
      category = name
      warnOfForeign("a category in backticks", "taken for its name", at: tokens.current?.range ?? 0..<0)
    case _: throw tokens.unexpected(expected: "an event category or 'any'")
    }
    tokens.advance()
    let categoryRange = range(from: start)
    try expect("where")
    let condition = try expression()
    return EQLEvent(
      category: category, categoryRange: categoryRange, condition: condition, range: range(from: start))
  }

  // MARK: Series

  private mutating func series(_ kind: EQLSeries.Kind) throws(Diagnostic) -> EQLSeries {
    var series = EQLSeries(kind: kind, keys: [], terms: [], range: start..<start)
    let start = start
    tokens.advance()
    while true {
      if skip("by") {
        series.keys += try keys()
      } else if kind == .sequence, isWord("with") {
        series.span = try span()
      } else {
        break
      }
    }
    while isTerm { series.terms.append(try term()) }
    guard !series.terms.isEmpty else { throw tokens.unexpected(expected: "'['") }
    if kind != .sample, skip("until") { series.until = try term() }
    series.range = range(from: start)
    return series
  }

  private var isTerm: Bool {
    tokens.current?.kind == .mark(.openBracket) || tokens.current?.kind == .mark(.openMissing)
  }

  private mutating func term() throws(Diagnostic) -> EQLTerm {
    let start = start
    let isMissing = tokens.current?.kind == .mark(.openMissing)
    guard skip(.openBracket) || skip(.openMissing) else { throw tokens.unexpected(expected: "'['") }
    try tokens.descend()
    defer { tokens.ascend() }
    let event = try event()
    guard skip(.closeBracket) else { throw tokens.unexpected(expected: "'and', 'or' or ']'") }
    var term = EQLTerm(event: event, isMissing: isMissing, range: start..<start)
    while true {
      if skip("by") {
        term.keys += try keys()
      } else if isWord("with") {
        term.runs = try runs()
      } else if isWord("fork") {
        try skipFork()
      } else {
        break
      }
    }
    term.range = range(from: start)
    return term
  }

  private mutating func skipFork() throws(Diagnostic) {
    warnOfForeign("'fork'", "left aside", at: tokens.current?.range ?? 0..<0)
    tokens.advance()
    if skip(.assign) || skip(.equal) { _ = constantForm() }
  }

  private mutating func keys() throws(Diagnostic) -> [EQLExpression] {
    var keys = [try sum()]
    while skip(.comma) { keys.append(try sum()) }
    return keys
  }

  private mutating func runs() throws(Diagnostic) -> Int {
    tokens.advance()
    try expect("runs")
    try expect(.assign)
    guard case .number(let number)? = tokens.current?.kind, let count = number.integer, (1...100).contains(count) else {
      throw tokens.unexpected(expected: "a number from 1 to 100")
    }
    tokens.advance()
    return count
  }

  private mutating func span() throws(Diagnostic) -> (milliseconds: Int, range: Range<Int>) {
    let start = start
    tokens.advance()
    try expect("maxspan")
    try expect(.assign)
    guard case .number(let number)? = tokens.current?.kind, let count = number.integer,
      (1...1_000_000_000).contains(count)
    else { throw tokens.unexpected(expected: "a length of time such as '5m'") }
    tokens.advance()
    let units = ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard case .word(let unit)? = tokens.current?.kind, let size = units[unit] else {
      throw tokens.unexpected(expected: "'ms', 's', 'm', 'h' or 'd'")
    }
    tokens.advance()
    return (count * size, range(from: start))
  }

  // MARK: Pipes

  private static let knownPipes = ["head", "tail", "count", "filter", "sort", "unique", "unique_count"]

  private mutating func pipes() throws(Diagnostic) -> [EQLPipe] {
    var pipes: [EQLPipe] = []
    while skip(.pipe) {
      let start = start
      guard case .word(let name)? = tokens.current?.kind else {
        throw tokens.unexpected(expected: "the name of a pipe")
      }
      guard Self.knownPipes.contains(name) else {
        throw Diagnostic(
          .unknownCommand, "there is no pipe '\(name)'", at: tokens.place, label: "unknown pipe",
          help: nearestName(to: name, among: Self.knownPipes).map { "did you mean '\($0)'?" })
      }
      tokens.advance()
      var arguments: [EQLExpression] = []
      while !tokens.isAtEnd, tokens.current?.kind != .mark(.pipe) {
        arguments.append(try expression())
        _ = skip(.comma)
      }
      pipes.append(EQLPipe(name: name, arguments: arguments, range: range(from: start)))
    }
    return pipes
  }
}
