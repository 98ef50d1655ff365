package import Matcher
package import RuleIR

/// Rules made ready to be run together.
package final class RuleSet: Sendable {
  package let rules: [Rule]
  package let program: MatchProgram
  /// Rules that cannot be run, by number, with the reason.
  package let refusals: [Int: EvaluationFailure]
  /// For each predicate of the program the rule that asks it, and which of the rule's own it is.
  private let owners: [(rule: Int, part: Int)]

  /// - Parameters:
  ///   - shown: The keys of fields that are shown of a hit.
  ///   - interprets: Whether the tree interpreter is asked about everything.
  package init(_ rules: [Rule], showing shown: [[String]] = [], interprets: Bool = false) {
    self.rules = rules
    var refusals: [Int: EvaluationFailure] = [:]
    var predicates: [Predicate] = []
    var owners: [(rule: Int, part: Int)] = []
    for (number, rule) in rules.enumerated() {
      if let refusal = rule.body.refusal {
        refusals[number] = refusal
        continue
      }
      for (part, predicate) in rule.body.askedPredicates.enumerated() {
        predicates.append(predicate)
        owners.append((number, part))
      }
    }
    program = MatchProgram(predicates, showing: shown, interprets: interprets)
    for (predicate, refusal) in program.refusals { refusals[owners[predicate].rule] = refusal }
    self.refusals = refusals
    self.owners = owners
  }

  /// What a rule makes of one event, before what it remembers of others.
  package enum Finding: Sendable {
    case fires
    /// It fires if its state says so.
    case observes(Observation)
    case fails(EvaluationFailure)
  }

  /// What answers about an event's predicates come to, rule by rule in their order.
  package func findings(
    _ answers: [MatchSession.Answer], _ event: () -> EventValue
  ) -> [(rule: Int, finding: Finding)] {
    var findings: [(rule: Int, finding: Finding)] = []
    var at = 0
    while at < answers.count {
      let rule = owners[answers[at].predicate].rule
      var met: [Int] = []
      var failure: EvaluationFailure?
      while at < answers.count, owners[answers[at].predicate].rule == rule {
        failure = failure ?? answers[at].failure
        met.append(owners[answers[at].predicate].part)
        at += 1
      }
      if refusals[rule] != nil { continue }
      if let failure {
        findings.append((rule, .fails(failure)))
      } else if rules[rule].body.isStateful {
        let event = event()
        let observation = rules[rule].body.observation(of: event, at: EventTime(of: event), met: met)
        findings.append((rule, .observes(observation)))
      } else {
        findings.append((rule, .fires))
      }
    }
    return findings
  }
}
