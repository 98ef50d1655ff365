import RuleIR
import SourceText

extension EventPass {
  /// The body in the event's fields.
  mutating func body(_ body: RuleBody) -> RuleBody {
    switch body {
    case .predicate(let predicate): return .predicate(self.predicate(predicate))
    case .threshold(let threshold): return .threshold(self.threshold(threshold))
    case .newTerms(var terms):
      terms.predicate = predicate(terms.predicate)
      terms.fields = keys(terms.fields, at: terms.origin).map(\.path)
      return .newTerms(terms)
    case .sequence(var sequence):
      for index in sequence.steps.indices {
        sequence.steps[index] = step(sequence.steps[index], at: sequence.origin)
      }
      if let until = sequence.until { sequence.until = step(until, at: sequence.origin) }
      return .sequence(sequence)
    case .unmodelled(var rest):
      // The rule is refused for what it is; what was understood of it is mapped as far as it goes.
      var lenient = EventPass(mapping, from: vendor, unmapped: .keep)
      if let understood = rest.understood { rest.understood = lenient.predicate(understood) }
      return .unmodelled(rest)
    }
  }

  private mutating func threshold(_ threshold: Threshold) -> Threshold {
    var mapped = threshold
    mapped.predicate = predicate(threshold.predicate)
    let keys = keys(threshold.groupBy, at: threshold.origin)
    mapped.groupBy = keys.map(\.path)
    mapped.measure = measure(threshold.measure, at: threshold.origin)
    mapped.further = threshold.further?.map(
      predicate: { predicate($0) }, field: { key($0, at: threshold.origin).path })
    if threshold.absentKey == .dropped {
      // An empty text is absent where the rule runs, so its events are left out there.
      let dropped = keys.filter { $0.field?.losesEmpty(in: store) == true }.map { key in
        Predicate.not(.field(FieldTest(key.path, .equals(.text("", .sensitive)), origin: threshold.origin)))
      }
      mapped.predicate = .conjunction([mapped.predicate] + dropped)
    }
    return mapped
  }

  private mutating func measure(_ measure: Threshold.Measure, at origin: Origin) -> Threshold.Measure {
    switch measure {
    case .count: return measure
    case .distinctCount(let fields): return .distinctCount(keys(fields, at: origin).map(\.path))
    case .sum(let field): return .sum(key(field, at: origin).path)
    case .average(let field): return .average(key(field, at: origin).path)
    case .percentile(let rank, let field): return .percentile(rank, key(field, at: origin).path)
    }
  }

  private mutating func step(_ step: EventSequence.Step, at origin: Origin) -> EventSequence.Step {
    var joinedBy: [FieldPath] = []
    for field in step.joinedBy { joinedBy.append(key(field, at: origin).path) }
    return EventSequence.Step(predicate(step.predicate), joinedBy: joinedBy)
  }

  private typealias Key = (path: FieldPath, field: ResolvedField?)

  /// Fields by whose values events are told apart; one that is the same in every event tells none apart.
  private mutating func keys(_ fields: [FieldPath], at origin: Origin) -> [Key] {
    var mapped: [Key] = []
    for field in fields {
      if case .constant = mapping.resolve(field, of: vendor, in: MappingScope()) { continue }
      mapped.append(key(field, at: origin))
    }
    return mapped
  }

  private mutating func key(_ path: FieldPath, at origin: Origin) -> Key {
    guard let field = resolve(path, in: MappingScope(), at: origin) else { return (path, nil) }
    _ = isAbsent(field, at: origin)
    if let values = field.name?.values, !values.isEmpty, Set(values.map(\.event)).count < values.count {
      diagnostics.append(
        Diagnostic(
          .untranslatable, "events cannot be told apart by '\(field.eventPath)' as by '\(path.dotted)'",
          at: origin.range, notes: ["two values of '\(path.dotted)' stand for one of the event"]))
    }
    return (field.path, field)
  }
}
