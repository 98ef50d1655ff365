import Matcher
import Proof
import RuleIR

/// The least change of an event that makes a rule fire.
enum NearestEvent {
  /// The change in words: `change verb to "list"`; nil where none of a few fields was found.
  static func change(for predicates: [Predicate], from event: EventValue, by prover: Prover) -> String? {
    guard let predicate = predicates.first, let matcher = try? TreeMatcher(predicate),
      case .witness(let witness) = prover.smallestEvent(for: predicate)
    else { return nil }
    let leaves = witness.leaves(at: [])
    // Fields of the witness are put into the event, one, two, then three at a time.
    for size in 1...3 {
      for chosen in combinations(of: leaves, size) {
        var changed = event
        for leaf in chosen { changed = changed.setting(leaf.value, at: leaf.steps[...]) }
        if (try? matcher.matches(changed)) == true { return chosen.map(words).joined(separator: ", ") }
      }
    }
    return nil
  }

  private static func words(_ leaf: (steps: [FieldPath.Step], value: EventValue)) -> String {
    "change \(FieldPath(leaf.steps)) to \(leaf.value.json)"
  }

  private static func combinations<Element>(of elements: [Element], _ size: Int) -> [[Element]] {
    guard size > 0 else { return [[]] }
    let few = elements.prefix(12)
    return few.indices.flatMap { index in
      combinations(of: Array(few[(index + 1)...]), size - 1).map { [few[index]] + $0 }
    }
  }
}

extension EventValue {
  fileprivate func leaves(at steps: [FieldPath.Step]) -> [(steps: [FieldPath.Step], value: EventValue)] {
    guard case .object(let object) = self, !object.members.isEmpty else { return [(steps, self)] }
    return object.members.flatMap { $0.value.leaves(at: steps + [.key($0.key)]) }
  }
}
