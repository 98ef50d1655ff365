import FieldMapping
import LanguageSupport
import Matcher
import Neutral
import Proof
import RuleIR
import SourceText

/// Reads an output back and compares it with its source: the check of a translation by its result.
struct OutputCheck {
  struct Result {
    var verdict: ConvertedRule.Verdict
    var assurance: ConvertedRule.Assurance
    var diagnostics: [Diagnostic] = []
    /// The output's meaning, in the event's fields.
    var readBack: Rule?
  }

  let translator: Translator
  let writer: any RuleWriter.Type
  let verify: Verification

  /// - Parameter losses: All that were reported, of the mapping and of the writer.
  func run(
    _ rule: LoadedRule, _ neutral: Rule, _ written: WrittenRule, _ schema: TargetSchema, _ losses: [Loss]
  ) -> Result {
    let claim = ConvertedRule.Verdict(claimedBy: losses)
    guard verify != .off else { return Result(verdict: claim, assurance: .none) }
    guard let reader = translator.reader(named: writer.name) else {
      return Result(verdict: claim, assurance: .unproved("nothing reads \(writer.name) back"))
    }
    guard let again = readBack(rule, written, schema, reader) else {
      return Result(verdict: claim, assurance: .unproved("the output is not read back as one rule"))
    }
    var result = compare(rule, neutral, again, losses, prover(for: rule, reader))
    result.readBack = again
    return result
  }

  /// Compares a rule with what its output means.
  private func compare(
    _ rule: LoadedRule, _ neutral: Rule, _ again: Rule, _ losses: [Loss], _ prover: Prover
  ) -> Result {
    let claim = ConvertedRule.Verdict(claimedBy: losses)
    var (source, output) = (neutral.body, again.body)
    if keepsNames(of: rule) {
      // Unmapped names are compared as names: `a.b` in one language is the path of two keys in another.
      (source, output) = (source.mapFields(\.joiningKeys), output.mapFields(\.joiningKeys))
      if source.marksLists != output.marksLists {
        // `a{}` in a language that marks lists in names is the `a` of one that does not.
        (source, output) = (source.mapFields(\.withoutListMarks), output.mapFields(\.withoutListMarks))
      }
    }
    (source, output) = (source.settled(by: prover), output.settled(by: prover))
    let difference = BodyDifference(source, output)
    if let difference, claim == .exact { return unexplained(rule, difference) }
    // What a product does with windows and groups may differ where the words for them are the same.
    let loss = losses.first(where: \.isOfCounting)
    let reason = difference?.ofOutput ?? loss.map { "the loss of \($0.feature.rawValue) is not of single events" }
    guard let reason else { return seen(compare(rule, source, output, claim, prover), losses, claim) }
    // The conditions on events are held against each other all the same; what is lost of the counting excuses none.
    if source.judged.count == output.judged.count {
      let ofEvents = ConvertedRule.Verdict(claimedBy: losses.filter { !$0.isOfCounting || $0.isOfAbsentKeys })
      let found = compare(rule, source, output, ofEvents, prover)
      if !found.diagnostics.isEmpty { return found }
    }
    return Result(verdict: claim, assurance: .unproved(reason))
  }

  /// A difference of windows or groups that no loss names; conditions on events do not decide it.
  private func unexplained(_ rule: LoadedRule, _ difference: BodyDifference) -> Result {
    Result(
      verdict: .both, assurance: .unproved(difference.ofOutput),
      diagnostics: [
        Diagnostic(
          .unexplainedDifference,
          "of the \(writer.name) form of '\(rule.title)' \(difference.ofOutput), and no loss was reported",
          at: rule.range)
      ])
  }

  private func readBack(
    _ rule: LoadedRule, _ written: WrittenRule, _ schema: TargetSchema, _ reader: any RuleReader.Type
  ) -> Rule? {
    let file = SourceFile(name: "output\(writer.fileExtension)", text: written.text)
    var companions: [String: SourceFile] = [:]
    for companion in written.companions {
      let name = "output\(companion.fileExtension)"
      companions[name] = SourceFile(name: name, text: companion.text)
    }
    let readings = reader.read(file, in: ReadingContext(companions: companions))
    guard readings.count == 1, let source = readings[0].rule else { return nil }
    let vendor = translator.vendor(ofWriter: writer.name)
    guard vendor != Neutral.name, let mapping = translator.mapping(for: rule, of: vendor) else { return source }
    return mapping.toEvent(source, from: vendor, unmapped: .keep).rule
  }

  private func prover(for rule: LoadedRule, _ reader: any RuleReader.Type) -> Prover {
    var prover = translator.prover(forMapping: rule.mapping)
    if keepsNames(of: rule) { prover.shape.othersMayBeLists = reader.unknownFieldsMayBeLists }
    return prover
  }

  /// Whether no mapping gave the output's fields their names.
  private func keepsNames(of rule: LoadedRule) -> Bool {
    let vendor = translator.vendor(ofWriter: writer.name)
    return vendor == Neutral.name ? rule.mapping == nil : translator.mapping(for: rule, of: vendor) == nil
  }

  /// A result beside losses that no event of the model shows, which are then taken on the writer's word.
  private func seen(_ result: Result, _ losses: [Loss], _ claim: ConvertedRule.Verdict) -> Result {
    guard result.assurance == .proved, result.verdict == .exact, let loss = losses.first(where: \.isUnseen) else {
      return result
    }
    return Result(verdict: claim, assurance: .unproved(loss.reason))
  }

  private func compare(
    _ rule: LoadedRule, _ source: RuleBody, _ output: RuleBody, _ claim: ConvertedRule.Verdict, _ prover: Prover
  ) -> Result {
    var found: ConvertedRule.Verdict = .exact
    for (one, other) in zip(source.judged, output.judged) {
      switch verdict(prover, output: other.predicate, source: one.predicate) {
      case .known(let part, let event):
        guard let verdict = one.outcome(of: part) else {
          // What it does to the whole is not told: the writer's word stands, where it gave one.
          if claim == .exact { return unexplained(rule, part, event?()) }
          return Result(verdict: claim, assurance: .unproved("\(one.name ?? "a condition") reads back differently"))
        }
        if !claim.explains(verdict) { return unexplained(rule, verdict, event?()) }
        found = found.joined(with: verdict)
      case .undecided(let reason): return tested(rule, source, output, claim, reason, prover.shape)
      }
    }
    return Result(verdict: found, assurance: .proved)
  }

  private enum Decision {
    /// With the event to show, should it be needed.
    case known(ConvertedRule.Verdict, (() -> EventValue)?)
    case undecided(String)
  }

  private func verdict(_ prover: Prover, output: Predicate, source: Predicate) -> Decision {
    if verify == .test { return .undecided("only tested") }
    let more = Predicate.all([output, .not(source)])
    let fewer = Predicate.all([source, .not(output)])
    switch (prover.satisfy(more), prover.satisfy(fewer)) {
    case (.impossible, .impossible): return .known(.exact, nil)
    case (.witness(let event), .impossible): return .known(.broader, { prover.shown(event, for: more) })
    case (.impossible, .witness(let event)): return .known(.narrower, { prover.shown(event, for: fewer) })
    case (.witness(let event), .witness): return .known(.both, { prover.shown(event, for: more) })
    case (.undecided(let reason), _), (_, .undecided(let reason)): return .undecided(reason)
    }
  }

  private func unexplained(_ rule: LoadedRule, _ verdict: ConvertedRule.Verdict, _ event: EventValue?) -> Result {
    Result(
      verdict: verdict, assurance: .proved,
      diagnostics: [
        Diagnostic(
          .unexplainedDifference,
          "the \(writer.name) form of '\(rule.title)' is \(verdict.rawValue), and no reported loss explains it",
          at: rule.range, notes: event.map { ["this event tells the two apart: \($0.json)"] } ?? [])
      ])
  }

  /// Compares on events made from the values that both test.
  private func tested(
    _ rule: LoadedRule, _ source: RuleBody, _ output: RuleBody, _ claim: ConvertedRule.Verdict, _ reason: String,
    _ shape: EventShape
  ) -> Result {
    let candidates = CandidateValues((source.judged + output.judged).map(\.predicate), shape: shape)
    guard candidates.combinations(upTo: 1 << 12) != nil else {
      return Result(verdict: claim, assurance: .unproved(reason))
    }
    let events = candidates.events()
    var tried = 0
    for (one, other) in zip(source.judged, output.judged) {
      guard let source = try? TreeMatcher(one.predicate), let output = try? TreeMatcher(other.predicate) else {
        return Result(verdict: claim, assurance: .unproved(reason))
      }
      for event in events {
        guard let fires = try? source.matches(event), let firesAgain = try? output.matches(event) else {
          continue
        }
        tried += 1
        guard fires != firesAgain else { continue }
        let verdict = one.outcome(of: fires ? .narrower : .broader)
        if verdict.map({ !claim.explains($0) }) ?? (claim == .exact) {
          return unexplained(rule, verdict ?? .both, event)
        }
      }
    }
    return Result(verdict: claim, assurance: tried > 0 ? .tested(tried) : .unproved(reason))
  }
}

extension RuleBody {
  /// Whether some field's name says that it is a list's.
  fileprivate var marksLists: Bool {
    var marks = false
    _ = mapFields { path in
      marks = marks || path.steps.contains(.each)
      return path
    }
    return marks
  }
}

extension FieldPath {
  fileprivate var withoutListMarks: FieldPath {
    let kept = steps.filter { $0 != .each }
    return kept.isEmpty ? self : FieldPath(kept).joiningKeys
  }
}

extension ConvertedRule.Verdict {
  /// What losses make of a conversion together.
  init(claimedBy losses: [Loss]) {
    switch losses.reduce(nil as Drift?, { $0?.joined(with: $1.drift) ?? $1.drift }) {
    case nil: self = .exact
    case .broader?: self = .broader
    case .narrower?: self = .narrower
    case .both?: self = .both
    }
  }

  /// Whether losses that claim this leave room for a difference that was found.
  func explains(_ found: ConvertedRule.Verdict) -> Bool {
    switch (self, found) {
    case (_, .exact), (.both, _), (.broader, .broader), (.narrower, .narrower): true
    case (.exact, _), (.broader, _), (.narrower, _), (.refused, _): false
    }
  }

  func joined(with other: ConvertedRule.Verdict) -> ConvertedRule.Verdict {
    if self == other || other == .exact { return self }
    return self == .exact ? other : .both
  }
}

extension Loss {
  /// Whether it is about what the rule model does not tell apart: how a product spells numbers, folds letters, or what
  /// else it searches.
  fileprivate var isUnseen: Bool {
    feature == .anyField || feature == .spelledValue || feature == .unicodeFolding || feature == .regexIgnoringCase
  }

  /// Whether it is about events that lack a field of the grouping, which a settled body tells by its condition.
  fileprivate var isOfAbsentKeys: Bool { feature == .absentKeyGroup }

  /// Whether it is about how events are counted or put in order, and not about one event.
  fileprivate var isOfCounting: Bool {
    if case .predicate = feature.sample { false } else { true }
  }
}

extension BodyPart {
  /// What becomes of the body where the output's condition lies so to this one; nil where that is not told.
  fileprivate func outcome(of verdict: ConvertedRule.Verdict) -> ConvertedRule.Verdict? {
    switch (variance, verdict) {
    case (_, .exact), (.along, _): verdict
    case (.against, .narrower): .broader
    case (.against, .broader): .narrower
    case (.against, .both), (.against, .refused): verdict
    case (.either, _): nil
    }
  }
}
