import Matcher
import Proof
public import RuleIR

/// Decides how firmly a rule covers an operation, from what both mean.
public struct CoverageDecision: Sendable {
  /// How many events are tried before the answer is `unknown`.
  public var limit: Int

  public init(limit: Int = 1 << 12) { self.limit = limit }

  /// The answer for a rule in event fields; a body with windows is judged by its predicates.
  public func firmness(of body: RuleBody, over operation: Operation, in set: OperationSet) -> Firmness {
    if case .unmodelled(let rest) = body { return .unknown("the rule is not modelled: \(rest.reason)") }
    let predicate = Predicate.disjunction(body.predicates)
    let answer = decide(predicate, operation.predicate)
    guard answer == .always || answer == .sometimes else { return answer }
    let subject = Set(set.subject)
    return predicate.fields.isDisjoint(with: subject) ? .incidentally : answer
  }

  private func decide(_ rule: Predicate, _ operation: Predicate) -> Firmness {
    let candidates = CandidateValues([operation, rule])
    if let test = candidates.unsampled.first { return .unknown("no values are known that decide '\(test)'") }
    guard candidates.combinations(upTo: limit) != nil else {
      return .unknown("the rule's tests make more than \(limit) combinations")
    }
    do throws(EvaluationFailure) {
      let isOperation = try TreeMatcher(operation)
      let fires = try TreeMatcher(rule)
      var (fired, silent) = (false, false)
      for event in candidates.events() where try isOperation.matches(event) {
        if try fires.matches(event) { fired = true } else { silent = true }
      }
      return fired ? (silent ? .sometimes : .always) : .never
    } catch {
      return .unknown(error.reason)
    }
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
