import RuleIR

/// Makes an event that meets a choice of tests, or shows which of them cannot be met together.
struct EventTheory {
  enum Outcome {
    case event(EventValue)
    /// These literals contradict each other.
    case conflict(Set<Int>)
    case undecided(String)
  }

  private let prover: Prover
  private let memory: SearchMemory
  /// The literals at each path.
  private var literals: [FieldPath: [Int]] = [:]
  private var order: [FieldPath] = []
  private var facts: [FieldPath: PathFacts] = [:]
  /// Demands on every scalar of the event: tests of any field that must not pass.
  private var everywhere: [ValueDemand] = []
  /// Demands that some scalar somewhere must meet.
  private var somewhere: [ValueDemand] = []
  private var links: [FieldLink] = []
  private var rawTerms: [RawTermTest] = []

  /// Two fields that a test compares.
  private struct FieldLink {
    var test: FieldTest
    var other: FieldPath
    var relation: FieldRelation
    /// Whether the relation is to hold, or not to.
    var isWanted: Bool
  }

  /// - Parameter support: Literals of the tests of a formula, as its clauses have them.
  init(_ formula: Formula, _ support: [SATSolver.Literal], prover: Prover, memory: SearchMemory) {
    self.prover = prover
    self.memory = memory
    for literal in support { add(formula.tests[literal >> 1], isNegated: literal & 1 == 1, literal) }
  }

  private mutating func add(_ predicate: Predicate, isNegated: Bool, _ literal: Int) {
    switch predicate {
    case .presence(let test): update(test.field, literal) { $0.add(test.kind, isNegated: isNegated, literal) }
    case .field(let test):
      if case .field(let relation, let other, _) = test.condition {
        update(other, literal) { _ in }
        update(test.field, literal) { _ in }
        let isWanted = (test.polarity == .someValuePasses) != isNegated
        links.append(FieldLink(test: test, other: other, relation: relation, isWanted: isWanted))
      } else {
        update(test.field, literal) { $0.add(test, isNegated: isNegated, literal) }
      }
    case .some(let test):
      update(test.path, literal) { $0.addElements(test.predicate, wanted: !isNegated, some: true, literal) }
    case .every(let test):
      update(test.path, literal) { $0.addElements(test.predicate, wanted: !isNegated, some: false, literal) }
    case .anyField(let test):
      let demand = ValueDemand(
        condition: test.condition, subject: .spelling, wanted: !isNegated, because: [literal])
      if isNegated { everywhere.append(demand) } else { somewhere.append(demand) }
    case .rawTerm(let test): if !isNegated { rawTerms.append(test) }
    case .all, .any, .not: break
    }
  }

  private mutating func update(_ path: FieldPath, _ literal: Int, _ change: (inout PathFacts) -> Void) {
    if facts[path] == nil { order.append(path) }
    literals[path, default: []].append(literal)
    change(&facts[path, default: PathFacts()])
  }

  mutating func solve() -> Outcome {
    var event = EventValue.object(EventObject())
    var reason: String?
    var values: [FieldPath: [EventValue]] = [:]
    for path in order {
      guard var own = facts[path] else { continue }
      own.everywhere = everywhere + prover.shape.demands(on: path)
      let all = literals[path, default: []] + everywhere.flatMap(\.because)
      let question = SearchMemory.Question(path: path, literals: all)
      switch memory.outcome(of: question, { own.solve(at: path, prover: prover, memory: memory) }) {
      case .values(let found): values[path] = found
      case .keyAlone: values[path] = [.null]
      case .conflict(let core): return .conflict(core)
      case .undecided(let why): reason = reason ?? why
      }
    }
    if let reason { return .undecided(reason) }
    for link in links where link.isWanted { connect(link, &values) }
    for link in links where !link.isWanted { part(link, &values) }
    // Outer paths first, so that what lies inside is put into them; what counts from an end once the end is known.
    for path in order.sorted(by: { ($0.countsFromEnd, $0.steps.count) < ($1.countsFromEnd, $1.steps.count) }) {
      guard let found = values[path], !found.isEmpty else { continue }
      event = EventBuilder.put(found, at: path, in: event)
    }
    return withFreeValues(event)
  }

  /// Gives both sides of a comparison one value where they have none that fits.
  private func connect(_ link: FieldLink, _ values: inout [FieldPath: [EventValue]]) {
    let common = values[link.test.field]?.first ?? values[link.other]?.first ?? free(link.test.field, link.other)
    if case .order(let order) = link.relation {
      let (low, high): (EventValue, EventValue) = (1, 2)
      let isLess = order == .less || order == .lessOrEqual
      if values[link.test.field, default: []].isEmpty { values[link.test.field] = [isLess ? low : high] }
      if values[link.other, default: []].isEmpty { values[link.other] = [isLess ? high : low] }
      return
    }
    if values[link.test.field, default: []].isEmpty { values[link.test.field] = [common] }
    if values[link.other, default: []].isEmpty { values[link.other] = [common] }
    if values[link.test.field]?.contains(common) != true { values[link.test.field]?.append(common) }
    if values[link.other]?.contains(common) != true { values[link.other]?.append(common) }
  }

  /// Gives one side of a comparison other values where the two have some that it holds for.
  private func part(_ link: FieldLink, _ values: inout [FieldPath: [EventValue]]) {
    guard let own = values[link.test.field], let others = values[link.other],
      var facts = facts[link.test.field], case .field(_, _, let textCase) = link.test.condition
    else { return }
    let conditions = others.compactMap { link.relation.condition(on: $0, textCase) }
    let forbidden = conditions.map { ValueDemand(condition: $0, subject: .value, wanted: false, because: []) }
    guard own.contains(where: { value in forbidden.contains { $0.isMet(by: value) == false } }) else { return }
    facts.everywhere = everywhere + prover.shape.demands(on: link.test.field) + forbidden
    if case .values(let found) = facts.solve(at: link.test.field, prover: prover, memory: memory), !found.isEmpty {
      values[link.test.field] = found
    }
  }

  /// A value that both fields may have.
  private func free(_ one: FieldPath, _ other: FieldPath) -> EventValue {
    let demands = [one, other].flatMap { facts[$0]?.universal ?? [] } + everywhere
    let kinds = prover.shape.kinds(of: one).intersection(prover.shape.kinds(of: other)).subtracting([.object])
    switch ValueSolver(budget: prover.budget.states, memory: memory).solve(demands, kinds: kinds) {
    case .found(let value): return value
    case .none, .undecided: return .string("x")
    }
  }

  /// Adds fields of no other use for what must stand somewhere in the event.
  private func withFreeValues(_ event: EventValue) -> Outcome {
    var event = event
    let solver = ValueSolver(budget: prover.budget.states, memory: memory)
    for (index, demand) in somewhere.enumerated() {
      switch solver.solve([demand] + everywhere, kinds: [.string]) {
      case .found(let value): event = EventBuilder.put([value], at: FieldPath(keys: "note\(index)"), in: event)
      case .none: return .conflict(demand.because.union(everywhere.flatMap(\.because)))
      case .undecided(let reason): return .undecided(reason)
      }
    }
    for (index, test) in rawTerms.enumerated() {
      let text = test.term.literals.joined(separator: "x")
      event = EventBuilder.put([.string(text)], at: FieldPath(keys: "raw\(index)"), in: event)
    }
    return .event(event)
  }
}

extension FieldRelation {
  /// The relation to one value, as a condition; nil where it holds for none.
  fileprivate func condition(on value: EventValue, _ textCase: TextCase) -> Condition? {
    switch (self, value) {
    case (.equals, .string(let text)): .equals(.text(text, textCase))
    case (.equals, .number(let number)): .equals(.number(number, .strict))
    case (.equals, .boolean(let flag)): .equals(.boolean(flag))
    case (.startsWith, .string(let text)): .matches(.prefix(text), textCase)
    case (.endsWith, .string(let text)): .matches(.suffix(text), textCase)
    case (.contains, .string(let text)): .matches(.contains(text), textCase)
    case (.order(let order), .string(let text)): .order(order, .text(text, textCase))
    case (.order(let order), .number(let number)): .order(order, .number(number, .strict))
    case (.equals, _), (.startsWith, _), (.endsWith, _), (.contains, _), (.order, _): nil
    }
  }
}

/// Puts values into an event.
enum EventBuilder {
  static func put(_ values: [EventValue], at path: FieldPath, in event: EventValue) -> EventValue {
    put(values.count == 1 ? values[0] : .list(values), at: path.steps[...], in: event)
  }

  private static func put(
    _ value: EventValue, at steps: ArraySlice<FieldPath.Step>, in event: EventValue?
  ) -> EventValue {
    guard let step = steps.first else { return merged(value, event) }
    let rest = steps.dropFirst()
    switch step {
    case .key(let key): return putting(value, key, rest, event)
    case .keyPattern(let pattern): return putting(value, pattern.literals.joined(), rest, event)
    case .each: return .list([put(value, at: rest, in: event?.firstElement)])
    case .index(let index):
      var elements: [EventValue] = []
      if case .list(let present)? = event { elements = present }
      // From the end: the last of those that are there, or of as many as it takes.
      let place = index >= 0 ? index : max(elements.count, -index) + index
      while elements.count < max(place + 1, -index) { elements.append(.null) }
      elements[place] = put(value, at: rest, in: elements[place] == .null ? nil : elements[place])
      return .list(elements)
    }
  }

  private static func putting(
    _ value: EventValue, _ key: String, _ rest: ArraySlice<FieldPath.Step>, _ event: EventValue?
  ) -> EventValue {
    switch event {
    case .object(var object)?:
      object[key] = put(value, at: rest, in: object[key])
      return .object(object)
    case .list(let elements)?:
      // Into the first element that is an object.
      var elements = elements
      let index = elements.firstIndex { if case .object = $0 { true } else { false } } ?? elements.endIndex
      let inner = elements.indices.contains(index) ? elements[index] : nil
      let changed = putting(value, key, rest, inner)
      if elements.indices.contains(index) { elements[index] = changed } else { elements.append(changed) }
      return .list(elements)
    case .null?, nil: return .object(EventObject([.init(key: key, value: put(value, at: rest, in: nil))]))
    case .string?, .number?, .boolean?:
      return .list([event ?? .null, .object(EventObject([.init(key: key, value: put(value, at: rest, in: nil))]))])
    }
  }

  /// A value beside what stands there already.
  private static func merged(_ value: EventValue, _ present: EventValue?) -> EventValue {
    guard let present, present != .null, value != .null else { return value == .null ? present ?? .null : value }
    if case .object = present, case .object = value { return present }
    return .list([value, present])
  }
}

extension FieldPath {
  /// 1 where some step counts from the end of a list, else 0.
  fileprivate var countsFromEnd: Int {
    let counts = steps.contains { step in
      if case .index(let index) = step { index < 0 } else { false }
    }
    return counts ? 1 : 0
  }
}

extension EventValue {
  fileprivate var firstElement: EventValue? {
    if case .list(let elements) = self { elements.first } else { nil }
  }
}
