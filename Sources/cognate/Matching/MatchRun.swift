import Cognate
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
      /// Where its text ends; it begins where that of the one before ends.
      var end: Int
      /// What the rule's state takes; nil where it fires anyway.
      var observation: Observation?
    }

    var text: [UInt8] = []
    /// What tells the event from others, where that is asked for.
    var key: EventKey?
    var hits: [Hit] = []
    var failures: [(rule: Int, failure: EvaluationFailure)] = []
  }

  private let prepared: PreparedRules
  private var rules: [LoadedRule] { prepared.rules }
  private var set: RuleSet { prepared.set }
  private let writer: HitWriter
  private var states: [RuleState]
  private let output: HitOutput
  private(set) var seen: SeenEvents?
  private(set) var hits = 0
  private var fired: Set<Int> = []
  private var failed: [Int: (failure: EvaluationFailure, count: Int)] = [:]
  private(set) var counts = LineCounts()

  /// - Parameters:
  ///   - output: Where hits go.
  ///   - seen: The events that were met before, where each is to count but once.
  ///   - interprets: Whether the tree interpreter is asked about everything.
  init(
    _ book: RuleBook, format: HitFormat, output: HitOutput, seen: SeenEvents? = nil, interprets: Bool = false
  ) {
    self.output = output
    self.seen = seen
    prepared = PreparedRules(book, showing: HitWriter.shown, interprets: interprets)
    writer = HitWriter(prepared.rules, format: format)
    states = prepared.memories
  }

  var firedRules: Int { fired.count }

  /// Rules that cannot be run at all.
  var refused: [Diagnostic] { prepared.refused }

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
  func read(
    _ source: any ByteSource, name: String, expecting expected: ExpectedEnvelope?, threads: Int,
    fail: (EventFailure) -> Void
  ) {
    let (set, writer, needsKey) = (set, writer, seen != nil)
    let stream = EventStream<Rendered>(
      set.program, source, name: name, expecting: expected, threads: threads
    ) { finding in
      Self.render(finding, set, writer, needsKey: needsKey)
    }
    withoutActuallyEscaping(fail) { fail in
      stream.run(threads: threads) { batch in
        self.take(batch, fail)
        return .goOn
      }
    }
  }

  /// Follows a log; each step is taken by `take`.
  func follow(_ log: FollowedLog, expecting expected: ExpectedEnvelope?) -> FollowStream<Rendered> {
    let (set, writer, needsKey) = (set, writer, seen != nil)
    return FollowStream(set.program, log, expecting: expected) { Self.render($0, set, writer, needsKey: needsKey) }
  }

  func take(_ batch: EventStream<Rendered>.Batch, _ fail: (EventFailure) -> Void) {
    counts += batch.counts
    for entry in batch.entries {
      switch entry {
      case .output(let rendered): take(rendered)
      case .failure(let failure): fail(failure)
      }
    }
  }

  private static func render(
    _ finding: LineReader.Finding, _ set: RuleSet, _ writer: HitWriter, needsKey: Bool
  ) -> Rendered {
    var rendered = Rendered()
    if needsKey { rendered.key = writer.key(finding) }
    var tail: Range<Int>?
    func write(_ rule: Int, _ observation: Observation?) {
      writer.append(rule, finding, to: &rendered.text, tail: &tail)
      rendered.hits.append(.init(rule: rule, end: rendered.text.count, observation: observation))
    }
    for (rule, found) in set.findings(finding.answers, { finding.event }) {
      switch found {
      case .fires: write(rule, nil)
      case .observes(let observation): write(rule, observation)
      case .fails(let failure): rendered.failures.append((rule, failure))
      }
    }
    return rendered
  }

  private func take(_ rendered: Rendered) {
    if let key = rendered.key, seen?.insert(key) == false { return }
    for (rule, failure) in rendered.failures { failed[rule, default: (failure, 0)].count += 1 }
    var start = 0
    for hit in rendered.hits {
      defer { start = hit.end }
      if let observation = hit.observation, !states[hit.rule].add(observation) { continue }
      hits += 1
      fired.insert(hit.rule)
      output.write(rendered.text[start..<hit.end])
    }
  }
}

// MARK: - What is kept from run to run

extension MatchRun {
  /// What each rule with a memory is called in a state file: its id, or its place where that is not unique.
  private var names: [(number: Int, name: String)] {
    let numbers = set.rules.indices.filter { set.rules[$0].body.isStateful }
    let ids = Dictionary(grouping: numbers) { set.rules[$0].metadata.id ?? "" }
    return numbers.map { number in
      let id = set.rules[number].metadata.id ?? ""
      let isUnique = !id.isEmpty && ids[id]?.count == 1
      return (number, isUnique ? id : "\(rules[number].path)#\(rules[number].index)")
    }
  }

  private func fingerprint(_ number: Int) -> String {
    EvidenceFile.sha256(Array(RuleOutline.text(of: set.rules[number].body, .terse).utf8))
  }

  /// Takes over what an earlier run remembered, and says what cannot be taken over.
  func restore(_ memories: [String: StateFile.Memory]) -> [String] {
    var losses: [String] = []
    for (number, name) in names {
      guard let memory = memories[name] else { continue }
      if memory.fingerprint != fingerprint(number) {
        losses.append("'\(visible(rules[number].title))' has changed, and what it remembered is forgotten")
      } else if !states[number].restore(memory.bytes) {
        losses.append("what '\(visible(rules[number].title))' remembered cannot be read, and is forgotten")
      }
    }
    return losses
  }

  /// What rules remember and have not kept yet.
  func changedMemories() -> [(rule: String, StateFile.Memory)] {
    names.compactMap { number, name in
      guard states[number].isChanged else { return nil }
      return (name, StateFile.Memory(fingerprint: fingerprint(number), bytes: states[number].kept()))
    }
  }

  /// The events that were met, where they changed.
  func changedSeen() -> [UInt8]? { seen?.isChanged == true ? seen?.kept() : nil }

  /// What windows lost, rule by rule, as sentences.
  var losses: [String] {
    states.indices.compactMap { number in
      let lost = states[number].losses
      guard !lost.isEmpty else { return nil }
      let parts = [
        lost.evicted > 0 ? "\(lost.evicted) entries were given up for want of room" : nil,
        lost.late > 0
          ? "\(lost.late) events came more than \(StateLimits().lateness / 1_000_000) s after their window" : nil,
      ]
      return "'\(visible(rules[number].title))': \(parts.compactMap(\.self).joined(separator: "; "))"
    }
  }
}
