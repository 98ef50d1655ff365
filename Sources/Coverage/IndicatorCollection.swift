import RuleIR

/// What each rule of a collection looks for and leaves out, counted over the whole of it once.
public struct IndicatorCollection: Sendable {
  /// One side: what is looked for, or what is left out.
  struct Part: Sendable {
    var ofRule: [Set<Indicator>] = []
    var totals: [Indicator: Int] = [:]
    /// The vendors that have a rule with it, in the collection's order.
    var vendors: [Indicator: [String]] = [:]
  }

  let wanted: Part
  let excluded: Part

  public init(_ collection: [(vendor: String, indicators: RuleIndicators)]) {
    wanted = Self.part(collection, \.wanted)
    excluded = Self.part(collection, \.excluded)
  }

  /// The vendors of every indicator that some rule looks for, in no order.
  public var vendorsByIndicator: [[String]] { Array(wanted.vendors.values) }

  private static func part(
    _ collection: [(vendor: String, indicators: RuleIndicators)], _ side: KeyPath<RuleIndicators, Set<Indicator>>
  ) -> Part {
    var part = Part()
    part.ofRule = spellings(collection, side)
    for (vendor, indicators) in zip(collection.map(\.vendor), part.ofRule) {
      for indicator in indicators {
        part.totals[indicator, default: 0] += 1
        if part.vendors[indicator]?.contains(vendor) != true { part.vendors[indicator, default: []].append(vendor) }
      }
    }
    return part
  }

  /// The indicators of each rule of the collection, those that differ in letter case alone as one.
  private static func spellings(
    _ collection: [(vendor: String, indicators: RuleIndicators)], _ side: KeyPath<RuleIndicators, Set<Indicator>>
  ) -> [Set<Indicator>] {
    var shown: [Indicator: String] = [:]
    let folded = collection.map { $0.indicators[keyPath: side].map { ($0, $0.folded) } }
    for (indicator, folded) in folded.joined() {
      // Capital letters come before small ones: the spelling that has them is shown.
      shown[folded] = min(shown[folded] ?? indicator.value, indicator.value)
    }
    return folded.map { indicators in
      Set(indicators.map { Indicator($0.field, $0.kind, shown[$1] ?? $0.value) })
    }
  }
}

extension Indicator {
  fileprivate var folded: Indicator { Indicator(field, kind, value.simplyFolded) }
}
