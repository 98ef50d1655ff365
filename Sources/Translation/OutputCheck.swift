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

  /// - Parameter claimed: Which way the reported losses err together.
  func run(
    _ rule: LoadedRule, _ neutral: Rule, _ written: WrittenRule, _ schema: TargetSchema, claimed: Drift?
  ) -> Result {
    let claim = ConvertedRule.Verdict(claimed)
    guard verify != .off else { return Result(verdict: claim, assurance: .none) }
    guard let reader = translator.reader(named: writer.name) else {
      return Result(verdict: claim, assurance: .unproved("nothing reads \(writer.name) back"))
    }
    guard let again = readBack(rule, written, schema, reader) else {
      return Result(verdict: claim, assurance: .unproved("the output is not read back as one rule"))
    }
    var result = compare(rule, neutral, again, written, claim, prover(for: rule, reader))
    result.readBack = again
    return result
  }

  /// Compares a rule with what its output means.
  private func compare(
    _ rule: LoadedRule, _ neutral: Rule, _ again: Rule, _ written: WrittenRule, _ claim: ConvertedRule.Verdict,
    _ prover: Prover
  ) -> Result {
    var (source, output) = (neutral.body, again.body)
    if rule.mapping == nil {
      // Unmapped names are compared as names: `a.b` in one language is the path of two keys in another.
      (source, output) = (source.mapFields(\.joiningKeys), output.mapFields(\.joiningKeys))
    }
    (source, output) = (BodyComparison.settled(source, by: prover), BodyComparison.settled(output, by: prover))
    guard let difference = BodyComparison.parameters(source, output) else {
      // What a product does with windows and groups may differ where the words for them are the same.
      if let loss = written.losses.first(where: \.isOfCounting) {
        return Result(
          verdict: claim, assurance: .unproved("the loss of \(loss.feature.rawValue) is not of single events"))
      }
      return seen(compare(rule, source, output, claim, prover), written.losses, claim)
    }
    // A difference of windows or groups, which losses must name; the predicates alone do not decide it.
    if claim == .exact {
      return Result(
        verdict: .both, assurance: .unproved(difference),
        diagnostics: [
          Diagnostic(
            .unexplainedDifference,
            "of the \(writer.name) form of '\(rule.title)' \(difference), and no loss was reported",
            at: rule.range)
        ])
    }
    return Result(verdict: claim, assurance: .unproved(difference))
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
    guard vendor != Neutral.name, let mapping = translator.mapping(named: rule.mapping) else { return source }
    return mapping.toEvent(source, from: vendor, unmapped: .keep).rule
  }

  private func prover(for rule: LoadedRule, _ reader: any RuleReader.Type) -> Prover {
    var prover = translator.prover(forMapping: rule.mapping)
    if rule.mapping == nil { prover.shape.othersMayBeLists = reader.unknownFieldsMayBeLists }
    return prover
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
      switch verdict(prover, output: other, source: one) {
      case .known(let verdict, let event):
        if !claim.explains(verdict) { return unexplained(rule, verdict, event?()) }
        found = found.joined(with: verdict)
      case .undecided(let reason): return tested(rule, source, output, claim, reason)
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
    _ rule: LoadedRule, _ source: RuleBody, _ output: RuleBody, _ claim: ConvertedRule.Verdict, _ reason: String
  ) -> Result {
    let candidates = CandidateValues(source.judged + output.judged)
    guard candidates.combinations(upTo: 1 << 12) != nil else {
      return Result(verdict: claim, assurance: .unproved(reason))
    }
    let events = candidates.events()
    for (one, other) in zip(source.judged, output.judged) {
      guard let source = try? TreeMatcher(one), let output = try? TreeMatcher(other) else {
        return Result(verdict: claim, assurance: .unproved(reason))
      }
      for event in events {
        guard let fires = try? source.matches(event), let firesAgain = try? output.matches(event) else {
          continue
        }
        if fires != firesAgain, !claim.explains(fires ? .narrower : .broader) {
          return unexplained(rule, fires ? .narrower : .broader, event)
        }
      }
    }
    return Result(verdict: claim, assurance: .tested(events.count))
  }
}

extension ConvertedRule.Verdict {
  init(_ drift: Drift?) {
    switch drift {
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

  /// Whether it is about how events are counted or put in order, and not about one event.
  fileprivate var isOfCounting: Bool {
    if case .predicate = feature.sample { false } else { true }
  }
}

extension RuleBody {
  /// The conditions on events, with those that only say which events of a group are measured, or which end a sequence.
  var judged: [Predicate] {
    switch self {
    case .threshold(let threshold): predicates + (threshold.further?.predicates ?? [])
    case .sequence(let sequence): predicates + (sequence.until.map { [$0.predicate] } ?? [])
    case .predicate, .newTerms, .unmodelled: predicates
    }
  }
}

extension GroupCondition {
  /// What is asked of a group, apart from which events are measured.
  fileprivate var withoutPredicates: GroupCondition { map(predicate: { _ in .always }, field: { $0 }) }
}

/// Compares what bodies say beside their predicates.
enum BodyComparison {
  /// The body with the treatment of absent group fields made plain.
  ///
  /// Where events that lack one are left out, that is a condition on events; where the condition is there, it does
  /// not matter what would become of them.
  static func settled(_ body: RuleBody, by prover: Prover) -> RuleBody {
    guard case .threshold(var threshold) = body else { return body }
    // What stays true once it is may as well be looked at when all events have come.
    let own = GroupCondition.measure(GroupMeasure(.of(threshold.measure), threshold.bound, threshold.value))
    if own.holdsOnceMet, threshold.further?.holdsOnceMet ?? true { threshold.comparison = .asEventsCome }
    let presence = threshold.groupBy.map { Predicate.presence(PresenceTest(.value, $0)) }
    switch threshold.absentKey {
    case .dropped: threshold.predicate = .conjunction([threshold.predicate] + presence)
    case .ownGroup:
      if prover.implies(threshold.predicate, .conjunction(presence)) == .impossible { threshold.absentKey = .dropped }
    }
    return .threshold(threshold)
  }

  /// How the bodies differ in kind, window, grouping or bound; nil where they do not.
  static func parameters(_ one: RuleBody, _ other: RuleBody) -> String? {
    switch (one, other) {
    case (.predicate, .predicate): return nil
    case (.threshold(var left), .threshold(var right)):
      (left.predicate, right.predicate) = (.always, .always)
      (left.further, right.further) = (left.further?.withoutPredicates, right.further?.withoutPredicates)
      (left.groupBy, right.groupBy) = (left.groupBy.sorted(by: precedes), right.groupBy.sorted(by: precedes))
      return left == right ? nil : "its window, grouping or bound reads back differently"
    case (.newTerms(var left), .newTerms(var right)):
      (left.predicate, right.predicate) = (.always, .always)
      return left == right ? nil : "its fields or history read back differently"
    case (.sequence(let left), .sequence(let right)):
      let isSame =
        left.ordering == right.ordering && left.span == right.span
        && left.steps.map(\.joinedBy) == right.steps.map(\.joinedBy)
        && left.until?.joinedBy == right.until?.joinedBy
      return isSame ? nil : "its steps read back differently"
    case (_, .unmodelled(let rest)), (.unmodelled(let rest), _): return "it is not read whole: \(rest.reason)"
    case (.predicate, _), (.threshold, _), (.newTerms, _), (.sequence, _):
      return "it reads back as another kind of rule"
    }
  }

  private static func precedes(_ one: FieldPath, _ other: FieldPath) -> Bool { one.description < other.description }
}
