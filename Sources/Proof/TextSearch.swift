import RuleIR

/// Looks for a text that some languages have and others do not.
struct TextSearch {
  enum Outcome {
    case found(String)
    /// There is none; the languages with these numbers are enough to rule all texts out.
    case none(Set<Int>)
    case undecided(String)
  }

  /// What is followed along a text.
  private enum Part {
    case wanted(Automaton, Int)
    case unwanted(Automaton, Int)
    /// Unwanted patterns of one literal each.
    case literals(LiteralUnion)
  }

  private var parts: [Part] = []
  private let alphabet: [Unicode.Scalar]
  /// How many combined states are looked at.
  private let budget: Int
  private let effort: Effort
  /// The languages that ruled something out.
  private var core: Set<Int> = []

  /// - Parameter languages: All of them regular.
  init(_ languages: [(language: TextLanguage, wanted: Bool)], budget: Int, effort: Effort) {
    self.budget = budget
    self.effort = effort
    var classes = SymbolClasses()
    var literals: [Bool: [(glob: Glob, demand: Int)]] = [:]
    var networks: [(PatternNetwork, wanted: Bool, Int)] = []
    for (number, entry) in languages.enumerated() where !effort.isSpent {
      if !entry.wanted, let globs = entry.language.globs, globs.allSatisfy({ $0.literal != nil }) {
        for glob in globs {
          classes.add(glob)
          literals[glob.ignoresCase, default: []].append((glob, number))
        }
      } else if let network = entry.language.network {
        effort.spend(network.size + network.size * network.size / 256)
        classes.add(network)
        networks.append((network, entry.wanted, number))
      }
    }
    alphabet = classes.representatives
    for (network, wanted, number) in networks {
      let automaton = Automaton(network, over: alphabet, effort: effort)
      parts.append(wanted ? .wanted(automaton, number) : .unwanted(automaton, number))
    }
    for folds in [true, false] {
      if let own = literals[folds] { parts.append(.literals(LiteralUnion(own, over: alphabet, effort: effort))) }
    }
    effort.spend(alphabet.count * parts.count + languages.count)
  }

  /// Goes first where the wanted languages have least still to come.
  ///
  /// - Parameter passes: What else is asked of the text; `false` for a text that the languages allow makes the search
  ///   go on, and no answer certain.
  mutating func run(where passes: (String) -> Bool = { _ in true }) -> Outcome {
    let start = [Int32](repeating: 0, count: parts.count)
    if effort.isSpent { return .undecided(effort.reason) }
    guard let distance = distance(of: start) else { return .none(core) }
    var found: [(state: [Int32], parent: Int32, symbol: Int32, depth: Int32)] = [(start, -1, -1, 0)]
    var seen: Set<[Int32]> = [start]
    var queue = BucketQueue()
    queue.insert(0, at: distance)
    var rejected = 0
    while let at = queue.removeFirst() {
      if isGoal(found[at].state) {
        var scalars: [Unicode.Scalar] = []
        var back = at
        while found[back].parent >= 0 {
          scalars.append(alphabet[Int(found[back].symbol)])
          back = Int(found[back].parent)
        }
        let text = String(String.UnicodeScalarView(scalars.reversed()))
        if passes(text) { return .found(text) }
        rejected += 1
        if rejected > 200 { return .undecided("a condition on the text that is no pattern") }
      }
      effort.spend(alphabet.count * parts.count)
      if effort.isSpent { return .undecided(effort.reason) }
      // The plainest scalar last, as the last is taken first.
      for symbol in alphabet.indices.reversed() {
        let next = step(found[at].state, symbol)
        guard let distance = self.distance(of: next), seen.insert(next).inserted else { continue }
        effort.spend(parts.count)
        if seen.count > budget { return .undecided("more than \(budget) states of its patterns") }
        let depth = found[at].depth + 1
        queue.insert(found.count, at: Int(depth) + distance)
        found.append((next, Int32(at), Int32(symbol), depth))
      }
    }
    return rejected == 0 ? .none(core) : .undecided("a condition on the text that is no pattern")
  }

  private func step(_ state: [Int32], _ symbol: Int) -> [Int32] {
    var next = state
    for index in parts.indices {
      let own = Int(state[index])
      switch parts[index] {
      case .wanted(let automaton, _), .unwanted(let automaton, _): next[index] = Int32(automaton.step(own, symbol))
      case .literals(let union): next[index] = Int32(union.step(own, symbol))
      }
    }
    return next
  }

  /// How many scalars the wanted languages still ask for, one after the other; nil where no end is good.
  private mutating func distance(of state: [Int32]) -> Int? {
    var sum = 0
    var culprit: Int?
    for index in parts.indices {
      let own = Int(state[index])
      let found: Int?
      switch parts[index] {
      case .wanted(let automaton, let number):
        let distance = automaton.distance(own)
        sum += distance ?? 0
        found = distance == nil ? number : nil
      case .unwanted(let automaton, let number): found = automaton.acceptsForever(own) ? number : nil
      case .literals(let union): found = union.coveringForever(own)
      }
      if let found {
        // One that is in the core already keeps it small.
        if core.contains(found) { return nil }
        culprit = culprit ?? found
      }
    }
    guard let culprit else { return sum }
    core.insert(culprit)
    return nil
  }

  private mutating func isGoal(_ state: [Int32]) -> Bool {
    var culprit: Int?
    for index in parts.indices {
      let own = Int(state[index])
      let found: Int?
      switch parts[index] {
      case .wanted(let automaton, let number): found = automaton.accepts(own) ? nil : number
      case .unwanted(let automaton, let number): found = automaton.accepts(own) ? number : nil
      case .literals(let union): found = union.coveringNow(own)
      }
      if let found {
        if core.contains(found) { return false }
        culprit = culprit ?? found
      }
    }
    guard let culprit else { return true }
    core.insert(culprit)
    return false
  }
}

/// Numbers in the order of small weights; of equal weight the last inserted first.
private struct BucketQueue {
  private var buckets: [[Int]] = []
  private var lowest = 0

  mutating func insert(_ number: Int, at weight: Int) {
    while buckets.count <= weight { buckets.append([]) }
    buckets[weight].append(number)
    lowest = min(lowest, weight)
  }

  mutating func removeFirst() -> Int? {
    while lowest < buckets.count {
      if let number = buckets[lowest].popLast() { return number }
      lowest += 1
    }
    return nil
  }
}
