import LanguageSupport
import SourceText

extension KustoParser {
  /// Reads one operator with all that belongs to it.
  mutating func stage() throws(Diagnostic) -> KustoStage {
    try tokens.descend()
    defer { tokens.ascend() }
    let start = tokens.position
    let name = try operatorName()
    let form: KustoStage.Form
    switch name {
    case "where", "filter": form = .filter(try expression())
    case "extend", "project", "project-rename": form = .columns(try columns())
    case "sort", "order", "serialize", "project-away", "project-keep", "project-reorder", "render", "as",
      "project-smart":
      skip(to: ["|", ";"])
      form = .neutral
    case "take", "limit", "top", "sample":
      skip(to: ["|", ";"])
      form = .capped
    case "summarize": form = try summarize()
    case "mv-apply": form = try apply()
    case _ where Self.knownOperators.contains(name):
      skip(to: ["|", ";"])
      form = .opaque
    case _: throw unknownOperator(name, at: start)
    }
    if !tokens.isAtEnd, ![.symbol("|"), .symbol(";"), .symbol(")")].contains(tokens.current?.kind) {
      throw tokens.unexpected(expected: "'|' or the end of the query")
    }
    return KustoStage(form: form, name: name, range: span(from: start))
  }

  /// The operators that are read over: each has a page under https://learn.microsoft.com/kusto/query/.
  private static let knownOperators: Set<String> = [
    "assert-schema", "consume", "count", "distinct", "evaluate", "execute-and-cache", "externaldata", "facet", "find",
    "fork", "getschema", "graph-match", "graph-mark-components", "graph-shortest-paths", "graph-to-table", "invoke",
    "join", "lookup", "macro-expand", "make-graph", "make-series", "mv-expand", "mvexpand", "parse", "parse-kv",
    "parse-where", "partition", "partition-by", "print", "range", "reduce", "sample-distinct", "scan", "search",
    "top-hitters", "top-nested", "union",
  ]

  private static let readOperators = [
    "where", "extend", "project", "project-rename", "project-away", "project-keep", "project-reorder", "sort", "order",
    "take", "limit", "top", "summarize", "mv-apply",
  ]

  /// A name that may hold hyphens: `mv-expand`.
  private mutating func operatorName() throws(Diagnostic) -> String {
    guard case .word(var name)? = tokens.current?.kind else { throw tokens.unexpected(expected: "an operator") }
    tokens.advance()
    while tokens.current?.kind == .symbol("-"), case .word(let part)? = tokens.peek()?.kind {
      name += "-" + part
      tokens.advance()
      tokens.advance()
    }
    return name
  }

  private func unknownOperator(_ name: String, at start: Int) -> Diagnostic {
    let nearest = nearestName(to: name, among: Self.readOperators + Self.knownOperators.sorted())
    return Diagnostic(
      .unknownCommand, "'\(name)' is no operator of Kusto", at: tokens.range(since: start), label: "no such operator",
      help: nearest.map { "did you mean '\($0)'?" })
  }

  /// `a = x, y, b = z`, up to the end of the stage or to a word that ends the list.
  mutating func columns(until end: String? = nil) throws(Diagnostic) -> [KustoStage.Column] {
    var columns: [KustoStage.Column] = []
    while !tokens.isAtEnd, ![.symbol("|"), .symbol(";"), .symbol(")")].contains(tokens.current?.kind) {
      if let end, tokens.current?.kind == .word(end) { break }
      columns += try column()
      guard tokens.skip(.symbol(",")) else { break }
    }
    return columns
  }

  private mutating func column() throws(Diagnostic) -> [KustoStage.Column] {
    let start = tokens.position
    if case .name(let name)? = try? path().form, tokens.skip(.symbol("=")) {
      return [KustoStage.Column(name: name, value: try expression())]
    }
    tokens.rewind(to: start)
    // `(a, b) = f(x)`
    if tokens.current?.kind == .symbol("("), let names = try? list(), tokens.skip(.symbol("=")),
      case .list(let parts) = names.form
    {
      let value = try expression()
      return parts.map { part in
        let name: String? = if case .name(let name) = part.form { name } else { nil }
        return KustoStage.Column(name: name, value: KustoExpression(.opaque("several columns at once"), value.range))
      }
    }
    tokens.rewind(to: start)
    let value = try expression()
    return [KustoStage.Column(name: nil, value: value)]
  }

  private mutating func summarize() throws(Diagnostic) -> KustoStage.Form {
    while case .word? = tokens.current?.kind, tokens.peek()?.kind == .symbol("."), hintFollows {
      for _ in 0..<5 { tokens.advance() }
    }
    let measures = try columns(until: "by")
    let keys = tokens.skip(.word("by")) ? try columns() : []
    return .summarize(measures, by: keys)
  }

  /// Whether a hint such as `hint.strategy = shuffle` stands here.
  private var hintFollows: Bool {
    tokens.current?.kind == .word("hint") && tokens.peek(3)?.kind == .symbol("=")
  }

  /// `name = path [to typeof(type)] on ( stage { "|" stage } )`; any other form is not understood.
  private mutating func apply() throws(Diagnostic) -> KustoStage.Form {
    let start = tokens.position
    if let form = try? simpleApply() { return form }
    tokens.rewind(to: start)
    skip(to: ["|", ";"])
    return .opaque
  }

  private mutating func simpleApply() throws(Diagnostic) -> KustoStage.Form {
    guard case .word(let first)? = tokens.current?.kind else { throw tokens.unexpected(expected: "a name") }
    if tokens.peek()?.kind == .symbol("=") {
      tokens.advance()
      tokens.advance()
    }
    let value = try path()
    if tokens.skip(.word("to")) { _ = try path() }
    guard tokens.skip(.word("on")) else { throw tokens.unexpected(expected: "'on'") }
    try expect("(")
    var stages = [try stage()]
    while tokens.skip(.symbol("|")) { stages.append(try stage()) }
    try expect(")")
    return .apply(name: first, value, stages)
  }
}
