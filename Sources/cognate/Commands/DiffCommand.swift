import ArgumentParser
import RuleIR
import SourceText
import Translation

enum DiffFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say whether two rules catch the same events, and show the event that tells them apart.",
    discussion: """
      Example: cognate diff ours.yml theirs.toml

      The verdict is about the first rule: equivalent, narrower (it fires on fewer events), broader, overlapping, \
      disjoint, or unknown with its reason. Each is proved for all events, and every event shown was run through both.

      Of rules that count events or follow several, every condition, window, bound and grouping is compared by itself; \
      what is said of the whole rule is what all of them allow to say, and the parts that differ are named.

      cognate diff --git main rules/ tells of every rule that changed since a revision whether it now fires on more \
      events, on fewer, on others, or was only reworded.
      """)

  @Argument(help: "A rule file, or a folder with --matrix or --git.")
  var first: String

  @Argument(help: "The other rule file or folder; may be of another vendor.")
  var second: String?

  @Option(name: .customLong("git"), help: "Compare the rules with themselves at this revision of their git repository.")
  var revision: String?

  @Flag(help: "Compare every rule of one folder with every rule of the other, and say what is new, same, contained.")
  var matrix = false

  @Flag(help: "End with exit code 1 unless the rules are equivalent.")
  var exitCode = false

  @Option(help: "The form of the answer: text or json.")
  var format = DiffFormat.text

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let translator = try rules.translator()
    if let revision {
      guard second == nil, !matrix else {
        throw Stop(.nothingDone, "--git takes one path, and no --matrix")
      }
      let history = try RuleHistory(of: first, since: revision, rules, translator)
      let report = HistoryReport(history) { compare($0, $1, translator) }
      switch format {
      case .text: report.text()
      case .json: report.json()
      }
      if exitCode, report.hasChangedMeaning { throw Stop(.findings) }
      return
    }
    guard let second else { throw Stop(.nothingDone, "give two rules or folders, or --git with a revision") }
    let left = try usable(first, translator)
    let right = try usable(second, translator)
    let pairs: [(LoadedRule, LoadedRule)]
    if matrix {
      pairs = left.flatMap { one in right.map { (one, $0) } }
    } else {
      guard left.count == right.count else {
        throw Stop(
          .nothingDone,
          "there are \(left.count) rules on one side and \(right.count) on the other; --matrix compares all")
      }
      pairs = Array(zip(left, right))
    }
    let results = pairs.map { pair in (pair, compare(pair.0, pair.1, translator)) }
    switch (format, matrix) {
    case (.json, _): json(results)
    case (.text, false): for result in results { text(result) }
    case (.text, true): overview(left, results)
    }
    if exitCode, results.contains(where: { $0.1.verdict != .equivalent || $0.1.sources != nil }) {
      throw Stop(.findings)
    }
  }

  private func usable(_ path: String, _ translator: Translator) throws -> [LoadedRule] {
    let loaded = try rules.load([path], with: translator)
    for rule in loaded where rule.isRefused { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    let found = loaded.filter { !$0.isRefused }
    guard !found.isEmpty else { throw Stop(.unreadable, "no rule of '\(visible(path))' can be compared") }
    return found
  }

  private func compare(_ one: LoadedRule, _ other: LoadedRule, _ translator: Translator) -> RuleComparison {
    RuleComparison(one, other, by: translator)
  }

  private func text(_ result: ((LoadedRule, LoadedRule), RuleComparison)) {
    let ((one, other), comparison) = result
    let strength = comparison.verdict == .unknown ? "" : " (proved)"
    Console.output.line(
      "\(comparison.verdict.rawValue.uppercased())\(strength)  \(visible(one.path))  \(visible(other.path))")
    if let reason = comparison.reason { Console.output.line("  \(reason)") }
    if let sources = comparison.sources {
      Console.output.line("  of their conditions alone, as their log sources differ: \(visible(sources))")
    }
    for (event, words) in [
      (comparison.onlyFirst, "fires the first alone"), (comparison.onlySecond, "fires the second alone"),
      (comparison.both, "fires both"),
    ] {
      if let event { Console.output.line("  \(words): \(event.json)") }
    }
  }

  private func json(_ results: [((LoadedRule, LoadedRule), RuleComparison)]) {
    let list = results.map { pair, comparison -> EventValue in
      [
        "first": .string(pair.0.path), "second": .string(pair.1.path), "verdict": .string(comparison.verdict.rawValue),
        "reason": comparison.reason.map { .string($0) } ?? .null,
        "sources": comparison.sources.map { .string($0) } ?? .null, "onlyFirst": comparison.onlyFirst ?? .null,
        "onlySecond": comparison.onlySecond ?? .null, "both": comparison.both ?? .null,
      ]
    }
    let root: EventValue = ["schema": "cognate.diff/1", "comparisons": .list(list)]
    Console.output.line(root.json)
  }

  /// For each rule of the first folder, the nearest of the second.
  private func overview(_ left: [LoadedRule], _ results: [((LoadedRule, LoadedRule), RuleComparison)]) {
    for rule in left {
      let own = results.filter { $0.0.0.path == rule.path && $0.0.0.index == rule.index }
      func partners(_ verdict: RuleComparison.Verdict) -> [String] {
        own.filter { $0.1.verdict == verdict }
          .map { visible($0.0.1.title) + ($0.1.sources == nil ? "" : " (of another log source)") }
      }
      let name = visible(rule.title)
      for (verdict, words) in [
        (RuleComparison.Verdict.equivalent, "same as"), (.narrower, "contained in"), (.broader, "contains"),
        (.overlapping, "overlaps"), (.unknown, "undecided against"),
      ] {
        let titles = partners(verdict)
        if !titles.isEmpty { Console.output.line("\(name): \(words) \(titles.joined(separator: "; "))") }
      }
      if own.allSatisfy({ $0.1.verdict == .disjoint }) { Console.output.line("\(name): new, no common event") }
    }
  }
}
