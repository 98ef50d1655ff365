import RuleIR
import SourceText

extension KustoLowering {
  /// `matches regex`, which looks for a match anywhere and is asked of `""` where the field is missing.
  mutating func regex(_ subject: KustoSubject, _ text: String) throws(KustoGap) -> Predicate {
    guard subject.reading == .plain || subject.reading == .text else {
      throw gap("a regular expression on a changed text", subject)
    }
    if subject.reading == .text, let (pattern, textCase) = KustoListRegex.read(text) {
      return field(subject, .matches(pattern, textCase))
    }
    let meaning: KustoRegex.Meaning
    do {
      meaning = try KustoRegex.read(text)
    } catch {
      throw gap("a regular expression: \(error.reason)", subject)
    }
    switch meaning {
    case .pattern(let pattern, let textCase):
      let certain = pattern.literals.contains { !$0.isPartOfSpelledScalar }
      let test = field(subject, .matches(pattern, textCase), subject.isSpelled && !certain ? .spelling : .value)
      return pattern.matchesEmpty ? orAbsent(test, subject) : test
    case .regex(let regex, let matchesEmpty):
      let test = field(subject, .regex(regex), subject.isSpelled ? .spelling : .value)
      return matchesEmpty ? orAbsent(test, subject) : test
    }
  }
}

extension TextPattern {
  var matchesEmpty: Bool { parts.allSatisfy { $0 == .anyRun } }
}
