import Documents
import RuleIR
import SourceText

/// Reads predicates; the JSON reader's bound on depth keeps the recursion short.
enum PredicateDecoder {
  private static let conditionKeys = [
    "equals", "oneOf", "matches", "regex", "flavour", "flags", "anchoring", "order", "to", "network", "term", "words",
    "encoded", "encodings", "extent", "relation", "other", "case",
  ]

  static func predicate(_ node: DocumentNode) throws(Diagnostic) -> Predicate {
    guard let kind = node.members?.first?.key.text else {
      throw Diagnostic(.wrongType, "a predicate is an object with a member that tells its kind", at: node.range)
    }
    switch kind {
    case "all": return .all(try parts(IRObject(node, of: ["all"]).required("all")))
    case "any": return .any(try parts(IRObject(node, of: ["any"]).required("any")))
    case "not": return .not(try predicate(IRObject(node, of: ["not"]).required("not")))
    case "has": return .presence(try presence(node))
    case "field": return .field(try field(node))
    case "some", "every":
      let object = try IRObject(node, of: [kind, "where", "at"])
      let test = ElementTest(
        try object.path(kind), try predicate(object.required("where")), origin: Origin(node.range))
      return kind == "some" ? .some(test) : .every(test)
    case "anyField":
      let object = try IRObject(node, of: ["anyField", "at"] + conditionKeys)
      return .anyField(AnyFieldTest(try condition(object), origin: Origin(node.range)))
    case "rawTerm":
      let object = try IRObject(node, of: ["rawTerm", "case", "at"])
      return .rawTerm(
        RawTermTest(try object.pattern("rawTerm"), try object.textCase(), origin: Origin(node.range)))
    case _: throw unknown(node, kind)
    }
  }

  private static func unknown(_ node: DocumentNode, _ kind: String) -> Diagnostic {
    let known = ["all", "any", "not", "has", "field", "some", "every", "anyField", "rawTerm"]
    return Diagnostic(
      .unknownKey, "'\(visible(kind))' is no kind of predicate", at: node.members?.first?.key.range ?? node.range,
      help: "known: \(known.joined(separator: ", "))")
  }

  private static func parts(_ node: DocumentNode) throws(Diagnostic) -> [Predicate] {
    var parts: [Predicate] = []
    for element in try node.list() { parts.append(try predicate(element)) }
    return parts
  }

  private static func presence(_ node: DocumentNode) throws(Diagnostic) -> PresenceTest {
    let object = try IRObject(node, of: ["has", "field", "at"])
    return PresenceTest(
      try object.requiredChoice("has", PresenceTest.Kind.allCases, \.rawValue), try object.path("field"),
      origin: Origin(node.range))
  }

  private static func field(_ node: DocumentNode) throws(Diagnostic) -> FieldTest {
    let object = try IRObject(node, of: ["field", "subject", "derived", "polarity", "at"] + conditionKeys)
    var test = FieldTest(try object.path("field"), try condition(object), origin: Origin(node.range))
    if let word = try object.text("subject") {
      guard let subject = FieldTest.Subject(word: word) else {
        throw Diagnostic(.invalidValue, "'\(visible(word))' is no subject of a test", at: object["subject"]?.range)
      }
      test.subject = subject
    }
    if let node = object["derived"] {
      var steps: [Derivation.Step] = []
      for element in try node.list() { steps.append(try step(element)) }
      test.subject = .derived(Derivation(steps))
    }
    let polarity = try object.choice("polarity", ["some-value-fails"]) { $0 }
    if polarity != nil { test.polarity = .someValueFails }
    return test
  }

  private static func step(_ node: DocumentNode) throws(Diagnostic) -> Derivation.Step {
    let object = try IRObject(node, of: ["step", "by", "group", "regex", "flavour", "flags", "anchoring"])
    let word = try object.required("step")
    switch try word.string() {
    case "url-decoded": return .urlDecoded
    case "base64-decoded": return .base64Decoded
    case "lowered": return .lowered
    case "raised": return .raised
    case "length": return .length
    case "replaced": return .replaced(try regex(object), by: try object.required("by").string())
    case "match-count": return .matchCount(try regex(object))
    case "captured":
      guard let group = try object.number("group").integer, (0...32).contains(group) else {
        throw Diagnostic(.invalidValue, "a group is a number from 0 to 32", at: object["group"]?.range ?? node.range)
      }
      return .captured(try regex(object), group: group)
    case let other:
      throw Diagnostic(.invalidValue, "'\(visible(other))' is no step of a derivation", at: word.range)
    }
  }

  // MARK: - Conditions

  private static func condition(_ object: IRObject) throws(Diagnostic) -> Condition {
    if let node = object["equals"] { return .equals(try literal(node)) }
    if let node = object["oneOf"] {
      var literals: [Literal] = []
      for element in try node.list() { literals.append(try literal(element)) }
      return .oneOf(literals)
    }
    if object["matches"] != nil { return .matches(try object.pattern("matches"), try object.textCase()) }
    if object["regex"] != nil { return .regex(try regex(object)) }
    if object["order"] != nil {
      return .order(
        try object.requiredChoice("order", Order.allCases, \.rawValue), try literal(object.required("to")))
    }
    if let node = object["network"] {
      guard let network = Network(try node.string()) else {
        throw Diagnostic(.invalidNetwork, "this is no block of addresses", at: node.range)
      }
      return .network(network)
    }
    if let text = try object.text("term") { return .term(try term(text, object)) }
    if object["encoded"] != nil { return .encoded(try encoded(object)) }
    let relations: [FieldRelation] = [.equals, .startsWith, .endsWith, .contains] + Order.allCases.map { .order($0) }
    return .field(
      try object.requiredChoice("relation", relations, \.word), try object.path("other"), try object.textCase())
  }

  private static func literal(_ node: DocumentNode) throws(Diagnostic) -> Literal {
    let object = try IRObject(node, of: ["text", "untyped", "number", "boolean", "case", "coercing"])
    if let text = try object.text("text") { return .text(text, try object.textCase()) }
    if let text = try object.text("untyped") { return .untyped(text, try object.textCase()) }
    if let node = object["boolean"] { return .boolean(try node.flag()) }
    let reading: NumberReading = try object["coercing"]?.flag() == true ? .coercing : .strict
    return .number(try object.number("number"), reading)
  }

  private static func regex(_ object: IRObject) throws(Diagnostic) -> RegexPattern {
    guard let flags = RegexPattern.Flags(words: try object.texts("flags")) else {
      throw Diagnostic(.invalidValue, "one of these is no flag", at: object["flags"]?.range)
    }
    return RegexPattern(
      try object.required("regex").string(),
      try object.requiredChoice("flavour", RegexPattern.Flavour.allCases, \.rawValue), flags: flags,
      anchoring: try object.requiredChoice("anchoring", [RegexPattern.Anchoring.search, .whole, .start], \.word))
  }

  private static func term(_ text: String, _ object: IRObject) throws(Diagnostic) -> TermMatch {
    let words: [TermMatch.Tokenisation] = [.alphanumericRuns, .standardAnalyser]
    return TermMatch(
      text, try object.textCase(), tokenisation: try object.requiredChoice("words", words, \.word),
      extent: try object.requiredChoice("extent", [TermMatch.Extent.whole, .prefix, .suffix], \.word))
  }

  private static func encoded(_ object: IRObject) throws(Diagnostic) -> EncodedText {
    var encodings: [EncodedText.Encoding] = []
    for word in try object.texts("encodings") {
      guard let encoding = EncodedText.Encoding(rawValue: word) else {
        throw Diagnostic(.invalidValue, "'\(visible(word))' is no encoding", at: object["encodings"]?.range)
      }
      encodings.append(encoding)
    }
    let extents: [EncodedText.Extent] = [.whole, .prefix, .suffix, .contains]
    return EncodedText(
      try object.pattern("encoded"), encodings, extent: try object.requiredChoice("extent", extents, \.word),
      try object.textCase())
  }
}
