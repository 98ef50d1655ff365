import RuleIR

/// A piece of a condition as it was written.
struct EQLExpression: Sendable {
  indirect enum Form: Sendable {
    case or([EQLExpression])
    case and([EQLExpression])
    case not(EQLExpression)
    case comparison(EQLComparison, EQLExpression, EQLExpression)
    /// `value in (element, …)`, with `in~` ignoring letters' case.
    case membership(EQLExpression, [EQLExpression], TextCase)
    /// `value like (pattern, …)` and its kind.
    case pattern(EQLExpression, EQLPatternOperator, [EQLExpression])
    case arithmetic(EQLArithmetic, EQLExpression, EQLExpression)
    case negative(EQLExpression)
    case call(String, TextCase, [EQLExpression])
    /// A field, and whether the mapping may lack it.
    case field(FieldPath, isOptional: Bool)
    case text(String)
    case number(Number)
    case boolean(Bool)
    case null
    /// Endgame's `descendant of [event]`.
    case lineage(String, EQLEvent)
  }

  var form: Form
  /// Bytes of the passage.
  var range: Range<Int>
}

/// How two values are compared.
enum EQLComparison: Hashable, Sendable {
  case equal, notEqual
  case order(Order)

  /// The comparison with its sides exchanged.
  var mirrored: EQLComparison {
    switch self {
    case .equal, .notEqual: self
    case .order(let order): .order(order.mirrored)
    }
  }
}

/// An operator with a pattern, or a list of them, on its right.
enum EQLPatternOperator: Hashable, Sendable {
  /// `:` and `like~` ignore case, `like` does not.
  case wildcard(TextCase)
  case regex(TextCase)
}

enum EQLArithmetic: String, Hashable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
}

/// `category where condition`.
struct EQLEvent: Sendable {
  /// Nil for `any`.
  var category: String?
  var categoryRange: Range<Int>
  var condition: EQLExpression
  var range: Range<Int>
}

/// An event of a sequence, with what stands behind its brackets.
struct EQLTerm: Sendable {
  var event: EQLEvent
  /// Whether the event must not be there.
  var isMissing: Bool
  var keys: [EQLExpression] = []
  var runs = 1
  var range: Range<Int>
}

/// A whole query.
struct EQLStatement: Sendable {
  enum Form: Sendable {
    case event(EQLEvent)
    case series(EQLSeries)
  }

  var form: Form
  var pipes: [EQLPipe]
}

/// Several events that belong together.
struct EQLSeries: Sendable {
  enum Kind: String, Sendable {
    case sequence, sample
    /// Endgame's, of which Elasticsearch knows the name alone.
    case join
  }

  var kind: Kind
  var keys: [EQLExpression]
  var span: (milliseconds: Int, range: Range<Int>)?
  var terms: [EQLTerm]
  var until: EQLTerm?
  var range: Range<Int>
}

/// What is done with the events found: `| head 5`.
struct EQLPipe: Sendable {
  var name: String
  var arguments: [EQLExpression]
  var range: Range<Int>
}
