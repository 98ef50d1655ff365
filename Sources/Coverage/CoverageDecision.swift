public import Proof
public import RuleIR

/// Decides how firmly a rule covers an operation, from what both mean.
public struct CoverageDecision: Sendable {
  public var prover: Prover

  public init(prover: Prover) { self.prover = prover }

  /// The answer for a rule in event fields; a body with windows is judged by its predicates.
  public func firmness(of body: RuleBody, over operation: Operation, in set: OperationSet) -> Firmness {
    if case .unmodelled(let rest) = body { return firmness(of: rest, over: operation) }
    let predicate = Predicate.disjunction(body.predicates)
    let isAbout = !predicate.fields.isDisjoint(with: set.subject)
    switch prover.satisfy(.all([operation.predicate, predicate])) {
    case .impossible: return .never
    case .undecided(let reason): return .unknown(reason)
    case .witness: break
    }
    guard isAbout else { return .incidentally }
    switch prover.implies(operation.predicate, predicate) {
    case .impossible: return .always
    case .witness: return .sometimes
    case .undecided(let reason): return .unknown(reason)
    }
  }

  /// Whether every event of one predicate is proved to be one of another.
  func implies(_ one: Predicate, _ other: Predicate) -> Bool { prover.implies(one, other) == .impossible }

  /// A rule that is not modelled cannot fire where what was understood of it is not met; more is not known.
  private func firmness(of rest: Unmodelled, over operation: Operation) -> Firmness {
    if let understood = rest.understood,
      prover.satisfy(.all([operation.predicate, understood])) == .impossible
    {
      return .never
    }
    return .unknown("the rule is not modelled: \(rest.reason)")
  }
}

extension Predicate {
  /// Every field that the predicate tests.
  public var fields: Set<FieldPath> {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.fields) }
    case .not(let inner): inner.fields
    case .presence(let test): [test.field]
    case .field(let test):
      if case .field(_, let other, _) = test.condition { [test.field, other] } else { [test.field] }
    case .some(let test), .every(let test): [test.path]
    case .anyField, .rawTerm: []
    }
  }
}
