import RuleIR

/// When each combination of values was last seen.
struct NewTermsState: Sendable {
  private let terms: NewTerms
  private let limits: StateLimits
  private var lastSeen: [GroupKey: Int] = [:]
  private(set) var losses = StateLosses()
  private var clock = SweepClock()
  private var newest = Int.min

  var entries: Int { lastSeen.count }

  init(_ terms: NewTerms, limits: StateLimits) {
    self.terms = terms
    self.limits = limits
  }

  private var history: Int { terms.history.microseconds }

  /// Whether the event brings a combination that its history lacks.
  mutating func add(_ observation: Observation, at now: Int) -> Bool {
    newest = max(newest, now)
    var isNew = false
    for key in observation.groups.first ?? [] {
      let last = lastSeen[key]
      lastSeen[key] = max(now, last ?? now)
      if last.map({ now - $0 > history }) ?? true { isNew = true }
    }
    if clock.isDue(lastSeen.count, limit: limits.entries) { sweep() }
    return isNew
  }

  private mutating func sweep() {
    let start = newest - history - limits.lateness
    lastSeen = lastSeen.filter { $0.value >= start }
    if lastSeen.count > limits.entries {
      let sizes = lastSeen.map { ($0.key, $0.value, 1) }
      for key in Eviction.victims(sizes, toFree: lastSeen.count - limits.entries * 7 / 8) {
        lastSeen[key] = nil
        losses.evicted += 1
      }
    }
    clock.swept(leaving: lastSeen.count)
  }

  // MARK: - Keeping

  func write(to writer: inout StateWriter) {
    writer.write(time: newest)
    writer.write(lastSeen.count)
    for (key, time) in lastSeen {
      writer.write(key)
      writer.write(time: time)
    }
  }

  mutating func read(_ reader: inout StateReader) throws(StateReader.Fault) {
    newest = try reader.time()
    for _ in 0..<(try reader.count()) {
      let key = try reader.key()
      lastSeen[key] = try reader.time()
    }
  }
}
