import RuleIR

/// The events of every group that still count for a threshold.
struct ThresholdState: Sendable {
  private let threshold: Threshold
  /// The length of the window; nil where the window is all events.
  private let span: TimeSpan?
  private var groups: [GroupKey: Group] = [:]

  private struct Group: Sendable {
    var entries: [Entry] = []
    /// The time up to which the group has fired; a window fires once.
    var silentUntil: Int?
  }

  private struct Entry: Sendable {
    var time: Int
    var measured: [GroupKey]
  }

  init(_ threshold: Threshold, lookback: TimeSpan?) {
    self.threshold = threshold
    switch threshold.window {
    case .sliding(let span), .tumbling(let span): self.span = span
    // Where the search looks back over a known span, any stretch of that length is what some run of it sees.
    case .searchSpan: span = lookback
    }
  }

  /// Whether the event makes the measure of one of its groups cross the bound.
  mutating func add(_ observation: Observation) -> Bool {
    let now = observation.time
    var fires = false
    for key in observation.groups.first ?? [] {
      var group = groups.removeValue(forKey: key) ?? Group()
      group.entries.append(Entry(time: now, measured: observation.measured))
      expire(&group, now: now)
      if holds(group.entries), group.silentUntil.map({ now > $0 }) ?? true {
        group.silentUntil = endOfWindow(now)
        fires = true
      }
      groups[key] = group
    }
    return fires
  }

  private func endOfWindow(_ now: Int) -> Int {
    guard let span else { return .max }
    let length = span.seconds * 1_000_000
    if case .tumbling = threshold.window { return (now / length + 1) * length - 1 }
    return now + length
  }

  private func expire(_ group: inout Group, now: Int) {
    guard let span, span.seconds > 0 else { return }
    let length = span.seconds * 1_000_000
    let start: Int
    if case .tumbling = threshold.window { start = now / length * length } else { start = now - length }
    if let first = group.entries.first, first.time < start { group.entries.removeAll { $0.time < start } }
  }

  private func holds(_ entries: [Entry]) -> Bool {
    guard let measure = measure(entries) else { return false }
    let value = threshold.value.double
    switch threshold.bound {
    case .order(let order): return order.holds(measure, value)
    case .equal: return measure == value
    case .notEqual: return measure != value
    }
  }

  private func measure(_ entries: [Entry]) -> Double? {
    let numbers = entries.flatMap(\.measured).compactMap { key -> Double? in
      guard case .number(let number)? = key.first else { return nil }
      return number.double
    }
    switch threshold.measure {
    case .count: return Double(entries.count)
    case .distinctCount: return Double(Set(entries.flatMap(\.measured)).count)
    case .sum: return numbers.reduce(0, +)
    case .average: return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    case .percentile(let percentile, _):
      guard !numbers.isEmpty else { return nil }
      // The nearest rank.
      let rank = Int((percentile.double / 100 * Double(numbers.count)).rounded(.up))
      return numbers.sorted()[min(max(rank, 1), numbers.count) - 1]
    }
  }
}

extension Threshold {
  /// What the measure looks at in one event; empty where it counts events.
  func measured(in event: EventValue) -> [GroupKey] {
    switch measure {
    case .count: []
    case .distinctCount(let fields): event.groups(by: fields, absentKey: .dropped)
    case .sum(let field), .average(let field), .percentile(_, let field): event.values(at: field).map { [$0] }
    }
  }
}
