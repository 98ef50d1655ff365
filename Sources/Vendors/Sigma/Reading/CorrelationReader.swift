import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads a correlation over rules of the same run.
///
///     correlation = type rules [ group-by ] timespan [ condition ] [ aliases ] [ generate ] ;
///
/// Its time span slides (https://sigmahq.io/sigma-specification/specification/sigma-correlation-rules-specification.html).
/// An event without a field of the grouping is left out.
struct CorrelationReader {
  /// A rule that the correlation names.
  struct Part {
    var reference: String
    var body: RuleBody
    var metadata: RuleMetadata

    /// The events that the rule is about.
    var predicate: Predicate { .disjunction(body.predicates) }

    /// Whether it fires on single events.
    var isSingle: Bool { if case .predicate = body { true } else { false } }
  }

  private let node: DocumentNode
  private let key: SourceRange
  private let file: Int
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var parts: [Part] = []

  init(_ member: DocumentNode.Member, in file: Int) {
    self.file = file
    node = member.value
    key = member.key.range
  }

  /// Whether the rules it names fire on their own as well.
  var generates: Bool {
    if case .boolean(true)? = node["generate"]?.scalar?.kind { true } else { false }
  }

  /// The rules that it names, by id or name.
  var references: [String] { node["rules"]?.texts ?? [] }

  /// What the correlation fires on; nil where it cannot be told, with at least one error.
  mutating func body(over book: RuleBook) -> RuleBody? {
    do throws(Diagnostic) {
      guard node.members != nil else {
        throw Diagnostic(.wrongType, "'correlation' is a mapping", at: node.range, label: "this is \(node.kindName)")
      }
      let type = try required("type")
      parts = try resolved(in: book)
      let body = try body(type)
      return parts.allSatisfy(\.isSingle) ? body : unmodelled("a correlation of rules that count")
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  private func body(_ type: DocumentNode) throws(Diagnostic) -> RuleBody {
    switch type.text {
    case "event_count": return try threshold { _, _ in .count }
    case "value_count":
      return try threshold { reader, condition throws(Diagnostic) in
        try reader.fields(of: condition).map(Threshold.Measure.distinctCount)
      }
    case "value_sum":
      return try threshold { reader, condition throws(Diagnostic) in
        try reader.field(of: condition).map(Threshold.Measure.sum)
      }
    case "value_avg":
      return try threshold { reader, condition throws(Diagnostic) in
        try reader.field(of: condition).map(Threshold.Measure.average)
      }
    case "value_median":
      return try threshold { reader, condition throws(Diagnostic) in
        try reader.field(of: condition).map { .percentile(Number(50), $0) }
      }
    case "value_percentile":
      return try threshold { reader, condition throws(Diagnostic) in
        let percentile = try reader.percentile(of: condition)
        return try reader.field(of: condition).map { .percentile(percentile, $0) }
      }
    case "temporal": return try sequence(.unordered)
    case "temporal_ordered": return try sequence(.ordered)
    case let word:
      let known = [
        "event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile",
        "value_median",
      ]
      throw Diagnostic(
        .invalidValue, "'\(word ?? "")' is no type of correlation", at: type.range, label: "no such type",
        notes: ["known are \(known.joined(separator: ", "))"],
        help: nearestName(to: word ?? "", among: known).map { "did you mean '\($0)'?" })
    }
  }

  /// What the model does not hold: about the events of all its rules, and no more is understood of it.
  private func unmodelled(_ reason: String) -> RuleBody {
    let range = key.extended(to: node.range)
    return .unmodelled(
      Unmodelled(
        text: range.text, understood: .disjunction(parts.map(\.predicate)), reason: reason, origin: Origin(key)))
  }

  private func required(_ name: String) throws(Diagnostic) -> DocumentNode {
    guard let value = node[name] else {
      throw Diagnostic(.missingKey, "the correlation has no '\(name)'", at: key, label: "'\(name)' is missing")
    }
    return value
  }

  // MARK: Rules

  private func resolved(in book: RuleBook) throws(Diagnostic) -> [Part] {
    let rules = try required("rules")
    var resolved: [Part] = []
    for element in rules.elements ?? [rules] {
      let reference = element.text ?? ""
      let finding = book.find(reference, from: file)
      guard case .rule(let place) = finding else {
        throw .unresolved(finding, reference, in: book, at: element.range)
      }
      let reading = book.entries[place].reading
      guard let rule = reading.rule else {
        throw Diagnostic(
          .unknownIdentifier, "the rule '\(reference)' could not be read", at: element.range,
          label: "refused, for the reason given")
      }
      resolved.append(Part(reference: reference, body: rule.body, metadata: rule.metadata))
    }
    guard !resolved.isEmpty else {
      throw Diagnostic(.emptySelection, "the correlation names no rule", at: rules.range, label: "an empty list")
    }
    return resolved
  }

  /// The time span; there is no default.
  private func span() throws(Diagnostic) -> TimeSpan {
    let value = try required("timespan")
    guard let span = TimeSpan(sigma: value.text ?? "") else { throw .notATimeSpan(value) }
    return span
  }

  /// The field that an alias stands for in the events of a rule, or the field itself.
  private func field(_ name: String, in part: Part) -> FieldPath {
    FieldPath(named: node["aliases"]?[name]?[part.reference]?.text ?? name)
  }

  private func grouping(in part: Part) -> [FieldPath] {
    (node["group-by"]?.texts ?? []).map { field($0, in: part) }
  }

  // MARK: Counting

  private func threshold(
    _ measure: (CorrelationReader, DocumentNode) throws(Diagnostic) -> Threshold.Measure?
  ) throws(Diagnostic) -> RuleBody {
    let condition = try required("condition")
    let bounds = try comparisons(condition)
    let measure = try measure(self, condition)
    let groupings = Set(parts.map(grouping))
    guard let measure, groupings.count == 1, let groupBy = groupings.first, let (bound, value) = bounds.first
    else { return unmodelled("counting over rules that name a field differently") }
    let others = bounds.dropFirst().map { GroupCondition.measure(GroupMeasure(.of(measure), $0.0, $0.1)) }
    return .threshold(
      Threshold(
        .disjunction(parts.map(\.predicate)), groupBy: groupBy, absentKey: .dropped, window: .sliding(try span()),
        measure: measure, bound, value, further: others.isEmpty ? nil : .conjunction(others), origin: Origin(key)))
  }

  /// What the measure is compared with: all of these must hold.
  private func comparisons(_ condition: DocumentNode) throws(Diagnostic) -> [(Threshold.Bound, Number)] {
    let bounds: [(String, Threshold.Bound)] = [
      ("gt", .order(.greater)), ("gte", .order(.greaterOrEqual)), ("lt", .order(.less)),
      ("lte", .order(.lessOrEqual)), ("eq", .equal), ("neq", .notEqual),
    ]
    let known = bounds.map(\.0) + ["field", "percentile"]
    if let stray = condition.members?.first(where: { !known.contains($0.key.text) }) {
      throw Diagnostic(
        .unknownKey, "'\(stray.key.text)' is no part of a correlation's condition", at: stray.key.range,
        label: "no such key", notes: ["known are \(known.joined(separator: ", "))"],
        help: nearestName(to: stray.key.text, among: known).map { "did you mean '\($0)'?" })
    }
    var found: [(Threshold.Bound, Number)] = []
    for (name, bound) in bounds {
      if let value = condition[name] { found.append((bound, try number(value))) }
    }
    guard !found.isEmpty else {
      throw Diagnostic(
        .missingKey, "the correlation's condition compares with nothing", at: condition.range,
        label: "expected one of \(bounds.map(\.0).joined(separator: ", "))")
    }
    return found
  }

  private func number(_ value: DocumentNode) throws(Diagnostic) -> Number {
    guard value.scalar?.kind == .number, let number = Number(value.text ?? "") else {
      throw Diagnostic(
        .invalidValue, "a correlation compares with a number", at: value.range, label: "this is \(value.kindName)")
    }
    return number
  }

  /// The fields whose values are counted; nil where they are others for each rule.
  private func fields(of condition: DocumentNode) throws(Diagnostic) -> [FieldPath]? {
    guard let names = condition["field"]?.texts, !names.isEmpty else {
      throw Diagnostic(
        .missingKey, "the correlation's condition names no field", at: condition.range, label: "'field' is missing")
    }
    let resolved = Set(parts.map { part in names.map { field($0, in: part) } })
    return resolved.count == 1 ? resolved.first : nil
  }

  private func field(of condition: DocumentNode) throws(Diagnostic) -> FieldPath? {
    guard let fields = try fields(of: condition) else { return nil }
    guard fields.count == 1 else {
      throw Diagnostic(
        .invalidValue, "this type of correlation takes one field", at: condition["field"]?.range ?? condition.range,
        label: "\(fields.count) stand here")
    }
    return fields[0]
  }

  private func percentile(of condition: DocumentNode) throws(Diagnostic) -> Number {
    guard let value = condition["percentile"] else {
      throw Diagnostic(
        .missingKey, "the correlation's condition names no percentile", at: condition.range,
        label: "'percentile' is missing")
    }
    guard let number = Number(value.text ?? ""), number >= Number(0), number <= Number(100) else {
      throw Diagnostic(.invalidValue, "a percentile lies between 0 and 100", at: value.range, label: "this does not")
    }
    return number
  }

  // MARK: Sequences

  private func sequence(_ ordering: EventSequence.Ordering) throws(Diagnostic) -> RuleBody {
    let all = GroupCondition.kinds(parts.map(\.predicate), .order(.greaterOrEqual), Number(parts.count))
    let asked = try node["condition"].map { value throws(Diagnostic) in try kinds(value) } ?? all
    guard asked == all else { return try some(asked, ordering) }
    let steps = parts.map { EventSequence.Step($0.predicate, joinedBy: grouping(in: $0)) }
    return .sequence(EventSequence(ordering, steps, span: try span(), origin: Origin(key)))
  }

  /// A correlation that does not ask for each of its rules: a group of their events of which something must hold.
  private func some(_ condition: GroupCondition, _ ordering: EventSequence.Ordering) throws(Diagnostic) -> RuleBody {
    let groupings = Set(parts.map(grouping))
    guard ordering == .unordered else { return unmodelled("an ordered correlation of only some of its rules") }
    guard groupings.count == 1, let groupBy = groupings.first else {
      return unmodelled("a temporal correlation of only some of its rules, which name a field differently")
    }
    return .threshold(
      Threshold(
        .disjunction(parts.map(\.predicate)), groupBy: groupBy, absentKey: .dropped, window: .sliding(try span()),
        .order(.greaterOrEqual), Number(1), further: condition, origin: Origin(key)))
  }

  /// What a temporal correlation's condition asks: how many of the rules fired, or which of them
  /// (https://github.com/SigmaHQ/sigma-specification/issues/198).
  private func kinds(_ condition: DocumentNode) throws(Diagnostic) -> GroupCondition {
    let all = Number(parts.count)
    guard condition.members != nil else { return try named(condition) }
    let predicates = parts.map(\.predicate)
    return .conjunction(
      try comparisons(condition).map { bound, value in
        switch bound {
        case .order(.greater) where value == Number(parts.count - 1), .equal where value == all:
          .kinds(predicates, .order(.greaterOrEqual), all)
        case .order, .equal, .notEqual: .kinds(predicates, bound, value)
        }
      })
  }

  /// A condition over the names of rules, each of which stands for its having fired.
  private func named(_ condition: DocumentNode) throws(Diagnostic) -> GroupCondition {
    guard let scalar = condition.scalar, scalar.kind == .string else {
      throw Diagnostic(
        .wrongType, "a correlation's condition is a mapping, or joins the names of rules", at: condition.range,
        label: "this is \(condition.kindName)")
    }
    // Each name stands for a test that no other name has, which then gives way to the rule's own.
    var names = Selections()
    var rules: [FieldPath: Predicate] = [:]
    for part in parts {
      let name = FieldPath([.key(part.reference)])
      rules[name] = part.predicate
      names.add(part.reference, .presence(PresenceTest(.key, name)), at: key)
    }
    var parser = try ConditionParser(scalar.passage, over: names)
    let joined = try parser.condition().normalised()
    guard parser.tokens.isAtEnd else { throw parser.tokens.unexpected(expected: "the end of the condition") }
    if case .all(let tests) = joined, Set(tests) == Set(rules.keys.map { .presence(PresenceTest(.key, $0)) }) {
      return .kinds(parts.map(\.predicate), .order(.greaterOrEqual), Number(parts.count))
    }
    return GroupCondition(firing: joined, rules)
  }
}

extension GroupCondition {
  /// How many of these kinds of event there are.
  fileprivate static func kinds(
    _ predicates: [Predicate], _ bound: Threshold.Bound, _ count: Number
  ) -> GroupCondition { .measure(GroupMeasure(.kinds(predicates), bound, count)) }

  /// A predicate about names of rules as a condition on their events.
  fileprivate init(firing predicate: Predicate, _ rules: [FieldPath: Predicate]) {
    switch predicate {
    case .all(let parts): self = .all(parts.map { GroupCondition(firing: $0, rules) })
    case .any(let parts): self = .any(parts.map { GroupCondition(firing: $0, rules) })
    case .not(let inner): self = .not(GroupCondition(firing: inner, rules))
    case .presence(let test):
      let events = rules[test.field] ?? .never
      self = .measure(GroupMeasure(.of(.count), of: events, .order(.greaterOrEqual), Number(1)))
    case .field, .some, .every, .anyField, .rawTerm: self = .any([])
    }
  }
}
