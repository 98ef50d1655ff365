package import RuleIR

/// What a rule's body takes of an event that satisfies one of its predicates.
package struct Observation: Sendable {
  /// In microseconds; nil for an event without a time, which is taken to come right after the one before.
  var time: Int?
  /// The steps of a sequence that the event meets.
  var met: [Int]
  /// The groups that the event belongs to, for each step met, or for the body's one predicate.
  var groups: [[GroupKey]]
  /// What the measure of a threshold looks at.
  var measured: [GroupKey]
  /// The groups whose sequences the event ends.
  var endGroups: [GroupKey]
}

extension RuleBody {
  /// The predicates that are asked of each event: the body's own, and behind them the one that ends a sequence.
  package var askedPredicates: [Predicate] {
    if case .sequence(let sequence) = self, let until = sequence.until { return predicates + [until.predicate] }
    return predicates
  }

  /// Why the body cannot be run; nil where it can.
  package var refusal: EvaluationFailure? {
    switch self {
    case .predicate, .newTerms, .sequence: return nil
    case .threshold(let threshold):
      if threshold.isPlain { return nil }
      return EvaluationFailure(
        reason: threshold.comparison == .onceAllHaveCome
          ? "its bounds are compared once all events have come" : "it asks several things of a group",
        origin: threshold.origin)
    case .unmodelled(let rest):
      return EvaluationFailure(reason: "the rule is not modelled: \(rest.reason)", origin: rest.origin)
    }
  }

  /// Whether the body remembers events.
  package var isStateful: Bool {
    switch self {
    case .predicate, .unmodelled: false
    case .threshold, .newTerms, .sequence: true
    }
  }

  /// What the body takes of an event.
  ///
  /// - Parameter met: Which of `askedPredicates` the event satisfies, at least one.
  package func observation(of event: EventValue, at time: EventTime?, met: [Int]) -> Observation {
    var observation = Observation(
      time: time?.microseconds, met: met, groups: [], measured: [], endGroups: [])
    switch self {
    case .predicate, .unmodelled: break
    case .threshold(let threshold):
      observation.groups = [event.groups(by: threshold.groupBy, absentKey: threshold.absentKey)]
      observation.measured = threshold.measured(in: event)
    case .newTerms(let terms): observation.groups = [event.groups(by: terms.fields, absentKey: .dropped)]
    case .sequence(let sequence):
      observation.met = met.filter { $0 < sequence.steps.count }
      observation.groups = observation.met.map {
        event.groups(by: sequence.steps[$0].joinedBy, absentKey: .dropped)
      }
      if let until = sequence.until, met.contains(sequence.steps.count) {
        observation.endGroups = event.groups(by: until.joinedBy, absentKey: .dropped)
      }
    }
    return observation
  }
}

/// What a rule's body remembers from event to event.
package struct RuleState: Sendable {
  private enum State: Sendable {
    case none
    case threshold(ThresholdState)
    case newTerms(NewTermsState)
    case sequence(SequenceState)
  }

  private var state: State
  private var newest = 0
  /// Whether it differs from what was last kept.
  package private(set) var isChanged = false

  package init(_ rule: Rule, limits: StateLimits = StateLimits()) {
    switch rule.body {
    case .predicate, .unmodelled: state = .none
    case .threshold(let threshold):
      let lookback = rule.metadata.schedule?.lookback
      state = .threshold(ThresholdState(threshold, lookback: lookback, limits: limits))
    case .newTerms(let terms): state = .newTerms(NewTermsState(terms, limits: limits))
    case .sequence(let sequence): state = .sequence(SequenceState(sequence, limits: limits))
    }
  }

  /// Whether the rule fires with this event.
  package mutating func add(_ observation: Observation) -> Bool {
    let now = observation.time ?? newest
    newest = max(newest, now)
    isChanged = true
    // Emptied first, so that the state below is changed in place and not copied.
    switch state {
    case .none: return !observation.met.isEmpty
    case .threshold(var threshold):
      state = .none
      defer { state = .threshold(threshold) }
      return threshold.add(observation, at: now)
    case .newTerms(var terms):
      state = .none
      defer { state = .newTerms(terms) }
      return terms.add(observation, at: now)
    case .sequence(var sequence):
      state = .none
      defer { state = .sequence(sequence) }
      return sequence.add(observation, at: now)
    }
  }

  /// How many entries it holds.
  package var entries: Int {
    switch state {
    case .none: 0
    case .threshold(let threshold): threshold.entries
    case .newTerms(let terms): terms.entries
    case .sequence(let sequence): sequence.entries
    }
  }

  /// What was given up, since the program began.
  package var losses: StateLosses {
    switch state {
    case .none: StateLosses()
    case .threshold(let threshold): threshold.losses
    case .newTerms(let terms): terms.losses
    case .sequence(let sequence): sequence.losses
    }
  }

  // MARK: - Keeping

  /// All that it remembers, to be read again by `restore`.
  package mutating func kept() -> [UInt8] {
    isChanged = false
    var writer = StateWriter()
    writer.write(time: newest)
    switch state {
    case .none: break
    case .threshold(let threshold): threshold.write(to: &writer)
    case .newTerms(let terms): terms.write(to: &writer)
    case .sequence(let sequence): sequence.write(to: &writer)
    }
    return writer.bytes
  }

  /// Takes over what was kept of the same rule; false, and nothing is taken, where the bytes are not that.
  package mutating func restore(_ bytes: [UInt8]) -> Bool {
    var copy = self
    do throws(StateReader.Fault) {
      try copy.read(bytes)
      self = copy
      return true
    } catch {
      return false
    }
  }

  private mutating func read(_ bytes: [UInt8]) throws(StateReader.Fault) {
    var reader = StateReader(bytes)
    newest = try reader.time()
    switch state {
    case .none: break
    case .threshold(var threshold):
      try threshold.read(&reader)
      state = .threshold(threshold)
    case .newTerms(var terms):
      try terms.read(&reader)
      state = .newTerms(terms)
    case .sequence(var sequence):
      try sequence.read(&reader)
      state = .sequence(sequence)
    }
    guard reader.isAtEnd else { throw StateReader.Fault() }
  }
}
