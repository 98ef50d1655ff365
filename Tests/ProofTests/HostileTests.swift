import Matcher
import Proof
import RuleIR
import TestSupport
import Testing

@Suite struct HostileTests {
  private static let few = HostilePredicate.all(inParts: 50)

  private static var prover: Prover {
    var budget = Prover.Budget()
    budget.steps = 200_000
    budget.states = 5_000
    return Prover(budget: budget) { predicate, event in try? TreeMatcher(predicate).matches(event) }
  }

  /// What lies beyond the fragment that is followed, and what no search finishes within any bounds.
  private static let unknown: [String: String] = [
    "letters that must differ": "more than",
    "14 pigeons in 13 holes": "more than",
    "an odd number of 48 tests, and an even one": "more than",
    "repetitions of repetitions": "a pattern of very many parts",
    "groups 5,000 deep": "a regular expression with groups nested more than 100 deep",
    "a look-ahead": "a regular expression with a group that starts with '(?'",
    "a look-behind": "a regular expression with a group that starts with '(?'",
    "a reference back": "a regular expression with the escape '\\1'",
    "a possessive quantifier": "a regular expression with a possessive quantifier",
    "a recursion": "a regular expression with a group that starts with '(?'",
    "a complement": "a regular expression with Lucene's operator '~'",
    "400 fields that are equal in a row, the ends not": "tests whose fields lie one inside another",
  ]

  @Test func `whatever is asked, there is an answer, or what stopped the search`() {
    #expect(Self.few.count > 20)
    for hostile in Self.few {
      switch (Self.prover.satisfy(hostile.predicate), Self.unknown[hostile.description]) {
      case (.impossible, nil), (.witness, nil): break
      case (.undecided(let reason), let expected?): #expect(reason.hasPrefix(expected), "\(hostile): \(reason)")
      case (.undecided(let reason), nil): Issue.record("\(hostile): \(reason)")
      case (_, _?): Issue.record("\(hostile) is decided now")
      }
    }
  }

  @Test func `an answer is the same each time`() {
    for hostile in Self.few where Self.unknown[hostile.description] != nil {
      #expect(Self.prover.satisfy(hostile.predicate) == Self.prover.satisfy(hostile.predicate), "\(hostile)")
    }
  }
}
