import LanguageSupport
import RuleIR
import SourceText

/// A language of conditions on single events in a rule file, with the rule types that count and remember beside it.
protocol CountingQueryWriter: QueryWriter {
  static var name: String { get }
  static func print(_ predicate: Predicate, for schema: TargetSchema) throws(Diagnostic) -> Fragment
  /// What the language itself does with a feature of single events.
  static func predicateSupport(for feature: Feature) -> Support
}

extension KueryQuery: CountingQueryWriter {
  static func print(_ predicate: Predicate, for schema: TargetSchema) throws(Diagnostic) -> Fragment {
    try Kuery.print(predicate, for: schema)
  }

  static func predicateSupport(for feature: Feature) -> Support { Kuery.support(for: feature) }
}

extension LuceneQuery: CountingQueryWriter {
  static func print(_ predicate: Predicate, for schema: TargetSchema) throws(Diagnostic) -> Fragment {
    try Lucene.print(predicate, for: schema)
  }

  static func predicateSupport(for feature: Feature) -> Support { Lucene.support(for: feature) }
}

/// The limits of rules that count and remember.
private enum CountingLimit {
  /// How many fields a threshold rule may group by, from Kibana 9.2 on; 3 before.
  static let groups = 5
  /// How many fields a new-terms rule may have.
  static let terms = 3
}

extension CountingQueryWriter {
  static func support(for feature: Feature) -> Support {
    switch feature {
    case .threshold, .distinctCount, .newTerms: .native
    case .sumOrAverage, .percentile: .never(because: "threshold rules count, and do not add up")
    case .slidingWindow: .approximated(.narrower, because: "a rule looks at its window when it runs, not all the time")
    case .tumblingWindow: .approximated(.both, because: "windows begin when the rule runs")
    case .absentKeyGroup: .approximated(.narrower, because: "events without a field of the grouping are left out")
    case .groupCondition: .rewritten(as: "a count and the cardinality of one field")
    case .boundOnceComplete: .never(because: "a rule fires from a count on, and not below it")
    case .orderedSequence, .unorderedSequence, .sequenceEnd: .notYet
    case .alwaysTrue, .alwaysFalse, .negation, .caseSensitiveText, .caseInsensitiveText, .unicodeFolding, .emptyText,
      .numberEquality, .numberFromText, .booleanEquality, .untypedLiteral, .valueSet, .caseSensitivePattern,
      .caseInsensitivePattern, .innerWildcard, .singleCharacterWildcard, .matchAnyText, .spelledValue, .hasKey,
      .hasValue, .singleValue, .someValueDiffers, .numberOrder, .textOrder, .network, .wholeTerm, .termPrefix,
      .regexSearch, .regexWhole, .regexIgnoringCase, .encodedText, .dashClass, .fieldEqualsField, .fieldRelation,
      .textLength, .valueCount, .datePart, .derivedValue, .someElement, .everyElement, .listIndex, .keyPattern,
      .anyField, .rawTerm:
      predicateSupport(for: feature)
    }
  }

  static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    switch rule.body {
    case .predicate(let predicate): return try query("query", predicate, schema)
    case .threshold(let threshold): return try write(threshold, for: schema)
    case .newTerms(let terms): return try write(terms, for: schema)
    case .sequence(let sequence):
      let feature: Feature = sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence
      throw .notYet(feature, in: name, at: sequence.origin)
    case .unmodelled(let rest): throw .unmodelled(rest, in: name)
    }
  }

  private static func query(
    _ type: String, _ predicate: Predicate, _ schema: TargetSchema
  ) throws(Diagnostic) -> WrittenQuery {
    let fragment = try print(predicate, for: schema)
    return WrittenQuery(type: type, language: name, text: fragment.text, losses: fragment.losses)
  }

  private static func write(_ terms: NewTerms, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    guard (1...CountingLimit.terms).contains(terms.fields.count) else {
      throw .untranslatable(
        .newTerms, in: name,
        because: "a rule takes 1 to \(CountingLimit.terms) fields, and this has \(terms.fields.count)",
        at: terms.origin)
    }
    var written = try query("new_terms", terms.predicate, schema)
    for field in terms.fields { _ = try Self.name(of: field, .newTerms, at: terms.origin) }
    written.newTerms = terms
    return written
  }

  private static func write(_ threshold: Threshold, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    var written = try query("threshold", threshold.predicate, schema)
    guard threshold.groupBy.count <= CountingLimit.groups else {
      throw .untranslatable(
        .threshold, in: name, because: "a rule groups by at most \(CountingLimit.groups) fields", at: threshold.origin)
    }
    var fields: [String] = []
    for field in threshold.groupBy { fields.append(try Self.name(of: field, .threshold, at: threshold.origin)) }
    var parameters = WrittenThreshold(fields: fields, count: 1)
    for (measure, least) in try measures(of: threshold) {
      switch measure {
      case .count: parameters.count = least
      case .distinctCount(let counted):
        guard counted.count == 1, let field = counted.first, !threshold.groupBy.contains(field),
          parameters.cardinality == nil
        else {
          throw .untranslatable(
            .distinctCount, in: name, because: "one field is counted, and it must not be one of the grouping",
            at: threshold.origin)
        }
        parameters.cardinality = (try Self.name(of: field, .distinctCount, at: threshold.origin), least)
      case .sum, .average, .percentile:
        throw .untranslatable(
          threshold.feature, in: name, because: "threshold rules count, and do not add up", at: threshold.origin)
      }
    }
    written.threshold = parameters
    written.losses += losses(of: threshold)
    written.schedule = threshold.runs
    return written
  }

  /// The measures, and the least number of each that makes the rule fire.
  private static func measures(of threshold: Threshold) throws(Diagnostic) -> [(Threshold.Measure, Int)] {
    guard threshold.comparison == .asEventsCome else {
      throw .untranslatable(
        .boundOnceComplete, in: name, because: "a rule fires from a count on, and not below it", at: threshold.origin)
    }
    var found = [(threshold.measure, try least(threshold.bound, threshold.value, threshold))]
    switch threshold.further {
    case nil: break
    case .measure(let measure)?:
      guard measure.events == .always, case .of(let further) = measure.quantity,
        further.isCountOfRows != threshold.measure.isCountOfRows
      else { throw tooMuch(threshold) }
      found.append((further, try least(measure.bound, measure.value, threshold)))
    case .all?, .any?, .not?, .elapsed?, .key?: throw tooMuch(threshold)
    }
    return found
  }

  private static func tooMuch(_ threshold: Threshold) -> Diagnostic {
    .untranslatable(
      .groupCondition, in: name, because: "a rule has one count and the cardinality of one field", at: threshold.origin)
  }

  /// The least whole number for which the bound holds.
  private static func least(
    _ bound: Threshold.Bound, _ value: Number, _ threshold: Threshold
  ) throws(Diagnostic) -> Int {
    let wanted = bound
    let bound = value.double.rounded(.down)
    let isWhole = value.isInteger
    guard bound < 1e15 else {
      throw .untranslatable(.threshold, in: name, because: "no count is as high", at: threshold.origin)
    }
    switch wanted {
    case .order(.greaterOrEqual): return max(1, Int(bound) + (isWhole ? 0 : 1))
    case .order(.greater): return max(1, Int(bound) + 1)
    case .equal where isWhole && bound >= 1: return Int(bound)
    case .equal, .notEqual, .order(.less), .order(.lessOrEqual):
      throw .untranslatable(
        threshold.feature, in: name, because: "a rule fires from a count on, and not below it", at: threshold.origin)
    }
  }

  private static func losses(of threshold: Threshold) -> [Loss] {
    func lost(_ feature: Feature, _ drift: Drift, _ reason: String) -> Loss {
      Loss(feature, drift, because: reason, at: threshold.origin)
    }
    var losses: [Loss] = []
    if threshold.absentKey == .ownGroup, !threshold.groupBy.isEmpty {
      losses.append(lost(.absentKeyGroup, .narrower, "events without a field of the grouping are left out"))
    }
    if threshold.bound == .equal {
      losses.append(lost(threshold.feature, .broader, "a count that a run finds higher also fires"))
    }
    switch threshold.window {
    case .searchSpan: break
    case .sliding:
      losses.append(lost(.slidingWindow, .narrower, "a window that ends between two runs of the rule is not seen"))
    case .tumbling: losses.append(lost(.tumblingWindow, .both, "windows begin when the rule runs"))
    }
    return losses
  }

  /// A field's name where it stands outside a query.
  static func name(of path: FieldPath, _ feature: Feature, at origin: Origin) throws(Diagnostic) -> String {
    var keys: [String] = []
    for step in path.steps {
      guard case .key(let key) = step else {
        throw .untranslatable(feature, in: name, because: "'\(path)' is no plain field", at: origin)
      }
      keys.append(key)
    }
    return keys.joined(separator: ".")
  }
}

extension Threshold.Measure {
  fileprivate var isCountOfRows: Bool { self == .count }
}
