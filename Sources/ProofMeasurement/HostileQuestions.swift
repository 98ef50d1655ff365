import Foundation
import Proof
import RuleIR
import TestSupport
import Translation

extension Measurement {
  /// Predicates that are hard on purpose, with the time that each answer takes.
  static func hostile(_ translator: Translator) {
    let prover = translator.prover(forMapping: nil)
    for hostile in HostilePredicate.all(inParts: 1) {
      var answer = Prover.Answer.impossible
      let time = ContinuousClock().measure { answer = prover.satisfy(hostile.predicate) }
      var line: EventObject = EventObject()
      line["hostile"] = .string(hostile.description)
      line["us"] = .number(Number(time.microseconds))
      switch answer {
      case .impossible: line["answer"] = "impossible"
      case .witness: line["answer"] = "witness"
      case .undecided(let reason):
        line["answer"] = "undecided"
        line["reason"] = .string(reason)
      }
      print(EventValue.object(line).json)
    }
  }
}

extension Duration {
  var microseconds: Int { Int(components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000) }
}
