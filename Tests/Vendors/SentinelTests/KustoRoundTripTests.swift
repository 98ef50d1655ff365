import LanguageSupport
import Matcher
import RuleIR
import Sentinel
import SourceText
import TestSupport
import Testing

struct KustoRoundTripTests {
  /// What the writer keeps, be it natively, in other words or with a loss that it names.
  static let features = Set(
    Feature.allCases.filter { feature in
      switch KustoWriter.support(for: feature) {
      case .native, .rewritten, .approximated:
        // Elements are looked at in stages of their own; the rest is read as something else on purpose.
        return ![.someElement, .everyElement, .anyField, .rawTerm, .keyPattern].contains(feature)
      case .notYet, .never: return false
      }
    })

  @Test(arguments: 0..<20)
  func `What is written reads back with the verdicts that its losses allow`(batch: Int) throws {
    var (compared, exact) = (0, 0)
    for step in 0..<100 {
      let seed = UInt64(batch * 100 + step)
      var random = RandomPredicate(seed: seed, features: Self.features)
      let predicate = random.next()
      guard let original = try? TreeMatcher(predicate) else { continue }
      let trip = try KustoRoundTrip(predicate)
      let copy = try TreeMatcher(trip.read)
      var events = RandomEvents(seed: seed, about: predicate)
      for _ in 0..<40 {
        let event = events.next()
        if let fault = try trip.disagreement(with: original, copy, on: event) {
          Issue.record("seed \(seed): \(fault)\n\(trip.written.text)\(PredicateOutline(.terse).text(of: predicate))")
          break
        }
        compared += 1
      }
      if trip.written.losses.isEmpty { exact += 1 }
    }
    #expect(compared > 2_000)
    #expect(exact > 10)
  }

  @Test(arguments: 0..<20)
  func `What is written for known columns reads back with the verdicts that its losses allow`(batch: Int) throws {
    let features: Set<Feature> = [
      .negation, .caseSensitiveText, .caseInsensitiveText, .unicodeFolding, .emptyText, .valueSet,
      .caseSensitivePattern, .caseInsensitivePattern, .innerWildcard, .singleCharacterWildcard, .matchAnyText,
      .hasValue,
    ]
    var schema = TargetSchema(source: LogSource(vendor: "sentinel", [.init("table", "AKSAudit")]))
    for field in RandomPredicate.fields {
      schema.columns[field] = .init(spelling: field.dotted, type: .text, isList: field.dotted == "user.groups")
    }
    var compared = 0
    for step in 0..<100 {
      let seed = UInt64(batch * 100 + step)
      var random = RandomPredicate(seed: seed, features: features)
      let predicate = random.next()
      let original = try TreeMatcher(predicate)
      let trip = try KustoRoundTrip(predicate, schema)
      let copy = try TreeMatcher(trip.read)
      var events = RandomEvents(seed: seed, about: predicate, lists: ["user.groups"])
      for _ in 0..<40 {
        let event = events.next().textsOnly
        if let fault = try trip.disagreement(with: original, copy, on: event) {
          Issue.record("seed \(seed): \(fault)\n\(trip.written.text)\(PredicateOutline(.terse).text(of: predicate))")
          break
        }
        compared += 1
      }
    }
    #expect(compared > 2_000)
  }
}

extension EventValue {
  /// The event without its numbers and booleans, as a schema of texts promises.
  fileprivate var textsOnly: EventValue {
    switch self {
    case .object(let object):
      .object(EventObject(object.members.map { .init(key: $0.key, value: $0.value.textsOnly) }))
    case .list(let elements): .list(elements)
    case .number, .boolean, .null: nil
    case .string: self
    }
  }
}
