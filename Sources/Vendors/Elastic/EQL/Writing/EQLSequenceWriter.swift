import LanguageSupport
import RuleIR
import SourceText

/// Writes sequences, and samples for events in any order.
struct EQLSequenceWriter {
  private let schema: TargetSchema
  private let printer: EQLPrinter

  init(_ schema: TargetSchema) {
    self.schema = schema
    printer = EQLPrinter(schema: schema)
  }

  func text(of sequence: EventSequence) throws(Diagnostic) -> Fragment {
    let feature: Feature = sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence
    guard sequence.steps.count >= 2 else {
      throw printer.never(feature, "a sequence has at least two events", at: sequence.origin)
    }
    let all = sequence.steps + (sequence.until.map { [$0] } ?? [])
    let shared = Self.sharedKeys(all)
    var fragment = Fragment(try head(of: sequence, feature, shared))
    for (step, runs) in Self.runs(sequence.steps) {
      try add("\n  ", step, shared, runs, to: &fragment)
    }
    if sequence.ordering == .unordered { fragment.losses += losses(ofSample: sequence) }
    guard let until = sequence.until else { return fragment }
    try add("\nuntil ", until, shared, 1, to: &fragment)
    return fragment
  }

  private func head(
    of sequence: EventSequence, _ feature: Feature, _ shared: [FieldPath]
  ) throws(Diagnostic) -> String {
    var head = sequence.ordering == .ordered ? "sequence" : "sample"
    if sequence.ordering == .unordered {
      guard sequence.until == nil else {
        throw printer.never(.sequenceEnd, "a sample has no end", at: sequence.origin)
      }
      guard sequence.steps.allSatisfy({ !$0.joinedBy.isEmpty }) else {
        throw printer.never(feature, "the events of a sample are joined by a field", at: sequence.origin)
      }
    }
    if !shared.isEmpty { head += " by \(try names(shared, at: sequence.origin))" }
    if let span = sequence.span, sequence.ordering == .ordered { head += " with maxspan=\(span)" }
    return head
  }

  private func add(
    _ start: String, _ step: EventSequence.Step, _ shared: [FieldPath], _ runs: Int, to fragment: inout Fragment
  ) throws(Diagnostic) {
    let event = try EQLEventWriter(schema: schema).event(step.predicate, indent: "    ")
    let own = Array(step.joinedBy.dropFirst(shared.count))
    let origin = step.predicate.origin
    fragment.text += "\(start)[\(event.text)]"
    if !own.isEmpty { fragment.text += " by \(try names(own, at: origin))" }
    if runs > 1 { fragment.text += " with runs=\(runs)" }
    fragment.losses += event.losses
  }

  private func names(_ fields: [FieldPath], at origin: Origin) throws(Diagnostic) -> String {
    var names: [String] = []
    for field in fields {
      let name = try printer.name(of: field, at: origin)
      guard name.losses.isEmpty else {
        throw printer.never(.orderedSequence, "events are joined by whole fields", at: origin)
      }
      names.append(name.text)
    }
    return names.joined(separator: ", ")
  }

  /// The fields that come first in every step.
  private static func sharedKeys(_ steps: [EventSequence.Step]) -> [FieldPath] {
    let first = steps[0].joinedBy
    let count = first.indices.prefix { index in
      steps.allSatisfy { index < $0.joinedBy.count && $0.joinedBy[index] == first[index] }
    }.count
    return Array(first.prefix(count))
  }

  /// Steps that follow one of their own kind are counted, up to a hundred.
  private static func runs(_ steps: [EventSequence.Step]) -> [(step: EventSequence.Step, count: Int)] {
    var runs: [(step: EventSequence.Step, count: Int)] = []
    for step in steps {
      if let last = runs.last, last.step == step, last.count < 100 {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((step, 1))
      }
    }
    return runs
  }

  private func losses(ofSample sequence: EventSequence) -> [Loss] {
    func lost(_ drift: Drift, _ reason: String) -> Loss {
      Loss(.unorderedSequence, drift, because: reason, at: sequence.origin)
    }
    let differs = lost(.both, "a sample wants an event of its own for each step, and looks at the whole search")
    return [differs]
  }
}
