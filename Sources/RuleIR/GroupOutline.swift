/// Writes what a threshold asks of a group as indented text.
enum GroupOutline {
  static func text(of condition: GroupCondition, indent: Int = 0) -> String {
    let pad = String(repeating: "  ", count: indent)
    func nested(_ head: String, _ parts: [GroupCondition]) -> String {
      ([pad + head] + parts.map { text(of: $0, indent: indent + 1) }).joined(separator: "\n")
    }
    switch condition {
    case .all(let parts): return parts.isEmpty ? pad + "always" : nested("all", parts)
    case .any(let parts): return parts.isEmpty ? pad + "never" : nested("any", parts)
    case .not(let inner): return nested("not", [inner])
    case .key(let predicate): return pad + "of its key\n" + outline(predicate, indent + 1)
    case .measure(let measure): return text(of: measure, pad, indent)
    case .elapsed(let time):
      let head = "\(pad)seconds from the first moment to the second \(time.order.rawValue) \(time.seconds)"
      return ([head] + [time.start, time.end].map { moment($0, indent + 1) }).joined(separator: "\n")
    }
  }

  private static func text(of measure: GroupMeasure, _ pad: String, _ indent: Int) -> String {
    let compared = "\(text(of: measure.bound)) \(measure.value.text)"
    let events = measure.events == .always ? "" : " of events where\n" + outline(measure.events, indent + 1)
    switch measure.quantity {
    case .of(let inner): return "\(pad)\(text(of: inner)) \(compared)\(events)"
    case .kinds(let kinds):
      return (["\(pad)number of these kinds \(compared)\(events)"] + kinds.map { outline($0, indent + 1) })
        .joined(separator: "\n")
    }
  }

  private static func moment(_ moment: ElapsedTime.Moment, _ indent: Int) -> String {
    let pad = String(repeating: "  ", count: indent)
    switch moment {
    case .search: return pad + "the search"
    case .first(.always): return pad + "the first event"
    case .last(.always): return pad + "the last event"
    case .first(let predicate): return pad + "the first event where\n" + outline(predicate, indent + 1)
    case .last(let predicate): return pad + "the last event where\n" + outline(predicate, indent + 1)
    }
  }

  private static func outline(_ predicate: Predicate, _ indent: Int) -> String {
    PredicateOutline(.placed).text(of: predicate, indent: indent)
  }

  static func text(of measure: Threshold.Measure) -> String {
    switch measure {
    case .count: "count"
    case .distinctCount(let fields): "different \(fields.map(\.description).joined(separator: ", "))"
    case .sum(let field): "sum of \(field)"
    case .average(let field): "average of \(field)"
    case .percentile(let percentile, let field): "percentile \(percentile.text) of \(field)"
    }
  }

  static func text(of bound: Threshold.Bound) -> String {
    switch bound {
    case .order(let order): order.rawValue
    case .equal: "="
    case .notEqual: "!="
    }
  }
}
