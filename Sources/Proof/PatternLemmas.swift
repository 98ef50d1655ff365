import RuleIR

/// What the tests of a formula say of each other by their patterns alone, told before the search starts: a text that
/// starts with `curl.exe` contains `curl`, and a single value is not two texts.
struct PatternLemmas {
  private typealias Member = (test: Int, glob: Glob)

  /// Tests that look at the same values.
  private struct Group: Hashable {
    var field: FieldPath?
    var subject: FieldTest.Subject
  }

  private var groups: [Group: [Member]] = [:]
  private var order: [Group] = []
  private let shape: EventShape
  /// Clauses that are loaded at the most.
  private static let limit = 200_000

  init(_ tests: [Predicate], shape: EventShape) {
    self.shape = shape
    for (number, test) in tests.enumerated() { add(test, number) }
  }

  private mutating func add(_ predicate: Predicate, _ number: Int) {
    switch predicate {
    case .field(let test):
      guard test.polarity == .someValuePasses, test.subject == .value || test.subject == .spelling else { return }
      add(test.condition, number, Group(field: test.field, subject: test.subject))
    case .anyField(let test): add(test.condition, number, Group(field: nil, subject: .spelling))
    case .all, .any, .not, .presence, .some, .every, .rawTerm: return
    }
  }

  private mutating func add(_ condition: Condition, _ number: Int, _ group: Group) {
    let glob: Glob
    switch condition {
    case .equals(.text(let text, let textCase)): glob = Glob(exactly: text, textCase)
    // Of values other than texts an untyped literal has more to say, and so is put beside no other test of them.
    case .equals(.untyped(let text, let textCase)) where group.subject == .spelling:
      glob = Glob(exactly: text, textCase)
    case .matches(let pattern, let textCase): glob = Glob(pattern, textCase)
    case .equals, .oneOf, .regex, .order, .network, .term, .encoded, .field: return
    }
    if groups[group] == nil { order.append(group) }
    groups[group, default: []].append((number, glob))
  }

  /// Adds the lemmas to clauses in which test `n` is variable `n`.
  func load(into solver: inout SATSolver) {
    forEachContainment { solver.add([SATSolver.negative($0), SATSolver.positive($1)]) }
    for group in order {
      guard let members = groups[group], members.count > 1, let field = group.field, !shape.mayBeList(field) else {
        continue
      }
      if members.count <= Self.few {
        addApart(members, to: &solver)
      } else {
        addDistinct(members, to: &solver)
      }
    }
  }

  /// Calls for pairs of tests of which the first never passes without the second.
  func forEachContainment(_ visit: (Int, Int) -> Void) {
    var count = 0
    for group in order {
      guard let members = groups[group], members.count > 1 else { continue }
      if members.count <= Self.few { visitPairs(members, visit) } else { visitContained(members, &count, visit) }
    }
  }

  /// Members of a group of which each is compared with each.
  private static let few = 64

  private func visitPairs(_ members: [Member], _ visit: (Int, Int) -> Void) {
    for (index, one) in members.enumerated() {
      for other in members[(index + 1)...] {
        if one.glob.isWithin(other.glob) { visit(one.test, other.test) }
        if other.glob.isWithin(one.glob) { visit(other.test, one.test) }
      }
    }
  }

  private func addApart(_ members: [Member], to solver: inout SATSolver) {
    for (index, one) in members.enumerated() {
      for other in members[(index + 1)...] where one.glob.isApart(from: other.glob) {
        solver.add([SATSolver.negative(one.test), SATSolver.negative(other.test)])
      }
    }
  }

  // MARK: - Many

  /// Finds the literals of some in the literals of others, in one pass over each.
  private func visitContained(_ members: [Member], _ count: inout Int, _ visit: (Int, Int) -> Void) {
    var tries: [Bool: LiteralTrie] = [false: LiteralTrie(), true: LiteralTrie()]
    for (index, member) in members.enumerated() {
      if let literal = member.glob.literal { tries[member.glob.ignoresCase]?.insert(literal, index) }
    }
    for ignoresCase in [false, true] {
      tries[ignoresCase]?.finish()
      guard let trie = tries[ignoresCase], !trie.isEmpty else { continue }
      for member in members {
        guard count < Self.limit else { return }
        for index in Self.candidates(for: member.glob, in: trie, folding: ignoresCase)
        where members[index].test != member.test && member.glob.isWithin(members[index].glob) {
          visit(member.test, members[index].test)
          count += 1
        }
      }
    }
  }

  /// The members whose literal stands somewhere in a pattern.
  private static func candidates(for glob: Glob, in trie: LiteralTrie, folding: Bool) -> [Int] {
    var found: Set<Int> = []
    for run in glob.runs {
      var node = LiteralTrie.root
      trie.forEachLiteral(endingAt: node) { found.insert($0) }
      for symbol in run {
        node = symbol.map { trie.step(node, folding ? $0.simplyFolded : $0) } ?? LiteralTrie.root
        trie.forEachLiteral(endingAt: node) { found.insert($0) }
      }
    }
    return found.sorted()
  }

  /// Says that at most one of the equalities holds, those alike but for letter case counted as one.
  private func addDistinct(_ members: [Member], to solver: inout SATSolver) {
    var variables: [[Unicode.Scalar]: Int] = [:]
    var previous: SATSolver.Literal?
    for member in members where member.glob.isExact {
      guard let literal = member.glob.literal else { continue }
      let key = literal.map(\.simplyFolded)
      if let known = variables[key] {
        solver.add([SATSolver.negative(member.test), SATSolver.positive(known)])
        continue
      }
      // `own`: the value is this text; `upTo`: it is this one or one before.
      let own = solver.addVariable()
      let upTo = solver.addVariable()
      variables[key] = own
      solver.add([SATSolver.negative(member.test), SATSolver.positive(own)])
      solver.add([SATSolver.negative(own), SATSolver.positive(upTo)])
      if let previous {
        solver.add([previous ^ 1, SATSolver.positive(upTo)])
        solver.add([previous ^ 1, SATSolver.negative(own)])
      }
      previous = SATSolver.positive(upTo)
    }
  }
}
