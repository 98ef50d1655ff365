import LanguageSupport
import RuleIR
import SourceText

/// Writes a rule's body as one search.
struct QueryWriter {
  /// Where the search goes, and so where its time range stands.
  enum Placement {
    /// By itself: what the rule says of its time range is in the search.
    case alone
    /// In a detection, which deployments run over the last 70 minutes unless its search says more.
    case detection
    /// In a saved search, whose settings say it.
    case savedSearch
  }

  let rule: Rule
  let schema: TargetSchema
  var placement = Placement.alone

  /// The search in one line, and what was lost.
  func query() throws(Diagnostic) -> Fragment {
    switch rule.body {
    case .predicate(let predicate): return try filter(predicate)
    case .threshold(let threshold): return try ThresholdWriter(query: self, threshold: threshold).search()
    case .newTerms(let terms): return try HistoryWriter(query: self).write(terms)
    case .sequence(let sequence): return try SequenceWriter(query: self, sequence: sequence).search()
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
  func filter(_ predicate: Predicate) throws(Diagnostic) -> Fragment {
    let search = SearchPrinter(schema: schema)
    var terms: [String] = []
    var conditions: [Predicate] = []
    var losses: [Loss] = []
    var known: Set<FieldPath> = []
    for part in predicate.conjuncts {
      guard try search.canSay(part) else {
        conditions.append(part)
        continue
      }
      if let field = part.fieldWithValue { known.insert(field) }
      let fragment = try search.print(part)
      terms.append(fragment.binding <= search.booleans.or.binding ? "(\(fragment.text))" : fragment.text)
      losses += fragment.losses
    }
    let source = SourcePrefix.terms(
      schema.source.selectors.isEmpty ? ownSource : schema.source, fields: predicate.fields)
    if let command = source.command {
      let filter = terms.isEmpty ? "" : " | search \(terms.joined(separator: " "))"
      return try condition(command + filter, conditions, known: known, losses)
    }
    let words = source.terms + (earliest.map { ["earliest=-\($0)"] } ?? []) + terms
    return try condition(words.isEmpty ? "*" : words.joined(separator: " "), conditions, known: known, losses)
  }

  private func condition(
    _ text: String, _ conditions: [Predicate], known: Set<FieldPath>, _ losses: [Loss]
  ) throws(Diagnostic) -> Fragment {
    guard !conditions.isEmpty else { return Fragment(text, losses: losses) }
    let fragment = try WherePrinter(schema, known: known).print(.conjunction(conditions))
    return Fragment("\(text) | where \(fragment.text)", losses: losses + fragment.losses)
  }

  // MARK: Time

  /// How far back each run of a scheduled search looks for what to report.
  var reported: TimeSpan { rule.metadata.schedule?.lookback ?? .minutes(70) }

  /// How far back a search must look, for rules that remember events; nil where that makes no difference to a rule.
  var needed: TimeSpan? {
    switch rule.body {
    case .predicate, .unmodelled: return nil
    case .newTerms(let terms): return TimeSpan(seconds: terms.history.seconds + reported.seconds)
    case .sequence(let sequence): return sequence.span.map { max($0, reported) }
    case .threshold(let threshold):
      switch threshold.window {
      case .searchSpan: return rule.metadata.schedule?.lookback
      case .sliding(let span), .tumbling(let span): return max(span, reported)
      }
    }
  }

  /// The time range that the search itself states.
  private var earliest: TimeSpan? {
    switch placement {
    case .savedSearch: return nil
    case .detection: return needed == .minutes(70) ? nil : needed
    case .alone:
      guard case .threshold(let threshold) = rule.body, threshold.window == .searchSpan else { return nil }
      return needed
    }
  }

  /// The rule's own source, where it is a rule of Splunk that was not mapped.
  private var ownSource: LogSource {
    rule.metadata.source.vendor == "splunk" ? rule.metadata.source : LogSource()
  }
}

/// Writes where a search looks.
enum SourcePrefix {
  /// The macro alone where there is one, or the data model; else the selectors, those of one key as alternatives.
  static func terms(_ source: LogSource, fields: Set<FieldPath>) -> (command: String?, terms: [String]) {
    if let macro = source.values("macro").first(where: isName) { return (nil, ["`\(macro)`"]) }
    if let model = source.values("datamodel").first(where: isName) { return (dataModel(model, fields), []) }
    var terms: [String] = []
    for key in ["index", "sourcetype", "source", "eventtype", "host"] {
      let values = source.values(key).filter(SPLText.isPlain).map { "\(key)=\(SPLText.quoted($0))" }
      if values.isEmpty { continue }
      terms.append(values.count == 1 ? values[0] : "(\(values.joined(separator: " OR ")))")
    }
    return (nil, terms)
  }

  /// `datamodel … search` where fields have the name of their data set before them, as `tstats` has it; `from` gives
  /// them without.
  ///
  /// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Datamodel
  private static func dataModel(_ model: String, _ fields: Set<FieldPath>) -> String {
    let names = fields.compactMap { path in
      if case .key(let name)? = path.steps.first { name } else { nil }
    }
    let parts = model.split(separator: ".").map(String.init)
    let sets = Set(names.compactMap { $0.split(separator: ".").dropLast().first.map(String.init) }).filter(isName)
    let set = parts.count == 2 ? parts[1] : sets.count == 1 ? sets.first : nil
    guard parts.count <= 2, let set, sets.contains(set) else { return "| from datamodel:\"\(model)\"" }
    return "| datamodel \(parts[0]) \(set) search"
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
  /// The field that has a value wherever the predicate holds, where that is plain to see.
  fileprivate var fieldWithValue: FieldPath? {
    switch self {
    case .presence(let test): test.kind == .value ? test.field : nil
    case .field(let test): test.subject == .count ? nil : test.field
    case .all, .any, .not, .some, .every, .anyField, .rawTerm: nil
    }
  }

  /// The parts that must all hold, nested ones opened.
  var conjuncts: [Predicate] {
    if case .all(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
  }
}
