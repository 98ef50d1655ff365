import LanguageSupport
import RuleIR

/// A Kusto expression as it is written.
struct KustoExpression: Sendable {
  indirect enum Form: Sendable {
    case name(String)
    case text(String)
    case number(Number)
    case boolean(Bool)
    case null
    /// A length of time in ticks of 100 nanoseconds.
    case timespan(Double)
    case datetime(String)
    /// `*`: every column.
    case star
    case member(KustoExpression, String)
    case element(KustoExpression, Int)
    case call(String, [KustoExpression])
    case negative(KustoExpression)
    case arithmetic(String, KustoExpression, KustoExpression)
    case comparison(KustoComparison, KustoExpression, KustoExpression)
    /// Values in parentheses or in `dynamic([…])`.
    case list([KustoExpression])
    /// `a .. b`
    case interval(KustoExpression, KustoExpression)
    case allOf([KustoExpression])
    case anyOf([KustoExpression])
    /// Something that is read over and not understood: what it is.
    case opaque(String)
  }

  var form: Form
  /// Bytes of the passage.
  var range: Range<Int>
  /// How many nodes it has, itself included.
  var size: Int

  init(_ form: Form, _ range: Range<Int>) {
    self.form = form
    self.range = range
    var size = 1
    for child in form.children { size = min(size + child.size, 1 << 40) }
    self.size = size
  }
}

extension KustoExpression.Form {
  var children: [KustoExpression] {
    switch self {
    case .name, .text, .number, .boolean, .null, .timespan, .datetime, .star, .opaque: []
    case .member(let base, _), .element(let base, _), .negative(let base): [base]
    case .call(_, let parts), .list(let parts), .allOf(let parts), .anyOf(let parts): parts
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right), .interval(let left, let right):
      [left, right]
    }
  }
}

extension KustoExpression: BooleanCombining {
  static func allOf(_ parts: [KustoExpression]) -> KustoExpression {
    KustoExpression(.allOf(parts), span(of: parts))
  }

  static func anyOf(_ parts: [KustoExpression]) -> KustoExpression {
    KustoExpression(.anyOf(parts), span(of: parts))
  }

  static func noneOf(_ part: KustoExpression) -> KustoExpression { KustoExpression(.call("not", [part]), part.range) }

  private static func span(of parts: [KustoExpression]) -> Range<Int> {
    guard let first = parts.first, let last = parts.last else { return 0..<0 }
    return first.range.lowerBound..<max(first.range.lowerBound, last.range.upperBound)
  }
}

extension KustoExpression {
  /// The parts that must all hold, in order; the expression itself where it is no conjunction.
  var conjuncts: [KustoExpression] {
    guard case .allOf(let parts) = form else { return [self] }
    return parts.flatMap(\.conjuncts)
  }
}
