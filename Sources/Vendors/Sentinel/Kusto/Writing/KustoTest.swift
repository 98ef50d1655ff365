import LanguageSupport
import RuleIR

/// A test in Kusto's words, with what is needed to write its opposite.
struct KustoTest {
  var text: String
  /// The opposite by an operator of its own, such as `!contains`.
  var opposite: String?
  /// Whether it is never null; a null is dropped, negated or not.
  var isTotal = true
  var binding = Int.max
  /// Those of the test itself; its opposite errs the other way.
  var losses: [Loss] = []

  init(_ text: String, opposite: String? = nil, isTotal: Bool = true, losses: [Loss] = []) {
    self.text = text
    self.opposite = opposite
    self.isTotal = isTotal
    self.losses = losses
  }

  /// `left operator right`, with the opposite that the operator has.
  init(_ left: String, _ operation: KustoComparison, _ right: String, losses: [Loss] = []) {
    var negated = operation
    negated.isNegated = true
    self.init(
      "\(left) \(operation.spelling) \(right)",
      opposite: operation.hasOpposite ? "\(left) \(negated.spelling) \(right)" : nil, losses: losses)
  }

  func fragment(negated: Bool) -> Fragment {
    guard negated else { return Fragment(text, binding: binding, losses: losses) }
    let turned = losses.map(\.negated)
    if let opposite { return Fragment(opposite, losses: turned) }
    return Fragment(isTotal ? "not(\(text))" : "not(coalesce(\(text), false))", losses: turned)
  }

  func losing(_ more: [Loss]) -> KustoTest {
    var test = self
    test.losses += more
    return test
  }

  /// Both tests.
  func and(_ other: KustoTest) -> KustoTest { joined(other, "and", 2) }

  /// Either test.
  func or(_ other: KustoTest) -> KustoTest { joined(other, "or", 1) }

  private func joined(_ other: KustoTest, _ word: String, _ binding: Int) -> KustoTest {
    func wrapped(_ test: KustoTest) -> String {
      test.binding == .max || test.binding == binding ? test.text : "(\(test.text))"
    }
    var test = KustoTest(
      "\(wrapped(self)) \(word) \(wrapped(other))", isTotal: isTotal && other.isTotal, losses: losses + other.losses)
    test.binding = binding
    return test
  }

  static func anyOf(_ tests: [KustoTest]) -> KustoTest {
    guard let first = tests.first else { return KustoTest("false", opposite: "true") }
    return tests.dropFirst().reduce(first) { $0.or($1) }
  }
}

extension KustoComparison {
  fileprivate var hasOpposite: Bool {
    switch relation {
    case .equals, .isIn, .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .between: true
    case .anyTerm, .allTerms, .regex, .less, .lessOrEqual, .greater, .greaterOrEqual: false
    }
  }
}
