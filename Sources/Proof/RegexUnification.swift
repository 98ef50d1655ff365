import RuleIR

/// Makes regular expressions that plainly cover the same texts one and the same, whatever language spells them.
///
/// What one language writes for another's expression mostly differs in spelling alone; to follow both beside each other
/// through all texts would cost the product of their states.
struct RegexUnification {
  private var known: [RegexTree: RegexPattern] = [:]
  private static let mostPieces = 10_000

  mutating func unify(_ predicate: Predicate) -> Predicate {
    switch predicate {
    case .all(let parts):
      var unified: [Predicate] = []
      for part in parts { unified.append(unify(part)) }
      return .all(unified)
    case .any(let parts):
      var unified: [Predicate] = []
      for part in parts { unified.append(unify(part)) }
      return .any(unified)
    case .not(let inner): return .not(unify(inner))
    case .some(var test):
      test.predicate = unify(test.predicate)
      return .some(test)
    case .every(var test):
      test.predicate = unify(test.predicate)
      return .every(test)
    case .field(var test):
      test.condition = unify(test.condition)
      return .field(test)
    case .anyField(var test):
      test.condition = unify(test.condition)
      return .anyField(test)
    case .presence, .rawTerm: return predicate
    }
  }

  private mutating func unify(_ condition: Condition) -> Condition {
    // Repetitions are written out in a tree: one that is large is no sooner walked than followed.
    guard case .regex(let pattern) = condition, let large = try? RegexParser.tree(of: pattern),
      large.size(upTo: Self.mostPieces) <= Self.mostPieces
    else { return condition }
    let tree = large.simplified
    if let first = known[tree] { return .regex(first) }
    known[tree] = pattern
    return condition
  }
}

extension RegexTree {
  /// The tree without groups that change nothing.
  fileprivate var simplified: RegexTree {
    switch self {
    case .set(let set): return .set(set.simplified)
    case .star(let inner): return .star(inner.simplified)
    case .sequence(let parts):
      let flat = parts.map(\.simplified).flatMap { part in
        if case .sequence(let inner) = part { inner } else { [part] }
      }
      return flat.count == 1 ? flat[0] : .sequence(flat)
    case .choice(let parts):
      let flat = parts.map(\.simplified).flatMap { part in
        if case .choice(let inner) = part { inner } else { [part] }
      }
      return flat.count == 1 ? flat[0] : .choice(flat)
    case .start, .end, .wordBoundary, .noWordBoundary: return self
    }
  }
}

extension CharacterSet {
  /// The set with its parts in one order, those of one scalar as such.
  fileprivate var simplified: CharacterSet {
    switch self {
    case .union(let sets):
      let flat = sets.map(\.simplified).flatMap { set in
        if case .union(let inner) = set { inner } else { [set] }
      }
      let ordered = flat.map { (key: String(describing: $0), set: $0) }.sorted { $0.key < $1.key }.map(\.set)
      return ordered.count == 1 ? ordered[0] : .union(ordered)
    case .complement(.complement(let set)): return set.simplified
    case .complement(let set): return .complement(set.simplified)
    case .folded(let set): return .folded(set.simplified)
    case .range(let range) where range.count == 1:
      return Unicode.Scalar(range.lowerBound).map(CharacterSet.scalar) ?? self
    case .any, .scalar, .range, .termScalars, .unicode, .foldedInto: return self
    }
  }
}
