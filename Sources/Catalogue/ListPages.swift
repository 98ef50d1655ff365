import Coverage
import RuleIR
import SourceText

extension Catalogue {
  /// Every rule that was read, in one list.
  var ruleListPage: CataloguePage {
    let lines = material.rules.indices.map { index -> EventValue in
      var line = ruleLines[index]
      let entry = entryOfRule[index]
      line["watches"] = .count(entry.map { rowsCovered[$0].count } ?? 0)
      line["state"] = .string(state(index))
      return .object(line)
    }
    var content: EventObject = [
      "rules": .list(lines), "count": .count(lines.count), "choices": choices(Array(material.rules.indices)),
    ]
    content["with"] = ["with-state": true]
    content["states"] = .texts(Set(material.rules.indices.map(state)).sorted())
    return CataloguePage("rules.html", "rules", title: "Rules", content)
  }

  /// How far the rule was understood, in a word or two.
  private func state(_ index: Int) -> String {
    let rule = material.rules[index]
    guard let shown = rule.shown else { return "refused" }
    if case .unmodelled = shown.body { return "not modelled" }
    if entryOfRule[index] != nil { return "in the matrix" }
    return rule.isInMatrix ? "not mapped" : "other events"
  }

  /// What was not understood, by its reason, most rules first: what there is left to do.
  var backlogPage: CataloguePage {
    let reasons = material.rules.indices.compactMap { index in reason(index).map { (index, $0) } }
    let groups = reasons.grouped(by: \.1).sorted { one, other in
      one.elements.count != other.elements.count
        ? one.elements.count > other.elements.count : one.key < other.key
    }
    let lines = groups.map { group -> EventValue in
      let byVendor = material.vendors.compactMap { vendor -> String? in
        let count = group.elements.filter { material.rules[$0.0].vendor == vendor }.count
        return count > 0 ? "\(vendor) \(count)" : nil
      }
      return [
        "reason": .string(group.key), "count": .count(group.elements.count),
        "vendors": .string(byVendor.joined(separator: ", ")),
        "rules": .list(group.elements.prefix(50).map { .object(ruleLines[$0.0]) }),
        "more": .string(group.elements.count > 50 ? String(group.elements.count - 50) : ""),
      ]
    }
    return CataloguePage(
      "backlog.html", "backlog", title: "Not understood",
      ["reasons": .list(lines), "count": .count(reasons.count), "total": .count(material.rules.count)])
  }

  /// Why a rule is not in the matrix with all that it means; nil where nothing is missing.
  func reason(_ index: Int) -> String? {
    let rule = material.rules[index]
    if let shown = rule.shown, case .unmodelled(let rest) = shown.body { return "not modelled: \(rest.reason)" }
    if rule.judged != nil { return "a sequence with events of other sources" }
    guard rule.shown == nil || (rule.isInMatrix && rule.neutral == nil) else { return nil }
    guard let first = rule.diagnostics.first(where: { $0.severity == .error }) else { return "refused" }
    return "refused: \(first.code.rawValue)"
  }
}
