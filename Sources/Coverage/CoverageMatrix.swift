public import RuleIR

/// Which rules cover which operations, and how firmly.
public struct CoverageMatrix: Sendable {
  /// A rule as the matrix needs it: mapped to event fields.
  public struct Entry: Hashable, Sendable {
    public var rule: Rule
    public var vendor: String
    /// What must hold beside the rule's predicates for it to fire, in words; nil where nothing must.
    public var furtherCondition: String?

    public init(_ rule: Rule, vendor: String, furtherCondition: String? = nil) {
      self.rule = rule
      self.vendor = vendor
      self.furtherCondition = furtherCondition
    }
  }

  /// What recorded events showed.
  public struct Observation: Hashable, Sendable {
    /// `seen[o]` is the number of events that were operation o.
    public var seen: [Int]
    /// `fired[o][e]` is on how many of those entry e fired.
    public var fired: [[Int]]
    /// `total[e]` is on how many events entry e fired, whatever they were.
    public var total: [Int]
    /// `examples[e]` are the first of those.
    public var examples: [[Example]]

    public init(seen: [Int], fired: [[Int]]) {
      self.seen = seen
      self.fired = fired
      let entries = fired.first?.count ?? 0
      total = [Int](repeating: 0, count: entries)
      examples = [[Example]](repeating: [], count: entries)
    }

    /// An event on which a rule fired.
    public struct Example: Hashable, Sendable {
      /// Where it was recorded: file and line.
      public var place: String
      /// The values of the fields that matter, in a line.
      public var summary: String
    }
  }

  public let operations: OperationSet
  public let entries: [Entry]
  /// `firmness[o][e]` is how firmly entry e covers operation o.
  public let firmness: [[Firmness]]
  public private(set) var observation: Observation?
  private let decide: CoverageDecision

  /// - Parameter distribute: How the work is divided; one after another unless told.
  public init(
    _ operations: OperationSet, _ entries: [Entry], decide: CoverageDecision,
    by distribute: CoverageDecision.Distribution = { count, work in (0..<count).map(work) }
  ) {
    self.operations = operations
    self.entries = entries
    self.decide = decide
    let decided = decide.firmness(of: entries.map(\.rule.body), over: operations, by: distribute)
    firmness = decided.map { row in
      zip(entries, row).map { entry, firmness in
        firmness == .always && entry.furtherCondition != nil ? .sometimes : firmness
      }
    }
  }

  public mutating func observe(_ observation: Observation) { self.observation = observation }

  /// The vendors of the entries, in the order in which they first stand.
  public var vendors: [String] {
    var seen: Set<String> = []
    return entries.map(\.vendor).filter { seen.insert($0).inserted }
  }

  /// Whether no rule watches the operation for its own sake.
  public func isGap(_ operation: Int) -> Bool {
    !firmness[operation].contains { $0 == .always || $0 == .sometimes }
  }

  /// What a rule asks beyond what every event of the operation has, as text.
  public func furtherConditions(_ operation: Int, _ entry: Int) -> String {
    let known = operations.operations[operation].predicate
    let facts = PredicateFacts(known)
    // What is about other parts of an event is not said by the operation.
    func isSaid(_ part: Predicate) -> Bool { !PredicateFacts(part).isApart(from: facts) && decide.implies(known, part) }
    let texts = entries[entry].rule.body.predicates.map { predicate in
      PredicateOutline(.terse).text(of: .conjunction(predicate.conjuncts.filter { !isSaid($0) }))
    }
    let further = entries[entry].furtherCondition.map { [$0] } ?? []
    return (further + texts.filter { $0 != "always" || further.isEmpty }).joined(separator: "\n")
  }

  /// What was not decided, with its reason.
  public var undecided: [(title: String, operation: String, reason: String)] {
    operations.operations.indices.flatMap { index in
      zip(entries, firmness[index]).compactMap { entry, firmness in
        guard case .unknown(let reason) = firmness else { return nil }
        return (entry.rule.metadata.title, operations.operations[index].id, reason)
      }
    }
  }

  /// One cell of the table: `A1 S3 i2`, or `-`.
  public func cell(_ operation: Int, vendor: String) -> String {
    let found = zip(entries, firmness[operation]).filter { $0.0.vendor == vendor }.map(\.1)
    let letters = ["A", "S", "i", "?"].compactMap { letter -> String? in
      let count = found.filter { $0.letter == letter }.count
      return count > 0 ? "\(letter)\(count)" : nil
    }
    return letters.isEmpty ? "-" : letters.joined(separator: " ")
  }
}

extension Predicate {
  /// The parts that must all hold.
  fileprivate var conjuncts: [Predicate] {
    if case .all(let parts) = normalised() { return parts }
    return [self]
  }
}
