/// A detection rule: what it is about, and when it fires.
public struct Rule: Hashable, Sendable {
  public var metadata: RuleMetadata
  public var body: RuleBody
  /// Cases that came with the rule: an event, and whether the rule fires on it.
  public var cases: [RuleCase]

  public init(metadata: RuleMetadata = RuleMetadata(), body: RuleBody, cases: [RuleCase] = []) {
    self.metadata = metadata
    self.body = body
    self.cases = cases
  }
}

/// An event that a rule's author gave, with what the rule must say of it.
public struct RuleCase: Hashable, Sendable {
  public var name: String
  public var event: EventValue
  public var fires: Bool

  public init(name: String, event: EventValue, fires: Bool) {
    self.name = name
    self.event = event
    self.fires = fires
  }
}

/// When a rule fires.
public enum RuleBody: Hashable, Sendable {
  /// On each event for which it holds.
  case predicate(Predicate)
  case threshold(Threshold)
  case newTerms(NewTerms)
  case sequence(EventSequence)
  case unmodelled(Unmodelled)
}

/// A length of time in whole seconds.
public struct TimeSpan: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var seconds: Int

  public init(seconds: Int) { self.seconds = seconds }
  public static func minutes(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 60) }
  public static func hours(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 3_600) }
  public static func days(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 86_400) }

  /// Reads a whole number behind it `s`, `m`, `h`, `d` or `w`.
  public init?(_ text: some StringProtocol) {
    guard let unit = text.last, let count = Int(text.dropLast()), count >= 0, count < 1_000_000_000 else { return nil }
    switch unit {
    case "s": seconds = count
    case "m": seconds = count * 60
    case "h": seconds = count * 3_600
    case "d": seconds = count * 86_400
    case "w": seconds = count * 604_800
    case _: return nil
    }
  }

  public static func < (lhs: TimeSpan, rhs: TimeSpan) -> Bool { lhs.seconds < rhs.seconds }

  /// The span in its largest whole unit up to days: `15m`, `1d`.
  public var description: String {
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60)] where seconds > 0 && seconds % size == 0 {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}

/// A count, or another measure, over the events of a group and window, compared with a number.
///
/// It fires once a group and window, at the event with which the comparison comes to hold.
public struct Threshold: Hashable, Sendable {
  /// What becomes of an event that lacks a field of the grouping.
  public enum AbsentKey: Hashable, Sendable {
    /// It is left out.
    case dropped
    /// Absence is a value of its own.
    case ownGroup
  }

  public enum Window: Hashable, Sendable {
    /// Any stretch of time of this length.
    case sliding(TimeSpan)
    /// Stretches of this length from the epoch on.
    case tumbling(TimeSpan)
    /// All that the rule's scheduled search looks at.
    case searchSpan
  }

  public enum Measure: Hashable, Sendable {
    case count
    /// Different values, or combinations of values, of these fields.
    case distinctCount([FieldPath])
    case sum(FieldPath)
    case average(FieldPath)
    /// The first number is the percentile, 0 to 100.
    case percentile(Number, FieldPath)
  }

  public enum Bound: Hashable, Sendable {
    case order(Order)
    case equal
    case notEqual
  }

  public var predicate: Predicate
  public var groupBy: [FieldPath]
  public var absentKey: AbsentKey
  public var window: Window
  public var measure: Measure
  public var bound: Bound
  public var value: Number
  /// What must hold of the group beside the bound; nil where nothing must.
  public var further: GroupCondition?
  public var comparison: Comparison
  public var origin: Origin

  public init(
    _ predicate: Predicate, groupBy: [FieldPath], absentKey: AbsentKey, window: Window, measure: Measure = .count,
    _ bound: Bound, _ value: Number, further: GroupCondition? = nil, comparison: Comparison = .asEventsCome,
    origin: Origin = Origin()
  ) {
    self.predicate = predicate
    self.groupBy = groupBy
    self.absentKey = absentKey
    self.window = window
    self.measure = measure
    self.bound = bound
    self.value = value
    self.further = further
    self.comparison = comparison
    self.origin = origin
  }
}

/// Fires when a combination of values was not seen in the history before the event.
public struct NewTerms: Hashable, Sendable {
  public var predicate: Predicate
  public var fields: [FieldPath]
  public var history: TimeSpan
  public var origin: Origin

  public init(_ predicate: Predicate, fields: [FieldPath], history: TimeSpan, origin: Origin = Origin()) {
    self.predicate = predicate
    self.fields = fields
    self.history = history
    self.origin = origin
  }
}

/// Steps that must all be met within a span by events that agree in the joining fields.
public struct EventSequence: Hashable, Sendable {
  public enum Ordering: Hashable, Sendable { case ordered, unordered }

  public struct Step: Hashable, Sendable {
    public var predicate: Predicate
    /// As many fields in every step; the first of each are compared with one another, and so on.
    public var joinedBy: [FieldPath]

    public init(_ predicate: Predicate, joinedBy: [FieldPath]) {
      self.predicate = predicate
      self.joinedBy = joinedBy
    }
  }

  public var ordering: Ordering
  public var steps: [Step]
  public var span: TimeSpan?
  /// An event that ends every sequence under way.
  public var until: Step?
  public var origin: Origin

  public init(
    _ ordering: Ordering, _ steps: [Step], span: TimeSpan?, until: Step? = nil, origin: Origin = Origin()
  ) {
    self.ordering = ordering
    self.steps = steps
    self.span = span
    self.until = until
    self.origin = origin
  }
}

/// A rule that this model does not hold: kept whole, with what was understood of it.
public struct Unmodelled: Hashable, Sendable {
  public var text: String
  /// Often the filter before the part that is not modelled: every event that the rule is about satisfies it.
  public var understood: Predicate?
  /// The construct that is not modelled, as a short noun phrase; reasons are counted by it.
  public var reason: String
  public var origin: Origin

  public init(text: String, understood: Predicate?, reason: String, origin: Origin = Origin()) {
    self.text = text
    self.understood = understood
    self.reason = reason
    self.origin = origin
  }
}

extension RuleBody {
  /// The condition on single events that the body builds on, as far as it was understood.
  public var predicates: [Predicate] {
    switch self {
    case .predicate(let predicate): [predicate]
    case .threshold(let threshold): [threshold.predicate]
    case .newTerms(let terms): [terms.predicate]
    case .sequence(let sequence): sequence.steps.map(\.predicate)
    case .unmodelled(let rest): rest.understood.map { [$0] } ?? []
    }
  }

  /// The body with every predicate changed.
  public func mapPredicates<Failure: Error>(
    _ change: (Predicate) throws(Failure) -> Predicate
  ) throws(Failure) -> RuleBody {
    switch self {
    case .predicate(let predicate): return .predicate(try change(predicate))
    case .threshold(var threshold):
      threshold.predicate = try change(threshold.predicate)
      if let further = threshold.further {
        threshold.further = try further.map(
          predicate: change, field: { (field: FieldPath) throws(Failure) -> FieldPath in field })
      }
      return .threshold(threshold)
    case .newTerms(var terms):
      terms.predicate = try change(terms.predicate)
      return .newTerms(terms)
    case .sequence(var sequence):
      for index in sequence.steps.indices {
        sequence.steps[index].predicate = try change(sequence.steps[index].predicate)
      }
      if let until = sequence.until {
        sequence.until = EventSequence.Step(try change(until.predicate), joinedBy: until.joinedBy)
      }
      return .sequence(sequence)
    case .unmodelled(var rest):
      if let understood = rest.understood { rest.understood = try change(understood) }
      return .unmodelled(rest)
    }
  }
}
