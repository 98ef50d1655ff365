import LanguageSupport
import RuleIR
import SourceText

/// Values of expressions that are no conditions.
extension ESQLMeaning {
  mutating func value(of expression: ESQLExpression) throws(ESQLObstacle) -> ESQLValue {
    let range = expression.range
    switch expression.form {
    case .null: return .null
    case .boolean(let flag): return .boolean(flag)
    case .string(let text): return .text(text)
    case .number(let text):
      guard let number = Number(text) else { throw .unmodelled("a number of this form", range) }
      return .number(number)
    case .span(let count, let unit):
      guard let seconds = ESQLSpan.seconds(count: count, unit: unit) else {
        throw .unmodelled("a length of time in \(unit)", range)
      }
      return .span(seconds)
    case .column(let name): return try column(name, at: range)
    case .list(let items): return .list(try values(of: items))
    case .cast(let inner, let types):
      var value = try value(of: inner)
      for type in types { value = try converted(value, to: type, at: range) }
      return value
    case .minus(let inner):
      guard case .number(let number) = try value(of: inner), let opposite = number.opposite else {
        throw .unmodelled("arithmetic", range)
      }
      return .number(opposite)
    case .arithmetic(let first, let operations): return try arithmetic(first, operations, at: range)
    case .call(let name, let arguments):
      if let truth = try truthOfCall(name, arguments, at: range) { return .truth(truth) }
      return try valueOfCall(name, arguments, at: range)
    case .comparison, .isNull, .isIn, .like, .match, .allOf, .anyOf, .not: return .truth(try truth(of: expression))
    case .star, .map: throw .unmodelled("an argument of this form", range)
    case .parameter: throw .unmodelled("a parameter", range)
    }
  }

  mutating func values(of expressions: [ESQLExpression]) throws(ESQLObstacle) -> [ESQLValue] {
    var values: [ESQLValue] = []
    for expression in expressions { values.append(try value(of: expression)) }
    return values
  }

  private mutating func column(_ name: String, at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    switch definitions[name] {
    case nil: return .column(ESQLColumnView(FieldPath(named: name)))
    case .value(let value, let size):
      try spend(size, at: range)
      return value
    case .window: throw .unmodelled("a test of a time window", range)
    case .opaque(let reason): throw .unmodelled(reason, range)
    }
  }

  /// The length of the windows that `DATE_TRUNC(span, @timestamp)` or `BUCKET(@timestamp, span)` cuts time into.
  ///
  /// Windows of a week or longer start on a day of their own and not at the epoch: they are left aside.
  mutating func window(of expression: ESQLExpression) throws(ESQLObstacle) -> TimeSpan? {
    guard case .call(let name, let arguments) = expression.form, arguments.count == 2 else { return nil }
    let span: ESQLExpression
    switch name {
    case "DATE_TRUNC": span = arguments[0]
    case "BUCKET", "BIN", "TBUCKET": span = arguments[1]
    case _: return nil
    }
    guard case .column(let view) = try value(of: arguments[name == "DATE_TRUNC" ? 1 : 0]), view.isPlain,
      view.path == FieldPath(named: "@timestamp"), case .span(let seconds) = try value(of: span),
      seconds > 0, seconds < 604_800
    else { return nil }
    return TimeSpan(seconds: seconds)
  }

  /// Constants alone, and the time of the search moved by a span.
  private mutating func arithmetic(
    _ first: ESQLExpression, _ operations: [ESQLExpression.Operation], at range: Range<Int>
  ) throws(ESQLObstacle) -> ESQLValue {
    var result = try value(of: first)
    for operation in operations {
      let operand = try value(of: operation.operand)
      switch (result, operation.mark, operand) {
      case (.null, _, _), (_, _, .null): result = .null
      case (.now(let offset), .minus, .span(let seconds)): result = .now(try Self.sum(offset, -seconds, at: range))
      case (.now(let offset), .plus, .span(let seconds)), (.span(let seconds), .plus, .now(let offset)):
        result = .now(try Self.sum(offset, seconds, at: range))
      case (.column(let left), .minus, .column(let right)):
        guard let difference = left.subtracting(right) else { throw .unmodelled("arithmetic", range) }
        result = .column(difference)
      case (.number(let left), _, .number(let right)):
        guard let number = Self.calculate(left, operation.mark, right) else { throw .unmodelled("arithmetic", range) }
        result = .number(number)
      case _: throw .unmodelled("arithmetic", range)
      }
    }
    return result
  }

  /// Two lengths of time together; nothing in use is as long as what is refused.
  static func sum(_ left: Int, _ right: Int, at range: Range<Int>) throws(ESQLObstacle) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow, (-(1 << 50)...1 << 50).contains(sum) else { throw .unmodelled("arithmetic", range) }
    return sum
  }

  private static func calculate(_ left: Number, _ mark: ESQLToken.Mark, _ right: Number) -> Number? {
    guard let left = left.integer, let right = right.integer else { return nil }
    let (value, overflow): (Int, Bool)
    switch mark {
    case .plus: (value, overflow) = left.addingReportingOverflow(right)
    case .minus: (value, overflow) = left.subtractingReportingOverflow(right)
    case .star: (value, overflow) = left.multipliedReportingOverflow(by: right)
    case .pipe, .semicolon, .comma, .dot, .colon, .cast, .assign, .equal, .notEqual, .lessOrEqual, .less,
      .greaterOrEqual, .greater, .slash, .percent, .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket,
      .leftBrace, .rightBrace:
      return nil
    }
    return overflow ? nil : Number(value)
  }

  private func converted(_ value: ESQLValue, to type: String, at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    switch type {
    case "string", "keyword", "text": return try mapped(value, "TO_STRING", at: range)
    case "double": return try mapped(value, "TO_DOUBLE", at: range)
    case "ip": return try mapped(value, "TO_IP", at: range)
    case "datetime", "date": return try mapped(value, "TO_DATETIME", at: range)
    case _:
      if case .null = value { return .null }
      throw .unmodelled("a conversion to \(type)", range)
    }
  }

  // MARK: Functions

  /// The value of a function that is no condition.
  mutating func valueOfCall(
    _ name: String, _ arguments: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ESQLValue {
    switch (name, arguments.count) {
    case ("NOW", 0): return .now(0)
    case ("CASE", 2...): return try chosen(arguments[...], at: range)
    case ("COALESCE", 1...): return try firstPresent(try values(of: arguments), at: range)
    case ("CONCAT", 2...): return try concatenation(try values(of: arguments), at: range)
    case ("MV_CONCAT", 2):
      guard case .column(var view) = try value(of: arguments[0]), view.isText, view.reach == .only, !view.isWrapped,
        case .text(let delimiter) = try value(of: arguments[1])
      else { throw .unmodelled("MV_CONCAT", range) }
      view.reach = .joined(delimiter)
      return .column(view)
    case ("DATE_EXTRACT", 2):
      guard case .text(let part) = try value(of: arguments[0]), let datePart = FieldTest.DatePart(esql: part),
        case .column(var view) = try value(of: arguments[1]), view.isPlain || view.aspect == .date
      else { throw .unmodelled("DATE_EXTRACT", range) }
      view.aspect = view.aspect == .date ? .partOfDate(datePart) : .datePart(datePart)
      return .column(view)
    case ("JSON_EXTRACT", 2): return try extracted(arguments, at: range)
    case ("LOCATE", 2): return try located(arguments, at: range)
    case ("REPLACE", 3): return try replaced(arguments, at: range)
    case ("SPACE", 1):
      guard case .number(let count) = try value(of: arguments[0]), let count = count.integer,
        (0...1_000).contains(count)
      else { throw .unmodelled("the function SPACE", range) }
      return .text(String(repeating: " ", count: count))
    case ("TO_INTEGER", 1), ("TO_LONG", 1):
      let number = try mapped(try value(of: arguments[0]), "TO_DOUBLE", at: range)
      assume("\(name) is taken for a conversion of whole numbers", at: range, because: "a fraction is cut off there")
      return number
    case (_, 1): return try mapped(try value(of: arguments[0]), name, at: range)
    case _: throw .unmodelled(Self.reason(name), range)
    }
  }

  static func reason(_ function: String) -> String { "the function \(function)" }

  /// A function of one argument, branch by branch of a choice.
  private func mapped(_ value: ESQLValue, _ name: String, at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    switch value {
    case .null where Self.keepsNull.contains(name): return .null
    case .choice(let condition, let first, let second):
      return .choice(condition, try mapped(first, name, at: range), try mapped(second, name, at: range))
    case .text(let text) where name == "TO_LOWER": return .text(text.lowercased())
    case .text(let text) where name == "TO_UPPER": return .text(text.uppercased())
    case .text where name == "TO_STRING": return value
    case .column(let view):
      guard let changed = view.applying(name) else { throw .unmodelled(Self.reason(name), range) }
      return .column(changed)
    case .null, .text, .number, .boolean, .span, .now, .truth, .list, .derived:
      throw .unmodelled(Self.reason(name), range)
    }
  }

  private static let keepsNull: Set<String> = [
    "TO_LOWER", "TO_UPPER", "TO_STRING", "TO_DOUBLE", "TO_IP", "TO_DATETIME", "LENGTH", "MV_COUNT", "MV_DEDUPE",
    "MV_MAX", "MV_MIN", "URL_DECODE", "FROM_BASE64", "TRIM", "LTRIM", "RTRIM",
  ]

  /// `CASE(condition, value, …, otherwise)`: a condition that is null counts as false.
  private mutating func chosen(
    _ arguments: ArraySlice<ESQLExpression>, at range: Range<Int>
  ) throws(ESQLObstacle) -> ESQLValue {
    var branches: [(Predicate, ESQLValue)] = []
    var rest = arguments
    while let condition = rest.first, rest.count >= 2 {
      let truth = try truth(of: condition)
      branches.append((truth.isTrue, try value(of: rest[rest.startIndex + 1])))
      rest = rest.dropFirst(2)
    }
    var result = try rest.first.map { last throws(ESQLObstacle) in try value(of: last) } ?? .null
    for (condition, value) in branches.reversed() { result = .choice(condition, value, result) }
    try limit(result.depth, at: range)
    return result
  }

  /// The first value that is not null, `COALESCE(…)`.
  private mutating func firstPresent(_ values: [ESQLValue], at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    if values.count == 2, case .column(var view) = values[0], view.aspect == .count,
      case .number(let number) = values[1], number == Number(0)
    {
      view.aspect = .countOrZero
      return .column(view)
    }
    var result = values.last ?? .null
    for value in values.dropLast().reversed() {
      result = .choice(try hasValue(value, at: range), value, result)
    }
    try limit(result.depth, at: range)
    return result
  }

  /// `CONCAT(…)` of constants, with one column among them.
  private func concatenation(_ values: [ESQLValue], at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    var (before, after) = ("", "")
    var column: ESQLColumnView?
    for value in values {
      switch value {
      case .null: return .null
      case .text(let text):
        if column == nil { before += text } else { after += text }
      case .column(let view) where column == nil && view.isText && view.reach == .only && !view.isWrapped:
        column = view
      case .number, .boolean, .span, .now, .column, .truth, .choice, .list, .derived:
        throw .unmodelled("CONCAT", range)
      }
    }
    guard var column else { return .text(before + after) }
    guard before.utf8.count + after.utf8.count <= 64 else { throw .unmodelled("CONCAT of a long text", range) }
    (column.before, column.after) = (before, after)
    return .column(column)
  }
}

extension ESQLColumnView {
  /// The column after a function of one argument; nil where that is not modelled.
  func applying(_ name: String) -> ESQLColumnView? {
    var view = self
    let isUnchanged = reach == .only && !isWrapped
    let isDerived = if case .derived = aspect { true } else { false }
    switch name {
    case "URL_DECODE": return deriving(.urlDecoded)
    case "FROM_BASE64": return deriving(.base64Decoded)
    case "TRIM": return deriving(.replaced(RegexPattern("\\A\\s+|\\s+\\z", .pcre, anchoring: .search), by: ""))
    case "LTRIM": return deriving(.replaced(RegexPattern("\\A\\s+", .pcre, anchoring: .search), by: ""))
    case "RTRIM": return deriving(.replaced(RegexPattern("\\s+\\z", .pcre, anchoring: .search), by: ""))
    case "LENGTH" where isText && (isDerived || !isUnfolded): return deriving(.length)
    case "TO_STRING" where isDerived && isText && !isWrapped: return self
    case "TO_LOWER" where isText && isUnchanged: view.folding = .lower
    case "TO_UPPER" where isText && isUnchanged: view.folding = .upper
    case "TO_STRING" where isText && !isWrapped: view.aspect = .spelling
    case "TO_DOUBLE" where isPlain: view.aspect = .number
    case "TO_IP" where isPlain: view.aspect = .address
    case "TO_DATETIME" where isPlain: view.aspect = .date
    case "LENGTH" where aspect == .value && isUnchanged && folding == .asWritten: view.aspect = .length
    case "MV_COUNT" where aspect == .value && reach == .onlyDistinct: view.aspect = .distinctCount
    case "MV_COUNT" where aspect == .value && isUnchanged: view.aspect = .count
    case "MV_DEDUPE" where isText && isUnchanged: view.reach = .onlyDistinct
    case "MV_MAX" where (aspect == .value || aspect == .number) && isUnchanged: view.reach = .largest
    case "MV_MIN" where (aspect == .value || aspect == .number) && isUnchanged: view.reach = .smallest
    case _: return nil
    }
    if view.aspect == .distinctCount { view.reach = .only }
    return view
  }
}

extension FieldTest.DatePart {
  /// The part that `DATE_EXTRACT` names; weeks there are not those of ISO 8601.
  init?(esql name: String) {
    switch name.uppercased() {
    case "MINUTE_OF_HOUR": self = .minute
    case "HOUR_OF_DAY": self = .hour
    case "DAY_OF_MONTH": self = .day
    case "MONTH_OF_YEAR": self = .month
    case "YEAR": self = .year
    case _: return nil
    }
  }
}

extension Number {
  /// The number with the other sign.
  var opposite: Number? { Number(text.hasPrefix("-") ? String(text.dropFirst()) : "-" + text) }
}
