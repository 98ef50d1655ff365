import RuleIR

/// A predicate as a flat graph of nodes over numbered tests, with negation at the tests alone.
struct Formula {
  indirect enum Node: Hashable {
    case literal(test: Int, isNegated: Bool)
    case all([Int])
    case any([Int])
  }

  private(set) var nodes: [Node] = []
  /// The tests, each once.
  private(set) var tests: [Predicate] = []
  private var numbers: [Predicate: Int] = [:]
  private(set) var root = 0

  init(_ predicate: Predicate) {
    root = add(predicate, negated: false)
  }

  private mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  private mutating func add(_ predicate: Predicate, negated: Bool) -> Int {
    switch predicate {
    case .not(let inner): return add(inner, negated: !negated)
    case .all(let parts):
      var children: [Int] = []
      for part in parts { children.append(add(part, negated: negated)) }
      return add(negated ? .any(children) : .all(children))
    case .any(let parts):
      var children: [Int] = []
      for part in parts { children.append(add(part, negated: negated)) }
      return add(negated ? .all(children) : .any(children))
    case .field(let test):
      // A set is the alternative of its members, so that members are shared between sets.
      if case .oneOf(let literals) = test.condition, test.polarity == .someValuePasses {
        var children: [Int] = []
        for literal in literals {
          var single = test
          single.condition = .equals(literal)
          children.append(addTest(.field(single), negated: negated))
        }
        return add(negated ? .all(children) : .any(children))
      }
      return addTest(predicate, negated: negated)
    case .presence, .some, .every, .anyField, .rawTerm: return addTest(predicate, negated: negated)
    }
  }

  private mutating func addTest(_ predicate: Predicate, negated: Bool) -> Int {
    let number: Int
    if let known = numbers[predicate] {
      number = known
    } else {
      number = tests.count
      tests.append(predicate)
      numbers[predicate] = number
    }
    return add(.literal(test: number, isNegated: negated))
  }
}

extension Formula {
  /// The formula in clauses: a variable for each test, then one for each node.
  func load(into solver: inout SATSolver) {
    for _ in tests.indices { _ = solver.addVariable() }
    for _ in nodes.indices { _ = solver.addVariable() }
    for (index, node) in nodes.enumerated() {
      let own = SATSolver.negative(tests.count + index)
      switch node {
      case .literal(let test, let isNegated):
        solver.add([own, isNegated ? SATSolver.negative(test) : SATSolver.positive(test)])
      case .all(let children):
        for child in children { solver.add([own, SATSolver.positive(tests.count + child)]) }
      case .any(let children): solver.add([own] + children.map { SATSolver.positive(tests.count + $0) })
      }
    }
    solver.add([SATSolver.positive(tests.count + root)])
  }

  /// A small choice of literals that make the formula true, out of an assignment that does.
  ///
  /// - Returns: Literals of the solver, in the order of their tests.
  func support(under assignment: (Int) -> Bool) -> [SATSolver.Literal] {
    var truth = [Bool](repeating: false, count: nodes.count)
    // Children stand before their parents.
    for (index, node) in nodes.enumerated() {
      switch node {
      case .literal(let test, let isNegated): truth[index] = assignment(test) != isNegated
      case .all(let children): truth[index] = children.allSatisfy { truth[$0] }
      case .any(let children): truth[index] = children.contains { truth[$0] }
      }
    }
    var chosen: [Int: Bool] = [:]
    var pending = [root]
    while let index = pending.popLast() {
      switch nodes[index] {
      case .literal(let test, let isNegated): chosen[test] = isNegated
      case .all(let children): pending += children
      case .any(let children):
        let open = children.filter { truth[$0] }
        // One that is chosen already costs nothing; a negative test is met by absence.
        let best = open.first { isChosen($0, chosen) } ?? open.first { isNegative($0) } ?? open.first
        if let best { pending.append(best) }
      }
    }
    return chosen.map { $0.value ? SATSolver.negative($0.key) : SATSolver.positive($0.key) }.sorted()
  }

  private func isChosen(_ node: Int, _ chosen: [Int: Bool]) -> Bool {
    if case .literal(let test, let isNegated) = nodes[node] { chosen[test] == isNegated } else { false }
  }

  private func isNegative(_ node: Int) -> Bool {
    if case .literal(_, true) = nodes[node] { true } else { false }
  }
}
