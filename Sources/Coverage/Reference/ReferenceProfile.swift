public import RuleIR

/// Counts what rules look for as the reference page of Kubernetes secrets does, so that the two can be compared.
///
/// It keeps what that page gets wrong: names and values are those of the vendors, a rule belongs to an operation where
/// it spells the verb under a field of the audit log, one that spells none belongs to `any-…`, and only single-source
/// rules of Sigma and Elastic without a sequence belong to an operation at all.
public struct ReferenceProfile: Sendable {
  /// A rule in the field names of its vendor.
  public struct Entry: Hashable, Sendable {
    public var vendor: String
    public var rule: Rule

    public init(_ rule: Rule, vendor: String) {
      self.rule = rule
      self.vendor = vendor
    }
  }

  public struct Row: Hashable, Sendable {
    public var indicator: RawIndicator
    public var rules: Int
    public var vendors: [String]
  }

  /// An operation with its rules and its rows.
  public struct Section: Hashable, Sendable {
    public var operation: String
    public var titles: [String]
    public var rows: [Row]
  }

  public let sections: [Section]

  private static let verbs: Set = ["verb", "kubernetes.audit.verb"]
  private static let resources: Set = ["objectRef.resource", "kubernetes.audit.objectRef.resource"]

  public init(_ set: OperationSet, _ collection: [Entry]) {
    let found = collection.map { RawIndicators($0.rule, vendor: $0.vendor).found }
    var vendors: [RawIndicator: [String]] = [:]
    var totals: [RawIndicator: Int] = [:]
    for (entry, indicators) in zip(collection, found) {
      for indicator in indicators {
        totals[indicator, default: 0] += 1
        if vendors[indicator]?.contains(entry.vendor) != true { vendors[indicator, default: []].append(entry.vendor) }
      }
    }
    let assigned = collection.indices.filter { collection[$0].isAssigned }
    sections = Self.operations(set).map { id, verb, resource in
      let rules = assigned.filter { Self.admits(found[$0], verb, resource) }
      let rows = Self.rows(rules.map { found[$0] }) { totals[$0, default: 0] > 1 }
      return Section(
        operation: id, titles: rules.map { collection[$0].rule.metadata.title },
        rows: rows.map { Row(indicator: $0, rules: $1, vendors: vendors[$0, default: []].sorted()) })
    }
  }

  /// The pairs of a verb and a resource that the operations name, and each resource with no verb.
  private static func operations(_ set: OperationSet) -> [(id: String, verb: String?, resource: String)] {
    var named: [(id: String, verb: String?, resource: String)] = []
    var order: [String] = []
    for operation in set.operations {
      let wanted = RuleIndicators(.predicate(operation.predicate)).wanted
      func values(_ field: String) -> [String] {
        wanted.filter { $0.field.dotted == field && $0.kind == .equals }.map(\.value).sorted()
      }
      for resource in values("objectRef.resource") {
        if !order.contains(resource) { order.append(resource) }
        for verb in values("verb") where !named.contains(where: { $0.verb == verb && $0.resource == resource }) {
          named.append(("\(verb)-\(resource)", verb, resource))
        }
      }
    }
    return named + order.map { ("any-\($0)", nil, $0) }
  }

  private static func admits(_ found: Set<RawIndicator>, _ verb: String?, _ resource: String) -> Bool {
    func values(_ fields: Set<String>) -> Set<String> {
      Set(found.filter { fields.contains($0.field) && ["eq", "in"].contains($0.kind) }.map(\.value))
    }
    guard values(resources).contains(resource) else { return false }
    let spelled = values(verbs)
    return verb.map(spelled.contains) ?? spelled.isEmpty
  }

  /// How many of the rules have each row; fields by their largest count, then by name; values by count, then by value.
  private static func rows(
    _ rules: [Set<RawIndicator>], where isShown: (RawIndicator) -> Bool
  ) -> [(RawIndicator, Int)] {
    var counts: [RawIndicator: Int] = [:]
    for indicator in rules.joined() where isShown(indicator) { counts[indicator, default: 0] += 1 }
    var largest: [String: Int] = [:]
    for (indicator, count) in counts { largest[indicator.field] = max(largest[indicator.field, default: 0], count) }
    return counts.map { ($0.key, $0.value) }.sorted { one, other in
      let fields = (largest[one.0.field, default: 0], largest[other.0.field, default: 0])
      if fields.0 != fields.1 { return fields.0 > fields.1 }
      if one.0.field != other.0.field { return one.0.field < other.0.field }
      return one.1 != other.1 ? one.1 > other.1 : one.0 < other.0
    }
  }
}

extension ReferenceProfile.Entry {
  /// Whether the page assigns such rules to operations.
  fileprivate var isAssigned: Bool {
    guard vendor == "sigma" || vendor == "elastic" else { return false }
    if case .sequence = rule.body { return false }
    return Set(rule.metadata.source.values("index")).count <= 1
  }
}

extension ReferenceProfile {
  /// The sections as Markdown, a table each.
  public var markdown: String {
    sections.map { section in
      let head = "## \(section.operation)\n\n"
      guard !section.rows.isEmpty else { return head + "no rows\n" }
      let rows = section.rows.map { row in
        let cells = [
          row.indicator.field, row.indicator.kind, row.indicator.value, String(row.rules),
          row.vendors.joined(separator: ", "),
        ]
        return "| " + cells.map(SafeText.markdownCell).joined(separator: " | ") + " |\n"
      }
      return head + "| field | kind | value | rules | vendors |\n|---|---|---|---|---|\n" + rows.joined()
    }.joined(separator: "\n")
  }

  /// The sections as JSON on one line.
  public var json: String {
    let root: EventValue = ["schema": "cognate.reference/1", "operations": .list(sections.map(value))]
    return root.json
  }

  private func value(_ section: Section) -> EventValue {
    [
      "id": .string(section.operation), "rules": .list(section.titles.map { .string($0) }),
      "indicators": .list(
        section.rows.map { row in
          [
            "field": .string(row.indicator.field), "kind": .string(row.indicator.kind),
            "value": .string(row.indicator.value), "rules": .number(Number(row.rules)),
            "vendors": .list(row.vendors.map { .string($0) }),
          ]
        }),
    ]
  }
}
