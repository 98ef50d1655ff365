/// One command of a query: what it does to the rows that reach it.
struct ESQLCommand: Sendable {
  /// The name in capitals, such as `WHERE` or `LOOKUP JOIN`.
  var name: String
  var form: Form
  /// Bytes of the passage.
  var range: Range<Int>

  enum Form: Sendable {
    /// `FROM sources METADATA fields`
    case from([String], metadata: [String])
    case row([ESQLAssignment])
    case filter(ESQLExpression)
    case evaluate([ESQLAssignment])
    case aggregate([ESQLMeasure], by: [ESQLAssignment])
    /// `INLINE STATS`: what `STATS` computes, beside the rows themselves.
    case inlineAggregate([ESQLMeasure], by: [ESQLAssignment])
    case rename([Renaming])
    /// `KEEP`, `DROP`, `SORT`: no row is added, changed or left out.
    case presentation
    case limit(Int?)
    case expand(String)
    /// `GROK` and `DISSECT`: columns taken from a text by patterns.
    case extract(ESQLExpression, [String])
    /// Recognised and not read further.
    case other
  }

  struct Renaming: Sendable {
    var old: String
    var new: String
  }
}

/// `name = expression`; without a name, its own text names the column.
struct ESQLAssignment: Sendable {
  var name: String
  var expression: ESQLExpression
}

/// An aggregation of `STATS`, over the rows of its own condition where it has one.
struct ESQLMeasure: Sendable {
  var assignment: ESQLAssignment
  var condition: ESQLExpression?
}
