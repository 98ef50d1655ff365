import LanguageSupport
import RuleIR
import SourceText

/// A query of Kusto, understood as far as the rule model goes.
struct KustoQuery {
  /// What the query fires on.
  var body: RuleBody
  var source: LogSource
  /// How far back the query looks, where it says so itself.
  var lookback: TimeSpan?
  var diagnostics: [Diagnostic]

  /// Reads a query.
  ///
  /// - Throws: What makes the text no Kusto. Kusto that the rule model does not hold is no error: the body is
  ///   `unmodelled`, with what was understood.
  static func read(_ passage: Passage) throws(Diagnostic) -> KustoQuery {
    var parser = try KustoParser(passage)
    let script = try parser.script()
    var reader = KustoQueryReader(passage, script)
    reader.diagnostics = parser.warnings
    return try reader.read()
  }
}

/// Walks the stages of a query and gathers what they come to.
struct KustoQueryReader {
  let passage: Passage
  let script: KustoScript
  var scope = KustoScope()
  var lowering: KustoLowering
  var filters: [Predicate] = []
  var tables: [String] = []
  var sourceRange: Range<Int>?
  var lookback: TimeSpan?
  var diagnostics: [Diagnostic] = []
  /// The first construct that the rule model does not hold.
  var gap: KustoGap?
  /// A stage that let only some rows through, behind which a filter is no filter on events any more.
  var cap: KustoStage?
  var threshold: KustoThreshold?
  /// Whether rows are no longer the events themselves.
  var isClosed = false

  init(_ passage: Passage, _ script: KustoScript) {
    self.passage = passage
    self.script = script
    lowering = KustoLowering(passage)
  }

  mutating func read() throws(Diagnostic) -> KustoQuery {
    bindScalars()
    walk(script.pipeline, depth: 0)
    let predicate = Predicate.conjunction(filters)
    try checkSize(predicate)
    diagnostics += lowering.notes
    let origin = sourceRange.map { Origin(passage.range(of: $0)) } ?? Origin()
    let source = LogSource(vendor: "sentinel", tables.map { .init("table", $0) }, origin: origin)
    return KustoQuery(body: body(predicate), source: source, lookback: lookback, diagnostics: diagnostics)
  }

  private mutating func body(_ predicate: Predicate) -> RuleBody {
    if gap == nil, let threshold {
      switch threshold.rule(over: predicate) {
      case .success(let rule): return .threshold(rule)
      case .failure(let missing): gap = missing
      }
    }
    guard let gap else { return .predicate(predicate) }
    let place = passage.range(of: gap.range)
    diagnostics.append(
      Diagnostic(
        .unmodelledRule, "\(gap.reason) is not modelled", severity: .warning, at: place,
        label: "not understood from here", notes: ["what was understood of the filter is kept"]))
    return .unmodelled(
      Unmodelled(
        text: passage.text, understood: filters.isEmpty ? nil : predicate, reason: gap.reason, origin: Origin(place)))
  }

  private func checkSize(_ predicate: Predicate) throws(Diagnostic) {
    guard predicate.nodeCount <= KustoScope.sizeLimit else {
      throw Diagnostic(
        .tooManyNodes, "the query comes to more than 200,000 tests", at: passage.wholeRange,
        label: "lists are repeated too often")
    }
  }

  private mutating func bindScalars() {
    let definitions = script.definitions.sorted { $0.key < $1.key }
    for (name, definition) in definitions {
      switch definition {
      case .expression(let value): scope.bind(name, to: value)
      // Rows where a value should be: a list, mostly.
      case .pipeline: scope.bind(name, to: KustoExpression(.opaque("a query inside an expression"), 0..<0))
      case .opaque(let what): scope.bind(name, to: KustoExpression(.opaque(what), 0..<0))
      }
    }
    // A definition may use others.
    for (name, definition) in definitions {
      if case .expression(let value) = definition, let resolved = try? scope.resolved(value) {
        scope.bind(name, to: resolved)
      }
    }
  }

  mutating func note(_ found: KustoGap) { if gap == nil { gap = found } }

  // MARK: Sources

  private mutating func walk(_ pipeline: KustoPipeline, depth: Int) {
    switch pipeline.source {
    case .tables(let names): table(names, at: pipeline.sourceRange, depth: depth)
    case .pipeline(let inner): walk(inner, depth: depth + 1)
    case .opaque(let what): note(KustoGap(reason: what, range: pipeline.sourceRange))
    }
    for stage in pipeline.stages { walk(stage) }
  }

  /// A table, or a query that `let` gave a name.
  private mutating func table(_ names: [String], at range: Range<Int>, depth: Int) {
    guard names.count == 1, let definition = script.definitions[names[0]] else {
      if names.contains(where: { script.definitions[$0] != nil }) {
        note(KustoGap(reason: "union", range: range))
      } else {
        tables = names
        sourceRange = range
      }
      return
    }
    switch definition {
    case .pipeline(let inner) where depth < 32: walk(inner, depth: depth + 1)
    case .pipeline: note(KustoGap(reason: "a query that names itself", range: range))
    case .expression: note(KustoGap(reason: "a source that is no table", range: range))
    case .opaque(let what): note(KustoGap(reason: what, range: range))
    }
  }
}

extension Predicate {
  /// How many nodes and literals the predicate has.
  var nodeCount: Int {
    switch self {
    case .all(let parts), .any(let parts): 1 + parts.reduce(0) { $0 + $1.nodeCount }
    case .not(let inner): 1 + inner.nodeCount
    case .some(let test), .every(let test): 1 + test.predicate.nodeCount
    case .field(let test): if case .oneOf(let literals) = test.condition { literals.count } else { 1 }
    case .presence, .anyField, .rawTerm: 1
    }
  }
}
