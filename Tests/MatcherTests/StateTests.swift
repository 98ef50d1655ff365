import RuleIR
import Testing

@testable import Matcher

/// What rules remember of past events.
@Suite struct RuleMemoryTests {
  private static let minute = 60 * 1_000_000

  private func threshold(
    _ measure: Threshold.Measure = .count, _ window: Threshold.Window = .sliding(.minutes(10)), over bound: Int = 3
  ) -> Rule {
    Rule(
      body: .threshold(
        Threshold(
          .always, groupBy: [FieldPath(keys: "user")], absentKey: .ownGroup, window: window, measure: measure,
          .order(.greaterOrEqual), Number(bound))))
  }

  private func firings(_ rule: Rule, _ events: [(minute: Int, value: String)], _ state: inout RuleState) -> [Int] {
    events.indices.filter { index in
      let event: EventValue = ["user": "u", "value": .string(events[index].value)]
      let time = EventTime(microseconds: events[index].minute * Self.minute)
      return state.add(rule.body.observation(of: event, at: time, met: [0]))
    }
  }

  private func firings(_ rule: Rule, at minutes: Int...) -> [Int] {
    var state = RuleState(rule)
    return firings(rule, minutes.map { ($0, "") }, &state)
  }

  @Test func `events count by their times and not by their order`() {
    #expect(firings(threshold(), at: 1, 2, 3) == [2])
    #expect(firings(threshold(), at: 3, 1, 2) == [2])
    #expect(firings(threshold(), at: 1, 30, 2, 3) == [])
    #expect(firings(threshold(.count, .searchSpan), at: 1, 100, 2) == [2])
    // Within five minutes of lateness an event still counts for the windows before the newest.
    #expect(firings(threshold(), at: 1, 2, 14, 3) == [3])
    #expect(firings(threshold(.count, .tumbling(.minutes(10))), at: 8, 9, 11, 12) == [])
    #expect(firings(threshold(.count, .tumbling(.minutes(10))), at: 8, 9, 11, 7) == [3])
  }

  @Test func `a window fires once, also where a late event meets it`() {
    #expect(firings(threshold(), at: 1, 2, 3, 4, 2, 5) == [2])
    #expect(firings(threshold(), at: 1, 2, 3, 14, 15, 16) == [2, 5])
  }

  @Test func `an event without a time comes right after the one before`() {
    let rule = threshold()
    var state = RuleState(rule)
    let before = firings(rule, [(1, ""), (2, "")], &state)
    #expect(before == [])
    let fires = state.add(rule.body.observation(of: ["user": "u"], at: nil, met: [0]))
    #expect(fires)
  }

  @Test func `an event that is too late is counted as that`() {
    let rule = threshold()
    var state = RuleState(rule)
    let found = firings(rule, [(100, ""), (1, ""), (2, ""), (3, "")], &state)
    #expect(found == [])
    #expect(state.losses.late == 3)
  }

  @Test func `different values are counted as they come and go`() {
    let rule = threshold(.distinctCount([FieldPath(keys: "value")]))
    var state = RuleState(rule)
    let events = [(0, "a"), (1, "a"), (2, "b"), (11, "c"), (12, "d"), (13, "d")]
    let found = firings(rule, events, &state)
    #expect(found == [3])
  }

  @Test func `what is kept and read again goes on as if nothing had been`() {
    for measure in [Threshold.Measure.count, .distinctCount([FieldPath(keys: "value")])] {
      let rule = threshold(measure, over: 4)
      let events = (0..<200).map { (minute: $0 * 7 / 3 + ($0 % 5 == 0 ? -3 : 0), value: "\($0 % 6)") }
      var whole = RuleState(rule)
      let wanted = firings(rule, events, &whole)
      #expect(!wanted.isEmpty)
      for cut in [1, 50, 123] {
        var first = RuleState(rule)
        var found = firings(rule, Array(events[..<cut]), &first)
        var second = RuleState(rule)
        let isRestored = second.restore(first.kept())
        #expect(isRestored)
        found += firings(rule, Array(events[cut...]), &second).map { $0 + cut }
        #expect(found == wanted)
      }
    }
  }

  @Test func `bytes that are no state are refused and change nothing`() {
    let rule = threshold()
    var state = RuleState(rule)
    _ = firings(rule, [(1, "a"), (2, "b")], &state)
    let bytes = state.kept()
    for end in bytes.indices {
      var other = RuleState(rule)
      let isRestored = other.restore(Array(bytes[..<end]))
      #expect(!isRestored)
      #expect(other.entries == 0)
      for change: UInt8 in [1, 0x7F, 0xFF] {
        var damaged = bytes
        damaged[end] ^= change
        _ = other.restore(damaged)
      }
    }
  }

  @Test func `memory is bounded, and what is given up is counted`() {
    var limits = StateLimits()
    limits.entries = 2_000
    let rule = threshold(.count, .sliding(.days(30)))
    var state = RuleState(rule, limits: limits)
    for number in 0..<20_000 {
      let event: EventValue = ["user": .string("user \(number)")]
      _ = state.add(rule.body.observation(of: event, at: EventTime(microseconds: number), met: [0]))
      #expect(state.entries <= 2_001)
    }
    #expect(state.losses.evicted >= 18_000 - 1)
    // What is over goes without being counted.
    let short = threshold(.count, .sliding(.minutes(1)))
    state = RuleState(short, limits: limits)
    for number in 0..<20_000 {
      let event: EventValue = ["user": .string("user \(number)")]
      let time = EventTime(microseconds: number * Self.minute)
      _ = state.add(short.body.observation(of: event, at: time, met: [0]))
    }
    #expect(state.losses.isEmpty)
    #expect(state.entries < 2_001)
  }
}
