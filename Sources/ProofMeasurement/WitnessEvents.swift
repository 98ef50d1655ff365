import Foundation
import Proof
import RuleIR
import Translation

extension Measurement {
  /// Events that tell a rule from one with a mistake in it, as they are shown to people: for every rule and mistake, a
  /// line with the file, the event, and whether the rule fires on it.
  ///
  /// - Parameter most: Mistakes of one rule, drawn with a seed.
  func witnesses(_ most: Int) {
    for (index, entry) in corpus.entries.enumerated() where entry.isSole {
      var choice = Shuffling(seed: UInt64(index + 1) &* 0xA076_1D64_78BD_642F)
      let count = entry.predicate.mutationCount()
      guard count > 0 else { continue }
      let chosen = count <= most ? Array(0..<count) : (0..<most).map { _ in choice.next(below: count) }
      for number in Set(chosen).sorted() { tell(entry, number) }
    }
  }

  private func tell(_ entry: RuleCorpus.Entry, _ number: Int) {
    guard let mutation = entry.predicate.mutation(at: number) else { return }
    let prover = translator.prover(forMapping: entry.mapping)
    let questions: [(RuleIR.Predicate, Bool)] = [
      (.all([entry.predicate, .not(mutation.predicate)]), true),
      (.all([mutation.predicate, .not(entry.predicate)]), false),
    ]
    for (question, fires) in questions {
      guard case .witness(let event) = prover.satisfy(question) else { continue }
      let line: EventValue = [
        "file": .string(entry.path), "change": .string(mutation.change.rawValue), "fires": .boolean(fires),
        "event": prover.shown(event, for: question),
      ]
      print(line.json)
    }
  }
}
