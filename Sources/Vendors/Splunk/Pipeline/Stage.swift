import RuleIR
import SourceText

/// A stage of a pipeline: a command with its arguments, read as far as it matters.
struct Stage: Hashable, Sendable {
  /// In lower case; `search` for a search without its name.
  var command: String
  var form: Form
  var place: SourceRange

  enum Form: Hashable, Sendable {
    case search(SearchTree)
    case condition(EvalExpression)
    case regex(field: String, text: String, isNegated: Bool)
    case eval([Assignment])
    case rename([Renaming])
    case keep([String])
    case drop([String])
    /// No fields: all that some event has.
    case fillNull(text: String, fields: [String])
    case bin(field: String, span: String?)
    case aggregate(Aggregation)
    /// Adds an aggregation's columns to the events it is about: `eventstats`, `streamstats`.
    case attach(Aggregation)
    /// A row for each span of time: `timechart` without a field to part the rows by.
    case series(Aggregation, span: String)
    case dataModel(DataModelSearch)
    case metricSearch
    /// Keeps a few events for each combination of values.
    case dedup(fields: [String])
    /// Counts combinations of values and keeps the most or least frequent.
    case frequent(fields: [String], isRare: Bool)
    /// Looks events up in a data model.
    case from(String)
    /// Makes an event of every value of a field.
    case expand(field: String)
    /// Gives new values to these fields.
    case compute(fields: [String])
    /// Gives to fields what the groups of a regular expression find.
    case extract(from: String, regex: String, fields: [String])
    /// Takes a field out of JSON or XML text.
    case path(input: String?, path: String?, output: String?)
    /// Gives new values to fields that are not known from its text.
    case obscure
    /// Changes no value that a filter could see.
    case passive
    /// Changes which events there are, by what is not in the events.
    case refused
    /// No command of Splunk's own.
    case unknown
  }

  struct Assignment: Hashable, Sendable {
    var name: String
    var value: EvalExpression
  }

  struct Renaming: Hashable, Sendable {
    var from: String
    var to: String
  }
}

/// What a stage does to the stream of events, in a word.
enum StageClass: String, CaseIterable, Hashable, Sendable {
  case filter, projection, derivation, aggregation, enrichment, unmodelled
}

extension Stage {
  var stageClass: StageClass {
    switch form {
    case .search, .condition, .regex, .from: .filter
    case .rename, .keep, .drop, .passive: .projection
    case .eval, .fillNull, .path, .expand, .extract: .derivation
    case .aggregate, .attach, .dataModel, .metricSearch, .dedup, .frequent, .bin, .series: .aggregation
    case .compute, .obscure: namedClass ?? .derivation
    case .refused: namedClass ?? .unmodelled
    case .unknown: .unmodelled
    }
  }

  private var namedClass: StageClass? {
    if Self.enrichments.contains(command) { return .enrichment }
    return Self.aggregations.contains(command) ? .aggregation : nil
  }

  /// Commands that bring in what other data says of the events.
  static let enrichments: Set<String> = [
    "lookup", "inputlookup", "inputcsv", "iplocation", "geom", "geomfilter", "join", "apply",
  ]
  /// Commands that make rows of groups of events, and are not followed.
  private static let aggregations: Set<String> = [
    "timechart", "chart", "geostats", "transaction", "contingency", "sistats", "sitimechart", "sichart", "sitop",
    "sirare", "xyseries", "addtotals", "addcoltotals",
  ]
}

/// `stats`, and the commands that take the same arguments.
struct Aggregation: Hashable, Sendable {
  struct Column: Hashable, Sendable {
    /// In lower case, without a number behind it.
    var function: String
    /// The number behind it: `perc95`.
    var parameter: String?
    var argument: Argument?
    /// As it is called from here on.
    var name: String
    var place: SourceRange
  }

  enum Argument: Hashable, Sendable {
    case field(String)
    case expression(EvalExpression)
  }

  struct Key: Hashable, Sendable {
    var field: String
    var place: SourceRange
  }

  var columns: [Column] = []
  var keys: [Key] = []
  /// What sets how the command works, such as `time_window` of `streamstats`.
  var options: [String: String] = [:]
  var place: SourceRange
}

/// What `tstats … from datamodel=… where … by …` asks for.
struct DataModelSearch: Hashable, Sendable {
  var aggregation: Aggregation
  var dataModel: String?
  var filter: SearchTree?
  /// The span of `_time span=1h`.
  var span: String?
  /// `fillnull_value`: the text that events without a key are grouped under.
  var filler: String?
}
