import RuleIR

/// Counts nodes, as far as a limit.
///
/// Conditions are copied into the cases of `if` and the sides of XOR, so that a short text can grow without bound.
enum TreeSize {
  /// How many nodes the cases of one expression may have.
  static let expressionLimit = 20_000
  /// How many nodes a rule may have.
  static let ruleLimit = 200_000

  static func exceeds(_ limit: Int, _ predicates: [Predicate]) -> Bool {
    var left = limit
    for predicate in predicates where !count(predicate, &left) { return true }
    return false
  }

  static func exceeds(_ limit: Int, _ conditions: [ThreeValued]) -> Bool {
    var left = limit
    for condition in conditions where !count(condition, &left) { return true }
    return false
  }

  private static func count(_ predicate: Predicate, _ left: inout Int) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    switch predicate {
    case .all(let parts), .any(let parts):
      for part in parts where !count(part, &left) { return false }
    case .not(let part): return count(part, &left)
    case .some(let test), .every(let test): return count(test.predicate, &left)
    case .field(let test):
      if case .oneOf(let literals) = test.condition { left -= literals.count }
    case .presence, .anyField, .rawTerm: break
    }
    return left > 0
  }

  private static func count(_ condition: ThreeValued, _ left: inout Int) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    switch condition {
    case .and(let parts), .or(let parts):
      for part in parts where !count(part, &left) { return false }
    case .not(let part): return count(part, &left)
    case .test(let predicate, let defined): return count(predicate, &left) && count(defined, &left)
    case .unknown: break
    }
    return true
  }
}
