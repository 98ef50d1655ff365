import LanguageSupport

/// An expression of ES|QL as it was written, with its place.
struct ESQLExpression: Sendable {
  var form: Form
  /// Bytes of the passage.
  var range: Range<Int>

  init(_ form: Form, _ range: Range<Int>) {
    self.form = form
    self.range = range
  }

  indirect enum Form: Sendable {
    case null
    case boolean(Bool)
    case string(String)
    case number(String)
    /// A length of time, such as `9 minutes`.
    case span(count: String, unit: String)
    /// A column by its whole dotted name.
    case column(String)
    /// The star of `COUNT(*)`.
    case star
    case parameter(String)
    case list([ESQLExpression])
    case map([MapEntry])
    /// A function by its name in capitals.
    case call(String, [ESQLExpression])
    /// A conversion `::type`, or several in a row.
    case cast(ESQLExpression, [String])
    case minus(ESQLExpression)
    /// A row of operations of one strength, from left to right.
    case arithmetic(ESQLExpression, [Operation])
    case comparison(Comparison, ESQLExpression, ESQLExpression)
    case isNull(ESQLExpression)
    case isIn(ESQLExpression, [ESQLExpression])
    case like(ESQLExpression, PatternKind, [ESQLExpression])
    /// `column : constant`
    case match(ESQLExpression, ESQLExpression)
    case allOf([ESQLExpression])
    case anyOf([ESQLExpression])
    case not(ESQLExpression)
  }

  enum Comparison: Hashable, Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }

  enum PatternKind: Hashable, Sendable { case like, rlike }

  struct Operation: Sendable {
    var mark: ESQLToken.Mark
    var operand: ESQLExpression
  }

  struct MapEntry: Sendable {
    var key: String
    var value: ESQLExpression
  }
}

extension ESQLExpression: BooleanCombining {
  static func allOf(_ parts: [ESQLExpression]) -> ESQLExpression { joined(parts, Form.allOf) }
  static func anyOf(_ parts: [ESQLExpression]) -> ESQLExpression { joined(parts, Form.anyOf) }
  static func noneOf(_ part: ESQLExpression) -> ESQLExpression { ESQLExpression(.not(part), part.range) }

  private static func joined(_ parts: [ESQLExpression], _ form: ([ESQLExpression]) -> Form) -> ESQLExpression {
    let start = parts.first?.range.lowerBound ?? 0
    return ESQLExpression(form(parts), start..<max(start, parts.last?.range.upperBound ?? start))
  }

  /// The parts that must all hold.
  var conjuncts: [ESQLExpression] {
    if case .allOf(let parts) = form { parts.flatMap(\.conjuncts) } else { [self] }
  }
}
