import Matcher
public import RuleIR

/// Counts operations, and firings on them, in recorded events.
public struct CoverageObserver: Sendable {
  private let set: OperationSet
  private let operations: [TreeMatcher?]
  private var runners: [RuleRunner?]
  public private(set) var observation: CoverageMatrix.Observation
  /// How many events have none of the fields that say what an operation is.
  public private(set) var strangers = 0

  public init(_ matrix: CoverageMatrix) {
    set = matrix.operations
    operations = matrix.operations.operations.map { try? TreeMatcher($0.predicate) }
    runners = matrix.entries.map { try? RuleRunner($0.rule) }
    observation = CoverageMatrix.Observation(
      seen: [Int](repeating: 0, count: operations.count),
      fired: [[Int]](repeating: [Int](repeating: 0, count: runners.count), count: operations.count))
  }

  /// How many events are kept of each rule, to show.
  private static let exampleLimit = 20

  /// Takes the next event.
  ///
  /// - Parameter place: Where it was recorded.
  public mutating func observe(_ event: EventValue, at place: String = "") {
    if !set.subject.contains(where: { !event.values(at: $0).isEmpty }) { strangers += 1 }
    let instances = operations.indices.filter { ((try? operations[$0]?.matches(event)) ?? false) == true }
    for index in instances { observation.seen[index] += 1 }
    let time = EventTime(of: event)
    for index in runners.indices where runners[index]?.process(event, at: time) == .fires {
      for operation in instances { observation.fired[operation][index] += 1 }
      observation.total[index] += 1
      if observation.examples[index].count < Self.exampleLimit {
        observation.examples[index].append(.init(place: place, summary: summary(of: event, instances)))
      }
    }
  }

  /// What the fields of the operations say of an event, or what it is, where it is none of them.
  private func summary(of event: EventValue, _ instances: [Int]) -> String {
    let fields = (instances.first.map { set.operations[$0].fields } ?? [])
    var seen: Set<FieldPath> = []
    let shown = (set.subject + fields).filter { seen.insert($0).inserted }
    let texts = shown.compactMap { field -> String? in
      let values = event.values(at: field).compactMap(\.spelling)
      return values.isEmpty ? nil : "\(field)=\(values.joined(separator: ","))"
    }
    return texts.joined(separator: "  ")
  }
}
