package import Events
package import Matcher
package import RuleIR

/// Predicates made ready to be asked of many events at once.
///
/// It gives each event the verdicts that the tree interpreter gives. Tests that several predicates make are made once;
/// conditions that many share keep them away from events of no concern to them; an index of what each predicate needs
/// to see leads an event to the few that it may satisfy. It never changes, so threads share it, each with a
/// `MatchSession` of its own.
package final class MatchProgram: Sendable {
  package let predicates: [Predicate]
  package let layout: FieldScanner.Layout
  let owner: ProgramTests.Owner
  let groups: Flat<IndexedGroup>
  /// The field of all scalars; beyond all others.
  let everywhere: UInt32
  /// Predicates that cannot be run, by number, with the reason; they are true of no event.
  package let refusals: [Int: EvaluationFailure]
  /// Fields that are shown of an event that has an answer: their keys, and their numbers.
  let shown: [(keys: [String], field: UInt32)]
  let bits: FieldBits
  /// What is usual in the texts of the events; nil while that is not known.
  let usual: GramCounts?
  /// Whether the tree interpreter is asked about everything, to hold the rest against it.
  let interprets: Bool
  /// What the index was chosen from.
  let choices: IndexChoices

  /// Compiles predicates.
  ///
  /// - Parameters:
  ///   - shown: The keys of fields that are shown of an event that has an answer.
  ///   - interprets: Whether the tree interpreter is asked about everything.
  package init(_ predicates: [Predicate], showing shown: [[String]] = [], interprets: Bool = false) {
    self.predicates = predicates
    self.interprets = interprets
    var builder = ProgramBuilder()
    self.shown = shown.map { ($0, builder.field($0)) }
    let sorted = RuleGroups(predicates)
    var refusals: [Int: EvaluationFailure] = [:]
    let roots = sorted.rests.enumerated().map { number, rest in
      do throws(EvaluationFailure) {
        return try builder.node(rest)
      } catch {
        refusals[number] = error
        return builder.never
      }
    }
    var gates: [Int32] = []
    // Conditions have nothing that could be refused.
    let runs = sorted.groups.map { group in
      Run(appending: group.conditions.compactMap { try? builder.node($0) }, to: &gates)
    }
    self.refusals = refusals
    var planner = WitnessPlanner(builder: builder)
    let plans = sorted.rests.enumerated().map { number, rest in
      refusals[number] == nil ? planner.plan(rest) : .none
    }
    let required = sorted.rests.map { planner.required(by: $0) }
    builder = planner.builder
    layout = FieldScanner.Layout(paths: builder.paths, collectsAll: builder.looksEverywhere)
    everywhere = UInt32(builder.paths.count)
    owner = ProgramTests.Owner(ProgramTests(builder, roots: roots, gates: gates, everywhere: everywhere))
    bits = FieldBits(required, fieldCount: layout.fieldCount + 1)
    choices = IndexChoices(
      plans: plans, witnesses: planner.witnesses, gates: runs,
      members: sorted.groups.map { $0.members.filter { refusals[$0] == nil } })
    usual = nil
    groups = choices.groups(choices.witnesses.map(\.guess), fieldCount: layout.fieldCount + 1, everywhere: everywhere)
  }

  /// The same predicates with another index.
  init(_ other: MatchProgram, groups: Flat<IndexedGroup>, usual: GramCounts) {
    predicates = other.predicates
    layout = other.layout
    owner = other.owner
    everywhere = other.everywhere
    refusals = other.refusals
    shown = other.shown
    bits = other.bits
    interprets = other.interprets
    choices = other.choices
    self.usual = usual
    self.groups = groups
  }

  deinit {
    for index in 0..<groups.count { groups[index].free() }
    groups.free()
  }
}

/// What may lead an event to each predicate, group by group.
struct IndexChoices: Sendable {
  let plans: [WitnessPlan]
  let witnesses: [Witness]
  let gates: [Run]
  let members: [[Int]]

  /// Chooses for each predicate what is rarest.
  func groups(
    _ frequencies: [Int], fieldCount: Int, everywhere: UInt32, usual: GramCounts? = nil
  ) -> Flat<IndexedGroup> {
    Flat(
      zip(gates, members).map { gates, members in
        var callers: [Int32: [Int32]] = [:]
        var unconditional: [Int32] = []
        for number in members {
          guard let choice = plans[number].choice(frequencies) else {
            unconditional.append(Int32(number))
            continue
          }
          for witness in choice.witnesses where callers[witness]?.last != Int32(number) {
            callers[witness, default: []].append(Int32(number))
          }
        }
        let named = callers.sorted { $0.key < $1.key }.map { (witnesses[Int($0.key)], $0.value) }
        return IndexedGroup(
          gates: gates, index: WitnessIndex(named, fieldCount: fieldCount, everywhere: everywhere, usual: usual),
          unconditional: Flat(unconditional))
      })
  }
}
