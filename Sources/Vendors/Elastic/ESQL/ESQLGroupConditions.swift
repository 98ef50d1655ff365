import LanguageSupport
import RuleIR

/// Gives expressions on groups their meaning.
extension ESQLGrouping {
  func value(of expression: ESQLExpression, in meaning: inout ESQLMeaning) throws(ESQLObstacle) -> ESQLGroupValue {
    let range = expression.range
    switch expression.form {
    case .column(let name):
      guard let column = columns[name] else { throw .unmodelled("a condition on a group's key", range) }
      return column
    case .null, .boolean, .string, .number, .span, .list: return .constant(try meaning.value(of: expression))
    case .minus, .arithmetic:
      if expression.isConstant { return .constant(try meaning.value(of: expression)) }
      return try moved(expression, in: &meaning)
    case .cast(let inner, let types):
      let value = try value(of: inner, in: &meaning)
      guard types.allSatisfy({ ["double", "long", "integer"].contains($0) }), case .count = value else {
        throw .unmodelled("a conversion of a measure", range)
      }
      return value
    case .call(let name, let arguments): return try call(name, arguments, at: range, in: &meaning)
    case .comparison, .isNull, .isIn, .like, .match, .allOf, .anyOf, .not:
      return .truth(try truth(of: expression, in: &meaning))
    case .star, .parameter, .map: throw .unmodelled("an argument of this form", range)
    }
  }

  /// A moment and a span: `first_seen + 5 minutes`.
  private func moved(
    _ expression: ESQLExpression, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupValue {
    guard case .arithmetic(let first, let operations) = expression.form, operations.count == 1,
      case .time(let moment, let offset) = try value(of: first, in: &meaning),
      case .constant(.span(let seconds)) = try value(of: operations[0].operand, in: &meaning)
    else { throw .unmodelled("arithmetic on measures", expression.range) }
    switch operations[0].mark {
    case .plus: return .time(moment, plus: try ESQLMeaning.sum(offset, seconds, at: expression.range))
    case .minus: return .time(moment, plus: try ESQLMeaning.sum(offset, -seconds, at: expression.range))
    case _: throw .unmodelled("arithmetic on measures", expression.range)
    }
  }

  private func call(
    _ name: String, _ arguments: [ESQLExpression], at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupValue {
    switch (name, arguments.count) {
    case ("NOW", 0): return .constant(.now(0))
    case ("CASE", 2...): return try chosen(arguments[...], in: &meaning)
    case ("DATE_DIFF", 3): return try elapsed(arguments, at: range, in: &meaning)
    case ("MV_CONTAINS", 2):
      return .truth(try contains(try value(of: arguments[0], in: &meaning), arguments[1], in: &meaning))
    case ("MV_CONCAT", 2):
      guard case .values(let measured) = try value(of: arguments[0], in: &meaning),
        case .text(let delimiter) = try meaning.value(of: arguments[1])
      else { break }
      return .joined(measured, by: delimiter)
    case ("COALESCE", 2):
      let first = try value(of: arguments[0], in: &meaning)
      if case .truth(let truth) = first, case .boolean(false) = arguments[1].form {
        return .truth(ESQLGroupTruth(total: truth.isTrue))
      }
      guard case .count(var count) = first, count.quantity.isCount,
        case .constant(.number(let zero)) = try value(of: arguments[1], in: &meaning), zero == Number(0)
      else { break }
      count.definedBy = nil
      return .count(count)
    case ("TO_LONG", 1), ("TO_INTEGER", 1), ("TO_DOUBLE", 1), ("MV_DEDUPE", 1), ("MV_COUNT", 1), ("MV_MAX", 1),
      ("MV_MIN", 1):
      return try reduced(try value(of: arguments[0], in: &meaning), name, at: range, in: &meaning)
    case _: break
    }
    throw .unmodelled("the function \(name) on a group", range)
  }

  private func reduced(
    _ value: ESQLGroupValue, _ name: String, at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupValue {
    switch (name, value) {
    case ("TO_LONG", .count), ("TO_INTEGER", .count), ("TO_DOUBLE", .count), ("MV_DEDUPE", .values): return value
    case ("MV_MAX", .values(let measured)): return .largest(measured)
    case ("MV_MIN", .values(let measured)): return .smallest(measured)
    case ("MV_COUNT", .values(let measured)):
      var count = try measured.distinct(in: &meaning, at: range)
      count.definedBy = try measured.present(in: &meaning, at: range)
      return .count(count)
    case _: throw .unmodelled("the function \(name) on a group", range)
    }
  }

  /// The first value whose condition is true, `CASE(condition, value, …, otherwise)`.
  private func chosen(
    _ arguments: ArraySlice<ESQLExpression>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupValue {
    var branches: [(GroupCondition, ESQLGroupValue)] = []
    var rest = arguments
    while let condition = rest.first, rest.count >= 2 {
      let truth = try truth(of: condition, in: &meaning)
      branches.append((truth.isTrue, try value(of: rest[rest.startIndex + 1], in: &meaning)))
      rest = rest.dropFirst(2)
    }
    var result = ESQLGroupValue.constant(.null)
    if let last = rest.first { result = try value(of: last, in: &meaning) }
    for (condition, value) in branches.reversed() { result = .choice(condition, value, result) }
    return result
  }

  /// The whole units between two moments, `DATE_DIFF(unit, start, end)`.
  private func elapsed(
    _ arguments: [ESQLExpression], at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupValue {
    guard case .text(let unit) = try meaning.value(of: arguments[0]), let seconds = ESQLSpan.differenceUnit(unit),
      let start = moment(try value(of: arguments[1], in: &meaning)),
      let end = moment(try value(of: arguments[2], in: &meaning))
    else { throw .unmodelled("a difference of times", range) }
    return .elapsed(from: start, to: end, unit: seconds)
  }

  private func moment(_ value: ESQLGroupValue) -> ElapsedTime.Moment? {
    switch value {
    case .time(let moment, plus: 0): moment
    case .constant(.now(0)): .search
    case .constant, .count, .largest, .smallest, .values, .joined, .time, .elapsed, .truth, .choice, .opaque: nil
    }
  }

  // MARK: Conditions

  func truth(of expression: ESQLExpression, in meaning: inout ESQLMeaning) throws(ESQLObstacle) -> ESQLGroupTruth {
    let range = expression.range
    switch expression.form {
    case .allOf(let parts): return .and(try truths(of: parts, in: &meaning))
    case .anyOf(let parts): return .or(try truths(of: parts, in: &meaning))
    case .not(let inner): return try truth(of: inner, in: &meaning).negated
    case _: break
    }
    if expression.columns.allSatisfy(keyNames.contains) { return try keyTruth(of: expression, in: &meaning) }
    switch expression.form {
    case .comparison(let comparison, let left, let right):
      return try compare(
        comparison, try value(of: left, in: &meaning), try value(of: right, in: &meaning), at: range, in: &meaning)
    case .isIn(let inner, let elements):
      let value = try value(of: inner, in: &meaning)
      var parts: [ESQLGroupTruth] = []
      for element in elements {
        parts.append(
          try compare(.equal, value, try self.value(of: element, in: &meaning), at: range, in: &meaning))
      }
      return .or(parts)
    case .isNull(let inner):
      return ESQLGroupTruth(total: try presence(of: try value(of: inner, in: &meaning), at: range, in: &meaning))
        .negated
    case .like(let inner, .like, let patterns):
      guard case .joined(let measured, let delimiter) = try value(of: inner, in: &meaning) else { break }
      return try match(measured, delimiter, patterns, at: range, in: &meaning)
    case .column, .call, .cast:
      switch try value(of: expression, in: &meaning) {
      case .truth(let truth): return truth
      case .largest(let measured):
        return try compare(.equal, .largest(measured), .constant(.boolean(true)), at: range, in: &meaning)
      case .choice(let condition, let first, let second):
        guard case .truth(let first) = first, case .truth(let second) = second else { break }
        return .choice(condition, first, second)
      case .opaque(let reason): throw .unmodelled(reason, range)
      case .constant, .count, .smallest, .values, .joined, .time, .elapsed: break
      }
    case _: break
    }
    throw .unmodelled("a condition on groups", range)
  }

  private func truths(
    of parts: [ESQLExpression], in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> [ESQLGroupTruth] {
    var truths: [ESQLGroupTruth] = []
    for part in parts { truths.append(try truth(of: part, in: &meaning)) }
    return truths
  }

  /// A condition on keys alone.
  private func keyTruth(
    of expression: ESQLExpression, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> ESQLGroupTruth {
    var keyMeaning = keyMeaning
    let truth = try keyMeaning.truth(of: expression)
    try meaning.spend(truth.size, at: expression.range)
    return ESQLGroupTruth(isTrue: .key(truth.isTrue), isFalse: .key(truth.isFalse))
  }

  /// That a value is not null.
  private func presence(
    of value: ESQLGroupValue, at range: Range<Int>, in meaning: inout ESQLMeaning
  ) throws(ESQLObstacle) -> GroupCondition {
    switch value {
    case .constant(.null): return .any([])
    case .constant: return .always
    case .count(let count): return count.definedBy.map(GroupCondition.exists) ?? .always
    case .largest(let measured), .smallest(let measured), .values(let measured), .joined(let measured, _):
      return .exists(try measured.present(in: &meaning, at: range))
    case .time(let moment, _): return moment.exists
    case .elapsed(let start, let end, _): return .conjunction([start.exists, end.exists])
    case .truth(let truth): return .disjunction([truth.isTrue, truth.isFalse])
    case .choice(let condition, let first, let second):
      let one = try presence(of: first, at: range, in: &meaning)
      let other = try presence(of: second, at: range, in: &meaning)
      return .disjunction([
        .conjunction([condition, one]), .conjunction([.opposite(of: condition), other]),
      ])
    case .opaque(let reason): throw .unmodelled(reason, range)
    }
  }
}

extension ElapsedTime.Moment {
  /// There is such a moment.
  fileprivate var exists: GroupCondition {
    switch self {
    case .first(let predicate), .last(let predicate): .exists(predicate)
    case .search: .always
    }
  }
}

extension ESQLSpan {
  /// The seconds of a unit of `DATE_DIFF`; nil for one whose length varies or that is shorter.
  static func differenceUnit(_ name: String) -> Int? {
    switch name.lowercased() {
    case "second", "seconds", "ss", "s": 1
    case "minute", "minutes", "mi", "n": 60
    case "hour", "hours", "hh": 3_600
    case "day", "days", "dd", "d": 86_400
    case "week", "weeks", "wk", "ww": 604_800
    case _: nil
    }
  }
}
