import RuleIR

/// When each combination of values was last seen.
struct NewTermsState: Sendable {
  private let terms: NewTerms
  private var lastSeen: [GroupKey: Int] = [:]

  init(_ terms: NewTerms) { self.terms = terms }

  /// Whether the event brings a combination that its history lacks.
  mutating func add(_ observation: Observation) -> Bool {
    let now = observation.time
    var isNew = false
    for key in observation.groups.first ?? [] {
      let last = lastSeen.updateValue(now, forKey: key)
      if last.map({ now - $0 > terms.history.seconds * 1_000_000 }) ?? true { isNew = true }
    }
    return isNew
  }
}
