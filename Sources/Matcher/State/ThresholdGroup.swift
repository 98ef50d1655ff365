import RuleIR

/// A window's length and what is asked of the events in it.
struct WindowRule {
  let threshold: Threshold
  /// Nil where the window is all events.
  let length: Int?
  let lateness: Int

  /// The window that ends with an event of this time.
  func window(endingAt time: Int) -> ClosedRange<Int> {
    guard let length else { return Int.min...time }
    if case .tumbling = threshold.window {
      let start = time.flooredQuotient(length) * length
      return start...time
    }
    return (time - length)...time
  }

  /// The time up to which a group is silent that has fired: a window fires once.
  func silence(from time: Int) -> Int {
    guard let length else { return .max }
    if case .tumbling = threshold.window { return (time.flooredQuotient(length) + 1) * length - 1 }
    return time + length
  }

  func holds(_ measure: Double) -> Bool {
    let value = threshold.value.double
    switch threshold.bound {
    case .order(let order): return order.holds(measure, value)
    case .equal: return measure == value
    case .notEqual: return measure != value
    }
  }
}

/// The events of one group, in the order of their times.
struct ThresholdGroup: Sendable {
  struct Entry: Sendable {
    var time: Int
    var measured: [GroupKey]
  }

  struct Outcome {
    var fires = false
    var isLate = false
    var entriesAdded = 0
  }

  private(set) var entries: [Entry] = []
  /// The first entry of the window that ends with the newest event.
  private var start = 0
  /// How often each measured value stands in that window, where different values are counted.
  private var distinct: [GroupKey: Int] = [:]
  /// From where to where the group is silent, having fired.
  private var silence: ClosedRange<Int>?
  private(set) var touched = 0

  var newest: Int { entries.last?.time ?? .min }

  init() {}

  mutating func take(_ entry: Entry, _ rule: WindowRule, touch: Int, _ outcome: inout Outcome) {
    touched = touch
    let before = entries.count
    if let length = rule.length, newest != .min, entry.time < newest - max(length, 0) - rule.lateness {
      outcome.isLate = true
      return
    }
    if entry.time >= newest {
      append(entry, rule)
      outcome.fires = fires(at: entry.time, measure(start..<entries.count, rule, isNewest: true), rule)
    } else {
      outcome.fires = insert(entry, rule)
    }
    outcome.entriesAdded = entries.count - before
  }

  private mutating func append(_ entry: Entry, _ rule: WindowRule) {
    entries.append(entry)
    note(entry, rule, by: 1)
    let first = rule.window(endingAt: entry.time).lowerBound
    while entries[start].time < first {
      note(entries[start], rule, by: -1)
      start += 1
    }
    // What lies before the window is kept for events that come late, and thrown away by the half.
    guard let length = rule.length, start > 64, start > entries.count / 2 else { return }
    let kept = first - rule.lateness - length
    let dead = entries[..<start].prefix { $0.time < kept }.count
    if dead > entries.count / 4 {
      entries.removeFirst(dead)
      start -= dead
    }
  }

  private mutating func note(_ entry: Entry, _ rule: WindowRule, by change: Int) {
    guard case .distinctCount = rule.threshold.measure else { return }
    for value in entry.measured {
      let count = distinct[value, default: 0] + change
      distinct[value] = count == 0 ? nil : count
    }
  }

  /// Puts a late event in its place; true where a window with it now holds.
  private mutating func insert(_ entry: Entry, _ rule: WindowRule) -> Bool {
    let place = entries.firstIndex { $0.time > entry.time } ?? entries.count
    entries.insert(entry, at: place)
    if place < start {
      start += 1
    } else if entry.time >= rule.window(endingAt: newest).lowerBound {
      note(entry, rule, by: 1)
    } else {
      start = place + 1
    }
    for end in place..<entries.count {
      let window = rule.window(endingAt: entries[end].time)
      guard window.contains(entry.time) else { break }
      // Of several events of one time the last ends the window.
      if end + 1 < entries.count, entries[end + 1].time == entries[end].time { continue }
      let first = entries[...end].lastIndex { $0.time < window.lowerBound }.map { $0 + 1 } ?? 0
      if fires(at: entries[end].time, measure(first..<(end + 1), rule, isNewest: false), rule) { return true }
    }
    return false
  }

  private mutating func fires(at time: Int, _ measure: Double?, _ rule: WindowRule) -> Bool {
    guard let measure, rule.holds(measure), silence.map({ !$0.contains(time) }) ?? true else { return false }
    // A window that reaches into one that has fired is no other one, though its events came later.
    silence = rule.window(endingAt: time).lowerBound...rule.silence(from: time)
    return true
  }

  private func measure(_ range: Range<Int>, _ rule: WindowRule, isNewest: Bool) -> Double? {
    switch rule.threshold.measure {
    case .count: return Double(range.count)
    case .distinctCount:
      return Double(isNewest ? distinct.count : Set(entries[range].flatMap(\.measured)).count)
    case .sum: return numbers(range).reduce(0, +)
    case .average:
      let numbers = numbers(range)
      return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    case .percentile(let percentile, _):
      let numbers = numbers(range).sorted()
      guard !numbers.isEmpty else { return nil }
      // The nearest rank.
      let rank = Int((percentile.double / 100 * Double(numbers.count)).rounded(.up))
      return numbers[min(max(rank, 1), numbers.count) - 1]
    }
  }

  private func numbers(_ range: Range<Int>) -> [Double] {
    entries[range].flatMap(\.measured).compactMap { key in
      guard case .number(let number)? = key.first else { return nil }
      return number.double
    }
  }

  mutating func dropOlderHalf(_ rule: WindowRule) -> Int {
    let dropped = entries.count / 2
    entries.removeFirst(dropped)
    recount(rule)
    return dropped
  }

  private mutating func recount(_ rule: WindowRule) {
    distinct = [:]
    start = 0
    let first = rule.window(endingAt: newest).lowerBound
    while start < entries.count, entries[start].time < first { start += 1 }
    for entry in entries[start...] { note(entry, rule, by: 1) }
  }

  // MARK: - Keeping

  func write(to writer: inout StateWriter) {
    writer.write(silence?.lowerBound ?? 0)
    writer.write(silence?.upperBound ?? -1)
    writer.write(entries.count)
    for entry in entries {
      writer.write(time: entry.time)
      writer.write(entry.measured.count)
      for key in entry.measured { writer.write(key) }
    }
  }

  init(_ reader: inout StateReader, _ rule: WindowRule, touch: Int) throws(StateReader.Fault) {
    let (from, to) = (try reader.integer(), try reader.integer())
    if from <= to { silence = from...to }
    for _ in 0..<(try reader.count()) {
      let time = try reader.time()
      var measured: [GroupKey] = []
      for _ in 0..<(try reader.count()) { measured.append(try reader.key()) }
      guard time >= newest else { throw StateReader.Fault() }
      entries.append(Entry(time: time, measured: measured))
    }
    touched = touch
    recount(rule)
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

extension Int {
  /// The quotient rounded down, before the epoch too.
  func flooredQuotient(_ divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
