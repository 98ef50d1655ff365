import LanguageSupport
import RuleIR
import SourceText

/// Writes a rule's body as one search.
struct QueryWriter {
  let rule: Rule
  let schema: TargetSchema

  /// The search in one line, and what was lost.
  func query() throws(Diagnostic) -> Fragment {
    switch rule.body {
    case .predicate(let predicate): return try filter(predicate)
    case .threshold(let threshold): return try write(threshold)
    case .newTerms(let terms): throw Diagnostic.notYet(.newTerms, in: "SPL", at: terms.origin)
    case .sequence(let sequence):
      let feature: Feature =
        sequence.until != nil
        ? .sequenceEnd : sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence
      throw Diagnostic.notYet(feature, in: "SPL", at: sequence.origin)
    case .unmodelled(let rest):
      throw Diagnostic(
        .untranslatable, "a rule that is not modelled cannot be written as SPL", at: rest.origin.range,
        label: rest.reason)
    }
  }

  // MARK: Filters

  /// The filter: what `search` can say first, then what only `where` can say.
  ///
  /// No test leaves its place in an `any`.
  private func filter(_ predicate: Predicate) throws(Diagnostic) -> Fragment {
    let search = SearchPrinter(schema: schema)
    var terms: [String] = []
    var conditions: [Predicate] = []
    var losses: [Loss] = []
    for part in predicate.conjuncts {
      guard try search.canSay(part) else {
        conditions.append(part)
        continue
      }
      let fragment = try search.print(part)
      terms.append(fragment.binding <= search.booleans.or.binding ? "(\(fragment.text))" : fragment.text)
      losses += fragment.losses
    }
    let source = SourcePrefix.terms(schema.source.selectors.isEmpty ? ownSource : schema.source)
    if let command = source.command {
      let filter = terms.isEmpty ? "" : " | search \(terms.joined(separator: " "))"
      return try condition(command + filter, conditions, losses)
    }
    let words = source.terms + terms
    return try condition(words.isEmpty ? "*" : words.joined(separator: " "), conditions, losses)
  }

  private func condition(_ text: String, _ conditions: [Predicate], _ losses: [Loss]) throws(Diagnostic) -> Fragment {
    guard !conditions.isEmpty else { return Fragment(text, losses: losses) }
    let fragment = try WherePrinter(schema).print(.conjunction(conditions))
    return Fragment("\(text) | where \(fragment.text)", losses: losses + fragment.losses)
  }

  /// The rule's own source, where it is a rule of Splunk that was not mapped.
  private var ownSource: LogSource {
    rule.metadata.source.vendor == "splunk" ? rule.metadata.source : LogSource()
  }

  // MARK: Thresholds

  private func write(_ threshold: Threshold) throws(Diagnostic) -> Fragment {
    try threshold.requirePlain(in: "SPL")
    var fields: [String] = []
    for path in threshold.groupBy {
      fields.append(try SPLField(path, in: schema, at: threshold.origin).inArguments)
    }
    var predicate = threshold.predicate
    if threshold.absentKey == .dropped, !fields.isEmpty {
      // stats drops events without a key, as far as is known; here it is said.
      let present = threshold.groupBy.map { Predicate.presence(PresenceTest(.value, $0, origin: threshold.origin)) }
      predicate = .conjunction([predicate] + present)
    }
    let filter = try filter(predicate.withoutImpliedPresence)
    var stages = [filter.text]
    if threshold.absentKey == .ownGroup, !fields.isEmpty {
      stages.append("fillnull value=\"<absent>\" \(fields.joined(separator: " "))")
    }
    let measured = try measure(threshold)
    var by = fields
    var command = "stats"
    switch threshold.window {
    case .searchSpan: break
    case .tumbling(let span):
      stages.append("bin _time span=\(span)")
      by.insert("_time", at: 0)
    case .sliding(let span):
      stages.append("sort 0 _time")
      command = "streamstats time_window=\(span)"
    }
    let grouping = by.isEmpty ? "" : " by \(by.joined(separator: " "))"
    stages.append("\(command) \(measured.text) as matched\(grouping)")
    stages.append("where matched\(comparison(threshold.bound))\(threshold.value.text)")
    return Fragment(stages.joined(separator: " | "), losses: filter.losses + measured.losses)
  }

  private func measure(_ threshold: Threshold) throws(Diagnostic) -> Fragment {
    let origin = threshold.origin
    func named(_ function: String, _ path: FieldPath) throws(Diagnostic) -> String {
      "\(function)(\(try SPLField(path, in: schema, at: origin).inArguments))"
    }
    func numbers(_ path: FieldPath, _ feature: Feature) -> [Loss] {
      guard schema.type(of: path) != .number else { return [] }
      let isLower = threshold.bound == .order(.greater) || threshold.bound == .order(.greaterOrEqual)
      return [
        Loss(
          feature, isLower ? .broader : .both, because: "texts that spell numbers are reckoned with as well",
          at: origin)
      ]
    }
    switch threshold.measure {
    case .count: return Fragment("count")
    case .distinctCount(let paths):
      guard paths.count == 1 else { throw Diagnostic.notYet(.distinctCount, in: "SPL", at: origin) }
      return Fragment(try named("dc", paths[0]))
    case .sum(let path): return Fragment(try named("sum", path), losses: numbers(path, .sumOrAverage))
    case .average(let path): return Fragment(try named("avg", path), losses: numbers(path, .sumOrAverage))
    case .percentile(let percent, let path):
      return Fragment(try named("exactperc\(percent.text)", path), losses: numbers(path, .percentile))
    }
  }

  private func comparison(_ bound: Threshold.Bound) -> String {
    switch bound {
    case .equal: "="
    case .notEqual: "!="
    case .order(let order): order.rawValue
    }
  }
}

/// Writes where a search looks.
enum SourcePrefix {
  /// The macro alone where there is one; else the selectors, those of one key as alternatives.
  static func terms(_ source: LogSource) -> (command: String?, terms: [String]) {
    if let macro = source.values("macro").first(where: isName) { return (nil, ["`\(macro)`"]) }
    if let model = source.values("datamodel").first(where: isName) { return ("| from datamodel:\"\(model)\"", []) }
    var terms: [String] = []
    for key in ["index", "sourcetype", "source", "eventtype", "host"] {
      let values = source.values(key).filter(SPLText.isPlain).map { "\(key)=\(SPLText.quoted($0))" }
      if values.isEmpty { continue }
      terms.append(values.count == 1 ? values[0] : "(\(values.joined(separator: " OR ")))")
    }
    return (nil, terms)
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0 & 0xDF) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
          || $0 == UInt8(ascii: "-")
      }
  }
}

extension Predicate {
  /// The parts that must all hold, nested ones opened.
  var conjuncts: [Predicate] {
    if case .all(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
  }
}
