import RuleIR

/// How much the rules' memory of past events may hold.
package struct StateLimits: Sendable, Equatable {
  /// The entries of one rule: events in windows, combinations seen, sequences under way.
  package var entries = 500_000
  /// How far behind the newest event of its group an event may lie, in microseconds, to be counted in its place.
  ///
  /// Audit events of several API servers, and of long requests, come a little out of order.
  package var lateness = 300 * 1_000_000

  package init() {}
}

/// What a rule's memory has lost, which may have cost firings.
package struct StateLosses: Sendable, Equatable {
  /// Entries that were given up for want of room though they still counted.
  package var evicted = 0
  /// Events that came too late to be counted in their place.
  package var late = 0

  package var isEmpty: Bool { evicted == 0 && late == 0 }

  package init() {}

  package static func += (left: inout StateLosses, right: StateLosses) {
    left.evicted += right.evicted
    left.late += right.late
  }
}

extension TimeSpan {
  /// A span that no log is long enough for is cut, so that sums of it with times do not overflow.
  var microseconds: Int { min(seconds, 1 << 38) * 1_000_000 }
}

/// When memory is gone through for what no longer counts: each time that it has doubled, so that the work adds up to
/// little.
struct SweepClock: Sendable {
  private var next = 1_024

  func isDue(_ entries: Int, limit: Int) -> Bool { entries >= next || entries > limit }

  mutating func swept(leaving entries: Int) { next = max(1_024, entries * 2) }
}

/// Which keys go where there is no room: the ones that were touched least recently, an eighth of them more than must.
enum Eviction {
  static func victims<Key>(_ sizes: [(key: Key, touched: Int, entries: Int)], toFree wanted: Int) -> [Key] {
    var freed = 0
    var keys: [Key] = []
    for entry in sizes.sorted(by: { $0.touched < $1.touched }) where freed < wanted {
      keys.append(entry.key)
      freed += entry.entries
    }
    return keys
  }
}
