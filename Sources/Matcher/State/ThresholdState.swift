import RuleIR

/// The events of every group that still count for a threshold.
///
/// Windows go by the times of events, not by the order in which they come: an event that comes late, but not too late,
/// is put in its place, and every window that has it is looked at.
struct ThresholdState: Sendable {
  let threshold: Threshold
  /// The length of the window in microseconds; nil where the window is all events.
  private let length: Int?
  private let limits: StateLimits
  private(set) var groups: [GroupKey: ThresholdGroup] = [:]
  private(set) var losses = StateLosses()
  private(set) var entries = 0
  private var clock = SweepClock()
  private var touches = 0
  private var newest = Int.min

  init(_ threshold: Threshold, lookback: TimeSpan?, limits: StateLimits) {
    self.threshold = threshold
    self.limits = limits
    switch threshold.window {
    case .sliding(let span), .tumbling(let span): length = span.seconds > 0 ? span.microseconds : nil
    // Where the search looks back over a known span, any stretch of that length is what some run of it sees.
    case .searchSpan: length = lookback.map(\.microseconds)
    }
  }

  /// Whether the event makes the measure of one of its groups cross the bound.
  mutating func add(_ observation: Observation, at now: Int) -> Bool {
    newest = max(newest, now)
    var fires = false
    let window = WindowRule(threshold: threshold, length: length, lateness: limits.lateness)
    for key in observation.groups.first ?? [] {
      touches += 1
      var outcome = ThresholdGroup.Outcome()
      groups[key, default: ThresholdGroup()].take(
        .init(time: now, measured: observation.measured), window, touch: touches, &outcome)
      entries += outcome.entriesAdded
      if outcome.isLate { losses.late += 1 }
      fires = fires || outcome.fires
    }
    if clock.isDue(entries, limit: limits.entries) { sweep(window) }
    return fires
  }

  /// Drops groups of which nothing counts any more, and where that is not enough those not touched for longest.
  private mutating func sweep(_ window: WindowRule) {
    if let length {
      let start = newest - 2 * length - limits.lateness
      for (key, group) in groups where group.newest < start { drop(key) }
    }
    if entries > limits.entries {
      let sizes = groups.map { ($0.key, $0.value.touched, $0.value.entries.count) }
      for key in Eviction.victims(sizes, toFree: entries - limits.entries * 7 / 8) {
        if groups.count > 1 {
          losses.evicted += drop(key)
        } else {
          // One group that fills all the room keeps the newer half of its events.
          let dropped = groups[key]?.dropOlderHalf(window) ?? 0
          losses.evicted += dropped
          entries -= dropped
        }
      }
    }
    clock.swept(leaving: entries)
  }

  @discardableResult private mutating func drop(_ key: GroupKey) -> Int {
    let count = groups.removeValue(forKey: key)?.entries.count ?? 0
    entries -= count
    return count
  }

  // MARK: - Keeping

  func write(to writer: inout StateWriter) {
    writer.write(time: newest)
    writer.write(groups.count)
    for (key, group) in groups.sorted(by: { $0.value.touched < $1.value.touched }) {
      writer.write(key)
      group.write(to: &writer)
    }
  }

  mutating func read(_ reader: inout StateReader) throws(StateReader.Fault) {
    newest = try reader.time()
    let window = WindowRule(threshold: threshold, length: length, lateness: limits.lateness)
    for _ in 0..<(try reader.count()) {
      let key = try reader.key()
      touches += 1
      let group = try ThresholdGroup(&reader, window, touch: touches)
      entries += group.entries.count
      groups[key] = group
    }
  }
}
