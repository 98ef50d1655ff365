import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads a correlation over rules of the same file.
///
///     correlation = type rules [ group-by ] timespan [ condition ] [ aliases ] [ generate ] ;
///
/// Its time span slides (https://sigmahq.io/sigma-specification/specification/sigma-correlation-rules-specification.html).
/// An event without a field of the grouping is left out.
struct CorrelationReader {
  /// A rule that the correlation names.
  struct Part {
    var reference: String
    var place: Int
    var predicate: Predicate
    var metadata: RuleMetadata
  }

  private let node: DocumentNode
  private let key: SourceRange
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var parts: [Part] = []

  init(_ member: DocumentNode.Member) {
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
      return try body(type)
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
        .distinctCount(try reader.fields(of: condition))
      }
    case "value_sum":
      return try threshold { reader, condition throws(Diagnostic) in
        .sum(try reader.field(of: condition))
      }
    case "value_avg":
      return try threshold { reader, condition throws(Diagnostic) in
        .average(try reader.field(of: condition))
      }
    case "value_median":
      return try threshold { reader, condition throws(Diagnostic) in
        .percentile(Number(50), try reader.field(of: condition))
      }
    case "value_percentile":
      return try threshold { reader, condition throws(Diagnostic) in
        .percentile(try reader.percentile(of: condition), try reader.field(of: condition))
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
      guard let reference = element.text, let place = book.place(of: reference) else {
        throw Diagnostic(
          .unknownIdentifier, "there is no rule '\(element.text ?? "")' in this file", at: element.range,
          label: "names no rule by id or name", notes: ["a correlation's rules stand in its own file"],
          help: nearestName(to: element.text ?? "", among: book.references).map { "did you mean '\($0)'?" })
      }
      let reading = book.entries[place].reading
      guard let rule = reading.rule else {
        throw Diagnostic(
          .unknownIdentifier, "the rule '\(reference)' could not be read", at: element.range,
          label: "refused, for the reason given")
      }
      guard case .predicate(let predicate) = rule.body else {
        throw Diagnostic(
          .unsupportedConstruct, "correlations of rules that count are not read yet", at: element.range,
          label: "this rule does not fire on single events")
      }
      resolved.append(Part(reference: reference, place: place, predicate: predicate, metadata: rule.metadata))
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
    _ measure: (CorrelationReader, DocumentNode) throws(Diagnostic) -> Threshold.Measure
  ) throws(Diagnostic) -> RuleBody {
    let condition = try required("condition")
    let (bound, value) = try comparison(condition)
    let groupings = Set(parts.map(grouping))
    guard groupings.count == 1, let groupBy = groupings.first else {
      throw Diagnostic(
        .unsupportedConstruct, "counting over rules that group by different fields is not read yet",
        at: node.member("aliases")?.key.range ?? key, label: "an alias means a field for each rule")
    }
    return .threshold(
      Threshold(
        .disjunction(parts.map(\.predicate)), groupBy: groupBy, absentKey: .dropped, window: .sliding(try span()),
        measure: try measure(self, condition), bound, value, origin: Origin(key)))
  }

  private func comparison(_ condition: DocumentNode) throws(Diagnostic) -> (Threshold.Bound, Number) {
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
    let found = bounds.filter { condition[$0.0] != nil }
    guard let (name, bound) = found.first, let value = condition[name] else {
      throw Diagnostic(
        .missingKey, "the correlation's condition compares with nothing", at: condition.range,
        label: "expected one of \(bounds.map(\.0).joined(separator: ", "))")
    }
    if found.count > 1 {
      throw Diagnostic(
        .unsupportedConstruct, "a correlation's condition with two bounds is not read yet", at: condition.range,
        label: "\(found.map(\.0).joined(separator: " and ")) stand here")
    }
    guard value.scalar?.kind == .number, let number = Number(value.text ?? "") else {
      throw Diagnostic(
        .invalidValue, "a correlation compares with a number", at: value.range, label: "this is \(value.kindName)")
    }
    return (bound, number)
  }

  /// The fields whose values are counted, the same for every rule.
  private func fields(of condition: DocumentNode) throws(Diagnostic) -> [FieldPath] {
    guard let names = condition["field"]?.texts, !names.isEmpty else {
      throw Diagnostic(
        .missingKey, "the correlation's condition names no field", at: condition.range, label: "'field' is missing")
    }
    let resolved = Set(parts.map { part in names.map { field($0, in: part) } })
    guard resolved.count == 1, let fields = resolved.first else {
      throw Diagnostic(
        .unsupportedConstruct, "counting values of different fields is not read yet", at: condition.range,
        label: "an alias means a field for each rule")
    }
    return fields
  }

  private func field(of condition: DocumentNode) throws(Diagnostic) -> FieldPath {
    let fields = try fields(of: condition)
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
    if let condition = node["condition"] { try demandAllRules(condition) }
    let steps = parts.map { EventSequence.Step($0.predicate, joinedBy: grouping(in: $0)) }
    return .sequence(EventSequence(ordering, steps, span: try span(), origin: Origin(key)))
  }

  /// A condition counts how many of the rules fired; only all of them is a sequence.
  private func demandAllRules(_ condition: DocumentNode) throws(Diagnostic) {
    guard condition.members != nil else {
      throw Diagnostic(
        .unsupportedConstruct, "conditions over the names of rules are not read yet", at: condition.range,
        label: "joins rules by and, or and not")
    }
    let (bound, value) = try comparison(condition)
    let all = Number(parts.count)
    let isAll =
      switch bound {
      case .order(.greaterOrEqual), .equal: value == all
      case .order(.greater): value == Number(parts.count - 1)
      case .order(.less), .order(.lessOrEqual), .notEqual: false
      }
    guard isAll else {
      throw Diagnostic(
        .unsupportedConstruct, "a temporal correlation of only some of its rules is not read yet",
        at: condition.range, label: "asks for other than all \(parts.count)")
    }
  }
}
