import RuleIR
import SourceText

extension VendorPass {
  /// The body in the vendor's fields.
  mutating func body(_ body: RuleBody) -> RuleBody {
    switch body {
    case .predicate(let predicate): return .predicate(selecting(self.predicate(predicate)))
    case .threshold(let threshold): return .threshold(self.threshold(threshold))
    case .newTerms(var terms):
      terms.predicate = selecting(predicate(terms.predicate))
      terms.fields = keys(terms.fields, at: terms.origin)
      return .newTerms(terms)
    case .sequence(var sequence):
      for index in sequence.steps.indices {
        sequence.steps[index] = step(sequence.steps[index], at: sequence.origin)
      }
      if let until = sequence.until { sequence.until = step(until, at: sequence.origin) }
      return .sequence(sequence)
    case .unmodelled: return body
    }
  }

  /// The predicate, and the constants by which the vendor's rules pick the events of the log source.
  private mutating func selecting(_ predicate: Predicate) -> Predicate {
    guard predicate != .never else { return predicate }
    var parts: [Predicate] = []
    for constant in store.constants where constant.isWritten {
      columns[constant.field] = TargetSchema.Column(spelling: constant.spelling, type: .text)
      parts.append(.field(FieldTest(constant.field, .oneOf([])).asking(texts: constant.values)))
    }
    return .conjunction(parts + [predicate])
  }

  private mutating func threshold(_ threshold: Threshold) -> Threshold {
    var mapped = threshold
    // Events with an empty text in a field of the grouping are left out, as those that lack it are.
    var nonEmpty: Set<FieldPath> = []
    var source = threshold.predicate
    if threshold.absentKey == .dropped, case .all(let parts) = source {
      let guarded = Set(parts.compactMap { notEmpty($0, in: MappingScope()) }).intersection(threshold.groupBy)
      nonEmpty = guarded
      source = .conjunction(
        parts.filter { part in notEmpty(part, in: MappingScope()).map { !guarded.contains($0) } ?? true })
    }
    mapped.predicate = selecting(predicate(source, nonEmpty: nonEmpty))
    if threshold.absentKey == .dropped {
      for path in threshold.groupBy where !nonEmpty.contains(path) { loseEmptyGroup(path, of: threshold) }
    }
    mapped.groupBy = keys(threshold.groupBy, at: threshold.origin)
    mapped.measure = measure(threshold.measure, at: threshold.origin)
    mapped.further = threshold.further?.map(
      predicate: { predicate($0) }, field: { key($0, at: threshold.origin) })
    return mapped
  }

  private mutating func loseEmptyGroup(_ path: FieldPath, of threshold: Threshold) {
    guard let field = resolve(path, in: MappingScope(), at: threshold.origin, quietly: ()),
      field.losesEmpty(in: store)
    else { return }
    lose(
      .emptyText, .narrower, .positive, "\(vendor) does not store an empty text at '\(field.path.dotted)'",
      threshold.origin)
  }

  private mutating func measure(_ measure: Threshold.Measure, at origin: Origin) -> Threshold.Measure {
    switch measure {
    case .count: return measure
    case .distinctCount(let fields): return .distinctCount(keys(fields, at: origin))
    case .sum(let field): return .sum(key(field, at: origin))
    case .average(let field): return .average(key(field, at: origin))
    case .percentile(let rank, let field): return .percentile(rank, key(field, at: origin))
    }
  }

  private mutating func step(_ step: EventSequence.Step, at origin: Origin) -> EventSequence.Step {
    let joinedBy = keys(step.joinedBy, at: origin)
    return EventSequence.Step(selecting(predicate(step.predicate)), joinedBy: joinedBy)
  }

  private mutating func keys(_ fields: [FieldPath], at origin: Origin) -> [FieldPath] {
    var mapped: [FieldPath] = []
    for field in fields { mapped.append(key(field, at: origin)) }
    return mapped
  }

  private mutating func key(_ path: FieldPath, at origin: Origin) -> FieldPath {
    resolve(path, in: MappingScope(), at: origin)?.path ?? path
  }
}
