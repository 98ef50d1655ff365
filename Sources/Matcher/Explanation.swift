public import RuleIR

/// Why a predicate is true or false of an event: its tree, with a verdict at every node.
public struct Explanation: Hashable, Sendable {
  /// The node as text: `all`, `not`, or a test such as `verb = "list"`.
  public var text: String
  public var verdict: Bool
  public var origin: Origin
  /// What the event has where the test looks; empty for connectives.
  public var seen: String
  /// Whether this node had a part in the verdict of the one above: another verdict here could have changed that.
  public var isDecisive: Bool
  public var parts: [Explanation]

  public init(
    text: String, verdict: Bool, origin: Origin, seen: String = "", isDecisive: Bool = true, parts: [Explanation] = []
  ) {
    self.text = text
    self.verdict = verdict
    self.origin = origin
    self.seen = seen
    self.isDecisive = isDecisive
    self.parts = parts
  }
}

extension TreeMatcher {
  /// The verdict on an event with all that led to it.
  public func explain(_ event: EventValue) throws(EvaluationFailure) -> Explanation {
    try explain(predicate, in: event, of: event)
  }

  private func explain(
    _ predicate: Predicate, in scope: EventValue, of event: EventValue
  ) throws(EvaluationFailure) -> Explanation {
    let verdict = try holds(predicate, in: scope, of: event)
    switch predicate {
    case .all(let parts): return try group("all", parts, verdict, in: scope, of: event, decides: { !$0 })
    case .any(let parts): return try group("any", parts, verdict, in: scope, of: event, decides: { $0 })
    case .not(let inner):
      let part = try explain(inner, in: scope, of: event)
      return Explanation(text: "not", verdict: verdict, origin: part.origin, parts: [part])
    case .some(let test): return try elements("some", test, verdict, in: scope, of: event)
    case .every(let test): return try elements("every", test, verdict, in: scope, of: event)
    case .presence(let test):
      return Explanation(
        text: PredicateOutline.text(of: test), verdict: verdict, origin: test.origin,
        seen: scope.description(at: test.field))
    case .field(let test):
      var seen = scope.description(at: test.field)
      if case .field(_, let other, _) = test.condition { seen += " and \(scope.description(at: other))" }
      return Explanation(
        text: PredicateOutline.text(of: test), verdict: verdict, origin: test.origin, seen: seen)
    case .anyField(let test):
      return Explanation(
        text: "any field \(PredicateOutline.text(of: test.condition))", verdict: verdict, origin: test.origin)
    case .rawTerm:
      return Explanation(text: PredicateOutline(.terse).text(of: predicate), verdict: verdict, origin: predicate.place)
    }
  }

  /// A conjunction or disjunction; where a part decided it, the others did not.
  private func group(
    _ text: String, _ parts: [Predicate], _ verdict: Bool, in scope: EventValue, of event: EventValue,
    decides: (Bool) -> Bool
  ) throws(EvaluationFailure) -> Explanation {
    if parts.isEmpty {
      return Explanation(text: text == "all" ? "always" : "never", verdict: verdict, origin: Origin())
    }
    var explained: [Explanation] = []
    for part in parts { explained.append(try explain(part, in: scope, of: event)) }
    let isDecided = explained.contains { decides($0.verdict) }
    for index in explained.indices { explained[index].isDecisive = !isDecided || decides(explained[index].verdict) }
    return Explanation(text: text, verdict: verdict, origin: Origin(), parts: explained)
  }

  private func elements(
    _ quantifier: String, _ test: ElementTest, _ verdict: Bool, in scope: EventValue, of event: EventValue
  ) throws(EvaluationFailure) -> Explanation {
    var parts: [Explanation] = []
    for (index, element) in scope.values(at: test.path).prefix(20).enumerated() {
      let inner = try explain(test.predicate, in: element, of: event)
      parts.append(
        Explanation(text: "element \(index + 1)", verdict: inner.verdict, origin: inner.origin, parts: [inner]))
    }
    return Explanation(
      text: "\(quantifier) \(test.path)", verdict: verdict, origin: test.origin,
      seen: parts.isEmpty ? "the event has no element at \(test.path)" : "", parts: parts)
  }
}

extension EventValue {
  /// What lies at a path, for people: `the event has "watch" at verb`.
  fileprivate func description(at path: FieldPath) -> String {
    let values = values(at: path)
    guard !values.isEmpty else {
      return hasKey(path) ? "the event has no value at \(path)" : "the event has no \(path)"
    }
    let shown = values.prefix(3).map { value in
      let text = value.json
      return text.count > 80 ? text.prefix(77) + "…" : text[...]
    }
    let more = values.count > 3 ? " and \(values.count - 3) more" : ""
    return "the event has \(shown.joined(separator: ", "))\(more) at \(path)"
  }
}

extension Predicate {
  fileprivate var place: Origin {
    if case .rawTerm(let test) = self { test.origin } else { Origin() }
  }
}
