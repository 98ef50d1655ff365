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

  private func roundTrip(
    _ schema: TargetSchema, shapes: [NearEvents.Shape], _ random: inout RandomPredicate
  ) throws -> Int {
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
        let event = NearEvents.event(shapes, predicate.textsLookedFor, using: &seeds)
        let (wanted, found) = (try before.matches(event), try after.matches(event))
        let drifts = Set(written.losses.map(\.drift))
        let isAllowed = drifts.contains(.both) || drifts.contains(found ? .broader : .narrower)
        try #require(wanted == found || isAllowed, "\(event.json)\n\(predicate)\n\(written.text)\(written.losses)")
      }
    }
    return exact
  }
}
