import RuleIR
import SourceText

/// Puts modifiers together, one after the other, and refuses what does not go together.
struct ModifierChainReader {
  private(set) var chain = ModifierChain()
  private(set) var allRange: SourceRange?
  private var seen: Set<Modifier> = []

  /// Takes the next modifier.
  mutating func add(_ word: Passage) throws(Diagnostic) {
    guard let modifier = Modifier(named: word.text) else { throw Self.unknown(word) }
    guard seen.insert(modifier).inserted else {
      throw Self.invalid("the modifier '\(word.text)' stands twice", at: word.wholeRange, label: "once is enough")
    }
    switch modifier {
    case .all:
      chain.linking = .all
      allRange = word.wholeRange
    case .neq: chain.negation = .negated
    case .cased: try addCased(word)
    case .contains: try add(.contains, word)
    case .startswith: try add(.prefix, word)
    case .endswith: try add(.suffix, word)
    case .re: try add(.regex([]), word)
    case .ignoreCase: try add(.ignoreCase, word)
    case .multiline: try add(.multiline, word)
    case .dotAll: try add(.dotAll, word)
    case .cidr: try add(.network, word)
    case .exists: try add(.presence, word)
    case .fieldref: try add(.field, word)
    case .lt: try addOrder(.less, word)
    case .lte: try addOrder(.lessOrEqual, word)
    case .gt: try addOrder(.greater, word)
    case .gte: try addOrder(.greaterOrEqual, word)
    case .base64: try add(EncodedText.Encoding.base64, word)
    case .base64offset: try add(EncodedText.Encoding.base64offset, word)
    case .utf16le: try add(EncodedText.Encoding.utf16le, word)
    case .utf16be: try add(EncodedText.Encoding.utf16be, word)
    case .utf16: try add(EncodedText.Encoding.utf16, word)
    case .windash: try add(EncodedText.Encoding.windash, word)
    case .minute: try add(FieldTest.DatePart.minute, word)
    case .hour: try add(FieldTest.DatePart.hour, word)
    case .day: try add(FieldTest.DatePart.day, word)
    case .week: try add(FieldTest.DatePart.week, word)
    case .month: try add(FieldTest.DatePart.month, word)
    case .year: try add(FieldTest.DatePart.year, word)
    case .expand: try addExpansion(word)
    }
  }

  private mutating func addExpansion(_ word: Passage) throws(Diagnostic) {
    guard chain.comparison == .text, chain.datePart == nil, chain.encodings.isEmpty else {
      throw Self.invalid(
        "'expand' is about placeholders in texts", at: word.wholeRange, label: "the value is no plain text here",
        help: "put 'expand' first")
    }
    chain.expansion = .placeholders
  }

  private mutating func add(_ comparison: ModifierChain.Comparison, _ word: Passage) throws(Diagnostic) {
    guard chain.isPlain, chain.expansion == .none, chain.textCase == .insensitive || comparison == .field else {
      throw Self.invalid(
        "'\(word.text)' takes the value as it is written", at: word.wholeRange, label: "behind another modifier",
        help: "put it first, without modifiers that change the value")
    }
    chain.comparison = comparison
  }

  private mutating func addOrder(_ order: Order, _ word: Passage) throws(Diagnostic) {
    let part = chain.datePart
    chain.datePart = nil
    try add(.order(order), word)
    chain.datePart = part
  }

  private mutating func add(_ extent: EncodedText.Extent, _ word: Passage) throws(Diagnostic) {
    guard chain.extent == .whole else {
      throw Self.invalid(
        "'\(word.text)' does not go with the modifier before it", at: word.wholeRange,
        label: "the value has its place already", help: "use one of contains, startswith and endswith")
    }
    switch chain.comparison {
    case .text where chain.datePart == nil, .regex, .field: chain.extent = extent
    case .text, .network, .presence, .order:
      throw Self.invalid("'\(word.text)' is about texts", at: word.wholeRange, label: "the value is no text here")
    }
  }

  private mutating func add(_ flag: RegexPattern.Flags, _ word: Passage) throws(Diagnostic) {
    guard case .regex(let flags) = chain.comparison else {
      throw Self.invalid(
        "'\(word.text)' is a flag of regular expressions", at: word.wholeRange, label: "there is no 're' before it",
        help: "write re|\(word.text)")
    }
    chain.comparison = .regex(flags.union(flag))
  }

  private mutating func add(_ encoding: EncodedText.Encoding, _ word: Passage) throws(Diagnostic) {
    let needsWhole = encoding == .base64 || encoding == .base64offset
    guard chain.expansion == .none else {
      throw Diagnostic(
        .unsupportedConstruct, "a text with placeholders in an encoding is not read yet", at: word.wholeRange,
        label: "behind 'expand'")
    }
    guard chain.comparison == .text, chain.datePart == nil, !needsWhole || chain.extent == .whole else {
      throw Self.invalid(
        "'\(word.text)' encodes a text as it is written", at: word.wholeRange, label: "behind another modifier",
        help: "put '\(word.text)' before it")
    }
    if !chain.encodings.isEmpty, encoding == .windash || chain.encodings == [.windash] {
      throw Diagnostic(
        .unsupportedConstruct, "'windash' with another encoding is not read yet", at: word.wholeRange,
        label: "the second encoding of the text")
    }
    chain.encodings.append(encoding)
  }

  private mutating func add(_ part: FieldTest.DatePart, _ word: Passage) throws(Diagnostic) {
    guard chain.isPlain, chain.expansion == .none, chain.textCase == .insensitive else {
      throw Self.invalid(
        "'\(word.text)' is about the date in the field", at: word.wholeRange, label: "behind another modifier",
        help: "put '\(word.text)' first")
    }
    chain.datePart = part
  }

  private mutating func addCased(_ word: Passage) throws(Diagnostic) {
    switch chain.comparison {
    case .text where chain.datePart == nil, .field: chain.textCase = .sensitive
    case .regex:
      throw Self.invalid(
        "'cased' does not go with 're'", at: word.wholeRange,
        label: "a regular expression minds the case of letters without it")
    case .text, .network, .presence, .order:
      throw Self.invalid("'cased' is about texts", at: word.wholeRange, label: "the value is no text here")
    }
  }

  /// Refuses what makes no sense without a field.
  func refuseWithoutField(at range: SourceRange) throws(Diagnostic) {
    switch chain.comparison {
    case .text where chain.datePart == nil, .regex, .network: return
    case .text, .presence, .order, .field:
      throw Self.invalid("these modifiers need a field", at: range, label: "no field's name stands before the bar")
    }
  }

  private static func invalid(
    _ message: String, at range: SourceRange, label: String, help: String? = nil
  ) -> Diagnostic {
    Diagnostic(.invalidModifierChain, message, at: range, label: label, help: help)
  }

  private static func unknown(_ word: Passage) -> Diagnostic {
    let text = word.text
    let help =
      switch text {
      case "not": "negate the selection in the condition, or write '|neq'"
      case "": "remove the bar"
      case _: nearestName(to: text, among: Modifier.words).map { "did you mean '\($0)'?" }
      }
    return Diagnostic(
      .unknownModifier, "'\(text)' is not a Sigma modifier", at: word.wholeRange, label: "no such modifier",
      notes: ["known are \(Modifier.words.joined(separator: ", "))"], help: help)
  }
}
