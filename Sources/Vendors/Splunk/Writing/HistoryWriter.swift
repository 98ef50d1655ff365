import LanguageSupport
import RuleIR
import SourceText

/// Writes rules about combinations of values that are new: each event with the time of the one before it that had the
/// same.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Streamstats
struct HistoryWriter {
  let query: QueryWriter

  func write(_ terms: NewTerms) throws(Diagnostic) -> Fragment {
    let names = try query.names(terms.fields, terms.origin)
    guard !names.isEmpty else {
      throw Diagnostic.untranslatable(.newTerms, in: "SPL", because: "no field is named", at: terms.origin)
    }
    let present = query.presence(terms.fields, terms.origin)
    let filter = try query.filter(Predicate.conjunction([terms.predicate] + present).withoutImpliedPresence)
    var stages = [filter.text]
    for (path, name) in zip(terms.fields, names) {
      let field = try SPLField(path, in: query.schema, at: terms.origin)
      if field.isList { stages.append("mvexpand \(name)") }
    }
    stages.append("sort 0 _time")
    stages.append("streamstats current=f last(_time) as previous by \(names.joined(separator: " "))")
    stages.append("where isnull(previous) OR _time-previous>\(terms.history.seconds)")
    if query.placement != .alone {
      // The events before are there for their history alone.
      stages.append("where _time>=relative_time(now(),\"-\(query.reported)@m\")")
    }
    return Fragment(stages.joined(separator: " | "), losses: filter.losses)
  }
}

/// Writes sequences: each event that meets a step gets the latest time at which a chain of steps up to it began.
///
/// A chain is looked for at every event that meets the last step, so that one chain may be a hit twice.
struct SequenceWriter {
  let query: QueryWriter
  let sequence: EventSequence

  private var origin: Origin { sequence.origin }
  private static let repeated = "a last step that comes again within the span is a hit of its own"

  func search() throws(Diagnostic) -> Fragment {
    let isOrdered = sequence.ordering == .ordered
    let feature: Feature =
      sequence.until != nil ? .sequenceEnd : isOrdered ? .orderedSequence : .unorderedSequence
    guard sequence.until == nil || isOrdered else {
      throw Diagnostic.untranslatable(
        .sequenceEnd, in: "SPL", because: "an end is known of steps in order alone", at: origin)
    }
    let met = Predicate.disjunction(
      (sequence.steps + [sequence.until].compactMap(\.self)).map { step in
        .conjunction([step.predicate] + query.presence(step.joinedBy, origin))
      })
    let filter = try query.filter(met.withoutImpliedPresence)
    var losses = filter.losses + [Loss(feature, .broader, because: Self.repeated, at: origin)]
    var stages = [filter.text]
    let keys = try keys(onto: &stages, &losses)
    stages.append("sort 0 _time")
    stages += isOrdered ? try ordered(keys, &losses) : try unordered(keys, &losses)
    return Fragment(stages.joined(separator: " | "), losses: losses)
  }

  /// What stands behind `by`: the fields themselves where all steps have the same, else what each step has for them.
  private func keys(onto stages: inout [String], _ losses: inout [Loss]) throws(Diagnostic) -> String {
    let steps = sequence.steps + [sequence.until].compactMap(\.self)
    guard let first = steps.first, !first.joinedBy.isEmpty else { return "" }
    if steps.allSatisfy({ $0.joinedBy == first.joinedBy }) {
      return " by " + (try query.names(first.joinedBy, origin)).joined(separator: " ")
    }
    var names: [String] = []
    for index in first.joinedBy.indices {
      var cases: [String] = []
      for step in steps where index < step.joinedBy.count {
        let field = try SPLField(step.joinedBy[index], in: query.schema, at: origin)
        cases += [try condition(step.predicate, &losses), field.inEval]
      }
      names.append("key\(index + 1)")
      stages.append("eval key\(index + 1)=case(\(cases.joined(separator: ",")))")
    }
    return " by " + names.joined(separator: " ")
  }

  private func condition(_ predicate: Predicate, _ losses: inout [Loss]) throws(Diagnostic) -> String {
    let printed = try WherePrinter(query.schema).print(predicate)
    losses += printed.losses
    return printed.text
  }

  private func ordered(_ keys: String, _ losses: inout [Loss]) throws(Diagnostic) -> [String] {
    guard let first = sequence.steps.first else { return [] }
    var stages = ["eval began1=if(\(try condition(first.predicate, &losses)),_time,null())"]
    for (index, step) in sequence.steps.enumerated().dropFirst() {
      stages.append("streamstats current=f max(began\(index)) as before\(index)\(keys)")
      let met = try condition(step.predicate, &losses)
      stages.append("eval began\(index + 1)=if(\(met),before\(index),null())")
    }
    let last = "began\(sequence.steps.count)"
    var conditions = ["isnotnull(\(last))"]
    if let span = sequence.span { conditions.append("_time-\(last)<=\(span.seconds)") }
    if let until = sequence.until {
      stages.append("eval ends=if(\(try condition(until.predicate, &losses)),_time,null())")
      stages.append("streamstats current=f max(ends) as ended\(keys)")
      conditions.append("(isnull(ended) OR \(last)>ended)")
    }
    return stages + ["where \(conditions.joined(separator: " AND "))"]
  }

  private func unordered(_ keys: String, _ losses: inout [Loss]) throws(Diagnostic) -> [String] {
    var columns: [String] = []
    for (index, step) in sequence.steps.enumerated() {
      columns.append("count(eval(\(try condition(step.predicate, &losses)))) as met\(index + 1)")
    }
    let window = sequence.span.map { "time_window=\($0) " } ?? ""
    let conditions = sequence.steps.indices.map { "met\($0 + 1)>0" }
    return [
      "streamstats \(window)\(columns.joined(separator: " "))\(keys)",
      "where \(conditions.joined(separator: " AND "))",
    ]
  }
}
