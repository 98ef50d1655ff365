import Matcher
import Proof
import RuleIR
import SourceText
import Translation

/// Makes small mistakes in rules, one test at a time, and asks whether the rules' cases notice.
struct MutationRun {
  /// A mistake that no case notices.
  struct Survivor {
    var mutation: Mutation
    /// An event that would: whether it fires the rule as it is, or with the mistake.
    var event: (value: EventValue, firesAsItIs: Bool)?
  }

  struct Result {
    var rule: LoadedRule
    var noticed = 0
    /// Mistakes that no event tells from the rule as it is.
    var idle = 0
    /// Mistakes beyond the number that is tried.
    var untried = 0
    var survivors: [Survivor] = []

    var tried: Int { noticed + survivors.count }
  }

  /// The most mistakes that are tried in one rule: enough for all but rules of hundreds of values.
  static let limit = 1_000

  private let translator: Translator
  private(set) var results: [Result] = []
  private(set) var withoutCases: [LoadedRule] = []

  init(_ run: SpecRun, by translator: Translator) {
    self.translator = translator
    for (key, rule) in run.rules {
      let expectations = run.expectations[key, default: []]
      if expectations.isEmpty { withoutCases.append(rule) } else { mutate(rule, expectations) }
    }
  }

  private mutating func mutate(_ rule: LoadedRule, _ expectations: [Expectation]) {
    guard let neutral = rule.neutral else { return }
    var result = Result(rule: rule)
    let prover = translator.prover(forMapping: rule.mapping)
    // What costs least is asked first.
    let ordered = expectations.sorted { $0.size < $1.size }
    for (place, predicate) in neutral.body.predicates.enumerated() {
      let count = predicate.mutationCount()
      result.untried += max(0, count - Self.limit)
      for index in 0..<min(count, Self.limit) {
        guard let mutation = predicate.mutation(at: index) else { continue }
        var mistaken = neutral
        mistaken.body = neutral.body.replacing(place, with: mutation.predicate)
        if ordered.contains(where: { (try? $0.isMet(by: mistaken)) != true }) {
          result.noticed += 1
        } else {
          judge(mutation, of: predicate, by: prover, &result)
        }
      }
    }
    results.append(result)
  }

  private func judge(_ mutation: Mutation, of predicate: Predicate, by prover: Prover, _ result: inout Result) {
    switch prover.compare(predicate, mutation.predicate) {
    case .equivalent: result.idle += 1
    case .narrower(let event): result.survivors.append(Survivor(mutation: mutation, event: (event, false)))
    case .broader(let event), .overlapping(let event, _, _), .disjoint(let event, _):
      result.survivors.append(Survivor(mutation: mutation, event: (event, true)))
    case .undecided: result.survivors.append(Survivor(mutation: mutation, event: nil))
    }
  }

  // MARK: - Words

  /// The lines about the rules with mistakes that nobody noticed, and a closing one.
  var lines: [String] {
    var lines: [String] = []
    for result in results where !result.survivors.isEmpty {
      let rule = result.rule
      lines.append(
        "\(visible(rule.path))  \(visible(rule.title)): \(result.noticed) of \(result.tried) mistakes noticed")
      for survivor in result.survivors {
        let place = survivor.mutation.origin.range.map { "  \(visible($0.description))" } ?? ""
        lines.append("  \(survivor.mutation.change.words): \(visible(survivor.mutation.subject))\(place)")
        guard let (event, firesAsItIs) = survivor.event else { continue }
        lines.append(
          "    would notice: \(event.json), which \(firesAsItIs ? "fires" : "does not fire") the rule as it is")
      }
    }
    let (noticed, tried) = (results.map(\.noticed).reduce(0, +), results.map(\.tried).reduce(0, +))
    lines.append("\(noticed) of \(tried) mistakes in \(results.count) rules noticed by their cases")
    return lines
  }

  /// What is to be known beside the results.
  var notes: [String] {
    let (idle, untried) = (results.map(\.idle).reduce(0, +), results.map(\.untried).reduce(0, +))
    return [
      idle > 0 ? "\(idle) further mistakes change no rule: no event tells them apart" : nil,
      untried > 0 ? "\(untried) further mistakes were not tried, beyond \(Self.limit) in one rule" : nil,
      withoutCases.isEmpty ? nil : "\(withoutCases.count) rules without a case that passes were left out",
    ].compactMap(\.self)
  }

  var json: EventValue {
    let rules = results.map { result -> EventValue in
      [
        "path": .string(result.rule.path), "title": .string(result.rule.title),
        "noticed": .number(Number(result.noticed)), "tried": .number(Number(result.tried)),
        "unnoticed": .list(
          result.survivors.map { survivor in
            [
              "change": .string(survivor.mutation.change.rawValue), "subject": .string(survivor.mutation.subject),
              "place": survivor.mutation.origin.range.map { .string($0.description) } ?? .null,
              "event": survivor.event?.value ?? .null,
              "firesAsItIs": survivor.event.map { .boolean($0.firesAsItIs) } ?? .null,
            ]
          }),
      ]
    }
    return .list(rules)
  }
}

extension Expectation {
  fileprivate var size: Int {
    switch self {
    case .event: 1
    case .events(let events, _): events.count
    }
  }
}

extension RuleBody {
  /// The body with one of its predicates replaced.
  fileprivate func replacing(_ place: Int, with predicate: Predicate) -> RuleBody {
    var next = 0
    return mapPredicates { old in
      defer { next += 1 }
      return next == place ? predicate : old
    }
  }
}

extension Mutation.Change {
  fileprivate var words: String {
    switch self {
    case .leftOut: "left out"
    case .denied: "asked the other way round"
    case .valueMissing: "value missing"
    case .textChanged: "another value"
    case .caseChanged: "letter case taken otherwise"
    case .extentChanged: "another place in the text"
    }
  }
}
