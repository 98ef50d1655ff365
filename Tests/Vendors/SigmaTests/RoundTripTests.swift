import LanguageSupport
import RuleIR
import Sigma
import SourceText
import TestSupport
import Testing

@Suite struct RoundTripTests {
  /// Features that Sigma says exactly, without those that it says by a regular expression.
  private static let features: Set<Feature> = Set(
    Feature.allCases.filter { feature in
      switch SigmaWriter.support(for: feature) {
      case .native, .rewritten: true
      case .approximated, .notYet, .never: false
      }
    }
  ).subtracting([.regexWhole, .textLength])

  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func `A predicate that was written is read back as it was`(seed: UInt64) throws {
    var random = RandomPredicate(seed: seed, features: Self.features)
    for _ in 0..<500 {
      let predicate = random.next()
      let written = try SigmaWriter.write(Rule(body: .predicate(predicate)), for: TargetSchema())
      let body = SigmaRules.read(written.text).first?.rule?.body
      guard case .predicate(let back)? = body else {
        Issue.record("nothing was read: \(SigmaRules.rendered(SigmaRules.read(written.text).flatMap(\.diagnostics)))")
        return
      }
      // A text that spells a number or boolean loses its type, which the writer says.
      let isTyped = written.losses.isEmpty
      let expected = (isTyped ? predicate : predicate.untyped).normalised()
      let given = (isTyped ? back : back.untyped).normalised()
      guard given == expected else {
        Issue.record("\(Self.outline(expected))\n=> \(written.text)\n=> \(Self.outline(given))")
        return
      }
    }
  }

  private static func outline(_ predicate: Predicate) -> String { PredicateOutline(.terse).text(of: predicate) }
}

extension Predicate {
  /// The predicate with every text that is compared taken for an untyped literal.
  fileprivate var untyped: Predicate {
    switch self {
    case .all(let parts): .all(parts.map(\.untyped))
    case .any(let parts): .any(parts.map(\.untyped))
    case .not(let inner): .not(inner.untyped)
    case .field(var test):
      .field(
        {
          test.condition = test.condition.untyped
          return test
        }())
    case .some(let test): .some(ElementTest(test.path, test.predicate.untyped))
    case .every(let test): .every(ElementTest(test.path, test.predicate.untyped))
    case .presence, .anyField, .rawTerm: self
    }
  }
}

extension Condition {
  fileprivate var untyped: Condition {
    switch self {
    case .equals(let literal): .equals(literal.untyped)
    case .oneOf(let literals): .oneOf(literals.map(\.untyped))
    case .matches, .regex, .order, .network, .term, .encoded, .field: self
    }
  }
}

extension Literal {
  fileprivate var untyped: Literal {
    switch self {
    case .text(let text, let textCase): .untyped(text, textCase)
    case .untyped, .number, .boolean: self
    }
  }
}
