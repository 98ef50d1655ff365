import RuleIR

/// Writes a predicate another way: operands in another order, negations pushed out or in, sets opened.
struct Shuffling {
  /// The state of a generator of pseudo-random numbers (Marsaglia's xorshift), so that runs repeat.
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(max(1, bound)))
  }

  private mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for index in elements.indices.reversed().dropLast() { elements.swapAt(index, next(below: index + 1)) }
    return elements
  }

  mutating func rewritten(_ predicate: Predicate) -> Predicate {
    switch predicate {
    case .all(let parts):
      let parts = shuffled(parts).map { rewritten($0) }
      return next(below: 2) == 0 ? .all(parts) : .not(.any(parts.map { denied($0) }))
    case .any(let parts):
      let parts = shuffled(parts).map { rewritten($0) }
      return next(below: 2) == 0 ? .any(parts) : .not(.all(parts.map { denied($0) }))
    case .not(let inner): return denied(rewritten(inner))
    case .field(var test):
      guard case .oneOf(let literals) = test.condition, test.polarity == .someValuePasses else { return predicate }
      let order = shuffled(literals)
      if next(below: 2) == 0 {
        test.condition = .oneOf(order)
        return .field(test)
      }
      return .any(
        order.map { literal in
          var single = test
          single.condition = .equals(literal)
          return .field(single)
        })
    case .some(var test):
      test.predicate = rewritten(test.predicate)
      return .some(test)
    case .every(var test):
      test.predicate = rewritten(test.predicate)
      return .every(test)
    case .presence, .anyField, .rawTerm: return predicate
    }
  }

  /// The opposite, one level deep.
  private func denied(_ predicate: Predicate) -> Predicate {
    switch predicate {
    case .not(let inner): inner
    case .all(let parts): .any(parts.map { denied($0) })
    case .any(let parts): .all(parts.map { denied($0) })
    case .presence, .field, .some, .every, .anyField, .rawTerm: .not(predicate)
    }
  }
}
