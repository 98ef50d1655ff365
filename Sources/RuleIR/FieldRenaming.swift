extension Predicate {
  /// The predicate with every path changed; paths inside `some` and `every` are changed as they stand.
  public func mapFields(_ change: (FieldPath) -> FieldPath) -> Predicate {
    switch self {
    case .all(let parts): return .all(parts.map { $0.mapFields(change) })
    case .any(let parts): return .any(parts.map { $0.mapFields(change) })
    case .not(let inner): return .not(inner.mapFields(change))
    case .presence(var test):
      test.field = change(test.field)
      return .presence(test)
    case .field(var test):
      test.field = change(test.field)
      if case .field(let relation, let other, let textCase) = test.condition {
        test.condition = .field(relation, change(other), textCase)
      }
      return .field(test)
    case .some(let test):
      return .some(ElementTest(change(test.path), test.predicate.mapFields(change), origin: test.origin))
    case .every(let test):
      return .every(ElementTest(change(test.path), test.predicate.mapFields(change), origin: test.origin))
    case .anyField, .rawTerm: return self
    }
  }
}

extension RuleBody {
  /// The body with every path changed, those of groups and joins too.
  public func mapFields(_ change: (FieldPath) -> FieldPath) -> RuleBody {
    let body: RuleBody = mapPredicates { $0.mapFields(change) }
    switch body {
    case .predicate, .unmodelled: return body
    case .threshold(var threshold):
      threshold.groupBy = threshold.groupBy.map(change)
      threshold.measure = threshold.measure.map(change)
      threshold.further = threshold.further?.map(predicate: { $0 }, field: change)
      return .threshold(threshold)
    case .newTerms(var terms):
      terms.fields = terms.fields.map(change)
      return .newTerms(terms)
    case .sequence(var sequence):
      for index in sequence.steps.indices {
        sequence.steps[index].joinedBy = sequence.steps[index].joinedBy.map(change)
      }
      if let until = sequence.until {
        sequence.until = EventSequence.Step(until.predicate, joinedBy: until.joinedBy.map(change))
      }
      return .sequence(sequence)
    }
  }
}

extension FieldPath {
  /// The path with neighbouring keys joined into one dotted name: the form in which names of all languages are alike.
  public var joiningKeys: FieldPath {
    var joined: [Step] = []
    for step in steps {
      if case .key(let key) = step, case .key(let before)? = joined.last {
        joined[joined.count - 1] = .key(before + "." + key)
      } else {
        joined.append(step)
      }
    }
    return FieldPath(joined)
  }
}
