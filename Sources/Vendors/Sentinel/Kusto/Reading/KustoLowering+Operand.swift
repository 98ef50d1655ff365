import RuleIR

extension KustoLowering {
  /// What a side of a comparison is.
  mutating func operand(_ expression: KustoExpression) throws(KustoGap) -> KustoOperand {
    switch expression.form {
    case .text(let text): return .constant(.text(text, .sensitive))
    case .number(let number): return .constant(.number(number, .strict))
    case .boolean(let flag): return .constant(.boolean(flag))
    case .negative(let inner): return try negative(inner)
    case .null: return .null
    case .timespan, .datetime: return .moment
    case .name(let name): return column(name)
    case .member(let base, let key): return .field(try path(base).appending(FieldPath([.key(key)])), .plain)
    case .element(let base, let index): return .field(try path(base).appending(FieldPath([.index(index)])), .plain)
    case .list(let parts): return .list(try literals(parts))
    case .call(let name, let arguments): return try call(name, arguments, expression)
    case .arithmetic(_, let left, let right):
      if case .moment = try operand(left), case .moment = try operand(right) { return .moment }
      throw KustoGap(reason: "arithmetic", range: expression.range)
    case .comparison, .allOf, .anyOf: return .condition
    case .star: throw KustoGap(reason: "a search over every column", range: expression.range)
    case .interval: throw KustoGap(reason: "an interval outside of 'between'", range: expression.range)
    case .opaque(let what): throw KustoGap(reason: what, range: expression.range)
    }
  }

  private mutating func negative(_ inner: KustoExpression) throws(KustoGap) -> KustoOperand {
    guard case .number(let number) = inner.form, let opposite = Number("-" + number.text) else {
      if case .timespan = inner.form { return .moment }
      throw KustoGap(reason: "arithmetic", range: inner.range)
    }
    return .constant(.number(opposite, .strict))
  }

  private func column(_ name: String) -> KustoOperand {
    if let element, name == element { return .field(.element, .plain) }
    if element == nil, name == "TimeGenerated" || name == "Timestamp" { return .eventTime }
    return .field(FieldPath([.key(name)]), .plain)
  }

  /// The path that an expression is; `parse_json` and its like only say how a column is to be taken.
  mutating func path(_ expression: KustoExpression) throws(KustoGap) -> FieldPath {
    guard case .field(let path, .plain) = try operand(expression) else {
      throw KustoGap(reason: "a step into something computed", range: expression.range)
    }
    if let element, path.steps.first != nil, !starts(expression, with: element) {
      throw KustoGap(reason: "a column of the event inside mv-apply", range: expression.range)
    }
    return path
  }

  private func starts(_ expression: KustoExpression, with name: String) -> Bool {
    switch expression.form {
    case .name(let found): found == name
    case .member(let base, _), .element(let base, _): starts(base, with: name)
    case .call(_, let arguments): arguments.first.map { starts($0, with: name) } ?? false
    case .text, .number, .boolean, .null, .timespan, .datetime, .star, .negative, .arithmetic, .comparison, .list,
      .interval, .allOf, .anyOf, .opaque:
      false
    }
  }

  /// The values of a list; lists in it are opened.
  mutating func literals(_ parts: [KustoExpression]) throws(KustoGap) -> [Literal] {
    var literals: [Literal] = []
    for part in parts {
      switch try operand(part) {
      case .constant(let literal): literals.append(literal)
      case .list(let inner): literals += inner
      case .field, .null, .moment, .eventTime, .condition:
        throw KustoGap(reason: "a list of other than literals", range: part.range)
      }
    }
    return literals
  }

  private mutating func call(
    _ name: String, _ arguments: [KustoExpression], _ whole: KustoExpression
  ) throws(KustoGap) -> KustoOperand {
    if let reading = Self.reading(of: name), arguments.count == 1 { return try read(arguments[0], as: reading, whole) }
    switch (name, arguments.count) {
    case ("parse_json", 1), ("todynamic", 1), ("parsejson", 1), ("toobject", 1), ("todatetime", 1):
      return try taken(arguments[0])
    case ("column_ifexists", 2), ("columnifexists", 2):
      guard case .text(let name) = arguments[0].form else { break }
      return column(name)
    case ("now", _), ("ago", 1): return .moment
    case ("ingestion_time", 0): return .eventTime
    case ("startofday", _), ("endofday", _), ("startofweek", _), ("startofmonth", _), ("bin", 2), ("floor", 2):
      return try operand(arguments[0])
    case ("datetime_part", 2): return try datePart(arguments, whole)
    case ("strcmp", 2):
      guard case .text(let text) = arguments[1].form else { break }
      return .field(try field(arguments[0]), .order(text))
    case ("array_index_of", 2):
      guard case .constant(let literal) = try operand(arguments[1]) else { break }
      return .field(try field(arguments[0]), .position(literal))
    case ("coalesce", 2): return try filled(arguments, whole)
    case ("strcat", _): return .constant(.text(try joined(arguments), .sensitive))
    case ("isempty", _), ("isnotempty", _), ("isnull", _), ("isnotnull", _), ("not", _), ("set_has_element", _):
      return .condition
    case _ where name.hasPrefix("ipv4_is_") || name.hasPrefix("ipv6_is_"): return .condition
    case _: break
    }
    throw KustoGap(reason: "the function '\(name)'", range: whole.range)
  }

  private static func reading(of name: String) -> KustoOperand.Reading? {
    switch name {
    case "tostring": .text
    case "tolower": .lowered
    case "toupper": .raised
    case "toint", "tolong", "toreal", "todouble", "todecimal": .number
    case "tobool", "toboolean": .boolean
    case "strlen": .length
    case "array_length": .count(missing: nil)
    case "gettype": .type
    case "hourofday": .datePart(.hour)
    case "dayofmonth": .datePart(.day)
    case "week_of_year": .datePart(.week)
    case "monthofyear", "getmonth": .datePart(.month)
    case "getyear": .datePart(.year)
    case _: nil
    }
  }

  /// A reading of a field: one of the value as it is, or of its text.
  private mutating func read(
    _ argument: KustoExpression, as reading: KustoOperand.Reading, _ whole: KustoExpression
  ) throws(KustoGap) -> KustoOperand {
    switch (try operand(argument), reading) {
    case (.field(let path, .plain), _), (.field(let path, .text), _): return .field(path, reading)
    case (.field(let path, .lowered), .text), (.field(let path, .lowered), .lowered): return .field(path, .lowered)
    case (.field(let path, .raised), .text), (.field(let path, .raised), .raised): return .field(path, .raised)
    case (.constant(let literal), .text): return .constant(.text(literal.spelling, .sensitive))
    case (.constant(let literal), .lowered): return .constant(.text(literal.spelling.lowercased(), .sensitive))
    case (.constant(let literal), .raised): return .constant(.text(literal.spelling.uppercased(), .sensitive))
    case (.constant(.number(let number, let how)), .number): return .constant(.number(number, how))
    case (.list(let literals), .text), (.list(let literals), .plain): return .list(literals)
    case (.eventTime, .datePart): throw KustoGap(reason: "a part of the event's time", range: whole.range)
    case _: throw KustoGap(reason: "a test of something computed", range: whole.range)
    }
  }

  /// `parse_json(x)` is `x`, whether it is a text or a dynamic value already.
  private mutating func taken(_ argument: KustoExpression) throws(KustoGap) -> KustoOperand {
    let inner = try operand(argument)
    switch inner {
    case .field(let path, .text): return .field(path, .plain)
    case .field, .constant, .list, .null, .moment, .eventTime, .condition: return inner
    }
  }

  private mutating func datePart(
    _ arguments: [KustoExpression], _ whole: KustoExpression
  ) throws(KustoGap) -> KustoOperand {
    guard case .text(let name) = arguments[0].form else {
      throw KustoGap(reason: "the function 'datetime_part'", range: whole.range)
    }
    let part: FieldTest.DatePart? =
      switch name.lowercased() {
      case "year": .year
      case "month": .month
      case "week_of_year", "weekofyear": .week
      case "day": .day
      case "hour": .hour
      case "minute": .minute
      case _: nil
      }
    guard let part else { throw KustoGap(reason: "the date part '\(name)'", range: whole.range) }
    return try read(arguments[1], as: .datePart(part), whole)
  }

  /// `coalesce(f, "")` is `f`, since a missing text is empty anyway; `coalesce(array_length(f), 0)` is never null.
  private mutating func filled(
    _ arguments: [KustoExpression], _ whole: KustoExpression
  ) throws(KustoGap) -> KustoOperand {
    switch (try operand(arguments[0]), try operand(arguments[1])) {
    case (.field(let path, .plain), .constant(.text("", _))), (.field(let path, .text), .constant(.text("", _))):
      return .field(path, .text)
    case (.field(let path, .count), .constant(.number(let missing, _)))
    where missing == Number(0) || missing == Number(1):
      return .field(path, .count(missing: missing.integer))
    case (.condition, _): return .condition
    case _: throw KustoGap(reason: "the function 'coalesce'", range: whole.range)
    }
  }

  private mutating func joined(_ arguments: [KustoExpression]) throws(KustoGap) -> String {
    var text = ""
    for argument in arguments {
      guard case .constant(let literal) = try operand(argument) else {
        throw KustoGap(reason: "the function 'strcat'", range: argument.range)
      }
      text += literal.spelling
    }
    return text
  }
}
