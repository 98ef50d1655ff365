import LanguageSupport
import RuleIR
import SourceText

extension KustoParser {
  /// What stands behind `in` or `has_any`: values in parentheses, or one value that is a list.
  mutating func list() throws(Diagnostic) -> KustoExpression {
    guard tokens.current?.kind == .symbol("(") else { return try path() }
    let start = tokens.position
    tokens.advance()
    var parts: [KustoExpression] = []
    repeat {
      let part = try expression()
      if tokens.current?.kind == .symbol("|") {
        try skipNested()
        try expect(")")
        return KustoExpression(.opaque("a query inside an expression"), span(from: start))
      }
      parts.append(part)
    } while tokens.skip(.symbol(","))
    try expect(")")
    return KustoExpression(.list(parts), span(from: start))
  }

  mutating func interval() throws(Diagnostic) -> KustoExpression {
    let start = tokens.position
    try expect("(")
    let lower = try expression()
    try expect("..")
    let upper = try expression()
    try expect(")")
    return KustoExpression(.interval(lower, upper), span(from: start))
  }

  /// `dynamic(…)`, the inside of which is JSON with Kusto's literals.
  ///
  ///     value = string | number | "true" | "false" | "null" | "[" [ value { "," value } ] "]"
  ///           | "{" [ string ":" value { "," string ":" value } ] "}" ;
  mutating func dynamic(from start: Int) throws(Diagnostic) -> KustoExpression {
    try expect("(")
    let value = try dynamicValue()
    try expect(")")
    return KustoExpression(value.form, span(from: start))
  }

  private mutating func dynamicValue() throws(Diagnostic) -> KustoExpression {
    try tokens.descend()
    defer { tokens.ascend() }
    let start = tokens.position
    if tokens.skip(.symbol("[")) {
      var parts: [KustoExpression] = []
      while tokens.current?.kind != .symbol("]") {
        parts.append(try dynamicValue())
        guard tokens.skip(.symbol(",")) else { break }
      }
      try expect("]")
      return KustoExpression(.list(parts), span(from: start))
    }
    if tokens.skip(.symbol("{")) {
      try skipNested()
      try expect("}")
      return KustoExpression(.opaque("an object"), span(from: start))
    }
    if tokens.skip(.symbol("-")) {
      let inner = try dynamicValue()
      return KustoExpression(.negative(inner), span(from: start))
    }
    return try path()
  }
}
