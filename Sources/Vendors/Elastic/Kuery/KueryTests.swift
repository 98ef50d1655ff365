import RuleIR
import SourceText

/// Where a test of Kuery looks.
enum KueryField: Hashable, Sendable {
  case path(FieldPath)
  /// Everywhere: no field is named, or `*`.
  case every
}

/// Turns fields and values into tests.
///
/// A field that is not there passes no test, and some value of several is enough
/// (<https://www.elastic.co/docs/reference/query-languages/kql>); fields are taken for keywords, which compare letter
/// by letter.
struct KueryTests {
  private(set) var warnings: [Diagnostic] = []
  private var count = 0

  /// The field that a literal names.
  mutating func field(_ literal: KueryLiteral, at range: SourceRange) throws(Diagnostic) -> KueryField {
    switch literal {
    case .anything: return .every
    case .null:
      throw Diagnostic(
        .unsupportedConstruct, "'null' names no field", at: range, label: "a field is expected",
        help: "put it in quotation marks if a field bears this name")
    case .text(let name):
      try requireVisible(name, at: range)
      if name == "_exists_" { warnOfLucene(at: range) }
      return .path(FieldPath(named: name))
    case .pattern(let pattern):
      for literal in pattern.literals { try requireVisible(literal, at: range) }
      warnings.append(
        Diagnostic(
          .assumedMeaning, "'*' in a field's name is taken for one name", severity: .warning, at: range,
          label: "stands for a name between dots",
          notes: ["Kibana also lets it stand for several names with the dots between them"]))
      return .path(FieldPath(pattern: pattern))
    }
  }

  /// Whether a field has a value.
  mutating func test(
    _ field: KueryField, _ literal: KueryLiteral, at range: SourceRange
  ) throws(Diagnostic) -> Predicate {
    try countTest(at: range)
    switch literal {
    case .anything:
      guard case .path(let path) = field else { return .always }
      return .presence(PresenceTest(.value, path, origin: Origin(range)))
    case .null:
      warnings.append(
        Diagnostic(
          .assumedMeaning, "no value equals 'null', so this never holds", severity: .warning, at: range,
          label: "never holds", help: "a field without a value is 'not f:*'; the text is '\"null\"'"))
      return predicate(field, .oneOf([]), at: range)
    case .pattern(let pattern):
      if pattern.literals.contains(where: \.hasQueryStringSpace) { warnOfSpace(at: range) }
      return predicate(field, .matches(pattern, .sensitive), at: range)
    case .text(let text):
      let equal = predicate(field, .equals(.untyped(text, .sensitive)), at: range)
      guard let network = Network(blockAround: text) else { return equal }
      // A block of addresses where the field holds addresses, and a plain text elsewhere.
      return .any([equal, predicate(field, .network(network), at: range)])
    }
  }

  /// How a field stands to a value.
  mutating func range(
    _ field: KueryField, _ order: Order, _ literal: KueryLiteral, at range: SourceRange
  ) throws(Diagnostic) -> Predicate {
    try countTest(at: range)
    guard case .text(let text) = literal, case .path = field else {
      throw Diagnostic(
        .unsupportedConstruct, "a range needs one field and one value", at: range,
        label: "compares with no single value")
    }
    if text.startsLikeDate, !text.isDateMaths {
      warnings.append(
        Diagnostic(
          .assumedMeaning, "the date is compared as a text", severity: .warning, at: range,
          label: "letter by letter",
          notes: ["on a date field, Elasticsearch rounds '>' and '<=' up to the end of a day that is named alone"]))
    }
    return predicate(field, .order(order, .untyped(text, .sensitive)), at: range)
  }

  private func predicate(_ field: KueryField, _ condition: Condition, at range: SourceRange) -> Predicate {
    switch field {
    case .path(let path): .field(FieldTest(path, condition, origin: Origin(range)))
    case .every: .anyField(AnyFieldTest(condition, origin: Origin(range)))
    }
  }

  private mutating func countTest(at range: SourceRange) throws(Diagnostic) {
    count += 1
    guard count <= KueryParser.testLimit else {
      throw Diagnostic(
        .tooManyNodes, "the query has more than \(KueryParser.testLimit) tests", at: range, label: "one too many")
    }
  }

  private func requireVisible(_ name: String, at range: SourceRange) throws(Diagnostic) {
    guard let hidden = name.unicodeScalars.first(where: isHidden) else { return }
    throw Diagnostic(
      .hiddenCharacter, "the field's name holds U+\(String(hidden.value, radix: 16, uppercase: true))", at: range,
      label: "a character that does not show")
  }

  private mutating func warnOfLucene(at range: SourceRange) {
    warnings.append(
      Diagnostic(
        .assumedMeaning, "'_exists_' is the name of a field in kuery", severity: .warning, at: range,
        label: "no test for presence", help: "write 'f:*' for a field that has a value"))
  }

  private mutating func warnOfSpace(at range: SourceRange) {
    warnings.append(
      Diagnostic(
        .assumedMeaning, "the blank is taken for a part of the pattern", severity: .warning, at: range,
        label: "one value with a blank in it",
        notes: ["so it is on a keyword field; on others Kibana looks for the words on both sides of it"]))
  }
}

extension FieldPath {
  /// A path whose names between dots may have wildcards.
  init(pattern: TextPattern) {
    var names: [[TextPattern.Part]] = [[]]
    for part in pattern.parts {
      guard case .literal(let text) = part else {
        names[names.count - 1].append(part)
        continue
      }
      let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
      names[names.count - 1].append(.literal(String(pieces[0])))
      for piece in pieces.dropFirst() { names.append([.literal(String(piece))]) }
    }
    var steps: [Step] = []
    for name in names.map(TextPattern.init) {
      if name.hasWildcard {
        steps.append(.keyPattern(name))
      } else if case .key(let before)? = steps.last {
        steps[steps.count - 1] = .key(before + "." + name.literals.joined())
      } else {
        steps.append(.key(name.literals.joined()))
      }
    }
    self.init(steps)
  }

  var hasPattern: Bool {
    steps.contains { step in
      if case .keyPattern = step { true } else { false }
    }
  }
}
