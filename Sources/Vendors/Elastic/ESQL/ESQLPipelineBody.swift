import LanguageSupport
import RuleIR
import SourceText

/// What the whole of a query comes to.
extension ESQLPipeline {
  /// What the rule says, as far as it is understood.
  mutating func body(origin: Origin) -> RuleBody {
    diagnostics += meaning.notes
    let row = Predicate.conjunction(filters)
    let event = someRow(passes: row)
    let predicate = event ?? .always
    if event == nil { note("a condition on several values of a row", 0..<passage.bytes.count) }
    if let gap = grouping?.gap { gaps.append(gap) }
    var threshold: Threshold?
    if let grouping, gaps.isEmpty {
      do throws(ESQLObstacle) {
        let found = try grouping.threshold(over: predicate, origin: origin, text: passage.text)
        let whole = Predicate.conjunction([row, found.events])
        let joined = found.threshold
        try requireRows(of: joined, given: whole, found.events)
        threshold = joined
        threshold?.predicate = someRow(passes: whole) ?? predicate
      } catch {
        if case .unmodelled(let reason, let range) = error {
          note(reason, range.isEmpty ? 0..<passage.bytes.count : range)
        }
      }
    }
    if let gap = gaps.first {
      return .unmodelled(
        Unmodelled(
          text: passage.text, understood: filters.isEmpty || event == nil ? nil : predicate, reason: gap.reason,
          origin: Origin(passage.range(of: gap.range))))
    }
    return threshold.map(RuleBody.threshold) ?? .predicate(predicate)
  }

  /// The condition on an event that some row of it passes; nil where it cannot be said.
  private func someRow(passes predicate: Predicate) -> Predicate? {
    var result = predicate
    for column in rows {
      guard let quantified = ESQLExpansion.someRow(of: column, passes: result) else { return nil }
      result = quantified
    }
    return result
  }

  /// Refuses to count rows where an event may have several that pass.
  private func requireRows(
    of threshold: Threshold, given whole: Predicate, _ events: Predicate
  ) throws(ESQLObstacle) {
    guard !rows.isEmpty else { return }
    let isBound =
      threshold.groupBy.contains { ESQLExpansion.column(behind: $0) != nil }
      || (threshold.further?.predicates ?? []).contains(where: \.isAboutRows)
      || !(threshold.further?.paths ?? []).allSatisfy { ESQLExpansion.column(behind: $0) == nil }
      || threshold.measure.paths.contains { ESQLExpansion.column(behind: $0) != nil }
    guard !isBound else { throw .unmodelled("a group of rows by one of several values", 0..<0) }
    guard !rows.allSatisfy({ whole.pins(ESQLExpansion.row(of: $0)) }) else { return }
    let countsRows = !threshold.countsNoRows
    guard !countsRows else { throw .unmodelled("a count of rows of which an event may have several", 0..<0) }
  }
}

extension Predicate {
  /// Whether the path can have one value only.
  fileprivate func pins(_ path: FieldPath) -> Bool {
    switch self {
    case .all(let parts): parts.contains { $0.pins(path) }
    case .any(let parts): !parts.isEmpty && parts.count == 1 && parts[0].pins(path)
    case .field(let test):
      if case .equals(let literal) = test.condition {
        test.field == path && test.subject == .value && test.polarity == .someValuePasses
          && literal.textCase != .insensitive
      } else {
        false
      }
    case .not, .presence, .some, .every, .anyField, .rawTerm: false
    }
  }
}

extension GroupCondition {
  /// The paths that are measured.
  fileprivate var paths: [FieldPath] {
    var found: [FieldPath] = []
    _ = map(
      predicate: { $0 },
      field: { path in
        found.append(path)
        return path
      })
    return found
  }

  /// Whether no number in it grows with the rows of an event.
  fileprivate var countsNoRows: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.allSatisfy(\.countsNoRows)
    case .not(let inner): inner.countsNoRows
    case .measure(let measure):
      switch measure.quantity {
      case .kinds, .of(.distinctCount): true
      case .of(.count): measure.bound == .order(.greaterOrEqual) && measure.value <= Number(1)
      case .of(.sum), .of(.average), .of(.percentile): false
      }
    case .elapsed, .key: true
    }
  }
}

extension Threshold {
  fileprivate var countsNoRows: Bool {
    let own = GroupCondition.measure(GroupMeasure(.of(measure), bound, value))
    return own.countsNoRows && (further?.countsNoRows ?? true)
  }
}

extension Threshold.Measure {
  fileprivate var paths: [FieldPath] {
    switch self {
    case .count: []
    case .distinctCount(let fields): fields
    case .sum(let field), .average(let field), .percentile(_, let field): [field]
    }
  }
}
