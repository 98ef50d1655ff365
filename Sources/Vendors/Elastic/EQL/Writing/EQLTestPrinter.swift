import LanguageSupport
import RuleIR
import SourceText

/// Writes one test of a field.
struct EQLTestPrinter {
  let test: FieldTest
  let printer: EQLPrinter
  let column: TargetSchema.Column?
  let name: Fragment

  init(_ test: FieldTest, in printer: EQLPrinter) throws(Diagnostic) {
    self.test = test
    self.printer = printer
    column = printer.column(of: test.field)
    name = try printer.name(of: test.field, at: test.origin)
  }

  var type: TargetSchema.FieldType? { column?.type }

  /// What the test comes to, as alternatives.
  func pieces() throws(Diagnostic) -> [EQLPiece] {
    if test.polarity == .someValueFails { return [.text(try failing())] }
    if test.condition == .oneOf([]) { return [Self.false] }
    let pieces = try passing()
    guard !name.losses.isEmpty else { return pieces }
    return pieces.map { piece in
      switch piece {
      case .clause(let clause, let losses): return .clause(clause, losses: losses + name.losses)
      case .text(var fragment):
        fragment.losses += name.losses
        return .text(fragment)
      }
    }
  }

  private func passing() throws(Diagnostic) -> [EQLPiece] {
    switch test.subject {
    case .value: return try valueTest()
    case .spelling: return try spelledTest()
    case .length: return try lengthTest()
    case .count: throw never(.valueCount, "values are not counted")
    case .derived: throw never(.derivedValue, "texts are not decoded or taken apart")
    case .datePart: throw never(.datePart, "dates are not taken apart")
    }
  }

  private func valueTest() throws(Diagnostic) -> [EQLPiece] {
    switch test.condition {
    case .equals(let literal): return try EQLEquality(self).pieces([literal])
    case .oneOf(let literals): return try EQLEquality(self).pieces(literals)
    case .matches(let pattern, let textCase):
      return try onText { texts throws(Diagnostic) in [try texts.matches(pattern, textCase)] }
    case .regex(let regex): return try onText { texts throws(Diagnostic) in [try texts.regex(regex)] }
    case .term(let match): return try onText { texts throws(Diagnostic) in [texts.term(match)] }
    case .encoded(let encoded): return try self.encoded(encoded)
    case .order(let order, let literal): return [.text(try ordered(order, literal))]
    case .network(let network):
      guard type != .text else {
        throw never(.network, "the field holds texts, and blocks of addresses are known of addresses alone")
      }
      return [clause(name.text, .network, EQLSpelling.text(network.description))]
    case .field(let relation, let other, let textCase): return [.text(try relate(relation, other, textCase))]
    }
  }

  // MARK: Frames

  /// What no value of the field can pass.
  static let `false` = EQLPiece.text(Fragment("false"))

  func clause(
    _ subject: String, _ relation: EQLClause.Relation, _ value: String, losses: [Loss] = []
  ) -> EQLPiece {
    .clause(EQLClause(subject: subject, relation: relation, values: [value]), losses: losses)
  }

  func never(_ feature: Feature, _ reason: String) -> Diagnostic { printer.never(feature, reason, at: test.origin) }

  func lost(_ feature: Feature, _ drift: Drift, _ reason: String) -> Loss {
    Loss(feature, drift, because: reason, at: test.origin)
  }

  /// A test of texts, which a field of numbers or truth values never passes.
  private func onText(
    _ write: (EQLTextPrinter) throws(Diagnostic) -> [EQLPiece]
  ) throws(Diagnostic) -> [EQLPiece] {
    switch type {
    case .number, .boolean, .object: return [Self.false]
    case .ip, .date: return try write(EQLTextPrinter(self, subject: "string(\(name.text))"))
    case .text, nil: return try write(EQLTextPrinter(self, subject: name.text))
    }
  }

  /// Some value is there that does not pass.
  private func failing() throws(Diagnostic) -> Fragment {
    let present = Predicate.presence(PresenceTest(.value, test.field, origin: test.origin))
    guard test.condition != .oneOf([]) else { return try printer.print(present) }
    var positive = test
    positive.polarity = .someValuePasses
    let parts = [try printer.print(present), try printer.print(.not(.field(positive)))]
    var fragment = printer.joined(parts, .and)
    if column?.isList != false {
      fragment.losses.append(
        lost(.someValueDiffers, .narrower, "'not' asks that no value passes, also of a list"))
    }
    return fragment
  }

  // MARK: Spellings and lengths

  private func spelledTest() throws(Diagnostic) -> [EQLPiece] {
    if type == .text {
      var plain = test
      plain.subject = .value
      return try EQLTestPrinter(plain, in: printer).pieces()
    }
    let texts = EQLTextPrinter(self, subject: "string(\(name.text))")
    switch test.condition {
    case .equals(let literal): return [texts.equals(literal.spelling, literal.statedCase)]
    case .oneOf(let literals): return literals.map { texts.equals($0.spelling, $0.statedCase) }
    case .matches(let pattern, let textCase): return [try texts.matches(pattern, textCase)]
    case .regex(let regex): return [try texts.regex(regex)]
    case .term(let match): return [texts.term(match)]
    case .order, .network, .encoded, .field: throw never(.spelledValue, "this is not asked of spelled values")
    }
  }

  private func lengthTest() throws(Diagnostic) -> [EQLPiece] {
    let subject = "length(\(name.text))"
    switch test.condition {
    case .equals(let literal): return lengths([literal], subject)
    case .oneOf(let literals): return lengths(literals, subject)
    case .order(let order, let literal):
      guard let number = literal.numericValue else { return [Self.false] }
      return [.text(Fragment("\(subject) \(order.rawValue) \(EQLSpelling.number(number))"))]
    case .matches, .regex, .network, .term, .encoded, .field:
      throw never(.textLength, "a length is compared with numbers alone")
    }
  }

  private func lengths(_ literals: [Literal], _ subject: String) -> [EQLPiece] {
    let numbers = literals.compactMap(\.numericValue)
    return numbers.isEmpty
      ? [Self.false] : numbers.map { clause(subject, .equal, EQLSpelling.number($0)) }
  }

  // MARK: Orders

  private func ordered(_ order: Order, _ literal: Literal) throws(Diagnostic) -> Fragment {
    switch literal {
    case .number(let number, let reading): return try ordered(order, number, reading)
    case .text(let text, let textCase): return ordered(order, text, textCase)
    case .untyped(let text, let textCase):
      guard let number = Number(text), type == .number || type == nil else { return ordered(order, text, textCase) }
      return try ordered(order, number, type == nil ? .coercing : .strict)
    case .boolean: throw never(.textOrder, "booleans have no order")
    }
  }

  private func ordered(_ order: Order, _ number: Number, _ reading: NumberReading) throws(Diagnostic) -> Fragment {
    let text = "\(name.text) \(order.rawValue) \(EQLSpelling.number(number))"
    switch (type, reading) {
    case (.number, _), (nil, .strict), (.object, .strict): return Fragment(text)
    case (nil, .coercing), (.object, .coercing):
      return Fragment(text, losses: [lost(.numberFromText, .narrower, "a text is no number")])
    case (.text, .coercing), (.ip, .coercing), (.date, .coercing), (.boolean, .coercing):
      throw never(.numberFromText, "'number' fails on the first text that is none")
    case (.text, .strict), (.ip, .strict), (.date, .strict), (.boolean, .strict): return Fragment("false")
    }
  }

  private func ordered(_ order: Order, _ text: String, _ textCase: TextCase) -> Fragment {
    var losses: [Loss] = []
    switch type {
    case .number, .boolean, .object: return Fragment("false")
    case .ip, .date: losses.append(lost(.textOrder, .both, "addresses and dates are compared by their value"))
    case .text, nil: break
    }
    if textCase == .insensitive, text.hasCasedLetter {
      losses.append(lost(.textOrder, .both, "texts are compared letter by letter"))
    }
    return Fragment("\(name.text) \(order.rawValue) \(EQLSpelling.text(text))", losses: losses)
  }

  // MARK: Fields and encodings

  private func relate(
    _ relation: FieldRelation, _ path: FieldPath, _ textCase: TextCase
  ) throws(Diagnostic) -> Fragment {
    let other = try printer.name(of: path, at: test.origin)
    let loose = textCase == .insensitive ? "~" : ""
    func call(_ function: String, _ first: Fragment, _ second: Fragment) -> Fragment {
      Fragment("\(function)\(loose)(\(first.text), \(second.text))", losses: second.losses)
    }
    switch relation {
    case .startsWith: return call("startsWith", name, other)
    case .endsWith: return call("endsWith", name, other)
    case .contains: return call("stringContains", name, other)
    case .order: throw never(.fieldRelation, "fields are compared with values alone")
    case .equals:
      guard type == .text || type == nil else {
        throw never(.fieldEqualsField, "fields are compared with values alone")
      }
      var fragment = printer.joined([call("startsWith", name, other), call("startsWith", other, name)], .and)
      let mayBeList = column?.isList != false || printer.column(of: path)?.isList != false
      if mayBeList || type == nil {
        fragment.losses.append(
          lost(
            .fieldEqualsField, type != nil ? .broader : mayBeList ? .both : .narrower,
            type == nil
              ? "numbers do not start with one another, and texts with any value"
              : "each field may start with some value of the other, and not with the same"))
      }
      return fragment
    }
  }

  private func encoded(_ encoded: EncodedText) throws(Diagnostic) -> [EQLPiece] {
    guard !encoded.encodings.contains(.windash), !encoded.text.hasWildcard else {
      throw .notYet(
        encoded.encodings == [.windash] ? .dashClass : .encodedText, in: EQLPrinter.language, at: test.origin)
    }
    return try onText { texts throws(Diagnostic) in
      var pieces: [EQLPiece] = []
      for form in encoded.forms { pieces.append(try texts.matches(encoded.pattern(of: form), encoded.textCase)) }
      return pieces
    }
  }
}

extension Literal {
  /// The number that the literal is, or spells where it is not typed.
  var numericValue: Number? {
    switch self {
    case .number(let number, _): number
    case .untyped(let text, _): Number(text)
    case .text, .boolean: nil
    }
  }

  /// The stamp of a literal that is a text, or is not typed; other spellings are compared letter by letter.
  var statedCase: TextCase {
    switch self {
    case .text(_, let textCase), .untyped(_, let textCase): textCase
    case .number, .boolean: .sensitive
    }
  }
}
