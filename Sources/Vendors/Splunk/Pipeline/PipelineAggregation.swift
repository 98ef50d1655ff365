import RuleIR
import SourceText

/// A comparison of an aggregate with a number.
struct AggregateBound {
  var measure: AggregateMeasure
  var bound: Threshold.Bound
  var value: Number
  var place: SourceRange
  /// How many filters stood before the aggregation.
  var filterCount: Int
}

extension PipelineReader {
  // MARK: Aggregations

  mutating func aggregate(_ aggregation: Aggregation, filler: String? = nil) {
    isGrouping = true
    defer { isGrouping = false }
    let grouping = grouping(aggregation.keys, filler)
    var names: [String: FieldBinding] = [:]
    for key in aggregation.keys {
      let binding = scope.binding(of: key.field)
      names[key.field] = filler.map { binding.filled(with: $0) } ?? binding
      if case .event(let path)? = names[key.field], path.steps.contains(.each) { perValue.insert(path) }
    }
    let isSecond = self.grouping != nil
    for column in aggregation.columns {
      let hidden = Obstacle(reason: "aggregate \(column.function)", detail: "", place: column.place)
      if !isSecond, ["values", "list"].contains(column.function), let path = eventPath(column) {
        names[column.name] = .collected(path)
        continue
      }
      guard !isSecond, let measure = measure(column, grouping) else {
        names[column.name] = .opaque(hidden)
        continue
      }
      names[column.name] = .measure(measure)
    }
    let hasPattern = aggregation.columns.contains { $0.name.contains("*") }
    scope = FieldScope(only: names)
    if hasPattern { scope.obscureRest(Obstacle(reason: "aggregate", detail: "", place: aggregation.place)) }
    if isSecond { filters += grouping.only + grouping.dropped } else { self.grouping = grouping }
  }

  /// `eventstats` and `streamstats` add columns and keep the events.
  mutating func attach(_ aggregation: Aggregation, _ stage: Stage) {
    ignored.append((stage.command, stage.place))
    let window = aggregation.slidingWindow.flatMap { TimeSpan(splunk: $0[...]) }
    var grouping = grouping(aggregation.keys, nil)
    if let window { grouping.window = .sliding(window) }
    for column in aggregation.columns {
      if window != nil, let measure = measure(column, grouping) {
        scope.bind(column.name, to: .measure(measure))
      } else {
        scope.bind(column.name, to: .opaque(Obstacle(reason: stage.command, detail: "", place: column.place)))
      }
    }
  }

  mutating func read(_ search: DataModelSearch) {
    if let name = search.dataModel, !name.isEmpty { selectors.append(LogSource.Selector("datamodel", name)) }
    if let filter = search.filter {
      let stage = Stage(command: "search", form: .search(filter), place: search.aggregation.place)
      apply(stage, isFirst: true)
    }
    if let span = search.span { timeSpan = TimeSpan(splunk: span[...]) }
    guard obstacle == nil else { return }
    aggregate(search.aggregation, filler: search.filler)
  }

  mutating func countFrequent(_ fields: [String], _ stage: Stage) {
    var aggregation = Aggregation(place: stage.place)
    aggregation.columns = [
      Aggregation.Column(function: "count", parameter: nil, argument: nil, name: "count", place: stage.place),
      Aggregation.Column(function: "percent", parameter: nil, argument: nil, name: "percent", place: stage.place),
    ]
    aggregation.keys = fields.map { Aggregation.Key(field: $0, place: stage.place) }
    aggregate(aggregation)
    ignored.append((stage.command, stage.place))
  }

  /// Events that lack one of the fields are dropped.
  mutating func requireValues(of fields: [String], _ stage: Stage) {
    let grouping = grouping(fields.map { Aggregation.Key(field: $0, place: stage.place) }, nil)
    filters += grouping.only + grouping.dropped
  }

  private mutating func grouping(_ keys: [Aggregation.Key], _ filler: String?) -> AggregateGrouping {
    var grouping = AggregateGrouping()
    var isFilled = false
    for key in keys {
      var binding = scope.binding(of: key.field)
      if let filler { binding = binding.filled(with: filler) }
      switch binding {
      case _ where timeNames.contains(key.field): group(&grouping, byTimeAt: key.place)
      case .event(let path) where path.isMetadata: grouping.fields.append(path)
      case .event(let path):
        grouping.fields.append(path)
        grouping.dropped.append(
          .presence(PresenceTest(.value, path, origin: query.origin(of: key.place))))
      case .filled(let path, _):
        isFilled = true
        grouping.fields.append(path)
        if let openFill { noteOpenFill(openFill, key) }
      case .value(let alternatives): group(&grouping, by: alternatives, key)
      case .measure(let measure):
        grouping.obstacle = Obstacle(
          reason: "grouping by an aggregate", detail: "'\(key.field)' is \(measure.function)", place: key.place)
      case .collected: meet(Obstacle.gathered.grouping(by: key.field, at: key.place))
      case .opaque(let hidden): meet(hidden.grouping(by: key.field, at: key.place))
      case .absent:
        grouping.only.append(.never)
        diagnostics.append(
          Diagnostic(
            .neverFires, "no event has the field '\(key.field)' here", severity: .warning, at: key.place,
            label: "it was dropped or renamed before"))
      }
    }
    guard isFilled else { return grouping }
    grouping.absentKey = .ownGroup
    grouping.only += grouping.dropped
    grouping.dropped = []
    return grouping
  }

  private mutating func group(_ grouping: inout AggregateGrouping, byTimeAt place: SourceRange) {
    if let timeSpan {
      grouping.window = .tumbling(timeSpan)
    } else {
      grouping.obstacle = Obstacle(
        reason: "grouping by time", detail: "each moment is a group of its own", place: place)
    }
  }

  private mutating func group(
    _ grouping: inout AggregateGrouping, by alternatives: [Alternative], _ key: Aggregation.Key
  ) {
    var presence: [Predicate] = []
    for alternative in alternatives {
      switch alternative.operand {
      case .opaque(let hidden): return meet(hidden.grouping(by: key.field, at: key.place))
      case .absent: break
      case .field(let path, _):
        let there = Predicate.presence(PresenceTest(.value, path, origin: query.origin(of: key.place)))
        presence.append(.guarded(by: alternative.when, path.isMetadata ? .always : there))
      case .present(let there, _), .place(let there): presence.append(.guarded(by: alternative.when, there))
      case .text, .number: presence.append(alternative.when)
      }
    }
    switch alternatives.onlyOperand {
    // A constant parts nothing.
    case .text?, .number?: return
    case .field(let path, .plain)?: grouping.fields.append(path)
    case .field?, .absent?, .present?, .place?, .opaque?, nil:
      grouping.obstacle = Obstacle(
        reason: "grouping by a computed value", detail: "'\(key.field)' is computed", place: key.place)
    }
    if !alternatives.contains(where: { $0.operand == .absent }),
      alternatives.allSatisfy({ $0.operand.isConstant || $0.when.provesPresence(of: $0.operand) })
    {
      return
    }
    grouping.only.append(Predicate.disjunction(presence).withoutImpliedPresence)
  }

  private mutating func noteOpenFill(_ place: SourceRange, _ key: Aggregation.Key) {
    guard !diagnostics.contains(where: { $0.code == .assumedMeaning && $0.primary?.range == place }) else { return }
    diagnostics.append(
      Diagnostic(
        .assumedMeaning, "fillnull without a list fills only fields that some event of the search has", severity: .info,
        at: place, label: "no list of fields",
        secondary: [Diagnostic.Label(key.place, "this key must be filled")],
        notes: ["the rule is silent while no event of a run has such a field; it is read as if one always had"],
        help: "list the fields"))
  }

  // MARK: Measures

  private func measure(_ column: Aggregation.Column, _ grouping: AggregateGrouping) -> AggregateMeasure? {
    var only: Predicate?
    let measure: Threshold.Measure
    switch column.function {
    case "count", "c":
      switch column.argument {
      case nil: break
      case .field(let name)?:
        guard let path = eventPath(name), !path.steps.contains(.each) else { return nil }
        only = .presence(PresenceTest(.value, path, origin: query.origin(of: column.place)))
      case .expression(let expression)?:
        var lowering = EvalLowering(scope, in: query)
        guard let condition = try? lowering.condition(expression) else { return nil }
        only = condition.isTrue.withoutImpliedPresence
      }
      measure = .count
    case "dc", "distinct_count":
      guard let path = eventPath(column) else { return nil }
      measure = .distinctCount([path])
    case "sum":
      guard let path = eventPath(column) else { return nil }
      measure = .sum(path)
    case "avg", "mean":
      guard let path = eventPath(column) else { return nil }
      measure = .average(path)
    case "perc", "p", "exactperc", "median":
      let percent = column.function == "median" ? "50" : column.parameter
      guard let path = eventPath(column), let percent, let number = Number(percent) else { return nil }
      measure = .percentile(number, path)
    case _: return nil
    }
    let text = trimmed(query.passage.slice(column.place.start..<column.place.end).text)
    return AggregateMeasure(measure: measure, only: only, grouping: grouping, function: text)
  }

  private func eventPath(_ column: Aggregation.Column) -> FieldPath? {
    guard case .field(let name)? = column.argument else { return nil }
    return eventPath(name)
  }

  private func eventPath(_ name: String) -> FieldPath? {
    guard !name.contains("*"), case .event(let path) = scope.binding(of: name) else { return nil }
    return path
  }

  // MARK: Bounds

  func bound(_ part: SearchTree) -> AggregateBound? {
    guard case .comparison(let test) = part, case .measure(let measure) = scope.binding(of: test.field),
      let number = test.value.literal.flatMap({ Number($0) })
    else { return nil }
    let bound: Threshold.Bound
    switch test.comparison {
    case .equal, .doubleEqual: bound = .equal
    case .notEqual: bound = .notEqual
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let order = test.comparison.order else { return nil }
      bound = .order(order)
    }
    return AggregateBound(
      measure: measure, bound: bound, value: number, place: test.place, filterCount: filters.count)
  }

  func bound(_ part: EvalExpression) -> AggregateBound? {
    guard case .comparison(let comparison, let left, let right, let place) = part else { return nil }
    if let measure = measure(left), let number = number(right) {
      return bound(measure, comparison, number, place)
    }
    if let measure = measure(right), let number = number(left) {
      return bound(measure, comparison.mirrored, number, place)
    }
    return nil
  }

  private func bound(
    _ measure: AggregateMeasure, _ comparison: EvalComparison, _ number: Number, _ place: SourceRange
  ) -> AggregateBound {
    let bound: Threshold.Bound =
      switch comparison {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .order(.less)
      case .lessOrEqual: .order(.lessOrEqual)
      case .greater: .order(.greater)
      case .greaterOrEqual: .order(.greaterOrEqual)
      }
    return AggregateBound(measure: measure, bound: bound, value: number, place: place, filterCount: filters.count)
  }

  private func measure(_ expression: EvalExpression) -> AggregateMeasure? {
    guard case .field(let name, _) = expression, case .measure(let measure) = scope.binding(of: name) else {
      return nil
    }
    return measure
  }

  private func number(_ expression: EvalExpression) -> Number? {
    switch expression {
    case .number(let text, _), .text(let text, _): Number(text)
    case .and, .or, .xor, .not, .comparison, .call, .field, .arithmetic, .search, .subsearch: nil
    }
  }
}

extension Obstacle {
  /// The obstacle as an aggregation meets it, which drops events that lack a key.
  func grouping(by name: String, at place: SourceRange) -> Obstacle {
    Obstacle(
      reason: "grouping by a field from \(reason)",
      detail: "events without '\(name)', which comes from \(reason), are dropped", place: place)
  }
}

extension FieldPath {
  /// Whether Splunk gives the field to every event, under whatever name it goes by now.
  fileprivate var isMetadata: Bool {
    SPLSyntax.metadataFields.contains { self == FieldPath(splunkName: $0) }
  }
}

extension Operand {
  fileprivate var isConstant: Bool {
    switch self {
    case .text, .number: true
    case .field, .absent, .present, .place, .opaque: false
    }
  }
}

extension Predicate {
  /// Whether the predicate says, as one of its conditions, that an operand has a value.
  func provesPresence(of operand: Operand) -> Bool {
    guard case .field(let path, _) = operand else { return false }
    switch self {
    case .presence(let test): return test.kind == .value && test.field == path
    case .all(let parts): return parts.contains { $0.provesPresence(of: operand) }
    case .any, .not, .field, .some, .every, .anyField, .rawTerm: return false
    }
  }
}
