import LanguageSupport
import RuleIR
import SourceText

extension KustoPrinter {
  /// A test of a field's values.
  func field(_ test: FieldTest) throws(Diagnostic) -> KustoTest {
    let column = try columns.column(test.field, at: test.origin)
    if test.polarity == .someValueFails { return try differs(test, column) }
    switch test.subject {
    case .value: return column.isList ? try listed(test, column) : try value(test, column)
    case .spelling: return try spelled(test, column)
    case .length: return try length(test, column)
    case .count: return try count(test, column)
    case .datePart(let part): return try datePart(part, test, column)
    case .derived: throw .notYet(.derivedValue, in: "Kusto", at: test.origin)
    }
  }

  /// Some value is there that does not pass; of a single value: it is there, and does not pass.
  private func differs(_ test: FieldTest, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    guard !column.isList, test.subject == .value || test.subject == .spelling else {
      throw .notYet(.someValueDiffers, in: "Kusto", at: test.origin)
    }
    var positive = test
    positive.polarity = .someValuePasses
    let passes = try field(positive).fragment(negated: true)
    return present(column, .someValueDiffers).and(KustoTest(passes.text, losses: passes.losses))
  }

  // MARK: Values

  private func value(_ test: FieldTest, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    switch test.condition {
    case .equals(let literal): return try equality([literal], column)
    case .oneOf(let literals): return try equality(literals, column)
    case .matches(let pattern, let textCase):
      return asText(pattern.isLikeScalar, column, try self.pattern(pattern, textCase, column))
    case .regex(let regex): return asText(true, column, try self.regex(regex, column))
    case .order(let order, let literal): return try self.order(order, literal, column)
    case .network(let network): return try self.network(network, column)
    case .term(let match):
      return asText(match.text.isPartOfSpelledScalar, column, try term(column.text, match, at: test.origin))
    case .encoded(let encoded): return asText(true, column, try self.encoded(encoded, column))
    case .field(let relation, let path, let textCase):
      return try self.relation(relation, column, try columns.column(path, at: test.origin), textCase)
    }
  }

  /// Holds a test of a text off from numbers and booleans, where the field may hold some and they could pass.
  private func asText(_ couldPass: Bool, _ column: KustoColumn, _ test: KustoTest) -> KustoTest {
    guard couldPass, column.type == nil else { return test }
    return KustoTest("gettype(\(column.reference)) == \"string\"").and(test)
  }

  private func spelled(_ test: FieldTest, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    guard !column.isList else { throw perElement(.spelledValue, test) }
    switch test.condition {
    case .equals(let literal): return try spelledEquality([literal], column)
    case .oneOf(let literals): return try spelledEquality(literals, column)
    case .matches(let pattern, let textCase): return try self.pattern(pattern, textCase, column)
    case .regex(let regex): return try self.regex(regex, column)
    case .term(let match): return try term(column.text, match, at: test.origin)
    case .order, .network, .encoded, .field: throw .notYet(.spelledValue, in: "Kusto", at: test.origin)
    }
  }

  private func spelledEquality(_ literals: [Literal], _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    var tests: [KustoTest] = []
    for literal in literals {
      guard case .text(let text, let textCase) = literal else {
        throw .notYet(.spelledValue, in: "Kusto", at: column.origin)
      }
      tests.append(textEquality([text], textCase, column))
    }
    return .anyOf(tests)
  }

  func perElement(_ feature: Feature, _ test: FieldTest) -> Diagnostic {
    .untranslatable(
      feature, in: "Kusto",
      because: "elements of a list are looked at in a stage of their own, not inside 'or' or 'not'",
      at: test.origin)
  }

  // MARK: Equality

  private func equality(_ literals: [Literal], _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    var sets = KustoValueSets(literals, of: column.type)
    var tests: [KustoTest] = []
    if sets.hasEmptyText { tests.append(emptyText(column)) }
    for textCase in [TextCase.sensitive, .insensitive] {
      // A text that a number may spell is held off from numbers; one that no type was given for is not.
      let texts = sets.texts(textCase)
      let plain = texts.filter { column.type != nil || !$0.isSpelledScalar } + sets.untyped(textCase)
      if !plain.isEmpty { tests.append(textEquality(plain, textCase, column)) }
      let guarded = texts.filter { column.type == nil && $0.isSpelledScalar }
      if !guarded.isEmpty { tests.append(asText(true, column, textEquality(guarded, textCase, column))) }
    }
    sets.addSpelledNumbers()
    for reading in [NumberReading.strict, .coercing] where !sets.numbers(reading).isEmpty {
      tests.append(try numberEquality(sets.numbers(reading), reading, column))
    }
    for flag in sets.booleans { tests.append(boolean(flag, column)) }
    return .anyOf(tests)
  }

  private func textEquality(_ texts: [String], _ textCase: TextCase, _ column: KustoColumn) -> KustoTest {
    guard textCase == .insensitive else { return textEquality(texts, sensitive: true, column) }
    let ascii = texts.filter { !$0.hasNonASCIILetter }
    var tests = ascii.isEmpty ? [] : [textEquality(ascii, sensitive: false, column)]
    for text in texts where text.hasNonASCIILetter {
      tests.append(folded(.exact(text), column))
    }
    return .anyOf(tests)
  }

  private func textEquality(_ texts: [String], sensitive isSensitive: Bool, _ column: KustoColumn) -> KustoTest {
    if texts.count == 1 {
      return KustoTest(column.text, KustoComparison(.equals, sensitive: isSensitive), KustoLiteral.text(texts[0]))
    }
    let list = texts.map(KustoLiteral.text).joined(separator: ", ")
    return KustoTest(column.text, KustoComparison(.isIn, sensitive: isSensitive), "(\(list))")
  }

  /// Letters beyond ASCII are folded by regular expressions alone.
  ///
  /// https://learn.microsoft.com/kusto/query/datatypes-string-operators
  func folded(_ pattern: TextPattern, _ column: KustoColumn) -> KustoTest {
    KustoTest("\(column.text) matches regex \(KustoLiteral.regex(KustoRegex.render(pattern, .insensitive)))")
  }

  private func emptyText(_ column: KustoColumn) -> KustoTest {
    if !column.isWhole {
      return KustoTest("isnotnull(\(column.reference))").and(KustoTest("isempty(\(column.reference))"))
    }
    return KustoTest("isempty(\(column.reference))", opposite: "isnotempty(\(column.reference))").losing([
      Loss(.emptyText, .broader, because: "Kusto cannot tell an empty text from a missing one", at: column.origin)
    ])
  }

  // MARK: Numbers and booleans

  func number(_ number: Number, _ feature: Feature, at origin: Origin) throws(Diagnostic) -> String {
    guard let text = KustoLiteral.number(number) else {
      throw .untranslatable(feature, in: "Kusto", because: "no type of Kusto holds \(number.text)", at: origin)
    }
    return text
  }

  /// Holds a test of a number off from texts that spell one, where the field may hold some.
  private func asNumber(_ reading: NumberReading, _ column: KustoColumn, _ test: KustoTest) -> KustoTest {
    guard reading == .strict, column.type == nil else { return test }
    return KustoTest("gettype(\(column.reference)) !in (\"string\", \"bool\")").and(test)
  }

  private func numberEquality(
    _ numbers: [Number], _ reading: NumberReading, _ column: KustoColumn
  ) throws(Diagnostic) -> KustoTest {
    var texts: [String] = []
    for value in numbers { texts.append(try number(value, .numberEquality, at: column.origin)) }
    let subject = column.number(reading)
    let test =
      texts.count == 1
      ? KustoTest(subject, KustoComparison(.equals), texts[0])
      : KustoTest(subject, KustoComparison(.isIn), "(\(texts.joined(separator: ", ")))")
    return asNumber(reading, column, test)
  }

  private func boolean(_ flag: Bool, _ column: KustoColumn) -> KustoTest {
    let subject = column.isWhole && column.type == .boolean ? column.reference : "tobool(\(column.reference))"
    let test = KustoTest(subject, KustoComparison(.equals), flag ? "true" : "false")
    guard column.type == nil else { return test }
    return KustoTest("gettype(\(column.reference)) == \"bool\"").and(test)
  }

  private func order(_ order: Order, _ literal: Literal, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    switch literal {
    case .number(let value, let reading):
      let text = try number(value, .numberOrder, at: column.origin)
      let test = KustoTest("\(column.number(reading)) \(order.rawValue) \(text)", isTotal: false)
      return asNumber(reading, column, test)
    case .boolean: return KustoTest("false", opposite: "true")
    case .text(let text, let textCase): return try textOrder(order, text, textCase, column)
    case .untyped(let text, _):
      guard let value = Number(text) else { throw .notYet(.textOrder, in: "Kusto", at: column.origin) }
      let test = KustoTest(
        "\(column.number(.coercing)) \(order.rawValue) \(try number(value, .numberOrder, at: column.origin))",
        isTotal: false)
      guard column.type != .number else { return test }
      return test.losing([
        Loss(.untypedLiteral, .narrower, because: "texts that spell no number have no order here", at: column.origin)
      ])
    }
  }

  /// `strcmp` puts a missing text before all others.
  private func textOrder(
    _ order: Order, _ text: String, _ textCase: TextCase, _ column: KustoColumn
  ) throws(Diagnostic) -> KustoTest {
    guard textCase == .sensitive else { throw .notYet(.textOrder, in: "Kusto", at: column.origin) }
    let test = asText(
      true, column, KustoTest("strcmp(\(column.text), \(KustoLiteral.text(text))) \(order.rawValue) 0"))
    return order.holdsForEmpty(before: text) ? present(column, .textOrder).and(test) : test
  }
}

extension TextPattern {
  /// Whether the spelling of a number or a boolean could match.
  fileprivate var isLikeScalar: Bool { literals.allSatisfy(\.isPartOfSpelledScalar) }
}
