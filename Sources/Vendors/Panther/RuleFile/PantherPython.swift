import Documents
import LanguageSupport
import RuleIR
import SourceText

/// The Python of a rule: what its functions mean.
struct PantherPython {
  let predicate: Predicate
  private let module: PythonModule

  /// Functions that say how an alert looks, and change nothing about when there is one.
  private static let presentation: Set<String> = [
    "title", "severity", "description", "reference", "runbook", "destinations", "alert_context", "summary",
  ]

  init(_ file: SourceFile) throws(Diagnostic) {
    let module = try PythonModule(Passage(file: file))
    try Self.check(module)
    guard let rule = module.functions.first(where: { $0.name == "rule" }) else {
      throw Diagnostic(.missingKey, "there is no function 'rule'", at: file.wholeRange, help: "'def rule(event):'")
    }
    guard rule.parameters.count == 1 else {
      throw Diagnostic(.wrongArguments, "'rule' takes one parameter, the event", at: rule.range)
    }
    let expression = try Self.returned(by: rule, of: module)
    var interpreter = PantherInterpreter(module.passage, event: rule.parameters[0])
    predicate = try interpreter.predicate(expression)
    self.module = module
  }

  /// Refuses functions that are unknown, changed, doubled or missing.
  private static func check(_ module: PythonModule) throws(Diagnostic) {
    var defined: Set<String> = []
    for function in module.functions {
      guard defined.insert(function.name).inserted else {
        throw Diagnostic(.duplicateKey, "the function '\(function.name)' is there twice", at: function.range)
      }
      if let known = PythonPrelude.function(named: function.name) {
        guard function.tokens.map(\.kind) == known.kinds else {
          throw Diagnostic(
            .unsupportedConstruct, "the function '\(function.name)' is not the one that the Panther writer writes",
            at: function.range, label: "its text differs")
        }
      } else if !presentation.contains(function.name), !["rule", "dedup", "unique"].contains(function.name) {
        throw Diagnostic(
          .unsupportedConstruct, "the function '\(function.name)' is not read", at: function.range,
          label: "not read here")
      }
    }
    for function in module.functions {
      for token in function.body {
        guard case .name(let name) = token.kind, PythonPrelude.function(named: name) != nil, !defined.contains(name)
        else { continue }
        throw Diagnostic(
          .unknownFunction, "the function '\(name)' is not in the file", at: module.passage.range(of: token.range))
      }
    }
  }

  /// The expression of a function that only returns one.
  private static func returned(
    by function: PythonModule.Function, of module: PythonModule
  ) throws(Diagnostic) -> PythonExpression {
    var body = function.body.drop(while: \.isLine)
    if case .text? = body.first?.kind, body.dropFirst().first?.isLine == true {
      body = body.dropFirst().drop(while: \.isLine)
    }
    guard let first = body.first, first.kind == .name("return") else {
      let word = body.first.map { module.passage.range(of: $0.range) } ?? function.range
      throw Diagnostic(
        .unsupportedConstruct, "'\(visible(word.text))' in the function '\(function.name)' is not read", at: word,
        label: "not read here", help: "'return' with a condition is")
    }
    if let line = body.firstIndex(where: \.isLine), line + 1 < body.endIndex {
      throw Diagnostic(
        .unsupportedConstruct, "a statement after 'return' is not read",
        at: module.passage.range(of: body[line + 1].range), label: "not read here")
    }
    var parser = PythonExpressionParser(tokens: TokenCursor(Array(body.dropFirst()), of: module.passage))
    let expression = try parser.expression()
    guard parser.tokens.isAtEnd else { throw parser.tokens.unexpected(expected: "the end of the condition") }
    return expression
  }

  // MARK: Counting

  /// The rule's body, with the YAML's `Threshold` and `DedupPeriodMinutes`.
  func body(_ document: DocumentNode) throws(Diagnostic) -> RuleBody {
    let count = try Self.integer("Threshold", document) ?? 1
    let minutes = try Self.integer("DedupPeriodMinutes", document) ?? PantherCounting.usualMinutes
    guard count > 1 else { return .predicate(predicate) }
    let title = module.functions.first { $0.name == "title" }
    let groupBy = try fields(of: "dedup")
    if let title, groupBy == nil {
      throw Diagnostic(
        .unsupportedConstruct, "events are counted by the alert's title, which is not read", at: title.range,
        label: "groups the events", help: "a function 'dedup' says what to group by")
    }
    let distinct = try fields(of: "unique") ?? []
    let keys = groupBy ?? []
    let demanded = Set(keys.map(Self.presence))
    var parts: [Predicate]
    if case .all(let several) = predicate { parts = several } else { parts = [predicate] }
    let drops = !keys.isEmpty && demanded.isSubset(of: parts)
    let implied = (drops ? demanded : []).union(distinct.map(Self.presence))
    parts.removeAll(where: implied.contains)
    return .threshold(
      Threshold(
        .conjunction(parts), groupBy: keys, absentKey: drops || keys.isEmpty ? .dropped : .ownGroup,
        window: .sliding(.minutes(minutes)), measure: distinct.isEmpty ? .count : .distinctCount(distinct),
        .order(.greaterOrEqual), Number(count), origin: Origin(document["Threshold"]?.range)))
  }

  private static func presence(_ field: FieldPath) -> Predicate { .presence(PresenceTest(.value, field)) }

  private static func integer(_ key: String, _ document: DocumentNode) throws(Diagnostic) -> Int? {
    guard let node = document[key] else { return nil }
    guard let value = node.text.flatMap({ Number($0) })?.integer, (1...1_000_000_000).contains(value) else {
      throw Diagnostic(.invalidValue, "'\(key)' is not a positive whole number", at: node.range)
    }
    return value
  }

  /// The fields of which `dedup` or `unique` makes its text; nil where there is no such function.
  private func fields(of name: String) throws(Diagnostic) -> [FieldPath]? {
    guard let function = module.functions.first(where: { $0.name == name }) else { return nil }
    guard function.parameters.count == 1 else {
      throw Diagnostic(.wrongArguments, "'\(name)' takes one parameter, the event", at: function.range)
    }
    let expression = try Self.returned(by: function, of: module)
    let interpreter = PantherInterpreter(module.passage, event: function.parameters[0])
    var keys = [expression]
    if let (called, arguments) = expression.functionCall, called == "_group" { keys = arguments.map(\.value) }
    var fields: [FieldPath] = []
    for key in keys {
      if let (called, arguments) = key.functionCall, called == "_values" {
        fields.append(try interpreter.path(arguments, key))
      } else if let path = try interpreter.scalarPath(key) {
        fields.append(path)
      } else {
        throw Diagnostic(
          .unsupportedConstruct, "'\(name)' by anything but fields is not read",
          at: module.passage.range(of: key.range), label: "not read here")
      }
    }
    return fields
  }
}

extension Token<PythonToken> {
  fileprivate var isLine: Bool {
    if case .line = kind { true } else { false }
  }
}
