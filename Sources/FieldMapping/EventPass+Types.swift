import RuleIR
import SourceText

extension EventPass {
  /// The test with its literals in the field's type; nil, with a warning, where none of them can be a value of it.
  mutating func resolvingTypes(_ test: FieldTest, _ field: ResolvedField) -> FieldTest? {
    guard let type = field.type else { return test }
    // No address is the text of a block, where the same words ask for the addresses of the block as well.
    if type == .ip, case .equals(let literal) = test.condition, literal.spelling.contains("/"),
      test.origin.range.map({ blocks.contains($0) }) == true
    {
      return nil
    }
    let resolved = test.resolved(to: type)
    // That a number is no empty text goes without saying: "not empty" is how some languages ask for presence.
    for refused in resolved.refused where refused != "''" {
      diagnostics.append(
        .impossibleValue(
          "'\(field.eventPath)' holds \(type.plural) and never \(refused)", at: test.origin.range,
          label: "no event passes this"))
    }
    return resolved.test
  }

  func resolvingTypesQuietly(_ test: FieldTest, _ field: ResolvedField) -> FieldTest? {
    guard let type = field.type else { return test }
    return test.resolved(to: type).test
  }

  /// The test in parts, where the vendor stores a name as an address: a text with a slash is then a network.
  ///
  /// https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/ip#query-ip-fields
  mutating func networks(_ test: FieldTest, _ field: ResolvedField) -> [FieldTest]? {
    guard field.name?.type == .ip, test.subject == .value, test.polarity == .someValuePasses,
      let literals = test.condition.listed, literals.contains(where: { $0.spelling.contains("/") })
    else { return nil }
    var parts: [FieldTest] = []
    let plain = literals.filter { !$0.spelling.contains("/") }
    if !plain.isEmpty { parts.append(test.asking(plain.count == 1 ? .equals(plain[0]) : .oneOf(plain))) }
    for literal in literals where literal.spelling.contains("/") {
      guard let network = Network(literal.spelling) else {
        diagnostics.append(
          Diagnostic(
            .invalidNetwork, "'\(literal.spelling)' is no network", at: test.origin.range,
            notes: ["'\(field.name?.spelling ?? "")' is stored as an address, on which a text with '/' is a network"]))
        continue
      }
      parts.append(test.asking(.network(network)))
    }
    return parts
  }

  /// Says of each literal that no event has it.
  mutating func warnOfUnseenValues(_ test: FieldTest, _ field: ResolvedField) {
    guard let row = field.row, !row.knownValues.isEmpty || !row.neverValues.isEmpty, test.subject == .value else {
      return
    }
    for (literal, condition) in test.condition.textChoices {
      let reason = row.neverValues.first { condition.holds(for: $0.value) == true }?.reason
      let isSeen =
        row.knownValues.isEmpty ? reason == nil : row.knownValues.contains { condition.holds(for: $0) == true }
      if isSeen { continue }
      diagnostics.append(
        .impossibleValue(
          "no \(mapping.title) has \(literal) at '\(row.path)'", at: test.origin.range, label: "never seen",
          notes: reason.map { [$0] } ?? [], help: nearestName(to: condition.soleText ?? "", among: row.knownValues)))
    }
  }
}

extension FieldTest {
  /// The test with another condition.
  func asking(_ condition: Condition) -> FieldTest {
    var changed = self
    changed.condition = condition
    return changed
  }

  /// The test of the value itself.
  private var plainly: FieldTest {
    var plain = self
    plain.subject = .value
    return plain
  }

  /// The test as the field's type settles it, and what of it no value of the type can be.
  func resolved(to type: TargetSchema.FieldType) -> (test: FieldTest?, refused: [String]) {
    switch subject {
    case .length, .count, .datePart, .derived: return (self, [])
    case .spelling:
      if case .order(let order, .untyped(let text, _)) = condition, let number = Number(text) {
        // Between two numbers in letters the order is one of numbers, so that a field of texts settles nothing.
        return type == .number ? (plainly.asking(.order(order, .number(number, .strict))), []) : (self, [])
      }
      // A text is its own spelling.
      guard type.isText else { return (self, []) }
      return plainly.resolved(to: type)
    case .value: break
    }
    switch condition {
    case .equals(let literal):
      guard let typed = literal.resolved(to: type) else { return (nil, [literal.shown]) }
      return (asking(.equals(typed)), [])
    case .oneOf(let literals):
      let typed = literals.compactMap { $0.resolved(to: type) }
      let refused = literals.filter { $0.resolved(to: type) == nil }.map(\.shown)
      if typed.isEmpty, !literals.isEmpty { return (nil, refused) }
      return (asking(.oneOf(typed)), refused)
    case .order(let order, let literal):
      guard let typed = literal.resolved(to: type) else { return (nil, ["compares with \(literal.shown)"]) }
      return (asking(.order(order, typed)), [])
    case .matches, .regex, .network, .term, .encoded:
      return type.isText || type == .object ? (self, []) : (nil, ["passes a test of texts"])
    case .field: return (self, [])
    }
  }
}

extension Literal {
  /// The literal in the type; nil where it is never equal to a value of it.
  fileprivate func resolved(to type: TargetSchema.FieldType) -> Literal? {
    switch (type, self) {
    case (.object, _): self
    case (.text, .untyped(let text, let textCase)), (.ip, .untyped(let text, let textCase)),
      (.date, .untyped(let text, let textCase)):
      .text(text, textCase)
    case (.text, .text), (.ip, .text), (.date, .text), (.text, .number(_, .coercing)), (.ip, .number(_, .coercing)),
      (.date, .number(_, .coercing)):
      self
    case (.number, .untyped(let text, _)): Number(text).map { .number($0, .strict) }
    case (.number, .number(let number, _)): .number(number, .strict)
    case (.boolean, .untyped(let text, let textCase)):
      ["true", "false"].first { $0 == textCase.key(text) }.map { .boolean($0 == "true") }
    case (.boolean, .boolean): self
    case (.text, .number(_, .strict)), (.ip, .number(_, .strict)), (.date, .number(_, .strict)), (.text, .boolean),
      (.ip, .boolean), (.date, .boolean), (.number, .text), (.number, .boolean), (.boolean, .text),
      (.boolean, .number):
      nil
    }
  }

  /// The literal as a message shows it.
  var shown: String {
    switch self {
    case .text(let text, _), .untyped(let text, _): "'\(text)'"
    case .number(let number, _): "the number \(number.text)"
    case .boolean(let flag): "the boolean \(flag)"
    }
  }
}

extension Condition {
  /// The literals, where the condition lists them.
  var listed: [Literal]? {
    switch self {
    case .equals(let literal): [literal]
    case .oneOf(let literals): literals
    case .matches, .regex, .order, .network, .term, .encoded, .field: nil
    }
  }

  /// Each text or pattern that the condition asks for, as shown and as a condition of its own.
  fileprivate var textChoices: [(shown: String, condition: Condition)] {
    switch self {
    case .equals, .oneOf: (listed ?? []).map { ($0.shown, .equals($0)) }
    case .matches(let pattern, _): [("a text like '\(pattern)'", self)]
    case .regex, .order, .network, .term, .encoded, .field: []
    }
  }

  fileprivate var soleText: String? {
    if case .equals(let literal) = self { literal.spelling } else { nil }
  }
}

extension TargetSchema.FieldType {
  /// Whether events have the values as JSON strings.
  var isText: Bool {
    switch self {
    case .text, .ip, .date: true
    case .number, .boolean, .object: false
    }
  }

  var plural: String {
    switch self {
    case .text: "texts"
    case .number: "numbers"
    case .boolean: "booleans"
    case .ip: "addresses"
    case .date: "times"
    case .object: "objects"
    }
  }
}
