public import RuleIR

/// An alternative of a predicate that others beside it cover, so that nothing changes without it.
public struct CoveredPart: Hashable, Sendable {
  public var part: PredicatePart
  /// The one that covers it; nil where it takes several together.
  public var by: PredicatePart?
}

extension Prover {
  /// The alternatives that others cover: values of a set, and parts of an `any`, whose events another fires on as well.
  ///
  /// Of two that say the same the later is named. Every one named is proved, and all of them can be left out together.
  /// Where there are more than some sixty alternatives side by side, only texts and patterns are compared, each with
  /// each; that several together cover one is then not asked.
  public func coveredParts(of predicate: Predicate) -> [CoveredPart] {
    var brief = self
    brief.budget.steps = min(budget.steps, 500_000)
    return Alternatives.groups(of: predicate).flatMap { Alternatives(parts: $0).covered(by: brief) }
      .sorted { $0.part.way.lexicographicallyPrecedes($1.part.way) }
  }
}

/// Parts of which one is enough, side by side.
private struct Alternatives {
  let parts: [PredicatePart]
  private static let few = 60

  /// The parts of each `any`, those of an `any` or a set directly inside it among them.
  static func groups(of predicate: Predicate) -> [[PredicatePart]] {
    let all = predicate.parts
    var owners: [[Int]: [Int]] = [:]
    var groups: [[Int]: [PredicatePart]] = [:]
    var order: [[Int]] = []
    let opened = Set(all.filter { $0.surroundings == .any }.map { Array($0.way.dropLast()) })
    for part in all where part.surroundings == .any {
      let parent = Array(part.way.dropLast())
      let owner = owners[parent] ?? parent
      if opened.contains(part.way), part.isPlainAlternative {
        owners[part.way] = owner
        continue
      }
      if groups[owner] == nil { order.append(owner) }
      groups[owner, default: []].append(part)
    }
    return order.compactMap { groups[$0] }.filter { $0.count > 1 }
  }

  func covered(by prover: Prover) -> [CoveredPart] {
    var coverers = textCoverers(prover.shape)
    guard parts.count <= Self.few else { return named(coverers) }
    let fields = parts.map(\.predicate.soleField)
    let texts = parts.map(\.plainTextCase)
    for one in parts.indices where coverers[one] == nil {
      for other in parts.indices where other != one && coverers[other] == nil && fields[one] == fields[other] {
        // Of two plain texts the comparison above has said all.
        guard texts[one] == nil || texts[other] == nil else { continue }
        guard prover.implies(parts[one].predicate, parts[other].predicate) == .impossible else { continue }
        // What can never hold is another fault than one that is covered.
        if prover.satisfy(parts[one].predicate) == .impossible { break }
        let isSame = prover.implies(parts[other].predicate, parts[one].predicate) == .impossible
        if !isSame || other < one { coverers[one] = other }
        if coverers[one] != nil { break }
      }
    }
    var found = named(coverers)
    var kept = parts.indices.filter { coverers[$0] == nil }
    // Plain texts cover another together only where one of them does: letters that none of them has may stand around it.
    guard kept.count > 2, Set(kept.map { texts[$0] }).count > 1 || texts[kept[0]] == nil else { return found }
    for index in kept.reversed() {
      let others = kept.filter { $0 != index }.map { Predicate.not(parts[$0].predicate) }
      guard prover.satisfy(.all([parts[index].predicate] + others)) == .impossible,
        prover.satisfy(parts[index].predicate) != .impossible
      else { continue }
      found.append(CoveredPart(part: parts[index], by: nil))
      kept.removeAll { $0 == index }
    }
    return found
  }

  private func named(_ coverers: [Int: Int]) -> [CoveredPart] {
    coverers.sorted { $0.key < $1.key }.map { CoveredPart(part: parts[$0.key], by: parts[last($0.value, coverers)]) }
  }

  /// The one at the end of the row of those that cover each other.
  private func last(_ index: Int, _ coverers: [Int: Int]) -> Int {
    var index = index
    for _ in parts.indices { index = coverers[index] ?? index }
    return index
  }

  /// For each part another whose texts include all of its.
  private func textCoverers(_ shape: EventShape) -> [Int: Int] {
    var within: [Int: Set<Int>] = [:]
    PatternLemmas(parts.map { $0.predicate.normalised() }, shape: shape).forEachContainment { one, other in
      within[one, default: []].insert(other)
    }
    var coverers: [Int: Int] = [:]
    for (one, others) in within {
      coverers[one] = others.filter { other in
        within[other]?.contains(one) != true || other < one
      }.min()
    }
    return coverers
  }
}

extension PredicatePart {
  /// How letters compare, where the part asks for a text, or for one that starts, ends or stands somewhere in it.
  fileprivate var plainTextCase: TextCase? {
    guard case .field(let test) = predicate, test.subject == .value, test.polarity == .someValuePasses else {
      return nil
    }
    switch test.condition {
    case .equals(.text(_, let textCase)): return textCase
    case .equals(.untyped(let text, let textCase)):
      // Two spellings may be one number.
      return Number(text) == nil && !["true", "false"].contains(text.simplyFolded) ? textCase : nil
    case .matches(let pattern, let textCase):
      switch pattern.shape {
      case .exact, .prefix, .suffix, .contains: return textCase
      case .anything, .glob: return nil
      }
    case .equals, .oneOf, .regex, .order, .network, .term, .encoded, .field: return nil
    }
  }

  /// Whether its own alternatives stand beside those of what it stands in.
  fileprivate var isPlainAlternative: Bool {
    switch predicate {
    case .any: true
    case .field(let test): if case .oneOf = test.condition { true } else { false }
    case .all, .not, .presence, .some, .every, .anyField, .rawTerm: false
    }
  }
}
