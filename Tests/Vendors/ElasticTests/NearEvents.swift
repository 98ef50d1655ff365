import RuleIR
import TestSupport

/// Events made of the texts that a predicate looks for, or of texts near them.
enum NearEvents {
  enum Shape { case absent, null, text, texts, number, flag }

  static func event(_ shapes: [Shape], _ pool: [String], using random: inout SeededRandom) -> EventValue {
    var event = EventObject()
    for field in RandomPredicate.fields {
      func text() -> EventValue { .string(variant(of: random.pick(pool), using: &random)) }
      let value: EventValue?
      switch random.pick(shapes) {
      case .absent: value = nil
      case .null: value = .null
      case .text: value = text()
      case .texts: value = .list((0..<Int.random(in: 0...3, using: &random)).map { _ in text() })
      case .number: value = .number(Number(Int.random(in: -3...1_000, using: &random)))
      case .flag: value = .boolean(random.once(in: 2))
      }
      if let value { event[field.dotted] = value }
    }
    return .object(event)
  }

  /// A text of the predicate, or one near it.
  private static func variant(of text: String, using random: inout SeededRandom) -> String {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: text.uppercased()
    case 1: text.lowercased()
    case 2: text + "x"
    case 3: "x" + text
    case 4: "kube " + text + "\n1"
    case _: text
    }
  }
}

extension Predicate {
  /// The texts that it looks for, and a few more.
  var textsLookedFor: [String] { found + ["", "v12", "list", "10.1.2.3", "c2VjcmV0"] }

  private var found: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.found)
    case .not(let inner): inner.found
    case .field(let test): test.condition.found
    case .some(let test), .every(let test): test.predicate.found
    case .presence, .anyField, .rawTerm: []
    }
  }
}

extension Condition {
  fileprivate var found: [String] {
    switch self {
    case .equals(let literal), .order(_, let literal): [literal.spelling]
    case .oneOf(let literals): literals.map(\.spelling)
    case .matches(let pattern, _):
      [pattern.literals.joined(), pattern.literals.joined(separator: "z")] + pattern.literals
    case .term(let match): [match.text, "a \(match.text)/b", match.text + "s"]
    case .encoded(let encoded): encoded.forms
    case .regex, .network, .field: []
    }
  }
}
