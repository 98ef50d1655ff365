import LanguageSupport
import Matcher
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Splunk

/// What was written, read again, gives every event the verdict that its losses allow.
@Suite struct RoundTripTests {
  private static let features = Set(
    Feature.allCases.filter { feature in
      switch SPLSupport.support(for: feature) {
      case .native, .rewritten, .approximated: feature != .anyField && feature != .unicodeFolding
      case .notYet, .never: false
      }
    })

  @Test(arguments: 0..<20) func `Random predicates keep their verdicts`(_ seed: Int) throws {
    var random = RandomPredicate(seed: UInt64(seed), features: Self.features)
    var events = RandomEvents(seed: UInt64(seed) &+ 1_000)
    var (written, exact, refused) = (0, 0, 0)
    for _ in 0..<100 {
      let predicate = random.next()
      guard let rule = try? SPLWriter.write(Rule(body: .predicate(predicate)), for: TargetSchema()) else {
        refused += 1
        continue
      }
      written += 1
      let read = ReadSearch(rule.text)
      let again = try #require(read.predicate, "\(rule.text)\n\(read.rendered)")
      if rule.losses.isEmpty { exact += 1 }
      let (before, after) = (try TreeMatcher(predicate), try TreeMatcher(again))
      for event in events.next(for: predicate, count: 30) {
        let verdicts = (try before.matches(event), try after.matches(event))
        let allowed = rule.losses.allow(verdicts)
        #expect(allowed, "\(PredicateOutline(.terse).text(of: predicate))\n\(rule.text)\(event.json) \(verdicts)")
        guard allowed else { return }
      }
    }
    #expect(written > 60 && exact > 10, "\(written) written, \(exact) exact, \(refused) refused")
  }

  @Test func `What the reader reads is written back as it was`() throws {
    let texts = [
      #"verb="get" objectRef.resource="secrets""#, #"(verb="get" OR verb="list") NOT user="x""#,
      #"user!="x" responseStatus.code="403""#, #"userAgent="kube*" user=*"#, #""curl""#,
      #"* | where match('a',"^x+$")"#, #"* | where isnull('a') OR NOT 'a'="x""#,
    ]
    for text in texts {
      let predicate = try #require(ReadSearch(text).predicate)
      let again = try spl(predicate)
      #expect(again == text)
    }
  }
}

extension [Loss] {
  /// Whether the losses allow a verdict before, and one after, the translation.
  func allow(_ verdicts: (before: Bool, after: Bool)) -> Bool {
    let drifts = Set(map(\.drift))
    switch verdicts {
    case (true, false): return drifts.contains(.narrower) || drifts.contains(.both)
    case (false, true): return drifts.contains(.broader) || drifts.contains(.both)
    case (true, true), (false, false): return true
    }
  }
}

/// Events that come near a predicate: the values that it names, values like them, and nothing at all.
struct RandomEvents {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func next(for predicate: Predicate, count: Int) -> [EventValue] {
    let texts = predicate.texts + ["x", "403", "true", "kubectl/v1"]
    let names = RandomPredicate.fields.compactMap { path in
      if case .key(let name)? = path.steps.first { name } else { nil }
    }
    return next(named: names, texts: texts, count: count)
  }

  mutating func next(named names: [String], texts: [String], count: Int) -> [EventValue] {
    var events: [EventValue] = []
    for _ in 0..<count {
      var event = EventObject()
      for name in names where !random.once(in: 4) { event[name] = value(texts) }
      events.append(.object(event))
    }
    return events
  }

  private mutating func value(_ texts: [String]) -> EventValue {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return .number(Number(Int.random(in: -3...500, using: &random)))
    case 1: return .boolean(random.once(in: 2))
    case 2: return .list((0..<Int.random(in: 0...2, using: &random)).map { _ in .string(random.pick(texts)) })
    case 3: return .string(random.pick(texts).uppercased())
    case 4: return .string(random.pick(texts) + random.pick(["", "\n", "x"]))
    case 5: return .string("")
    case 6: return .number(Number(random.pick(texts)) ?? Number(403))
    case _: return .string(random.pick(texts))
    }
  }
}

/// What a predicate says of an event.
func verdict(_ predicate: Predicate, _ event: EventValue) throws -> Bool { try TreeMatcher(predicate).matches(event) }

extension Predicate {
  /// The texts that tests name, wildcards filled in.
  fileprivate var texts: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.texts)
    case .not(let part): part.texts
    case .field(let test): test.condition.texts
    case .anyField(let test): test.condition.texts
    case .rawTerm(let test): test.term.literals
    case .some(let test), .every(let test): test.predicate.texts
    case .presence: []
    }
  }
}

extension Condition {
  fileprivate var texts: [String] {
    switch self {
    case .equals(let literal), .order(_, let literal): [literal.spelling]
    case .oneOf(let literals): literals.map(\.spelling)
    case .matches(let pattern, _):
      ["", "q"].map { filler in
        pattern.parts.map { part in
          switch part {
          case .literal(let text): text
          case .anyRun: filler
          case .anyScalar: "?"
          }
        }.joined()
      }
    case .regex: ["v12", "ab", "kube-x", "x.y", "/etc/", "get ", "\\srv"]
    case .network: ["10.1.2.3", "192.168.1.7", "::1"]
    case .term(let term): [term.text, "a \(term.text)-b", "\(term.text)s"]
    case .encoded, .field: []
    }
  }
}
