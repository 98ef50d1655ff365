import RuleIR

/// When a scheduled rule fires: the number of rows that its query gives, compared with a number.
struct SentinelTrigger: Hashable {
  var bound: Threshold.Bound
  var value: Number

  /// Fires on each row.
  static let anyRow = SentinelTrigger(bound: .order(.greater), value: Number(0))

  /// Sentinel's word for a comparison, short or as its API has it; nil for none.
  static func bound(_ word: String) -> Threshold.Bound? {
    switch word.lowercased() {
    case "gt", "greaterthan": .order(.greater)
    case "lt", "lessthan": .order(.less)
    case "eq", "equal": .equal
    case "ne", "notequal": .notEqual
    case _: nil
    }
  }

  /// The trigger that says the same as a bound on a count, with Sentinel's word for it.
  static func word(_ bound: Threshold.Bound, _ value: Int) -> (String, Int) {
    switch bound {
    case .order(.greater): ("gt", value)
    case .order(.greaterOrEqual): ("gt", value - 1)
    case .order(.less): ("lt", value)
    case .order(.lessOrEqual): ("lt", value + 1)
    case .equal: ("eq", value)
    case .notEqual: ("ne", value)
    }
  }

  /// What a query's body comes to under this trigger.
  func applied(to body: RuleBody, of text: String, at origin: Origin) -> RuleBody {
    guard self != .anyRow else { return body }
    switch body {
    case .predicate(let predicate):
      return .threshold(
        Threshold(predicate, groupBy: [], absentKey: .ownGroup, window: .searchSpan, bound, value, origin: origin))
    case .threshold(let threshold):
      return .unmodelled(
        Unmodelled(
          text: text, understood: threshold.predicate, reason: "a trigger on the number of groups", origin: origin))
    case .newTerms, .sequence, .unmodelled: return body
    }
  }
}

extension TimeSpan {
  /// A span as rule files write it: `5m`, or `PT5M` as Sentinel's API has it.
  init?(sentinel text: String) {
    if let span = TimeSpan(text) {
      self = span
      return
    }
    let upper = text.uppercased()
    guard upper.hasPrefix("P"), let unit = upper.last else { return nil }
    let isTime = upper.hasPrefix("PT")
    guard let count = Int(upper.dropFirst(isTime ? 2 : 1).dropLast()), (0..<1_000_000).contains(count) else {
      return nil
    }
    switch (unit, isTime) {
    case ("D", false): self = .days(count)
    case ("H", true): self = .hours(count)
    case ("M", true): self = .minutes(count)
    case ("S", true): self = TimeSpan(seconds: count)
    case _: return nil
    }
  }
}
