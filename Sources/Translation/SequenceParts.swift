public import Coverage
import FieldMapping
import RuleIR

extension Translator {
  /// A rule as the matrix judges it; nil where nothing of it can be judged.
  ///
  /// Of a sequence over several sources the steps that look at the events of the mapping are judged: it fires on them
  /// only behind events that the mapping does not describe, so that it never fires always.
  public func entry(of rule: LoadedRule) -> CoverageMatrix.Entry? {
    if let neutral = rule.neutral { return CoverageMatrix.Entry(neutral, vendor: rule.vendor) }
    guard let source = rule.source, rule.mapping != nil, case .sequence(var sequence) = source.body else { return nil }
    sequence.steps = sequence.steps.compactMap { step in
      var part = source
      part.body = .predicate(step.predicate)
      let mapped = mappings.toEvent(part, from: rule.vendor, unmapped: .error, using: mapping(named: rule.mapping))
      guard case .predicate(let predicate)? = mapped.rule?.body else { return nil }
      return EventSequence.Step(predicate, joinedBy: [])
    }
    guard !sequence.steps.isEmpty else { return nil }
    sequence.until = nil
    var judged = source
    judged.body = .sequence(sequence)
    return CoverageMatrix.Entry(
      judged, vendor: rule.vendor,
      furtherCondition: "in a sequence with events that \(rule.mapping ?? "") does not describe")
  }
}
