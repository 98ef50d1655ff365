import Coverage
import RuleIR

extension Catalogue {
  /// What some entries look for and what they leave out, as two tables.
  func indicatorTables(of entries: [Int], atLeast: Int) -> [(key: String, value: EventValue)] {
    let table = IndicatorTable(collection, of: entries, atLeast: atLeast)
    return [("indicators", rows(table.wanted, \.rules)), ("exclusions", rows(table.excluded, \.rules))]
  }

  /// What one entry looks for and leaves out, with the number of rules of the collection that do.
  func indicatorTables(of entry: Int) -> [(key: String, value: EventValue)] {
    let table = IndicatorTable(collection, of: [entry], atLeast: 1)
    return [("indicators", rows(table.wanted, \.total)), ("exclusions", rows(table.excluded, \.total))]
  }

  private func rows(_ rows: [IndicatorTable.Row], _ count: KeyPath<IndicatorTable.Row, Int>) -> EventValue {
    guard !rows.isEmpty else { return .null }
    return ["rows": .list(rows.map { value($0, $0[keyPath: count]) })]
  }

  private func value(_ row: IndicatorTable.Row, _ count: Int) -> EventValue {
    var value: EventObject = [
      "field": .string(row.indicator.field.description), "href": .string(fieldPages[row.indicator.field] ?? ""),
      "kind": .string(row.indicator.kind.rawValue), "words": .string(row.indicator.kind.words),
      "value": .string(row.indicator.value), "rules": .count(count),
      "vendors": .texts(material.vendors.filter(row.vendors.contains)),
      "empty": .boolean(row.indicator.kind == .equals && row.indicator.value.isEmpty),
    ]
    if let reason = material.neverSeen(row.indicator) { value["never-seen"] = .string(reason) }
    return .object(value)
  }
}

extension Indicator.Kind {
  /// The kind in words, as it reads between the field and the value.
  var words: String {
    switch self {
    case .equals: "is"
    case .startsWith: "starts with"
    case .endsWith: "ends with"
    case .contains: "contains"
    case .wildcard: "is like"
    case .match: "has the word"
    case .regex: "matches"
    case .present: "is there"
    case .greater: "is greater than"
    case .greaterOrEqual: "is at least"
    case .less: "is less than"
    case .lessOrEqual: "is at most"
    case .network: "is in network"
    case .field: "is the value of"
    }
  }
}
