import RuleIR
import SourceText

/// What a column of an aggregation holds, where a rule may compare it with a number.
struct AggregateMeasure: Hashable, Sendable {
  var measure: Threshold.Measure
  /// What an event must satisfy to be measured, beside the filters: `count(f)`, `count(eval(…))`.
  var only: Predicate?
  var grouping: AggregateGrouping
  /// As written: `count`, `dc(user)`.
  var function: String
  /// Whether a group always has one, as it has a count; a sum of nothing is NULL.
  var isAlwaysThere = false
}

/// How an aggregation groups events.
struct AggregateGrouping: Hashable, Sendable {
  var fields: [FieldPath] = []
  var absentKey = Threshold.AbsentKey.dropped
  var window = Threshold.Window.searchSpan
  /// What an event must satisfy to be in a group, where that is not said by `absentKey`.
  var only: [Predicate] = []
  /// That each key has a value; said by `absentKey` too, where a threshold follows.
  var dropped: [Predicate] = []
  /// Why the groups are not known.
  var obstacle: Obstacle?
  /// What comes of the events behind it.
  var outcome = Outcome.rows
  /// How many filters stood before it.
  var filterCount = 0

  enum Outcome: Hashable, Sendable {
    /// One row a group, which knows its keys and measures alone: `stats`.
    case rows
    /// Each event, with the measure of its whole group: `eventstats`.
    case events
    /// Each event, with the measure of the group up to it: `streamstats`.
    case running
  }
}
