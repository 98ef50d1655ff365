import RuleIR

/// What one value must pass, or must not.
struct ValueDemand: Hashable {
  var condition: Condition
  var subject: FieldTest.Subject
  var wanted: Bool
  /// Which literals of the formula ask for it.
  var because: Set<Int>
}

/// The kinds that a value can be of.
enum ValueKind: CaseIterable, Hashable {
  case string, number, boolean, object
}

extension ValueDemand {
  /// Whether it is about a part of a date, or what functions make of a text.
  var isOfMadeValue: Bool {
    switch subject {
    case .datePart, .derived: true
    case .value, .spelling, .length, .count: false
    }
  }

  /// Whether a value meets the demand; nil where that cannot be told here.
  func isMet(by value: EventValue) -> Bool? {
    let subjectValue: EventValue? =
      switch subject {
      case .value: value
      case .spelling: value.spelling.map(EventValue.string)
      case .length: value.length
      case .count, .datePart, .derived: nil
      }
    switch subject {
    case .datePart, .derived: return nil
    case .value, .spelling, .length, .count: break
    }
    guard let subjectValue else { return !wanted }
    return condition.passes(subjectValue).map { $0 == wanted }
  }
}

extension EventValue {
  fileprivate var length: EventValue? {
    if case .string(let text) = self { .number(Number(text.unicodeScalars.count)) } else { nil }
  }
}

extension Condition {
  /// Whether a value passes; nil where that cannot be told here.
  func passes(_ value: EventValue) -> Bool? {
    switch (self, value) {
    case (.equals(let literal), _): return literal.equals(value)
    case (.oneOf(let literals), _): return literals.contains { $0.equals(value) }
    case (.order(let order, let literal), _): return literal.stands(order, to: value)
    case (.network(let network), .string(let text)): return network.contains(text)
    case (.matches, .string(let text)), (.regex, .string(let text)), (.term, .string(let text)),
      (.encoded, .string(let text)):
      return TextLanguage(self).accepts(TextSample(text))
    case (.field, _): return nil
    case (.network, _), (.matches, _), (.regex, _), (.term, _), (.encoded, _): return false
    }
  }
}

extension Literal {
  func equals(_ value: EventValue) -> Bool {
    switch (self, value) {
    case (.text(let own, let textCase), .string(let text)), (.untyped(let own, let textCase), .string(let text)):
      isSameText(textCase.key(own), textCase.key(text))
    case (.number(let own, _), .number(let number)): own == number
    case (.number(let own, .coercing), .string(let text)): Number(text) == own
    case (.boolean(let own), .boolean(let flag)): own == flag
    case (.untyped(let own, _), .number(let number)): Number(own) == number
    case (.untyped(let own, let textCase), .boolean(let flag)):
      isSameText(textCase.key(own), flag ? "true" : "false")
    case (.text, _), (.untyped, _), (.number, _), (.boolean, _): false
    }
  }

  fileprivate func stands(_ order: Order, to value: EventValue) -> Bool {
    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
      switch order {
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      }
    }
    switch (self, value) {
    case (.number(let own, _), .number(let number)): return holds(number, own)
    case (.number(let own, .coercing), .string(let text)): return Number(text).map { holds($0, own) } ?? false
    case (.untyped(let own, let textCase), .string(let text)):
      if let own = Number(own), let number = Number(text) { return holds(number, own) }
      return holds(ScalarOrdered(textCase.key(text)), ScalarOrdered(textCase.key(own)))
    case (.text(let own, let textCase), .string(let text)):
      return holds(ScalarOrdered(textCase.key(text)), ScalarOrdered(textCase.key(own)))
    case (.untyped(let own, _), .number(let number)): return Number(own).map { holds(number, $0) } ?? false
    case (.text, _), (.untyped, _), (.number, _), (.boolean, _): return false
    }
  }
}

/// A text ordered by its scalars.
private struct ScalarOrdered: Comparable {
  var text: String

  init(_ text: String) { self.text = text }

  static func < (lhs: ScalarOrdered, rhs: ScalarOrdered) -> Bool { comesBefore(lhs.text, rhs.text) }
  static func == (lhs: ScalarOrdered, rhs: ScalarOrdered) -> Bool { isSameText(lhs.text, rhs.text) }
}
