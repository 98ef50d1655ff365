package import RuleIR

/// What a rule's body takes of an event that satisfies one of its predicates.
package struct Observation: Sendable {
  /// In microseconds; zero for an event without a time.
  var time: Int
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
      time: time?.microseconds ?? 0, met: met, groups: [], measured: [], endGroups: [])
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

  package init(_ rule: Rule) {
    switch rule.body {
    case .predicate, .unmodelled: state = .none
    case .threshold(let threshold):
      state = .threshold(ThresholdState(threshold, lookback: rule.metadata.schedule?.lookback))
    case .newTerms(let terms): state = .newTerms(NewTermsState(terms))
    case .sequence(let sequence): state = .sequence(SequenceState(sequence))
    }
  }

  /// Whether the rule fires with this event.
  package mutating func add(_ observation: Observation) -> Bool {
    // Emptied first, so that the state below is changed in place and not copied.
    switch state {
    case .none: return !observation.met.isEmpty
    case .threshold(var threshold):
      state = .none
      defer { state = .threshold(threshold) }
      return threshold.add(observation)
    case .newTerms(var terms):
      state = .none
      defer { state = .newTerms(terms) }
      return terms.add(observation)
    case .sequence(var sequence):
      state = .none
      defer { state = .sequence(sequence) }
      return sequence.add(observation)
    }
  }
}
