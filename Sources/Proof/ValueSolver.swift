import RuleIR

/// Finds a value that meets demands, or shows that there is none.
struct ValueSolver {
  enum Outcome {
    case found(EventValue)
    case none
    case undecided(String)
  }

  /// How many combined states of patterns are looked at for one value.
  let budget: Int

  /// A value of one of the kinds; texts are tried first, as they read best.
  func solve(_ demands: [ValueDemand], kinds: Set<ValueKind>) -> Outcome {
    var reason: String?
    for kind in ValueKind.allCases where kinds.contains(kind) {
      switch solve(demands, of: kind) {
      case .found(let value): return .found(value)
      case .none: break
      case .undecided(let why): reason = reason ?? why
      }
    }
    return reason.map(Outcome.undecided) ?? .none
  }

  private func solve(_ demands: [ValueDemand], of kind: ValueKind) -> Outcome {
    switch kind {
    case .object:
      return first(of: [.object(EventObject([.init(key: "x", value: "x")]))], meeting: demands, isComplete: true)
    case .boolean: return first(of: [.boolean(true), .boolean(false)], meeting: demands, isComplete: true)
    case .number:
      let isComplete = !demands.contains { $0.subject == .spelling && $0.wanted && !$0.condition.isEquality }
      return first(of: NumberCandidates.values(for: demands), meeting: demands, isComplete: isComplete)
    case .string: return text(demands)
    }
  }

  private func first(of candidates: [EventValue], meeting demands: [ValueDemand], isComplete: Bool) -> Outcome {
    var reason: String?
    candidates: for candidate in candidates {
      for demand in demands {
        switch demand.isMet(by: candidate) {
        case true: continue
        case false: continue candidates
        case nil:
          reason = demand.condition.kindName
          continue candidates
        }
      }
      return .found(candidate)
    }
    if let reason { return .undecided(reason) }
    return isComplete ? .none : .undecided("the spelling of a number")
  }

  /// A text: likely ones first, then a complete search over all the patterns at once.
  private func text(_ demands: [ValueDemand]) -> Outcome {
    let candidates = TextCandidates.values(for: demands)
    var rest: [ValueDemand] = []
    var trees: [(tree: RegexTree, wanted: Bool)] = []
    for demand in demands {
      guard demand.subject == .value || demand.subject == .spelling else {
        rest.append(demand)
        continue
      }
      do throws(RegexParser.Outside) {
        if let tree = try demand.condition.tree() {
          trees.append((tree, demand.wanted))
        } else {
          rest.append(demand)
        }
      } catch {
        return .undecided("a regular expression with \(error.reason)")
      }
    }
    if case .found(let value) = first(of: candidates.map(EventValue.string), meeting: demands, isComplete: false) {
      return .found(value)
    }
    if rest.isEmpty, let outcome = exactTexts(demands) { return outcome }
    if !rest.isEmpty, let outcome = withoutTrees(rest, trees: trees.isEmpty) { return outcome }
    var search = TextSearch(trees, budget: budget)
    switch search.run(where: { text in rest.allSatisfy { $0.isMet(by: .string(text)) ?? false } }) {
    case .found(let text): return .found(.string(text))
    case .none: return .none
    case .undecided(let reason): return .undecided(reason)
    }
  }

  /// Where an equality is wanted, its few texts are all there are.
  private func exactTexts(_ demands: [ValueDemand]) -> Outcome? {
    for demand in demands where demand.wanted {
      guard case .equals(let literal) = demand.condition else { continue }
      let text: String
      switch literal {
      case .text(let own, .sensitive), .untyped(let own, .sensitive): text = own
      case .text(let own, .insensitive), .untyped(let own, .insensitive):
        guard demands.allSatisfy({ $0.condition.ignoresCase }) else { continue }
        text = own
      case .number, .boolean: continue
      }
      return first(of: [.string(text)], meeting: demands, isComplete: true)
    }
    return nil
  }

  /// Decides demands that are about order and networks alone, where the candidates tried are all that matter.
  private func withoutTrees(_ demands: [ValueDemand], trees isAlone: Bool) -> Outcome? {
    // Networks: candidates stand at the first address of each and behind the last, where alone verdicts change.
    let areNetworks = demands.allSatisfy { if case .network = $0.condition { true } else { false } }
    return areNetworks && isAlone ? ValueSolver.Outcome.none : nil
  }
}

extension Condition {
  var isEquality: Bool {
    switch self {
    case .equals, .oneOf: true
    case .matches, .regex, .order, .network, .term, .encoded, .field: false
    }
  }

  /// Whether the verdict is the same for texts that differ in letter case alone.
  fileprivate var ignoresCase: Bool {
    switch self {
    case .equals(let literal): literal.ignoresCase
    case .oneOf(let literals): literals.allSatisfy(\.ignoresCase)
    case .matches(_, let textCase): textCase == .insensitive
    case .term(let match): match.textCase == .insensitive
    case .encoded(let encoded): encoded.textCase == .insensitive
    case .network: true
    case .regex, .order, .field: false
    }
  }

  /// The kind of condition, for a reason.
  var kindName: String {
    switch self {
    case .equals, .oneOf: "an equality"
    case .matches: "a pattern"
    case .regex: "a regular expression outside the linear fragment"
    case .order: "an order of texts"
    case .network: "a network"
    case .term: "a term of an analysed field"
    case .encoded: "an encoded text"
    case .field: "a comparison of two fields"
    }
  }
}

extension Literal {
  fileprivate var ignoresCase: Bool {
    switch self {
    case .text(let text, let textCase), .untyped(let text, let textCase):
      textCase == .insensitive || text.unicodeScalars.allSatisfy { $0.caseVariants.count == 1 }
    case .number, .boolean: true
    }
  }
}
