import RuleIR

/// Finds a value that meets demands, or shows that there is none.
struct ValueSolver {
  enum Outcome {
    case found(EventValue)
    /// There is none; the demands with these numbers are enough to rule all values out.
    case none(Set<Int>)
    case undecided(String)
  }

  /// How many combined states of patterns are looked at for one value.
  let budget: Int
  let memory: SearchMemory
  /// The object that is tried; another than `{}`, which is no value.
  var object: EventValue = ["x": "x"]

  /// A value of one of the kinds; texts are tried first, as they read best.
  func solve(_ demands: [ValueDemand], kinds: Set<ValueKind>) -> Outcome {
    // Of what is made of a value nothing is known here: only the other demands can rule all values out.
    let plain = demands.indices.filter { !demands[$0].isOfMadeValue }
    guard plain.count == demands.count else {
      guard case .none(let core) = solve(plain.map { demands[$0] }, kinds: kinds) else {
        return .undecided("what is made of a value")
      }
      return .none(Set(core.map { plain[$0] }))
    }
    var reason: String?
    var core: Set<Int> = []
    for kind in ValueKind.allCases where kinds.contains(kind) {
      switch solve(demands, of: kind, core) {
      case .found(let value): return .found(value)
      case .none(let own): core.formUnion(own)
      case .undecided(let why): reason = reason ?? why
      }
    }
    return reason.map(Outcome.undecided) ?? .none(core)
  }

  private func solve(_ demands: [ValueDemand], of kind: ValueKind, _ core: Set<Int>) -> Outcome {
    switch kind {
    case .object: return first(of: [object], meeting: demands, core)
    case .boolean: return first(of: [.boolean(true), .boolean(false)], meeting: demands, core)
    case .number:
      if let textual = demands.firstIndex(where: \.wantsText) { return .none([textual]) }
      let outcome = first(of: NumberCandidates.values(for: demands), meeting: demands, core)
      guard case .none = outcome else { return outcome }
      // One value has many spellings.
      if demands.contains(where: { $0.subject == .spelling }) { return spelled(demands) }
      return NumberCandidates.areComplete(for: demands) ? outcome : .undecided("numbers of very many digits")
    case .string: return TextSolver(demands: demands, budget: budget, memory: memory).solve()
    }
  }

  /// A number by what its spelling must be.
  private func spelled(_ demands: [ValueDemand]) -> Outcome {
    let indices = demands.indices.filter { demands[$0].subject == .spelling }
    let languages = indices.map { memory.languages[demands[$0]] }
    guard languages.allSatisfy(\.isRegular) else { return .undecided("the spelling of a number") }
    var search = TextSearch(
      zip(languages, indices).map { ($0, demands[$1].wanted) } + [(TextLanguage(.numeralOfJSON), true)], budget: budget,
      effort: memory.effort)
    let isGood = { (text: String) in
      Number(text).map { number in demands.allSatisfy { $0.isMet(by: .number(number)) == true } } ?? false
    }
    switch search.run(where: isGood) {
    case .none(let core): return .none(Set(core.filter { $0 < indices.count }.map { indices[$0] }))
    case .undecided: return .undecided("the spelling of a number")
    case .found(let text): return Number(text).map { .found(.number($0)) } ?? .undecided("the spelling of a number")
    }
  }

  /// One of values that are all that matter.
  ///
  /// - Parameter core: Demands that are taken as the reason where several would do.
  private func first(of candidates: [EventValue], meeting demands: [ValueDemand], _ core: Set<Int>) -> Outcome {
    var reason: String?
    var core = core
    candidates: for candidate in candidates {
      if memory.effort.isSpent { return .undecided(memory.effort.reason) }
      var culprit: Int?
      memory.effort.spend(4 + demands.count)
      for (index, demand) in demands.enumerated() {
        switch demand.isMet(by: candidate) {
        case true: continue
        case false:
          culprit = culprit ?? index
          if core.contains(index) { continue candidates }
        case nil:
          reason = demand.condition.kindName
          if culprit == nil { continue candidates }
        }
      }
      guard let culprit else { return .found(candidate) }
      core.insert(culprit)
    }
    return reason.map(Outcome.undecided) ?? .none(core)
  }
}

extension ValueDemand {
  /// Whether no number, whatever it is, meets it.
  fileprivate var wantsText: Bool {
    guard wanted else { return false }
    if subject == .spelling, case .equals(let literal) = condition { return literal.spellsNoNumber }
    guard subject == .value else { return false }
    return switch condition {
    case .matches, .regex, .term, .encoded, .network, .equals(.text), .equals(.boolean): true
    case .equals, .oneOf, .order, .field: false
    }
  }
}

extension Literal {
  /// Whether no number is spelled so.
  fileprivate var spellsNoNumber: Bool {
    switch self {
    case .text(let text, _), .untyped(let text, _): Number(text) == nil
    case .number, .boolean: false
    }
  }
}

extension Condition {
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
