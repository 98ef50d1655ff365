/// What names stand for at a stage of a query.
struct KustoScope {
  /// Columns made by earlier stages, and scalars and lists of `let`, in terms of the table's own columns.
  private var bindings: [String: KustoExpression] = [:]

  /// How large an expression may grow when names are replaced by what they stand for.
  static let sizeLimit = 200_000

  func resolved(_ expression: KustoExpression) throws(KustoGap) -> KustoExpression {
    let result = substituted(expression)
    guard result.size <= Self.sizeLimit else {
      throw KustoGap(reason: "an expression of more than 200,000 parts", range: expression.range)
    }
    return result
  }

  /// Binds a name to an expression in which names already are what they stand for.
  mutating func bind(_ name: String, to expression: KustoExpression) { bindings[name] = expression }

  mutating func unbind(_ name: String) { bindings[name] = nil }

  private func substituted(_ expression: KustoExpression) -> KustoExpression {
    if bindings.isEmpty { return expression }
    func each(_ parts: [KustoExpression]) -> [KustoExpression] { parts.map(substituted) }
    let form: KustoExpression.Form
    switch expression.form {
    case .name(let name):
      guard let bound = bindings[name] else { return expression }
      return KustoExpression(bound.form, expression.range)
    case .text, .number, .boolean, .null, .timespan, .datetime, .star, .opaque: return expression
    case .member(let base, let key): form = .member(substituted(base), key)
    case .element(let base, let index): form = .element(substituted(base), index)
    case .call(let name, let arguments): form = .call(name, each(arguments))
    case .negative(let inner): form = .negative(substituted(inner))
    case .arithmetic(let sign, let left, let right): form = .arithmetic(sign, substituted(left), substituted(right))
    case .comparison(let operation, let left, let right):
      form = .comparison(operation, substituted(left), substituted(right))
    case .list(let parts): form = .list(each(parts))
    case .interval(let lower, let upper): form = .interval(substituted(lower), substituted(upper))
    case .allOf(let parts): form = .allOf(each(parts))
    case .anyOf(let parts): form = .anyOf(each(parts))
    }
    return KustoExpression(form, expression.range)
  }
}
