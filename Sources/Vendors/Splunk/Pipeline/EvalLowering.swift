import RuleIR
import SourceText

/// Gives an expression of `where` its meaning: a question with three answers, since a comparison with NULL is NULL.
///
/// What is undefined and when is said test by test; `isTrue` of the whole is what `where` keeps.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Where
struct EvalLowering {
  let scope: FieldScope
  let query: ExpandedQuery
  private(set) var notes: [Diagnostic] = []

  /// How many alternatives an expression may have.
  private static let alternativeLimit = 64

  init(_ scope: FieldScope, in query: ExpandedQuery) {
    self.scope = scope
    self.query = query
  }

  // MARK: Conditions

  mutating func condition(_ expression: EvalExpression) throws(Obstacle) -> ThreeValued {
    switch expression {
    case .and(let parts): return .and(try conditions(parts))
    case .or(let parts): return .or(try conditions(parts))
    case .not(let part): return .not(try condition(part))
    case .xor(let left, let right):
      let (first, second) = (try condition(left), try condition(right))
      // Both sides are written twice.
      guard !TreeSize.exceeds(TreeSize.expressionLimit, [first, second]) else {
        throw Obstacle(reason: "too many cases", detail: "XOR of long conditions", place: left.place)
      }
      return .or([.and([first, .not(second)]), .and([.not(first), second])])
    case .comparison(let comparison, let left, let right, let place):
      return try self.comparison(comparison, left, right, at: place)
    case .call(let call): return try condition(call)
    case .search(let tree, _):
      var search = SearchLowering(scope, in: query)
      return .total(try search.predicate(tree))
    case .field(let name, let place):
      throw Obstacle(reason: "field as a condition", detail: "'\(name)' alone is no condition", place: place)
    case .text(_, let place), .number(_, let place), .arithmetic(_, _, let place):
      throw Obstacle(reason: "value as a condition", detail: "a value alone is no condition", place: place)
    case .subsearch(let place): throw Obstacle(reason: "subsearch", detail: "its result is not known", place: place)
    }
  }

  private mutating func conditions(_ parts: [EvalExpression]) throws(Obstacle) -> [ThreeValued] {
    var lowered: [ThreeValued] = []
    for part in parts { lowered.append(try condition(part)) }
    return lowered
  }

  private mutating func condition(_ call: EvalCall) throws(Obstacle) -> ThreeValued {
    let arguments = call.arguments
    switch call.name {
    case "true": return .total(.always)
    case "false": return .total(.never)
    case "null": return .unknown
    case "isnull": return .total(.negation(of: try presence(of: arguments[0])))
    case "isnotnull": return .total(try presence(of: arguments[0]))
    case "like", "match": return try textTest(call)
    case "cidrmatch": return try networkTest(call)
    case "in": return try membership(call)
    case "if":
      return try choice(
        try condition(arguments[0]).isTrue, try condition(arguments[1]), try condition(arguments[2]))
    case "case":
      try checkCount(call)
      var result = ThreeValued.unknown
      for index in stride(from: arguments.count - arguments.count % 2 - 2, through: 0, by: -2) {
        result = try choice(
          try condition(arguments[index]).isTrue, try condition(arguments[index + 1]), result)
      }
      return result
    case let name: throw Obstacle(reason: "\(name)()", detail: "\(name)() in a condition", place: call.place)
    }
  }

  private func choice(_ when: Predicate, _ then: ThreeValued, _ other: ThreeValued) throws(Obstacle) -> ThreeValued {
    .or([.and([.total(when), then]), .and([.total(.negation(of: when)), other])])
  }

  /// Whether an expression is not NULL.
  private mutating func presence(of expression: EvalExpression) throws(Obstacle) -> Predicate {
    let origin = Origin(expression.place.map { query.outerRange(of: $0) })
    var parts: [Predicate] = []
    for alternative in try alternatives(expression) {
      let there: Predicate
      switch alternative.operand {
      case .field(let path, .number): there = Self.isNumber(path, origin)
      case .field(let path, _): there = .presence(PresenceTest(.value, path, origin: origin))
      case .text, .number: there = .always
      case .absent: there = .never
      case .present(let predicate), .place(let predicate): there = predicate
      case .opaque(let obstacle): throw obstacle
      }
      parts.append(.guarded(by: alternative.when, there))
    }
    return .disjunction(parts.filter { $0 != .never })
  }

  private static func isNumber(_ path: FieldPath, _ origin: Origin) -> Predicate {
    let zero = Literal.number(Number(0), .coercing)
    return .any([
      .field(FieldTest(path, .order(.greaterOrEqual, zero), origin: origin)),
      .field(FieldTest(path, .order(.less, zero), origin: origin)),
    ])
  }

  // MARK: Comparisons

  private mutating func comparison(
    _ comparison: EvalComparison, _ left: EvalExpression, _ right: EvalExpression, at place: SourceRange
  ) throws(Obstacle) -> ThreeValued {
    let (first, second) = (try alternatives(left), try alternatives(right))
    var parts: [ThreeValued] = []
    for one in first {
      for other in second {
        let test = try EvalTest(comparison, query.origin(of: place), place).compare(one.operand, other.operand)
        let when = Predicate.conjunction([one.when, other.when])
        parts.append(when == .always ? test : .and([.total(when), test]))
      }
    }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func membership(_ call: EvalCall) throws(Obstacle) -> ThreeValued {
    var parts: [ThreeValued] = []
    for value in call.arguments.dropFirst() {
      parts.append(try comparison(.equal, call.arguments[0], value, at: call.place))
    }
    return .or(parts).mergingSets
  }

  private mutating func textTest(_ call: EvalCall) throws(Obstacle) -> ThreeValued {
    guard case .text(let pattern)? = try alternatives(call.arguments[1]).onlyOperand else {
      throw Obstacle(
        reason: "computed pattern", detail: "the pattern of \(call.name)() is not a text", place: call.place)
    }
    let origin = query.origin(of: call.place)
    return try each(call.arguments[0]) { operand throws(Obstacle) in
      switch operand {
      case .field(let path, let reading) where reading == .plain || reading == .lower || reading == .upper:
        let condition =
          call.name == "like"
          ? LikePattern.condition(pattern, reading) : RegexReading.condition(pattern, reading)
        guard let condition else {
          throw Obstacle(
            reason: "\(call.name)() of changed letters", detail: "the pattern cannot be read apart from case",
            place: call.place)
        }
        let test = Predicate.field(FieldTest(path, condition, subject: .spelling, origin: origin))
        return .test(test, defined: .presence(PresenceTest(.value, path, origin: origin)))
      case .text(let text) where call.name == "like":
        return .total(LikePattern.pattern(pattern).covers(text, .sensitive) ? .always : .never)
      case .absent: return .unknown
      case .opaque(let obstacle): throw obstacle
      case .field, .text, .number, .present, .place:
        throw Obstacle(
          reason: "\(call.name)() of a computed value", detail: "what it looks at is computed", place: call.place)
      }
    }
  }

  private mutating func networkTest(_ call: EvalCall) throws(Obstacle) -> ThreeValued {
    guard case .text(let text)? = try alternatives(call.arguments[0]).onlyOperand,
      let network = Network(masking: text) ?? Network(text)
    else {
      throw Obstacle(
        reason: "computed network", detail: "the first argument is no block of addresses", place: call.place)
    }
    let origin = query.origin(of: call.place)
    return try each(call.arguments[1]) { operand throws(Obstacle) in
      switch operand {
      case .field(let path, .plain):
        let test = Predicate.field(FieldTest(path, .network(network), origin: origin))
        return .test(test, defined: .presence(PresenceTest(.value, path, origin: origin)))
      case .text(let text): return .total(network.contains(text) ? .always : .never)
      case .absent: return .unknown
      case .opaque(let obstacle): throw obstacle
      case .field, .number, .present, .place:
        throw Obstacle(reason: "cidrmatch() of a computed value", detail: "it is computed", place: call.place)
      }
    }
  }

  /// A test of each alternative of an expression.
  private mutating func each(
    _ expression: EvalExpression, _ test: (Operand) throws(Obstacle) -> ThreeValued
  ) throws(Obstacle) -> ThreeValued {
    var parts: [ThreeValued] = []
    for alternative in try alternatives(expression) {
      let tested = try test(alternative.operand)
      parts.append(alternative.when == .always ? tested : .and([.total(alternative.when), tested]))
    }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  // MARK: Values

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

  private func opaque(_ reason: String, _ detail: String, _ place: SourceRange?) -> Operand {
    .opaque(Obstacle(reason: reason, detail: detail, place: place))
  }

  private func limited(_ found: [Alternative], _ place: SourceRange) throws(Obstacle) -> [Alternative] {
    guard found.count <= Self.alternativeLimit,
      !TreeSize.exceeds(TreeSize.expressionLimit, found.map(\.when))
    else { throw tooMany(place) }
    return found
  }

  private func checkCount(_ call: EvalCall) throws(Obstacle) {
    guard call.arguments.count <= 2 * Self.alternativeLimit else { throw tooMany(call.place) }
  }

  private func tooMany(_ place: SourceRange) -> Obstacle {
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
    case let name: return Alternative.only(opaque("\(name)()", "\(name)() is not followed", call.place))
    }
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

  private mutating func changed(_ call: EvalCall, _ change: (Operand) -> Operand?) throws(Obstacle) -> [Alternative] {
    try alternatives(call.arguments[0]).map { alternative in
      let operand =
        change(alternative.operand) ?? opaque("\(call.name)()", "\(call.name)() of this is not followed", call.place)
      return Alternative(when: alternative.when, operand: operand)
    }
  }

  private static func read(_ operand: Operand, as reading: Operand.Reading) -> Operand? {
    switch (operand, reading) {
    case (.absent, _), (.opaque, _): operand
    case (.field(let path, .plain), _): .field(path, reading)
    case (.field(let path, .distinct), .count): .field(path, .distinctCount)
    case (.text(let text), .lower): .text(text.lowercased())
    case (.text(let text), .upper): .text(text.uppercased())
    case (.text(let text), .length): .number(Number(text.unicodeScalars.count))
    case (.text, .count), (.number, .count): .number(Number(1))
    case (.text(let text), .number): Number(text).map(Operand.number) ?? .absent
    case (.number, .number), (.number, .distinct), (.text, .distinct): operand
    case (.field, _), (.present, _), (.place, _), (.text, _), (.number, _): nil
    }
  }

  /// `mvindex(f, i)` with a known index.
  private mutating func element(_ call: EvalCall) throws(Obstacle) -> [Alternative] {
    let index = try alternatives(call.arguments[1]).onlyOperand
    return try changed(call) { operand in
      if operand == .absent { return operand }
      guard call.arguments.count == 2, case .number(let number)? = index, let position = number.integer,
        case .field(let path, .plain) = operand
      else { return nil }
      guard path.steps.last == .each else { return position == 0 || position == -1 ? operand : nil }
      guard path.steps.filter({ $0 == .each }).count == 1 else { return nil }
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
    return Alternative.only(.present(some))
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
    return Alternative.only(opaque(reason, "the value is computed", place))
  }
}

extension [Alternative] {
  /// The operand, where there is just one.
  var onlyOperand: Operand? { count == 1 && self[0].when == .always ? self[0].operand : nil }
}

extension ThreeValued {
  /// A disjunction of equalities on one field as one set.
  fileprivate var mergingSets: ThreeValued {
    guard case .or(let parts) = self, parts.count > 1 else { return self }
    var literals: [Literal] = []
    var shared: (test: FieldTest, defined: Predicate)?
    for part in parts {
      guard case .test(.field(var test), let defined) = part, case .equals(let literal) = test.condition,
        test.polarity == .someValuePasses
      else { return self }
      test.condition = .oneOf([])
      guard shared.map({ $0.test == test && $0.defined == defined }) ?? true else { return self }
      shared = (test, defined)
      literals.append(literal)
    }
    guard let (first, defined) = shared else { return self }
    var test = first
    test.condition = .oneOf(literals)
    return .test(.field(test), defined: defined)
  }
}
