import RuleIR

/// Brings tests of a flattened list and tests of its elements together.
///
/// Where a predicate looks at the elements of a path, every other test of a path below it is one of some element too:
/// `containers.image = x` is `some containers { image = x }`.
enum ElementScopes {
  static func opening(_ predicate: Predicate) -> Predicate {
    let paths = elementPaths(predicate)
    return paths.isEmpty ? predicate : opening(predicate, paths)
  }

  private static func elementPaths(_ predicate: Predicate) -> Set<FieldPath> {
    switch predicate {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion(elementPaths($1)) }
    case .not(let inner): elementPaths(inner)
    case .some(let test), .every(let test): [test.path]
    case .presence, .field, .anyField, .rawTerm: []
    }
  }

  private static func opening(_ predicate: Predicate, _ paths: Set<FieldPath>) -> Predicate {
    switch predicate {
    case .all(let parts): return .all(parts.map { opening($0, paths) })
    case .any(let parts): return .any(parts.map { opening($0, paths) })
    case .not(let inner): return .not(opening(inner, paths))
    case .field(var test):
      guard test.subject != .count, !test.condition.comparesFields, let outer = outer(of: test.field, in: paths) else {
        return predicate
      }
      test.field = FieldPath(Array(test.field.steps.dropFirst(outer.steps.count)))
      return .some(ElementTest(outer, .field(test)))
    case .presence(var test):
      guard test.kind != .single, let outer = outer(of: test.field, in: paths) else { return predicate }
      let isItself = test.field == outer
      // A key is there even with an empty list behind it, which has no element.
      if isItself && test.kind == .key { return predicate }
      test.field = FieldPath(Array(test.field.steps.dropFirst(outer.steps.count)))
      return .some(ElementTest(outer, .presence(test)))
    case .some, .every, .anyField, .rawTerm: return predicate
    }
  }

  private static func outer(of path: FieldPath, in paths: Set<FieldPath>) -> FieldPath? {
    paths.filter { path.steps.starts(with: $0.steps) }.max { $0.steps.count < $1.steps.count }
  }
}

extension Condition {
  fileprivate var comparesFields: Bool {
    if case .field = self { true } else { false }
  }
}
