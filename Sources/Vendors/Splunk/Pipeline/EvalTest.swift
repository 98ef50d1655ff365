import RuleIR
import SourceText

/// A comparison of two known operands in `where`.
///
/// Two numbers, or texts that spell numbers, compare as numbers; all else compares as text, letter by letter. Of
/// several values any may do.
struct EvalTest {
  let comparison: EvalComparison
  let origin: Origin
  let place: SourceRange

  init(_ comparison: EvalComparison, _ origin: Origin, _ place: SourceRange) {
    self.comparison = comparison
    self.origin = origin
    self.place = place
  }

  func compare(_ left: Operand, _ right: Operand) throws(Obstacle) -> ThreeValued {
    if case .opaque(let obstacle) = left { throw obstacle }
    if case .opaque(let obstacle) = right { throw obstacle }
    switch (left, right) {
    case (.absent, _), (_, .absent): return .unknown
    case (.field(let path, let reading), .text(let text)): return try compare(path, reading, text: text)
    case (.field(let path, let reading), .number(let number)):
      return try compare(path, reading, text: number.text)
    case (.text, .field), (.number, .field):
      return try EvalTest(comparison.mirrored, origin, place).compare(right, left)
    case (.field(let first, let reading), .field(let second, let other)):
      return try compare(first, reading, second, other)
    case (.text(let first), .text(let second)): return constant(first, second)
    case (.text(let first), .number(let second)): return constant(first, second.text)
    case (.number(let first), .text(let second)): return constant(first.text, second)
    case (.number(let first), .number(let second)): return constant(first.text, second.text)
    case (.place(let found), .number(let number)): return try compare(found, number)
    case (.number, .place): return try EvalTest(comparison.mirrored, origin, place).compare(right, left)
    case (.present(_, let hidden), _), (_, .present(_, let hidden)):
      throw Obstacle(reason: hidden.reason, detail: hidden.detail, place: place)
    case (.place, _), (_, .place):
      throw Obstacle(reason: "comparison of a computed value", detail: "its value is computed", place: place)
    case (.opaque, _), (_, .opaque): return .unknown
    }
  }

  /// Places are counted from zero.
  private func compare(_ found: Predicate, _ number: Number) throws(Obstacle) -> ThreeValued {
    let isZero = number == Number(0)
    switch comparison {
    case .greaterOrEqual where isZero, .greater where number == Number(-1), .notEqual where number < Number(0):
      return .test(.always, defined: found)
    case .less where isZero, .equal where number < Number(0): return .test(.never, defined: found)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      throw Obstacle(reason: "comparison of a computed value", detail: "its value is computed", place: place)
    }
  }

  private func constant(_ left: String, _ right: String) -> ThreeValued {
    .total(Self.holds(comparison, left, right) ? .always : .never)
  }

  static func holds(_ comparison: EvalComparison, _ left: String, _ right: String) -> Bool {
    let numbers = Number(left).flatMap { first in Number(right).map { (first, $0) } }
    switch comparison {
    case .equal: return numbers.map { $0 == $1 } ?? (left == right)
    case .notEqual: return !(numbers.map { $0 == $1 } ?? (left == right))
    case .less: return Order.less.holds(left, right)
    case .lessOrEqual: return Order.lessOrEqual.holds(left, right)
    case .greater: return Order.greater.holds(left, right)
    case .greaterOrEqual: return Order.greaterOrEqual.holds(left, right)
    }
  }

  // MARK: A field against a constant

  private func compare(_ path: FieldPath, _ reading: Operand.Reading, text: String) throws(Obstacle) -> ThreeValued {
    let number = Number(text)
    switch reading {
    case .plain, .distinct: return test(path, .value, literal: literal(text, .sensitive), text)
    case .lower, .upper:
      let changed = reading == .lower ? text.lowercased() : text.uppercased()
      if comparison.order != nil, reading == .upper || changed != text {
        throw Obstacle(reason: "order of changed letters", detail: "the order depends on the case", place: place)
      }
      guard changed == text else { return impossible(path) }
      return test(path, .value, literal: literal(text, .insensitive), text)
    case .slice(let start, let count): return try compare(path, from: start, count, text)
    case .pieces:
      throw Obstacle(reason: "split()", detail: "the pieces are compared", place: place)
    case .piece(let separator, let index): return try compare(path, piece: index, of: separator, text)
    case .length, .count:
      guard let number else { return impossible(path) }
      return test(path, reading == .length ? .length : .count, literal: .number(number, .strict), text)
    case .number:
      guard let number else { return impossible(path) }
      let order = comparison.order
      guard let order else { return test(path, .value, literal: .number(number, .coercing), text) }
      let literal = Literal.number(number, .coercing)
      return .test(
        field(path, .value, .order(order, literal)),
        defined: .any([
          field(path, .value, .order(order, literal)), field(path, .value, .order(order.opposite, literal)),
        ]))
    case .distinctCount:
      guard number == Number(1), comparison == .equal || comparison == .notEqual else {
        throw Obstacle(reason: "mvdedup()", detail: "the number of different values", place: place)
      }
      let single = Predicate.presence(PresenceTest(.single, path, origin: origin))
      let hasValue = Predicate.presence(PresenceTest(.value, path, origin: origin))
      return .test(comparison == .equal ? single : .not(single), defined: hasValue)
    }
  }

  private func literal(_ text: String, _ textCase: TextCase) -> Literal {
    Number(text).map { .number($0, .coercing) } ?? .untyped(text, textCase)
  }

  private func test(
    _ path: FieldPath, _ subject: FieldTest.Subject, literal: Literal, _ text: String
  ) -> ThreeValued {
    let defined = Predicate.presence(PresenceTest(.value, path, origin: origin))
    switch comparison {
    case .equal: return .test(field(path, subject, .equals(literal)), defined: defined)
    case .notEqual:
      let differs = FieldTest(path, .equals(literal), subject: subject, polarity: .someValueFails, origin: origin)
      return .test(.field(differs), defined: defined)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let order = comparison.order else { return .unknown }
      guard subject == .value else { return .test(field(path, subject, .order(order, literal)), defined: defined) }
      // Numbers where both sides are, else texts, letter by letter.
      let textCase: TextCase = if case .untyped(_, let stamped) = literal { stamped } else { .sensitive }
      return .test(field(path, .spelling, .order(order, .untyped(text, textCase))), defined: defined)
    }
  }

  // MARK: A part of a text against a constant

  /// `substr(f, start, count)`, counted from one, or from the end where negative.
  private func compare(
    _ path: FieldPath, from start: Int, _ count: Int?, _ text: String
  ) throws(Obstacle) -> ThreeValued {
    let length = text.unicodeScalars.count
    // What is cut from a text that is shorter than a negative start is not documented.
    let isTail = start < 0 && length == -start && (count ?? length) >= length
    guard comparison == .equal || comparison == .notEqual, Number(text) == nil, length > 0, start > 0 || isTail else {
      throw Obstacle(reason: "substr()", detail: "a part of a text is compared", place: place)
    }
    if isTail { return matching(path, .matches(.suffix(text), .sensitive)) }
    guard length <= count ?? length else { return impossible(path) }
    var parts = [TextPattern.Part](repeating: .anyScalar, count: start - 1) + [.literal(text)]
    if length == count { parts.append(.anyRun) }
    return matching(path, .matches(TextPattern(parts), .sensitive))
  }

  /// `mvindex(split(f, separator), index)`, where the separator is one character.
  private func compare(
    _ path: FieldPath, piece index: Int, of separator: String, _ text: String
  ) throws(Obstacle) -> ThreeValued {
    guard comparison == .equal || comparison == .notEqual, Number(text) == nil else {
      throw Obstacle(reason: "mvindex() of split()", detail: "a piece of a text is compared", place: place)
    }
    let (mark, wanted) = (RegexText.escaped(separator), RegexText.escaped(text))
    func times(_ text: String, _ count: Int) -> String { count == 0 ? "" : "(?:\(text)){\(count)}" }
    let regex =
      index < 0
      ? "(?:\\A|\(mark))\(wanted)\(times("\(mark)[^\(mark)]*", -index - 1))\\z"
      : "\\A\(times("[^\(mark)]*\(mark)", index))\(wanted)(?:\(mark)|\\z)"
    let isThere = EvalLowering.isThere(path, .piece(separator: separator, index: index), origin)
    guard !text.contains(separator) else { return .test(comparison == .notEqual ? .always : .never, defined: isThere) }
    let test = matching(path, .regex(RegexPattern(regex, .pcre, anchoring: .search)))
    guard case .test(let predicate, _) = test else { return test }
    return .test(predicate, defined: isThere)
  }

  /// A test of a part of the text, which is there wherever the field is.
  private func matching(_ path: FieldPath, _ condition: Condition) -> ThreeValued {
    let polarity: FieldTest.Polarity = comparison == .notEqual ? .someValueFails : .someValuePasses
    let test = FieldTest(path, condition, subject: .spelling, polarity: polarity, origin: origin)
    return .test(.field(test), defined: .presence(PresenceTest(.value, path, origin: origin)))
  }

  /// No value of the field can be the constant: `lower(f)="A"`.
  private func impossible(_ path: FieldPath) -> ThreeValued {
    let hasValue = Predicate.presence(PresenceTest(.value, path, origin: origin))
    return .test(comparison == .notEqual ? .always : .never, defined: hasValue)
  }

  private func field(_ path: FieldPath, _ subject: FieldTest.Subject, _ condition: Condition) -> Predicate {
    .field(FieldTest(path, condition, subject: subject, origin: origin))
  }

  // MARK: A field against a field

  private func compare(
    _ first: FieldPath, _ reading: Operand.Reading, _ second: FieldPath, _ other: Operand.Reading
  ) throws(Obstacle) -> ThreeValued {
    let textCase: TextCase
    switch (reading, other) {
    case (.plain, .plain): textCase = .sensitive
    case (.lower, .lower), (.upper, .upper): textCase = .insensitive
    case (.plain, _), (.lower, _), (.upper, _), (.length, _), (.count, _), (.distinct, _), (.distinctCount, _),
      (.number, _), (.slice, _), (.pieces, _), (.piece, _):
      throw Obstacle(reason: "comparison of computed values", detail: "both sides are computed", place: place)
    }
    let relation = comparison.order.map(FieldRelation.order) ?? .equals
    let polarity: FieldTest.Polarity = comparison == .notEqual ? .someValueFails : .someValuePasses
    let test = FieldTest(first, .field(relation, second, textCase), polarity: polarity, origin: origin)
    let defined = [first, second].map { Predicate.presence(PresenceTest(.value, $0, origin: origin)) }
    return .test(.field(test), defined: .all(defined))
  }
}

extension EvalComparison {
  var order: Order? { Order(rawValue: rawValue) }
}

/// The patterns of `like`: `%` is any run, `_` one character; there is no escape.
enum LikePattern {
  static func pattern(_ text: String) -> TextPattern {
    var parts: [TextPattern.Part] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": parts.append(.anyRun)
      case "_": parts.append(.anyScalar)
      case _: parts.append(.literal(String(scalar)))
      }
    }
    return TextPattern(parts)
  }

  /// The condition on a field read in this way; nil where it cannot be said of the field itself.
  static func condition(_ text: String, _ reading: Operand.Reading) -> Condition? {
    let pattern = pattern(text)
    switch reading {
    case .plain: return .matches(pattern, .sensitive)
    case .lower:
      return pattern.literals.allSatisfy { $0 == $0.lowercased() } ? .matches(pattern, .insensitive) : .oneOf([])
    case .upper:
      return pattern.literals.allSatisfy { $0 == $0.uppercased() } ? .matches(pattern, .insensitive) : .oneOf([])
    case .length, .count, .distinct, .distinctCount, .number, .slice, .pieces, .piece: return nil
    }
  }
}

/// The regular expressions of `match`: PCRE, a match anywhere, letter by letter unless `(?i)` says otherwise.
enum RegexReading {
  /// The condition on a field read in this way; nil where it cannot be said of the field itself.
  static func condition(_ text: String, _ reading: Operand.Reading) -> Condition? {
    switch reading {
    case .plain: return .regex(RegexPattern(text, .pcre, anchoring: .search))
    case .lower, .upper:
      // Letters of the other case never match; classes and escapes that know case would need more care.
      let isLower = reading == .lower
      let letters = unescapedLetters(text)
      guard letters.allSatisfy({ isLower ? $0 == $0.lowercased() : $0 == $0.uppercased() }) else { return nil }
      return .regex(RegexPattern(text, .pcre, flags: .ignoreCase, anchoring: .search))
    case .length, .count, .distinct, .distinctCount, .number, .slice, .pieces, .piece: return nil
    }
  }

  private static func unescapedLetters(_ text: String) -> [String] {
    var letters: [String] = []
    var isEscape = false
    for character in text {
      if !isEscape, character != "\\" { letters.append(String(character)) }
      isEscape = !isEscape && character == "\\"
    }
    return letters
  }
}
