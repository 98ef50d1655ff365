import LanguageSupport
import RuleIR
import SourceText

/// Functions and arithmetic.
///
/// <https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref>
extension EQLMeaning {
  /// The functions of Elasticsearch, small, with the number of arguments that each takes.
  private static let known: [String: ClosedRange<Int>] = [
    "add": 2...2, "between": 3...4, "cidrmatch": 2...Int.max, "concat": 1...Int.max, "divide": 2...2,
    "endswith": 2...2, "indexof": 2...3, "length": 1...1, "modulo": 2...2, "multiply": 2...2, "number": 1...2,
    "startswith": 2...2, "string": 1...1, "stringcontains": 2...2, "substring": 2...3, "subtract": 2...2,
    "wildcard": 2...Int.max,
  ]
  /// Functions that Endgame has and Elasticsearch has not.
  private static let foreign: Set<String> = [
    "arraycontains", "arraycount", "arraysearch", "match", "matchlite", "safe", "cidrmatchlite",
  ]
  private static let spellings = [
    "add", "between", "cidrMatch", "concat", "divide", "endsWith", "indexOf", "length", "modulo", "multiply", "number",
    "startsWith", "string", "stringContains", "substring", "subtract", "wildcard",
  ]

  mutating func call(
    _ name: String, _ textCase: TextCase, _ arguments: [EQLExpression], at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    let small = name.lowercased()
    guard let counts = Self.known[small] else { throw unknown(name, small, at: range) }
    guard counts.contains(arguments.count) else {
      throw .wrong(
        Diagnostic(
          .wrongArguments, "'\(name)' does not take \(arguments.count) arguments", at: passage.range(of: range),
          label: counts.upperBound == Int.max
            ? "takes \(counts.lowerBound) or more" : "takes \(counts.lowerBound) to \(counts.upperBound)"))
    }
    switch small {
    case "startswith": return try part(arguments, .startsWith, textCase, at: range)
    case "endswith": return try part(arguments, .endsWith, textCase, at: range)
    case "stringcontains": return try part(arguments, .contains, textCase, at: range)
    case "wildcard":
      return try match(
        try value(of: arguments[0]), .wildcard(textCase), Array(arguments.dropFirst()), at: range)
    case "cidrmatch": return try networks(arguments, at: range)
    case "length": return try length(try value(of: arguments[0]), at: range)
    case "string": return try spelling(try value(of: arguments[0]), at: range)
    case "number": return try number(arguments, at: range)
    case "substring": return try substring(arguments, at: range)
    case "concat": return try concat(arguments, at: range)
    case "indexof": return try position(arguments, textCase, at: range)
    case "add", "subtract", "multiply", "divide", "modulo":
      let operations: [String: EQLArithmetic] = [
        "add": .add, "subtract": .subtract, "multiply": .multiply, "divide": .divide, "modulo": .modulo,
      ]
      return try arithmetic(
        operations[small] ?? .modulo, try value(of: arguments[0]), try value(of: arguments[1]), at: range)
    case _: throw .unmodelled("the function \(name)", range)
    }
  }

  private func unknown(_ name: String, _ small: String, at range: Range<Int>) -> EQLObstacle {
    if Self.foreign.contains(small) { return .unmodelled("Endgame's function \(name)", range) }
    return .wrong(
      Diagnostic(
        .unknownFunction, "there is no function '\(name)'", at: passage.range(of: range), label: "unknown function",
        help: nearestName(to: name, among: Self.spellings).map { "did you mean '\($0)'?" }))
  }

  // MARK: Conditions

  /// `startsWith(text, part)` and its like.
  private mutating func part(
    _ arguments: [EQLExpression], _ relation: FieldRelation, _ textCase: TextCase, at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    switch (try value(of: arguments[0]), try value(of: arguments[1])) {
    case (.null, _), (_, .null): return .null
    case (.subject(let subject), .text(let text)):
      if relation != .startsWith, text.contains(where: { $0 == "*" || $0 == "?" }) {
        note(
          "'*' and '?' are taken as they stand", "wildcards in some versions of Elasticsearch",
          at: arguments[1].range, severity: .warning)
      }
      return .truth(try match(subject, .at(relation, text), textCase, at: range), fields: [subject.path])
    case (.subject(let subject), .subject(let other)) where subject.isPlain && other.isPlain:
      return .truth(
        test(subject, .field(relation, other.path, textCase), at: range), fields: [subject.path, other.path])
    case (let value, let part): throw .unmodelled("\(part.kind) looked for in \(value.kind)", range)
    }
  }

  /// `cidrMatch(field, network, …)`.
  private mutating func networks(_ arguments: [EQLExpression], at range: Range<Int>) throws(EQLObstacle) -> EQLValue {
    guard case .subject(let subject) = try value(of: arguments[0]), subject.isPlain else {
      throw .unmodelled("cidrMatch of no field", range)
    }
    var tests: [Predicate] = []
    for argument in arguments.dropFirst() {
      guard case .text(let text) = try value(of: argument) else { throw .unmodelled("cidrMatch of a field", range) }
      guard let network = Network(blockAround: text) ?? Network(text) else {
        throw .wrong(
          Diagnostic(
            .invalidNetwork, "'\(text)' is no block of addresses", at: passage.range(of: argument.range),
            label: "expected '10.0.0.0/8' or the like"))
      }
      tests.append(test(subject, .network(network), at: argument.range))
    }
    return .truth(.disjunction(tests), fields: [subject.path])
  }

  // MARK: Values

  private func length(_ value: EQLValue, at range: Range<Int>) throws(EQLObstacle) -> EQLValue {
    switch value {
    case .null: return .null
    case .text(let text): return .number(Number(text.utf16.count))
    case .subject(var subject) where subject.isPlain:
      subject.subject = .length
      return .subject(subject)
    case .number, .boolean, .truth, .spelledTruth, .subject, .joined, .position:
      throw .unmodelled("length of \(value.kind)", range)
    }
  }

  private func spelling(_ value: EQLValue, at range: Range<Int>) throws(EQLObstacle) -> EQLValue {
    switch value {
    case .text, .null: return value
    case .number(let number): return .text(number.text)
    case .boolean(let flag): return .text(flag ? "true" : "false")
    case .truth(let predicate, _): return .spelledTruth(predicate)
    case .spelledTruth, .joined: return value
    case .subject(var subject) where subject.isPlain:
      subject.subject = .spelling
      return .subject(subject)
    case .subject, .position: throw .unmodelled("string of \(value.kind)", range)
    }
  }

  /// `number(text)`; with a base other than ten it is not modelled.
  private mutating func number(_ arguments: [EQLExpression], at range: Range<Int>) throws(EQLObstacle) -> EQLValue {
    if arguments.count == 2 {
      switch try value(of: arguments[1]) {
      case .null: break
      case .number(let base) where base == Number(10): break
      case _: throw .unmodelled("number in another base", range)
      }
    }
    switch try value(of: arguments[0]) {
    case .null: return .null
    case .text(let text):
      guard let number = Number(text) else { throw .unmodelled("number of a text that is none", range) }
      return .number(number)
    case .subject(var subject) where subject.isPlain || subject.subject == .spelling:
      subject.subject = .value
      subject.isRead = true
      return .subject(subject)
    case let value: throw .unmodelled("number of \(value.kind)", range)
    }
  }

  private mutating func substring(_ arguments: [EQLExpression], at range: Range<Int>) throws(EQLObstacle) -> EQLValue {
    guard case .subject(var subject) = try value(of: arguments[0]), subject.isPlain else {
      throw .unmodelled("substring of no field", range)
    }
    var ends: [Int] = []
    for argument in arguments.dropFirst() {
      guard case .number(let number) = try value(of: argument), let end = number.integer, abs(end) <= 1_000 else {
        throw .unmodelled("substring between computed places", range)
      }
      ends.append(end)
    }
    switch (ends[0], ends.count > 1 ? ends[1] : nil) {
    case (let start, nil) where start >= 0: subject.slice = .from(start, to: nil)
    case (let start, nil): subject.slice = .last(-start)
    case (let start, let end?) where start >= 0 && end > start: subject.slice = .from(start, to: end)
    case _: throw .unmodelled("substring counted from the end", range)
    }
    return .subject(subject)
  }

  private mutating func concat(_ arguments: [EQLExpression], at range: Range<Int>) throws(EQLObstacle) -> EQLValue {
    var pieces: [EQLValue.Piece] = []
    for argument in arguments {
      switch try spelling(try value(of: argument), at: argument.range) {
      case .null: continue
      case .text(let text): pieces.append(.text(text))
      case .joined(let inner): pieces += inner
      case .subject(let subject) where subject.subject == .spelling: pieces.append(.field(subject.path))
      case let value: throw .unmodelled("concat of \(value.kind)", range)
      }
    }
    guard !pieces.fields.isEmpty else { throw .unmodelled("concat of constants", range) }
    return .joined(pieces)
  }

  private mutating func position(
    _ arguments: [EQLExpression], _ textCase: TextCase, at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    var start = 0
    if arguments.count > 2 {
      guard case .number(let number) = try value(of: arguments[2]), let from = number.integer, from <= 1_000 else {
        throw .unmodelled("indexOf from a computed place", range)
      }
      start = max(0, from)
    }
    guard case .subject(let subject) = try value(of: arguments[0]), subject.isPlain,
      case .text(let text) = try value(of: arguments[1])
    else { throw .unmodelled("indexOf of other things than a field and a text", range) }
    noteOfLength(at: range)
    return .position(
      EQLPosition(path: subject.path, text: text, textCase: stamp(textCase, [text], at: range), start: start))
  }

  // MARK: Arithmetic

  mutating func arithmetic(
    _ operation: EQLArithmetic, _ left: EQLValue, _ right: EQLValue, at range: Range<Int>
  ) throws(EQLObstacle) -> EQLValue {
    switch (left, right) {
    case (.null, _), (_, .null): return .null
    case (.number(let left), .number(let right)):
      if let folded = Self.fold(operation, left, right) { return .number(folded) }
    case (.subject(let subject), .number(let number)):
      if let constant = number.integer, let scaled = subject.scaled(operation, constant) { return .subject(scaled) }
    case (.number(let number), .subject(let subject)):
      if let constant = number.integer, let scaled = subject.scaled(operation, by: constant) {
        return .subject(scaled)
      }
    case _: break
    }
    throw .unmodelled("arithmetic", range)
  }

  private static func fold(_ operation: EQLArithmetic, _ left: Number, _ right: Number) -> Number? {
    if operation == .subtract, left == Number(0) {
      return Number(right.text.hasPrefix("-") ? String(right.text.dropFirst()) : "-\(right.text)")
    }
    // Whole numbers are divided as such, and what is written with a point or an exponent is none.
    guard let left = Int(left.text), let right = Int(right.text) else { return nil }
    let (result, overflow): (Int, Bool)
    switch operation {
    case .add: (result, overflow) = left.addingReportingOverflow(right)
    case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
    case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
    case .divide: (result, overflow) = left.dividedReportingOverflow(by: right)
    case .modulo: (result, overflow) = left.remainderReportingOverflow(dividingBy: right)
    }
    return overflow ? nil : Number(result)
  }
}

extension EQLSubject {
  /// The subject with a constant added, subtracted or multiplied; small numbers only.
  fileprivate func scaled(_ operation: EQLArithmetic, _ constant: Int) -> EQLSubject? {
    guard subject != .spelling, slice == nil, abs(constant) <= 1_000_000_000, abs(shift) <= 1_000_000_000,
      abs(factor) <= 1_000
    else { return nil }
    var scaled = self
    switch operation {
    case .add: scaled.shift += constant
    case .subtract: scaled.shift -= constant
    case .multiply:
      guard constant != 0 else { return nil }
      scaled.factor *= constant
      scaled.shift *= constant
    case .divide, .modulo: return nil
    }
    return scaled
  }

  /// A constant with the subject added, subtracted from it, or multiplied by it.
  fileprivate func scaled(_ operation: EQLArithmetic, by constant: Int) -> EQLSubject? {
    switch operation {
    case .add, .multiply: scaled(operation, constant)
    case .subtract: scaled(.multiply, -1)?.scaled(.add, constant)
    case .divide, .modulo: nil
    }
  }
}

extension TextPattern {
  /// The texts in which a part stands in a place.
  fileprivate static func at(_ relation: FieldRelation, _ text: String) -> TextPattern {
    switch relation {
    case .startsWith: .prefix(text)
    case .endsWith: .suffix(text)
    case .contains: .contains(text)
    case .equals, .order: .exact(text)
    }
  }
}
