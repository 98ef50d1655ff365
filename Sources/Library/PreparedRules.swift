package import FastMatch
package import Matcher
import RuleIR
package import SourceText
package import Translation

/// The rules of a book that can be asked about events, compiled together.
///
/// It never changes, so threads share it; what rules remember is kept by who asks.
package final class PreparedRules: Sendable {
  /// The rules that are asked, in their order.
  package let rules: [LoadedRule]
  /// Where each of them stands in the book.
  package let places: [Int]
  package let set: RuleSet

  /// - Parameters:
  ///   - shown: The keys of fields that are shown of a hit.
  ///   - interprets: Whether the tree interpreter is asked about everything.
  package init(_ book: RuleBook, showing shown: [[String]] = [], interprets: Bool = false) {
    places = book.loaded.indices.filter { book.loaded[$0].neutral != nil }
    rules = places.map { book.loaded[$0] }
    set = RuleSet(rules.compactMap(\.runnable), showing: shown, interprets: interprets)
  }

  /// Rules that cannot be run at all.
  package var refused: [Diagnostic] {
    self.set.refusals.sorted { $0.key < $1.key }.map { number, failure in
      Diagnostic(
        .evaluationFailed, "'\(rules[number].title)' cannot be run: \(failure.reason)",
        at: failure.origin.range ?? rules[number].range)
    }
  }

  /// Empty memories, one for each rule.
  package var memories: [RuleState] { self.set.rules.map { RuleState($0) } }
}
