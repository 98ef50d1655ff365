public import RuleIR

/// Parts of a predicate that cannot hold together.
public struct Contradiction: Hashable, Sendable {
  public enum Effect: String, Hashable, Sendable, CaseIterable {
    /// The predicate can never be true.
    case neverFires
    /// An alternative can never be what makes it true.
    case deadAlternative
    /// An exclusion never excludes anything.
    case idleExclusion
  }

  public var effect: Effect
  /// Those that are at odds, or one alone that nothing can meet.
  ///
  /// Without any one of them the rest could hold.
  public var parts: [PredicatePart]
}

extension Prover {
  /// Where parts of a predicate rule each other out: selections that no event meets together, alternatives and
  /// exclusions that what stands beside them leaves no event.
  ///
  /// Each is proved. Of an `any` with more than some two hundred alternatives under a condition none is asked.
  public func contradictions(in predicate: Predicate) -> [Contradiction] {
    var brief = self
    brief.budget.steps = min(budget.steps, 500_000)
    var search = ContradictionSearch(prover: brief, parts: predicate.parts)
    search.visit(predicate, [], context: [], isDenied: false)
    return search.found
  }
}

private struct ContradictionSearch {
  let prover: Prover
  private var known: [[Int]: PredicatePart] = [:]
  var found: [Contradiction] = []
  private static let most = 200

  init(prover: Prover, parts: [PredicatePart]) {
    self.prover = prover
    for part in parts where part.element == nil { known[part.way] = part }
  }

  private func isPossible(_ parts: [Predicate]) -> Bool { prover.satisfy(.all(parts)) != .impossible }

  /// - Parameter context: Parts that hold wherever this one counts, and are possible together.
  mutating func visit(_ predicate: Predicate, _ way: [Int], context: [PredicatePart], isDenied: Bool) {
    switch predicate {
    case .not(let inner): visit(inner, way, context: context, isDenied: !isDenied)
    case .all(let parts):
      isDenied
        ? alternatives(parts, way, context, isDenied: true) : together(parts, way, context, isDenied: false)
    case .any(let parts):
      isDenied
        ? together(parts, way, context, isDenied: true) : alternatives(parts, way, context, isDenied: false)
    case .presence, .field, .some, .every, .anyField, .rawTerm:
      if way.isEmpty, !isPossible([isDenied ? .not(predicate) : predicate]), let part = known[way] {
        found.append(Contradiction(effect: .neverFires, parts: [part]))
      }
    }
  }

  /// Parts that must hold together: `all`, or a denied `any`.
  private mutating func together(
    _ parts: [Predicate], _ way: [Int], _ context: [PredicatePart], isDenied: Bool
  ) {
    let own = parts.indices.compactMap { known[way + [$0]] }
    guard own.count == parts.count else { return }
    if !isPossible(own.map(\.meant)) {
      found.append(
        Contradiction(effect: way.isEmpty ? .neverFires : .deadAlternative, parts: smallest(own, beside: [])))
      return
    }
    guard parts.count <= Self.most else { return }
    for (index, part) in parts.enumerated() {
      // Exclusions that cover each other are no contradiction.
      let others = own.enumerated().filter { $0.offset != index && !$0.element.isExclusion }.map(\.element) + context
      if own[index].isExclusion, excludesNothing(own[index], beside: others) { continue }
      visit(part, way + [index], context: others, isDenied: isDenied)
    }
  }

  /// Notes an exclusion of what those beside it exclude already.
  private mutating func excludesNothing(_ part: PredicatePart, beside others: [PredicatePart]) -> Bool {
    let excluded = Predicate.not(part.meant)
    guard !isPossible([excluded] + others.map(\.meant)) else { return false }
    let reason = isPossible([excluded]) ? smallest(others, beside: [excluded]) : []
    found.append(Contradiction(effect: .idleExclusion, parts: [part] + reason))
    return true
  }

  /// Parts of which one is enough: `any`, or a denied `all`.
  private mutating func alternatives(
    _ parts: [Predicate], _ way: [Int], _ context: [PredicatePart], isDenied: Bool
  ) {
    guard parts.count <= Self.most else { return }
    for (index, part) in parts.enumerated() {
      guard let own = known[way + [index]] else { continue }
      if !isPossible([own.meant]) {
        // What lies inside says why, where it can.
        let before = found.count
        visit(part, way + [index], context: [], isDenied: isDenied)
        if found.count == before { found.append(Contradiction(effect: .deadAlternative, parts: [own])) }
      } else if !context.isEmpty, !isPossible([own.meant] + context.map(\.meant)) {
        let reason = smallest(context, beside: [own.meant])
        found.append(Contradiction(effect: .deadAlternative, parts: [own] + reason))
      } else {
        visit(part, way + [index], context: context, isDenied: isDenied)
      }
    }
  }

  /// As few of the parts as cannot hold together.
  private func smallest(_ parts: [PredicatePart], beside fixed: [Predicate]) -> [PredicatePart] {
    var kept = parts
    guard kept.count <= Self.most else { return kept }
    for part in parts {
      let fewer = kept.filter { $0 != part }
      if !isPossible(fixed + fewer.map(\.meant)) { kept = fewer }
    }
    return kept
  }
}

extension PredicatePart {
  /// The part as it must be for the whole to be true.
  fileprivate var meant: Predicate { isDenied ? .not(predicate) : predicate }

  /// Whether events are to fail what it asks.
  fileprivate var isExclusion: Bool {
    if case .not = predicate { !isDenied } else { isDenied }
  }
}
