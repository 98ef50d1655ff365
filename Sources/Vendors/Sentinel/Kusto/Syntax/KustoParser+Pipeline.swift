import LanguageSupport
import SourceText

extension KustoParser {
  /// Reads a whole query.
  ///
  ///     script    = { "let" name "=" ( expression | pipeline | function ) ";" | "set" … ";" } pipeline [ ";" ] ;
  ///     pipeline  = source { "|" stage } ;
  mutating func script() throws(Diagnostic) -> KustoScript {
    var definitions: [String: KustoScript.Definition] = [:]
    while true {
      while tokens.skip(.symbol(";")) {}
      switch tokens.current?.kind {
      case .word("let"):
        let (name, value) = try definition()
        definitions[name] = value
      case .word("set"), .word("declare"), .word("alias"), .word("restrict"):
        skip(to: [";"])
      case nil: throw Diagnostic(.emptyQuery, "the query is empty", at: tokens.place, label: "no table is named")
      case .word, .text, .number, .timespan, .quoted, .symbol:
        let pipeline = try pipeline()
        while tokens.skip(.symbol(";")) {}
        guard tokens.isAtEnd else { throw tokens.unexpected(expected: "'|' or the end of the query") }
        return KustoScript(definitions: definitions, pipeline: pipeline)
      }
    }
  }

  private mutating func definition() throws(Diagnostic) -> (String, KustoScript.Definition) {
    tokens.advance()
    guard case .word(let name)? = tokens.current?.kind else { throw tokens.unexpected(expected: "a name") }
    tokens.advance()
    try expect("=")
    let start = tokens.position
    if let value = try? expression(), tokens.isAtEnd || tokens.current?.kind == .symbol(";") {
      guard value.isSource else { return (name, .expression(value)) }
    }
    tokens.rewind(to: start)
    if let pipeline = try? pipeline(), tokens.isAtEnd || tokens.current?.kind == .symbol(";") {
      return (name, .pipeline(pipeline))
    }
    tokens.rewind(to: start)
    skip(to: [";"])
    return (name, .opaque("a function of the query"))
  }

  mutating func pipeline() throws(Diagnostic) -> KustoPipeline {
    try tokens.descend()
    defer { tokens.ascend() }
    let start = tokens.position
    let source = try source()
    var pipeline = KustoPipeline(source: source, sourceRange: span(from: start), stages: [])
    pipeline.stages = try stages()
    return pipeline
  }

  private mutating func stages() throws(Diagnostic) -> [KustoStage] {
    var stages: [KustoStage] = []
    while tokens.skip(.symbol("|")) { stages.append(try stage()) }
    return stages
  }

  private mutating func source() throws(Diagnostic) -> KustoPipeline.Source {
    switch tokens.current?.kind {
    case .word("union"): return try union()
    case .symbol("("):
      tokens.advance()
      let inner = try pipeline()
      try expect(")")
      return .pipeline(inner)
    case .word("materialize") where tokens.peek()?.kind == .symbol("("):
      tokens.advance()
      tokens.advance()
      let inner = try pipeline()
      try expect(")")
      return .pipeline(inner)
    case .word(let name):
      tokens.advance()
      if tokens.isAtEnd || tokens.current?.kind == .symbol("|") || endsPipeline { return .tables([name]) }
      skip(to: ["|", ";"])
      return .opaque(
        ["print", "range", "search", "find", "datatable", "externaldata"].contains(name)
          ? name : "a source that is no table")
    case .symbol("["):
      let name = try path()
      if case .name(let table) = name.form { return .tables([table]) }
      return .opaque("a source that is no table")
    case .text, .number, .timespan, .quoted, .symbol, nil: throw tokens.unexpected(expected: "a table")
    }
  }

  private var endsPipeline: Bool {
    [.symbol(";"), .symbol(")"), .symbol(",")].contains(tokens.current?.kind)
  }

  /// `union` of plain tables is one source of several tables; all else is not understood.
  private mutating func union() throws(Diagnostic) -> KustoPipeline.Source {
    tokens.advance()
    while case .word? = tokens.current?.kind, tokens.peek()?.kind == .symbol("=") {
      for _ in 0..<3 { tokens.advance() }
    }
    let start = tokens.position
    var tables: [String] = []
    repeat {
      if tokens.skip(.symbol("*")), tables.isEmpty { break }
      guard case .name(let name)? = try? path().form, isSeparator else {
        tokens.rewind(to: start)
        skip(to: ["|", ";"])
        return .opaque("union")
      }
      tables.append(name)
    } while tokens.skip(.symbol(","))
    guard isSeparator, tokens.current?.kind != .symbol(",") else {
      skip(to: ["|", ";"])
      return .opaque("union")
    }
    return .tables(tables)
  }

  private var isSeparator: Bool { tokens.isAtEnd || tokens.current?.kind == .symbol("|") || endsPipeline }

  /// Reads over tokens, parentheses and all, up to one of these symbols outside of them, or a closing one.
  mutating func skip(to symbols: Set<String>) {
    var depth = 0
    while let token = tokens.current {
      if case .symbol(let symbol) = token.kind {
        if depth == 0, symbols.contains(symbol) || [")", "]", "}"].contains(symbol) { return }
        if ["(", "[", "{"].contains(symbol) { depth += 1 }
        if [")", "]", "}"].contains(symbol) { depth -= 1 }
      }
      tokens.advance()
    }
  }
}

extension KustoExpression {
  /// Whether it may be a source of rows rather than a value: a name, or `materialize(…)`.
  fileprivate var isSource: Bool {
    switch form {
    case .name, .call("materialize", _), .call("view", _): true
    case .text, .number, .boolean, .null, .timespan, .datetime, .star, .member, .element, .call, .negative, .arithmetic,
      .comparison, .list, .interval, .allOf, .anyOf, .opaque:
      false
    }
  }
}
