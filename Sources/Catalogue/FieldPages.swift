import Coverage
import RuleIR

extension Catalogue {
  /// Which rules test a field, how, and with which values; and what each vendor calls it.
  func fieldPage(_ field: FieldPath) -> CataloguePage {
    var content: EventObject = ["field": fieldLine(field)]
    let users = entriesTesting[field] ?? []
    content["count"] = .count(users.count)
    for (key, value) in fieldTables(field, users) { content[key] = value }
    content["rules"] = .list(
      users.map { entry in
        var line = ruleLines[entries[entry]]
        line["wanted"] = .list(uses(field, indicators[entry].indicators.wanted))
        line["excluded"] = .list(uses(field, indicators[entry].indicators.excluded))
        return .object(line)
      })
    content["choices"] = choices(users.map { entries[$0] })
    content["with"] = .object(EventObject())
    return CataloguePage(fieldPages[field] ?? "", "field", title: field.description, content)
  }

  private func fieldTables(_ field: FieldPath, _ users: [Int]) -> [(key: String, value: EventValue)] {
    indicatorTables(of: users, atLeast: 1).map { key, value in
      guard case .object(let table) = value, case .list(let rows)? = table["rows"] else { return (key, value) }
      let own = rows.filter { row in
        guard case .object(let row) = row else { return false }
        return row["field"] == .string(field.description)
      }
      return (key, own.isEmpty ? .null : ["rows": .list(own)])
    }
  }

  private func uses(_ field: FieldPath, _ indicators: Set<Indicator>) -> [EventValue] {
    let own = indicators.filter { $0.field == field }.sorted {
      ($0.kind.rawValue, $0.value) < ($1.kind.rawValue, $1.value)
    }
    let shown = own.prefix(12).map { indicator -> EventValue in
      ["words": .string(indicator.kind.words), "value": .string(indicator.value)]
    }
    let more: [EventValue] = own.count > 12 ? [["words": .string("and \(own.count - 12) more"), "value": ""]] : []
    return shown + more
  }

  var fieldListPage: CataloguePage {
    let lines = fieldPages.keys.sorted { $0.description < $1.description }.map { field -> EventValue in
      guard case .object(var line) = fieldLine(field) else { return .null }
      let users = entriesTesting[field] ?? []
      line["count"] = .count(users.count)
      line["vendors"] = .list(
        vendors.map { vendor in
          let count = users.filter { rule($0).vendor == vendor }.count
          let names = material.fields.first { $0.path == field }?.names.first { $0.vendor == vendor }?.spellings ?? []
          return ["count": .string(count > 0 ? String(count) : ""), "names": .texts(names), "order": .count(count)]
        })
      return .object(line)
    }
    return CataloguePage(
      "fields.html", "fields", title: "Fields",
      ["fields": .list(lines), "header": .texts(vendors), "with": .object(EventObject())])
  }

  // MARK: - Techniques

  func techniquePage(_ technique: String) -> CataloguePage {
    let naming = rulesNaming[technique] ?? []
    let watched = rowsCovered(by: naming)
    let page = techniquePages[technique] ?? ""
    return CataloguePage(
      page, "technique", title: technique,
      [
        "id": .string(technique), "name": .string(material.techniqueName(technique) ?? ""),
        "link": .string(Self.address(of: technique)), "count": .count(naming.count),
        "operations": .list(watched.map { lines[$0.position] }), "header": .texts(vendors),
        "rules": .list(naming.map { .object(ruleLines[$0]) }), "choices": choices(naming),
        "with": .object(EventObject()), "observed": .boolean(watched.contains { observation($0) != nil }),
      ])
  }

  /// The rows that some of the rules cover for their own sake.
  private func rowsCovered(by rules: [Int]) -> [Row] {
    Set(rules.compactMap { entryOfRule[$0] }.flatMap { rowsCovered[$0] }).sorted().map { rows[$0] }
  }

  /// ATT&CK's own page of a technique; empty for what is no id of one.
  private static func address(of technique: String) -> String {
    let parts = technique.split(separator: ".", omittingEmptySubsequences: false)
    guard technique.first == "T", technique.dropFirst().allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else {
      return ""
    }
    return "https://attack.mitre.org/techniques/" + parts.joined(separator: "/") + "/"
  }

  var techniqueListPage: CataloguePage {
    let lines = techniquePages.keys.sorted().map { technique -> EventValue in
      let naming = (rulesNaming[technique] ?? []).map { material.rules[$0] }
      let covered = rowsCovered(by: rulesNaming[technique] ?? [])
      return [
        "id": .string(technique), "href": .string(techniquePages[technique] ?? ""),
        "name": .string(material.techniqueName(technique) ?? ""), "count": .count(naming.count),
        "vendors": .list(
          material.vendors.map { vendor in .string(Self.shown(naming.filter { $0.vendor == vendor }.count)) }),
        "operations": .count(covered.count),
      ]
    }
    return CataloguePage(
      "techniques.html", "techniques", title: "Techniques",
      ["techniques": .list(lines), "header": .texts(material.vendors), "with": .object(EventObject())])
  }

  private static func shown(_ count: Int) -> String { count > 0 ? String(count) : "" }
}
