import Matcher
public import RuleIR

/// Counts operations, and firings on them, in recorded events.
public struct CoverageObserver: Sendable {
  private let operations: [TreeMatcher?]
  private var runners: [RuleRunner?]
  public private(set) var observation: CoverageMatrix.Observation

  public init(_ matrix: CoverageMatrix) {
    operations = matrix.operations.operations.map { try? TreeMatcher($0.predicate) }
    runners = matrix.entries.map { try? RuleRunner($0.rule) }
    observation = CoverageMatrix.Observation(
      seen: [Int](repeating: 0, count: operations.count),
      fired: [[Int]](repeating: [Int](repeating: 0, count: runners.count), count: operations.count))
  }

  /// Takes the next event.
  public mutating func observe(_ event: EventValue) {
    let instances = operations.indices.filter { ((try? operations[$0]?.matches(event)) ?? false) == true }
    for index in instances { observation.seen[index] += 1 }
    let time = EventTime(of: event)
    for index in runners.indices where runners[index]?.process(event, at: time) == .fires {
      for operation in instances { observation.fired[operation][index] += 1 }
    }
  }
}
