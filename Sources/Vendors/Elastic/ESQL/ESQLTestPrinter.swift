import LanguageSupport
import RuleIR
import SourceText

/// Writes one test of a field, or its opposite.
struct ESQLTestPrinter {
  let test: FieldTest
  let negated: Bool
  let printer: ESQLPrinter
  let column: ESQLTarget

  init(_ test: FieldTest, _ negated: Bool, in printer: ESQLPrinter) throws(Diagnostic) {
    self.test = test
    self.negated = negated
    self.printer = printer
    let column = try printer.column(of: test.field, test.condition.feature, at: test.origin)
    guard case .derived(let derivation) = test.subject else {
      self.column = column
      return
    }

    guard let name = printer.derived[ESQLDerivedColumns.Key(path: test.field, derivation: derivation)],
      test.polarity == .someValuePasses
    else { throw .notYet(.derivedValue, in: ESQLPrinter.language, at: test.origin) }
    self.column = column.derived(name, derivation, at: test.origin)
  }

  func fragment() throws(Diagnostic) -> Fragment {
    if test.condition == .oneOf([]) {
      guard test.polarity == .someValueFails else { return constant(false) }
      return try printer.print(.presence(PresenceTest(.value, test.field, origin: test.origin)), negated: negated)
    }
    if test.field.hasKeyPattern {
      return try printer.search(.field(test), .keyPattern, negated, at: test.origin)
    }
    var fragment = try test.polarity == .someValueFails ? failing() : passing()
    fragment.losses += negated ? column.losses.map(\.negated) : column.losses
    return fragment
  }

  private func passing() throws(Diagnostic) -> Fragment {
    switch test.subject {
    case .value: return try valueTest()
    case .spelling: return try spelledTest()
    case .length: return try number(column.mapped("LENGTH"), .textLength)
    case .count: return try count()
    case .datePart(let part): return try date(part)
    case .derived(let derivation): return try derivation.yieldsNumber ? number(column, .derivedValue) : valueTest()
    }
  }

  private func valueTest() throws(Diagnostic) -> Fragment {
    switch test.condition {
    case .equals(let literal): return try equality([literal])
    case .oneOf(let literals): return try equality(literals)
    case .matches(let pattern, let textCase):
      return try text { printer throws(Diagnostic) in try printer.matches(pattern, textCase) }
    case .regex(let regex):
      if let key = ESQLDerivedColumns.existence(test), let name = printer.derived[key] {
        return Fragment("\(name) IS \(negated ? "" : "NOT ")NULL")
      }
      return try text { printer throws(Diagnostic) in try printer.regex(regex) }
    case .order(let order, let literal): return try ordered(order, literal)
    case .network(let block): return try network(block)
    case .term(let match): return try text { printer throws(Diagnostic) in try printer.term(match) }
    case .encoded(let encoded):
      throw .notYet(
        encoded.encodings == [.windash] ? .dashClass : .encodedText, in: ESQLPrinter.language, at: test.origin)
    case .field(let relation, let other, let textCase): return try relate(relation, other, textCase)
    }
  }

  // MARK: Frames

  /// What no value of the column can pass, or its opposite.
  func constant(_ value: Bool) -> Fragment { Fragment(value == negated ? "false" : "true") }

  /// A test by a plain operator, which is null where the column is null or has several values.
  ///
  /// - Parameters:
  ///   - positive: The test.
  ///   - negative: Its opposite, by an operator that is null in the same places.
  ///   - targets: What is null where the test is null.
  func plain(
    _ positive: String, _ negative: String, of targets: [ESQLTarget], _ feature: Feature, losses: [Loss] = []
  ) -> Fragment {
    var losses = negated ? losses.map(\.negated) : losses
    if targets.contains(where: \.mayBeList) {
      losses.append(
        Loss(feature, .narrower, because: "a field with several values passes no plain operator", at: test.origin))
    }
    return negated ? printer.orNull(targets, Fragment(negative, losses: losses)) : Fragment(positive, losses: losses)
  }

  /// A test by an operator that looks at every value: it is null where the target is, and never else.
  func reaching(_ positive: String, _ negative: String, of target: ESQLTarget, losses: [Loss] = []) -> Fragment {
    guard negated else { return Fragment(positive, losses: losses) }
    return printer.orNull([target], Fragment(negative, losses: losses.map(\.negated)))
  }

  /// A condition that is never null.
  func total(_ condition: String, losses: [Loss] = []) -> Fragment {
    guard negated else { return Fragment(condition, losses: losses) }
    return Fragment(
      "NOT \(condition)", binding: printer.booleans.not.binding, losses: losses.map(\.negated))
  }

  /// A test of texts, which a column of numbers or truth values never passes.
  private func text(
    _ write: (ESQLTextPrinter) throws(Diagnostic) -> Fragment
  ) throws(Diagnostic) -> Fragment {
    switch column.type {
    case .number, .boolean, .object: return constant(false)
    case .ip, .date: return try write(ESQLTextPrinter(self, column.mapped("TO_STRING")))
    case .text, nil: return try write(ESQLTextPrinter(self, column))
    }
  }

  private func spelledTest() throws(Diagnostic) -> Fragment {
    let spelled = ESQLTextPrinter(self, column.type == .text ? column : column.mapped("TO_STRING"))
    switch test.condition {
    case .equals(let literal): return try spelled.equals([literal.spelledText])
    case .oneOf(let literals): return try spelled.equals(literals.map(\.spelledText))
    case .matches(let pattern, let textCase): return try spelled.matches(pattern, textCase)
    case .regex(let regex): return try spelled.regex(regex)
    case .term(let match): return try spelled.term(match)
    case .order(let order, let literal): return try ordered(order, literal)
    case .network(let block): return try network(block)
    case .encoded, .field: throw printer.never(.spelledValue, "this is not asked of spelled values", at: test.origin)
    }
  }

  // MARK: Polarity

  /// Some value is there that does not pass.
  private func failing() throws(Diagnostic) -> Fragment {
    if column.mayBeList, let set = setOfTexts {
      let target = set.folded ? column.mapped("TO_LOWER") : column
      let items = set.texts.map(ESQLSpelling.text).joined(separator: ", ")
      let text = "MV_CONTAINS([\(items)], \(target.name))"
      return negated ? Fragment(text) : Fragment("NOT \(text)", binding: printer.booleans.not.binding)
    }
    // With one value: it is there, and the test does not pass.
    var positive = test
    positive.polarity = .someValuePasses
    var known = printer
    if known.known[test.field] == nil { known.known[test.field] = .present }
    let inner = try ESQLTestPrinter(positive, !negated, in: negated ? printer : known).fragment()
    let isShown =
      (!column.mayBeList && Self.isPlain(positive, type: column.type)) || printer.known[test.field] != nil
    let presence = "\(column.name) IS \(negated ? "" : "NOT ")NULL"
    var fragment = inner
    if negated {
      fragment =
        printer.known[test.field] == nil
        ? printer.joined([Fragment(presence), inner], .or) : inner
    } else if !isShown {
      fragment = printer.joined([Fragment(presence), inner], .and)
    }
    if column.mayBeList {
      fragment.losses.append(
        Loss(
          .someValueDiffers, negated ? .broader : .narrower, because: "the values of a list are not tested one by one",
          at: test.origin))
    }
    return fragment
  }

  /// The texts that the test compares with, all by one case of letters; nil where it asks for something else.
  private var setOfTexts: (texts: [String], folded: Bool)? {
    let literals: [Literal]
    switch (test.condition, test.subject) {
    case (.equals(let literal), .value): literals = [literal]
    case (.oneOf(let several), .value): literals = several
    case _: return nil
    }
    var texts: [String] = []
    var cases: Set<TextCase> = []
    for literal in literals {
      guard column.type == nil || column.type == .text, literal.fits(column.type) else { return nil }
      guard let textCase = literal.writtenCase else { return nil }
      let text = literal.spelling
      let folds = textCase == .insensitive && text.hasCasedLetter
      guard !(folds && text.hasNonASCIILetter) else { return nil }
      cases.insert(folds ? .insensitive : .sensitive)
      texts.append(folds ? text.lowercased() : text)
    }
    return cases.count == 1 ? (texts, cases.contains(.insensitive)) : nil
  }

  /// Whether the test and its opposite are each written by an operator that is null unless the field has one value.
  static func isPlain(_ test: FieldTest, type: TargetSchema.FieldType?) -> Bool {
    guard test.polarity == .someValuePasses, test.subject == .value else { return false }
    switch test.condition {
    case .equals(let literal): return literal.fits(type)
    case .oneOf(let literals): return !literals.isEmpty && literals.allSatisfy { $0.fits(type) }
    case .matches(let pattern, _): return pattern.shape != .anything && (type == nil || type == .text)
    case .regex(let regex): return !LuceneRegex.matchesEverything(regex.text) && (type == nil || type == .text)
    case .order(_, let literal): return literal.fits(type)
    case .network, .term, .encoded, .field: return false
    }
  }
}

extension Literal {
  /// Whether a column of the type is compared with the literal by a plain operator.
  fileprivate func fits(_ type: TargetSchema.FieldType?) -> Bool {
    switch self {
    case .text: type == nil || type == .text
    case .untyped(let text, _): type == .text || (type == nil && !text.isTypedSpelling)
    case .number(_, let reading): type == .number || (type == nil && reading == .strict)
    case .boolean: type == nil || type == .boolean
    }
  }

  /// The stamp of a literal that is a text, or is not typed.
  fileprivate var writtenCase: TextCase? {
    switch self {
    case .text(_, let textCase), .untyped(_, let textCase): textCase
    case .number, .boolean: nil
    }
  }

  /// The literal as the text that it spells, for a comparison with spelled values.
  fileprivate var spelledText: Literal {
    switch self {
    case .text: self
    case .untyped(let text, let textCase): .text(text, textCase)
    case .number, .boolean: .text(spelling, .sensitive)
    }
  }
}

extension String {
  /// Whether an untyped literal of this text could also be meant as a number or a truth value.
  var isTypedSpelling: Bool { Number(self) != nil || ["true", "false"].contains(simplyFolded) }

  /// Whether it holds a letter that comes in two cases.
  var hasCasedLetter: Bool {
    unicodeScalars.contains { $0.properties.isCased || $0.properties.changesWhenCaseFolded }
  }
}

extension Condition {
  /// The feature that a language without the condition lacks.
  var feature: Feature {
    switch self {
    case .equals: .caseSensitiveText
    case .oneOf: .valueSet
    case .matches(_, .sensitive): .caseSensitivePattern
    case .matches(_, .insensitive): .caseInsensitivePattern
    case .regex(let regex): regex.anchoring == .whole ? .regexWhole : .regexSearch
    case .order(_, .number): .numberOrder
    case .order: .textOrder
    case .network: .network
    case .term: .wholeTerm
    case .encoded: .encodedText
    case .field(.equals, _, _): .fieldEqualsField
    case .field: .fieldRelation
    }
  }
}
