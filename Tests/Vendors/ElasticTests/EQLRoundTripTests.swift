import LanguageSupport
import Matcher
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Elastic

/// What was written, read again, says the same of events; where it does not, it errs the way that its losses say.
@Suite struct EQLRoundTripTests {
  /// Every feature of predicates that the writer has a form for, whether it keeps it or not.
  static let features = Set(
    Feature.allCases.filter { feature in
      switch EQL.support(for: feature) {
      case .native, .rewritten: true
      case .approximated: ![.someElement, .listIndex, .hasKey].contains(feature)
      case .notYet, .never: false
      }
    })

  @Test func `Where every field is a keyword of one value`() throws {
    let schema = Self.schema(isList: false)
    var random = RandomPredicate(seed: 21, features: Self.features.subtracting([.network, .numberFromText]))
    #expect(try roundTrip(schema, shapes: [.absent, .null, .text], &random) >= 1_000)
  }

  @Test func `Where every field is a list of keywords`() throws {
    let schema = Self.schema(isList: true)
    var random = RandomPredicate(seed: 22, features: Self.features.subtracting([.network, .numberFromText]))
    #expect(try roundTrip(schema, shapes: [.absent, .null, .text, .texts], &random) >= 500)
  }

  @Test func `Where nothing is known`() throws {
    var random = RandomPredicate(seed: 23, features: Self.features)
    #expect(try roundTrip(TargetSchema(), shapes: [.absent, .null, .text, .texts, .number, .flag], &random) >= 300)
  }

  private static func schema(isList: Bool) -> TargetSchema {
    let columns = RandomPredicate.fields.map {
      ($0, TargetSchema.Column(spelling: $0.dotted, type: .text, isList: isList))
    }
    return TargetSchema(columns: Dictionary(uniqueKeysWithValues: columns))
  }

  // MARK: Rounds

  private func roundTrip(_ schema: TargetSchema, shapes: [Shape], _ random: inout RandomPredicate) throws -> Int {
    var exact = 0
    var seeds = SeededRandom(seed: 99)
    for _ in 0..<2_000 {
      let predicate = random.next()
      let written = try EQL.write(Rule(body: .predicate(predicate)), for: schema)
      let reading = try EQL.parse(Passage(text: written.text))
      guard case .predicate(let read) = reading.body else {
        Issue.record("\(written.text)")
        continue
      }
      if written.losses.isEmpty { exact += 1 }
      let (before, after) = (try TreeMatcher(predicate), try TreeMatcher(read))
      for _ in 0..<12 {
        let event = Self.event(shapes, predicate.texts, using: &seeds)
        let (wanted, found) = (try before.matches(event), try after.matches(event))
        let drifts = Set(written.losses.map(\.drift))
        let isAllowed = drifts.contains(.both) || drifts.contains(found ? .broader : .narrower)
        try #require(wanted == found || isAllowed, "\(event.json)\n\(predicate)\n\(written.text)\(written.losses)")
      }
    }
    return exact
  }

  private enum Shape { case absent, null, text, texts, number, flag }

  private static func event(_ shapes: [Shape], _ pool: [String], using random: inout SeededRandom) -> EventValue {
    var event = EventObject()
    for field in RandomPredicate.fields {
      func text() -> EventValue { .string(variant(of: random.pick(pool), using: &random)) }
      let value: EventValue?
      switch random.pick(shapes) {
      case .absent: value = nil
      case .null: value = .null
      case .text: value = text()
      case .texts: value = .list((0..<Int.random(in: 0...3, using: &random)).map { _ in text() })
      case .number: value = .number(Number(Int.random(in: -3...1_000, using: &random)))
      case .flag: value = .boolean(random.once(in: 2))
      }
      if let value { event[field.dotted] = value }
    }
    return .object(event)
  }

  /// A text of the predicate, or one near it.
  private static func variant(of text: String, using random: inout SeededRandom) -> String {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: text.uppercased()
    case 1: text.lowercased()
    case 2: text + "x"
    case 3: "x" + text
    case 4: "kube " + text + "\n1"
    case _: text
    }
  }
}

extension Predicate {
  /// The texts that it looks for, and a few more.
  fileprivate var texts: [String] { found + ["", "v12", "list", "10.1.2.3", "c2VjcmV0"] }

  private var found: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.found)
    case .not(let inner): inner.found
    case .field(let test): test.condition.found
    case .some(let test), .every(let test): test.predicate.found
    case .presence, .anyField, .rawTerm: []
    }
  }
}

extension Condition {
  fileprivate var found: [String] {
    switch self {
    case .equals(let literal), .order(_, let literal): [literal.spelling]
    case .oneOf(let literals): literals.map(\.spelling)
    case .matches(let pattern, _):
      [pattern.literals.joined(), pattern.literals.joined(separator: "z")] + pattern.literals
    case .term(let match): [match.text, "a \(match.text)/b", match.text + "s"]
    case .encoded(let encoded): encoded.forms
    case .regex, .network, .field: []
    }
  }
}
