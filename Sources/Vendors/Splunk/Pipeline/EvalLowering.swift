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
  static let alternativeLimit = 64

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

  mutating func condition(_ call: EvalCall) throws(Obstacle) -> ThreeValued {
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
  mutating func presence(of expression: EvalExpression) throws(Obstacle) -> Predicate {
    let origin = Origin(expression.place.map { query.outerRange(of: $0) })
    var parts: [Predicate] = []
    for alternative in try alternatives(expression) {
      let there: Predicate
      switch alternative.operand {
      case .field(let path, let reading): there = Self.isThere(path, reading, origin)
      case .text, .number: there = .always
      case .absent: there = .never
      case .present(let predicate, _), .place(let predicate): there = predicate
      case .opaque(let obstacle): throw obstacle
      }
      parts.append(.guarded(by: alternative.when, there))
    }
    return .disjunction(parts.filter { $0 != .never })
  }

  /// Whether a field, read in this way, has a value.
  static func isThere(_ path: FieldPath, _ reading: Operand.Reading, _ origin: Origin) -> Predicate {
    switch reading {
    case .number: return isNumber(path, origin)
    case .piece(let separator, let index):
      let marks = index < 0 ? -index - 1 : index
      guard marks > 0 else { return .presence(PresenceTest(.value, path, origin: origin)) }
      let mark = [TextPattern.Part.literal(separator), .anyRun]
      let pattern = TextPattern([.anyRun] + [[TextPattern.Part]](repeating: mark, count: marks).flatMap(\.self))
      return .field(FieldTest(path, .matches(pattern, .sensitive), subject: .spelling, origin: origin))
    case .plain, .lower, .upper, .length, .count, .distinct, .distinctCount, .slice, .pieces:
      return .presence(PresenceTest(.value, path, origin: origin))
    }
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
      case .text(let text) where !ScalarSpelling.mayMatch(regex: pattern, in: text): return .total(.never)
      case .absent: return .unknown
      case .opaque(let obstacle), .present(_, let obstacle): throw obstacle
      case .field, .text, .number, .place:
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
      case .opaque(let obstacle), .present(_, let obstacle): throw obstacle
      case .field, .number, .place:
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
