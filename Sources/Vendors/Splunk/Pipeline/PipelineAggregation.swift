import RuleIR
import SourceText

extension PipelineReader {
  // MARK: Aggregations

  mutating func aggregate(_ aggregation: Aggregation, filler: String? = nil) {
    noteRawCounts(aggregation)
    isGrouping = true
    defer { isGrouping = false }
    let grouping = grouping(aggregation.keys, filler)
    var names: [String: FieldBinding] = [:]
    for key in aggregation.keys {
      let binding = scope.binding(of: key.field)
      names[key.field] = filler.map { binding.filled(with: $0) } ?? binding
      if case .event(let path)? = names[key.field], path.steps.contains(.each) { perValue.insert(path) }
    }
    let kind = kind(of: aggregation)
    for column in aggregation.columns { names[column.name] = binding(of: column, kind, grouping) }
    let hasPattern = aggregation.columns.contains { $0.name.contains("*") }
    scope = FieldScope(only: names)
    if hasPattern { scope.obscureRest(Obstacle(reason: "aggregate", detail: "", place: aggregation.place)) }
    switch kind {
    case .ofEvents: self.grouping = grouping
    case .ofGroups:
      filters += self.grouping.map { $0.only + $0.dropped } ?? []
      self.grouping = grouping
    case .ofWhatIsNotFollowed: filters += grouping.only + grouping.dropped
    }
  }

  /// Counts of different raw texts are counts of events, since no two events are alike.
  private mutating func noteRawCounts(_ aggregation: Aggregation) {
    for column in aggregation.columns where column.isOfRawText {
      diagnostics.append(
        Diagnostic(
          .assumedMeaning, "each event is taken to have a text of its own", severity: .warning, at: column.place,
          label: "read as a count of events", notes: ["an event that was stored twice is counted twice here"]))
    }
  }

  /// What an aggregation is of.
  private enum AggregationKind {
    case ofEvents
    /// Of the groups of one before it of which nothing was asked, so that some measures are those of the events.
    case ofGroups
    case ofWhatIsNotFollowed
  }

  private func kind(of aggregation: Aggregation) -> AggregationKind {
    guard grouping != nil else { return .ofEvents }
    let isPlain = groupTests.isEmpty && gatheredTest == nil && attached == nil && perValue.isEmpty
    return isPlain ? .ofGroups : .ofWhatIsNotFollowed
  }

  private func binding(
    of column: Aggregation.Column, _ kind: AggregationKind, _ grouping: AggregateGrouping
  ) -> FieldBinding {
    let hidden = FieldBinding.opaque(
      Obstacle(reason: "aggregate \(column.function)", detail: "", place: column.place))
    switch kind {
    case .ofWhatIsNotFollowed: return hidden
    case .ofEvents:
      if let gathering = Gathering(rawValue: column.function), let path = eventPath(column) {
        return .collected(path, gathering)
      }
      if let moment = moment(column) { return .moment(moment, grouping) }
      return measure(column, grouping).map(FieldBinding.measure) ?? hidden
    case .ofGroups:
      if column.function == "values", let path = eventPath(column) { return .collected(path, .values) }
      return remeasure(column, grouping).map(FieldBinding.measure) ?? hidden
    }
  }

  /// A measure of groups that is one of their events: different values of what they go by, and sums of counts.
  private func remeasure(_ column: Aggregation.Column, _ grouping: AggregateGrouping) -> AggregateMeasure? {
    switch column.function {
    case "dc", "distinct_count": return measure(column, grouping)
    case "sum":
      guard case .field(let name)? = column.argument, case .measure(var counted) = scope.binding(of: name),
        counted.measure == .count
      else { return nil }
      counted.grouping = grouping
      return counted
    case _: return nil
    }
  }

  /// `eventstats` and `streamstats` add columns and keep the events.
  mutating func attach(_ aggregation: Aggregation, _ stage: Stage) {
    if notesHistory(aggregation, stage.command) { return }
    ignored.append((stage.command, stage.place))
    var grouping = attachedGrouping(aggregation, stage.command)
    grouping?.filterCount = filters.count
    for column in aggregation.columns {
      if let grouping, let measure = measure(column, grouping) {
        scope.bind(column.name, to: .measure(measure))
      } else {
        scope.bind(column.name, to: .opaque(Obstacle(reason: stage.command, detail: "", place: column.place)))
      }
    }
    if let grouping { attached = grouping }
  }

  /// The groups whose measures the events get; nil where it reckons with something else, or with rows of groups.
  private mutating func attachedGrouping(_ aggregation: Aggregation, _ command: String) -> AggregateGrouping? {
    guard grouping == nil, attached == nil, groupTests.isEmpty else { return nil }
    let options = aggregation.options
    guard command == "streamstats" else {
      var found = grouping(aggregation.keys, nil)
      found.outcome = .events
      return found
    }
    let isPlain = options.allSatisfy { key, value in
      key == "time_window" || key == "allnum" || key == "global" && aggregation.keys.isEmpty
        || key == "current" && ["t", "true", "1"].contains(value.lowercased())
    }
    guard isPlain else { return nil }
    var found = grouping(aggregation.keys, nil)
    found.outcome = .running
    if let text = options["time_window"] {
      guard let span = TimeSpan(splunk: text[...]) else { return nil }
      found.window = .sliding(span)
    }
    return found
  }

  /// `timechart`, which has a row for spans without events too.
  mutating func aggregate(_ aggregation: Aggregation, inRowsOf span: String) {
    timeSpan = TimeSpan(splunk: span[...])
    var rows = aggregation
    rows.keys = [Aggregation.Key(field: "_time", place: aggregation.place)]
    hasEmptyRows = true
    aggregate(rows)
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

  /// The keys of an aggregation as it groups events.
  mutating func keys(of aggregation: Aggregation) -> AggregateGrouping { grouping(aggregation.keys, nil) }

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
      case .moment:
        grouping.obstacle = Obstacle(
          reason: "grouping by an aggregate", detail: "'\(key.field)' is a time", place: key.place)
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
    case _ where column.isOfRawText: measure = .count
    case "dc", "distinct_count", "sum", "avg", "mean", "perc", "p", "exactperc", "median":
      let part = conditional(column)
      only = part?.only
      guard let path = part?.path ?? eventPath(column), let found = Self.measure(column, of: path) else { return nil }
      measure = found
    case _: return nil
    }
    let text = trimmed(query.passage.slice(column.place.start..<column.place.end).text)
    return AggregateMeasure(
      measure: measure, only: only, grouping: grouping, function: text, isAlwaysThere: measure.isOfRows)
  }

  /// `min(_time)`, `latest(_time)`, `max(eval(if(condition,_time,null())))`.
  private func moment(_ column: Aggregation.Column) -> ElapsedTime.Moment? {
    let isFirst = ["min", "earliest"].contains(column.function)
    guard isFirst || ["max", "latest"].contains(column.function) else { return nil }
    switch column.argument {
    case .field(let name)? where timeNames.contains(name): return isFirst ? .first(.always) : .last(.always)
    case .expression(.call(let call))?:
      guard call.name == "if", call.arguments.count == 3, case .field(let name, _) = call.arguments[1],
        timeNames.contains(name), call.arguments[2].isNullCall
      else { return nil }
      var lowering = EvalLowering(scope, in: query)
      guard let only = try? lowering.condition(call.arguments[0]).isTrue.withoutImpliedPresence else { return nil }
      return isFirst ? .first(only) : .last(only)
    case .field?, .expression?, nil: return nil
    }
  }

  private static func measure(_ column: Aggregation.Column, of path: FieldPath) -> Threshold.Measure? {
    switch column.function {
    case "dc", "distinct_count": return .distinctCount([path])
    case "sum": return .sum(path)
    case "avg", "mean": return .average(path)
    case _:
      let percent = column.function == "median" ? "50" : column.parameter
      return percent.flatMap { Number($0) }.map { .percentile($0, path) }
    }
  }

  /// `dc(eval(if(condition, field, null())))`: of some events alone.
  private func conditional(_ column: Aggregation.Column) -> (path: FieldPath, only: Predicate)? {
    guard case .expression(.call(let call))? = column.argument, call.name == "if", call.arguments.count == 3,
      case .field(let name, _) = call.arguments[1], let path = eventPath(name), call.arguments[2].isNullCall
    else { return nil }
    var lowering = EvalLowering(scope, in: query)
    return (try? lowering.condition(call.arguments[0])).map { (path, $0.isTrue.withoutImpliedPresence) }
  }

  private func eventPath(_ column: Aggregation.Column) -> FieldPath? {
    guard case .field(let name)? = column.argument else { return nil }
    return eventPath(name)
  }

  private func eventPath(_ name: String) -> FieldPath? {
    guard !name.contains("*"), name != "_raw", name != "_time", case .event(let path) = scope.binding(of: name) else {
      return nil
    }
    return path
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

extension Aggregation.Column {
  /// Whether it counts different raw texts of events.
  fileprivate var isOfRawText: Bool { ["dc", "distinct_count"].contains(function) && argument == .field("_raw") }
}

extension EvalExpression {
  fileprivate var isNullCall: Bool { if case .call(let call) = self { call.name == "null" } else { false } }
}
