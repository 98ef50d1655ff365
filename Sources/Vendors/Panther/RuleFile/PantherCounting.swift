import LanguageSupport
import RuleIR
import SourceText

/// How Panther counts the events for which a rule holds: `Threshold`, `DedupPeriodMinutes`, `dedup` and `unique`.
///
/// The period of a group starts with its first event, so that a burst across the end of a period is counted in two
/// parts (https://docs.panther.com/detections/rules, "Deduplication of alerts").
struct PantherCounting {
  let predicate: Predicate
  let threshold: Int
  let minutes: Int
  let groupBy: [FieldPath]
  /// The fields whose different values are counted; empty where events are.
  let distinct: [FieldPath]
  let losses: [Loss]

  /// Panther's period where a rule states none.
  static let usualMinutes = 60

  init(_ source: Threshold, schedule: Schedule?, schema: TargetSchema) throws(Diagnostic) {
    try source.requirePlain(in: Panther.language)
    threshold = try Self.count(source)
    groupBy = source.groupBy
    switch source.measure {
    case .count: distinct = []
    case .distinctCount(let fields): distinct = fields
    case .sum, .average: throw Self.uncountable(.sumOrAverage, source)
    case .percentile: throw Self.uncountable(.percentile, source)
    }
    // An event without the value counts nowhere, and Panther would take its absence for a value.
    let demanded = (source.absentKey == .dropped ? source.groupBy : []) + distinct
    predicate = .conjunction([source.predicate] + demanded.map { .presence(PresenceTest(.value, $0)) })
    var losses: [Loss] = []
    minutes = Self.minutes(source, schedule, &losses)
    for field in source.groupBy where schema.mayBeList(field) {
      let reason = "an event with several values of '\(field)' counts for their combination, not for each"
      losses.append(Loss(.threshold, .narrower, because: reason, at: source.origin))
    }
    for field in distinct where schema.mayBeList(field) {
      let reason = "several values of '\(field)' in one event count as one"
      losses.append(Loss(.distinctCount, .narrower, because: reason, at: source.origin))
    }
    self.losses = losses
  }

  private static func count(_ source: Threshold) throws(Diagnostic) -> Int {
    guard case .order(let order) = source.bound, order == .greaterOrEqual || order == .greater else {
      throw .untranslatable(
        .threshold, in: Panther.language, because: "Panther fires when a count is reached and on nothing else",
        at: source.origin)
    }
    let value = source.value.double
    guard value < 1_000_000_000 else {
      throw .untranslatable(.threshold, in: Panther.language, because: "the count is too large", at: source.origin)
    }
    let least = order == .greater ? value.rounded(.down) + 1 : value.rounded(.up)
    return max(1, Int(least))
  }

  private static func uncountable(_ feature: Feature, _ source: Threshold) -> Diagnostic {
    .untranslatable(
      feature, in: Panther.language, because: "Panther counts events and distinct values only", at: source.origin)
  }

  private static func minutes(_ source: Threshold, _ schedule: Schedule?, _ losses: inout [Loss]) -> Int {
    let fromFirst = "Panther counts from the first event of a group to the end of the period"
    func whole(_ span: TimeSpan) -> Int { max(1, span.seconds / 60 + (span.seconds % 60 > 0 ? 1 : 0)) }
    switch source.window {
    case .sliding(let span):
      losses.append(Loss(.slidingWindow, .narrower, because: fromFirst, at: source.origin))
      return whole(span)
    case .tumbling(let span):
      losses.append(Loss(.tumblingWindow, .both, because: fromFirst, at: source.origin))
      return whole(span)
    case .searchSpan:
      let span = schedule?.lookback ?? schedule?.interval
      let minutes = span.map(whole) ?? usualMinutes
      let reason = "Panther counts over \(minutes) minutes from a group's first event on, not over a search's span"
      var features: [Feature] = [.threshold]
      if case .distinctCount = source.measure { features.append(.distinctCount) }
      if source.absentKey == .ownGroup { features.append(.absentKeyGroup) }
      losses += features.map { Loss($0, .narrower, because: reason, at: source.origin) }
      return minutes
    }
  }

  /// The functions behind `rule`.
  func functions(_ printer: PantherPrinter) -> String {
    function("dedup", groupBy, printer) + function("unique", distinct, printer)
  }

  private func function(_ name: String, _ fields: [FieldPath], _ printer: PantherPrinter) -> String {
    guard !fields.isEmpty else { return "" }
    let keys = fields.map(printer.grouped).joined(separator: ", ")
    return "\n\ndef \(name)(event):\n    return _group(\(keys))\n"
  }
}
