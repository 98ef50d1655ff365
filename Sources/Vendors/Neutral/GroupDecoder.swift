import Documents
import RuleIR
import SourceText

/// Reads what a threshold asks of a group beside its bound.
enum GroupDecoder {
  static func condition(_ node: DocumentNode) throws(Diagnostic) -> GroupCondition {
    let object = try IRObject(node, of: ["all", "any", "not", "key", "measured", "elapsed"])
    if let parts = object["all"] { return .all(try conditions(parts)) }
    if let parts = object["any"] { return .any(try conditions(parts)) }
    if let inner = object["not"] { return .not(try condition(inner)) }
    if let predicate = object["key"] { return .key(try PredicateDecoder.predicate(predicate)) }
    if let measure = object["measured"] { return .measure(try self.measure(measure)) }
    return .elapsed(try elapsed(try object.required("elapsed")))
  }

  private static func conditions(_ node: DocumentNode) throws(Diagnostic) -> [GroupCondition] {
    var parts: [GroupCondition] = []
    for element in try node.list() { parts.append(try condition(element)) }
    return parts
  }

  private static func measure(_ node: DocumentNode) throws(Diagnostic) -> GroupMeasure {
    let object = try IRObject(node, of: ["measure", "kinds", "events", "bound", "value"])
    let quantity: GroupMeasure.Quantity
    if let kinds = object["kinds"] {
      var predicates: [Predicate] = []
      for kind in try kinds.list() { predicates.append(try PredicateDecoder.predicate(kind)) }
      quantity = .kinds(predicates)
    } else {
      quantity = .of(try BodyDecoder.measure(try object.required("measure")))
    }
    var events = Predicate.always
    if let node = object["events"] { events = try PredicateDecoder.predicate(node) }
    return GroupMeasure(quantity, of: events, try BodyDecoder.bound(object), try object.number("value"))
  }

  private static func elapsed(_ node: DocumentNode) throws(Diagnostic) -> ElapsedTime {
    let object = try IRObject(node, of: ["from", "to", "order", "seconds"])
    let seconds = try object.required("seconds")
    guard let count = try object.number("seconds").integer, (-(1 << 40)...1 << 40).contains(count) else {
      throw Diagnostic(.invalidValue, "a whole number of seconds belongs here", at: seconds.range)
    }
    return ElapsedTime(
      from: try moment(try object.required("from")), to: try moment(try object.required("to")),
      try object.requiredChoice("order", Order.allCases, \.rawValue), seconds: count)
  }

  private static func moment(_ node: DocumentNode) throws(Diagnostic) -> ElapsedTime.Moment {
    if node.text == "search" { return .search }
    let object = try IRObject(node, of: ["first", "last"])
    if let predicate = object["first"] { return .first(try PredicateDecoder.predicate(predicate)) }
    return .last(try PredicateDecoder.predicate(try object.required("last")))
  }
}
