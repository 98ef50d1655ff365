import FieldMapping
import Foundation
import RuleIR
import SourceText
import Translation

/// Measures the prover on files of rules; `scripts/proof` runs it and sums up.
///
///     ProofMeasurement self|mutants|smt [--macros PATH] PATH…
@main
struct ProofMeasurement {
  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    guard !arguments.isEmpty else { fatalError("ProofMeasurement self|mutants|smt [--macros PATH] PATH…") }
    let question = arguments.removeFirst()
    var macros: [String] = []
    if let option = arguments.firstIndex(of: "--macros"), option + 1 < arguments.count {
      macros = [arguments[option + 1]]
      arguments.removeSubrange(option...(option + 1))
    }
    let translator = try Translator(unmapped: .keep)
    let measurement = Measurement(corpus: RuleCorpus(arguments, macros: macros, translator), translator: translator)
    switch question {
    case "self": measurement.selves()
    case "mutants": measurement.mutants()
    case _: fatalError("unknown question '\(question)'")
    }
    for (form, count) in measurement.corpus.unmodelled.sorted(by: { $0.key < $1.key }) {
      let line: EventValue = ["unmodelled": .string(form), "count": .number(Number(count))]
      print(line.json)
    }
  }
}
