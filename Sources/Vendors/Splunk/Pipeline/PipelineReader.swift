import RuleIR
import SourceText

/// Walks the stages of a query and gathers what an event must satisfy to come out at the end.
///
/// Filters are read through the renamings and derivations before them. What cannot be followed is harmless until a
/// filter meets it; then the rule is unmodelled, and what was understood before is kept.
struct PipelineReader {
  let query: ExpandedQuery
  var scope = FieldScope()
  var filters: [Predicate] = []
  var selectors: [LogSource.Selector] = []
  var lookback: TimeSpan?
  var diagnostics: [Diagnostic] = []
  var obstacle: Obstacle?
  /// Whether the obstacle stands at or behind an aggregation, so that every filter of events before it is understood.
  var isAboutGroups = false
  /// Whether an aggregation is being read.
  var isGrouping = false
  /// What is asked of groups.
  var groupTests: [GroupTest] = []
  /// The column that holds when a combination of values was last seen, and the rule that a test of it makes.
  var history: HistoryColumn?
  var newTerms: NewTerms?
  /// How much of the time range is reported, where the rest is history.
  var reported: TimeSpan?
  /// The grouping of `eventstats` or `streamstats`.
  var attached: AggregateGrouping?
  /// The grouping of the last aggregation that closed the scope.
  var grouping: AggregateGrouping?
  /// The span that `bin` cut the time into.
  var timeSpan: TimeSpan?
  /// Whether there are rows for spans without an event.
  var hasEmptyRows = false
  /// Names under which the time is known.
  var timeNames: Set<String> = ["_time"]
  /// Paths whose values are looked at one by one, an event or a row for each.
  var perValue: Set<FieldPath> = []
  /// Where `fillnull` without a list stood.
  var openFill: SourceRange?
  /// Among the filters, the one that asks for a value gathered over a group.
  var gatheredTest: Int?
  /// Stages whose effect no filter has met.
  var ignored: [(command: String, place: SourceRange)] = []

  init(_ query: ExpandedQuery) {
    self.query = query
    if let macro = query.leadingMacro, macro.range.isEmpty { selectors = [LogSource.Selector("macro", macro.name)] }
  }

  mutating func apply(_ stage: Stage, isFirst: Bool) {
    guard obstacle == nil else { return }
    switch stage.form {
    case .search(let tree): for part in tree.conjuncts { filter(part, isFirst: isFirst) }
    case .condition(let expression): for part in expression.conjuncts { filter(part) }
    case .regex(let field, let text, let isNegated): filter(field, text, isNegated: isNegated, at: stage.place)
    case .eval(let assignments): for assignment in assignments { assign(assignment) }
    case .rename(let renamings): for renaming in renamings { scope.rename(renaming.from, to: renaming.to) }
    case .keep(let fields): scope.keep(fields)
    case .drop(let fields): scope.drop(fields)
    case .fillNull(let text, let fields): fill(text, fields, at: stage.place)
    case .bin(let field, let span): bin(field, span, at: stage.place)
    case .aggregate(let aggregation): aggregate(aggregation)
    case .attach(let aggregation): attach(aggregation, stage)
    case .series(let aggregation, let span): aggregate(aggregation, inRowsOf: span)
    case .dataModel(let search): read(search)
    case .metricSearch, .refused: obstruct(stage.command, "\(stage.command) is not a filter of events", stage.place)
    case .dedup(let fields): requireValues(of: fields, stage)
    case .frequent(let fields, _): countFrequent(fields, stage)
    case .from(let dataModel): selectors.append(LogSource.Selector("datamodel", dataModel))
    case .expand(let field): expand(field, stage)
    case .compute(let fields): compute(fields, stage)
    case .extract(let field, let regex, let fields): extract(fields, from: field, regex, stage)
    case .path(let input, let path, let output): readPath(input, path, output, stage)
    case .obscure:
      scope.obscure(Obstacle(reason: stage.command, detail: "", place: stage.place))
      ignored.append((stage.command, stage.place))
    case .passive: break
    case .unknown: unknownCommand(stage)
    }
  }

  mutating func obstruct(_ reason: String, _ detail: String, _ place: SourceRange?) {
    meet(Obstacle(reason: reason, detail: detail, place: place))
  }

  /// The first obstacle counts.
  mutating func meet(_ found: Obstacle) {
    guard obstacle == nil else { return }
    obstacle = found
    isAboutGroups = isGrouping || grouping != nil
  }

  // MARK: Filters

  private mutating func filter(_ part: SearchTree, isFirst: Bool) {
    if case .time(let modifier) = part { return read(modifier) }
    if isFirst, let found = sources(in: part) { return select(found, part.place) }
    let opened = openedForGroup(part)
    if opened == nil, GroupLowering.concerns(part, in: scope) {
      return test(part.place) { lowering throws(Obstacle) in try lowering.condition(part) }
    }
    if opened != nil { gatheredTest = filters.count }
    var lowering = SearchLowering(opened ?? scope, in: query)
    do throws(Obstacle) {
      try keep(lowering.predicate(part), part.place)
    } catch {
      meet(error)
    }
    diagnostics += lowering.notes
  }

  /// Adds a condition on groups.
  private mutating func test(
    _ place: SourceRange?, _ read: (inout GroupLowering) throws(Obstacle) -> GroupCondition
  ) {
    var lowering = GroupLowering(scope, in: query, grouping: grouping ?? attached)
    do throws(Obstacle) {
      let condition = try read(&lowering)
      diagnostics += lowering.notes
      guard condition != .always, let grouping = lowering.grouping else { return }
      groupTests.append(
        GroupTest(condition: condition, grouping: grouping, place: place ?? query.passage.wholeRange))
    } catch {
      meet(error)
    }
  }

  private mutating func filter(_ part: EvalExpression) {
    if asksWhetherNew(part) || limitsTime(part) { return }
    if GroupLowering.concerns(part, in: scope) {
      return test(part.place) { lowering throws(Obstacle) in try lowering.condition(part) }
    }
    var lowering = EvalLowering(scope, in: query)
    do throws(Obstacle) {
      try keep(lowering.condition(part).isTrue.withoutImpliedPresence, part.place)
    } catch {
      meet(error)
    }
    diagnostics += lowering.notes
  }

  /// `regex`, which keeps what lacks the field where it is negated.
  private mutating func filter(_ field: String, _ text: String, isNegated: Bool, at place: SourceRange) {
    guard field != "_raw" else { return obstruct("_raw", "'\(field)' is no field", place) }
    var lowering = EvalLowering(scope, in: query)
    let call = EvalCall(name: "match", arguments: [.field(field, place), .text(text, place)], place: place)
    do throws(Obstacle) {
      let found = try lowering.condition(call).isTrue.withoutImpliedPresence
      try keep(isNegated ? .negation(of: found) : found, place)
    } catch {
      meet(error)
    }
  }

  /// Adds a filter; behind a split of lists it must be one that some value passes.
  private mutating func keep(_ predicate: Predicate, _ place: SourceRange?) throws(Obstacle) {
    if !perValue.isEmpty, !predicate.fields.isDisjoint(with: perValue), !predicate.isPlainTest {
      throw Obstacle(
        reason: "filter of single values of a list", detail: "each value is a row of its own here", place: place)
    }
    if predicate != .always { filters.append(predicate) }
  }

  // MARK: Sources and time

  /// The selectors, where that is all the part says: one, or alternatives of them.
  private func sources(in part: SearchTree) -> [LogSource.Selector]? {
    switch part {
    case .comparison(let test)
    where test.comparison == .equal && test.directive == nil && SPLSyntax.sourceSelectors.contains(test.field):
      return [LogSource.Selector(test.field, test.value.text)]
    case .membership(let test) where SPLSyntax.sourceSelectors.contains(test.field):
      return test.values.map { LogSource.Selector(test.field, $0.text) }
    case .any(let parts):
      var found: [LogSource.Selector] = []
      for part in parts {
        guard let more = sources(in: part) else { return nil }
        found += more
      }
      return found
    case .comparison, .membership, .all, .not, .term, .time, .subsearch: return nil
    }
  }

  /// Notes where the search looks: a macro by its name alone, since every deployment gives it its own definition.
  private mutating func select(_ found: [LogSource.Selector], _ place: SourceRange?) {
    guard let macro = query.leadingMacro, let place, macro.range.lowerBound <= place.start,
      place.end <= macro.range.upperBound
    else {
      selectors += found
      return
    }
    let selector = LogSource.Selector("macro", macro.name)
    if !selectors.contains(selector) { selectors.append(selector) }
  }

  var source: LogSource {
    let place = query.leadingMacro?.place
    return LogSource(vendor: "splunk", selectors, origin: Origin(place))
  }

  private mutating func read(_ modifier: TimeModifier) {
    guard modifier.name == "earliest", modifier.value.hasPrefix("-"),
      let span = TimeSpan(splunk: modifier.value.dropFirst().prefix { $0 != "@" })
    else { return }
    lookback = span
  }

  // MARK: Derivations

  private mutating func assign(_ assignment: Stage.Assignment) {
    if case .field(let name, _) = assignment.value, timeNames.contains(name) { timeNames.insert(assignment.name) }
    // The lowering must be gone before the scope changes, so that the scope is not copied.
    let binding = binding(of: assignment.value)
    scope.bind(assignment.name, to: binding)
  }

  private func binding(of value: EvalExpression) -> FieldBinding {
    var lowering = EvalLowering(scope, in: query)
    do throws(Obstacle) {
      let alternatives = try lowering.alternatives(value)
      switch alternatives.onlyOperand {
      case .field(let path, .plain)?: return .event(path)
      case .absent?: return .absent
      case .opaque(let obstacle)?: return .opaque(obstacle)
      case .field?, .text?, .number?, .present?, .place?, nil: return .value(alternatives)
      }
    } catch {
      return .opaque(error)
    }
  }

  private mutating func fill(_ text: String, _ fields: [String], at place: SourceRange) {
    guard !fields.isEmpty else {
      openFill = place
      return scope.fill(with: text)
    }
    for field in fields { scope.bind(field, to: scope.binding(of: field).filled(with: text)) }
  }

  private mutating func bin(_ field: String, _ span: String?, at place: SourceRange) {
    guard timeNames.contains(field) else {
      return scope.bind(field, to: .opaque(Obstacle(reason: "bin", detail: "", place: place)))
    }
    timeSpan = span.flatMap { TimeSpan(splunk: $0[...]) }
  }

  private mutating func expand(_ field: String, _ stage: Stage) {
    switch scope.binding(of: field) {
    case .event(let path), .filled(let path, _): perValue.insert(path)
    case .absent: break
    case .value, .measure, .collected, .moment, .opaque: change(field, stage)
    }
  }

  private mutating func compute(_ fields: [String], _ stage: Stage) {
    let hidden = Obstacle(reason: stage.command, detail: "", place: stage.place)
    if stage.stageClass == .enrichment { ignored.append((stage.command, stage.place)) }
    for field in fields {
      if field.contains("*") { return scope.obscure(hidden) }
      if Self.keepingPresence.contains(stage.command) {
        change(field, stage)
      } else {
        scope.bind(field, to: .opaque(hidden))
      }
    }
  }

  /// Commands that change values and leave none out.
  private static let keepingPresence: Set<String> = ["replace", "makemv", "nomv"]

  /// A field has another value, where it has any.
  private mutating func change(_ field: String, _ stage: Stage) {
    let hidden = Obstacle(reason: stage.command, detail: "", place: stage.place)
    var lowering = EvalLowering(scope, in: query)
    let there = try? lowering.presence(of: .field(field, stage.place))
    scope.bind(field, to: there.map { .value(Alternative.only(.present($0, hidden))) } ?? .opaque(hidden))
  }

  private mutating func readPath(_ input: String?, _ path: String?, _ output: String?, _ stage: Stage) {
    let hidden = Obstacle(reason: "spath", detail: "", place: stage.place)
    switch (input, path, output) {
    // The whole event is taken apart already.
    case (nil, nil, _): break
    case (nil, let path?, let output): scope.bind(output ?? path, to: .event(FieldPath(splunkName: path)))
    case (_?, let path?, let output): scope.bind(output ?? path, to: .opaque(hidden))
    case ("properties.log"?, nil, _):
      diagnostics.append(
        Diagnostic(
          .assumedMeaning, "fields in the text of properties.log are taken for the event's own", severity: .info,
          at: stage.place, label: "Azure's envelope", notes: ["events are unwrapped when they are read"]))
    case (_?, nil, _): scope.obscureRest(hidden)
    }
  }

  private mutating func unknownCommand(_ stage: Stage) {
    let end = min(stage.place.start + stage.command.utf8.count, stage.place.end)
    diagnostics.append(
      Diagnostic(
        .unknownCommand, "'\(stage.command)' is no command of Splunk's own", severity: .warning,
        at: SourceRange(file: stage.place.file, start: stage.place.start, end: end), label: "a custom command?",
        help: nearestName(to: stage.command, among: CommandTable.names).map { "did you mean '\($0)'?" }))
    scope.obscure(Obstacle(reason: "command \(stage.command)", detail: "", place: stage.place))
    ignored.append((stage.command, stage.place))
  }
}

extension TimeSpan {
  /// Reads Splunk's spans, whose units have long forms: `5m`, `1h`, `2min`, `30sec`.
  init?(splunk text: Substring) {
    let digits = text.prefix { $0.isNumber }
    let unit = text.dropFirst(digits.count).lowercased()
    let short: String
    switch unit {
    case "s", "sec", "secs", "second", "seconds": short = "s"
    case "m", "min", "mins", "minute", "minutes": short = "m"
    case "h", "hr", "hrs", "hour", "hours": short = "h"
    case "d", "day", "days": short = "d"
    case "w", "week", "weeks": short = "w"
    case _: return nil
    }
    self.init((digits.isEmpty ? "1" : String(digits)) + short)
  }
}
