import Foundation
import Proof
import RuleIR
import Translation

/// Puts questions about every rule to the prover, and tells answers and times a line a question.
struct Measurement {
  let corpus: RuleCorpus
  let translator: Translator

  /// Each rule against itself, shuffled and with negations pushed.
  func selves() {
    for (index, entry) in corpus.entries.enumerated() {
      var shuffling = Shuffling(seed: UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15)
      ask(entry, entry.predicate, shuffling.rewritten(entry.predicate))
    }
  }

  /// Each rule against itself with one mistake.
  func mutants() {
    for (index, entry) in corpus.entries.enumerated() {
      var choice = Shuffling(seed: UInt64(index + 1) &* 0xD1B5_4A32_D192_ED03)
      let count = entry.predicate.mutationCount()
      guard count > 0, let mutation = entry.predicate.mutation(at: choice.next(below: count)) else { continue }
      var told = EventObject()
      told["change"] = .string(mutation.change.rawValue)
      told["subject"] = .string(mutation.subject)
      ask(entry, entry.predicate, mutation.predicate, told)
    }
  }

  private func ask(
    _ entry: RuleCorpus.Entry, _ one: RuleIR.Predicate, _ other: RuleIR.Predicate, _ more: EventObject = EventObject()
  ) {
    let prover = translator.prover(forMapping: entry.mapping)
    var answers: [Prover.Answer] = []
    // Not `compare`, which knows equal normal forms without a proof.
    let time = ContinuousClock().measure {
      answers = [prover.implies(one, other), prover.implies(other, one)]
    }
    var line = more
    line["rule"] = .string(entry.name)
    line["form"] = .string(entry.form)
    line["verdict"] = .string(Self.verdict(answers))
    line["us"] = .number(Number(time.microseconds))
    let reasons = answers.compactMap { answer -> String? in
      if case .undecided(let reason) = answer { reason } else { nil }
    }
    if let reason = reasons.first { line["reason"] = .string(reason) }
    print(EventValue.object(line).json)
  }

  /// Questions about the rules as scripts for a general solver, with the prover's answers; a file each in a folder.
  func scripts(_ count: Int, in folder: String) throws {
    var made = 0
    let step = max(1, corpus.entries.count / max(1, count))
    // Every so many rules, then those beside them, until there are enough.
    for offset in 0..<step {
      for index in stride(from: offset, to: corpus.entries.count, by: step) where made < count {
        if try script(index, made, in: folder) { made += 1 }
      }
    }
  }

  private func script(_ index: Int, _ made: Int, in folder: String) throws -> Bool {
    let entry = corpus.entries[index]
    var choice = Shuffling(seed: UInt64(index + 1) &* 0xD1B5_4A32_D192_ED03)
    let mistakes = entry.predicate.mutationCount()
    guard mistakes > 0, let mutation = entry.predicate.mutation(at: choice.next(below: mistakes)) else { return false }
    // Alternately the rule beyond its mutant, the mutant beyond the rule, and the rule beyond itself.
    let other = choice.rewritten(made % 3 == 2 ? entry.predicate : mutation.predicate)
    let question: RuleIR.Predicate =
      made % 3 == 1 ? .all([other, .not(entry.predicate)]) : .all([entry.predicate, .not(other)])
    guard let script = SolverScript(question) else { return false }
    var prover = translator.prover(forMapping: nil)
    for field in script.fields { prover.shape.fields[field] = EventShape.Field(type: nil, isList: false) }
    let name = "\(made).smt2"
    try Data(script.text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    let answer =
      switch prover.satisfy(question) {
      case .impossible: "unsat"
      case .witness: "sat"
      case .undecided: "undecided"
      }
    let line: EventValue = ["script": .string(name), "rule": .string(entry.name), "answer": .string(answer)]
    print(line.json)
    return true
  }

  private static func verdict(_ answers: [Prover.Answer]) -> String {
    switch (answers[0], answers[1]) {
    case (.undecided, _), (_, .undecided): "undecided"
    case (.impossible, .impossible): "equivalent"
    case (.impossible, .witness): "narrower"
    case (.witness, .impossible): "broader"
    case (.witness, .witness): "overlapping"
    }
  }
}
