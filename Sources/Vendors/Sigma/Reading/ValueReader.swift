import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads single values as tests of the field, or of every field where the key names none.
///
/// A text, number or boolean is untyped, since Sigma takes all values for texts, and ignores the case of letters
/// unless `cased` is there. A pattern asks about texts alone: a number in an event has no prefix.
struct ValueReader {
  let key: FieldKey
  let dialect: SigmaDialect
  /// Where the test stands.
  var place: SourceRange
  private(set) var lints: [Diagnostic] = []

  init(key: FieldKey, _ dialect: SigmaDialect) {
    self.key = key
    self.dialect = dialect
    self.place = key.range
  }

  private var chain: ModifierChain { key.chain }

  /// The tests of a value: one, or one for each text that its placeholders make of it.
  mutating func predicates(of value: DocumentNode.Scalar) throws(Diagnostic) -> [Predicate] {
    guard chain.expansion == .placeholders else { return [try predicate(of: value)] }
    let text = PlaceholderText(Self.spelling(value))
    for name in text.names where dialect.placeholders[name] == nil { throw unresolved(name, in: value) }
    guard let patterns = text.patterns(dialect.placeholders) else {
      throw Diagnostic(
        .tooManyNodes, "the placeholders make more than \(PlaceholderText.limit) texts of this value",
        at: value.range)
    }
    return patterns.map { test(condition(of: $0)) }
  }

  private func unresolved(_ name: String, in value: DocumentNode.Scalar) -> Diagnostic {
    let known = dialect.placeholders.names
    return Diagnostic(
      .unresolvedPlaceholder, "the placeholder '\(name.prefix(60))' has no value", at: value.range,
      label: "its values stand outside the rule",
      help: nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? "give a file that maps '\(name.prefix(60))' to its values with --placeholders")
  }

  mutating func predicate(of value: DocumentNode.Scalar) throws(Diagnostic) -> Predicate {
    lint(value)
    switch chain.comparison {
    case .presence: return try presence(value)
    case .text where value.kind == .null: return try absence(value)
    case .text where chain.datePart != nil: return test(.equals(.number(try number(value), .strict)))
    case .text where !chain.encodings.isEmpty: return test(.encoded(try encoded(value)))
    case .text: return test(text(value))
    case .regex(let flags): return test(.regex(try regex(value, flags)))
    case .network: return test(.network(try network(value)))
    case .order(let order):
      return test(.order(order, .number(try number(value), chain.datePart == nil ? .coercing : .strict)))
    case .field: return test(try field(value))
    }
  }

  private func test(_ condition: Condition) -> Predicate {
    guard let field = key.field else { return .anyField(AnyFieldTest(condition, origin: Origin(place))) }
    let subject = chain.datePart.map(FieldTest.Subject.datePart) ?? .value
    return .field(FieldTest(field, condition, subject: subject, origin: Origin(place)))
  }

  // MARK: Texts

  /// Where in the value the text must stand: without a field it is looked for anywhere, as a keyword is.
  private var extent: EncodedText.Extent { key.field == nil && chain.extent == .whole ? .contains : chain.extent }

  private func text(_ value: DocumentNode.Scalar) -> Condition {
    condition(of: SigmaText.pattern(Self.spelling(value)))
  }

  private func condition(of pattern: TextPattern) -> Condition {
    let extended = Self.extended(pattern, to: extent)
    guard case .exact(let text) = extended.shape, key.field != nil else { return .matches(extended, chain.textCase) }
    return .equals(.untyped(text, chain.textCase))
  }

  static func extended(_ pattern: TextPattern, to extent: EncodedText.Extent) -> TextPattern {
    switch extent {
    case .whole: pattern
    case .prefix: TextPattern(pattern.parts + [.anyRun])
    case .suffix: TextPattern([.anyRun] + pattern.parts)
    case .contains: TextPattern([.anyRun] + pattern.parts + [.anyRun])
    }
  }

  private static func spelling(_ value: DocumentNode.Scalar) -> String {
    switch value.kind {
    case .boolean(let flag): flag ? "true" : "false"
    case .null, .number, .string, .date: value.text
    }
  }

  private func encoded(_ value: DocumentNode.Scalar) throws(Diagnostic) -> EncodedText {
    guard value.kind == .string || value.style != .plain else {
      throw Diagnostic(
        .invalidValue, "only a text can be encoded", at: value.range, label: "this is \(Self.kindName(value))",
        help: "put it in quotes")
    }
    let (text, extent) = try encodable(value)
    return EncodedText(text, chain.encodings, extent: extent, chain.textCase)
  }

  /// The text without the wildcards at its ends, which say where it stands.
  private func encodable(
    _ value: DocumentNode.Scalar
  ) throws(Diagnostic) -> (TextPattern, EncodedText.Extent) {
    let pattern = Self.extended(SigmaText.pattern(value.text), to: extent)
    guard chain.encodings == [.windash] else {
      let plain = SigmaText.pattern(value.text)
      guard plain.hasWildcard else { return (plain, extent) }
      throw Diagnostic(
        .invalidValue, "a text with wildcards has no encoded form", at: value.range, label: "holds a wildcard",
        help: "write \\* or \\? where the character itself is meant")
    }
    switch pattern.shape {
    case .exact(let text): return (.exact(text), .whole)
    case .prefix(let text): return (.exact(text), .prefix)
    case .suffix(let text): return (.exact(text), .suffix)
    case .contains(let text): return (.exact(text), .contains)
    case .anything: return (.exact(""), .contains)
    case .glob:
      throw Diagnostic(
        .unsupportedConstruct, "'windash' on a text with wildcards inside is not read yet", at: value.range,
        label: "holds a wildcard", help: "split the text at the wildcard")
    }
  }

  private func field(_ value: DocumentNode.Scalar) throws(Diagnostic) -> Condition {
    let pattern = SigmaText.pattern(value.text)
    guard case .exact(let name) = pattern.shape, !name.isEmpty, value.kind == .string else {
      throw Diagnostic(
        .invalidValue, "'fieldref' takes the name of a field", at: value.range, label: "this is no field's name")
    }
    let relation: FieldRelation =
      switch chain.extent {
      case .whole: .equals
      case .prefix: .startsWith
      case .suffix: .endsWith
      case .contains: .contains
      }
    switch dialect.brackets {
    case .literal: return .field(relation, FieldPath(named: name), chain.textCase)
    case .selectors: return .field(relation, try ArrayName(value.passage).path, chain.textCase)
    }
  }

  // MARK: Presence

  /// `exists`: the key is there, whatever its value.
  private func presence(_ value: DocumentNode.Scalar) throws(Diagnostic) -> Predicate {
    guard case .boolean(let flag) = value.kind, let field = key.field else {
      throw Diagnostic(
        .invalidValue, "'exists' takes true or false", at: value.range, label: "this is \(Self.kindName(value))")
    }
    let test = Predicate.presence(PresenceTest(.key, field, origin: Origin(place)))
    return flag ? test : .not(test)
  }

  /// Null: no value is there, be the key absent, null or an empty list; an empty text is a value.
  private func absence(_ value: DocumentNode.Scalar) throws(Diagnostic) -> Predicate {
    guard let field = key.field, chain.extent == .whole, chain.encodings.isEmpty, chain.textCase == .insensitive,
      chain.datePart == nil
    else {
      throw Diagnostic(
        .invalidValue, "null asks whether a field is absent and takes no modifier", at: place,
        label: "null stands here", help: "write null in quotes if the word is meant")
    }
    return .not(.presence(PresenceTest(.value, field, origin: Origin(place))))
  }

  // MARK: Numbers, networks, regular expressions

  private func number(_ value: DocumentNode.Scalar) throws(Diagnostic) -> Number {
    guard value.kind == .number, let number = Number(value.text) else {
      let spelled = value.kind == .string && Number(value.text) != nil
      throw Diagnostic(
        .invalidValue, "a comparison in order takes a number", at: value.range,
        label: "this is \(Self.kindName(value))",
        help: spelled ? "write \(value.text) without quotes" : nil)
    }
    return number
  }

  private func network(_ value: DocumentNode.Scalar) throws(Diagnostic) -> Network {
    guard let network = Network(value.text) else {
      throw Diagnostic(
        .invalidNetwork, "'\(value.text.prefix(60))' is no block of addresses", at: value.range,
        label: "expected an IPv4 or IPv6 block",
        notes: ["the length is at most 32, or 128, and no bit behind it is set"],
        help: "write it like 10.0.0.0/8 or 2001:db8::/32")
    }
    return network
  }

  private func regex(_ value: DocumentNode.Scalar, _ flags: RegexPattern.Flags) throws(Diagnostic) -> RegexPattern {
    guard value.kind != .null else {
      throw Diagnostic(.invalidRegex, "null is no regular expression", at: value.range, label: "null stands here")
    }
    if let fault = RegexSyntax(value.text).fault { throw Self.diagnostic(fault, in: value) }
    let text = value.text
    switch chain.extent {
    case .whole, .contains: return RegexPattern(text, .sigma, flags: flags, anchoring: .search)
    case .prefix: return RegexPattern(text, .sigma, flags: flags, anchoring: .start)
    case .suffix: return RegexPattern("(?:\(text))$", .sigma, flags: flags, anchoring: .search)
    }
  }

  private static func diagnostic(_ fault: RegexSyntax.Fault, in value: DocumentNode.Scalar) -> Diagnostic {
    let range = value.passage.range(of: fault.bytes)
    switch fault.kind {
    case .malformed:
      return Diagnostic(.invalidRegex, "the regular expression is malformed", at: range, label: fault.message)
    case .unsupported:
      return Diagnostic(
        .unsupportedRegex, "the regular expression is not in the portable subset", at: range, label: fault.message,
        notes: ["Kuery, ES|QL, Kusto and every engine that never backtracks lack it"])
    }
  }

  private static func kindName(_ value: DocumentNode.Scalar) -> String {
    DocumentNode(.scalar(value), range: value.range).kindName
  }
}

// MARK: What is worth a word

extension ValueReader {
  private mutating func lint(_ value: DocumentNode.Scalar) {
    if let finding = HiddenCharacter.firstUnjoined(in: value.passage) {
      lints.append(
        Diagnostic(
          .hiddenCharacter, "a value holds the hidden character \(finding.name)", severity: .warning,
          at: finding.range, label: "\(finding.name) stands here"))
    }
    if let reading = AmbiguousScalar.otherReading(of: value) {
      lints.append(
        Diagnostic(
          .ambiguousScalar, "YAML readers disagree on '\(value.text.prefix(40))'", severity: .warning,
          at: value.range, label: "taken as the text it is", notes: ["YAML 1.1 takes it for \(reading)"],
          help: "put it in quotes"))
    }
    if chain.comparison == .text, key.field != nil { lintWildcards(value) }
  }

  /// A backslash right before a wildcard: `\*` is a star and `\\*` a wildcard, and either may be meant.
  private mutating func lintWildcards(_ value: DocumentNode.Scalar) {
    let bytes = value.passage.bytes
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, bytes[index] == UInt8(ascii: "\\") { index += 1 }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "*") || bytes[index] == UInt8(ascii: "?") else {
        continue
      }
      let sign = bytes[index] == UInt8(ascii: "*") ? "*" : "?"
      let isEscaped = (index - start) % 2 == 1
      // A single backslash between two names, or at the end, looks like a path's.
      let next = index + 1 < bytes.count ? bytes[index + 1] : nil
      let looksLikePath = index - start == 1 && (next == nil || next == UInt8(ascii: "\\"))
      guard isEscaped ? looksLikePath : index - start == 2 else { continue }
      lints.append(
        Diagnostic(
          .wildcardAfterBackslash,
          isEscaped ? "'\(sign)' is the character itself here" : "'\(sign)' is a wildcard behind a backslash here",
          severity: .info, at: value.passage.range(of: start..<index + 1),
          label: isEscaped ? "the backslash belongs to it" : "two backslashes stand for one",
          help: isEscaped
            ? "write \\\\\(sign) if a backslash and a wildcard are meant"
            : "write \\\\\\\(sign) if the character itself is meant"))
      return
    }
  }
}
