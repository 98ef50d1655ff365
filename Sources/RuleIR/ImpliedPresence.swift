extension Predicate {
  /// Whether the predicate can only hold where the path has a value.
  ///
  /// A test of the number of values holds without one, and a value that does not pass may be an empty object, which
  /// is none.
  private func implies(valueAt path: FieldPath) -> Bool {
    switch self {
    case .field(let test): test.field == path && test.polarity == .someValuePasses && test.subject != .count
    case .presence(let test): test.field == path && test.kind != .key
    case .all, .any, .not, .some, .every, .anyField, .rawTerm: false
    }
  }

  /// The parts of an `all` without each `hasValue` and `hasKey` that another part says as well.
  public static func withoutImpliedPresence(all parts: [Predicate]) -> [Predicate] {
    parts.enumerated().filter { index, part in
      guard case .presence(let test) = part, test.kind != .single else { return true }
      return !parts.enumerated().contains { $0 != index && $1 != part && $1.implies(valueAt: test.field) }
    }.map(\.element)
  }

  /// The parts of an `any` without each absence that the failure of another test covers.
  public static func withoutImpliedAbsence(any parts: [Predicate]) -> [Predicate] {
    let tests = parts.compactMap { part in
      if case .not(let inner) = part { inner } else { nil }
    }
    return parts.filter { part in
      guard case .not(.presence(let test)) = part, test.kind != .single else { return true }
      return !tests.contains { $0 != .presence(test) && $0.implies(valueAt: test.field) }
    }
  }

  /// Whether an `all` denies the presence that another of its parts needs, and so never holds.
  static func denyImpliedPresence(all parts: [Predicate]) -> Bool {
    parts.contains { part in
      guard case .not(.presence(let test)) = part, test.kind != .single else { return false }
      return parts.contains { $0.implies(valueAt: test.field) }
    }
  }

  /// Whether an `any` holds where a field is there and where a test that needs it fails, and so always.
  static func coverImpliedPresence(any parts: [Predicate]) -> Bool {
    parts.contains { part in
      guard case .presence(let test) = part, test.kind != .single else { return false }
      return parts.contains { other in
        if case .not(let inner) = other { inner.implies(valueAt: test.field) } else { false }
      }
    }
  }
}
