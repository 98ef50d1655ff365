import RuleIR

/// What one search keeps from round to round: prepared patterns, paths solved before, and the work spent.
final class SearchMemory {
  let languages = TextLanguages()
  let effort: Effort

  /// What is asked of a path: by its literals, those on every scalar of the event included.
  struct Question: Hashable {
    var path: FieldPath
    var literals: [Int]
  }

  private var outcomes: [Question: PathFacts.Outcome] = [:]

  init(effort: Effort) { self.effort = effort }

  /// The outcome of a question, worked out once.
  func outcome(of question: Question, _ solve: () -> PathFacts.Outcome) -> PathFacts.Outcome {
    if let known = outcomes[question] { return known }
    let outcome = solve()
    outcomes[question] = outcome
    return outcome
  }
}
