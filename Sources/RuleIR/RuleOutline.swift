/// Writes a rule's body as indented text.
public enum RuleOutline {
  public static func text(of body: RuleBody, _ detail: PredicateOutline.Detail = .placed) -> String {
    let outline = PredicateOutline(detail)
    func nested(_ head: String, _ predicates: [Predicate]) -> String {
      ([head] + predicates.map { outline.text(of: $0, indent: 1) }).joined(separator: "\n")
    }
    switch body {
    case .predicate(let predicate): return outline.text(of: predicate)
    case .threshold(let threshold):
      let further = threshold.further.map { "\nand of the group\n" + GroupOutline.text(of: $0, indent: 1) } ?? ""
      return nested(head(of: threshold), [threshold.predicate]) + further
    case .newTerms(let terms):
      let fields = terms.fields.map(\.description).joined(separator: ", ")
      return nested("new combination of \(fields) in \(terms.history)", [terms.predicate])
    case .sequence(let sequence):
      let span = sequence.span.map { " within \($0)" } ?? ""
      let ordering = sequence.ordering == .ordered ? "in order" : "in any order"
      return nested("sequence \(ordering)\(span)", sequence.steps.map(\.predicate))
        + (sequence.until.map { "\nuntil\n" + outline.text(of: $0.predicate, indent: 1) } ?? "")
    case .unmodelled(let rest):
      return nested("unmodelled: \(rest.reason); understood of it", rest.understood.map { [$0] } ?? [.always])
    }
  }

  private static func head(of threshold: Threshold) -> String {
    let measure = GroupOutline.text(of: threshold.measure)
    let bound = GroupOutline.text(of: threshold.bound)
    let window =
      switch threshold.window {
      case .sliding(let span): "within any \(span)"
      case .tumbling(let span): "in a window of \(span)"
      case .searchSpan: "in the span of the search"
      }
    let groups = threshold.groupBy.map(\.description).joined(separator: ", ")
    let absent = threshold.absentKey == .ownGroup ? ", absent ones as a group" : ""
    let late = threshold.comparison == .onceAllHaveCome ? ", once all have come" : ""
    return "\(measure) \(bound) \(threshold.value.text) \(window)"
      + (groups.isEmpty ? "" : " by \(groups)\(absent)") + late
  }
}
