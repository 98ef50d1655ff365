import LanguageSupport
import Matcher
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Elastic

/// What was written, read again, says the same of events; where it does not, it errs the way that its losses say.
@Suite struct ESQLRoundTripTests {
  /// Every feature of predicates that the writer has a form for, whether it keeps it or not.
  static let features = Set(
    Feature.allCases.filter { feature in
      switch ESQL.support(for: feature) {
      case .native, .rewritten: ![.someElement, .everyElement].contains(feature)
      case .approximated: ![.keyPattern, .anyField, .listIndex, .hasKey, .datePart].contains(feature)
      case .notYet, .never: false
      }
    })

  /// An order between texts that look like dates is not read: it could be one between dates.
  static let isNoDate: @Sendable (String) -> Bool = { !$0.looksLikeDateOrAddress }

  @Test func `Where every field is a keyword of one value`() throws {
    let columns = RandomPredicate.fields.map { ($0, TargetSchema.Column(spelling: $0.dotted, type: .text)) }
    let schema = TargetSchema(columns: Dictionary(uniqueKeysWithValues: columns))
    var random = RandomPredicate(seed: 11, features: Self.features.subtracting([.network]), accepting: Self.isNoDate)
    let exact = try roundTrip(schema, shapes: [.absent, .null, .text], &random)
    #expect(exact >= 1_000)
  }

  @Test func `Where every field is a list of keywords`() throws {
    let columns = RandomPredicate.fields.map {
      ($0, TargetSchema.Column(spelling: $0.dotted, type: .text, isList: true))
    }
    let schema = TargetSchema(columns: Dictionary(uniqueKeysWithValues: columns))
    var random = RandomPredicate(seed: 12, features: Self.features.subtracting([.network]), accepting: Self.isNoDate)
    let exact = try roundTrip(schema, shapes: [.absent, .null, .text, .texts], &random)
    #expect(exact >= 300)
  }

  @Test func `Where nothing is known`() throws {
    // What a text that spells a number would be in a column of unknown type is for the column to say.
    var random = RandomPredicate(seed: 13, features: Self.features) { text in
      !text.isTypedSpelling && Self.isNoDate(text)
    }
    let exact = try roundTrip(TargetSchema(), shapes: [.absent, .null, .text, .texts, .number, .flag], &random)
    #expect(exact >= 200)
  }

  // MARK: Rounds

  private func roundTrip(
    _ schema: TargetSchema, shapes: [NearEvents.Shape], _ random: inout RandomPredicate
  ) throws -> Int {
    var exact = 0
    var seeds = SeededRandom(seed: 99)
    for _ in 0..<2_000 {
      let predicate = random.next()
      let written = try ESQL.write(Rule(body: .predicate(predicate)), for: schema)
      let reading = try ESQL.parse(Passage(text: written.text))
      guard case .predicate(let read) = reading.body else {
        Issue.record("\(written.text)")
        continue
      }
      if written.losses.isEmpty { exact += 1 }
      let (before, after) = (try TreeMatcher(predicate), try TreeMatcher(read))
      // Without a type, a text that spells a number is one for the column that it turns out to be in.
      let pool = predicate.textsLookedFor.filter { !schema.columns.isEmpty || !$0.isTypedSpelling }
      for _ in 0..<12 {
        let event = NearEvents.event(shapes, pool, using: &seeds)
        let (wanted, found) = (try before.matches(event), try after.matches(event))
        let drifts = Set(written.losses.map(\.drift))
        let isAllowed = drifts.contains(.both) || drifts.contains(found ? .broader : .narrower)
        try #require(wanted == found || isAllowed, "\(event.json)\n\(predicate)\n\(written.text)\(written.losses)")
      }
    }
    return exact
  }
}
