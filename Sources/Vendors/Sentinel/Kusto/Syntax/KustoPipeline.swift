/// A Kusto query as it is written: definitions, then a source with its stages.
struct KustoScript: Sendable {
  /// What a `let` binds, by its name.
  enum Definition: Sendable {
    case expression(KustoExpression)
    case pipeline(KustoPipeline)
    /// Something that is not understood: what it is.
    case opaque(String)
  }

  var definitions: [String: Definition] = [:]
  var pipeline: KustoPipeline
}

/// A source of rows and what is done with them, one stage after the other.
struct KustoPipeline: Sendable {
  enum Source: Sendable {
    /// Rows of any of these tables; none named means all tables.
    case tables([String])
    indirect case pipeline(KustoPipeline)
    /// Something that is not understood: what it is.
    case opaque(String)
  }

  var source: Source
  var sourceRange: Range<Int>
  var stages: [KustoStage]
}

/// One operator of a pipeline.
struct KustoStage: Sendable {
  /// A column and the expression that it stands for.
  struct Column: Sendable {
    /// Nil where the query gives none.
    var name: String?
    var value: KustoExpression
  }

  enum Form: Sendable {
    case filter(KustoExpression)
    /// Columns computed: `extend`, `project`.
    case columns([Column])
    /// Changes neither which rows there are nor what a name means.
    case neutral
    /// Lets only some of the rows through, whatever they hold: `take`, `top`.
    case capped
    case summarize([Column], by: [Column])
    /// `mv-apply name = path on (…)`
    case apply(name: String, KustoExpression, [KustoStage])
    /// Not understood.
    case opaque
  }

  var form: Form
  /// The operator as written: `where`, `mv-expand`.
  var name: String
  var range: Range<Int>
}
