public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes a query of Kusto.
public enum KustoWriter: RuleWriter {
  public static let name = "kusto"
  public static let fileExtension = ".kusto"

  public static func support(for feature: Feature) -> Support { KustoSupport.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let query = try KustoQueryPrinter(schema).query(of: rule)
    return WrittenRule(text: query.text + "\n", losses: query.losses, notes: query.notes)
  }
}

/// Writes the stages of a query.
struct KustoQueryPrinter {
  let schema: TargetSchema
  let printer: KustoPrinter

  init(_ schema: TargetSchema) {
    self.schema = schema
    printer = KustoPrinter(columns: KustoColumns(schema: schema))
  }

  /// A query without a line end after its last line.
  struct Query {
    var text: String
    var losses: [Loss]
    var notes: [String] = []
  }

  func query(of rule: Rule) throws(Diagnostic) -> Query {
    let source = source(of: rule)
    var query: Query
    switch rule.body {
    case .predicate(let predicate): query = try filtered(predicate, source)
    case .threshold(let threshold): query = try summarized(threshold, source)
    case .newTerms(let terms): throw .notYet(.newTerms, in: "Kusto", at: terms.origin)
    case .sequence(let sequence):
      throw .notYet(
        sequence.until != nil ? .sequenceEnd : sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence,
        in: "Kusto", at: sequence.origin)
    case .unmodelled(let rest):
      throw Diagnostic(
        .untranslatable, "what is not modelled cannot be written", at: rest.origin.range, label: rest.reason)
    }
    let unknown = rule.body.predicates.flatMap(\.fieldPaths).filter { schema.columns[$0] == nil }
    if !unknown.isEmpty {
      let names = Set(unknown.map(\.dotted)).sorted().joined(separator: ", ")
      query.notes.append("columns that no mapping describes are taken to hold one value each: \(names)")
    }
    return query
  }

  /// The tables; all of them where none is known.
  private func source(of rule: Rule) -> String {
    var tables = schema.source.values("table")
    if tables.isEmpty, rule.metadata.source.vendor == "sentinel" { tables = rule.metadata.source.values("table") }
    switch tables.count {
    case 0: return "union *"
    case 1: return KustoLiteral.name(tables[0])
    case _: return "union " + tables.map(KustoLiteral.name).joined(separator: ", ")
    }
  }

  // MARK: Filters

  private func filtered(_ predicate: Predicate, _ source: String) throws(Diagnostic) -> Query {
    let stages = try stages(of: predicate)
    return Query(text: ([source] + stages.texts).joined(separator: "\n"), losses: stages.losses)
  }

  private struct Stages {
    var texts: [String] = []
    var losses: [Loss] = []
  }

  /// A stage for each part of a conjunction.
  private func stages(of predicate: Predicate) throws(Diagnostic) -> Stages {
    var stages = Stages()
    let ready = predicate.readyForKusto()
    var parts = [ready]
    if case .all(let several) = ready, try printer.idiom(several, joinedBy: .and) == nil { parts = several }
    if parts.isEmpty { parts = [.always] }
    for part in parts {
      let (text, losses) = try stage(part)
      stages.texts.append(text)
      stages.losses += losses
    }
    return stages
  }

  private func stage(_ part: Predicate) throws(Diagnostic) -> (String, [Loss]) {
    if let (isEvery, test) = try perElement(part) { return try apply(isEvery, test) }
    let fragment = try printer.print(part)
    return ("| where " + fragment.text, fragment.losses)
  }

  /// A test that only a stage over the elements of a list can make.
  private func perElement(_ part: Predicate) throws(Diagnostic) -> (isEvery: Bool, ElementTest)? {
    switch part {
    case .some(let test): return (false, test)
    case .every(let test): return (true, test)
    case .field(let test):
      if let split = test.field.steps.dropLast().firstIndex(of: .each), schema.columns[test.field] == nil {
        var inner = test
        inner.field = FieldPath(Array(test.field.steps[(split + 1)...]))
        return (false, ElementTest(FieldPath(Array(test.field.steps[..<split])), .field(inner), origin: test.origin))
      }
      guard try printer.columns.column(test.field, at: test.origin).isList, test.needsElements else { return nil }
      var inner = test
      inner.field = .element
      return (false, ElementTest(test.field, .field(inner), origin: test.origin))
    case .all, .any, .not, .presence, .anyField, .rawTerm: return nil
    }
  }

  /// `mv-apply`, whose subquery lets the row through once, or not at all.
  ///
  /// https://learn.microsoft.com/kusto/query/mv-apply-operator
  private func apply(_ isEvery: Bool, _ test: ElementTest) throws(Diagnostic) -> (String, [Loss]) {
    let name = "element"
    var path = test.path
    if path.steps.last == .each { path.steps.removeLast() }
    let list = try printer.columns.column(path, at: test.origin)
    let inner = KustoPrinter(columns: KustoColumns(schema: schema, element: (name, path)))
    let head = "| mv-apply \(name) = \(list.reference) on "
    if isEvery {
      let failing = try inner.print(Predicate.not(test.predicate).readyForKusto())
      let text =
        "(where isnotnull(\(name)) | summarize elements = count(), failing = countif(\(failing.text))"
        + " | where elements > 0 and failing == 0)"
      return (head + text, failing.losses.map(\.negated))
    }
    let passing = try inner.print(test.predicate.readyForKusto())
    // An empty list may come as one null element.
    let needsGuard = test.predicate.holdsOnNothing
    let condition = needsGuard ? "isnotnull(\(name)) and (\(passing.text))" : passing.text
    return (head + "(where \(condition) | take 1)", passing.losses)
  }

  // MARK: Thresholds

  private func summarized(_ threshold: Threshold, _ source: String) throws(Diagnostic) -> Query {
    try threshold.requirePlain(in: "kusto")
    var stages = try stages(of: threshold.predicate)
    let measureName = threshold.measure.columnName
    var keys: [String] = []
    var names: Set<String> = [measureName]
    for path in threshold.groupBy {
      let column = try printer.columns.column(path, at: threshold.origin)
      if threshold.absentKey == .dropped {
        let present = printer.present(column, .threshold)
        stages.texts.append("| where " + present.text)
        stages.losses += present.losses
      }
      if column.isList {
        stages.losses.append(
          Loss(.threshold, .both, because: "events are grouped by a list as a whole", at: threshold.origin))
      }
      let name = Self.name(of: path, keys.count)
      keys.append("\(names.insert(name).inserted ? name : "Key\(keys.count + 1)") = \(column.text)")
    }
    if let (bin, losses) = bin(threshold) {
      keys.append(bin)
      stages.losses += losses
    }
    let (measure, losses) = try measure(threshold)
    stages.losses += losses
    let by = keys.isEmpty ? "" : " by " + keys.joined(separator: ", ")
    let value = try printer.number(threshold.value, .threshold, at: threshold.origin)
    stages.texts.append("| summarize \(measureName) = \(measure)\(by)")
    stages.texts.append("| where \(measureName) \(threshold.bound.spelling) \(value)")
    return Query(text: ([source] + stages.texts).joined(separator: "\n"), losses: stages.losses)
  }

  /// A name for a key of the grouping: the letters and digits of its field.
  private static func name(of path: FieldPath, _ index: Int) -> String {
    let letters = path.dotted.utf8.map { $0.isNameStart && $0 != 36 || $0.isDigit ? $0 : UInt8(ascii: "_") }
    let name = String(decoding: letters, as: UTF8.self)
    return KustoLiteral.isPlain(name) ? name : "Key\(index + 1)"
  }

  private func bin(_ threshold: Threshold) -> (String, [Loss])? {
    switch threshold.window {
    case .searchSpan: return nil
    case .tumbling(let span): return (Self.bin(span), [])
    case .sliding(let span):
      let drift: Drift =
        switch threshold.bound {
        case .order(.greater), .order(.greaterOrEqual): .narrower
        case .order(.less), .order(.lessOrEqual), .equal, .notEqual: .both
        }
      let loss = Loss(
        .slidingWindow, drift, because: "events are counted in fixed stretches of time", at: threshold.origin)
      return (Self.bin(span), [loss])
    }
  }

  /// Bins are aligned to the year 1; where that is not aligned to the epoch, the epoch is named.
  private static func bin(_ span: TimeSpan) -> String {
    719_162 * 86_400 % max(span.seconds, 1) == 0
      ? "bin(TimeGenerated, \(span))" : "bin_at(TimeGenerated, \(span), datetime(1970-01-01))"
  }

  private func measure(_ threshold: Threshold) throws(Diagnostic) -> (String, [Loss]) {
    func column(_ path: FieldPath) throws(Diagnostic) -> KustoColumn {
      try printer.columns.column(path, at: threshold.origin)
    }
    switch threshold.measure {
    case .count: return ("count()", [])
    case .distinctCount(let paths):
      guard paths.count == 1 else { throw .notYet(.distinctCount, in: "Kusto", at: threshold.origin) }
      let counted = try column(paths[0])
      let present = printer.present(counted, .distinctCount)
      return ("count_distinctif(\(counted.text), \(present.text))", present.losses)
    case .sum(let path): return ("sum(\(try column(path).number(.strict)))", [])
    case .average(let path): return ("avg(\(try column(path).number(.strict)))", [])
    case .percentile(let rank, let path):
      let text = try printer.number(rank, .percentile, at: threshold.origin)
      let loss = Loss(.percentile, .both, because: "Kusto estimates percentiles", at: threshold.origin)
      return ("percentile(\(try column(path).number(.strict)), \(text))", [loss])
    }
  }
}

extension Threshold.Measure {
  fileprivate var columnName: String {
    switch self {
    case .count: "EventCount"
    case .distinctCount: "DistinctCount"
    case .sum: "Total"
    case .average: "Average"
    case .percentile: "Percentile"
    }
  }
}

extension Threshold.Bound {
  fileprivate var spelling: String {
    switch self {
    case .order(let order): order.rawValue
    case .equal: "=="
    case .notEqual: "!="
    }
  }
}

extension FieldTest {
  /// Whether, of a list, only a look at each element decides.
  fileprivate var needsElements: Bool {
    if polarity == .someValueFails { return subject != .count }
    switch subject {
    case .count: return false
    case .spelling, .length, .datePart, .derived: return true
    case .value:
      switch condition {
      case .equals, .oneOf, .matches: return false
      case .regex, .order, .network, .term, .encoded, .field: return true
      }
    }
  }
}

extension Predicate {
  /// Whether it is true where no field has a value.
  fileprivate var holdsOnNothing: Bool {
    switch self {
    case .all(let parts): parts.allSatisfy(\.holdsOnNothing)
    case .any(let parts): parts.contains(where: \.holdsOnNothing)
    case .not(let inner): !inner.holdsOnNothing
    // A count is a number even of nothing.
    case .field(let test): test.subject == .count
    case .presence, .some, .every, .anyField, .rawTerm: false
    }
  }

  /// Every field that is named, outside of elements.
  fileprivate var fieldPaths: [FieldPath] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.fieldPaths)
    case .not(let inner): inner.fieldPaths
    case .presence(let test): [test.field]
    case .field(let test): [test.field]
    case .some(let test), .every(let test): [test.path]
    case .anyField, .rawTerm: []
    }
  }
}
