import RuleIR

/// Brings tests of a value's spelling and tests of the value together.
///
/// Where no number and no boolean can be spelled so, a test of the spelling is one of texts, and so one of the value:
/// a language that keeps all as text then asks the same as one that does not.
enum PlainSpellings {
  static func settling(_ predicate: Predicate) -> Predicate {
    switch predicate {
    case .all(let parts): return .all(parts.map(settling))
    case .any(let parts): return .any(parts.map(settling))
    case .not(let inner): return .not(settling(inner))
    case .some(var test):
      test.predicate = settling(test.predicate)
      return .some(test)
    case .every(var test):
      test.predicate = settling(test.predicate)
      return .every(test)
    case .field(var test):
      // What some value fails is another question of an object, which has no spelling.
      guard test.subject == .spelling, test.polarity == .someValuePasses, test.condition.passesTextsAlone else {
        return predicate
      }
      test.subject = .value
      return .field(test)
    case .presence, .anyField, .rawTerm: return predicate
    }
  }
}

extension Condition {
  /// Whether no spelling of a number or a boolean passes.
  fileprivate var passesTextsAlone: Bool {
    switch self {
    case .equals(let literal): literal.isPlainText
    case .oneOf(let literals): literals.allSatisfy(\.isPlainText)
    case .matches(let pattern, _): !pattern.mayCoverScalar
    case .term(let match): !TextPattern.contains(match.text).mayCoverScalar
    case .regex, .order, .network, .encoded, .field: false
    }
  }
}

extension Literal {
  fileprivate var isPlainText: Bool {
    switch self {
    case .text(let text, _), .untyped(let text, _): !TextPattern.contains(text).mayCoverScalar
    case .number, .boolean: false
    }
  }
}

extension TextPattern {
  /// Whether the spelling of a number or a boolean could be covered, as far as its literals tell.
  fileprivate var mayCoverScalar: Bool {
    let folded = literals.map(\.simplyFolded)
    let isNumeric = folded.allSatisfy { $0.utf8.allSatisfy { "0123456789.+-e".utf8.contains($0) } }
    return isNumeric || ["true", "false"].contains { word in folded.allSatisfy { word.contains($0) } }
  }
}
