import LanguageSupport
import RuleIR
import SourceText

/// Writes a threshold: the filter, `stats` by the group's fields, and a `where` behind it.
struct ThresholdWriter {
  let query: QueryWriter
  let threshold: Threshold

  func search() throws(Diagnostic) -> Fragment {
    let fields = try query.names(threshold.groupBy, threshold.origin)
    var predicate = threshold.predicate
    if threshold.absentKey == .dropped, !fields.isEmpty {
      // stats drops events without a key, as far as is known; here it is said.
      predicate = .conjunction([predicate] + query.presence(threshold.groupBy, threshold.origin))
    }
    let filter = try query.filter(predicate.withoutImpliedPresence)
    var stages = [filter.text]
    if threshold.absentKey == .ownGroup, !fields.isEmpty {
      stages.append("fillnull value=\"<absent>\" \(fields.joined(separator: " "))")
    }
    var columns = GroupColumns(schema: query.schema, threshold: threshold)
    let condition = try columns.condition()
    var by = fields
    if case .tumbling(let span) = threshold.window {
      stages.append("bin _time span=\(span)")
      by.insert("_time", at: 0)
    }
    let command = try command()
    if command != "stats" {
      stages.insert("sort 0 _time", at: by.count > fields.count ? stages.count - 1 : stages.count)
    }
    let grouping = by.isEmpty ? "" : " by \(by.joined(separator: " "))"
    stages.append("\(command) \(columns.texts.joined(separator: " "))\(grouping)")
    stages.append("where \(condition)")
    return Fragment(stages.joined(separator: " | "), losses: filter.losses + columns.losses)
  }

  /// `stats` compares once all events have come; what is compared with each event needs running measures, unless it
  /// stays true once it is.
  private func command() throws(Diagnostic) -> String {
    let own = GroupCondition.measure(GroupMeasure(.of(threshold.measure), threshold.bound, threshold.value))
    let staysTrue = own.holdsOnceMet && threshold.further?.holdsOnceMet ?? true
    switch (threshold.window, threshold.comparison) {
    case (.sliding(let span), .asEventsCome): return "streamstats time_window=\(span)"
    case (.sliding, .onceAllHaveCome):
      throw Diagnostic.untranslatable(
        .boundOnceComplete, in: "SPL", because: "a window that slides has no end at which to compare",
        at: threshold.origin)
    case (.tumbling, .asEventsCome), (.searchSpan, .asEventsCome): return staysTrue ? "stats" : "streamstats"
    case (.tumbling, .onceAllHaveCome), (.searchSpan, .onceAllHaveCome): return "stats"
    }
  }
}

extension QueryWriter {
  /// The fields among the arguments of a command.
  func names(_ paths: [FieldPath], _ origin: Origin) throws(Diagnostic) -> [String] {
    var names: [String] = []
    for path in paths {
      let field = try SPLField(path, in: schema, at: origin)
      guard field.index == nil else {
        throw Diagnostic.untranslatable(
          .listIndex, in: "SPL", because: "a command takes fields, not single values of them", at: origin)
      }
      names.append(field.inArguments)
    }
    return names
  }

  func presence(_ paths: [FieldPath], _ origin: Origin) -> [Predicate] {
    paths.map { .presence(PresenceTest(.value, $0, origin: origin)) }
  }
}

/// The columns of `stats` that a threshold needs, and the condition on them.
struct GroupColumns {
  let schema: TargetSchema
  let threshold: Threshold
  private(set) var texts: [String] = []
  private(set) var losses: [Loss] = []
  private let booleans = SPLSyntax.eval

  init(schema: TargetSchema, threshold: Threshold) {
    self.schema = schema
    self.threshold = threshold
  }

  private var origin: Origin { threshold.origin }

  mutating func condition() throws(Diagnostic) -> String {
    let own = GroupMeasure(.of(threshold.measure), threshold.bound, threshold.value)
    var parts = [try text(of: own)]
    switch threshold.further {
    case nil: break
    case .all(let further)?: for part in further { parts.append(try text(of: part, isTop: true)) }
    case let further?: parts.append(try text(of: further, isTop: true))
    }
    return parts.joined(separator: " AND ")
  }

  /// The condition in parentheses, where it is of several parts.
  private mutating func text(of condition: GroupCondition, isTop: Bool = false) throws(Diagnostic) -> String {
    switch condition {
    case .measure(let measure): return try text(of: measure)
    case .all(let parts), .any(let parts):
      let isAll = if case .all = condition { true } else { false }
      if parts.isEmpty { return isAll ? "true()" : "false()" }
      var texts: [String] = []
      for part in parts { texts.append(try text(of: part)) }
      return "(\(texts.joined(separator: isAll ? " AND " : " OR ")))"
    case .key(let predicate):
      // Behind stats a key is a field like any other, and beside nothing else a filter of events.
      guard !isTop, threshold.absentKey == .dropped, !predicate.fields.contains(where: mayBeList) else {
        throw Diagnostic.notYet(.groupCondition, in: "SPL", at: origin)
      }
      let printed = try WherePrinter(schema).print(predicate)
      losses += printed.losses
      return "(\(printed.text))"
    case .elapsed(let time):
      let (end, start) = (try text(of: time.end), try text(of: time.start))
      return "\(end)-\(start)\(time.order.rawValue)\(time.seconds)"
    case .not: throw Diagnostic.notYet(.groupCondition, in: "SPL", at: origin)
    }
  }

  private func mayBeList(_ path: FieldPath) -> Bool {
    (try? SPLField(path, in: schema, at: origin))?.isList ?? true
  }

  /// A moment as a column, or the time of the search.
  private mutating func text(of moment: ElapsedTime.Moment) throws(Diagnostic) -> String {
    let (function, events): (String, Predicate)
    switch moment {
    case .search: return "now()"
    case .first(let predicate): (function, events) = ("min", predicate)
    case .last(let predicate): (function, events) = ("max", predicate)
    }
    var argument = "_time"
    if events != .always {
      let printed = try WherePrinter(schema).print(events)
      losses += printed.losses.map { Loss($0.feature, .both, because: $0.reason, at: $0.origin) }
      argument = "eval(if(\(printed.text),_time,null()))"
    }
    let name = "matched\(texts.count + 1)"
    texts.append("\(function)(\(argument)) as \(name)")
    return name
  }

  private mutating func text(of measure: GroupMeasure) throws(Diagnostic) -> String {
    guard case .of(let inner) = measure.quantity else {
      throw Diagnostic.notYet(.groupCondition, in: "SPL", at: origin)
    }
    let name = texts.isEmpty ? "matched" : "matched\(texts.count + 1)"
    texts.append("\(try column(inner, of: measure)) as \(name)")
    return "\(name)\(measure.bound.spelling)\(measure.value.text)"
  }

  /// `count`, `dc(f)`; of some events only, `count(eval(…))`, `dc(eval(if(…,f,null())))`.
  private mutating func column(_ inner: Threshold.Measure, of measure: GroupMeasure) throws(Diagnostic) -> String {
    var only: String?
    if measure.events != .always {
      let printed = try WherePrinter(schema).print(measure.events)
      losses += printed.losses.map { measure.bound.turned($0) }
      only = printed.text
    }
    func of(_ path: FieldPath) throws(Diagnostic) -> String {
      let field = try SPLField(path, in: schema, at: origin)
      return only.map { "eval(if(\($0),\(field.inEval),null()))" } ?? field.inArguments
    }
    func numbers(_ path: FieldPath, _ feature: Feature) {
      guard schema.type(of: path) != .number else { return }
      losses.append(
        measure.bound.turned(
          Loss(feature, .broader, because: "texts that spell numbers are reckoned with as well", at: origin)))
    }
    switch inner {
    case .count: return only.map { "count(eval(\($0)))" } ?? "count"
    case .distinctCount(let paths):
      guard paths.count == 1 else { throw Diagnostic.notYet(.distinctCount, in: "SPL", at: origin) }
      return "dc(\(try of(paths[0])))"
    case .sum(let path):
      numbers(path, .sumOrAverage)
      return "sum(\(try of(path)))"
    case .average(let path):
      numbers(path, .sumOrAverage)
      return "avg(\(try of(path)))"
    case .percentile(let percent, let path):
      numbers(path, .percentile)
      return "exactperc\(percent.text)(\(try of(path)))"
    }
  }
}

extension Threshold.Bound {
  fileprivate var spelling: String {
    switch self {
    case .equal: "="
    case .notEqual: "!="
    case .order(let order): order.rawValue
    }
  }

  /// A loss of what is measured as one of the bound: where more events are measured, a bound from below is met sooner.
  fileprivate func turned(_ loss: Loss) -> Loss {
    switch self {
    case .order(.greater), .order(.greaterOrEqual): return loss
    case .order(.less), .order(.lessOrEqual): return loss.negated
    case .equal, .notEqual: return Loss(loss.feature, .both, because: loss.reason, at: loss.origin)
    }
  }
}
