import Documents
import LanguageSupport
import RuleIR
import SourceText

/// A rule as Elastic's rule files hold it: the table `[rule]` of a TOML file, or a line of Kibana's NDJSON.
///
/// <https://www.elastic.co/docs/api/doc/kibana/operation/operation-createrule>
struct RuleDocument {
  /// What the rule says of itself and how it fires.
  let rule: DocumentNode
  /// The table `[metadata]` of a TOML file.
  let metadata: DocumentNode?
  /// The form of the file.
  let form: String
  /// Items of exception lists that came with the rule.
  let exceptions: [RuleException]
  private(set) var warnings: [Diagnostic] = []

  init(
    _ rule: DocumentNode, metadata: DocumentNode? = nil, exceptions: [RuleException] = [], form: String
  ) {
    self.rule = rule
    self.metadata = metadata
    self.exceptions = exceptions
    self.form = form
  }

  /// The rule, in Elastic's field names.
  mutating func read() throws(Diagnostic) -> Rule {
    var metadata = try readMetadata()
    let reading = try readBody(metadata.schedule?.lookback)
    if metadata.source.values("index").isEmpty {
      metadata.source.selectors += reading.indices.map { .init("index", $0) }
    }
    return Rule(metadata: metadata, body: reading.body)
  }

  mutating func warn(_ warning: Diagnostic) { warnings.append(warning) }

  // MARK: The body

  private mutating func readBody(_ lookback: TimeSpan?) throws(Diagnostic) -> QueryReading {
    let type = try rule.required("type", in: "the rule").requiredText("type")
    var reading: QueryReading
    switch type.text {
    case "query", "saved_query", "eql", "esql": reading = try query(of: type.text, lookback)
    case "threshold": reading = try threshold(try query(of: type.text, lookback))
    case "new_terms": reading = try newTerms(try query(of: type.text, lookback))
    case "threat_match":
      reading = try query(of: type.text, lookback)
      reading.body = unmodelled(reading.body, "indicator match")
    case "machine_learning": return QueryReading(body: machineLearning())
    case _:
      let known = ["query", "saved_query", "eql", "esql", "threshold", "new_terms", "threat_match", "machine_learning"]
      throw Diagnostic(
        .invalidValue, "'\(type.text)' is no type of a rule", at: type.range, label: "unknown type",
        help: nearestName(to: type.text, among: known).map { "did you mean '\($0)'?" })
    }
    warnings += reading.warnings
    try narrow(&reading.body)
    return reading
  }

  /// The query, in whatever language it is written.
  private func query(of type: String, _ lookback: TimeSpan?) throws(Diagnostic) -> QueryReading {
    if type == "saved_query", rule["query"] == nil {
      return QueryReading(
        body: .unmodelled(
          Unmodelled(
            text: rule["saved_id"]?.text ?? "", understood: nil, reason: "saved query", origin: Origin(rule.range))))
    }
    if rule["query"] == nil, rule["filters"]?.elements?.isEmpty == false {
      return QueryReading(body: .predicate(.always))
    }
    let text = try rule.required("query", in: "the rule").requiredText("query")
    let language = rule["language"]?.text ?? (["eql", "esql"].contains(type) ? type : "kuery")
    if language == EQL.name {
      return try EQL.parse(text.passage, category: rule["event_category_override"]?.text ?? EQL.categoryField)
    }
    if let known = Elastic.queryLanguages.first(where: { $0.name == language }) {
      return try known.read(text.passage, lookback: lookback)
    }
    let known = Elastic.queryLanguages.map { $0.name }
    throw Diagnostic(
      .invalidValue, "'\(language)' is no language of a query", at: rule["language"]?.range ?? rule.range,
      label: "unknown language", help: nearestName(to: language, among: known).map { "did you mean '\($0)'?" })
  }

  private func machineLearning() -> RuleBody {
    let job = rule["machine_learning_job_id"]
    return .unmodelled(
      Unmodelled(
        text: job?.texts.joined(separator: ", ") ?? "", understood: nil, reason: "machine learning job",
        origin: Origin(job?.range ?? rule.range)))
  }

  /// A body of which no more than its query is understood.
  func unmodelled(_ body: RuleBody, _ reason: String) -> RuleBody {
    if case .unmodelled = body { return body }
    let query = rule["query"]
    return .unmodelled(
      Unmodelled(
        text: query?.text ?? "", understood: body.predicates.first, reason: reason,
        origin: Origin(query?.range ?? rule.range)))
  }
}

// MARK: Bodies around a query

extension RuleDocument {
  private func threshold(_ reading: QueryReading) throws(Diagnostic) -> QueryReading {
    guard case .predicate(let predicate) = reading.body else { return reading }
    let node = try rule.required("threshold", in: "the rule")
    let fields = try node["field"]?.requiredTexts("field") ?? []
    let value = try number(in: node, "value")
    var threshold = Threshold(
      predicate, groupBy: fields.filter { !$0.isEmpty }.map(FieldPath.init(named:)), absentKey: .dropped,
      window: .searchSpan, .order(.greaterOrEqual), value, origin: Origin(node.range))
    var result = reading
    // Only the first of the list counts (Kibana looks at no other).
    if let cardinality = node["cardinality"]?.elements?.first {
      let field = try cardinality.required("field", in: "the cardinality").requiredText("field").text
      let distinct = Threshold.Measure.distinctCount([FieldPath(named: field)])
      let least = try number(in: cardinality, "value")
      if value <= Number(1) {
        (threshold.measure, threshold.value) = (distinct, least)
      } else {
        threshold.further = .measure(GroupMeasure(.of(distinct), .order(.greaterOrEqual), least))
      }
    }
    result.body = .threshold(threshold)
    return result
  }

  private func number(in node: DocumentNode, _ key: String) throws(Diagnostic) -> Number {
    let value = try node.required(key, in: "the threshold")
    guard let scalar = value.scalar, scalar.kind == .number, let number = Number(scalar.text) else {
      throw value.wrongType(key, "a number")
    }
    return number
  }

  private func newTerms(_ reading: QueryReading) throws(Diagnostic) -> QueryReading {
    guard case .predicate(let predicate) = reading.body else { return reading }
    // TOML nests what Kibana's JSON has flat.
    let table = rule["new_terms"]
    let fields: DocumentNode
    let start: DocumentNode
    if let table {
      fields = try table.required("value", in: "'new_terms'")
      let list = try table.required("history_window_start", in: "'new_terms'")
      start = try (list.elements?.first ?? list).required("value", in: "'history_window_start'")
    } else {
      fields = try rule.required("new_terms_fields", in: "the rule")
      start = try rule.required("history_window_start", in: "the rule")
    }
    let text = try start.requiredText("history_window_start")
    var result = reading
    guard let history = TimeSpan(sinceNow: text.text) else {
      throw Diagnostic(
        .invalidValue, "'\(text.text)' is no start of a history", at: text.range,
        label: "expected 'now-7d' and its like")
    }
    let names = try fields.requiredTexts("new_terms_fields")
    result.body = .newTerms(
      NewTerms(
        predicate, fields: names.map(FieldPath.init(named:)), history: history,
        origin: Origin((table ?? fields).range)))
    return result
  }

  /// Adds what the rule's filters and exceptions demand beside the query.
  private mutating func narrow(_ body: inout RuleBody) throws(Diagnostic) {
    var filters = exclusions()
    for filter in rule["filters"]?.elements ?? [] {
      switch RuleFilter(filter).reading {
      case .disabled: break
      case .predicate(let predicate): filters.append(predicate)
      case .unknown(let reason):
        body = unmodelled(body, reason)
        return
      }
    }
    guard !filters.isEmpty else { return }
    body = body.mapPredicates { .conjunction([$0] + filters) }
  }
}

// MARK: Exceptions

extension RuleDocument {
  /// That no item of the rule's exception lists holds.
  private mutating func exclusions() -> [Predicate] {
    var exclusions: [Predicate] = []
    for list in rule["exceptions_list"]?.elements ?? [] {
      let name = list["list_id"]?.text ?? ""
      let items = exceptions.filter { $0.list == name }
      if items.isEmpty { warnOfExceptions("the exceptions of the list '\(name)' are not read", at: list.range) }
      for item in items {
        guard let predicate = item.predicate else {
          warnOfExceptions("an exception of the list '\(name)' is not modelled", at: item.range)
          continue
        }
        exclusions.append(.negation(of: predicate))
      }
    }
    return exclusions
  }

  private mutating func warnOfExceptions(_ message: String, at range: SourceRange) {
    warn(
      Diagnostic(
        .assumedMeaning, message, severity: .warning, at: range, label: "not part of the condition",
        notes: ["the rule is taken to fire where it would keep it silent"]))
  }

  /// The lists that the rule names and whose items came with it.
  var readLists: Set<String> {
    Set(exceptions.map(\.list))
  }
}

extension TimeSpan {
  /// The span in `now-7d`; nil where the text is no such.
  init?(sinceNow text: String) {
    guard text.hasPrefix("now-") else { return nil }
    self.init(text.dropFirst(4).prefix { $0 != "/" })
  }
}
