import RuleIR

/// The sequences under way.
///
/// For each combination of joining values one sequence is kept for each number of steps met; a newer one takes the
/// place of an older (https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax, "Sequences"). Events are
/// taken in the order in which they come.
struct SequenceState: Sendable {
  private let sequence: EventSequence
  private let limits: StateLimits
  private var running: [GroupKey: [Progress]] = [:]
  private(set) var losses = StateLosses()
  private(set) var entries = 0
  private var clock = SweepClock()
  private var newest = Int.min

  private struct Progress: Sendable {
    var started: Int
    /// Indices of the steps met so far.
    var met: Set<Int>
  }

  init(_ sequence: EventSequence, limits: StateLimits) {
    self.sequence = sequence
    self.limits = limits
  }

  /// Whether the event completes a sequence.
  mutating func add(_ observation: Observation, at now: Int) -> Bool {
    newest = max(newest, now)
    var completes = false
    // From the last step to the first, so that one event does not meet two steps of an ordered sequence.
    for (step, groups) in zip(observation.met, observation.groups).reversed() {
      for key in groups where advance(key, by: step, now: now) { completes = true }
    }
    for key in observation.endGroups { entries -= running.removeValue(forKey: key)?.count ?? 0 }
    if clock.isDue(entries, limit: limits.entries) { sweep() }
    return completes
  }

  private mutating func advance(_ key: GroupKey, by step: Int, now: Int) -> Bool {
    let before = running[key] ?? []
    var kept = before.filter { isInSpan($0, now: now) }
    defer {
      entries += kept.count - before.count
      running[key] = kept.isEmpty ? nil : kept
    }
    switch sequence.ordering {
    case .ordered:
      let before = Set(0..<step)
      let next = before.union([step])
      guard step > 0 else {
        return place(Progress(started: now, met: next), in: &kept)
      }
      guard let index = kept.firstIndex(where: { $0.met == before }) else { return false }
      return place(Progress(started: kept.remove(at: index).started, met: next), in: &kept)
    case .unordered:
      guard let index = kept.firstIndex(where: { !$0.met.contains(step) }) else {
        if kept.isEmpty { return place(Progress(started: now, met: [step]), in: &kept) }
        return false
      }
      let progress = kept.remove(at: index)
      return place(Progress(started: progress.started, met: progress.met.union([step])), in: &kept)
    }
  }

  /// Keeps a sequence under way in place of one that is as far; true where it is complete instead.
  private func place(_ progress: Progress, in kept: inout [Progress]) -> Bool {
    if progress.met.count == sequence.steps.count { return true }
    kept.removeAll { $0.met == progress.met }
    kept.append(progress)
    return false
  }

  private func isInSpan(_ progress: Progress, now: Int) -> Bool {
    sequence.span.map { now - progress.started <= $0.microseconds } ?? true
  }

  private mutating func sweep() {
    for (key, progress) in running where progress.allSatisfy({ !isInSpan($0, now: newest - limits.lateness) }) {
      entries -= progress.count
      running[key] = nil
    }
    if entries > limits.entries {
      let sizes = running.map { ($0.key, $0.value.map(\.started).max() ?? 0, $0.value.count) }
      for key in Eviction.victims(sizes, toFree: entries - limits.entries * 7 / 8) {
        let count = running.removeValue(forKey: key)?.count ?? 0
        entries -= count
        losses.evicted += count
      }
    }
    clock.swept(leaving: entries)
  }

  // MARK: - Keeping

  func write(to writer: inout StateWriter) {
    writer.write(time: newest)
    writer.write(running.count)
    for (key, progress) in running {
      writer.write(key)
      writer.write(progress.count)
      for item in progress {
        writer.write(time: item.started)
        writer.write(item.met.count)
        for step in item.met.sorted() { writer.write(step) }
      }
    }
  }

  mutating func read(_ reader: inout StateReader) throws(StateReader.Fault) {
    newest = try reader.time()
    for _ in 0..<(try reader.count()) {
      let key = try reader.key()
      var progress: [Progress] = []
      for _ in 0..<(try reader.count()) {
        var item = Progress(started: try reader.time(), met: [])
        for _ in 0..<(try reader.count()) { item.met.insert(try reader.integer()) }
        guard item.met.allSatisfy({ sequence.steps.indices.contains($0) }) else { throw StateReader.Fault() }
        progress.append(item)
      }
      entries += progress.count
      running[key] = progress
    }
  }
}
