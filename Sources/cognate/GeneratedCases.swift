import Proof
import RuleIR
import SourceText
import Translation

/// Cases that the prover finds for a rule: an event that fires it, and for each test two that it tells apart.
///
/// They say what a rule does, not what it is to do: they are marked as generated, and counted apart where they are
/// run. Each is run before it is kept.
struct GeneratedCases {
  struct Case {
    var name: String
    var events: [EventValue]
    /// Whether the rule fires, at least once.
    var fires: Bool
  }

  private(set) var cases: [Case] = []
  /// Why there is none, or none for some test.
  private(set) var gaps: [String] = []
  private let rule: Rule
  private let prover: Prover
  private var seen: Set<String> = []

  /// The tests of a rule for which events are looked for: enough for all but lists of hundreds of values.
  static let limit = 200

  init(_ rule: Rule, by prover: Prover) {
    self.rule = rule
    self.prover = prover
    switch rule.body {
    case .predicate(let predicate): add(predicate, copies: 1, groupedBy: [])
    case .threshold(let threshold): add(threshold)
    case .newTerms(let terms): add(terms.predicate, copies: 1, groupedBy: terms.fields)
    case .sequence: gaps.append("a sequence needs several events in order")
    case .unmodelled(let rest): gaps.append("it is not modelled: \(rest.reason)")
    }
  }

  /// As many events as the bound asks for.
  private mutating func add(_ threshold: Threshold) {
    guard case .count = threshold.measure, case .order(let order) = threshold.bound,
      let bound = threshold.value.integer, (0..<1_000).contains(bound)
    else {
      gaps.append("its bound is not a plain count of events")
      return
    }
    switch order {
    case .greaterOrEqual: add(threshold.predicate, copies: max(1, Int(bound)), groupedBy: threshold.groupBy)
    case .greater: add(threshold.predicate, copies: Int(bound) + 1, groupedBy: threshold.groupBy)
    case .less, .lessOrEqual: gaps.append("its bound is from above")
    }
  }

  private mutating func add(_ predicate: Predicate, copies: Int, groupedBy fields: [FieldPath]) {
    let present = fields.map { Predicate.presence(PresenceTest(.value, $0)) }
    let whole = Predicate.all([predicate] + present)
    switch prover.smallestEvent(for: whole) {
    case .witness(let event):
      let shown = prover.shown(event, for: whole)
      keep(Case(name: "fires", events: Array(repeating: shown, count: copies), fires: true))
      if copies > 1 {
        keep(Case(name: "one too few", events: Array(repeating: shown, count: copies - 1), fires: false))
      }
    case .impossible: gaps.append("it can never fire")
    case .undecided(let reason): gaps.append("no event was found: \(reason)")
    }
    let parts = predicate.parts.filter { $0.kind != .group }
    if parts.count > Self.limit { gaps.append("of \(parts.count) tests the first \(Self.limit) have a pair of events") }
    for part in parts.prefix(Self.limit) {
      guard case .decides(let pair) = prover.verdict(on: part, of: predicate) else {
        gaps.append("no pair of events for \(part.text)")
        continue
      }
      let field = pair.field.map { ", by \($0)" } ?? ""
      keep(Case(name: "with \(part.text)", events: Array(repeating: pair.fires, count: copies), fires: true))
      keep(
        Case(name: "without \(part.text)\(field)", events: Array(repeating: pair.silent, count: copies), fires: false))
    }
  }

  /// Keeps a case that the matcher agrees to, and only one of each kind of events.
  private mutating func keep(_ example: Case) {
    guard seen.insert(example.events.map(\.json).joined(separator: "\n")).inserted else { return }
    let count = try? Expectation.firings(of: rule, on: example.events)
    if count.map({ ($0 > 0) == example.fires }) ?? false {
      cases.append(example)
    } else {
      gaps.append("the events found for '\(example.name)' have another verdict in its window")
    }
  }
}

/// A spec of generated cases for the rules of one file.
struct GeneratedSpec {
  /// The spec; nil where there is no case to write.
  private(set) var text: String?
  private(set) var caseCount = 0
  /// What could not be covered, a line each.
  private(set) var gaps: [String] = []

  /// - Parameter path: The way from the spec's folder to the file of the rules.
  init(_ rules: [LoadedRule], at path: String, by translator: Translator) {
    var lines: [String] = []
    for rule in rules {
      guard let neutral = rule.neutral else { continue }
      guard let name = Self.name(of: rule, among: rules) else {
        gaps.append("\(rule.path): another rule of the file has the id or title of '\(rule.title)'")
        continue
      }
      let generated = GeneratedCases(neutral, by: translator.prover(forMapping: rule.mapping))
      gaps += generated.gaps.map { "\(rule.path): \(rule.title): \($0)" }
      for example in generated.cases {
        caseCount += 1
        let firings = example.fires ? "{at_least: 1}" : "0"
        lines.append("  - name: \(EventValue.quoted(example.name))")
        lines.append("    events: [\(example.events.map(Self.flow).joined(separator: ", "))]")
        lines.append("    expect: {\(EventValue.quoted(name)): \(firings)}")
      }
    }
    guard !lines.isEmpty else { return }
    text =
      "# Written by cognate test --generate: what the rules do, not what they are to do.\n"
      + "generated: true\nrules: [\(EventValue.quoted(path))]\ncases:\n" + lines.joined(separator: "\n") + "\n"
  }

  /// A name that means this rule alone.
  private static func name(of rule: LoadedRule, among rules: [LoadedRule]) -> String? {
    func names(_ rule: LoadedRule) -> [String] {
      guard let metadata = rule.neutral?.metadata else { return [] }
      return [metadata.id, metadata.name, metadata.title].compactMap(\.self).filter { !$0.isEmpty }
    }
    return names(rule).first { name in rules.filter { names($0).contains(name) }.count == 1 }
  }

  /// A value in YAML's flow style, on one line.
  private static func flow(_ value: EventValue) -> String {
    switch value {
    case .null, .boolean, .number, .string: value.json
    case .list(let elements): "[\(elements.map(flow).joined(separator: ", "))]"
    case .object(let object):
      "{\(object.members.map { "\(EventValue.quoted($0.key)): \(flow($0.value))" }.joined(separator: ", "))}"
    }
  }
}
