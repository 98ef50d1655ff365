import ArgumentParser
import Cognate
import Events
import Matcher
import Proof
import RuleIR
import SourceText
import Translation

enum ExplanationFormat: String, ExpressibleByArgument, CaseIterable { case tree, json }

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Show why rules fire on an event, or do not.",
    discussion: "Example: cognate explain --rules vendor-rules/sigma/secrets_list_enumeration.yml --event event.json")

  @Option(help: "Rule files or folders.")
  var rules: [String]

  @Option(help: "The event: a file with one, or - for standard input. Of several the first counts.")
  var event: String

  @Option(help: "How to show it: tree or json.")
  var format = ExplanationFormat.tree

  @Flag(help: "Show a line a rule: those that fire, and those that nearly do with what they miss.")
  var all = false

  @Option(help: "With --all, how many rules that do not fire are shown.")
  var limit = 20

  @OptionGroup var ruleOptions: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let translator = try ruleOptions.translator()
    let loaded = try ruleOptions.load(rules, with: translator)
    for rule in loaded { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    var first: EventValue?
    let input = try EventInput(paths: [event], common: common)
    try input.forEach { record in first = first ?? record.event }
    guard let first else { throw Stop(.unreadable, "there is no event in '\(visible(event))'") }
    if all {
      showAll(loaded, first)
      return try finish(loaded)
    }
    var shown: [EventValue] = []
    for rule in loaded {
      guard let neutral = rule.isElsewhere(first) ? rule.runnable : rule.neutral else { continue }
      for (number, predicate) in neutral.body.predicates.enumerated() {
        let part = neutral.body.predicates.count > 1 ? ", step \(number + 1)" : ""
        do throws(EvaluationFailure) {
          let matcher = try TreeMatcher(predicate)
          let explanation = try matcher.explain(first)
          let title = rule.title + part
          switch format {
          case .tree: tree(title, neutral, explanation, first, translator.prover(forMapping: rule.mapping))
          case .json: shown.append(ExplanationJSON.value(title, explanation))
          }
        } catch {
          common.report([Diagnostic(.evaluationFailed, error.reason, at: error.origin.range)])
        }
      }
    }
    if format == .json {
      let root: EventValue = ["schema": "cognate.explain/1", "explanations": .list(shown)]
      Console.output.line(root.json)
    }
    try finish(loaded)
  }

  private func finish(_ loaded: [LoadedRule]) throws {
    if loaded.contains(where: \.isUnreadable) { throw Stop(.unreadable) }
    if loaded.contains(where: \.isRefused) { throw Stop(.findings) }
  }

  private func showAll(_ loaded: [LoadedRule], _ event: EventValue) {
    var misses = NearMisses()
    for rule in loaded {
      if let runnable = rule.runnable { misses.add(rule, runnable.body, on: event) }
    }
    switch format {
    case .tree: Console.output.line(misses.table(limit: max(0, limit)))
    case .json:
      let root: EventValue = ["schema": "cognate.explain/1", "rules": misses.json]
      Console.output.line(root.json)
    }
  }

  private func tree(
    _ title: String, _ rule: Rule, _ explanation: Explanation, _ event: EventValue, _ prover: Prover
  ) {
    var verdict = explanation.verdict ? "MATCH" : "NO MATCH"
    if case .threshold(let threshold) = rule.body {
      verdict += "  (counts towards \(threshold.value.text) in its window)"
    }
    Console.output.line("\(visible(title)): \(verdict)")
    Console.output.line(ExplanationTree.text(of: explanation))
    if !explanation.verdict, let change = NearestEvent.change(for: rule.body.predicates, from: event, by: prover) {
      Console.output.line("  nearest event that fires: \(change)")
    }
    Console.output.line("")
  }
}
