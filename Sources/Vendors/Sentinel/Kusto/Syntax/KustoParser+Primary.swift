import LanguageSupport
import RuleIR
import SourceText

extension KustoParser {
  /// A value and the steps into it.
  mutating func path() throws(Diagnostic) -> KustoExpression {
    let start = tokens.position
    var base = try primary()
    while true {
      if tokens.current?.kind == .symbol("."), case .word(let name)? = tokens.peek()?.kind {
        tokens.advance()
        tokens.advance()
        base = KustoExpression(.member(base, name), span(from: start))
      } else if tokens.current?.kind == .symbol("[")
        || tokens.current?.kind == .symbol(".") && tokens.peek()?.kind == .symbol("[")
      {
        _ = tokens.skip(.symbol("."))
        let step = try bracket(base)
        base = KustoExpression(step, span(from: start))
      } else {
        return base
      }
    }
  }

  private mutating func bracket(_ base: KustoExpression) throws(Diagnostic) -> KustoExpression.Form {
    try expect("[")
    let inside = try expression()
    try expect("]")
    switch inside.form {
    case .text(let key): return .member(base, key)
    case .number(let number): return number.integer.map { .element(base, $0) } ?? .opaque("an index that is no integer")
    case .negative(let inner):
      guard case .number(let number) = inner.form, let index = number.integer else {
        return .opaque("a computed index")
      }
      return .element(base, -index)
    case .name, .boolean, .null, .timespan, .datetime, .star, .member, .element, .call, .arithmetic, .comparison,
      .list, .interval, .allOf, .anyOf, .opaque:
      return .opaque("a computed index")
    }
  }

  private mutating func primary() throws(Diagnostic) -> KustoExpression {
    guard let token = tokens.current else { throw tokens.unexpected(expected: "a value") }
    try tokens.descend()
    defer { tokens.ascend() }
    let start = tokens.position
    switch token.kind {
    case .text: return text()
    case .number(let digits):
      tokens.advance()
      return KustoExpression(try number(digits, token), token.range)
    case .timespan(let ticks):
      tokens.advance()
      return KustoExpression(.timespan(ticks), token.range)
    case .quoted(let name, let inside):
      tokens.advance()
      return KustoExpression(Self.literal(name, inside), token.range)
    case .word(let name):
      guard connective(of: token) == nil, KustoComparison(token.kind) == nil || tokens.peek()?.kind == .symbol("(")
      else {
        throw tokens.unexpected(expected: "a value")
      }
      return try word(name)
    case .symbol("("): return try group()
    case .symbol("*"):
      tokens.advance()
      return KustoExpression(.star, token.range)
    case .symbol("["):
      tokens.advance()
      guard case .text(let name)? = tokens.current?.kind else { throw tokens.unexpected(expected: "a quoted name") }
      tokens.advance()
      try expect("]")
      return KustoExpression(.name(name), span(from: start))
    case .symbol: throw tokens.unexpected(expected: "a value")
    }
  }

  /// String literals side by side are one: `'it''s'` is `its`.
  private mutating func text() -> KustoExpression {
    let start = tokens.position
    var joined = ""
    while case .text(let piece)? = tokens.current?.kind {
      joined += piece
      tokens.advance()
    }
    return KustoExpression(.text(joined), span(from: start))
  }

  private func number(_ digits: String, _ token: Token<KustoToken>) throws(Diagnostic) -> KustoExpression.Form {
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      guard let value = Int(digits.dropFirst(2), radix: 16) else {
        throw Diagnostic(
          .invalidNumber, "'\(digits)' does not fit into a long", at: tokens.range(of: token), label: "too large")
      }
      return .number(Number(value))
    }
    guard let number = Number(digits) else {
      throw Diagnostic(.invalidNumber, "'\(digits)' is no number", at: tokens.range(of: token), label: "not a number")
    }
    return .number(number)
  }

  private static func literal(_ name: String, _ inside: String) -> KustoExpression.Form {
    switch name {
    case "datetime", "date": .datetime(inside)
    case "time", "timespan": .opaque("a timespan literal")
    case _: .opaque("a guid literal")
    }
  }

  private mutating func group() throws(Diagnostic) -> KustoExpression {
    let start = tokens.position
    tokens.advance()
    let inner = try expression()
    if tokens.skip(.symbol(")")) { return KustoExpression(inner.form, span(from: start)) }
    return try query(from: start)
  }

  /// A query in parentheses, read over to its end.
  private mutating func query(from start: Int) throws(Diagnostic) -> KustoExpression {
    guard tokens.current?.kind == .symbol("|") else { throw tokens.unexpected(expected: "')'") }
    try skipNested()
    try expect(")")
    return KustoExpression(.opaque("a query inside an expression"), span(from: start))
  }

  private mutating func word(_ name: String) throws(Diagnostic) -> KustoExpression {
    let start = tokens.position
    tokens.advance()
    if tokens.current?.kind == .symbol("(") {
      if name == "dynamic" { return try dynamic(from: start) }
      return KustoExpression(try call(name), span(from: start))
    }
    switch name {
    case "true", "True", "TRUE": return KustoExpression(.boolean(true), span(from: start))
    case "false", "False", "FALSE": return KustoExpression(.boolean(false), span(from: start))
    case "null": return KustoExpression(.null, span(from: start))
    case _: return KustoExpression(.name(name), span(from: start))
    }
  }

  private mutating func call(_ name: String) throws(Diagnostic) -> KustoExpression.Form {
    try expect("(")
    var arguments: [KustoExpression] = []
    while tokens.current?.kind != .symbol(")") {
      if case .word? = tokens.current?.kind, tokens.peek()?.kind == .symbol("=") {
        tokens.advance()
        tokens.advance()
      }
      let start = tokens.position
      let argument = try expression()
      if tokens.current?.kind == .symbol("|") {
        try skipNested()
        arguments.append(KustoExpression(.opaque("a query inside an expression"), span(from: start)))
      } else {
        arguments.append(argument)
      }
      guard tokens.skip(.symbol(",")) else { break }
    }
    try expect(")")
    return Self.constructed(name, arguments) ?? .call(name, arguments)
  }

  /// `real(1.5)`, `long(null)` and their like are literals.
  private static func constructed(_ name: String, _ arguments: [KustoExpression]) -> KustoExpression.Form? {
    guard ["real", "double", "long", "int", "decimal", "bool", "boolean", "string"].contains(name),
      arguments.count == 1
    else { return nil }
    switch arguments[0].form {
    case .number, .boolean, .null, .text, .negative: return arguments[0].form
    case .name, .timespan, .datetime, .star, .member, .element, .call, .arithmetic, .comparison, .list, .interval,
      .allOf, .anyOf, .opaque:
      return nil
    }
  }

  /// Reads over tokens up to the parenthesis that closes the one around them.
  mutating func skipNested() throws(Diagnostic) {
    var depth = 0
    while let token = tokens.current {
      if case .symbol(let symbol) = token.kind {
        if ["(", "[", "{"].contains(symbol) { depth += 1 }
        if [")", "]", "}"].contains(symbol) {
          if depth == 0 { return }
          depth -= 1
        }
      }
      tokens.advance()
    }
    throw tokens.unexpected(expected: "')'")
  }
}
