import RuleIR

/// A coverage matrix as text, Markdown, CSV and JSON.
public struct CoverageTable: Sendable {
  private let matrix: CoverageMatrix
  private let indicators: IndicatorCollection
  /// Why a value of a field is in no event; nil where some may have it.
  private let neverSeen: @Sendable (Indicator) -> String?

  /// - Parameter neverSeen: Why a value of a field is in no event; nil where some may have it.
  public init(_ matrix: CoverageMatrix, neverSeen: @escaping @Sendable (Indicator) -> String? = { _ in nil }) {
    self.matrix = matrix
    self.neverSeen = neverSeen
    indicators = IndicatorCollection(matrix.entries.map { ($0.vendor, RuleIndicators($0.rule.body)) })
  }

  private var header: [String] {
    ["operation"] + matrix.vendors + (matrix.observation == nil ? [] : ["fired on recorded events"])
  }

  private var rows: [[String]] {
    matrix.operations.operations.indices.map { index in
      [matrix.operations.operations[index].id] + matrix.vendors.map { matrix.cell(index, vendor: $0) }
        + (matrix.observation == nil ? [] : [observed(index)])
    }
  }

  private func observed(_ index: Int) -> String {
    guard let observation = matrix.observation else { return "" }
    let seen = observation.seen[index]
    let fired = observation.fired[index].reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    if matrix.isGap(index) { return seen > 0 ? "GAP: \(seen) events seen" : "GAP" }
    return seen == 0 ? "none seen" : "\(seen) events, \(fired) rules"
  }

  /// Columns side by side, then the operations that nobody watches.
  public var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return cells.joined(separator: "  ").trimmedAtEnd
    }
    return lines.joined(separator: "\n") + "\n" + legend + gapLines
  }

  private var legend: String { "\nA always  S sometimes  i incidentally  ? undecided  - none\n" }

  private var gapLines: String {
    let gaps = matrix.operations.operations.indices.filter(matrix.isGap).map { matrix.operations.operations[$0].id }
    let undecided = undecidedLines
    let gapLine =
      gaps.isEmpty ? "every operation is watched\n" : "watched by no rule: \(gaps.joined(separator: ", "))\n"
    return gapLine + undecided.joined()
  }

  /// A line a rule and reason, however many operations it is about.
  private var undecidedLines: [String] {
    var order: [[String]] = []
    var operations: [[String]: [String]] = [:]
    for (title, operation, reason) in matrix.undecided {
      let key = [title, reason]
      if operations[key] == nil { order.append(key) }
      operations[key, default: []].append(operation)
    }
    return order.map { key in
      let named = operations[key] ?? []
      let place = named.count > 3 ? "\(named.count) operations" : named.joined(separator: ", ")
      return "undecided: \(key[0]) on \(place): \(key[1])\n"
    }
  }

  /// The matrix, and a table of what the rules of the collection look for.
  public var markdown: String {
    let table = IndicatorTable(indicators, of: Array(matrix.entries.indices))
    return markdownTable([header] + rows) + markdownTable(of: table.wanted, "What rules look for")
      + markdownTable(of: table.excluded, "What rules leave out")
  }

  private func markdownTable(of rows: [IndicatorTable.Row], _ title: String) -> String {
    guard !rows.isEmpty else { return "" }
    let lines = rows.map { row in
      let value = row.indicator.value + (neverSeen(row.indicator) == nil ? "" : " (never seen)")
      return [
        row.indicator.field.description, row.indicator.kind.rawValue, value, String(row.rules),
        row.vendors.joined(separator: ", "),
      ]
    }
    return "\n## \(title)\n\n" + markdownTable([["field", "kind", "value", "rules", "vendors"]] + lines)
  }

  private func markdownTable(_ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.map(SafeText.markdownCell).joined(separator: " | ") + " |" }
    let rule = "|" + String(repeating: "---|", count: rows[0].count)
    return ([line(rows[0]), rule] + rows.dropFirst().map(line)).joined(separator: "\n") + "\n"
  }

  /// One line for each rule that covers an operation.
  public var csv: String {
    var lines = ["operation,vendor,rule,title,level,firmness,fired"]
    for (index, operation) in matrix.operations.operations.enumerated() {
      for (position, entry) in matrix.entries.enumerated() where matrix.firmness[index][position] != .never {
        let fired = matrix.observation.map { String($0.fired[index][position]) } ?? ""
        lines.append(
          [
            operation.id, entry.vendor, entry.rule.metadata.id ?? "", entry.rule.metadata.title,
            entry.rule.metadata.level?.rawValue ?? "", matrix.firmness[index][position].word, fired,
          ].map(SafeText.csvCell).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  public var json: String {
    let operations = matrix.operations.operations.enumerated().map { index, operation -> EventValue in
      let rules = matrix.entries.enumerated().compactMap { position, entry -> EventValue? in
        let firmness = matrix.firmness[index][position]
        guard firmness != .never else { return nil }
        var object = EventObject()
        object["vendor"] = .string(entry.vendor)
        object["id"] = entry.rule.metadata.id.map { .string($0) } ?? .null
        object["title"] = .string(entry.rule.metadata.title)
        object["level"] = entry.rule.metadata.level.map { .string($0.rawValue) } ?? .null
        object["firmness"] = .string(firmness.word)
        if firmness == .sometimes { object["when"] = .string(matrix.furtherConditions(index, position)) }
        if case .unknown(let reason) = firmness { object["reason"] = .string(reason) }
        if let observation = matrix.observation {
          object["fired"] = .number(Number(observation.fired[index][position]))
        }
        return .object(object)
      }
      var object = EventObject()
      object["id"] = .string(operation.id)
      object["title"] = .string(operation.title)
      if let observation = matrix.observation { object["seen"] = .number(Number(observation.seen[index])) }
      object["gap"] = .boolean(matrix.isGap(index))
      object["rules"] = .list(rules)
      let about = matrix.entries.indices.filter { [.always, .sometimes].contains(matrix.firmness[index][$0]) }
      add(IndicatorTable(indicators, of: about), to: &object)
      return .object(object)
    }
    var root: EventObject = [
      "schema": "cognate.coverage/1", "operations": .string(matrix.operations.id), "matrix": .list(operations),
    ]
    add(IndicatorTable(indicators, of: Array(matrix.entries.indices)), to: &root)
    return EventValue.object(root).json
  }

  private func add(_ table: IndicatorTable, to object: inout EventObject) {
    object["indicators"] = .list(table.wanted.map(value))
    object["exclusions"] = .list(table.excluded.map(value))
  }

  private func value(_ row: IndicatorTable.Row) -> EventValue {
    var object: EventObject = [
      "field": .string(row.indicator.field.description), "kind": .string(row.indicator.kind.rawValue),
      "value": .string(row.indicator.value), "rules": .number(Number(row.rules)),
      "vendors": .list(row.vendors.map { .string($0) }),
    ]
    if let reason = neverSeen(row.indicator) { object["neverSeen"] = .string(reason) }
    return .object(object)
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
