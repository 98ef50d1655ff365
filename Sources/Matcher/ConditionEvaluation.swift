import RuleIR

extension TreeMatcher {
  /// Whether one value passes a condition.
  ///
  /// - Parameter scope: The event or element whose other fields a comparison between fields looks at.
  func passes(_ condition: Condition, _ value: EventValue, in scope: EventValue) throws(EvaluationFailure) -> Bool {
    switch condition {
    case .equals(let literal): return literal.equals(value)
    case .oneOf(let literals): return literals.contains { $0.equals(value) }
    case .matches(let pattern, let textCase):
      guard case .string(let text) = value else { return false }
      return pattern.matches(text, textCase)
    case .regex(let pattern):
      guard case .string(let text) = value else { return false }
      guard let matches = try compiled(pattern).matches(text) else {
        throw EvaluationFailure(reason: CompiledRegex.limitReached, origin: Origin())
      }
      return matches
    case .order(let order, let literal): return literal.stands(order, to: value)
    case .network(let network):
      guard case .string(let text) = value else { return false }
      return network.contains(text)
    case .term(let match):
      guard case .string(let text) = value else { return false }
      return match.matches(text)
    case .encoded(let encoded):
      guard case .string(let text) = value else { return false }
      return encoded.matches(text)
    case .field(let relation, let path, let textCase):
      return scope.values(at: path).contains { relation.holds(value, $0, textCase) }
    }
  }
}

extension Literal {
  fileprivate func equals(_ value: EventValue) -> Bool {
    switch (self, value) {
    case (.text(let text, let textCase), .string(let found)), (.untyped(let text, let textCase), .string(let found)):
      return isSameText(textCase.key(text), textCase.key(found))
    case (.number(let number, _), .number(let found)): return number == found
    case (.number(let number, .coercing), .string(let found)): return Number(found) == number
    case (.boolean(let flag), .boolean(let found)): return flag == found
    case (.untyped(let text, _), .number(let found)): return Number(text) == found
    case (.untyped(let text, let textCase), .boolean(let found)):
      return isSameText(textCase.key(text), found ? "true" : "false")
    case (.text, _), (.untyped, _), (.number, _), (.boolean, _): return false
    }
  }

  /// Whether a value stands in an order to the literal: `value < literal`.
  fileprivate func stands(_ order: Order, to value: EventValue) -> Bool {
    switch (self, value) {
    case (.number(let number, _), .number(let found)): return order.holds(found, number)
    case (.number(let number, .coercing), .string(let found)):
      return Number(found).map { order.holds($0, number) } ?? false
    case (.text(let text, let textCase), .string(let found)):
      return order.holds(found: textCase.key(found), textCase.key(text))
    case (.untyped(let text, let textCase), .string(let found)):
      if let number = Number(text), let other = Number(found) { return order.holds(other, number) }
      return order.holds(found: textCase.key(found), textCase.key(text))
    case (.untyped(let text, _), .number(let found)):
      return Number(text).map { order.holds(found, $0) } ?? false
    case (.text, _), (.untyped, _), (.number, _), (.boolean, _): return false
    }
  }
}

extension Order {
  func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }

  /// Texts by their Unicode scalars.
  fileprivate func holds(found: String, _ text: String) -> Bool {
    switch self {
    case .less: comesBefore(found, text)
    case .lessOrEqual: !comesBefore(text, found)
    case .greater: comesBefore(text, found)
    case .greaterOrEqual: !comesBefore(found, text)
    }
  }
}

extension FieldRelation {
  fileprivate func holds(_ left: EventValue, _ right: EventValue, _ textCase: TextCase) -> Bool {
    switch (self, left, right) {
    case (.equals, .string(let left), .string(let right)): isSameText(textCase.key(left), textCase.key(right))
    case (.equals, .number(let left), .number(let right)): left == right
    case (.equals, .boolean(let left), .boolean(let right)): left == right
    case (.startsWith, .string(let left), .string(let right)): TextPattern.prefix(right).matches(left, textCase)
    case (.endsWith, .string(let left), .string(let right)): TextPattern.suffix(right).matches(left, textCase)
    case (.contains, .string(let left), .string(let right)): TextPattern.contains(right).matches(left, textCase)
    case (.order(let order), .number(let left), .number(let right)): order.holds(left, right)
    case (.order(let order), .string(let left), .string(let right)):
      order.holds(found: textCase.key(left), textCase.key(right))
    case (.equals, _, _), (.startsWith, _, _), (.endsWith, _, _), (.contains, _, _), (.order, _, _): false
    }
  }
}
