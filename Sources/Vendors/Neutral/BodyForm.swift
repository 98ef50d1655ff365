import RuleIR

extension RuleBody {
  /// The body as an object whose `kind` tells what else it holds.
  var json: EventObject {
    switch self {
    case .predicate(let predicate): return ["kind": "predicate", "predicate": .object(predicate.json)]
    case .threshold(let threshold): return threshold.json
    case .newTerms(let terms): return terms.json
    case .sequence(let sequence): return sequence.json
    case .unmodelled(let rest): return rest.json
    }
  }
}

extension Threshold {
  fileprivate var json: EventObject {
    var object: EventObject = ["kind": "threshold", "predicate": .object(predicate.json)]
    object["groupBy"] = .list(groupBy.map(\.json))
    object["absentKey"] = absentKey == .ownGroup ? "own-group" : "dropped"
    object["window"] = .object(window.json)
    object["measure"] = .object(measure.json)
    object["bound"] = .string(bound.word)
    object["value"] = value.json
    if let further { object["further"] = .object(further.json) }
    if comparison == .onceAllHaveCome { object["compared"] = "once-all-have-come" }
    object.add(origin)
    return object
  }
}

extension Threshold.Window {
  fileprivate var json: EventObject {
    switch self {
    case .sliding(let span): ["kind": "sliding", "span": .string(span.description)]
    case .tumbling(let span): ["kind": "tumbling", "span": .string(span.description)]
    case .searchSpan: ["kind": "search-span"]
    }
  }
}

extension Threshold.Measure {
  var json: EventObject {
    switch self {
    case .count: ["kind": "count"]
    case .distinctCount(let fields): ["kind": "distinct-count", "fields": .list(fields.map(\.json))]
    case .sum(let field): ["kind": "sum", "field": field.json]
    case .average(let field): ["kind": "average", "field": field.json]
    case .percentile(let rank, let field): ["kind": "percentile", "rank": rank.json, "field": field.json]
    }
  }
}

extension Threshold.Bound {
  var word: String {
    switch self {
    case .order(let order): order.rawValue
    case .equal: "="
    case .notEqual: "!="
    }
  }
}

extension NewTerms {
  fileprivate var json: EventObject {
    var object: EventObject = ["kind": "new-terms", "predicate": .object(predicate.json)]
    object["fields"] = .list(fields.map(\.json))
    object["history"] = .string(history.description)
    object.add(origin)
    return object
  }
}

extension EventSequence {
  fileprivate var json: EventObject {
    var object: EventObject = ["kind": "sequence"]
    object["ordering"] = ordering == .ordered ? "ordered" : "unordered"
    object["steps"] = .list(steps.map { .object($0.json) })
    object.add("span", span?.description)
    if let until { object["until"] = .object(until.json) }
    object.add(origin)
    return object
  }
}

extension EventSequence.Step {
  fileprivate var json: EventObject {
    ["predicate": .object(predicate.json), "joinedBy": .list(joinedBy.map(\.json))]
  }
}

extension Unmodelled {
  fileprivate var json: EventObject {
    var object: EventObject = ["kind": "unmodelled", "reason": .string(reason), "text": .string(text)]
    if let understood { object["understood"] = .object(understood.json) }
    object.add(origin)
    return object
  }
}

extension Number {
  /// A JSON number where the text is one, and the text where it is not (`.5`, `+5`, `007`).
  var json: EventValue { isWrittenAsJSON ? .number(self) : .string(text) }

  private var isWrittenAsJSON: Bool {
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    guard let first = rest.first, (48...57).contains(first) else { return false }
    if first == 48, let next = rest.dropFirst().first, (48...57).contains(next) { return false }
    guard let dot = rest.firstIndex(of: UInt8(ascii: ".")) else { return true }
    let fraction = rest[rest.index(after: dot)...]
    return fraction.first.map { (48...57).contains($0) } ?? false
  }
}

extension FieldPath {
  /// The path in one text, or its steps where a text does not tell them.
  var json: EventValue {
    if FieldPath(parsing: description) == self { return .string(description) }
    return .list(steps.map(\.json))
  }
}

extension FieldPath.Step {
  fileprivate var json: EventValue {
    switch self {
    case .key(let key): .string(key)
    case .index(let index): ["index": .number(Number(index))]
    case .each: ["each": true]
    case .keyPattern(let pattern): ["keys": .string(pattern.description)]
    }
  }
}
