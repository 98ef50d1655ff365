import RuleIR
import SourceText

extension PipelineReader {
  /// The fields as a test of values gathered by `values` or `list` may see them; nil where it asks for none, or for
  /// more than whether one event of the group passes.
  ///
  /// A group has a value that passes where one of its events has: so a single such test is one of events.
  func openedForGroup(_ part: SearchTree) -> FieldScope? {
    guard asksGathered(part), gatheredTest == nil, isOneQuestion(part) else { return nil }
    var opened = scope
    for name in part.fieldNames {
      if case .collected(let path, _) = scope.binding(of: name) { opened.bind(name, to: .event(path)) }
    }
    return opened
  }

  private func asksGathered(_ part: SearchTree) -> Bool {
    part.fieldNames.contains { name in
      if case .collected = scope.binding(of: name) { true } else { false }
    }
  }

  /// Whether it holds of a group just where it holds of one of its events: the keys are the same for all of them.
  private func isOneQuestion(_ part: SearchTree) -> Bool {
    guard asksGathered(part) else { return true }
    switch part {
    case .all(let parts): return parts.filter(asksGathered).count == 1 && parts.allSatisfy(isOneQuestion)
    case .any(let parts): return parts.allSatisfy(isOneQuestion)
    case .not: return false
    case .comparison, .membership, .term, .time, .subsearch: return true
    }
  }
}

extension SearchTree {
  /// The names of the fields that are tested.
  var fieldNames: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.fieldNames)
    case .not(let part): part.fieldNames
    case .comparison(let test): [test.field]
    case .membership(let test): [test.field]
    case .term, .time, .subsearch: []
    }
  }
}

extension Obstacle {
  /// Values of several events in one field.
  static let gathered = Obstacle(
    reason: "aggregate values", detail: "values of several events are in one field", place: nil)
}
