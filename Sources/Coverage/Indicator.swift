public import RuleIR

/// One thing that rules look for: a field, how it is tested, and the value.
public struct Indicator: Hashable, Sendable {
  /// How the value is looked for.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case equals = "eq"
    case startsWith = "starts_with"
    case endsWith = "ends_with"
    case contains
    case wildcard
    /// Whole words of the text.
    case match
    case regex = "regex_match"
    case present = "is_not_null"
    case greater = "gt"
    case greaterOrEqual = "ge"
    case less = "lt"
    case lessOrEqual = "le"
    /// An address of a network.
    case network = "cidr"
    /// The value of another field.
    case field
  }

  public var field: FieldPath
  public var kind: Kind
  /// The value as a person reads it, free of a language's escapes; empty for `present`.
  public var value: String

  public init(_ field: FieldPath, _ kind: Kind, _ value: String) {
    self.field = field
    self.kind = kind
    self.value = value
  }
}

/// What a rule looks for, and what it leaves out.
public struct RuleIndicators: Hashable, Sendable {
  public private(set) var wanted: Set<Indicator> = []
  public private(set) var excluded: Set<Indicator> = []

  /// Every body is looked at through its conditions on events.
  public init(_ body: RuleBody) {
    for predicate in body.predicates { visit(predicate.normalised(), isNegated: false, at: nil) }
    // That a field is there is only told of a field of which nothing else is.
    wanted = Self.withoutRedundantPresence(wanted)
    excluded = Self.withoutRedundantPresence(excluded)
  }

  private static func withoutRedundantPresence(_ indicators: Set<Indicator>) -> Set<Indicator> {
    let tested = Set(indicators.filter { $0.kind != .present }.map(\.field))
    return indicators.filter { $0.kind != .present || !tested.contains($0.field) }
  }

  private mutating func visit(_ predicate: Predicate, isNegated: Bool, at base: FieldPath?) {
    switch predicate {
    case .all(let parts), .any(let parts):
      for part in parts { visit(part, isNegated: isNegated, at: base) }
    case .not(let inner): visit(inner, isNegated: !isNegated, at: base)
    case .presence(let test):
      if test.kind != .single { add(Indicator(path(test.field, base), .present, ""), isNegated) }
    case .field(let test):
      guard test.subject == .value || test.subject == .spelling else { return }
      let field = path(test.field, base)
      for (kind, value) in test.condition.indicators {
        add(Indicator(field, kind, value), isNegated != (test.polarity == .someValueFails))
      }
    case .some(let test), .every(let test):
      visit(test.predicate, isNegated: isNegated, at: path(test.path, base).appending(FieldPath([.each])))
    case .anyField, .rawTerm: break
    }
  }

  private func path(_ field: FieldPath, _ base: FieldPath?) -> FieldPath { base?.appending(field) ?? field }

  private mutating func add(_ indicator: Indicator, _ isNegated: Bool) {
    if isNegated { excluded.insert(indicator) } else { wanted.insert(indicator) }
  }
}

extension Condition {
  /// Each way to meet the condition, a row each.
  fileprivate var indicators: [(Indicator.Kind, String)] {
    switch self {
    case .equals(let literal): return [(.equals, literal.shown)]
    case .oneOf(let literals): return literals.map { (.equals, $0.shown) }
    case .matches(let pattern, let textCase): return [pattern.indicator(textCase)]
    case .regex(let regex): return [(.regex, regex.text)]
    case .order(let order, let literal): return [(order.kind, literal.shown)]
    case .network(let network): return [(.network, network.description)]
    case .term(let term): return [(.match, term.textCase.key(term.text))]
    case .encoded(let encoded): return [(.contains, encoded.text.description)]
    case .field(.equals, let other, _): return [(.field, other.description)]
    case .field: return []
    }
  }
}

extension Literal {
  /// The text as it is compared, so that rules that ignore case meet each other.
  fileprivate var shown: String {
    switch self {
    case .text(let text, let textCase), .untyped(let text, let textCase): textCase.key(text)
    case .number, .boolean: spelling
    }
  }
}

extension TextPattern {
  fileprivate func indicator(_ textCase: TextCase) -> (Indicator.Kind, String) {
    switch shape {
    case .exact(let text): (.equals, textCase.key(text))
    case .prefix(let text): (.startsWith, textCase.key(text))
    case .suffix(let text): (.endsWith, textCase.key(text))
    case .contains(let text): (.contains, textCase.key(text))
    case .anything: (.present, "")
    case .glob: (.wildcard, textCase.key(description))
    }
  }
}

extension Order {
  fileprivate var kind: Indicator.Kind {
    switch self {
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }
}
