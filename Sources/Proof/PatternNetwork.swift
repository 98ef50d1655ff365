/// A nondeterministic automaton over the scalars of a text.
struct PatternNetwork {
  /// A step over a scalar of one of the sets.
  struct Edge {
    var set: Int
    var target: Int
  }

  /// What stands on one side of a place in a text.
  enum Neighbour: Hashable { case nothing, wordScalar, otherScalar }

  /// A step that reads nothing, and where it may be taken.
  private struct EmptyEdge {
    enum Guard { case none, atStart, atEnd, atWordBoundary, offWordBoundary }
    var condition: Guard
    var target: Int

    func isOpen(between before: Neighbour, and after: Neighbour) -> Bool {
      switch condition {
      case .none: true
      case .atStart: before == .nothing
      case .atEnd: after == .nothing
      case .atWordBoundary: (before == .wordScalar) != (after == .wordScalar)
      case .offWordBoundary: (before == .wordScalar) == (after == .wordScalar)
      }
    }
  }

  private(set) var edges: [[Edge]] = [[], []]
  private(set) var sets: [CharacterSet] = []
  private var emptyEdges: [[EmptyEdge]] = [[], []]
  private var numbers: [CharacterSet: Int] = [:]
  /// What a state reaches by reading nothing, wherever in a text it is.
  private(set) var closures: [BitSet] = []
  /// Whether some step depends on where in the text it is taken.
  private(set) var hasGuards = false
  /// States from which every further text is accepted.
  private(set) var openEnds = BitSet(below: 0)
  /// How many scalars a text must still have from each state, at the least; nil where none is accepted.
  private(set) var distances: [Int?] = []
  private static let first = 0
  private static let last = 1

  init(_ tree: RegexTree) {
    build(tree, from: Self.first, to: Self.last)
    closures = edges.indices.map { closure(of: $0) }
    openEnds = BitSet(below: size)
    for state in edges.indices where isOpenEnd(state) { openEnds.insert(state) }
    measure()
  }

  /// The number of states.
  var size: Int { edges.count }

  private mutating func newState() -> Int {
    edges.append([])
    emptyEdges.append([])
    return edges.count - 1
  }

  private mutating func number(of set: CharacterSet) -> Int {
    if let known = numbers[set] { return known }
    numbers[set] = sets.count
    sets.append(set)
    return sets.count - 1
  }

  private mutating func build(_ tree: RegexTree, from start: Int, to end: Int) {
    switch tree {
    case .set(let set): edges[start].append(Edge(set: number(of: set), target: end))
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
        edges[hub].append(Edge(set: number(of: set), target: hub))
      } else {
        let exit = newState()
        build(inner, from: hub, to: exit)
        link(exit, hub)
      }
    case .start: link(start, end, .atStart)
    case .end: link(start, end, .atEnd)
    case .wordBoundary: link(start, end, .atWordBoundary)
    case .noWordBoundary: link(start, end, .offWordBoundary)
    }
  }

  private mutating func link(_ start: Int, _ end: Int, _ condition: EmptyEdge.Guard = .none) {
    emptyEdges[start].append(EmptyEdge(condition: condition, target: end))
    guard condition != .none else { return }
    hasGuards = true
    // So that an alphabet has both kinds of scalars.
    _ = number(of: .wordScalars)
  }

  private func closure(of start: Int) -> BitSet {
    var set = BitSet(below: size)
    set.insert(start)
    return closure(of: set) { $0.condition == .none }
  }

  private func closure(of start: BitSet, _ isOpen: (EmptyEdge) -> Bool) -> BitSet {
    var seen = start
    var pending: [Int] = []
    start.forEach { pending.append($0) }
    while let state = pending.popLast() {
      for edge in emptyEdges[state] where !seen.contains(edge.target) && isOpen(edge) {
        seen.insert(edge.target)
        pending.append(edge.target)
      }
    }
    return seen
  }

  private func isOpenEnd(_ state: Int) -> Bool {
    closures[state].contains(Self.last) && edges[state].contains { sets[$0.set] == .any && $0.target == state }
  }

  /// Goes back from the end, with steps over nothing for free.
  private mutating func measure() {
    var before = [[(state: Int, cost: Int)]](repeating: [], count: size)
    for state in edges.indices {
      for edge in edges[state] { before[edge.target].append((state, 1)) }
      for edge in emptyEdges[state] { before[edge.target].append((state, 0)) }
    }
    distances = [Int?](repeating: nil, count: size)
    distances[Self.last] = 0
    var current = [Self.last]
    var cost = 0
    while !current.isEmpty {
      var next: [Int] = []
      while let state = current.popLast() {
        guard distances[state] == cost else { continue }
        for (other, step) in before[state] where distances[other].map({ $0 > cost + step }) ?? true {
          distances[other] = cost + step
          if step == 0 { current.append(other) } else { next.append(other) }
        }
      }
      current = next
      cost += 1
    }
  }

  // MARK: - Running

  /// Where a walk through a text is.
  struct Place: Hashable {
    /// All that is reached without a guard; with guards, what is reached before these are looked at.
    var states: BitSet
    /// What was read last; `otherScalar` throughout where no step depends on it.
    var before: Neighbour
  }

  /// The place before a text.
  var start: Place { Place(states: closures[Self.first], before: hasGuards ? .nothing : .otherScalar) }

  static func neighbour(_ scalar: Unicode.Scalar) -> Neighbour {
    CharacterSet.wordScalars.contains(scalar) ? .wordScalar : .otherScalar
  }

  /// The place after one more scalar.
  ///
  /// - Parameter takes: Whether a set of `sets` has the scalar.
  func step(_ place: Place, over kind: Neighbour, _ takes: (Int) -> Bool) -> Place {
    let states = hasGuards ? closure(of: place.states) { $0.isOpen(between: place.before, and: kind) } : place.states
    var next = BitSet(below: size)
    states.forEach { state in
      for edge in edges[state] where takes(edge.set) { next.formUnion(closures[edge.target]) }
    }
    return Place(states: next, before: hasGuards ? kind : .otherScalar)
  }

  /// Whether a text may end here.
  func accepts(_ place: Place) -> Bool {
    if place.states.contains(Self.last) { return true }
    guard hasGuards else { return false }
    return closure(of: place.states) { $0.isOpen(between: place.before, and: .nothing) }.contains(Self.last)
  }

  func accepts(_ text: [Unicode.Scalar]) -> Bool {
    var place = start
    for scalar in text {
      if place.states.intersects(openEnds) { return true }
      place = step(place, over: Self.neighbour(scalar)) { sets[$0].contains(scalar) }
      if place.states.isEmpty { return false }
    }
    return accepts(place)
  }

  /// The least number of scalars that must follow; nil where nothing that follows is accepted.
  func distance(from place: Place) -> Int? {
    var least: Int?
    place.states.forEach { state in
      if let own = distances[state] { least = min(own, least ?? own) }
    }
    return least
  }
}
