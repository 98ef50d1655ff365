import RuleIR

/// All that a choice of tests says of the values at one path.
struct PathFacts {
  enum Outcome {
    /// The values that the path is to yield; none where it is empty.
    case values([EventValue])
    /// The key is there with nothing behind it.
    case keyAlone
    case conflict(Set<Int>)
    case undecided(String)
  }

  /// Each must be met by some value.
  private var existing: [ValueDemand] = []
  /// All must be met by every value.
  private(set) var universal: [ValueDemand] = []
  private var presence: [PresenceTest.Kind: Int] = [:]
  private var absence: [PresenceTest.Kind: Int] = [:]
  private var counts: [(condition: Condition, wanted: Bool, literal: Int)] = []
  /// Each must hold for some element.
  private var someElements: [(predicate: Predicate, literal: Int)] = []
  /// All must hold for every element.
  private var everyElement: [(predicate: Predicate, literal: Int)] = []
  /// Literals that hold where there is no element at all.
  private var unlessEmpty: [(predicate: Predicate, literal: Int)] = []
  /// Demands on every scalar of the event.
  var everywhere: [ValueDemand] = []

  mutating func add(_ kind: PresenceTest.Kind, isNegated: Bool, _ literal: Int) {
    if isNegated { absence[kind] = literal } else { presence[kind] = literal }
  }

  mutating func add(_ test: FieldTest, isNegated: Bool, _ literal: Int) {
    if test.subject == .count {
      let wanted = (test.polarity == .someValuePasses) != isNegated
      counts.append((test.condition, wanted, literal))
      return
    }
    let passes = test.polarity == .someValuePasses
    let demand = ValueDemand(
      condition: test.condition, subject: test.subject, wanted: passes != isNegated, because: [literal])
    if isNegated { universal.append(demand) } else { existing.append(demand) }
  }

  mutating func addElements(_ predicate: Predicate, wanted: Bool, some: Bool, _ literal: Int) {
    switch (wanted, some) {
    case (true, true): someElements.append((predicate, literal))
    case (false, true): everyElement.append((.not(predicate), literal))
    case (true, false):
      everyElement.append((predicate, literal))
      someElements.append((predicate, literal))
    // Not every element: none there, or one that fails.
    case (false, false): unlessEmpty.append((.not(predicate), literal))
    }
  }

  func solve(at path: FieldPath, prover: Prover, memory: SearchMemory) -> Outcome {
    if let conflict = presenceConflict(isList: prover.shape.mayBeList(path)) { return .conflict(conflict) }
    guard !whyWanted.isEmpty || needsValuesForCount else { return countedEmpty() }
    if looksAtElements {
      return solveElements(at: path, prover: prover, memory: memory)
    }
    return solveValues(at: path, prover: prover, memory: memory)
  }

  private var looksAtElements: Bool { !someElements.isEmpty || !everyElement.isEmpty || !unlessEmpty.isEmpty }

  /// Literals of which each asks for a value, or an element, to be there.
  private var whyWanted: [Int] {
    [presence[.value], presence[.single], existing.first?.because.first, someElements.first?.literal]
      .compactMap(\.self)
  }

  private func presenceConflict(isList: Bool) -> Set<Int>? {
    if !isList, !countHolds(0), !countHolds(1) { return Set(counts.map(\.literal)) }
    if let absent = absence[.key], let present = whyWanted.first ?? presence[.key] { return [absent, present] }
    // Of elements there may be one alone that is an empty object, which is no value.
    if let present = presence[.value] ?? presence[.single] ?? existing.first?.because.first {
      if !isList, let several = absence[.single] { return [several, present] }
      if let absent = absence[.value] { return [absent, present] }
      if !countsNearBounds.contains(where: { $0 > 0 && countHolds($0) }) {
        return Set([present] + counts.map(\.literal))
      }
    }
    if let single = presence[.single], let not = absence[.single] { return [single, not] }
    return nil
  }

  // MARK: - Counting

  private var needsValuesForCount: Bool { !counts.isEmpty && !countHolds(0) && absence[.value] == nil }

  private func countHolds(_ count: Int) -> Bool {
    counts.allSatisfy { $0.condition.passes(.number(Number(count))) == $0.wanted }
  }

  /// Numbers of values among which each way to meet the tests of that number is found.
  private var countsNearBounds: [Int] {
    let bounds = counts.flatMap(\.condition.numbers).map(\.double).filter { abs($0) < 1e6 }
    return [0, 1, 2] + bounds.flatMap { bound in [-1, 0, 1].map { Int(bound) + $0 } }.filter { $0 > 2 }
  }

  private func countedEmpty() -> Outcome {
    guard countHolds(0) else { return .conflict(Set(counts.map(\.literal) + absence.values)) }
    return presence[.key] == nil ? .values([]) : .keyAlone
  }

  /// Repeats values until their number is one that is asked for.
  private func counted(_ values: [EventValue]) -> Outcome {
    guard !counts.isEmpty else { return .values(values) }
    for count in values.count...(values.count + 1_100) where countHolds(count) {
      guard let first = values.first else { return .undecided("a number of values") }
      return .values(values + [EventValue](repeating: first, count: count - values.count))
    }
    return .undecided("a number of values")
  }

  // MARK: - Values

  private func solveValues(at path: FieldPath, prover: Prover, memory: SearchMemory) -> Outcome {
    var solver = ValueSolver(budget: prover.budget.states, memory: memory)
    // What is said of all scalars is said of none where there is none.
    if !everywhere.isEmpty { solver.object = ["x": .null] }
    let kinds = prover.shape.kinds(of: path)
    let universal = universal + everywhere
    let isOne = presence[.single] != nil || !prover.shape.mayBeList(path)
    if isOne || existing.isEmpty { return joint(existing + universal, kinds, path, solver, prover) }
    var values: [EventValue] = []
    for demand in existing {
      if values.contains(where: { demand.isMet(by: $0) ?? false }) { continue }
      switch solver.solve([demand] + universal, kinds: kinds) {
      case .found(let value): values.append(value)
      case .none(let core):
        // That there must be a value at all has its part in the conflict.
        return .conflict(reasons([demand] + universal, core, kinds, solver).union(demand.because))
      case .undecided(let reason): return .undecided(reason)
      }
    }
    // One for all, where several are too many.
    if !counts.isEmpty, values.count > 1, !countHolds(values.count), countHolds(1),
      case .found(let value) = solver.solve(existing + universal, kinds: kinds)
    {
      values = [value]
    }
    return finished(values, kinds, universal, solver)
  }

  /// One value that meets all demands at once.
  private func joint(
    _ demands: [ValueDemand], _ kinds: Set<ValueKind>, _ path: FieldPath, _ solver: ValueSolver, _ prover: Prover
  ) -> Outcome {
    switch solver.solve(demands, kinds: kinds) {
    case .found(let value): return finished([value], kinds, universal + everywhere, solver)
    case .none(let core):
      // That there must be only one value, and one at all, has its part in the conflict.
      let present = [presence[.single], presence[.value]].compactMap(\.self)
      let found = reasons(demands, core, kinds, solver)
      let isAsked = existing.contains { !$0.because.isDisjoint(with: found) }
      return .conflict(
        found.union(present).union(isAsked ? [] : existing.first?.because ?? [])
          .union(needsValuesForCount ? counts.map(\.literal) : []))
    case .undecided(let reason): return .undecided(reason)
    }
  }

  private func finished(
    _ values: [EventValue], _ kinds: Set<ValueKind>, _ universal: [ValueDemand], _ solver: ValueSolver
  ) -> Outcome {
    guard absence[.single] != nil, Set(values).count == 1 else { return counted(values) }
    // Not a single value: there must be another beside it.
    let others = values.map { value in
      ValueDemand(condition: .equals(value.literal), subject: .value, wanted: false, because: [])
    }
    switch solver.solve(universal + others, kinds: kinds) {
    case .found(let value): return counted(values + [value])
    case .none, .undecided: return .undecided("a second value")
    }
  }

  /// The literals of demands that contradict each other, made fewer by leaving out what is not needed.
  private func reasons(
    _ demands: [ValueDemand], _ core: Set<Int>, _ kinds: Set<ValueKind>, _ solver: ValueSolver
  ) -> Set<Int> {
    var kept = core.sorted().map { demands[$0] }
    var index = 0
    // Each try may be a whole search: a core of many is left as it is.
    while index < kept.count, (3...24).contains(kept.count) {
      var fewer = kept
      fewer.remove(at: index)
      if case .none(let smaller) = solver.solve(fewer, kinds: kinds) {
        kept = smaller.sorted().map { fewer[$0] }
        index = 0
      } else {
        index += 1
      }
    }
    return kept.reduce(into: []) { $0.formUnion($1.because) }
  }

  // MARK: - Elements

  private func solveElements(at path: FieldPath, prover: Prover, memory: SearchMemory) -> Outcome {
    let all =
      everyElement.map(\.predicate)
      + (existing + universal + everywhere).filter { !$0.isExisting(in: existing) }
      .map(\.predicate)
    var wanted = someElements + unlessEmpty
    for demand in existing { wanted.append((demand.existingPredicate, demand.because.first ?? 0)) }
    let why = whyWanted.isEmpty ? counts.map(\.literal) : Array(whyWanted.prefix(1))
    if wanted.isEmpty { wanted.append((.presence(PresenceTest(.value, .element)), why.first ?? 0)) }
    var values: [EventValue] = []
    for element in wanted {
      let question = Predicate.conjunction([element.predicate] + all)
      switch elementAnswer(question, at: path, prover, memory.effort) {
      case .witness(let value): values.append(value)
      case .impossible:
        // That there must be an element at all has its part in the conflict.
        let universal = everyElement.map(\.literal) + universal.flatMap(\.because) + everywhere.flatMap(\.because)
        return .conflict(Set([element.literal] + universal + why))
      case .undecided(let reason): return .undecided(reason)
      }
    }
    if absence[.single] != nil || presence[.single] != nil { return .undecided("how many elements there are") }
    return counted(values)
  }

  /// An element: an object with fields, one without, or a scalar.
  private func elementAnswer(
    _ question: Predicate, at path: FieldPath, _ prover: Prover, _ effort: Effort
  ) -> Prover.Answer {
    let type = prover.shape.fields[path]?.type
    var (asObject, asScalar) = (Prover.Answer.impossible, Prover.Answer.impossible)
    var asEmpty = Predicate.never
    if type == nil || type == .object {
      asObject = objectAnswer(question.resolved(forElement: .object), prover, effort)
      if case .witness = asObject { return asObject }
      asEmpty = question.resolved(forElement: .emptyObject).simplified()
      if asEmpty == .always { return .witness(.object(EventObject())) }
    }
    if type != .object { asScalar = scalarAnswer(question.resolved(forElement: .scalar), of: type, prover, effort) }
    switch (asObject, asScalar) {
    case (_, .witness): return asScalar
    case (.undecided, _): return asObject
    case (_, .undecided): return asScalar
    case (_, .impossible): return asEmpty == .never ? .impossible : .undecided("an element without members")
    }
  }

  private func objectAnswer(_ question: Predicate, _ prover: Prover, _ effort: Effort) -> Prover.Answer {
    var inner = prover
    inner.shape = EventShape()
    // With a member of no other use, should the first find none.
    let other = Predicate.presence(PresenceTest(.key, FieldPath(keys: "other")))
    var answer = Prover.Answer.impossible
    for question in [question, .conjunction([question, other])] {
      let found = inner.search(ElementScopes.opening(question.simplified()), effort: effort) { value in
        if case .object(let object) = value { !object.members.isEmpty } else { true }
      }
      switch (found, answer) {
      case (.witness, _), (.impossible, .impossible): return found
      case (.undecided, .impossible): answer = found
      case (_, _): break
      }
    }
    return answer
  }

  private func scalarAnswer(
    _ question: Predicate, of type: TargetSchema.FieldType?, _ prover: Prover, _ effort: Effort
  ) -> Prover.Answer {
    var inner = prover
    inner.shape = EventShape([.scalarElement: .init(type: type, isList: false)])
    let found = inner.search(question.simplified(), effort: effort) { _ in true }
    guard case .witness(let event) = found else { return found }
    guard case .object(let object) = event, let value = object[FieldPath.scalarElement.dotted] else {
      return .undecided("an element that is no object")
    }
    return .witness(value)
  }
}

extension ValueDemand {
  fileprivate func isExisting(in demands: [ValueDemand]) -> Bool { demands.contains(self) }

  /// The demand that some value meets, as a test of the element itself.
  fileprivate var existingPredicate: Predicate {
    .field(
      FieldTest(
        .element, condition, subject: subject, polarity: wanted ? .someValuePasses : .someValueFails))
  }

  /// The demand as a test of the element itself.
  fileprivate var predicate: Predicate {
    let test = Predicate.field(FieldTest(.element, condition, subject: subject))
    return wanted ? test : .not(test)
  }
}

extension EventValue {
  /// The value as a literal that is equal to it alone.
  fileprivate var literal: Literal {
    switch self {
    case .string(let text): .text(text, .sensitive)
    case .number(let number): .number(number, .strict)
    case .boolean(let flag): .boolean(flag)
    case .null, .list, .object: .text("", .sensitive)
    }
  }
}

/// What an element is taken for.
private enum ElementKind { case object, scalar, emptyObject }

extension FieldPath {
  /// The name under which an element that is a scalar is solved for.
  static let scalarElement = FieldPath(keys: "\u{0}element")
}

extension Predicate {
  /// The predicate as it reads where the element is known to be an object, or a scalar.
  fileprivate func resolved(forElement kind: ElementKind) -> Predicate {
    let inner = resolvedInside(kind)
    switch kind {
    case .object, .emptyObject: return inner
    case .scalar: return .conjunction([inner, .presence(PresenceTest(.value, .scalarElement))])
    }
  }

  private func resolvedInside(_ kind: ElementKind) -> Predicate {
    switch self {
    case .all(let parts): return .all(parts.map { $0.resolvedInside(kind) })
    case .any(let parts): return .any(parts.map { $0.resolvedInside(kind) })
    case .not(let inner): return .not(inner.resolvedInside(kind))
    case .field(var test):
      switch (kind, test.field.steps.isEmpty) {
      case (.object, false): return self
      // A field below a scalar, or an empty object, has no value.
      case (.scalar, false), (.emptyObject, false):
        guard test.subject == .count else { return .never }
        return test.condition.passes(.number(Number(0))) == (test.polarity == .someValuePasses) ? .always : .never
      // No condition holds for an object, so some value fails every one; an empty object is no value.
      case (.object, true), (.emptyObject, true):
        if test.subject == .count { return self }
        if kind == .emptyObject { return .never }
        return test.polarity == .someValuePasses || test.subject != .value ? .never : .always
      case (.scalar, true):
        test.field = .scalarElement
        return .field(test)
      }
    case .presence(let test):
      if test.field.steps.isEmpty { return kind == .emptyObject && test.kind != .key ? .never : .always }
      return kind == .object ? self : .never
    case .some(let test): return kind == .object || test.path.steps.isEmpty ? self : .never
    case .every(let test): return kind == .object || test.path.steps.isEmpty ? self : .never
    case .anyField, .rawTerm: return self
    }
  }
}
