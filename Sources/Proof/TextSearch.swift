import RuleIR

/// Looks for a text that some trees cover and others do not.
struct TextSearch {
  enum Outcome {
    case found(String)
    case none
    case undecided(String)
  }

  private var automata: [Automaton]
  private let wanted: [Bool]
  private let alphabet: [Unicode.Scalar]
  /// How many combined states are looked at.
  private let budget: Int

  /// - Parameters:
  ///   - trees: What the text is to be covered by, or not.
  ///   - mentioned: Scalars to try beside those that the trees name.
  init(_ trees: [(tree: RegexTree, wanted: Bool)], budget: Int) {
    alphabet = Alphabet.representatives(of: trees.map(\.tree))
    automata = trees.map { [alphabet] in Automaton($0.tree, over: alphabet) }
    wanted = trees.map(\.wanted)
    self.budget = budget
  }

  /// A shortest text; of those the first by the alphabet's order.
  ///
  /// - Parameter passes: What else is asked of the text; `false` for a text that the trees allow makes the search go
  ///   on, and no answer certain.
  mutating func run(where passes: (String) -> Bool = { _ in true }) -> Outcome {
    let start = automata.map(\.initial)
    guard !isHopeless(start) else { return .none }
    var queue: [(state: [Int], parent: Int, symbol: Int)] = [(start, -1, -1)]
    var seen: Set<[Int]> = [start]
    var rejected = 0
    var at = 0
    while at < queue.count {
      if isGoal(queue[at].state) {
        let text = text(to: at, in: queue)
        if passes(text) { return .found(text) }
        rejected += 1
        if rejected > 200 { return .undecided("a condition on the text that is no pattern") }
      }
      for symbol in alphabet.indices {
        var next: [Int] = []
        next.reserveCapacity(automata.count)
        for index in automata.indices { next.append(automata[index].step(queue[at].state[index], symbol)) }
        guard !isHopeless(next), seen.insert(next).inserted else { continue }
        if seen.count > budget { return .undecided("more than \(budget) states of its patterns") }
        queue.append((next, at, symbol))
      }
      at += 1
    }
    return rejected == 0 ? .none : .undecided("a condition on the text that is no pattern")
  }

  private func isGoal(_ state: [Int]) -> Bool {
    automata.indices.allSatisfy { automata[$0].accepts(state[$0]) == wanted[$0] }
  }

  private func isHopeless(_ state: [Int]) -> Bool {
    automata.indices.contains { index in
      wanted[index] ? automata[index].isDead(state[index]) : automata[index].acceptsForever(state[index])
    }
  }

  private func text(to end: Int, in queue: [(state: [Int], parent: Int, symbol: Int)]) -> String {
    var scalars: [Unicode.Scalar] = []
    var at = end
    while queue[at].parent >= 0 {
      scalars.append(alphabet[queue[at].symbol])
      at = queue[at].parent
    }
    return String(String.UnicodeScalarView(scalars.reversed()))
  }
}

/// The scalars that are enough to tell trees apart.
enum Alphabet {
  /// Every scalar that the trees name, with the bounds of their ranges, and of all others one of each kind that a set
  /// can tell apart.
  static func representatives(of trees: [RegexTree]) -> [Unicode.Scalar] {
    var named: Set<UInt32> = []
    for tree in trees { collect(tree, into: &named) }
    let mentioned = Set(named.compactMap(Unicode.Scalar.init).flatMap { $0.caseVariants })
    let fresh = kinds.compactMap { kind in
      kind.first { !mentioned.contains($0) && mentioned.isDisjoint(with: $0.caseVariants) }
    }
    // Plain characters first, so that what is found reads well.
    return (Array(mentioned) + fresh).sorted { ($0.rank, $0.value) < ($1.rank, $1.value) }
  }

  private static func collect(_ tree: RegexTree, into named: inout Set<UInt32>) {
    switch tree {
    case .set(let set): named.formUnion(set.boundaries)
    case .sequence(let parts), .choice(let parts): for part in parts { collect(part, into: &named) }
    case .star(let inner): collect(inner, into: &named)
    case .start, .end: break
    }
  }

  private static let kinds: [[Unicode.Scalar]] = [
    Array("xyzabcdefghijklmnopqrstuvw".unicodeScalars), Array("ZYXWABCDEFGHIJKLMNOPQRSTUV".unicodeScalars),
    Array("0123456789".unicodeScalars), ["_"], Array("-./:+=,;!#%&'@~^|<>()[]{}\"\\$*?`".unicodeScalars), [" "],
    ["\t"], ["\n"], ["\r"], ["\u{1}", "\u{2}", "\u{3}", "\u{4}"], Array("жщю".unicodeScalars),
    Array("中文字".unicodeScalars), Array("٣٤٥".unicodeScalars), Array("…€←".unicodeScalars),
  ]
}

extension Unicode.Scalar {
  fileprivate var rank: Int {
    switch value {
    case 97...122: 0
    case 48...57: 1
    case 65...90: 2
    case 0x21..<0x7F: 3
    case 0x20: 4
    case 0xA0...: 5
    case _: 6
    }
  }
}
