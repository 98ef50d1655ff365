import Proof
import RuleIR
public import SourceText

extension Translator {
  /// What is wrong with a rule that could be read: that it can never fire, or always does; missing ids.
  public func lint(_ rule: LoadedRule) -> [Diagnostic] {
    guard let neutral = rule.neutral else { return [] }
    var found: [Diagnostic] = []
    let prover = prover(forMapping: rule.mapping)
    for predicate in neutral.body.predicates {
      if prover.satisfy(predicate) == .impossible {
        found.append(
          Diagnostic(
            .neverFires, "'\(rule.title)' can never fire", severity: .warning,
            at: predicate.firstOrigin.range ?? rule.range, label: "no event can satisfy this"))
      } else if prover.satisfy(.not(predicate)) == .impossible {
        found.append(
          Diagnostic(
            .alwaysFires, "'\(rule.title)' fires on every event", severity: .warning,
            at: predicate.firstOrigin.range ?? rule.range, label: "every event satisfies this"))
      }
    }
    if case .unmodelled(let rest) = neutral.body {
      found.append(
        Diagnostic(
          .unmodelledRule, "'\(rule.title)' is not modelled: \(rest.reason)", severity: .warning,
          at: rest.origin.range ?? rule.range))
    }
    return found
  }
}
