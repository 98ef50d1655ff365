import Events
import Foundation
import Matcher
import RuleIR
import TestSupport
import Testing

@testable import FastMatch

/// The fast form says what the tree interpreter says.
@Suite struct FastMatchTests {
  static let perRound = 125
  /// `MATCH_EVENTS=1000` in the environment makes it a million verdicts, which takes the tree interpreter a minute.
  static let events = ProcessInfo.processInfo.environment["MATCH_EVENTS"].flatMap { Int($0) } ?? 120

  /// Eight rounds of predicates, so that a failure names a round; each over all events.
  @Test(arguments: 1...8)
  func `a thousand rules have the tree interpreter's verdicts`(round: Int) throws {
    var rules = RandomPredicate(seed: UInt64(round), features: Set(Feature.allCases), fields: RandomEvents.fields)
    let predicates = (0..<Self.perRound).map { _ in rules.next() }
    let session = MatchSession(MatchProgram(predicates))
    let matchers = predicates.map { try? TreeMatcher($0) }
    let parser = EventParser()
    var hits = 0
    for line in RandomEvents.lines(count: Self.events, seed: UInt64(round)) {
      let parsed = try parser.parse(line)
      let wanted = matchers.indices.filter { (try? matchers[$0]?.matches(parsed.value)) ?? false }
      #expect(session.answers(to: line)?.map(\.predicate) ?? wanted == wanted, "\(line)")
      #expect(session.match(parsed.value).map(\.predicate) == wanted, "\(line)")
      hits += wanted.count
    }
    #expect(hits > Self.events * 10)
  }

  /// As rules of several log sources have them, and as many rules about one resource do.
  @Test(arguments: 1...3)
  func `conditions that many rules share change no verdict`(round: Int) throws {
    var rules = RandomPredicate(seed: UInt64(round + 70), features: Set(Feature.allCases), fields: RandomEvents.fields)
    let fields = RandomEvents.fields
    let gates: [RuleIR.Predicate] = [
      .any([
        .not(.presence(PresenceTest(.value, fields[0]))),
        .field(FieldTest(fields[0], .matches(.prefix("a"), .insensitive))),
      ]),
      .field(FieldTest(fields[1], .oneOf([.untyped("1", .insensitive), .text("b", .insensitive)]))),
      .presence(PresenceTest(.key, fields[2])), .not(.presence(PresenceTest(.key, fields[0]))),
    ]
    let predicates = (0..<120).map { number -> RuleIR.Predicate in
      let own = rules.next()
      let shared = gates.indices.filter { number >> $0 & 1 == 1 }.map { gates[$0] }
      return shared.isEmpty ? own : .all(shared + [own])
    }
    #expect(RuleGroups(predicates).groups.count > 4)
    let session = MatchSession(MatchProgram(predicates))
    let matchers = predicates.map { try? TreeMatcher($0) }
    let parser = EventParser()
    var hits = 0
    for line in RandomEvents.lines(count: 150, seed: UInt64(round)) {
      let value = try parser.parse(line).value
      let wanted = matchers.indices.filter { (try? matchers[$0]?.matches(value)) ?? false }
      #expect(session.match(value).map(\.predicate) == wanted, "\(line)")
      hits += wanted.count
    }
    #expect(hits > 100)
  }

  @Test func `the interpreter can be asked about everything`() throws {
    var rules = RandomPredicate(seed: 8, features: Set(Feature.allCases), fields: RandomEvents.fields)
    let predicates = (0..<60).map { _ in rules.next() }
    let (fast, slow) = (
      MatchSession(MatchProgram(predicates)), MatchSession(MatchProgram(predicates, interprets: true))
    )
    for line in RandomEvents.lines(count: 60, seed: 4) {
      #expect(slow.answers(to: line) == nil)
      let value = try EventParser().parse(line).value
      #expect(slow.match(value).map(\.predicate) == fast.match(value).map(\.predicate))
    }
  }

  @Test func `most events take the fast lane`() {
    let session = MatchSession(MatchProgram([.always]))
    let lines = RandomEvents.lines(count: 1_000, seed: 3)
    #expect(lines.filter { session.answers(to: $0) != nil }.count > 800)
  }

  @Test(arguments: [
    "", "x", "[]", "{", "{}x", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":tru}",
    "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\u{1}\"}", "{\"a\":[1 2]}", "{\"a\":[1,]}", "{\"a\":{]}",
    "{\"a\":\"b}", "{\"a\":1}{\"b\":2}", "{\"a\":NaN}", "{\"a\":-}", "{\"a\":1e}", "{\"\\u0061\":1}", "{\"a\":+1}",
    "{\"records\":[{}]}", "{\"message\":\"{}\"}", "{\"kind\":\"EventList\",\"items\":[]}", "{\"verb\":\"x\",\"a.b\":1}",
  ])
  func `what is no plain event is left to the reader`(line: String) {
    for fields in [["a"], ["z"]] {
      let session = MatchSession(MatchProgram([.presence(PresenceTest(.key, FieldPath(named: fields[0])))]))
      #expect(session.answers(to: line) == nil)
    }
  }

  @Test func `of two members with one key the first counts`() {
    let wants = Predicate.field(FieldTest(FieldPath(keys: "a", "b"), .equals(.text("1", .sensitive))))
    let session = MatchSession(MatchProgram([wants]))
    #expect(session.answers(to: "{\"a\":{\"b\":\"1\",\"b\":\"2\"},\"a\":{\"b\":\"3\"}}")?.count == 1)
    #expect(session.answers(to: "{\"a\":{\"b\":\"2\",\"b\":\"1\"},\"a\":{\"b\":\"1\"}}")?.count == 0)
  }

  @Test func `what witnesses are chosen changes no verdict`() {
    var rules = RandomPredicate(seed: 5, features: Set(Feature.allCases), fields: RandomEvents.fields)
    let program = MatchProgram((0..<300).map { _ in rules.next() })
    let lines = RandomEvents.lines(count: 400, seed: 9)
    let sample = lines.prefix(200).map { Array($0.utf8) + [UInt8](repeating: 0, count: TextChunk.padding) }
    let tuned = program.tuned(to: sample)
    #expect(tuned !== program)
    let (before, after) = (MatchSession(program), MatchSession(tuned))
    for line in lines {
      #expect(before.answers(to: line)?.map(\.predicate) == after.answers(to: line)?.map(\.predicate), "\(line)")
    }
  }

  @Test func `a limit that is reached fails the rule, in the interpreter's words`() throws {
    let pattern = RegexPattern("^(?=(a+)+$)", .pcre, anchoring: .search)
    let fails = Predicate.field(FieldTest(FieldPath(keys: "a"), .regex(pattern)))
    let predicates = [fails, .not(fails), .any([fails, .always]), .all([fails, .never]), .all([.always, fails])]
    let session = MatchSession(MatchProgram(predicates))
    let event: EventValue = ["a": .string(String(repeating: "a", count: 60) + "!")]
    let answers = session.match(event)
    #expect(answers.map(\.predicate) == [0, 1, 2, 4])
    #expect(answers.map { $0.failure?.reason == CompiledRegex.limitReached } == [true, true, false, true])
  }

  @Test(arguments: [
    // At one of three offsets a single letter decides no character of its own.
    (Condition.encoded(EncodedText(.exact("x"), [.base64offset], extent: .contains, .sensitive)), #"{"a":""}"#, true),
    (.encoded(EncodedText(.exact("x"), [.base64offset], extent: .prefix, .sensitive)), #"{"a":"q"}"#, true),
    (.equals(.text("x", .sensitive)), #"{"a":{}}"#, false),
  ])
  func `an empty text or object is judged as the interpreter judges it`(
    condition: Condition, line: String, fires: Bool
  ) throws {
    let test = FieldTest(FieldPath(keys: "a"), condition)
    var fails = test
    fails.polarity = .someValueFails
    let both = [Predicate.field(test), .field(fails)]
    let session = MatchSession(MatchProgram(both))
    let event = try EventParser().parse(line).value
    let expected = try both.indices.filter { try TreeMatcher(both[$0]).matches(event) }
    #expect(session.answers(to: line)?.map(\.predicate) == expected)
    #expect(expected.contains(0) == fires)
  }

  @Test func `a rule that cannot be run is named and the others are`() {
    let bad = Predicate.field(
      FieldTest(FieldPath(keys: "a"), .regex(RegexPattern("(", .sigma, anchoring: .search))))
    let program = MatchProgram([bad, .always])
    #expect(program.refusals.keys.sorted() == [0])
    #expect(MatchSession(program).match(["a": "("]).map(\.predicate) == [1])
  }
}

extension MatchSession {
  /// The answers to a line of a log; nil where it is left to the reader.
  func answers(to line: String) -> [Answer]? {
    let bytes = Array(line.utf8) + [UInt8](repeating: 0, count: 64)
    return bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap { match($0, length: buffer.count - 64) }
    }
  }
}
