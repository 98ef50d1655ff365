import Cognate
import Matcher
import RuleIR
import SourceText
import Translation

/// How far rules are from firing on an event: for each the tests that would have to come out the other way.
struct NearMisses {
  private struct Row {
    var title: String
    var path: String
    var fires: Bool
    /// The fewest tests with which the rule would fire; empty where it does.
    var missing: [Explanation]
    /// Why there is no verdict.
    var failure: String?
  }

  private var rows: [Row] = []

  /// Looks at a rule's predicate; a rule with several is as near as the nearest of them.
  mutating func add(_ rule: LoadedRule, _ body: RuleBody, on event: EventValue) {
    var nearest: Row?
    for predicate in body.predicates {
      var row = Row(title: rule.title, path: rule.path, fires: false, missing: [], failure: nil)
      do throws(EvaluationFailure) {
        let explanation = try TreeMatcher(predicate).explain(event)
        row.fires = explanation.verdict
        row.missing = Self.changes(in: explanation, to: true)
      } catch {
        row.failure = error.reason
      }
      if nearest.map({ Self.isBefore(row, $0) }) ?? true { nearest = row }
    }
    if let nearest { rows.append(nearest) }
  }

  /// The fewest tests that must have another verdict for a node to have the one that is wanted.
  private static func changes(in node: Explanation, to wanted: Bool) -> [Explanation] {
    if node.verdict == wanted { return [] }
    switch node.text {
    case "not" where node.parts.count == 1: return changes(in: node.parts[0], to: !wanted)
    case "all" where wanted, "any" where !wanted: return node.parts.flatMap { changes(in: $0, to: wanted) }
    case "all", "any":
      return node.parts.map { changes(in: $0, to: wanted) }.min { $0.count < $1.count } ?? [node]
    case _: return [node]
    }
  }

  private static func isBefore(_ left: Row, _ right: Row) -> Bool {
    func rank(_ row: Row) -> (Int, Int) { (row.failure != nil ? 2 : row.fires ? 0 : 1, row.missing.count) }
    return rank(left) < rank(right)
  }

  private var sorted: [Row] {
    rows.enumerated().sorted { left, right in
      if Self.isBefore(left.element, right.element) { return true }
      return !Self.isBefore(right.element, left.element) && left.offset < right.offset
    }.map(\.element)
  }

  /// A line a rule: those that fire first, then the nearest.
  ///
  /// - Parameter limit: How many that do not fire are shown.
  func table(limit: Int) -> String {
    let shown = sorted.filter(\.fires) + sorted.filter { !$0.fires }.prefix(limit)
    let width = min(60, shown.map(\.title.count).max() ?? 0)
    let lines = shown.map { row in
      let title = visible(row.title)
      return
        "\(Self.verdict(row))  \(title)\(String(repeating: " ", count: max(0, width - title.count)))  \(Self.gap(row))"
        .trimmedAtEnd
    }
    let hidden = rows.count - shown.count
    return (lines + (hidden > 0 ? ["\(hidden) more that are farther away"] : [])).joined(separator: "\n")
  }

  private static func verdict(_ row: Row) -> String {
    if row.failure != nil { return "FAILED  " }
    if row.fires { return "MATCH   " }
    let count = row.missing.count > 999 ? "999+" : "\(row.missing.count)"
    return "misses \(count)"
  }

  private static func gap(_ row: Row) -> String {
    if let failure = row.failure { return visible(failure) }
    let shown = row.missing.prefix(2).map { visible($0.text + ($0.seen.isEmpty ? "" : ": \($0.seen)")) }
    let more = row.missing.count > 2 ? "; and \(row.missing.count - 2) more" : ""
    return shown.joined(separator: "; ") + more
  }

  /// All rules as JSON, in the order of the table.
  var json: EventValue {
    .list(
      sorted.map { row in
        var object: EventObject = [
          "rule": .string(row.title), "path": .string(row.path), "fires": .boolean(row.fires),
          "missing": .list(
            row.missing.map { node in
              var test: EventObject = ["test": .string(node.text)]
              if let range = node.origin.range { test["place"] = .string(range.description) }
              if !node.seen.isEmpty { test["seen"] = .string(node.seen) }
              return .object(test)
            }),
        ]
        if let failure = row.failure { object["failure"] = .string(failure) }
        return .object(object)
      })
  }
}
