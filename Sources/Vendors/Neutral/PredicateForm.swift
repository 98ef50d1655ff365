import RuleIR

extension Predicate {
  /// The predicate as an object whose first member tells its kind.
  var json: EventObject {
    switch self {
    case .all(let parts): return ["all": .list(parts.map { .object($0.json) })]
    case .any(let parts): return ["any": .list(parts.map { .object($0.json) })]
    case .not(let inner): return ["not": .object(inner.json)]
    case .presence(let test): return test.json
    case .field(let test): return test.json
    case .some(let test): return test.json(as: "some")
    case .every(let test): return test.json(as: "every")
    case .anyField(let test): return test.json
    case .rawTerm(let test): return test.json
    }
  }
}

extension PresenceTest {
  fileprivate var json: EventObject {
    var object: EventObject = ["has": .string(kind.rawValue), "field": field.json]
    object.add(origin)
    return object
  }
}

extension FieldTest {
  fileprivate var json: EventObject {
    var object: EventObject = ["field": field.json]
    object.add("subject", subject.word)
    if case .derived(let derivation) = subject { object["derived"] = .list(derivation.steps.map { .object($0.json) }) }
    if polarity == .someValueFails { object["polarity"] = "some-value-fails" }
    for member in condition.json.members { object[member.key] = member.value }
    object.add(origin)
    return object
  }
}

extension FieldTest.Subject {
  /// Nil for the value itself, which is not mentioned.
  var word: String? {
    switch self {
    case .value: nil
    case .spelling: "spelling"
    case .length: "length"
    case .count: "count"
    case .datePart(let part): part.rawValue
    case .derived: nil
    }
  }

  /// A derivation, which has a member of its own, has no word.
  init?(word: String) {
    switch word {
    case "spelling": self = .spelling
    case "length": self = .length
    case "count": self = .count
    case let word:
      guard let part = FieldTest.DatePart(rawValue: word) else { return nil }
      self = .datePart(part)
    }
  }
}

extension Derivation.Step {
  fileprivate var json: EventObject {
    switch self {
    case .urlDecoded: return ["step": "url-decoded"]
    case .base64Decoded: return ["step": "base64-decoded"]
    case .lowered: return ["step": "lowered"]
    case .raised: return ["step": "raised"]
    case .length: return ["step": "length"]
    case .replaced(let regex, let text): return step("replaced", regex, "by", .string(text))
    case .captured(let regex, let group): return step("captured", regex, "group", .number(Number(group)))
    case .matchCount(let regex): return step("match-count", regex, nil, .null)
    }
  }

  private func step(_ word: String, _ regex: RegexPattern, _ key: String?, _ value: EventValue) -> EventObject {
    var object: EventObject = ["step": .string(word)]
    if let key { object[key] = value }
    for member in regex.json.members { object[member.key] = member.value }
    return object
  }
}

extension ElementTest {
  fileprivate func json(as kind: String) -> EventObject {
    var object: EventObject = [kind: path.json, "where": .object(predicate.json)]
    object.add(origin)
    return object
  }
}

extension AnyFieldTest {
  fileprivate var json: EventObject {
    var object: EventObject = ["anyField": true]
    for member in condition.json.members { object[member.key] = member.value }
    object.add(origin)
    return object
  }
}

extension RawTermTest {
  fileprivate var json: EventObject {
    var object: EventObject = ["rawTerm": .string(term.description), "case": textCase.json]
    object.add(origin)
    return object
  }
}

extension Condition {
  /// The members that say what is demanded of a value.
  var json: EventObject {
    switch self {
    case .equals(let literal): return ["equals": literal.json]
    case .oneOf(let literals): return ["oneOf": .list(literals.map(\.json))]
    case .matches(let pattern, let textCase): return ["matches": .string(pattern.description), "case": textCase.json]
    case .regex(let regex): return regex.json
    case .order(let order, let literal): return ["order": .string(order.rawValue), "to": literal.json]
    case .network(let network): return ["network": .string(network.description)]
    case .term(let term): return term.json
    case .encoded(let encoded): return encoded.json
    case .field(let relation, let other, let textCase):
      return ["relation": .string(relation.word), "other": other.json, "case": textCase.json]
    }
  }
}

extension Literal {
  fileprivate var json: EventValue {
    switch self {
    case .text(let text, let textCase): ["text": .string(text), "case": textCase.json]
    case .untyped(let text, let textCase): ["untyped": .string(text), "case": textCase.json]
    case .number(let number, .strict): ["number": number.json]
    case .number(let number, .coercing): ["number": number.json, "coercing": true]
    case .boolean(let flag): ["boolean": .boolean(flag)]
    }
  }
}

extension TextCase {
  fileprivate var json: EventValue { .string(rawValue) }
}

extension RegexPattern {
  fileprivate var json: EventObject {
    var object: EventObject = ["regex": .string(text), "flavour": .string(flavour.rawValue)]
    object.add("flags", flags.words)
    object["anchoring"] = .string(anchoring.word)
    return object
  }
}

extension RegexPattern.Flags {
  private static let all: [(flag: RegexPattern.Flags, word: String)] = [
    (.ignoreCase, "ignore-case"), (.multiline, "multiline"), (.dotAll, "dot-all"),
  ]

  var words: [String] { Self.all.filter { contains($0.flag) }.map(\.word) }

  /// Nil where one of the words names no flag.
  init?(words: [String]) {
    self = []
    for word in words {
      guard let known = Self.all.first(where: { $0.word == word }) else { return nil }
      insert(known.flag)
    }
  }
}

extension RegexPattern.Anchoring {
  var word: String {
    switch self {
    case .search: "search"
    case .whole: "whole"
    case .start: "start"
    }
  }
}

extension FieldRelation {
  var word: String {
    switch self {
    case .equals: "equals"
    case .startsWith: "starts-with"
    case .endsWith: "ends-with"
    case .contains: "contains"
    case .order(let order): order.rawValue
    }
  }
}

extension TermMatch {
  fileprivate var json: EventObject {
    [
      "term": .string(text), "case": textCase.json, "words": .string(tokenisation.word),
      "extent": .string(extent.word),
    ]
  }
}

extension TermMatch.Tokenisation {
  var word: String {
    switch self {
    case .alphanumericRuns: "alphanumeric-runs"
    case .standardAnalyser: "standard-analyser"
    }
  }
}

extension TermMatch.Extent {
  var word: String {
    switch self {
    case .whole: "whole"
    case .prefix: "prefix"
    case .suffix: "suffix"
    }
  }
}

extension EncodedText {
  fileprivate var json: EventObject {
    [
      "encoded": .string(text.description), "encodings": .list(encodings.map { .string($0.rawValue) }),
      "extent": .string(extent.word), "case": textCase.json,
    ]
  }
}

extension EncodedText.Extent {
  var word: String {
    switch self {
    case .whole: "whole"
    case .prefix: "prefix"
    case .suffix: "suffix"
    case .contains: "contains"
    }
  }
}
