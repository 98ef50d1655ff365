public import RuleIR

/// Answers questions about predicates for all events at once.
public struct Prover: Sendable {
  /// What came of looking for an event on which a predicate is true.
  public enum Answer: Hashable, Sendable {
    /// There is none: proved.
    case impossible
    /// This is one; the matcher agreed.
    case witness(EventValue)
    /// Neither was found; the reason says what stopped the search.
    case undecided(String)
  }

  /// How much is tried before giving up.
  public struct Budget: Hashable, Sendable {
    /// Combined states of patterns for one value.
    public var states = 100_000
    public var conflicts = 100_000
    /// Choices of tests that are tried in turn.
    public var rounds = 20_000
    /// Small pieces of work of one search: a quarter of a second on a machine of 2020, and the same answer on any.
    public var steps = 4_000_000

    public init() {}
  }

  public var shape: EventShape
  public var budget: Budget
  /// A real event of the log source, by which events are completed before they are shown; nil where it is not known.
  public var example: EventValue?
  /// Whether a predicate is true of an event, by the matcher; nil where it has no verdict.
  let confirm: @Sendable (Predicate, EventValue) -> Bool?

  /// - Parameter confirm: The matcher. No witness is shown that it does not agree to.
  public init(
    shape: EventShape = EventShape(), budget: Budget = Budget(), example: EventValue? = nil,
    confirm: @escaping @Sendable (Predicate, EventValue) -> Bool?
  ) {
    self.shape = shape
    self.budget = budget
    self.example = example
    self.confirm = confirm
  }

  /// Looks for an event on which a predicate is true.
  public func satisfy(_ predicate: Predicate) -> Answer {
    var regexes = RegexUnification()
    let unified = regexes.unify(PlainSpellings.settling(predicate))
    let opened = ElementScopes.opening(unified.simplified())
    return search(opened, effort: Effort(limit: budget.steps)) { event in confirm(predicate, event) }
  }

  /// The search itself, for an event or for an element of one.
  func search(_ predicate: Predicate, effort: Effort, accept: (EventValue) -> Bool?) -> Answer {
    let formula = Formula(predicate)
    let memory = SearchMemory(effort: effort)
    var solver = SATSolver(effort: effort)
    formula.load(into: &solver)
    PatternLemmas(formula.tests, shape: shape).load(into: &solver)
    var reason: String?
    for _ in 0..<budget.rounds {
      switch solver.solve(budget: budget.conflicts) {
      case .exhausted:
        return .undecided(
          effort.isSpent ? effort.reason : "more than \(budget.conflicts) conflicts between its tests")
      case .unsatisfiable: return reason.map(Answer.undecided) ?? .impossible
      case .satisfiable: break
      }
      if effort.isSpent { return .undecided(reason ?? effort.reason) }
      let support = formula.support { solver.value(of: $0) }
      effort.spend(formula.nodes.count + 4 * support.count)
      var theory = EventTheory(formula, support, prover: self, memory: memory)
      let blocked: [SATSolver.Literal]
      switch theory.solve() {
      case .conflict(let core): blocked = core.sorted()
      case .undecided(let why):
        reason = reason ?? why
        blocked = support
      case .event(let event):
        switch accept(event) {
        case true: return .witness(event)
        case false: reason = reason ?? "tests whose fields lie one inside another"
        case nil: reason = reason ?? "a test that the matcher cannot run"
        }
        blocked = support
      }
      solver.add(blocked.map { $0 ^ 1 })
    }
    return .undecided(reason ?? "more than \(budget.rounds) ways to meet its tests")
  }
}

extension Prover {
  /// How the events of two predicates lie to each other.
  public enum Relation: Hashable, Sendable {
    case equivalent
    /// The first fires on fewer; the event fires the second alone.
    case narrower(EventValue)
    /// The first fires on more; the event fires the first alone.
    case broader(EventValue)
    /// Each has events of its own, and there are common ones where `both` is one.
    case overlapping(first: EventValue, second: EventValue, both: EventValue?)
    /// No event fires both.
    case disjoint(first: EventValue, second: EventValue)
    case undecided(String)
  }

  /// Compares two predicates.
  public func compare(_ first: Predicate, _ second: Predicate) -> Relation {
    if first.normalised() == second.normalised() { return .equivalent }
    let onlyFirst = satisfy(.all([first, .not(second)]))
    let onlySecond = satisfy(.all([second, .not(first)]))
    switch (onlyFirst, onlySecond) {
    case (.impossible, .impossible): return .equivalent
    case (.impossible, .witness(let event)): return .narrower(event)
    case (.witness(let event), .impossible): return .broader(event)
    case (.undecided(let reason), _), (_, .undecided(let reason)): return .undecided(reason)
    case (.witness(let one), .witness(let other)):
      switch satisfy(.all([first, second])) {
      case .impossible: return .disjoint(first: one, second: other)
      case .witness(let event): return .overlapping(first: one, second: other, both: event)
      case .undecided: return .overlapping(first: one, second: other, both: nil)
      }
    }
  }

  /// Whether every event of the first fires the second: true, false with an event, or undecided.
  public func implies(_ first: Predicate, _ second: Predicate) -> Answer {
    satisfy(.all([first, .not(second)]))
  }
}
