import LanguageSupport
import RuleIR
import SourceText

/// Kuery in a rule file, with the rule types that count and remember beside it.
extension KueryQuery: QueryWriter {
  /// How many fields a threshold rule may group by, from Kibana 9.2 on; 3 before.
  private static let groupLimit = 5
  /// How many fields a new-terms rule may have.
  private static let termLimit = 3

  static func support(for feature: Feature) -> Support {
    switch feature {
    case .threshold, .distinctCount, .newTerms: .native
    case .sumOrAverage, .percentile: .never(because: "threshold rules count, and do not add up")
    case .slidingWindow: .approximated(.narrower, because: "a rule looks at its window when it runs, not all the time")
    case .tumblingWindow: .approximated(.both, because: "windows begin when the rule runs")
    case .absentKeyGroup: .approximated(.narrower, because: "events without a field of the grouping are left out")
    case .orderedSequence, .unorderedSequence, .sequenceEnd: .notYet
    case .alwaysTrue, .alwaysFalse, .negation, .caseSensitiveText, .caseInsensitiveText, .unicodeFolding, .emptyText,
      .numberEquality, .numberFromText, .booleanEquality, .untypedLiteral, .valueSet, .caseSensitivePattern,
      .caseInsensitivePattern, .innerWildcard, .singleCharacterWildcard, .matchAnyText, .spelledValue, .hasKey,
      .hasValue, .singleValue, .someValueDiffers, .numberOrder, .textOrder, .network, .wholeTerm, .termPrefix,
      .regexSearch, .regexWhole, .regexIgnoringCase, .encodedText, .dashClass, .fieldEqualsField, .fieldRelation,
      .textLength, .valueCount, .datePart, .someElement, .everyElement, .listIndex, .keyPattern, .anyField, .rawTerm:
      Kuery.support(for: feature)
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
    let fragment = try Kuery.print(predicate, for: schema)
    return WrittenQuery(type: type, language: name, text: fragment.text, losses: fragment.losses)
  }

  private static func write(_ terms: NewTerms, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    guard (1...termLimit).contains(terms.fields.count) else {
      throw .untranslatable(
        .newTerms, in: name, because: "a rule takes 1 to \(termLimit) fields, and this has \(terms.fields.count)",
        at: terms.origin)
    }
    var written = try query("new_terms", terms.predicate, schema)
    for field in terms.fields { _ = try Self.name(of: field, .newTerms, at: terms.origin) }
    written.newTerms = terms
    return written
  }

  private static func write(_ threshold: Threshold, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    var written = try query("threshold", threshold.predicate, schema)
    guard threshold.groupBy.count <= groupLimit else {
      throw .untranslatable(
        .threshold, in: name, because: "a rule groups by at most \(groupLimit) fields", at: threshold.origin)
    }
    var fields: [String] = []
    for field in threshold.groupBy { fields.append(try Self.name(of: field, .threshold, at: threshold.origin)) }
    let least = try least(threshold)
    switch threshold.measure {
    case .count: written.threshold = WrittenThreshold(fields: fields, count: least)
    case .distinctCount(let counted):
      guard counted.count == 1, let field = counted.first, !threshold.groupBy.contains(field) else {
        throw .untranslatable(
          .distinctCount, in: name, because: "one field is counted, and it must not be one of the grouping",
          at: threshold.origin)
      }
      let counts = try Self.name(of: field, .distinctCount, at: threshold.origin)
      written.threshold = WrittenThreshold(fields: fields, count: 1, cardinality: (counts, least))
    case .sum, .average, .percentile:
      throw .untranslatable(
        threshold.feature, in: name, because: "threshold rules count, and do not add up", at: threshold.origin)
    }
    written.losses += losses(of: threshold)
    written.schedule = threshold.runs
    return written
  }

  /// The least whole number for which the bound holds.
  private static func least(_ threshold: Threshold) throws(Diagnostic) -> Int {
    let bound = threshold.value.double.rounded(.down)
    let isWhole = threshold.value.isInteger
    guard bound < 1e15 else {
      throw .untranslatable(.threshold, in: name, because: "no count is as high", at: threshold.origin)
    }
    switch threshold.bound {
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
