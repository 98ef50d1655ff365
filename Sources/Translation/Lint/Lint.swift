import Documents
import LanguageSupport
import Proof
import RuleIR
public import SourceText

extension Translator {
  /// What is wrong with a rule that could be read: what it says to no purpose, proved, and what it says of itself.
  public func lint(_ rule: LoadedRule) -> [Diagnostic] {
    guard let neutral = rule.neutral else { return [] }
    let prover = prover(forMapping: rule.mapping)
    let places = ValuePlaces(of: rule)
    var found: [Diagnostic] = []
    for predicate in neutral.body.predicates {
      found += DeadParts(predicate, title: rule.title, range: rule.range, prover: prover).diagnostics
      found += CoveredValues(predicate, prover: prover, places: places).diagnostics
    }
    if case .unmodelled(let rest) = neutral.body {
      found.append(
        Diagnostic(
          .unmodelledRule, "'\(rule.title)' is not modelled: \(rest.reason)", severity: .warning,
          at: rest.origin.range ?? rule.range))
    }
    return found + MetadataLint(rule, attack: .carried).diagnostics
  }

  /// Mistakes in the text of a rule file, whatever its rules mean.
  public func lint(_ file: SourceFile, form: String) -> [Diagnostic] {
    reader(named: form)?.lint(file) ?? []
  }
}
