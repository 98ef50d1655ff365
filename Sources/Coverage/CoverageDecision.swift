public import Proof
public import RuleIR

/// Decides how firmly a rule covers an operation, from what both mean.
public struct CoverageDecision: Sendable {
  public var prover: Prover

  public init(prover: Prover) { self.prover = prover }

  /// The answer for a rule in event fields; a body with windows is judged by its predicates.
  public func firmness(of body: RuleBody, over operation: Operation, in set: OperationSet) -> Firmness {
    var subject = Subject(body)
    return firmness(of: &subject, over: PreparedOperation(operation, self), subject: set.subject)
  }

  /// Does a piece of work for each number below a count, in whatever order, and gives the results in order.
  public typealias Distribution = (_ count: Int, _ work: @escaping @Sendable (Int) -> [Firmness]) -> [[Firmness]]

  /// The answers for many rules: `[o][e]` is how firmly rule e covers operation o.
  func firmness(of bodies: [RuleBody], over set: OperationSet, by distribute: Distribution) -> [[Firmness]] {
    let operations = set.operations.map { PreparedOperation($0, self) }
    let columns = distribute(bodies.count) { index in
      var subject = Subject(bodies[index])
      return operations.map { firmness(of: &subject, over: $0, subject: set.subject) }
    }
    return set.operations.indices.map { index in columns.map { $0[index] } }
  }

  /// An operation with what is told of it once.
  private struct PreparedOperation: Sendable {
    let predicate: Predicate
    let facts: PredicateFacts
    let canHappen: Bool

    init(_ operation: Operation, _ decision: CoverageDecision) {
      predicate = operation.predicate
      facts = PredicateFacts(predicate)
      canHappen = decision.prover.satisfy(predicate).isWitness
    }
  }

  /// A rule with what is told of it once.
  private struct Subject {
    /// What an event on which it fires must be; nil where nothing of it was understood.
    let predicate: Predicate
    let facts: PredicateFacts
    let unmodelled: String?
    /// Whether some event is one, once that was asked.
    var canFire: Prover.Answer?
    /// Whether it looks for some operations rather than for any, once that was asked.
    var restricts: Bool?

    init(_ body: RuleBody) {
      if case .unmodelled(let rest) = body {
        predicate = rest.understood ?? .always
        unmodelled = "the rule is not modelled: \(rest.reason)"
      } else {
        predicate = .disjunction(body.predicates)
        unmodelled = nil
      }
      facts = PredicateFacts(predicate)
    }
  }

  private func firmness(of rule: inout Subject, over operation: PreparedOperation, subject: [FieldPath]) -> Firmness {
    if rule.facts.excludes(operation.facts, where: isSingle) { return .never }
    switch common(&rule, operation) {
    case .impossible: return .never
    case .undecided(let reason): return .unknown(rule.unmodelled ?? reason)
    case .witness: break
    }
    // A rule that is not modelled cannot fire where what was understood of it is not met; more is not known.
    if let reason = rule.unmodelled { return .unknown(reason) }
    guard restricts(&rule, subject) else { return .incidentally }
    switch prover.implies(operation.predicate, rule.predicate) {
    case .impossible: return .always
    case .witness: return .sometimes
    case .undecided(let reason): return .unknown(reason)
    }
  }

  /// Whether some event is the operation and fires the rule.
  private func common(_ rule: inout Subject, _ operation: PreparedOperation) -> Prover.Answer {
    guard operation.canHappen, rule.facts.isApart(from: operation.facts) else {
      return prover.satisfy(.all([operation.predicate, rule.predicate]))
    }
    let answer = rule.canFire ?? prover.satisfy(rule.predicate)
    rule.canFire = answer
    return answer
  }

  /// Whether the rule looks for some operations rather than for any: it tests what an operation is, and does not fire
  /// on one that nothing is known of.
  private func restricts(_ rule: inout Subject, _ subject: [FieldPath]) -> Bool {
    guard !rule.facts.fields.isDisjoint(with: subject) else { return false }
    if let known = rule.restricts { return known }
    let unknown = subject.map { Predicate.field(FieldTest($0, .equals(.text("\u{E000}", .sensitive)))) }
    let restricts = !prover.satisfy(.all([rule.predicate] + unknown)).isWitness
    rule.restricts = restricts
    return restricts
  }

  private func isSingle(_ field: FieldPath) -> Bool { prover.shape.fields[field]?.isList == false }

  /// Whether every event of one predicate is proved to be one of another.
  func implies(_ one: Predicate, _ other: Predicate) -> Bool { prover.implies(one, other) == .impossible }
}

extension Prover.Answer {
  fileprivate var isWitness: Bool {
    if case .witness = self { true } else { false }
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
