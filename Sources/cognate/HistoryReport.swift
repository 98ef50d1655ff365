import RuleIR
import SourceText
import Translation

/// What became of rules since a revision, for people and for programs.
struct HistoryReport {
  /// What a change did to a rule.
  enum Effect: String, CaseIterable {
    case added, removed, broader, narrower, both, reworded
    case unknown
    /// It cannot be read now, or could not be before.
    case unreadable
  }

  private struct Entry {
    var effect: Effect
    var rule: LoadedRule
    var comparison: RuleComparison?
  }

  private let entries: [Entry]

  init(_ history: RuleHistory, _ compare: (LoadedRule, LoadedRule) -> RuleComparison) {
    entries = history.changes.compactMap { change in
      switch (change.before, change.after) {
      case (nil, nil): nil
      case (nil, let rule?): Entry(effect: .added, rule: rule)
      case (let rule?, nil): Entry(effect: .removed, rule: rule)
      case (let before?, let after?):
        if before.isRefused || after.isRefused {
          Entry(effect: .unreadable, rule: after)
        } else {
          Self.entry(after, compare(after, before))
        }
      }
    }
  }

  private static func entry(_ rule: LoadedRule, _ comparison: RuleComparison) -> Entry {
    let effect: Effect =
      switch comparison.verdict {
      // The same conditions on other events are not the same rule.
      case .equivalent: comparison.sources == nil ? .reworded : .unknown
      case .broader: .broader
      case .narrower: .narrower
      case .overlapping, .disjoint: .both
      case .unknown: .unknown
      }
    return Entry(effect: effect, rule: rule, comparison: comparison)
  }

  /// Whether some rule may fire on other events than it did.
  var hasChangedMeaning: Bool { entries.contains { $0.effect != .reworded } }

  func text() {
    for entry in entries {
      Console.output.line("\(Self.words(entry.effect))  \(visible(entry.rule.path))  \(visible(entry.rule.title))")
      if let reason = entry.comparison?.reason { Console.output.line("  \(reason)") }
      if let sources = entry.comparison?.sources {
        Console.output.line("  its log source changed: now and then \(visible(sources))")
      }
      if let event = entry.comparison?.onlyFirst { Console.output.line("  fires now and did not: \(event.json)") }
      if let event = entry.comparison?.onlySecond { Console.output.line("  fired and no longer does: \(event.json)") }
    }
    let counts = Effect.allCases.compactMap { effect -> String? in
      let count = entries.filter { $0.effect == effect }.count
      return count == 0 ? nil : "\(count) \(effect.rawValue)"
    }
    Console.output.line(
      "\(entries.count) rules changed" + (counts.isEmpty ? "" : ": \(counts.joined(separator: ", "))"))
  }

  private static func words(_ effect: Effect) -> String {
    switch effect {
    case .added, .removed, .unreadable, .unknown: effect.rawValue.uppercased()
    case .broader, .narrower: "\(effect.rawValue.uppercased()) (proved)"
    case .both: "BROADER AND NARROWER (proved)"
    case .reworded: "ONLY REWORDED (proved)"
    }
  }

  func json() {
    let list = entries.map { entry -> EventValue in
      [
        "rule": .string(entry.rule.path), "title": .string(entry.rule.title), "effect": .string(entry.effect.rawValue),
        "reason": entry.comparison?.reason.map { .string($0) } ?? .null,
        "sources": entry.comparison?.sources.map { .string($0) } ?? .null,
        "firesNow": entry.comparison?.onlyFirst ?? .null, "firedBefore": entry.comparison?.onlySecond ?? .null,
      ]
    }
    let root: EventValue = ["schema": "cognate.diff/1", "changes": .list(list)]
    Console.output.line(root.json)
  }
}
