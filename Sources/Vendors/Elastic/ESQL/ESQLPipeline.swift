import LanguageSupport
import RuleIR
import SourceText

/// Follows the rows of a query from command to command, to what the whole says of an event.
///
/// Every `WHERE` before the first aggregation narrows the events; `STATS … BY …` and what follows it make a
/// threshold; what goes beyond that is kept as a reason, with all that was understood.
struct ESQLPipeline {
  /// What is not modelled, and where.
  struct Gap {
    var reason: String
    var range: Range<Int>
  }

  let passage: Passage
  var meaning: ESQLMeaning
  /// How far back the rule's search looks, where that is known from outside the query.
  let lookback: TimeSpan?
  /// What every event satisfies that the rule is about.
  private(set) var filters: [Predicate] = []
  var gaps: [Gap] = []
  private(set) var sources: [String] = []
  private(set) var searchSpan: TimeSpan?
  var diagnostics: [Diagnostic] = []
  private(set) var grouping: ESQLGrouping?
  /// The columns of which each row has one value, since `MV_EXPAND`.
  private(set) var rows: [FieldPath] = []
  /// Whether what follows can no longer be about events.
  private var isLost = false
  /// Whether the conditions on events before the first aggregation were all understood.
  private(set) var hasWholeFilter = true

  init(passage: Passage, lookback: TimeSpan?) {
    self.passage = passage
    self.lookback = lookback
    meaning = ESQLMeaning(passage: passage)
  }

  mutating func run(_ commands: [ESQLCommand]) throws(Diagnostic) {
    for command in commands where !isLost {
      do throws(ESQLObstacle) {
        try run(command)
      } catch {
        switch error {
        case .unmodelled(let reason, let range): note(reason, range)
        case .wrong(let diagnostic): throw diagnostic
        }
      }
    }
  }

  mutating func note(_ reason: String, _ range: Range<Int>) {
    gaps.append(Gap(reason: reason, range: range))
  }

  /// Gives up on what follows.
  private mutating func lose(_ command: ESQLCommand) {
    note("the command \(command.name)", command.range)
    isLost = true
  }

  private mutating func run(_ command: ESQLCommand) throws(ESQLObstacle) {
    switch command.form {
    case .from(let names, let metadata):
      sources = names
      // The document's id and its index are fields like others.
      for field in metadata where !["_id", "_index"].contains(field) {
        meaning.definitions[field] = .opaque("a field of the document's metadata")
      }
    case .row(let assignments): for assignment in assignments { try meaning.define(assignment) }
    case .filter(let condition): try filter(condition)
    case .evaluate(let assignments): for assignment in assignments { try define(assignment) }
    case .aggregate(let measures, let keys):
      guard grouping == nil else { return lose(command) }
      grouping = try ESQLGrouping(measures, by: keys, in: &meaning, of: passage.range(of: command.range))
    case .inlineAggregate(let measures, let keys): setOpaque(measures, keys, command)
    case .rename(let renamings): for renaming in renamings { rename(renaming) }
    case .presentation: break
    case .limit(let count): limit(count, command)
    case .expand(let name): expand(name, command)
    case .extract(let text, let patterns): try extract(text, patterns, command)
    case .other: lose(command)
    }
  }

  private mutating func setOpaque(_ measures: [ESQLMeasure], _ keys: [ESQLAssignment], _ command: ESQLCommand) {
    for assignment in measures.map(\.assignment) + keys {
      if case .column(let name) = assignment.expression.form, name == assignment.name { continue }
      forget(assignment.name, command)
    }
  }

  /// Sets a name to what is not modelled.
  private mutating func forget(_ name: String, _ command: ESQLCommand) {
    let reason = "a column of \(command.name)"
    meaning.definitions[name] = .opaque(reason)
    grouping?.forget(name, reason)
  }

  private mutating func define(_ assignment: ESQLAssignment) throws(ESQLObstacle) {
    guard var grouping else { return try meaning.define(assignment) }
    try grouping.define(assignment, in: &meaning)
    self.grouping = grouping
  }

  /// `MV_EXPAND`: from here on the name stands for one value of a row.
  private mutating func expand(_ name: String, _ command: ESQLCommand) {
    guard grouping == nil, case .column(let view)? = column(name), view.isPlain, !rows.contains(view.path),
      ESQLExpansion.column(behind: view.path) == nil
    else { return forget(name, command) }
    rows.append(view.path)
    meaning.definitions[name] = .value(.column(ESQLColumnView(ESQLExpansion.row(of: view.path))), size: 1)
  }

  private func column(_ name: String) -> ESQLValue? {
    switch meaning.definitions[name] {
    case nil: .column(ESQLColumnView(FieldPath(named: name)))
    case .value(let value, _): value
    case .window, .opaque: nil
    }
  }

  /// `GROK` and `DISSECT`: parts taken from a text.
  private mutating func extract(
    _ text: ESQLExpression, _ patterns: [String], _ command: ESQLCommand
  ) throws(ESQLObstacle) {
    let extractions = patterns.flatMap {
      command.name == "GROK" ? ESQLExtraction.grok($0) : ESQLExtraction.dissect($0)
    }
    var source: ESQLColumnView?
    if grouping == nil, patterns.count == 1, case .column(let view)? = try known(text) { source = view }
    for extraction in extractions {
      guard let source, var view = extraction.step.flatMap(source.deriving) else {
        forget(extraction.name, command)
        continue
      }
      if source.isPlain {
        view.found = extraction.found.map { meaning.predicate(source, $0, at: command.range) }
      }
      meaning.definitions[extraction.name] = .value(.column(view), size: 1)
    }
  }

  /// What an expression comes to; nil where it is not modelled.
  private mutating func known(_ expression: ESQLExpression) throws(ESQLObstacle) -> ESQLValue? {
    do throws(ESQLObstacle) {
      return try meaning.value(of: expression)
    } catch {
      guard case .unmodelled = error else { throw error }
      return nil
    }
  }

  private mutating func rename(_ renaming: ESQLCommand.Renaming) {
    let old = meaning.definitions.removeValue(forKey: renaming.old)
    meaning.definitions[renaming.new] =
      old ?? .value(.column(ESQLColumnView(FieldPath(named: renaming.old))), size: 1)
    // The old name is no column any more.
    if renaming.old != renaming.new { meaning.definitions[renaming.old] = .opaque("a column that was renamed") }
    grouping?.rename(renaming.old, to: renaming.new)
  }

  private mutating func limit(_ count: Int?, _ command: ESQLCommand) {
    if count == 0 { return filters.append(.never) }
    diagnostics.append(
      Diagnostic(
        .ignoredStage, "LIMIT is left aside: it bounds what is shown", severity: .info,
        at: passage.range(of: command.range), label: "not part of the condition"))
  }

  // MARK: Conditions

  /// Takes each part of a condition for itself, so that one that is not modelled leaves the others standing.
  private mutating func filter(_ condition: ESQLExpression) throws(ESQLObstacle) {
    for part in condition.conjuncts {
      if let grouping {
        try filterGroups(part, grouping)
        continue
      }
      do throws(ESQLObstacle) {
        try filterEvents(part)
      } catch {
        guard case .unmodelled(let reason, let range) = error else { throw error }
        hasWholeFilter = false
        note(reason, range)
      }
    }
  }

  private mutating func filterEvents(_ part: ESQLExpression) throws(ESQLObstacle) {
    if let window = try window(of: part) {
      searchSpan = min(searchSpan ?? window, window)
      diagnostics.append(
        Diagnostic(
          .assumedMeaning, "the comparison with NOW() is taken for the span of the search, \(window)", severity: .info,
          at: passage.range(of: part.range), label: "not part of the condition on an event"))
      return
    }
    let predicate = try meaning.truth(of: part).isTrue
    try meaning.limit(predicate.depth, at: part.range)
    filters.append(predicate)
  }

  /// The span that a condition such as `@timestamp > NOW() - 9 minutes` leaves of the search.
  private mutating func window(of part: ESQLExpression) throws(ESQLObstacle) -> TimeSpan? {
    guard case .comparison(let comparison, let left, let right) = part.form else { return nil }
    switch (try meaning.value(of: left), comparison, try meaning.value(of: right)) {
    case (.column(let view), .greater, .now(let offset)), (.column(let view), .greaterOrEqual, .now(let offset)),
      (.now(let offset), .less, .column(let view)), (.now(let offset), .lessOrEqual, .column(let view)):
      guard view.isPlain, Self.timestamps.contains(view.path), offset < 0 else { return nil }
      return TimeSpan(seconds: -offset)
    case _: return nil
    }
  }

  private static let timestamps = ["@timestamp", "event.ingested"].map { FieldPath(named: $0) }

  private mutating func filterGroups(_ part: ESQLExpression, _ grouping: ESQLGrouping) throws(ESQLObstacle) {
    var grouping = grouping
    if let lookback = searchSpan ?? lookback, try grouping.coversSearch(part, lookback, in: &meaning) { return }
    try grouping.filter(part, in: &meaning, filters: &filters)
    self.grouping = grouping
  }
}
