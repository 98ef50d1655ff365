import RuleIR
import SourceText

/// A `summarize`, on its way to a threshold: it becomes one when a filter on its measure follows.
struct KustoThreshold {
  var measure: Threshold.Measure
  /// What only some rows count for: `countif(x)`.
  var condition: Predicate?
  /// The column of the measure.
  var name: String
  var groupBy: [FieldPath]
  var window: Threshold.Window
  var bound: (Threshold.Bound, Number)?
  /// Bytes of the passage.
  var range: Range<Int>

  func rule(over predicate: Predicate) -> Result<Threshold, KustoGap> {
    guard let bound else { return .failure(KustoGap(reason: "summarize", range: range)) }
    let counted = condition.map { .conjunction([predicate, $0]) } ?? predicate
    let (rest, drops) = Self.dropping(groupBy, from: counted)
    return .success(
      Threshold(
        rest, groupBy: groupBy, absentKey: drops ? .dropped : .ownGroup, window: window, measure: measure, bound.0,
        bound.1))
  }

  /// The filter without its tests that each key of the grouping has a value: events without one are then dropped.
  private static func dropping(_ keys: [FieldPath], from predicate: Predicate) -> (Predicate, Bool) {
    guard !keys.isEmpty else { return (predicate, false) }
    var parts = [predicate]
    if case .all(let several) = predicate { parts = several }
    func isPresence(_ part: Predicate) -> Bool {
      guard case .presence(let test) = part else { return false }
      return test.kind == .value && keys.contains(test.field)
    }
    // `isnotempty(key)` is two parts, the one about presence among them.
    let flat = parts.flatMap { part -> [Predicate] in
      guard case .not(.any(let inner)) = part, inner.count == 2, case .not(let presence) = inner[0],
        isPresence(presence)
      else { return [part] }
      return [presence, .not(inner[1])]
    }
    let present = Set(flat.filter(isPresence))
    guard present.count == Set(keys).count else { return (predicate, false) }
    return (.conjunction(flat.filter { !present.contains($0) }), true)
  }
}

extension KustoQueryReader {
  /// `summarize measure by keys`, with one measure, keys that are fields and at most one `bin` of the event's time.
  mutating func summarize(_ measures: [KustoStage.Column], _ keys: [KustoStage.Column], _ stage: KustoStage) {
    guard !isClosed else { return }
    guard cap == nil, threshold == nil else {
      note(KustoGap(reason: "summarize", range: stage.range))
      isClosed = true
      return
    }
    do {
      threshold = try threshold(measures, keys, stage)
    } catch {
      note(error)
      isClosed = true
    }
  }

  private mutating func threshold(
    _ measures: [KustoStage.Column], _ keys: [KustoStage.Column], _ stage: KustoStage
  ) throws(KustoGap) -> KustoThreshold {
    let counting = measures.filter(\.isMeasure)
    guard counting.count == 1, measures.allSatisfy({ $0.isMeasure || $0.isCollection }) else {
      throw KustoGap(reason: "summarize", range: stage.range)
    }
    var (groupBy, window) = ([FieldPath](), Threshold.Window.searchSpan)
    for key in keys {
      let value = try scope.resolved(key.value)
      if let span = bin(value) {
        guard window == .searchSpan else { throw KustoGap(reason: "summarize by two times", range: value.range) }
        window = .tumbling(span)
      } else {
        groupBy.append(try lowering.field(value))
      }
    }
    let value = try scope.resolved(counting[0].value)
    let (measure, condition) = try measure(value)
    return KustoThreshold(
      measure: measure, condition: condition, name: counting[0].name ?? Self.defaultName(of: counting[0].value),
      groupBy: groupBy, window: window, bound: nil, range: stage.range)
  }

  /// The span of `bin(TimeGenerated, 5m)`, whose bins are aligned to the epoch too.
  ///
  /// Kusto aligns bins to the year 1, which comes to the same where the days between, 719,162, are a whole number of
  /// spans. https://learn.microsoft.com/kusto/query/bin-function
  private mutating func bin(_ value: KustoExpression) -> TimeSpan? {
    guard case .call(let name, let arguments) = value.form, arguments.count >= 2,
      case .eventTime? = try? lowering.operand(arguments[0]), case .timespan(let ticks) = arguments[1].form,
      let span = TimeSpan(ticks: ticks)
    else { return nil }
    switch name {
    case "bin", "floor": return 719_162 * 86_400 % span.seconds == 0 ? span : nil
    case "bin_at":
      guard arguments.count == 3, case .datetime(let start) = arguments[2].form else { return nil }
      return start == "1970-01-01" ? span : nil
    case _: return nil
    }
  }

  private mutating func measure(_ value: KustoExpression) throws(KustoGap) -> (Threshold.Measure, Predicate?) {
    guard case .call(let name, let arguments) = value.form else {
      throw KustoGap(reason: "summarize", range: value.range)
    }
    switch (name, arguments.count) {
    case ("count", 0): return (.count, nil)
    case ("countif", 1): return (.count, try lowering.condition(arguments[0]).isTrue)
    case ("dcount", 1...2), ("count_distinct", 1): return (.distinctCount([try lowering.field(arguments[0])]), nil)
    case ("dcountif", 2...3), ("count_distinctif", 2):
      return (.distinctCount([try lowering.field(arguments[0])]), try lowering.condition(arguments[1]).isTrue)
    case ("sum", 1): return (.sum(try number(arguments[0])), nil)
    case ("avg", 1): return (.average(try number(arguments[0])), nil)
    case ("percentile", 2):
      guard case .number(let rank) = arguments[1].form else { break }
      return (.percentile(rank, try number(arguments[0])), nil)
    case _: break
    }
    throw KustoGap(reason: "summarize with '\(name)'", range: value.range)
  }

  private mutating func number(_ value: KustoExpression) throws(KustoGap) -> FieldPath {
    guard case .field(let path, let reading) = try lowering.operand(value), reading == .plain || reading == .number
    else { throw KustoGap(reason: "summarize of something computed", range: value.range) }
    return path
  }

  /// The name that Kusto gives a measure: `count_`, `dcount_ObjectRef_name`.
  private static func defaultName(of value: KustoExpression) -> String {
    guard case .call(let name, let arguments) = value.form else { return "" }
    return name + "_" + (arguments.first.flatMap(joinedName) ?? "")
  }

  private static func joinedName(_ value: KustoExpression) -> String? {
    switch value.form {
    case .name(let name): name
    case .member(let base, let key): joinedName(base).map { $0 + "_" + key }
    case .text, .number, .boolean, .null, .timespan, .datetime, .star, .element, .call, .negative, .arithmetic,
      .comparison, .list, .interval, .allOf, .anyOf, .opaque:
      nil
    }
  }

  /// The filter behind a `summarize`, which must compare its measure with a number.
  mutating func bound(_ expression: KustoExpression, _ stage: KustoStage) {
    guard var found = threshold, found.bound == nil, let bound = bound(expression, on: found.name) else {
      note(KustoGap(reason: "a filter behind summarize", range: stage.range))
      isClosed = true
      return
    }
    found.bound = bound
    threshold = found
  }

  private func bound(_ expression: KustoExpression, on name: String) -> (Threshold.Bound, Number)? {
    guard case .comparison(let operation, let left, let right) = expression.form, case .name(name) = left.form,
      case .number(let number)? = (try? scope.resolved(right))?.form
    else { return nil }
    switch operation.relation {
    case .equals: return (operation.isNegated ? .notEqual : .equal, number)
    case .less: return (.order(.less), number)
    case .lessOrEqual: return (.order(.lessOrEqual), number)
    case .greater: return (.order(.greater), number)
    case .greaterOrEqual: return (.order(.greaterOrEqual), number)
    case .isIn, .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .anyTerm, .allTerms, .regex,
      .between:
      return nil
    }
  }
}

extension KustoStage.Column {
  private var function: String? { if case .call(let name, _) = value.form { name } else { nil } }

  /// Whether it only shows something of the group's rows, so that it decides nothing.
  fileprivate var isCollection: Bool {
    ["make_set", "make_list", "makeset", "makelist", "min", "max", "arg_min", "arg_max", "take_any", "any", "make_bag"]
      .contains(function)
  }

  fileprivate var isMeasure: Bool {
    [
      "count", "countif", "dcount", "count_distinct", "dcountif", "count_distinctif", "sum", "avg", "percentile",
    ].contains(function)
  }
}
