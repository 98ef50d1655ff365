import RuleIR

extension ThreeValued {
  /// The opposite; a double negation falls away.
  var negated: ThreeValued {
    if case .not(let inner) = self { inner } else { .not(self) }
  }

  /// The first where the predicate holds, else the second.
  static func choice(_ condition: Predicate, _ first: ThreeValued, _ second: ThreeValued) -> ThreeValued {
    .or([.and([.total(condition), first]), .and([.total(.negation(of: condition)), second])])
  }

  /// Whether it is never unknown, as far as its form shows.
  var isTotal: Bool {
    switch self {
    case .and(let parts), .or(let parts): parts.allSatisfy(\.isTotal)
    case .not(let inner): inner.isTotal
    case .test(_, let defined): defined == .always
    case .unknown: false
    }
  }

  var size: Int {
    switch self {
    case .and(let parts), .or(let parts): parts.reduce(1) { $0 + $1.size }
    case .not(let inner): 1 + inner.size
    case .test(let predicate, let defined): predicate.size + defined.size
    case .unknown: 1
    }
  }

  var depth: Int {
    switch self {
    case .and(let parts), .or(let parts): 1 + (parts.map(\.depth).max() ?? 0)
    case .not(let inner): 1 + inner.depth
    case .test(let predicate, let defined): 1 + max(predicate.depth, defined.depth)
    case .unknown: 1
    }
  }
}

extension Predicate {
  var depth: Int {
    switch self {
    case .all(let parts), .any(let parts): 1 + (parts.map(\.depth).max() ?? 0)
    case .not(let inner): 1 + inner.depth
    case .some(let test), .every(let test): 1 + test.predicate.depth
    case .presence, .field, .anyField, .rawTerm: 1
    }
  }

  /// How many tests and connectives it has.
  var size: Int {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(1) { $0 + $1.size }
    case .not(let inner): 1 + inner.size
    case .some(let test), .every(let test): 1 + test.predicate.size
    case .presence, .field, .anyField, .rawTerm: 1
    }
  }
}

extension ESQLValue {
  var depth: Int {
    switch self {
    case .truth(let truth): truth.depth
    case .choice(let condition, let first, let second): 2 + max(condition.depth, first.depth, second.depth)
    case .null, .text, .number, .boolean, .span, .now, .column, .list, .derived: 1
    }
  }
}
