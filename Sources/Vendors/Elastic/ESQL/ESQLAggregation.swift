import RuleIR

/// Reads what `STATS` computes over the rows of its own condition.
struct ESQLAggregation {
  /// Which rows are looked at.
  let only: Predicate

  mutating func value(
    of expression: ESQLExpression, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupValue {
    guard case .call(let name, let arguments) = expression.form else {
      throw .unmodelled("a computed aggregation", expression.range)
    }
    let isOfRows = arguments.first.map { if case .star = $0.form { true } else { false } } ?? true
    if name == "COUNT", isOfRows { return .count(ESQLGroupCount(.of(.count), of: only)) }
    guard let first = arguments.first else { throw .unmodelled("a condition on \(name)", expression.range) }
    if name == "MV_DEDUPE", arguments.count == 1 { return try value(of: first, in: &meaning) }
    let measured = ESQLMeasured(value: try meaning.value(of: first), events: only)
    switch (name, arguments.count) {
    case ("COUNT", 1):
      return .count(ESQLGroupCount(.of(.count), of: try measured.present(in: &meaning, at: first.range)))
    case ("COUNT_DISTINCT", 1...2): return .count(try measured.distinct(in: &meaning, at: first.range))
    case ("SUM", 1): return .count(try measured.sum(in: &meaning, at: first.range))
    case ("AVG", 1): return .count(try plain(measured, Threshold.Measure.average, first.range, in: &meaning))
    case ("MEDIAN", 1):
      return .count(try plain(measured, { .percentile(Number(50), $0) }, first.range, in: &meaning))
    case ("PERCENTILE", 2):
      guard case .number(let rank) = try meaning.value(of: arguments[1]) else { break }
      return .count(try plain(measured, { .percentile(rank, $0) }, first.range, in: &meaning))
    case ("MIN", 1):
      if let events = measured.timed { return .time(.first(events), plus: 0) }
      return .smallest(measured)
    case ("MAX", 1):
      if let events = measured.timed { return .time(.last(events), plus: 0) }
      return .largest(measured)
    case ("VALUES", 1): return .values(measured)
    case _: break
    }
    throw .unmodelled("a condition on \(name)", expression.range)
  }

  /// A measure of the numbers in one column.
  private func plain(
    _ measured: ESQLMeasured, _ measure: (FieldPath) -> Threshold.Measure, _ range: Range<Int>,
    in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupCount {
    guard case .column(let view) = measured.value, view.isPlain else {
      throw .unmodelled("an aggregation of a computed value", range)
    }
    return ESQLGroupCount(
      .of(measure(view.path)), of: only, definedBy: try measured.present(in: &meaning, at: range))
  }
}

extension ESQLMeasured {
  /// What the value is, case by case; nil where there are too many.
  var branches: [(when: Predicate, value: ESQLValue)]? {
    var found: [(when: Predicate, value: ESQLValue)] = []
    func walk(_ value: ESQLValue, _ path: [Predicate]) -> Bool {
      guard case .choice(let condition, let first, let second) = value else {
        found.append((.conjunction(path), value))
        return found.count <= 64
      }
      return walk(first, path + [condition]) && walk(second, path + [.negation(of: condition)])
    }
    return walk(value, [events]) ? found : nil
  }

  /// The events for which the value is not null.
  func present(in meaning: inout ESQLMeaning, at range: Range<Int>) throws(ESQLObstacle) -> Predicate {
    .conjunction([events, try meaning.hasValue(value, at: range)])
  }

  /// The events whose time is looked at, where the value is the time or null.
  var timed: Predicate? {
    guard let branches else { return nil }
    var times: [Predicate] = []
    for branch in branches {
      switch branch.value {
      case .null: continue
      case .column(let view) where view.isPlain && view.path == FieldPath(named: "@timestamp"):
        times.append(branch.when)
      case _: return nil
      }
    }
    return times.isEmpty ? nil : .disjunction(times)
  }

  /// How many different values there are.
  func distinct(in meaning: inout ESQLMeaning, at range: Range<Int>) throws(ESQLObstacle) -> ESQLGroupCount {
    guard let branches else { throw .unmodelled("an aggregation of many cases", range) }
    var columns: [(path: FieldPath, when: Predicate)] = []
    var kinds: [(value: String, when: [Predicate])] = []
    for branch in branches {
      switch branch.value {
      case .null: continue
      case .column(let view) where view.isInjective: columns.append((view.path, branch.when))
      case .text(let text): Self.add(branch.when, as: "t" + text, to: &kinds)
      case .number(let number): Self.add(branch.when, as: "n" + number.text, to: &kinds)
      case .boolean(let flag): Self.add(branch.when, as: "b\(flag)", to: &kinds)
      case .span, .now, .column, .truth, .choice, .list, .derived:
        throw .unmodelled("an aggregation of a computed value", range)
      }
    }
    try meaning.spend(branches.reduce(0) { $0 + $1.when.size }, at: range)
    if columns.isEmpty, !kinds.isEmpty {
      return ESQLGroupCount(.kinds(kinds.map { .disjunction($0.when) }))
    }
    guard kinds.isEmpty, let path = columns.first?.path, columns.allSatisfy({ $0.path == path }) else {
      throw .unmodelled("an aggregation of a computed value", range)
    }
    return ESQLGroupCount(.of(.distinctCount([path])), of: .disjunction(columns.map(\.when)))
  }

  private static func add(
    _ predicate: Predicate, as value: String, to kinds: inout [(value: String, when: [Predicate])]
  ) {
    if let index = kinds.firstIndex(where: { isSameText($0.value, value) }) {
      kinds[index].when.append(predicate)
    } else {
      kinds.append((value, [predicate]))
    }
  }

  /// The sum: of a column, or of ones and zeros, which counts the events of the ones.
  func sum(in meaning: inout ESQLMeaning, at range: Range<Int>) throws(ESQLObstacle) -> ESQLGroupCount {
    if case .column(let view) = value, view.isPlain {
      return ESQLGroupCount(.of(.sum(view.path)), of: events, definedBy: try present(in: &meaning, at: range))
    }
    guard let branches else { throw .unmodelled("an aggregation of many cases", range) }
    var counted: [Predicate] = []
    var isNullable = events != .always
    for branch in branches {
      switch branch.value {
      case .null: isNullable = true
      case .number(let number) where number == Number(1): counted.append(branch.when)
      case .number(let number) where number == Number(0): continue
      case .text, .number, .boolean, .span, .now, .column, .truth, .choice, .list, .derived:
        throw .unmodelled("an aggregation of a computed value", range)
      }
    }
    try meaning.spend(counted.reduce(0) { $0 + $1.size }, at: range)
    return ESQLGroupCount(
      .of(.count), of: .disjunction(counted),
      definedBy: isNullable ? try present(in: &meaning, at: range) : nil)
  }
}

extension ESQLColumnView {
  /// Whether different values of the column stay different.
  fileprivate var isInjective: Bool {
    (aspect == .value || aspect == .spelling) && isUnfolded && (reach == .only || reach == .onlyDistinct) && !isWrapped
  }
}
