import LanguageSupport
import RuleIR
import SourceText

extension KustoPrinter {
  /// The length of a text.
  func length(_ test: FieldTest, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    guard !column.isList else { throw perElement(.textLength, test) }
    let compared = try measure("strlen(\(column.text))", test, .textLength)
    var whole = compared.test
    if compared.holdsForZero { whole = present(column, .textLength).and(whole) }
    return column.type == nil ? KustoTest("gettype(\(column.reference)) == \"string\"").and(whole) : whole
  }

  /// How many values there are.
  func count(_ test: FieldTest, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    if column.isKnown, !column.isList {
      throw .notYet(.valueCount, in: "Kusto", at: test.origin)
    }
    let compared = try measure("coalesce(array_length(\(column.reference)), 0)", test, .valueCount)
    guard !column.isList, compared.holdsForZero != compared.holdsForOne else { return compared.test }
    return compared.test.losing([
      Loss(.valueCount, .both, because: "a value that is no list counts as none", at: test.origin)
    ])
  }

  /// A part of a date, in UTC; null where the text is no date.
  func datePart(
    _ part: FieldTest.DatePart, _ test: FieldTest, _ column: KustoColumn
  ) throws(Diagnostic) -> KustoTest {
    guard !column.isList else { throw perElement(.datePart, test) }
    let date = "todatetime(\(column.reference))"
    let subject =
      switch part {
      case .minute: "datetime_part(\"minute\", \(date))"
      case .hour: "hourofday(\(date))"
      case .day: "dayofmonth(\(date))"
      case .week: "week_of_year(\(date))"
      case .month: "monthofyear(\(date))"
      case .year: "getyear(\(date))"
      }
    var compared = try measure(subject, test, .datePart).test
    if case .order = test.condition {
      compared.isTotal = false
      compared.opposite = nil
    }
    return compared
  }

  private struct Measured {
    var test: KustoTest
    var holdsForZero: Bool
    var holdsForOne: Bool
  }

  /// A number that is made of the value, compared with numbers.
  private func measure(_ subject: String, _ test: FieldTest, _ feature: Feature) throws(Diagnostic) -> Measured {
    switch test.condition {
    case .equals(.number(let value, _)):
      let text = try number(value, feature, at: test.origin)
      return Measured(
        test: KustoTest(subject, KustoComparison(.equals), text), holdsForZero: value == Number(0),
        holdsForOne: value == Number(1))
    case .order(let order, .number(let value, _)):
      let text = try number(value, feature, at: test.origin)
      return Measured(
        test: KustoTest(
          "\(subject) \(order.rawValue) \(text)", opposite: "\(subject) \(order.opposite.rawValue) \(text)"),
        holdsForZero: order.holds(Number(0), value), holdsForOne: order.holds(Number(1), value))
    case .equals, .oneOf, .matches, .regex, .order, .network, .term, .encoded, .field:
      throw .notYet(feature, in: "Kusto", at: test.origin)
    }
  }
}
