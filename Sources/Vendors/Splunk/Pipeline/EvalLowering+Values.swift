import RuleIR
import SourceText

extension EvalLowering {
  /// What an expression may come to, each with the events for which it does.
  mutating func alternatives(_ expression: EvalExpression) throws(Obstacle) -> [Alternative] {
    switch expression {
    case .text(let text, _): return Alternative.only(.text(text))
    case .number(let text, let place):
      guard let number = Number(text) else { return Alternative.only(opaque("number", "it is no number", place)) }
      return Alternative.only(.number(number))
    case .field(let name, let place): return field(name, place)
    case .arithmetic(let symbol, let operands, let place): return try arithmetic(symbol, operands, place)
    case .call(let call): return try limited(try alternatives(call), call.place)
    case .and, .or, .xor, .not, .comparison, .search:
      return Alternative.only(opaque("condition as a value", "a condition is no value", expression.place))
    case .subsearch(let place): return Alternative.only(opaque("subsearch", "its result is not known", place))
    }
  }

  func opaque(_ reason: String, _ detail: String, _ place: SourceRange?) -> Operand {
    .opaque(Obstacle(reason: reason, detail: detail, place: place))
  }

  private func limited(_ found: [Alternative], _ place: SourceRange) throws(Obstacle) -> [Alternative] {
    guard found.count <= Self.alternativeLimit,
      !TreeSize.exceeds(TreeSize.expressionLimit, found.map(\.when))
    else { throw tooMany(place) }
    return found
  }

  func checkCount(_ call: EvalCall) throws(Obstacle) {
    guard call.arguments.count <= 2 * Self.alternativeLimit else { throw tooMany(call.place) }
  }

  func tooMany(_ place: SourceRange) -> Obstacle {
    Obstacle(reason: "too many cases", detail: "more than \(Self.alternativeLimit) cases, or long ones", place: place)
  }

  private func field(_ name: String, _ place: SourceRange) -> [Alternative] {
    if name == "_raw" || name == "_time" || name.hasPrefix("$") || name.hasPrefix("<<") {
      return Alternative.only(opaque(name, "a test of \(name)", place))
    }
    switch scope.binding(of: name) {
    case .event(let path): return Alternative.only(.field(path, .plain))
    case .filled(let path, let text):
      let hasValue = Predicate.presence(PresenceTest(.value, path, origin: query.origin(of: place)))
      return [
        Alternative(when: hasValue, operand: .field(path, .plain)),
        Alternative(when: .not(hasValue), operand: .text(text)),
      ]
    case .value(let alternatives): return alternatives
    case .moment:
      return Alternative.only(opaque("test of an aggregate in a condition", "'\(name)' is a time", place))
    case .collected: return Alternative.only(.opaque(.gathered.met(as: name, at: place)))
    case .measure(let measure):
      return Alternative.only(
        opaque("test of an aggregate in a condition", "'\(name)' is \(measure.function)", place))
    case .opaque(let obstacle): return Alternative.only(.opaque(obstacle.met(as: name, at: place)))
    case .absent: return Alternative.only(.absent)
    }
  }

  private mutating func alternatives(_ call: EvalCall) throws(Obstacle) -> [Alternative] {
    let arguments = call.arguments
    switch call.name {
    case "null": return Alternative.only(.absent)
    case "lower": return try changed(call) { Self.read($0, as: .lower) }
    case "upper": return try changed(call) { Self.read($0, as: .upper) }
    case "len": return try changed(call) { Self.read($0, as: .length) }
    case "mvcount": return try changed(call) { Self.read($0, as: .count) }
    case "mvdedup": return try changed(call) { Self.read($0, as: .distinct) }
    case "tonumber" where arguments.count == 1: return try changed(call) { Self.read($0, as: .number) }
    case "tostring" where arguments.count == 1: return try alternatives(arguments[0])
    case "substr": return try slice(call)
    case "split": return try pieces(call)
    case "mvindex": return try element(call)
    case "mvfind": return try found(call)
    case "mvfilter": return try filtered(call)
    case "if":
      let when = try condition(arguments[0]).isTrue
      return narrowed(try alternatives(arguments[1]), when)
        + narrowed(try alternatives(arguments[2]), .negation(of: when))
    case "case":
      try checkCount(call)
      var result: [Alternative] = []
      var rest = Predicate.always
      for index in stride(from: 0, to: arguments.count - 1, by: 2) {
        let when = try condition(arguments[index]).isTrue
        result += narrowed(try alternatives(arguments[index + 1]), .conjunction([rest, when]))
        rest = .conjunction([rest, .negation(of: when)])
      }
      return result + narrowed(Alternative.only(.absent), rest)
    case "coalesce", "ifnull":
      try checkCount(call)
      return try coalesced(arguments)
    case "mvappend", "mvzip":
      var there: [Predicate] = []
      for argument in arguments.prefix(call.name == "mvzip" ? 2 : arguments.count) {
        there.append(try presence(of: argument))
      }
      return try whatever(call, call.name == "mvzip" ? .conjunction(there) : .disjunction(there))
    case let name where EvalFunction.keepingPresence.contains(name) && !arguments.isEmpty:
      return try whatever(call, try presence(of: arguments[0]))
    case let name: return Alternative.only(opaque("\(name)()", "\(name)() is not followed", call.place))
    }
  }

  /// A value that is computed, and there where something else is.
  func whatever(_ call: EvalCall, _ there: Predicate) throws(Obstacle) -> [Alternative] {
    let hidden = Obstacle(reason: "\(call.name)()", detail: "\(call.name)() is not followed", place: call.place)
    return Alternative.only(there == .never ? .absent : .present(there, hidden))
  }

  private func narrowed(_ found: [Alternative], _ when: Predicate) -> [Alternative] {
    found.map { Alternative(when: .conjunction([when, $0.when]), operand: $0.operand) }.filter { $0.when != .never }
  }

  private mutating func coalesced(_ arguments: [EvalExpression]) throws(Obstacle) -> [Alternative] {
    var result: [Alternative] = []
    var rest = Predicate.always
    for argument in arguments {
      let here = try alternatives(argument)
      let isThere = try presence(of: argument)
      result += narrowed(here.filter { $0.operand != .absent }, .conjunction([rest, isThere]))
      rest = .conjunction([rest, .negation(of: isThere)])
    }
    return result + narrowed(Alternative.only(.absent), rest)
  }

  mutating func changed(_ call: EvalCall, _ change: (Operand) -> Operand?) throws(Obstacle) -> [Alternative] {
    try alternatives(call.arguments[0]).map { alternative in
      let operand =
        change(alternative.operand) ?? opaque("\(call.name)()", "\(call.name)() of this is not followed", call.place)
      return Alternative(when: alternative.when, operand: operand)
    }
  }

  private static func read(_ operand: Operand, as reading: Operand.Reading) -> Operand? {
    switch (operand, reading) {
    case (.absent, _), (.opaque, _): operand
    case (.present, .lower), (.present, .upper), (.present, .length), (.present, .count), (.present, .distinct): operand
    case (.present(_, let hidden), _): .opaque(hidden)
    case (.field(let path, .plain), _): .field(path, reading)
    case (.field(let path, .distinct), .count): .field(path, .distinctCount)
    case (.text(let text), .lower): .text(text.lowercased())
    case (.text(let text), .upper): .text(text.uppercased())
    case (.text(let text), .length): .number(Number(text.unicodeScalars.count))
    case (.text, .count), (.number, .count): .number(Number(1))
    case (.text(let text), .number): Number(text).map(Operand.number) ?? .absent
    case (.number, .number), (.number, .distinct), (.text, .distinct): operand
    case (.field, _), (.place, _), (.text, _), (.number, _): nil
    }
  }

  /// `mvindex(f, i)` with a known index.
  private mutating func element(_ call: EvalCall) throws(Obstacle) -> [Alternative] {
    let index = try alternatives(call.arguments[1]).onlyOperand
    let origin = query.origin(of: call.place)
    return try changed(call) { operand in
      if operand == .absent { return operand }
      guard call.arguments.count == 2, case .number(let number)? = index, let position = number.integer,
        case .field(let path, let reading) = operand
      else { return nil }
      if case .pieces(let separator) = reading, abs(position) < 1_000 {
        return .field(path, .piece(separator: separator, index: position))
      }
      guard reading == .plain else { return nil }
      func somewhere() -> Operand {
        let wanted = Number(position < 0 ? -position : position + 1)
        let there = FieldTest(path, .order(.greaterOrEqual, .number(wanted, .strict)), subject: .count, origin: origin)
        return .present(
          .field(there), Obstacle(reason: "mvindex()", detail: "one of several values", place: call.place))
      }
      guard path.steps.contains(.each) else { return position == 0 || position == -1 ? operand : somewhere() }
      // The values of members, or of lists in lists, are counted across all of them.
      guard path.steps.last == .each, path.steps.filter({ $0 == .each }).count == 1 else { return somewhere() }
      return .field(FieldPath(path.steps.dropLast() + [.index(position)]), .plain)
    }
  }

  /// `mvfind(f, "re")`, of which only whether it finds something is known.
  private mutating func found(_ call: EvalCall) throws(Obstacle) -> [Alternative] {
    let match = try condition(EvalCall(name: "match", arguments: call.arguments, place: call.place))
    return Alternative.only(.place(match.isTrue))
  }

  /// `mvfilter(x)`, of which only whether it leaves something is known.
  private mutating func filtered(_ call: EvalCall) throws(Obstacle) -> [Alternative] {
    let predicate = try condition(call.arguments[0]).isTrue
    guard let path = predicate.onlyField, let some = predicate.ofSomeElement(at: path, query.origin(of: call.place))
    else {
      return Alternative.only(opaque("mvfilter()", "its condition is about several fields", call.place))
    }
    return Alternative.only(
      .present(some, Obstacle(reason: "mvfilter()", detail: "what is left of a list", place: call.place)))
  }

  /// Texts and numbers joined or reckoned with; `.` of texts alone is known.
  private mutating func arithmetic(
    _ symbol: String, _ operands: [EvalExpression], _ place: SourceRange
  ) throws(Obstacle) -> [Alternative] {
    let isJoin = symbol == "."
    let reason = isJoin ? "string concatenation" : "arithmetic"
    var joined: String? = isJoin ? "" : nil
    for operand in operands {
      switch try alternatives(operand).onlyOperand {
      case .text(let text)?: joined? += text
      case .number(let number)?: joined? += number.text
      case .absent?: return Alternative.only(.absent)
      case .opaque(let obstacle)?: return Alternative.only(.opaque(obstacle))
      case .field?, .present?, .place?, nil: joined = nil
      }
    }
    if let joined { return Alternative.only(.text(joined)) }
    guard isJoin else { return Alternative.only(opaque(reason, "the value is computed", place)) }
    var there: [Predicate] = []
    for operand in operands { there.append(try presence(of: operand)) }
    let hidden = Obstacle(reason: reason, detail: "the value is computed", place: place)
    return Alternative.only(.present(.conjunction(there), hidden))
  }
}
