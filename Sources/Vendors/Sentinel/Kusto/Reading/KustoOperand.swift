import RuleIR

/// A side of a comparison.
enum KustoOperand: Hashable {
  /// What is looked at of the value at a path.
  enum Reading: Hashable {
    /// As it is.
    case plain
    /// `tostring(f)`
    case text
    /// `tolower(f)`, `toupper(f)`
    case lowered, raised
    /// `toint(f)`, `toreal(f)` and their like
    case number
    /// `tobool(f)`
    case boolean
    /// `strlen(f)`
    case length
    /// `array_length(f)`, and what stands in for it where there is no list: `coalesce(array_length(f), 0)`
    case count(missing: Int?)
    case datePart(FieldTest.DatePart)
    /// `gettype(f)`
    case type
    /// `strcmp(f, "x")`
    case order(String)
    /// `array_index_of(f, literal)`
    case position(Literal)
  }

  case field(FieldPath, Reading)
  case constant(Literal)
  case list([Literal])
  case null
  /// A moment known without the event, such as `ago(1h)`.
  case moment
  /// The time of the event, as the table keeps it.
  case eventTime
  /// A condition as a value.
  case condition
}

extension FieldPath {
  /// Whether the value comes out of a dynamic column, whatever that column holds.
  var isInsideColumn: Bool { steps.count > 1 }
}
