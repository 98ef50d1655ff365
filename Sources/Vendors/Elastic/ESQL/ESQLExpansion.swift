import RuleIR

/// Columns after `MV_EXPAND`: each of several values makes a row of its own.
///
/// Until the whole condition is known, a test of the one value of a row goes by a marked path; then it is said of
/// the event that some value passes all of them.
enum ESQLExpansion {
  private static let mark = "\u{0}row"

  /// The path that stands for the one value of a row.
  static func row(of path: FieldPath) -> FieldPath { FieldPath([.key(mark)] + path.steps) }

  /// The column behind such a path; nil for any other.
  static func column(behind path: FieldPath) -> FieldPath? {
    guard case .key(let key)? = path.steps.first, isSameText(key, mark) else { return nil }
    return FieldPath(Array(path.steps.dropFirst()))
  }

  /// The condition on the event: some row of it passes.
  ///
  /// - Returns: nil where a condition binds a row's value with others so that this cannot be said.
  static func someRow(of column: FieldPath, passes predicate: Predicate) -> Predicate? {
    var quantifier = RowQuantifier(column: column)
    return quantifier.quantified(predicate.pushingNegation())
  }
}

extension Predicate {
  /// The tested paths, those compared with among them.
  var paths: [FieldPath] {
    switch self {
    case .all(let parts), .any(let parts): return parts.flatMap(\.paths)
    case .not(let inner): return inner.paths
    case .presence(let test): return [test.field]
    case .field(let test):
      if case .field(_, let other, _) = test.condition { return [test.field, other] }
      return [test.field]
    case .some(let test), .every(let test): return [test.path]
    case .anyField, .rawTerm: return []
    }
  }

  /// Whether it asks something of a row's own value.
  var isAboutRows: Bool { paths.contains { ESQLExpansion.column(behind: $0) != nil } }
}

/// Takes a condition on one row to one on the event.
private struct RowQuantifier {
  let column: FieldPath
  var budget = 4_096

  init(column: FieldPath) { self.column = column }

  private func isBound(_ predicate: Predicate) -> Bool {
    predicate.paths.contains { ESQLExpansion.column(behind: $0) == column }
  }

  private func isPure(_ predicate: Predicate) -> Bool {
    predicate.paths.allSatisfy { ESQLExpansion.column(behind: $0) == column }
  }

  mutating func quantified(_ predicate: Predicate) -> Predicate? {
    guard isBound(predicate) else { return predicate }
    budget -= 1
    guard budget > 0 else { return nil }
    switch predicate {
    case .any(let parts):
      var some: [Predicate] = []
      for part in parts {
        guard let part = quantified(part) else { return nil }
        some.append(part)
      }
      return .disjunction(some)
    case .all(let parts): return conjunction(parts)
    case .not, .presence, .field, .some, .every, .anyField, .rawTerm:
      return isPure(predicate) ? exists([predicate]) : nil
    }
  }

  private mutating func conjunction(_ parts: [Predicate]) -> Predicate? {
    let free = parts.filter { !isBound($0) }
    let bound = parts.filter(isBound)
    if bound.count == 1, let part = quantified(bound[0]) { return .conjunction(free + [part]) }
    guard let mixed = bound.firstIndex(where: { !isPure($0) }) else {
      return .conjunction(free + [exists(bound)])
    }
    // A part that binds the value with others is taken case by case.
    guard case .any(let cases) = bound[mixed] else { return nil }
    let others = bound.enumerated().filter { $0.offset != mixed }.map(\.element)
    var some: [Predicate] = []
    for part in cases {
      guard let part = quantified(.conjunction([part] + others)) else { return nil }
      some.append(part)
    }
    return .conjunction(free + [.disjunction(some)])
  }

  /// Some value passes all parts; where there is none, the row's value is null.
  private func exists(_ parts: [Predicate]) -> Predicate {
    let tests = parts.map { onValue($0) }.filter { $0 != .always }
    let whole = Predicate.conjunction(tests)
    let some: Predicate
    switch whole {
    case .always: some = .presence(PresenceTest(.value, column))
    case .never: some = .never
    case .field(var test):
      test.field = column
      some = .field(test)
    case .all, .any, .not, .presence, .some, .every, .anyField, .rawTerm:
      some = .some(ElementTest(column, whole, origin: whole.rowOrigin))
    }
    guard Predicate.conjunction(parts.map(onNull)) == .always else { return some }
    return .disjunction([some, .negation(of: .presence(PresenceTest(.value, column)))])
  }

  /// The test of a value that is there.
  private func onValue(_ predicate: Predicate) -> Predicate {
    switch predicate {
    case .all(let parts): return .conjunction(parts.map(onValue))
    case .any(let parts): return .disjunction(parts.map(onValue))
    case .not(let inner): return .negation(of: onValue(inner))
    case .presence: return .always
    case .field(var test):
      test.field = .element
      return .field(test)
    case .some, .every, .anyField, .rawTerm: return predicate
    }
  }

  /// The test of a value that is null.
  private func onNull(_ predicate: Predicate) -> Predicate {
    switch predicate {
    case .all(let parts): .conjunction(parts.map(onNull))
    case .any(let parts): .disjunction(parts.map(onNull))
    case .not(let inner): .negation(of: onNull(inner))
    case .presence, .field, .some, .every, .anyField, .rawTerm: .never
    }
  }
}

extension Predicate {
  fileprivate var rowOrigin: Origin {
    switch self {
    case .all(let parts), .any(let parts): parts.first?.rowOrigin ?? Origin()
    case .not(let inner): inner.rowOrigin
    case .presence(let test): test.origin
    case .field(let test): test.origin
    case .some(let test), .every(let test): test.origin
    case .anyField(let test): test.origin
    case .rawTerm(let test): test.origin
    }
  }
}
