import RuleIR

/// How many rules look for what, over a collection of rules or those of one operation.
public struct IndicatorTable: Sendable {
  /// One indicator with its counts.
  public struct Row: Hashable, Sendable {
    public var indicator: Indicator
    /// How many of the rules have it.
    public var rules: Int
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
    wanted = Self.rows(collection, rules, atLeast, Self.spellings(collection, \.wanted))
    excluded = Self.rows(collection, rules, atLeast, Self.spellings(collection, \.excluded))
  }

  /// The indicators of each rule of the collection, those that differ in letter case alone as one.
  private static func spellings(
    _ collection: [(vendor: String, indicators: RuleIndicators)], _ part: KeyPath<RuleIndicators, Set<Indicator>>
  ) -> [Set<Indicator>] {
    var shown: [Indicator: String] = [:]
    for (_, indicators) in collection {
      for indicator in indicators[keyPath: part] {
        // Capital letters come before small ones: the spelling that has them is shown.
        shown[indicator.folded] = min(shown[indicator.folded] ?? indicator.value, indicator.value)
      }
    }
    return collection.map { _, indicators in
      Set(
        indicators[keyPath: part].map { indicator in
          Indicator(indicator.field, indicator.kind, shown[indicator.folded] ?? indicator.value)
        })
    }
  }

  private static func rows(
    _ collection: [(vendor: String, indicators: RuleIndicators)], _ rules: [Int], _ atLeast: Int,
    _ spellings: [Set<Indicator>]
  ) -> [Row] {
    var counts: [Indicator: Int] = [:]
    for rule in rules {
      for indicator in spellings[rule] { counts[indicator, default: 0] += 1 }
    }
    var totals: [Indicator: Int] = [:]
    var vendors: [Indicator: [String]] = [:]
    for (vendor, indicators) in zip(collection.map(\.vendor), spellings) {
      for indicator in indicators where counts[indicator] != nil {
        totals[indicator, default: 0] += 1
        if vendors[indicator]?.contains(vendor) != true { vendors[indicator, default: []].append(vendor) }
      }
    }
    var largest: [FieldPath: Int] = [:]
    for (indicator, count) in counts where totals[indicator, default: 0] >= atLeast {
      largest[indicator.field] = max(largest[indicator.field, default: 0], count)
    }
    return counts.filter { totals[$0.key, default: 0] >= atLeast }
      .map { Row(indicator: $0.key, rules: $0.value, vendors: vendors[$0.key] ?? []) }
      .sorted { key($0, largest) < key($1, largest) }
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

extension Indicator {
  fileprivate var folded: Indicator { Indicator(field, kind, value.simplyFolded) }
}
