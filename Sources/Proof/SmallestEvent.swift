public import RuleIR

extension Prover {
  /// The smallest event that a predicate is true of: the fewest fields, then short values.
  ///
  /// That no event with fewer fields will do was asked for up to a few hundred choices of fields, in the order of their
  /// number; beyond that it is the smallest that was met. No members are added that the verdict does not need.
  public func smallestEvent(for predicate: Predicate) -> Answer {
    let answer = satisfy(predicate)
    guard case .witness(let first) = answer else { return answer }
    var best = pruned(first, for: predicate)
    let paths = predicate.namedPaths
    var questions = 300
    for size in 0..<best.leafPaths.count {
      for chosen in Choices(of: paths.count, size) {
        guard questions > 0 else { return .witness(restored(best, for: predicate)) }
        questions -= 1
        let absent = paths.indices.filter { !chosen.contains($0) }
          .map { Predicate.not(.presence(PresenceTest(.key, paths[$0]))) }
        guard case .witness(let event) = satisfy(.all([predicate] + absent)) else { continue }
        let small = pruned(event, for: predicate)
        if small.leafPaths.count < best.leafPaths.count { best = small }
        return .witness(restored(best, for: predicate))
      }
    }
    return .witness(restored(best, for: predicate))
  }

  /// The event without members that the verdict does not need.
  private func pruned(_ event: EventValue, for predicate: Predicate) -> EventValue {
    var event = event
    for steps in event.leafPaths.reversed() {
      let smaller = event.removing(steps[...])
      if confirm(predicate, smaller) == true { event = smaller }
    }
    return event
  }
}

extension Predicate {
  /// The paths of the event that tests name, each once.
  fileprivate var namedPaths: [FieldPath] {
    var found: [FieldPath] = []
    func visit(_ predicate: Predicate) {
      switch predicate {
      case .all(let parts), .any(let parts): for part in parts { visit(part) }
      case .not(let inner): visit(inner)
      case .presence(let test): add(test.field)
      case .field(let test):
        add(test.field)
        if case .field(_, let other, _) = test.condition { add(other) }
      case .some(let test), .every(let test): add(test.path)
      case .anyField, .rawTerm: break
      }
    }
    func add(_ path: FieldPath) { if !found.contains(path) { found.append(path) } }
    visit(self)
    return found
  }
}

/// The choices of so many out of a row of numbers from zero on.
private struct Choices: Sequence, IteratorProtocol {
  private let count: Int
  private var upcoming: [Int]?

  init(of count: Int, _ size: Int) {
    self.count = count
    upcoming = size <= count ? Array(0..<size) : nil
  }

  mutating func next() -> [Int]? {
    guard let current = upcoming else { return nil }
    var following = current
    var place = current.count - 1
    while place >= 0, current[place] == count - current.count + place { place -= 1 }
    if place < 0 {
      upcoming = nil
    } else {
      for index in place..<current.count { following[index] = current[place] + 1 + index - place }
      upcoming = following
    }
    return current
  }
}
