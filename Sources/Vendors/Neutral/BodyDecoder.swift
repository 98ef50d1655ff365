import Documents
import RuleIR
import SourceText

/// Reads when a rule fires.
enum BodyDecoder {
  private static let kinds = ["predicate", "threshold", "new-terms", "sequence", "unmodelled"]

  static func body(_ node: DocumentNode) throws(Diagnostic) -> RuleBody {
    switch try kind(of: node, among: kinds) {
    case "threshold": .threshold(try threshold(node))
    case "new-terms": .newTerms(try newTerms(node))
    case "sequence": .sequence(try sequence(node))
    case "unmodelled": .unmodelled(try unmodelled(node))
    case _:
      .predicate(try PredicateDecoder.predicate(IRObject(node, of: ["kind", "predicate"]).required("predicate")))
    }
  }

  /// The word that tells what else an object holds.
  private static func kind(of node: DocumentNode, among kinds: [String]) throws(Diagnostic) -> String {
    guard let kind = node["kind"] else {
      throw Diagnostic(.missingKey, "the object has no 'kind'", at: node.range)
    }
    guard let text = kind.text, kinds.contains(text) else {
      throw Diagnostic(
        .invalidValue, "'\(visible(kind.text ?? ""))' is no kind", at: kind.range,
        help: "known: \(kinds.joined(separator: ", "))")
    }
    return text
  }

  private static func threshold(_ node: DocumentNode) throws(Diagnostic) -> Threshold {
    let object = try IRObject(
      node,
      of: [
        "kind", "predicate", "groupBy", "absentKey", "window", "measure", "bound", "value", "further", "compared", "at",
      ])
    var further: GroupCondition?
    if let node = object["further"] { further = try GroupDecoder.condition(node) }
    return Threshold(
      try PredicateDecoder.predicate(object.required("predicate")), groupBy: try object.paths("groupBy"),
      absentKey: try object.requiredChoice("absentKey", [Threshold.AbsentKey.dropped, .ownGroup]) {
        $0 == .ownGroup ? "own-group" : "dropped"
      }, window: try window(object.required("window")), measure: try measure(object.required("measure")),
      try bound(object), try object.number("value"), further: further,
      comparison: object["compared"] == nil
        ? .asEventsCome
        : try object.requiredChoice("compared", [Threshold.Comparison.asEventsCome, .onceAllHaveCome]) {
          $0 == .asEventsCome ? "as-events-come" : "once-all-have-come"
        }, origin: Origin(node.range))
  }

  private static func window(_ node: DocumentNode) throws(Diagnostic) -> Threshold.Window {
    let kind = try kind(of: node, among: ["sliding", "tumbling", "search-span"])
    let object = try IRObject(node, of: ["kind", "span"])
    if kind == "search-span" { return .searchSpan }
    guard let span = try object.span("span") else {
      throw Diagnostic(.missingKey, "the window has no 'span'", at: node.range)
    }
    return kind == "sliding" ? .sliding(span) : .tumbling(span)
  }

  static func bound(_ object: IRObject) throws(Diagnostic) -> Threshold.Bound {
    try object.requiredChoice("bound", Order.allCases.map(Threshold.Bound.order) + [.equal, .notEqual], \.word)
  }

  static func measure(_ node: DocumentNode) throws(Diagnostic) -> Threshold.Measure {
    let kind = try kind(of: node, among: ["count", "distinct-count", "sum", "average", "percentile"])
    let object = try IRObject(node, of: ["kind", "fields", "field", "rank"])
    switch kind {
    case "distinct-count": return .distinctCount(try object.paths("fields"))
    case "sum": return .sum(try object.path("field"))
    case "average": return .average(try object.path("field"))
    case "percentile": return .percentile(try object.number("rank"), try object.path("field"))
    case _: return .count
    }
  }

  private static func newTerms(_ node: DocumentNode) throws(Diagnostic) -> NewTerms {
    let object = try IRObject(node, of: ["kind", "predicate", "fields", "history", "at"])
    guard let history = try object.span("history") else {
      throw Diagnostic(.missingKey, "the body has no 'history'", at: node.range)
    }
    return NewTerms(
      try PredicateDecoder.predicate(object.required("predicate")), fields: try object.paths("fields"),
      history: history, origin: Origin(node.range))
  }

  private static func sequence(_ node: DocumentNode) throws(Diagnostic) -> EventSequence {
    let object = try IRObject(node, of: ["kind", "ordering", "steps", "span", "until", "at"])
    var steps: [EventSequence.Step] = []
    for element in try object.required("steps").list() { steps.append(try step(element)) }
    var until: EventSequence.Step?
    if let node = object["until"] { until = try step(node) }
    return EventSequence(
      try object.requiredChoice("ordering", [EventSequence.Ordering.ordered, .unordered]) {
        $0 == .ordered ? "ordered" : "unordered"
      }, steps, span: try object.span("span"), until: until, origin: Origin(node.range))
  }

  private static func step(_ node: DocumentNode) throws(Diagnostic) -> EventSequence.Step {
    let object = try IRObject(node, of: ["predicate", "joinedBy"])
    return EventSequence.Step(
      try PredicateDecoder.predicate(object.required("predicate")), joinedBy: try object.paths("joinedBy"))
  }

  private static func unmodelled(_ node: DocumentNode) throws(Diagnostic) -> Unmodelled {
    let object = try IRObject(node, of: ["kind", "reason", "text", "understood", "at"])
    var understood: Predicate?
    if let node = object["understood"] { understood = try PredicateDecoder.predicate(node) }
    return Unmodelled(
      text: try object.required("text").string(), understood: understood,
      reason: try object.required("reason").string(), origin: Origin(node.range))
  }
}
