/// A question in a language of three truth values, on its way to the two of `Predicate`.
///
/// Importers of ES|QL, SPL's `where` and Kusto build one and ask for `isTrue`; which tests are undefined on which
/// events is for the language to say, test by test.
public indirect enum ThreeValued: Hashable, Sendable {
  case and([ThreeValued])
  case or([ThreeValued])
  case not(ThreeValued)
  /// A test, and the predicate that says when it is defined.
  case test(Predicate, defined: Predicate)
  /// The unknown value itself.
  case unknown

  /// A test that is never unknown.
  public static func total(_ predicate: Predicate) -> ThreeValued { .test(predicate, defined: .always) }

  /// True exactly on the events on which the question is true.
  public var isTrue: Predicate {
    switch self {
    case .and(let parts): .conjunction(parts.map(\.isTrue))
    case .or(let parts): .disjunction(parts.map(\.isTrue))
    case .not(let inner): inner.isFalse
    case .test(let predicate, let defined): .conjunction([defined, predicate])
    case .unknown: .never
    }
  }

  /// True exactly on the events on which the question is false.
  public var isFalse: Predicate {
    switch self {
    case .and(let parts): .disjunction(parts.map(\.isFalse))
    case .or(let parts): .conjunction(parts.map(\.isFalse))
    case .not(let inner): inner.isTrue
    case .test(let predicate, let defined): .conjunction([defined, .negation(of: predicate)])
    case .unknown: .never
    }
  }

  /// True exactly on the events on which the question is not unknown.
  public var isDefined: Predicate { .disjunction([isTrue, isFalse]) }
}

extension Predicate {
  /// All of the parts, flattened; without a part, or with a single one, no `all` is left.
  public static func conjunction(_ parts: [Predicate]) -> Predicate {
    var flat: [Predicate] = []
    for part in parts {
      if case .all(let inner) = part { flat += inner } else { flat.append(part) }
    }
    if flat.contains(.never) { return .never }
    return flat.count == 1 ? flat[0] : .all(flat)
  }

  /// Some of the parts, flattened; with a single part no `any` is left.
  public static func disjunction(_ parts: [Predicate]) -> Predicate {
    var flat: [Predicate] = []
    for part in parts {
      if case .any(let inner) = part { flat += inner } else { flat.append(part) }
    }
    if flat.contains(.always) { return .always }
    return flat.count == 1 ? flat[0] : .any(flat)
  }

  /// The opposite; constants and double negations are resolved.
  public static func negation(of predicate: Predicate) -> Predicate {
    switch predicate {
    case .all(let parts) where parts.isEmpty: .never
    case .any(let parts) where parts.isEmpty: .always
    case .not(let inner): inner
    case .all, .any, .presence, .field, .some, .every, .anyField, .rawTerm: .not(predicate)
    }
  }
}
