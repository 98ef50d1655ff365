import RuleIR

/// How many rules look for what, over a collection of rules or those of one operation.
public struct IndicatorTable: Sendable {
  /// One indicator with its counts.
  public struct Row: Hashable, Sendable {
    public var indicator: Indicator
    /// How many of the rules have it.
    public var rules: Int
    /// How many rules of the whole collection have it.
    public var total: Int
    /// The vendors that have a rule with it anywhere in the collection, in the collection's order.
    public var vendors: [String]
  }

  /// The rows of what rules look for; fields by their largest count, then by name; values by count, then by value.
  public let wanted: [Row]
  /// The same of what rules leave out.
  public let excluded: [Row]

  /// - Parameters:
  ///   - collection: What each rule of the whole collection looks for, with its vendor.
  ///   - rules: The positions in the collection of the rules to count.
  ///   - atLeast: A row is left out where fewer rules of the whole collection have it.
  public init(_ collection: [(vendor: String, indicators: RuleIndicators)], of rules: [Int], atLeast: Int = 2) {
    self.init(IndicatorCollection(collection), of: rules, atLeast: atLeast)
  }

  /// The same out of a collection that was counted before.
  public init(_ collection: IndicatorCollection, of rules: [Int], atLeast: Int = 2) {
    wanted = Self.rows(collection.wanted, rules, atLeast)
    excluded = Self.rows(collection.excluded, rules, atLeast)
  }

  private static func rows(_ part: IndicatorCollection.Part, _ rules: [Int], _ atLeast: Int) -> [Row] {
    var counts: [Indicator: Int] = [:]
    for rule in rules {
      for indicator in part.ofRule[rule] where part.totals[indicator, default: 0] >= atLeast {
        counts[indicator, default: 0] += 1
      }
    }
    var largest: [FieldPath: Int] = [:]
    for (indicator, count) in counts { largest[indicator.field] = max(largest[indicator.field, default: 0], count) }
    return counts.map {
      Row(
        indicator: $0.key, rules: $0.value, total: part.totals[$0.key, default: 0],
        vendors: part.vendors[$0.key] ?? [])
    }
    .map { (key($0, largest), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// What rows are put in order by.
  private static func key(_ row: Row, _ largest: [FieldPath: Int]) -> SortKey {
    SortKey(
      numbers: (-(largest[row.indicator.field] ?? 0), -row.rules), field: row.indicator.field.description,
      texts: [row.indicator.value, row.indicator.kind.rawValue])
  }

  private struct SortKey: Comparable {
    var numbers: (field: Int, row: Int)
    var field: String
    var texts: [String]

    static func < (one: SortKey, other: SortKey) -> Bool {
      if one.numbers.field != other.numbers.field { return one.numbers.field < other.numbers.field }
      if one.field != other.field { return one.field < other.field }
      if one.numbers.row != other.numbers.row { return one.numbers.row < other.numbers.row }
      return one.texts.lexicographicallyPrecedes(other.texts)
    }

    static func == (one: SortKey, other: SortKey) -> Bool { !(one < other) && !(other < one) }
  }
}
