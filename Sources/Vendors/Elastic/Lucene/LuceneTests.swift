import LanguageSupport
import RuleIR
import SourceText

/// Where a test of a query string looks.
enum LuceneField: Hashable, Sendable {
  case path(FieldPath)
  /// `_exists_`, whose values are names of fields.
  case presence
  /// Everywhere: no field is named, or `*`.
  case every
}

/// Turns fields and values into tests.
///
/// Fields are taken for keywords: values are compared whole and letter by letter.
struct LuceneTests {
  enum Value: Hashable, Sendable {
    /// Not in quotation marks: it may begin with `>` or `<`.
    case word(String)
    case text(String)
    case pattern(TextPattern)
    case regex(String)
    case range(LuceneRange)
  }

  private(set) var warnings: [Diagnostic] = []
  private var count = 0

  /// The field of a name, in which an escaped `*` stands for any part of it.
  func field(_ name: String, at range: SourceRange) throws(Diagnostic) -> LuceneField {
    if let hidden = name.unicodeScalars.first(where: isHidden) {
      throw Diagnostic(
        .hiddenCharacter, "the field's name holds U+\(String(hidden.value, radix: 16, uppercase: true))", at: range,
        label: "a character that does not show")
    }
    if name == "_exists_" { return .presence }
    guard name.unicodeScalars.contains("*") else { return .path(FieldPath(named: name)) }
    return .path(
      FieldPath(pattern: TextPattern(name.unicodeScalars.map { $0 == "*" ? .anyRun : .literal(String($0)) })))
  }

  mutating func test(_ field: LuceneField, _ value: Value, at range: SourceRange) throws(Diagnostic) -> Predicate {
    count += 1
    guard count <= 200_000 else {
      throw Diagnostic(.tooManyNodes, "the query has more than 200,000 tests", at: range, label: "one too many")
    }
    if field == .presence { return try presence(value, at: range) }
    switch value {
    case .word(let text):
      if let bound = try order(text, at: range) { return predicate(field, bound, at: range) }
      warnOfOperator(text, at: range)
      warnOfQuotationMark(text, at: range)
      return equality(field, text, at: range)
    case .text(let text): return equality(field, text, at: range)
    case .pattern(let pattern):
      if pattern.shape == .anything {
        guard case .path(let path) = field else { return .always }
        return .presence(PresenceTest(.value, path, origin: Origin(range)))
      }
      return predicate(field, .matches(pattern, .sensitive), at: range)
    case .regex(let text):
      if let fault = LuceneRegex.fault(in: text) {
        throw Diagnostic(
          .invalidRegex, "a regular expression is wrong: \(fault)", at: range,
          label: "not a regular expression of Lucene")
      }
      return predicate(field, LuceneRegex.condition(RegexPattern(text, .lucene, anchoring: .whole)), at: range)
    case .range(let bounds): return try self.range(field, bounds, at: range)
    }
  }

  private func presence(_ value: Value, at range: SourceRange) throws(Diagnostic) -> Predicate {
    switch value {
    case .word(let name), .text(let name):
      guard case .path(let path) = try field(name, at: range) else { break }
      return .presence(PresenceTest(.value, path, origin: Origin(range)))
    case .pattern, .regex, .range: break
    }
    throw Diagnostic(
      .unsupportedConstruct, "'_exists_' asks for one field", at: range, label: "no name of a field")
  }

  private func equality(_ field: LuceneField, _ text: String, at range: SourceRange) -> Predicate {
    let equal = predicate(field, .equals(.untyped(text, .sensitive)), at: range)
    guard let network = Network(blockAround: text) else { return equal }
    // A block of addresses where the field holds addresses, and a plain text elsewhere.
    return .any([equal, predicate(field, .network(network), at: range)])
  }

  private func predicate(_ field: LuceneField, _ condition: Condition, at range: SourceRange) -> Predicate {
    switch field {
    case .path(let path): .field(FieldTest(path, condition, origin: Origin(range)))
    case .every, .presence: .anyField(AnyFieldTest(condition, origin: Origin(range)))
    }
  }

  // MARK: Orders

  /// `>=10` and its like, which an unquoted word spells.
  private func order(_ text: String, at range: SourceRange) throws(Diagnostic) -> Condition? {
    for (sign, order) in [(">=", Order.greaterOrEqual), ("<=", .lessOrEqual), (">", .greater), ("<", .less)]
    where text.hasPrefix(sign) {
      return .order(order, try bound(String(text.dropFirst(sign.count)), at: range))
    }
    return nil
  }

  private func range(
    _ field: LuceneField, _ range: LuceneRange, at place: SourceRange
  ) throws(Diagnostic) -> Predicate {
    guard case .path(let path) = field else {
      throw Diagnostic(.unsupportedConstruct, "a range needs a field", at: place, label: "looks everywhere")
    }
    var parts: [Predicate] = []
    if let low = range.low {
      let condition = Condition.order(range.includesLow ? .greaterOrEqual : .greater, try bound(low, at: place))
      parts.append(predicate(field, condition, at: place))
    }
    if let high = range.high {
      let condition = Condition.order(range.includesHigh ? .lessOrEqual : .less, try bound(high, at: place))
      parts.append(predicate(field, condition, at: place))
    }
    switch parts.count {
    case 0: return .presence(PresenceTest(.value, path, origin: Origin(place)))
    case 1: return parts[0]
    case _:
      // One value must lie in between.
      let inside = parts.map { part in part.mapFields { _ in .element } }
      return .some(ElementTest(path, .conjunction(inside), origin: Origin(place)))
    }
  }

  private func bound(_ text: String, at range: SourceRange) throws(Diagnostic) -> Literal {
    guard !text.isDateMaths else {
      throw Diagnostic(
        .unsupportedConstruct, "date maths is not modelled", at: range,
        label: "depends on the time at which the rule runs")
    }
    return .untyped(text, .sensitive)
  }

  // MARK: What there is to say

  func fuzzy(_ value: Value, at range: SourceRange) -> Diagnostic {
    let name: String
    switch value {
    case .text: name = "the distance of a phrase"
    case .word, .pattern, .regex, .range: name = "fuzziness"
    }
    return Diagnostic(
      .unsupportedConstruct, "\(name) is not modelled", at: range, label: "finds texts that are only alike")
  }

  private mutating func warnOfOperator(_ word: String, at range: SourceRange) {
    guard ["and", "or", "not"].contains(word.lowercased()) else { return }
    warnings.append(
      Diagnostic(
        .assumedMeaning, "'\(word)' is a word that is looked for", severity: .warning, at: range,
        label: "no operator", help: "operators are written in capitals: \(word.uppercased())"))
  }

  private mutating func warnOfQuotationMark(_ word: String, at range: SourceRange) {
    guard let mark = word.unicodeScalars.first(where: { (0x201C...0x201F).contains($0.value) }) else { return }
    let code = String(mark.value, radix: 16, uppercase: true)
    warnings.append(
      Diagnostic(
        .unexpectedCharacter, "U+\(code) is a part of the value here", severity: .warning, at: range,
        label: "no quotation mark", help: "did you mean '\"'?"))
  }

  mutating func warnOfWords(_ text: String, at range: SourceRange) {
    for word in text.split(separator: " ") { warnOfOperator(String(word), at: range) }
    warnings.append(
      Diagnostic(
        .assumedMeaning, "words side by side are taken for one text", severity: .warning, at: range,
        label: "one value with blanks in it",
        notes: ["so it is on a keyword field; on an analysed one some of the words are enough"]))
  }

  mutating func warnOfOptional(at range: SourceRange) {
    warnings.append(
      Diagnostic(
        .assumedMeaning, "this part does not count, because others are required", severity: .warning, at: range,
        label: "only ranks what is found",
        notes: ["Lucene's parser has no precedence: AND makes its two sides required"],
        help: "put what belongs together in parentheses"))
  }
}
