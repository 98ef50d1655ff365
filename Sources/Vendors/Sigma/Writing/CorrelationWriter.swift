import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Writes rules that count, and sequences, as correlations over rules of the same file.
struct CorrelationWriter {
  private let rule: Rule
  private let schema: TargetSchema
  private(set) var losses: [Loss] = []
  private(set) var notes: [String] = []

  init(_ rule: Rule, for schema: TargetSchema) {
    self.rule = rule
    self.schema = schema
  }

  // MARK: Counting

  /// The documents of a threshold: the rule that is counted, and the correlation.
  mutating func documents(for threshold: Threshold) throws(Diagnostic) -> [OutputNode] {
    if let kinds = RuleKinds(threshold) { return try documents(for: threshold, asking: kinds) }
    guard threshold.comparison == .asEventsCome, let bounds = threshold.bounds else {
      try threshold.requirePlain(
        in: "sigma", because: "a correlation compares one measure of all its events, as soon as they come")
      return []
    }
    let base = baseName(nil)
    var members: [OutputNode.Member] = []
    let origin = threshold.origin
    var condition = bounds.map { OutputNode.Member($0.word, .bare($1.plain)) }
    switch threshold.measure {
    case .count: members.append(.init("type", .text("event_count")))
    case .distinctCount(let fields):
      members.append(.init("type", .text("value_count")))
      let names = try names(of: fields, at: origin)
      condition.append(.init("field", names.count == 1 ? .text(names[0]) : .texts(names)))
    case .sum(let field):
      members.append(.init("type", .text("value_sum")))
      condition.append(.init("field", .text(try FieldName().text(of: field, at: origin))))
    case .average(let field):
      members.append(.init("type", .text("value_avg")))
      condition.append(.init("field", .text(try FieldName().text(of: field, at: origin))))
    case .percentile(let percentile, let field):
      members.append(.init("type", .text("value_percentile")))
      condition.append(.init("field", .text(try FieldName().text(of: field, at: origin))))
      condition.append(.init("percentile", .bare(percentile.plain)))
    }
    members.append(.init("rules", .texts([base])))
    if !threshold.groupBy.isEmpty {
      members.append(.init("group-by", .texts(try names(of: threshold.groupBy, at: origin))))
    }
    members.append(.init("timespan", .text(span(of: threshold).sigma)))
    members.append(.init("condition", .mapping(condition)))
    if threshold.absentKey == .ownGroup, !threshold.groupBy.isEmpty { loseAbsentKey(threshold) }
    let first = try document(base, suffix: "events counted", threshold.predicate)
    return [first, correlation(members)]
  }

  /// The documents of a group of which several kinds of event are asked: a rule a kind, and the correlation.
  private mutating func documents(
    for threshold: Threshold, asking kinds: RuleKinds
  ) throws(Diagnostic) -> [OutputNode] {
    var documents: [OutputNode] = []
    var bases: [String] = []
    for (index, predicate) in kinds.predicates.enumerated() {
      bases.append(baseName(index + 1))
      documents.append(try document(bases[index], suffix: "part \(index + 1)", predicate))
    }
    var members: [OutputNode.Member] = [.init("type", .text("temporal")), .init("rules", .texts(bases))]
    if !threshold.groupBy.isEmpty {
      members.append(.init("group-by", .texts(try names(of: threshold.groupBy, at: threshold.origin))))
    }
    members.append(.init("timespan", .text(span(of: threshold).sigma)))
    members.append(.init("condition", kinds.condition(bases)))
    if threshold.absentKey == .ownGroup, !threshold.groupBy.isEmpty { loseAbsentKey(threshold) }
    return documents + [correlation(members)]
  }

  private mutating func loseAbsentKey(_ threshold: Threshold) {
    lose(
      .absentKeyGroup, .narrower, "Sigma leaves out events that lack a field of the grouping", threshold.origin)
  }

  /// A correlation must have a time span, and its own slides.
  private mutating func span(of threshold: Threshold) -> TimeSpan {
    let origin = threshold.origin
    let drift: Drift =
      switch threshold.bound {
      case .order(.greater), .order(.greaterOrEqual): .broader
      case .order(.less), .order(.lessOrEqual), .equal, .notEqual: .both
      }
    switch threshold.window {
    case .sliding(let span): return span
    case .tumbling(let span):
      lose(.tumblingWindow, drift, "a correlation's time span slides", origin)
      return span
    case .searchSpan:
      let feature: Feature =
        switch threshold.measure {
        case .count: .threshold
        case .distinctCount: .distinctCount
        case .sum, .average: .sumOrAverage
        case .percentile: .percentile
        }
      if let lookback = rule.metadata.schedule?.lookback {
        lose(feature, drift, "what one search looks at becomes a time span that slides", origin)
        return lookback
      }
      lose(feature, .both, "a correlation needs a time span, and nothing says how far the search looks back", origin)
      return .hours(1)
    }
  }

  // MARK: Sequences

  /// The documents of a sequence: a rule a step, and the correlation.
  mutating func documents(for sequence: EventSequence) throws(Diagnostic) -> [OutputNode] {
    let origin = sequence.origin
    guard sequence.until == nil else {
      throw .untranslatable(.sequenceEnd, in: "sigma", because: "no event ends a correlation", at: origin)
    }
    guard let span = sequence.span else {
      throw .untranslatable(
        sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence, in: "sigma",
        because: "a correlation needs a time span", at: origin)
    }
    var documents: [OutputNode] = []
    var bases: [String] = []
    for (index, step) in sequence.steps.enumerated() {
      bases.append(baseName(index + 1))
      documents.append(try document(bases[index], suffix: "step \(index + 1)", step.predicate))
    }
    var members: [OutputNode.Member] = [
      .init("type", .text(sequence.ordering == .ordered ? "temporal_ordered" : "temporal")),
      .init("rules", .texts(bases)),
    ]
    members += try joining(sequence, bases)
    members.append(.init("timespan", .text(span.sigma)))
    return documents + [correlation(members)]
  }

  /// The fields that join the steps, under an alias where the steps name them differently.
  private func joining(_ sequence: EventSequence, _ bases: [String]) throws(Diagnostic) -> [OutputNode.Member] {
    var columns: [[String]] = []
    for step in sequence.steps { columns.append(try names(of: step.joinedBy, at: sequence.origin)) }
    guard let first = columns.first, !first.isEmpty else { return [] }
    var groupBy: [String] = []
    var aliases: [OutputNode.Member] = []
    for index in first.indices {
      let names = columns.map { index < $0.count ? $0[index] : first[index] }
      if Set(names).count == 1 {
        groupBy.append(first[index])
      } else {
        let alias = "joined_\(index + 1)"
        groupBy.append(alias)
        aliases.append(.init(alias, .mapping(zip(bases, names).map { .init($0, .text($1)) })))
      }
    }
    let grouping = OutputNode.Member("group-by", .texts(groupBy))
    return aliases.isEmpty ? [grouping] : [grouping, .init("aliases", .mapping(aliases))]
  }

  // MARK: Documents

  private func names(of fields: [FieldPath], at origin: Origin) throws(Diagnostic) -> [String] {
    var names: [String] = []
    for field in fields { names.append(try FieldName().text(of: field, at: origin)) }
    return names
  }

  /// A name for the rule under the correlation, made of the rule's own.
  private func baseName(_ step: Int?) -> String {
    var name = ""
    let source = [rule.metadata.name, rule.metadata.title].compactMap(\.self).first { !$0.isEmpty } ?? ""
    for byte in source.lowercased().utf8.prefix(60) {
      let isWord = (48...57).contains(byte) || (97...122).contains(byte)
      if isWord { name.unicodeScalars.append(Unicode.Scalar(byte)) } else if name.last != "_" { name += "_" }
    }
    while name.last == "_" { name.removeLast() }
    while name.first == "_" { name.removeFirst() }
    return "base_" + (name.isEmpty ? "rule" : name) + (step.map { "_\($0)" } ?? "")
  }

  private mutating func document(
    _ name: String, suffix: String, _ predicate: Predicate
  ) throws(Diagnostic) -> OutputNode {
    var metadata = MetadataWriter(rule.metadata, source: schema.source, about: predicate)
    var writer = DetectionWriter(schema: schema, metadata.brackets)
    let detection = try writer.detection(of: predicate)
    losses += writer.losses
    let node = metadata.baseDocument(named: name, suffix: suffix, detection: detection)
    notes += metadata.notes.filter { !notes.contains($0) }
    return node
  }

  private mutating func correlation(_ members: [OutputNode.Member]) -> OutputNode {
    var metadata = MetadataWriter(rule.metadata, source: schema.source)
    let node = metadata.correlationDocument(with: .init("correlation", .mapping(members)))
    notes += metadata.notes.filter { !notes.contains($0) }
    return node
  }

  private mutating func lose(_ feature: Feature, _ drift: Drift, _ reason: String, _ origin: Origin) {
    losses.append(Loss(feature, drift, because: reason, at: origin))
  }
}

extension TimeSpan {
  /// The span as Sigma writes it: at least a second.
  fileprivate var sigma: String { TimeSpan(seconds: max(1, seconds)).description }
}
