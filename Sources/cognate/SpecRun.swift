import Cognate
import Matcher
import RuleIR
import SourceText
import Translation

/// Runs rules over the cases of specs.
struct SpecRun {
  /// What came of one case.
  struct Result {
    var spec: String
    var name: String
    /// What was not as expected; empty where all was.
    var failures: [String]
    /// Whether the program wrote the case, and no person.
    var isGenerated = false
  }

  private(set) var results: [Result] = []
  /// What the cases expect of each rule, as far as it was met.
  private(set) var expectations: [String: [Expectation]] = [:]
  /// Rules that some case wants to fire, and that some case wants silent, by their place in `rules`.
  private var mustFire: Set<String> = []
  private var mustBeSilent: Set<String> = []
  private(set) var rules: [(key: String, rule: LoadedRule)] = []
  private var known: Set<String> = []

  /// Runs the cases that came with the rules themselves.
  mutating func runOwnCases(_ rules: [LoadedRule]) {
    for rule in rules {
      guard let neutral = rule.runnable else { continue }
      register(rule)
      for example in neutral.cases {
        var failures: [String] = []
        let expected = Expectation.event(example.event, fires: example.fires)
        do throws(EvaluationFailure) {
          if try expected.isMet(by: neutral) {
            expectations[key(rule), default: []].append(expected)
          } else {
            failures.append(Self.message(rule, example.event, mustFire: example.fires))
          }
        } catch {
          failures.append("\(rule.title) cannot be run: \(error.reason)")
        }
        if example.fires { mustFire.insert(key(rule)) } else { mustBeSilent.insert(key(rule)) }
        results.append(Result(spec: rule.path, name: example.name, failures: failures))
      }
    }
  }

  /// Runs a spec.
  ///
  /// - Parameter events: Yields the events of a file named in the spec.
  mutating func run(_ spec: SpecFile, _ rules: [LoadedRule], events: (String) throws -> [EventValue]) throws {
    let usable = rules.filter { $0.neutral != nil }
    for rule in usable { register(rule) }
    for example in spec.cases {
      var all = example.events
      for file in example.files { all += try events(file) }
      results.append(try run(example, all, usable, spec.path))
    }
  }

  private mutating func run(
    _ example: SpecFile.Case, _ events: [EventValue], _ rules: [LoadedRule], _ spec: String
  ) throws -> Result {
    var failures: [String] = []
    let wanted = try Set((example.fires ?? []).map { key(try Self.rule(named: $0.name, among: rules, at: $0.range)) })
    var bounds: [String: SpecFile.Bounds] = [:]
    for entry in example.expect {
      bounds[key(try Self.rule(named: entry.name, among: rules, at: entry.range))] = entry.bounds
    }
    for rule in rules {
      guard let neutral = rule.runnable else { continue }
      let own = key(rule)
      let expected =
        bounds[own] ?? (example.fires == nil ? nil : wanted.contains(own) ? .init(atLeast: 1) : .init(atMost: 0))
      guard let expected else { continue }
      // Cases that the program wrote say what a rule does, not what it is to do.
      if !example.isGenerated, expected.atLeast ?? 0 > 0 { mustFire.insert(own) }
      if !example.isGenerated, expected.atMost == 0 { mustBeSilent.insert(own) }
      do throws(EvaluationFailure) {
        let count = try Expectation.firings(of: neutral, on: events)
        if expected.contains(count) {
          expectations[own, default: []].append(.events(events, expected))
        } else {
          failures.append(Self.message(rule, events, count, expected))
        }
      } catch {
        failures.append("\(rule.title) cannot be run: \(error.reason)")
      }
    }
    return Result(spec: spec, name: example.name, failures: failures, isGenerated: example.isGenerated)
  }

  private mutating func register(_ rule: LoadedRule) {
    if known.insert(key(rule)).inserted { rules.append((key(rule), rule)) }
  }

  private func key(_ rule: LoadedRule) -> String { "\(rule.path)#\(rule.index)" }

  /// Finds a rule by its id, its name or its title.
  private static func rule(named name: String, among rules: [LoadedRule], at range: SourceRange) throws -> LoadedRule {
    let found = rules.filter { rule in
      let metadata = rule.neutral?.metadata
      return metadata?.id == name || metadata?.name == name || metadata?.title == name
    }
    if found.count == 1 { return found[0] }
    if let first = found.first, found.count > 1 {
      throw Diagnostic(
        .ambiguousName, "'\(name)' names \(found.count) rules", at: range,
        notes: found.prefix(5).map { "\($0.path) is one" },
        help: "name it by its id, such as \(first.neutral?.metadata.id ?? "…")")
    }
    let titles = rules.compactMap { $0.neutral?.metadata.title }
    throw Diagnostic(
      .unknownRuleName, "no rule of this spec is named '\(name)'", at: range,
      help: nearestName(to: name, among: titles).map { "did you mean '\($0)'?" })
  }

  /// The rules that no case wants to fire, and those that no case wants silent.
  var untested: (neverWanted: [String], neverSilent: [String]) {
    func titles(without keys: Set<String>) -> [String] {
      rules.filter { !keys.contains($0.key) }.map(\.rule.title).sorted()
    }
    return (titles(without: mustFire), titles(without: mustBeSilent))
  }

  // MARK: - Messages

  private static func message(_ rule: LoadedRule, _ event: EventValue, mustFire: Bool) -> String {
    let head = "\(rule.title) (\(rule.path)) \(mustFire ? "did not fire" : "fired") on\n    \(event.json)"
    return head + explanation(rule, event)
  }

  private static func message(
    _ rule: LoadedRule, _ events: [EventValue], _ count: Int, _ expected: SpecFile.Bounds
  ) -> String {
    if events.count == 1 { return message(rule, events[0], mustFire: expected.atLeast ?? 0 > 0) }
    let wanted = [expected.atLeast.map { "at least \($0)" }, expected.atMost.map { "at most \($0)" }].compactMap(\.self)
    let head = "\(rule.title) (\(rule.path)) fired \(count) times, expected \(wanted.joined(separator: " and "))"
    guard count == 0, let first = events.first else { return head }
    return head + "; of the first event:" + explanation(rule, first)
  }

  private static func explanation(_ rule: LoadedRule, _ event: EventValue) -> String {
    guard let predicate = rule.neutral?.body.predicates.first, let matcher = try? TreeMatcher(predicate),
      let explanation = try? matcher.explain(event)
    else { return "" }
    return "\n" + ExplanationTree.text(of: explanation)
  }
}
