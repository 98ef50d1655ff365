import Events
import FastMatch
import Matcher
import RuleIR
import SourceText
import Translation

/// Runs all rules over sources of events and writes a record a hit.
final class MatchRun {
  /// What an event gave: for each rule concerned its hit, written, or its failure.
  struct Rendered: Sendable {
    struct Hit: Sendable {
      var rule: Int
      var text: String
      /// What the rule's state takes; nil where it fires anyway.
      var observation: Observation?
    }

    var hits: [Hit] = []
    var failures: [(rule: Int, failure: EvaluationFailure)] = []
  }

  private let rules: [LoadedRule]
  private let set: RuleSet
  private let writer: HitWriter
  private var states: [RuleState]
  private(set) var hits = 0
  private var fired: Set<Int> = []
  private var failed: [Int: (failure: EvaluationFailure, count: Int)] = [:]
  private(set) var counts = LineCounts()

  init(_ loaded: [LoadedRule], format: HitFormat) {
    rules = loaded.filter { $0.neutral != nil }
    set = RuleSet(rules.compactMap(\.runnable), showing: HitWriter.shown)
    writer = HitWriter(rules, format: format)
    states = set.rules.map { RuleState($0) }
  }

  var firedRules: Int { fired.count }

  /// Rules that cannot be run at all.
  var refused: [Diagnostic] {
    self.set.refusals.sorted { $0.key < $1.key }.map { (number, failure) in
      Diagnostic(
        .evaluationFailed, "'\(rules[number].title)' cannot be run: \(failure.reason)",
        at: failure.origin.range ?? rules[number].range)
    }
  }

  /// One for each rule that had no verdict on some event.
  var failures: [Diagnostic] {
    failed.sorted { $0.key < $1.key }.map { number, entry in
      Diagnostic(
        .evaluationFailed,
        "'\(rules[number].title)' has no verdict on \(entry.count) events: \(entry.failure.reason)",
        at: entry.failure.origin.range)
    }
  }

  /// Reads a source to its end.
  ///
  /// - Parameter fail: Told what could not be read, in its place among the hits.
  func read(_ source: any ByteSource, name: String, threads: Int, fail: (EventFailure) -> Void) {
    let (set, writer) = (set, writer)
    let stream = EventStream<Rendered>(set.program, source, name: name, threads: threads) { finding in
      Self.render(finding, set, writer)
    }
    withoutActuallyEscaping(fail) { fail in
      stream.run(threads: threads) { batch in
        self.counts += batch.counts
        for entry in batch.entries {
          switch entry {
          case .output(let rendered): self.take(rendered)
          case .failure(let failure): fail(failure)
          }
        }
        return .goOn
      }
    }
  }

  private static func render(
    _ finding: LineReader.Finding, _ set: RuleSet, _ writer: HitWriter
  ) -> Rendered {
    var rendered = Rendered()
    for (rule, found) in set.findings(finding.answers, { finding.event }) {
      switch found {
      case .fires: rendered.hits.append(.init(rule: rule, text: writer.text(rule, finding)))
      case .observes(let observation):
        rendered.hits.append(
          .init(rule: rule, text: writer.text(rule, finding), observation: observation))
      case .fails(let failure): rendered.failures.append((rule, failure))
      }
    }
    return rendered
  }

  private func take(_ rendered: Rendered) {
    for (rule, failure) in rendered.failures { failed[rule, default: (failure, 0)].count += 1 }
    for hit in rendered.hits {
      if let observation = hit.observation, !states[hit.rule].add(observation) { continue }
      hits += 1
      fired.insert(hit.rule)
      Console.output.write(hit.text)
    }
  }
}
