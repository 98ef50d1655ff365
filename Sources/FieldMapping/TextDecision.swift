import RuleIR

extension Condition {
  /// Whether a text that is known beforehand passes; nil where that cannot be said here.
  func holds(for text: String) -> Bool? {
    switch self {
    case .equals(let literal): return literal.holds(for: text)
    case .oneOf(let literals): return literals.contains { $0.holds(for: text) }
    case .matches(let pattern, let textCase): return pattern.covers(text, textCase)
    case .order(let order, .text(let bound, let textCase)), .order(let order, .untyped(let bound, let textCase)):
      return order.holds(textCase.key(text), textCase.key(bound))
    case .order: return false
    case .network(let network): return network.contains(text)
    case .term(let match): return text.isEmpty ? match.text.isEmpty : nil
    case .encoded(let encoded): return text.isEmpty ? encoded.text.literals.isEmpty : nil
    case .regex(let pattern): return text.isEmpty && pattern.needsText ? false : nil
    case .field: return nil
    }
  }
}

extension Literal {
  fileprivate func holds(for text: String) -> Bool {
    switch self {
    case .text(let own, let textCase), .untyped(let own, let textCase):
      isSameText(textCase.key(own), textCase.key(text))
    case .number(let number, .coercing): Number(text) == number
    case .number(_, .strict), .boolean: false
    }
  }
}

extension Order {
  /// Whether a text, compared by Unicode scalars, stands in this order to another.
  fileprivate func holds(_ text: String, _ bound: String) -> Bool {
    switch self {
    case .less: comesBefore(text, bound)
    case .lessOrEqual: !comesBefore(bound, text)
    case .greater: comesBefore(bound, text)
    case .greaterOrEqual: !comesBefore(text, bound)
    }
  }
}

extension TextPattern {
  /// Whether the pattern matches a whole text.
  func covers(_ text: String, _ textCase: TextCase) -> Bool {
    let scalars = Array(textCase.key(text).unicodeScalars)
    var reached: Set<Int> = [0]
    for part in parts {
      switch part {
      case .literal(let literal):
        let wanted = Array(textCase.key(literal).unicodeScalars)
        reached = Set(reached.filter { scalars[$0...].starts(with: wanted) }.map { $0 + wanted.count })
      case .anyScalar: reached = Set(reached.filter { $0 < scalars.count }.map { $0 + 1 })
      case .anyRun: reached = reached.min().map { Set($0...scalars.count) } ?? []
      }
    }
    return reached.contains(scalars.count)
  }
}

extension RegexPattern {
  /// Whether the pattern surely does not match the empty text: outside all brackets each alternative has a plain
  /// character that must be there.
  var needsText: Bool {
    var depth = 0
    var isInClass = false
    var hasCharacter = false
    let scalars = Array(text.unicodeScalars)
    var at = 0
    while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      switch scalar {
      case "\\":
        at += 1
        // A letter behind a backslash may stand for a place between characters.
        let isPlain = at <= scalars.count && !scalars[at - 1].properties.isAlphabetic
        if depth == 0, !isInClass, isPlain, !Self.isOptional(scalars, from: at) { hasCharacter = true }
      case "[" where !isInClass:
        isInClass = true
        if at < scalars.count, scalars[at] == "^" { at += 1 }
        if at < scalars.count, scalars[at] == "]" { at += 1 }
      case "]" where isInClass:
        isInClass = false
        if depth == 0, !Self.isOptional(scalars, from: at) { hasCharacter = true }
      case _ where isInClass: break
      case "(": depth += 1
      case ")": depth -= 1
      case "|" where depth == 0:
        if !hasCharacter { return false }
        hasCharacter = false
      case "{": while at < scalars.count, scalars[at - 1] != "}" { at += 1 }
      case "*", "+", "?", "}", "^", "$", "|", "\"", "~", "&", "@", "#", "<", ">": break
      case _: if depth == 0, !Self.isOptional(scalars, from: at) { hasCharacter = true }
      }
    }
    return hasCharacter && depth == 0 && !isInClass && !flavourHidesOperators
  }

  /// Lucene's complement, and comments of the other flavours, turn the meaning of what they hold around.
  private var flavourHidesOperators: Bool {
    flavour == .lucene ? text.contains("~") || text.contains("\"") || text.contains("{") : text.contains("(?")
  }

  private static func isOptional(_ scalars: [Unicode.Scalar], from at: Int) -> Bool {
    at < scalars.count && (scalars[at] == "*" || scalars[at] == "?" || scalars[at] == "{")
  }
}
