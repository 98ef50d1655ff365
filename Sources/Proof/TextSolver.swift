import RuleIR

/// Finds a text that meets demands: likely ones first, then what two demands say of each other, then a complete search
/// over all the patterns at once.
struct TextSolver {
  typealias Outcome = ValueSolver.Outcome

  private let demands: [ValueDemand]
  private let languages: [TextLanguage]
  private let budget: Int
  private let memory: SearchMemory

  init(demands: [ValueDemand], budget: Int, memory: SearchMemory) {
    self.demands = demands
    self.budget = budget
    self.memory = memory
    languages = demands.map { memory.languages[$0] }
    memory.effort.spend(8 * demands.count)
  }

  func solve() -> Outcome {
    for candidate in TextCandidates.values(for: demands) {
      if meetsAll(TextSample(candidate)) == true { return .found(.string(candidate)) }
    }
    if let outcome = pairConflict() ?? exactText() { return outcome }
    let regular = languages.indices.filter { languages[$0].isRegular }
    if regular.count == demands.count { return search(regular) { _ in true } }
    // What the patterns alone rule out is ruled out.
    let others = demands.indices.filter { !languages[$0].isRegular }
    if case .none(let core) = search(regular, where: { _ in true }) { return .none(core) }
    if others.allSatisfy({ demands[$0].condition.comparesNumerals }) { return numerals(regular, others) }
    if others.allSatisfy({ demands[$0].condition.isNetwork }), let core = networkConflict(others) { return .none(core) }
    if others.contains(where: { !languages[$0].isSmall }) { return .undecided("a pattern of very many parts") }
    if let outside = others.compactMap({ languages[$0].outside }).first {
      return .undecided(outside)
    }
    return search(regular) { text in others.allSatisfy { demands[$0].isMet(by: .string(text)) ?? false } }
  }

  private func meets(_ index: Int, _ text: TextSample) -> Bool? {
    guard languages[index].isRegular else { return demands[index].isMet(by: .string(text.text)) }
    return languages[index].accepts(text).map { $0 == demands[index].wanted }
  }

  private func meetsAll(_ text: TextSample) -> Bool? {
    var isKnown = true
    for index in demands.indices {
      memory.effort.spend(2)
      switch meets(index, text) {
      case true: continue
      case false: return false
      case nil: isKnown = false
      }
    }
    return isKnown ? true : nil
  }

  // MARK: - Two demands

  /// A pattern within one that is forbidden, or two that have nothing in common.
  private func pairConflict() -> Outcome? {
    let wanted = demands.indices.filter { demands[$0].wanted && languages[$0].glob != nil }
    for one in wanted {
      guard let glob = languages[one].glob else { continue }
      for other in demands.indices where other != one {
        guard let globs = languages[other].globs else { continue }
        memory.effort.spend(1)
        let isConflict =
          demands[other].wanted
          ? globs.allSatisfy { glob.isApart(from: $0) } : globs.contains { glob.isWithin($0) }
        if isConflict { return .none([one, other]) }
      }
    }
    return nil
  }

  /// Where an equality is wanted, its few texts are all there are.
  private func exactText() -> Outcome? {
    for index in demands.indices where demands[index].wanted {
      guard let glob = languages[index].glob, glob.isExact, let literal = glob.literal else { continue }
      if glob.ignoresCase, !demands.allSatisfy({ $0.condition.ignoresCase }) { continue }
      let text = TextSample(String(String.UnicodeScalarView(literal)))
      for other in demands.indices {
        switch meets(other, text) {
        case true: continue
        case false: return .none([index, other])
        case nil: return .undecided(demands[other].condition.kindName)
        }
      }
      return .found(.string(text.text))
    }
    return nil
  }

  // MARK: - All demands

  private func search(_ indices: [Int], where passes: (String) -> Bool) -> Outcome {
    search(indices, beside: [], where: passes)
  }

  /// - Parameter beside: Languages that no demand asks for.
  private func search(
    _ indices: [Int], beside more: [(language: TextLanguage, wanted: Bool)], where passes: (String) -> Bool
  ) -> Outcome {
    var search = TextSearch(
      indices.map { (languages[$0], demands[$0].wanted) } + more, budget: budget, effort: memory.effort)
    switch search.run(where: passes) {
    case .found(let text): return .found(.string(text))
    case .none(let core): return .none(Set(core.filter { $0 < indices.count }.map { indices[$0] }))
    case .undecided(let reason): return .undecided(reason)
    }
  }

  /// Where the demands that are no patterns read the text as a number: it is none, or one of a few values however
  /// spelled.
  private func numerals(_ regular: [Int], _ others: [Int]) -> Outcome {
    let numeral = TextLanguage(.numeral)
    var core = Set(others)
    if others.allSatisfy({ demands[$0].isMet(by: "x") == true }) {
      switch search(regular, beside: [(numeral, false)], where: { _ in true }) {
      case .none(let own): core.formUnion(own)
      case .found(let value): return .found(value)
      case .undecided(let reason): return .undecided(reason)
      }
    }
    let values = NumberCandidates.values(for: others.map { demands[$0] }).compactMap(\.spelling)
    let possible = values.filter { text in others.allSatisfy { demands[$0].isMet(by: .string(text)) == true } }
    guard !possible.isEmpty else {
      let isComplete = NumberCandidates.areComplete(for: others.map { demands[$0] })
      return isComplete ? .none(core) : .undecided("numbers of very many digits")
    }
    for text in possible.flatMap({ [$0, "\($0).0", "\($0)e0", "0\($0)", "+\($0)"] })
    where meetsAll(TextSample(text)) == true { return .found(.string(text)) }
    switch search(regular, beside: [(numeral, true)], where: { _ in true }) {
    case .none(let own): return .none(core.union(own))
    case .found: return .undecided("the spelling of a number")
    case .undecided(let reason): return .undecided(reason)
    }
  }

  /// Networks that rule each other out: among addresses at which a verdict changes there is none for all.
  private func networkConflict(_ indices: [Int]) -> Set<Int>? {
    let addresses = TextCandidates.values(for: indices.map { demands[$0] })
    let isPossible = addresses.contains { text in
      indices.allSatisfy { demands[$0].isMet(by: .string(text)) == true }
    }
    return isPossible ? nil : Set(indices)
  }
}

extension Condition {
  /// Whether the verdict on a text is that on the number it spells, and `false` where it spells none.
  fileprivate var comparesNumerals: Bool {
    switch self {
    case .equals(.number), .order(_, .number): true
    case .equals, .oneOf, .order, .matches, .regex, .network, .term, .encoded, .field: false
    }
  }

  fileprivate var isNetwork: Bool {
    if case .network = self { true } else { false }
  }

  /// Whether the verdict is the same for texts that differ in letter case alone.
  fileprivate var ignoresCase: Bool {
    switch self {
    case .equals(let literal): literal.ignoresCase
    case .oneOf(let literals): literals.allSatisfy(\.ignoresCase)
    case .matches(let pattern, let textCase): !Glob(pattern, textCase).countsCase
    case .term(let match): match.textCase == .insensitive
    case .encoded(let encoded): encoded.textCase == .insensitive
    case .network: true
    case .regex, .order, .field: false
    }
  }
}

extension Glob {
  /// Whether a text of other letter case may fare otherwise.
  fileprivate var countsCase: Bool {
    !ignoresCase && runs.contains { $0.contains { $0?.hasCaseVariants ?? false } }
  }
}

extension Literal {
  fileprivate var ignoresCase: Bool {
    switch self {
    case .text(let text, let textCase), .untyped(let text, let textCase):
      textCase == .insensitive || text.unicodeScalars.allSatisfy { !$0.hasCaseVariants }
    case .number, .boolean: true
    }
  }
}
