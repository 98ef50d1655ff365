import Coverage
import RuleIR

extension Catalogue {
  /// What is done, who watches it, and by what.
  func operationPage(_ row: Row) -> CataloguePage {
    var content: EventObject = ["operation": lines[row.position]]
    let set = material.matrices[row.matrix].operations
    content["set"] = .string(set.title)
    content["condition"] = .string(PredicateOutline(.terse).text(of: row.operation.predicate))
    content["fields"] = .list(row.operation.fields.map(fieldLine))
    for (key, value) in indicatorTables(of: row.covering, atLeast: 2) { content[key] = value }
    let groups = vendors.map { ($0, ruleLines(of: row, vendor: $0)) }
    content["vendors"] = .list(groups.filter { !$0.1.isEmpty }.map(vendorGroup))
    content["unwatched"] = .boolean(row.covering.isEmpty)
    content["choices"] = choices(row.firmness.indices.filter { row.firmness[$0] != .never }.map { entries[$0] })
    content["with"] = ["with-firmness": true]
    content["observed"] = .boolean(observation(row) != nil)
    return CataloguePage(row.page, "operation", title: row.operation.title, content)
  }

  private func vendorGroup(_ vendor: String, _ lines: [EventValue]) -> EventValue {
    [
      "name": .string(vendor), "anchor": .string("v-" + PageNames.plain(vendor)), "count": .count(lines.count),
      "rules": .list(lines),
    ]
  }

  /// A vendor's rules that may fire on the operation, the firmest first, then by file name.
  private func ruleLines(of row: Row, vendor: String) -> [EventValue] {
    let found = row.firmness.indices.filter { row.firmness[$0] != .never && rule($0).vendor == vendor }
    let sorted = found.sorted { one, other in
      let (first, second) = (row.firmness[one].rank, row.firmness[other].rank)
      return first != second ? first > second : rule(one).path < rule(other).path
    }
    return sorted.map { entry in
      var line = ruleLines[entries[entry]]
      line["firmness"] = row.firmness[entry].value
      line["firmness-rank"] = .count(row.firmness[entry].rank)
      if let condition = row.conditions[entry] { line["when"] = .string(condition) }
      if let observation = observation(row) {
        line["observed"] = true
        line["fired"] = .count(observation.fired[row.index][entry])
      }
      let others = rowsCovered[entry].filter { $0 != row.position }
      line["also"] = .list(others.prefix(12).map { Self.operationLink(rows[$0]) })
      if others.count > 12 { line["also-more"] = .count(others.count - 12) }
      return .object(line)
    }
  }

  static func operationLink(_ row: Row) -> EventValue {
    ["id": .string(row.operation.id), "href": .string(row.page), "title": .string(row.operation.title)]
  }

  func fieldLine(_ path: FieldPath) -> EventValue {
    let field = material.fields.first { $0.path == path }
    return [
      "name": .string(path.description), "href": .string(fieldPages[path] ?? ""), "type": .string(field?.type ?? ""),
      "names": .list(
        (field?.names ?? []).map { name in
          ["vendor": .string(name.vendor), "spellings": .texts(name.spellings)]
        }),
    ]
  }

  /// The operations on one resource side by side, with what the rules of all of them look for.
  func resourcePage(_ resource: String, _ rows: [Row]) -> CataloguePage {
    let covering = Array(Set(rows.flatMap(\.covering))).sorted()
    var content: EventObject = [
      "resource": .string(resource), "count": .count(rows.count), "header": .texts(vendors),
      "operations": .list(rows.map { lines[$0.position] }),
      "watched": .count(rows.filter { !$0.covering.isEmpty }.count),
      "observed": .boolean(rows.contains { observation($0) != nil }),
    ]
    for (key, value) in indicatorTables(of: covering, atLeast: 2) { content[key] = value }
    content["rules"] = .list(covering.map { .object(line(ofRule: entries[$0], over: rows)) })
    content["operation-links"] = .list(rows.map(Self.operationLink))
    content["choices"] = choices(covering.map { entries[$0] })
    content["with"] = .object(EventObject())
    return CataloguePage(resourcePages[resource] ?? "", "resource", title: "Operations on \(resource)", content)
  }

  /// A rule with its firmness over each of some operations.
  private func line(ofRule index: Int, over rows: [Row]) -> EventObject {
    var line = ruleLines[index]
    guard let entry = entryOfRule[index] else { return line }
    line["firmness-cells"] = .list(
      rows.map { row in
        var cell: EventObject = [
          "word": .string(row.firmness[entry].word), "shape": .string(row.firmness[entry].shape),
        ]
        cell["rank"] = .count(row.firmness[entry].rank)
        cell["operation"] = .string(row.operation.id)
        return .object(cell)
      })
    return line
  }
}
