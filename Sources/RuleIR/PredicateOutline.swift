import SourceText

/// Writes a predicate as indented text, for people and for recorded meanings.
public struct PredicateOutline: Sendable {
  public enum Detail: Sendable {
    /// The meaning alone.
    case terse
    /// Each test with its place in the rule's text.
    case placed
  }

  public var detail: Detail

  public init(_ detail: Detail) { self.detail = detail }

  /// One line a node, without a line end after the last.
  public func text(of predicate: Predicate, indent: Int = 0) -> String {
    let pad = String(repeating: "  ", count: indent)
    func nested(_ head: String, _ parts: [Predicate]) -> String {
      ([pad + head] + parts.map { text(of: $0, indent: indent + 1) }).joined(separator: "\n")
    }
    switch predicate {
    case .all(let parts): return parts.isEmpty ? pad + "always" : nested("all", parts)
    case .any(let parts): return parts.isEmpty ? pad + "never" : nested("any", parts)
    case .not(let inner): return nested("not", [inner])
    case .some(let test): return nested("some \(test.path)\(place(test.origin))", [test.predicate])
    case .every(let test): return nested("every \(test.path)\(place(test.origin))", [test.predicate])
    case .presence(let test): return pad + Self.text(of: test) + place(test.origin)
    case .field(let test): return pad + Self.text(of: test) + place(test.origin)
    case .anyField(let test): return pad + "any field \(Self.text(of: test.condition))" + place(test.origin)
    case .rawTerm(let test):
      return pad + "raw text has \(EventValue.quoted(test.term.description))\(Self.text(of: test.textCase))"
        + place(test.origin)
    }
  }

  private func place(_ origin: Origin) -> String {
    guard detail == .placed, let range = origin.range else { return "" }
    return "    @\(range.line):\(range.column)"
  }

  /// One test on one line: `verb = "list"`.
  public static func text(of test: FieldTest) -> String {
    let subject =
      switch test.subject {
      case .value: "\(test.field)"
      case .spelling: "text of \(test.field)"
      case .length: "length of \(test.field)"
      case .count: "count of \(test.field)"
      case .datePart(let part): "\(part.rawValue) of \(test.field)"
      case .derived(let derivation): "\(test.field) (\(derivation))"
      }
    let differs = test.polarity == .someValueFails ? "some value fails: " : ""
    return "\(differs)\(subject) \(text(of: test.condition))"
  }

  public static func text(of test: PresenceTest) -> String {
    switch test.kind {
    case .key: "\(test.field) is a key"
    case .value: "\(test.field) has a value"
    case .single: "\(test.field) has one value"
    }
  }

  public static func text(of condition: Condition) -> String {
    switch condition {
    case .equals(let literal): "= \(text(of: literal))"
    case .oneOf(let literals): "in (\(literals.map(text(of:)).joined(separator: ", ")))"
    case .matches(let pattern, let textCase): "like \(EventValue.quoted(pattern.description))\(text(of: textCase))"
    case .regex(let regex): "matches \(text(of: regex))"
    case .order(let order, let literal): "\(order.rawValue) \(text(of: literal))"
    case .network(let network): "in network \(network)"
    case .term(let match): "has \(text(of: match))"
    case .encoded(let encoded):
      "\(encoded.extent) \(encoded.encodings.map(\.rawValue).joined(separator: " of "))"
        + " of \(EventValue.quoted(encoded.text.description))\(text(of: encoded.textCase))"
    case .field(let relation, let path, let textCase): "\(text(of: relation)) field \(path)\(text(of: textCase))"
    }
  }

  private static func text(of relation: FieldRelation) -> String {
    switch relation {
    case .equals: "="
    case .startsWith: "starts with"
    case .endsWith: "ends with"
    case .contains: "contains"
    case .order(let order): order.rawValue
    }
  }

  private static func text(of regex: RegexPattern) -> String {
    let flags = [(RegexPattern.Flags.ignoreCase, "i"), (.multiline, "m"), (.dotAll, "s")]
      .filter { regex.flags.contains($0.0) }.map(\.1).joined()
    let anchoring =
      switch regex.anchoring {
      case .search: ""
      case .whole: " as a whole"
      case .start: " from the start"
      }
    return "\(regex.flavour.rawValue) /\(regex.text)/\(flags)\(anchoring)"
  }

  private static func text(of match: TermMatch) -> String {
    let extent =
      switch match.extent {
      case .whole: "term"
      case .prefix: "term starting with"
      case .suffix: "term ending with"
      }
    let words = match.tokenisation == .standardAnalyser ? " (analysed)" : ""
    return "\(extent) \(EventValue.quoted(match.text))\(text(of: match.textCase))\(words)"
  }

  private static func text(of literal: Literal) -> String {
    switch literal {
    case .text(let text, let textCase): EventValue.quoted(text) + Self.text(of: textCase)
    case .number(let number, .strict): number.text
    case .number(let number, .coercing): "number \(number.text)"
    case .boolean(let flag): flag ? "true" : "false"
    case .untyped(let text, let textCase): "untyped \(EventValue.quoted(text))\(Self.text(of: textCase))"
    }
  }

  private static func text(of textCase: TextCase) -> String { textCase == .insensitive ? " ~" : "" }
}
