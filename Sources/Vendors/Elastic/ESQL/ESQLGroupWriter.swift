import LanguageSupport
import RuleIR
import SourceText

/// Writes what is asked of a group: measures into `STATS`, and the condition over them.
struct ESQLGroupWriter {
  /// A condition, and whether it is a row of several.
  struct Text {
    var text: String
    var isJoined = false
  }

  /// `name = measure`, in order.
  private(set) var assignments: [String] = []
  private(set) var names: [String] = []
  private let threshold: Threshold
  private let printer: ESQLPrinter
  /// Conditions on keys, of which each group has one value.
  private let keyPrinter: ESQLPrinter

  init(_ threshold: Threshold, _ schema: TargetSchema) {
    self.threshold = threshold
    printer = ESQLPrinter(schema: schema)
    var single = schema
    for path in threshold.groupBy {
      var column = schema.columns[path] ?? TargetSchema.Column(spelling: path.dotted)
      column.isList = false
      single.columns[path] = column
    }
    keyPrinter = ESQLPrinter(schema: single)
  }

  // MARK: Measures

  /// The name of a measure of the events of a condition, which is empty for all of them.
  mutating func measure(
    _ measure: Threshold.Measure, _ condition: String, _ losses: inout [Loss]
  ) throws(Diagnostic) -> String {
    let name: String
    let text: String
    switch measure {
    case .count: (name, text) = ("Esql.event_count", "COUNT(*)")
    case .distinctCount(let fields):
      guard fields.count == 1 else { throw .notYet(.distinctCount, in: ESQL.name, at: threshold.origin) }
      if threshold.value > Number(3_000) {
        losses.append(loss(.distinctCount, .both, "beyond 3,000 distinct values are estimated"))
      }
      (name, text) = ("Esql.distinct_count", "COUNT_DISTINCT(\(try column(fields[0], .distinctCount)))")
    case .sum(let field): (name, text) = ("Esql.sum", "SUM(\(try column(field, .sumOrAverage)))")
    case .average(let field): (name, text) = ("Esql.average", "AVG(\(try column(field, .sumOrAverage)))")
    case .percentile(let percentile, let field):
      losses.append(loss(.percentile, .both, "percentiles are estimated"))
      (name, text) = (
        "Esql.percentile", "PERCENTILE(\(try column(field, .percentile)), \(ESQLSpelling.number(percentile)))"
      )
    }
    return assign(name, text + condition)
  }

  private mutating func assign(_ name: String, _ text: String) -> String {
    for (index, assignment) in assignments.enumerated() where assignment == "\(names[index]) = \(text)" {
      return names[index]
    }
    var unique = name
    var number = 2
    while names.contains(unique) {
      unique = "\(name)_\(number)"
      number += 1
    }
    names.append(unique)
    assignments.append("\(unique) = \(text)")
    return unique
  }

  private func column(_ path: FieldPath, _ feature: Feature) throws(Diagnostic) -> String {
    try printer.column(of: path, feature, at: threshold.origin).name
  }

  private func loss(_ feature: Feature, _ drift: Drift, _ reason: String) -> Loss {
    Loss(feature, drift, because: reason, at: threshold.origin)
  }

  /// ` WHERE …` behind an aggregation; empty for all events.
  private func condition(_ predicate: Predicate, _ losses: inout [Loss]) throws(Diagnostic) -> String {
    guard predicate != .always else { return "" }
    let fragment = try printer.print(predicate.pushingNegation())
    // Which way a group's condition errs is not that of the events that it counts.
    losses += fragment.losses.map { Loss($0.feature, .both, because: $0.reason, at: $0.origin) }
    return " WHERE \(fragment.text)"
  }

  // MARK: Conditions

  mutating func text(of condition: GroupCondition, _ losses: inout [Loss]) throws(Diagnostic) -> Text {
    switch condition {
    case .all(let parts): return try join(parts, "AND", empty: "true", &losses)
    case .any(let parts): return try join(parts, "OR", empty: "false", &losses)
    case .not(let inner):
      // What is null must not stay null.
      return Text(text: "NOT COALESCE(\(try text(of: inner, &losses).text), false)")
    case .key(let predicate):
      let fragment = try keyPrinter.print(predicate.pushingNegation())
      losses += fragment.losses
      return Text(text: fragment.text, isJoined: fragment.binding != .max)
    case .elapsed(let time): return Text(text: try text(of: time, &losses))
    case .measure(let measure):
      guard case .of(let inner) = measure.quantity else {
        throw .notYet(.groupCondition, in: ESQL.name, at: threshold.origin)
      }
      let name = try self.measure(inner, try self.condition(measure.events, &losses), &losses)
      return Text(text: "\(name) \(measure.bound.spelling) \(ESQLSpelling.number(measure.value))")
    }
  }

  private mutating func join(
    _ parts: [GroupCondition], _ word: String, empty: String, _ losses: inout [Loss]
  ) throws(Diagnostic) -> Text {
    var texts: [String] = []
    for part in parts {
      let text = try text(of: part, &losses)
      texts.append(text.isJoined ? "(\(text.text))" : text.text)
    }
    if texts.isEmpty { return Text(text: empty) }
    return Text(text: texts.joined(separator: " \(word) "), isJoined: texts.count > 1)
  }

  private mutating func text(of time: ElapsedTime, _ losses: inout [Loss]) throws(Diagnostic) -> String {
    let start = try moment(time.start, &losses)
    let end = try moment(time.end, &losses)
    if end == "NOW()" {
      let since = time.seconds == 0 ? end : "\(end) - \(time.seconds) seconds"
      return "\(start) \(time.order.mirrored.rawValue) \(since)"
    }
    let sign = time.seconds < 0 ? "-" : "+"
    let moved = time.seconds == 0 ? start : "\(start) \(sign) \(abs(time.seconds)) seconds"
    return "\(end) \(time.order.rawValue) \(moved)"
  }

  private mutating func moment(_ moment: ElapsedTime.Moment, _ losses: inout [Loss]) throws(Diagnostic) -> String {
    switch moment {
    case .search: "NOW()"
    case .first(let predicate):
      assign("Esql.first_seen", "MIN(@timestamp)" + (try condition(predicate, &losses)))
    case .last(let predicate): assign("Esql.last_seen", "MAX(@timestamp)" + (try condition(predicate, &losses)))
    }
  }
}

extension Threshold.Bound {
  /// As the comparison is written.
  var spelling: String {
    switch self {
    case .order(let order): order.rawValue
    case .equal: "=="
    case .notEqual: "!="
    }
  }
}

extension Threshold {
  /// Whether all that is asked of a group stays true once it is.
  var holdsOnceMet: Bool {
    GroupCondition.measure(GroupMeasure(.of(measure), bound, value)).holdsOnceMet && (further?.holdsOnceMet ?? true)
  }
}
