import RuleIR

/// What can be told of a predicate at a glance, so that the prover is asked only where that does not decide.
struct PredicateFacts: Sendable {
  /// Every field that is tested, whole paths of elements with them.
  let fields: Set<FieldPath>
  /// The texts, in simple folding, of which a field must have one where the predicate is to be true.
  ///
  /// Of a field that is not here nothing is known.
  let necessary: [FieldPath: Set<String>]
  /// Whether it looks at values wherever they are.
  let looksEverywhere: Bool

  init(_ predicate: Predicate) {
    fields = predicate.fields
    necessary = predicate.necessaryTexts
    looksEverywhere = predicate.looksEverywhere
  }

  /// Whether no event can be both: a field with one value only must have it of two sets that share none.
  func excludes(_ other: PredicateFacts, where isSingle: (FieldPath) -> Bool) -> Bool {
    necessary.contains { field, texts in
      guard let others = other.necessary[field], isSingle(field) else { return false }
      return texts.isDisjoint(with: others)
    }
  }

  /// Whether the two are about different parts of an event, so that what one finds is nothing to the other.
  func isApart(from other: PredicateFacts) -> Bool {
    guard !looksEverywhere, !other.looksEverywhere else { return false }
    return !fields.contains { one in other.fields.contains { $0.overlaps(one) } }
  }
}

extension FieldPath {
  /// Whether one path leads through the other; keys with dots are the same as several.
  fileprivate func overlaps(_ other: FieldPath) -> Bool {
    let (one, two) = (parts, other.parts)
    return one.starts(with: two) || two.starts(with: one)
  }

  private var parts: [Substring] { dotted.split { $0 == "." || $0 == "[" } }
}

extension Predicate {
  fileprivate var looksEverywhere: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains(where: \.looksEverywhere)
    case .not(let inner): inner.looksEverywhere
    case .presence(let test): test.field.hasPattern
    case .field(let test): test.field.hasPattern
    case .some, .every, .anyField, .rawTerm: true
    }
  }

  fileprivate var necessaryTexts: [FieldPath: Set<String>] {
    switch self {
    case .all(let parts):
      return parts.map(\.necessaryTexts).reduce(into: [:]) { $0.merge($1) { $0.intersection($1) } }
    case .any(let parts):
      guard let first = parts.first?.necessaryTexts else { return [:] }
      return parts.dropFirst().reduce(first) { shared, part in
        let texts = part.necessaryTexts
        return shared.reduce(into: [:]) { result, entry in
          if let others = texts[entry.key] { result[entry.key] = entry.value.union(others) }
        }
      }
    case .field(let test):
      guard test.subject == .value, test.polarity == .someValuePasses, let texts = test.condition.texts else {
        return [:]
      }
      return [test.field: Set(texts.map(\.simplyFolded))]
    case .not, .presence, .some, .every, .anyField, .rawTerm: return [:]
    }
  }
}

extension FieldPath {
  fileprivate var hasPattern: Bool {
    steps.contains { step in
      if case .keyPattern = step { true } else { false }
    }
  }
}

extension Condition {
  /// The texts that pass, where they are few and no others do.
  fileprivate var texts: [String]? {
    switch self {
    case .equals(.text(let text, _)): [text]
    case .oneOf(let literals):
      literals.reduce([] as [String]?) { texts, literal in
        guard case .text(let text, _) = literal else { return nil }
        return texts.map { $0 + [text] }
      }
    case .matches(let pattern, _): if case .exact(let text) = pattern.shape { [text] } else { nil }
    case .equals, .regex, .order, .network, .term, .encoded, .field: nil
    }
  }
}
