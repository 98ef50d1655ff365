import RuleIR
import SourceText

/// A column in which each event has the time of the event before it that has the same values in some fields.
struct HistoryColumn {
  var name: String
  var fields: [FieldPath]
  /// That each of the fields has a value.
  var conditions: [Predicate]
  var place: SourceRange
  /// How many filters stood before it.
  var filterCount: Int
}

/// Combinations of values that are new: `streamstats current=f last(_time) as previous by f`, and behind it
/// `where isnull(previous) OR _time-previous>604800`.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Streamstats
extension PipelineReader {
  /// Takes note of such a column; false where the stage makes another.
  mutating func notesHistory(_ aggregation: Aggregation, _ command: String) -> Bool {
    guard command == "streamstats", history == nil, grouping == nil, attached == nil, aggregation.columns.count == 1,
      let column = aggregation.columns.first, case .field("_time")? = column.argument,
      ["last", "latest"].contains(column.function), aggregation.options.count == 1,
      ["f", "false", "0"].contains(aggregation.options["current"]?.lowercased()), !aggregation.keys.isEmpty
    else { return false }
    let found = keys(of: aggregation)
    guard found.obstacle == nil, found.absentKey == .dropped, found.window == .searchSpan,
      found.fields.count == aggregation.keys.count
    else { return false }
    scope.bind(
      column.name, to: .opaque(Obstacle(reason: "streamstats", detail: "", place: column.place)))
    history = HistoryColumn(
      name: column.name, fields: found.fields, conditions: found.only + found.dropped, place: column.place,
      filterCount: filters.count)
    return true
  }

  /// Takes a test of such a column for a rule about new values; false where the condition is another.
  mutating func asksWhetherNew(_ part: EvalExpression) -> Bool {
    guard let history, newTerms == nil, case .or(let parts) = part, parts.count == 2,
      parts.contains(where: { $0.isNull(history.name) }),
      let span = parts.compactMap({ $0.age(of: history.name) }).first,
      filters.count == history.filterCount, groupTests.isEmpty
    else { return false }
    newTerms = NewTerms(
      Predicate.conjunction(filters + history.conditions).withoutImpliedPresence, fields: history.fields,
      history: span, origin: query.origin(of: history.place))
    return true
  }

  /// Takes `where _time>=relative_time(now(),"-70m@m")` for the time range of the search, or behind a test of new
  /// values for what of it is reported; false where the condition is another.
  mutating func limitsTime(_ part: EvalExpression) -> Bool {
    guard let span = part.ageLimit, timeSpan == nil, grouping == nil, attached == nil else {
      return false
    }
    if newTerms != nil {
      reported = span
    } else {
      lookback = lookback.map { min($0, span) } ?? span
    }
    return true
  }

  /// Whether nothing behind the test takes events out.
  mutating func endsWithHistory() -> Bool {
    let behind = filters.dropFirst(history?.filterCount ?? 0)
    guard behind.isEmpty, groupTests.isEmpty, grouping == nil else {
      obstruct("filter behind new values", "events were looked at before it", history?.place)
      return false
    }
    return true
  }
}

extension EvalExpression {
  /// The span in `_time>=relative_time(now(),"-70m@m")`; a snap to minutes or seconds makes no difference to a search
  /// that is run at such a time.
  fileprivate var ageLimit: TimeSpan? {
    guard case .comparison(let comparison, .field("_time", _), let limit, _) = self,
      comparison == .greaterOrEqual || comparison == .greater
    else { return nil }
    return limit.timeBeforeNow
  }

  /// The span in `relative_time(now(),"-70m@m")`.
  var timeBeforeNow: TimeSpan? {
    guard case .call(let call) = self, call.name == "relative_time", call.arguments.count == 2,
      case .call(let now) = call.arguments[0], now.name == "now", case .text(let text, _) = call.arguments[1],
      text.hasPrefix("-")
    else { return nil }
    let parts = text.dropFirst().split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 1 || (parts.count == 2 && (parts[1] == "m" || parts[1] == "s")) else {
      return nil
    }
    return TimeSpan(splunk: parts[0])
  }

  fileprivate func isNull(_ name: String) -> Bool {
    guard case .call(let call) = self, call.name == "isnull", call.arguments.count == 1,
      case .field(name, _) = call.arguments[0]
    else { return false }
    return true
  }

  /// The span in `_time-name>span`.
  fileprivate func age(of name: String) -> TimeSpan? {
    guard case .comparison(.greater, .arithmetic("-", let operands, _), .number(let text, _), _) = self,
      operands.count == 2, case .field("_time", _) = operands[0], case .field(name, _) = operands[1],
      let seconds = Int(text), seconds >= 0
    else { return nil }
    return TimeSpan(seconds: seconds)
  }
}
