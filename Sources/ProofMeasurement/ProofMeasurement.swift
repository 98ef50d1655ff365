import FieldMapping
import Foundation
import RuleIR
import SourceText
import Translation

/// Measures the prover on files of rules; `scripts/proof` runs it and sums up.
///
///     ProofMeasurement self|mutants [--macros PATH] PATH…
///     ProofMeasurement witnesses COUNT [--macros PATH] PATH…
///     ProofMeasurement hostile
///     ProofMeasurement scripts COUNT FOLDER [--macros PATH] PATH…
@main
struct ProofMeasurement {
  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    func take(_ what: String) -> String {
      guard !arguments.isEmpty else { stop("no \(what) was given") }
      return arguments.removeFirst()
    }
    let question = take("question")
    var (count, folder) = (0, "")
    if question == "scripts" { (count, folder) = (Int(take("count")) ?? 0, take("folder")) }
    if question == "witnesses" { count = Int(take("count")) ?? 0 }
    var macros: [String] = []
    if let option = arguments.firstIndex(of: "--macros"), option + 1 < arguments.count {
      macros = [arguments[option + 1]]
      arguments.removeSubrange(option...(option + 1))
    }
    let translator = try Translator(unmapped: .keep)
    if question == "hostile" { return Measurement.hostile(translator) }
    let measurement = Measurement(corpus: RuleCorpus(arguments, macros: macros, translator), translator: translator)
    switch question {
    case "self": measurement.selves()
    case "mutants": measurement.mutants()
    case "witnesses": measurement.witnesses(count)
    case "scripts": try measurement.scripts(count, in: folder)
    case _: stop("there is no question '\(question)'")
    }
    for (form, count) in measurement.corpus.unmodelled.sorted(by: { $0.key < $1.key }) {
      let line: EventValue = ["unmodelled": .string(form), "count": .number(Number(count))]
      print(line.json)
    }
  }
}

/// Ends the measurement with what is wrong with its arguments.
private func stop(_ message: String) -> Never {
  FileHandle.standardError.write(Data("ProofMeasurement: \(message)\n".utf8))
  exit(3)
}
