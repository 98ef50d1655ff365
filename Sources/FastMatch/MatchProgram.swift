package import Events
package import Matcher
package import RuleIR

/// Predicates made ready to be asked of many events at once.
///
/// It gives each event the verdicts that the tree interpreter gives. Tests that several predicates make are made once;
/// an index of what each predicate needs to see leads an event to the few that it may satisfy. It never changes, so
/// threads share it, each with a `MatchSession` of its own.
package final class MatchProgram: Sendable {
  package let predicates: [Predicate]
  package let layout: FieldScanner.Layout
  let leaves: Flat<Leaf>
  let nodes: Flat<Node>
  let children: Flat<Int32>
  let pool: Flat<UInt8>
  let globs: [ByteGlob]
  let sets: [LiteralSet]
  let textSets: [TextSet]
  let regexes: [CompiledRegex]
  let trees: [TreeMatcher]
  let conditions: [ValueCondition]
  /// The node of each predicate.
  let roots: Flat<Int32>
  let index: WitnessIndex
  /// Predicates that every event must be asked.
  let unconditional: Flat<Int32>
  /// The field of all scalars; beyond all others.
  let everywhere: UInt32
  /// Predicates that cannot be run, by number, with the reason; they are true of no event.
  package let refusals: [Int: EvaluationFailure]

  /// Fields that are shown of an event that has an answer: their keys, and their numbers.
  let shown: [(keys: [String], field: UInt32)]

  /// Compiles predicates.
  ///
  /// - Parameter shown: The keys of fields that are shown of an event that has an answer.
  package convenience init(_ predicates: [Predicate], showing shown: [[String]] = []) {
    self.init(predicates, showing: shown, seen: nil)
  }

  init(_ predicates: [Predicate], showing shown: [[String]], seen: [String: Int]?) {
    self.predicates = predicates
    var builder = ProgramBuilder()
    self.shown = shown.map { ($0, builder.field($0)) }
    var roots: [Int32] = []
    var refusals: [Int: EvaluationFailure] = [:]
    for (number, predicate) in predicates.enumerated() {
      do throws(EvaluationFailure) {
        roots.append(try builder.node(predicate))
      } catch {
        refusals[number] = error
        roots.append(builder.never)
      }
    }
    self.refusals = refusals
    var finder = WitnessFinder(builder: builder, seen: seen)
    var callers: [Witness: [Int32]] = [:]
    var unconditional: [Int32] = []
    for (number, predicate) in predicates.enumerated() where refusals[number] == nil {
      guard let found = finder.find(predicate) else {
        unconditional.append(Int32(number))
        continue
      }
      for witness in found.witnesses where callers[witness]?.last != Int32(number) {
        callers[witness, default: []].append(Int32(number))
      }
    }
    builder = finder.builder
    layout = FieldScanner.Layout(paths: builder.paths, collectsAll: builder.looksEverywhere)
    everywhere = UInt32(builder.paths.count)
    let all = UInt32(builder.paths.count)
    leaves = Flat(
      builder.leaves.map { leaf in
        var leaf = leaf
        if leaf.field == ProgramBuilder.everywhere { leaf.field = all }
        return leaf
      })
    nodes = Flat(builder.nodes)
    children = Flat(builder.children)
    pool = Flat(builder.pool)
    globs = builder.globs
    sets = builder.sets
    textSets = builder.textSets
    regexes = builder.regexes
    trees = builder.trees
    conditions = builder.conditions
    self.roots = Flat(roots)
    index = WitnessIndex(callers, fieldCount: layout.fieldCount + 1, everywhere: everywhere)
    self.unconditional = Flat(unconditional)
  }

  deinit {
    leaves.free()
    nodes.free()
    children.free()
    pool.free()
    for set in sets { set.free() }
    for set in textSets { set.free() }
    roots.free()
    index.free()
    unconditional.free()
  }
}
