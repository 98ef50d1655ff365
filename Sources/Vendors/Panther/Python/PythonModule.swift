import LanguageSupport
import SourceText

/// The functions of a Python file that holds nothing but imports and functions.
///
///     module   = { line ( import | function | text ) } ;
///     function = "def" name "(" … ")" [ "->" … ] ":" … ;
struct PythonModule {
  struct Function {
    var name: String
    /// From `def` to the end of the body.
    var tokens: ArraySlice<Token<PythonToken>>
    /// What follows the colon.
    var body: ArraySlice<Token<PythonToken>>
    var parameters: [String]
    /// The place of the name.
    var range: SourceRange
  }

  let passage: Passage
  private(set) var functions: [Function] = []

  /// - Throws: The first statement that is neither an import from the standard library's modules for rules nor a
  ///   function.
  init(_ passage: Passage) throws(Diagnostic) {
    self.passage = passage
    let tokens = try PythonLexer.tokens(of: passage)
    var at = 0
    while at < tokens.count {
      var end = at + 1
      while end < tokens.count, tokens[end].kind != .line(indentation: 0) { end += 1 }
      try statement(tokens[at..<end])
      at = end
    }
  }

  private mutating func statement(_ tokens: ArraySlice<Token<PythonToken>>) throws(Diagnostic) {
    let words = tokens.dropFirst()
    guard tokens.first?.kind == .line(indentation: 0), let first = words.first else {
      throw refusal(tokens, "an indented line outside of a function")
    }
    switch first.kind {
    case .text where words.count == 1: break
    case .name("import"), .name("from"): try importing(words)
    case .name("def"): functions.append(try function(words))
    case .name(let name): throw refusal(words, "'\(name)' outside of a function")
    case _: throw refusal(words, "a statement outside of a function")
    }
  }

  /// Modules of the standard library that tests are made of; what is imported from them does nothing by itself.
  private static let modules: Set<String> = ["re", "ipaddress", "collections.abc", "datetime"]

  private func importing(_ words: ArraySlice<Token<PythonToken>>) throws(Diagnostic) {
    let isFrom = words.first?.kind == .name("from")
    let names = words.dropFirst().prefix { $0.kind != .name("import") || !isFrom }
    let module = names.map { token in
      switch token.kind {
      case .name(let name): name
      case .symbol(let symbol): symbol
      case .number, .text, .otherText, .line: "?"
      }
    }.joined()
    let imported = words.dropFirst(1 + names.count)
    let isRenamed = words.contains { $0.kind == .name("as") || $0.kind == .symbol("*") }
    guard !isRenamed, Self.modules.contains(module), isFrom != imported.isEmpty else {
      throw refusal(words, "an import of other modules than \(Self.modules.sorted().joined(separator: ", "))")
    }
  }

  private func function(_ words: ArraySlice<Token<PythonToken>>) throws(Diagnostic) -> Function {
    let start = words.startIndex
    guard words.count > 4, case .name(let name) = words[start + 1].kind, words[start + 2].kind == .symbol("(") else {
      throw refusal(words, "a malformed function")
    }
    let range = passage.range(of: words[start + 1].range)
    var at = start + 3
    var depth = 1
    var parameters: [String] = []
    while at < words.endIndex, depth > 0 {
      if depth == 1, case .name(let parameter) = words[at].kind,
        words[at - 1].kind == .symbol("(") || words[at - 1].kind == .symbol(",")
      {
        parameters.append(parameter)
      }
      if words[at].kind == .symbol("(") { depth += 1 }
      if words[at].kind == .symbol(")") { depth -= 1 }
      at += 1
    }
    while at < words.endIndex, words[at].kind != .symbol(":") { at += 1 }
    guard at < words.endIndex else { throw refusal(words, "a malformed function") }
    return Function(name: name, tokens: words, body: words[(at + 1)...], parameters: parameters, range: range)
  }

  private func refusal(_ tokens: ArraySlice<Token<PythonToken>>, _ what: String) -> Diagnostic {
    let words = tokens.filter { token in
      if case .line = token.kind { false } else { true }
    }
    let range = words.first.map { passage.range(of: $0.range) } ?? passage.wholeRange
    return Diagnostic(
      .unsupportedConstruct, "\(what) is not read", at: range, label: "not read here",
      notes: ["only what the Panther writer writes is read: imports, known functions, and rule(event) with one return"])
  }
}
