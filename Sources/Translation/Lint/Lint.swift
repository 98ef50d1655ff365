import Documents
import FieldMapping
import LanguageSupport
import Proof
import RuleIR
public import SourceText

extension Translator {
  /// What is wrong with a rule that could be read: what it says to no purpose, proved, and what it says of itself.
  public func lint(_ rule: LoadedRule) -> [Diagnostic] {
    guard let neutral = rule.neutral else { return [] }
    let prover = prover(forMapping: rule.mapping)
    // Without a mapping nothing says which fields hold lists; few do, and a selection that only a list could meet is
    // most often a mistake.
    var single = prover
    if rule.mapping == nil { single.shape.othersMayBeLists = false }
    let places = ValuePlaces(of: rule)
    var found: [Diagnostic] = []
    for predicate in neutral.body.predicates {
      let dead = DeadParts(predicate, title: rule.title, range: rule.range, prover: single).diagnostics
      found += rule.mapping == nil ? dead.map(\.assumingSingleValues) : dead
      found += CoveredValues(predicate, prover: prover, places: places).diagnostics
      if let mapping = rule.mapping.flatMap(mappings.mapping) {
        found += RareValues(predicate, prover: prover, mapping: mapping).diagnostics
      }
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

extension Diagnostic {
  /// The finding with what it rests on where no mapping is about the rule.
  fileprivate var assumingSingleValues: Diagnostic {
    var finding = self
    finding.notes.append("no mapping is about these events: each field is taken to hold one value")
    return finding
  }
}
