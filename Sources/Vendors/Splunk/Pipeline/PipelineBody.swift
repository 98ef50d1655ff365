import RuleIR
import SourceText

extension PipelineReader {
  /// What the whole query fires on.
  mutating func body(text: String, whole: SourceRange) -> RuleBody {
    let filters = filters
    if obstacle == nil, let threshold = threshold() {
      noteIgnored()
      return .threshold(threshold)
    }
    if obstacle == nil, let newTerms, endsWithHistory() {
      noteIgnored()
      return .newTerms(newTerms)
    }
    if let obstacle { return unmodelled(obstacle, text, whole) }
    noteIgnored()
    let rest = grouping.map { $0.only + $0.dropped } ?? []
    return .predicate(Predicate.conjunction(filters + rest).withoutImpliedPresence)
  }

  private mutating func unmodelled(_ obstacle: Obstacle, _ text: String, _ whole: SourceRange) -> RuleBody {
    let place = obstacle.place ?? query.passage.wholeRange
    diagnostics.append(
      Diagnostic(
        .unmodelledRule, "this rule is not modelled: \(obstacle.reason)", severity: .warning, at: place,
        label: obstacle.detail,
        notes: isAboutGroups
          ? ["every filter of single events is understood and kept"]
          : filters.isEmpty ? [] : ["the filters before it are understood and kept"]))
    return .unmodelled(
      Unmodelled(
        text: text, understood: filters.isEmpty ? nil : Predicate.conjunction(filters).withoutImpliedPresence,
        reason: obstacle.reason, origin: query.origin(of: place)))
  }

  /// Names the stages whose effect no filter has met.
  private mutating func noteIgnored() {
    for stage in ignored {
      diagnostics.append(
        Diagnostic(
          .ignoredStage, "\(stage.command) changes what a hit shows, not which events hit", severity: .info,
          at: stage.place, label: "left out"))
    }
  }
}

extension Predicate {
  /// The predicate without `hasValue` beside a test that needs a value anyway, and without doubles.
  var withoutImpliedPresence: Predicate {
    switch self {
    case .all(let parts):
      let tidy = parts.map(\.withoutImpliedPresence)
      let tested = Set(tidy.compactMap(\.neededField))
      var seen: Set<Predicate> = []
      return .conjunction(
        tidy.filter { part in
          if case .presence(let test) = part, test.kind == .value, tested.contains(test.field) { return false }
          return seen.insert(part).inserted
        })
    case .any(let parts):
      let tidy = parts.map(\.withoutImpliedPresence)
      let absent = Set(tidy.compactMap(\.absentField))
      guard !absent.isEmpty else { return .disjunction(tidy) }
      let bare = tidy.map { $0.assuming(presenceOf: absent) }
      let denied = Set(bare.compactMap(\.deniedField))
      return .disjunction(bare.filter { $0.absentField.map { !denied.contains($0) } ?? true })
    case .not(let part): return .negation(of: part.withoutImpliedPresence)
    case .presence, .field, .some, .every, .anyField, .rawTerm: return self
    }
  }

  /// The field of which it says that there is no value.
  private var absentField: FieldPath? {
    guard case .not(.presence(let test)) = self, test.kind == .value else { return nil }
    return test.field
  }

  /// The field of a test whose opposite it is, and which therefore holds where there is no value.
  private var deniedField: FieldPath? {
    guard case .not(.field(let test)) = self, test.subject != .count else { return nil }
    return test.field
  }

  /// A conjunction without `hasValue` of fields whose absence is settled elsewhere.
  private func assuming(presenceOf fields: Set<FieldPath>) -> Predicate {
    guard case .all(let parts) = self else { return self }
    return .conjunction(
      parts.filter { part in
        if case .presence(let test) = part, test.kind == .value { !fields.contains(test.field) } else { true }
      })
  }

  /// The field that must have a value for the test to hold.
  private var neededField: FieldPath? {
    switch self {
    case .field(let test): test.subject == .count ? nil : test.field
    case .presence(let test): test.kind == .single ? test.field : nil
    case .all, .any, .not, .some, .every, .anyField, .rawTerm: nil
    }
  }

  /// Every field that is tested.
  var fields: Set<FieldPath> {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.fields) }
    case .not(let part): part.fields
    case .presence(let test): [test.field]
    case .field(let test): [test.field]
    case .some(let test), .every(let test): [test.path]
    case .anyField, .rawTerm: []
    }
  }

  /// Whether it is one test that some value of a field passes.
  var isPlainTest: Bool {
    switch self {
    case .presence(let test): test.kind == .value
    case .field(let test): test.polarity == .someValuePasses && test.subject != .count
    case .all, .any, .not, .some, .every, .anyField, .rawTerm: false
    }
  }
}
