import Matcher
import RuleIR

/// The tests of a program, laid out flat; programs that differ in their index alone share them.
struct ProgramTests: Sendable {
  let leaves: Flat<Leaf>
  let nodes: Flat<Node>
  let children: Flat<Int32>
  let pool: Flat<UInt8>
  let globs: Flat<ByteGlob>
  let sets: Flat<LiteralSet>
  /// What each of the text sets tests; a session makes those that it needs.
  let textSets: Flat<[TextSet.Test]>
  let regexes: Flat<CompiledRegex>
  let trees: Flat<TreeMatcher>
  let conditions: Flat<ValueCondition>
  /// The node of what each predicate asks beyond the conditions of its group.
  let roots: Flat<Int32>
  /// The nodes of the groups' conditions.
  let gates: Flat<Int32>

  /// - Parameter everywhere: The number of the field of all scalars.
  init(_ builder: ProgramBuilder, roots: [Int32], gates: [Int32], everywhere: UInt32) {
    leaves = Flat(
      builder.leaves.map { leaf in
        var leaf = leaf
        if leaf.field == ProgramBuilder.everywhere { leaf.field = everywhere }
        return leaf
      })
    nodes = Flat(builder.nodes)
    children = Flat(builder.children)
    pool = Flat(builder.pool)
    globs = Flat(builder.globs)
    sets = Flat(builder.sets)
    textSets = Flat(builder.textSets)
    regexes = Flat(builder.regexes)
    trees = Flat(builder.trees)
    conditions = Flat(builder.conditions)
    self.roots = Flat(roots)
    self.gates = Flat(gates)
  }

  func free() {
    for index in 0..<sets.count { sets[index].free() }
    leaves.free()
    nodes.free()
    children.free()
    pool.free()
    globs.free()
    sets.free()
    textSets.free()
    regexes.free()
    trees.free()
    conditions.free()
    roots.free()
    gates.free()
  }

  /// Frees the tests with the last program that has them.
  final class Owner: Sendable {
    let tests: ProgramTests
    init(_ tests: ProgramTests) { self.tests = tests }
    deinit { tests.free() }
  }
}

/// Predicates that share conditions, and what leads events to them.
struct IndexedGroup: Sendable {
  /// The conditions, among the program's gates.
  let gates: Run
  let index: WitnessIndex
  /// Predicates that every event must be asked.
  let unconditional: Flat<Int32>

  func free() {
    index.free()
    unconditional.free()
  }
}
