import RuleIR

/// The sequences under way.
///
/// For each combination of joining values one sequence is kept for each number of steps met; a newer one takes the
/// place of an older (https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax, "Sequences").
struct SequenceState: Sendable {
  private let sequence: EventSequence
  private var running: [GroupKey: [Progress]] = [:]

  private struct Progress: Sendable {
    var started: Int
    /// Indices of the steps met so far.
    var met: Set<Int>
  }

  init(_ sequence: EventSequence) { self.sequence = sequence }

  /// Whether the event completes a sequence.
  mutating func add(_ observation: Observation) -> Bool {
    var completes = false
    // From the last step to the first, so that one event does not meet two steps of an ordered sequence.
    for (step, groups) in zip(observation.met, observation.groups).reversed() {
      for key in groups where advance(key, by: step, now: observation.time) { completes = true }
    }
    for key in observation.endGroups { running[key] = nil }
    return completes
  }

  private mutating func advance(_ key: GroupKey, by step: Int, now: Int) -> Bool {
    var kept = (running[key] ?? []).filter { isInSpan($0, now: now) }
    defer { running[key] = kept.isEmpty ? nil : kept }
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
    sequence.span.map { now - progress.started <= $0.seconds * 1_000_000 } ?? true
  }
}
