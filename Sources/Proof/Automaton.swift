/// A nondeterministic automaton over the scalars of a text, made deterministic as far as it is walked.
struct Automaton {
  private struct Edge {
    var set: CharacterSet
    var target: Int
  }

  /// An edge that reads nothing, and where it may be taken.
  private struct EmptyEdge {
    enum Guard { case none, atStart, atEnd }
    var condition: Guard
    var target: Int
  }

  private var edges: [[Edge]] = []
  private var emptyEdges: [[EmptyEdge]] = []
  private let first: Int
  private let last: Int

  /// The deterministic states seen so far: sets of states of the automaton, by their number.
  private(set) var states: [[Int]] = []
  private var numbers: [[Int]: Int] = [:]
  private var steps: [[Int?]] = []
  private let alphabet: [Unicode.Scalar]

  init(_ tree: RegexTree, over alphabet: [Unicode.Scalar]) {
    self.alphabet = alphabet
    first = 0
    last = 1
    edges = [[], []]
    emptyEdges = [[], []]
    build(tree, from: 0, to: 1)
    _ = number(of: closure([0], atStart: true))
  }

  /// The number of the state before the first scalar.
  var initial: Int { 0 }

  /// How many states the automaton has before it is made deterministic.
  var size: Int { edges.count }

  private mutating func newState() -> Int {
    edges.append([])
    emptyEdges.append([])
    return edges.count - 1
  }

  private mutating func build(_ tree: RegexTree, from start: Int, to end: Int) {
    switch tree {
    case .set(let set): edges[start].append(Edge(set: set, target: end))
    case .sequence(let parts):
      var at = start
      for part in parts.dropLast() {
        let next = newState()
        build(part, from: at, to: next)
        at = next
      }
      if let part = parts.last { build(part, from: at, to: end) } else { link(start, end) }
    case .choice(let parts): for part in parts { build(part, from: start, to: end) }
    case .star(let inner):
      let hub = newState()
      link(start, hub)
      link(hub, end)
      if case .set(let set) = inner {
        edges[hub].append(Edge(set: set, target: hub))
      } else {
        let exit = newState()
        build(inner, from: hub, to: exit)
        link(exit, hub)
      }
    case .start: emptyEdges[start].append(EmptyEdge(condition: .atStart, target: end))
    case .end: emptyEdges[start].append(EmptyEdge(condition: .atEnd, target: end))
    }
  }

  private mutating func link(_ start: Int, _ end: Int) {
    emptyEdges[start].append(EmptyEdge(condition: .none, target: end))
  }

  private func closure(_ start: [Int], atStart: Bool = false, atEnd: Bool = false) -> [Int] {
    var seen = Set(start)
    var pending = start
    while let state = pending.popLast() {
      for edge in emptyEdges[state] {
        switch edge.condition {
        case .atStart where !atStart: continue
        case .atEnd where !atEnd: continue
        case .none, .atStart, .atEnd: break
        }
        if seen.insert(edge.target).inserted { pending.append(edge.target) }
      }
    }
    return seen.sorted()
  }

  private mutating func number(of state: [Int]) -> Int {
    if let known = numbers[state] { return known }
    numbers[state] = states.count
    states.append(state)
    steps.append([Int?](repeating: nil, count: alphabet.count))
    return states.count - 1
  }

  /// The state after the scalar at a place of the alphabet.
  mutating func step(_ state: Int, _ symbol: Int) -> Int {
    if let known = steps[state][symbol] { return known }
    let next = number(of: closure(targets(of: states[state], alphabet[symbol])))
    steps[state][symbol] = next
    return next
  }

  private func targets(of state: [Int], _ scalar: Unicode.Scalar) -> [Int] {
    var found: Set<Int> = []
    for own in state {
      for edge in edges[own] where edge.set.contains(scalar) { found.insert(edge.target) }
    }
    return Array(found)
  }

  /// Whether a text may end here.
  func accepts(_ state: Int) -> Bool {
    if states[state].contains(last) { return true }
    return closure(states[state], atStart: state == 0, atEnd: true).contains(last)
  }

  /// Whether no text that goes on from here is accepted.
  func isDead(_ state: Int) -> Bool { states[state].isEmpty }

  /// Whether every text that goes on from here is accepted.
  func acceptsForever(_ state: Int) -> Bool {
    states[state].contains { own in
      edges[own].contains { $0.set == .any && $0.target == own }
        && emptyEdges[own].contains { $0.condition == .none && $0.target == last }
    }
  }

  /// Whether the automaton accepts a text; the text need not be of the alphabet.
  func accepts(text: String) -> Bool {
    var state = states[0]
    var isFirst = true
    for scalar in text.unicodeScalars {
      state = closure(targets(of: state, scalar))
      isFirst = false
      if state.isEmpty { return false }
    }
    return closure(state, atStart: isFirst, atEnd: true).contains(last)
  }
}
