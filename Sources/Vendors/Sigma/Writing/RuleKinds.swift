import Documents
import RuleIR

/// The kinds of event of which a temporal correlation asks how many, or which, there are.
///
/// Each kind becomes a rule of its own; the grouped events must be those of the kinds, no more and no fewer.
struct RuleKinds {
  let predicates: [Predicate]
  private let condition: GroupCondition

  init?(_ threshold: Threshold) {
    guard threshold.comparison == .asEventsCome, threshold.measure == .count, let further = threshold.further,
      threshold.bound == .order(.greaterOrEqual), threshold.value == Number(1), further.isAboutKinds
    else { return nil }
    var found: [Predicate] = []
    for predicate in further.kinds where !found.contains(predicate) { found.append(predicate) }
    if Predicate.disjunction(found).normalised() != threshold.predicate.normalised() {
      // Events of a kind that is not asked for are grouped all the same, and need a rule too.
      guard case .any(let parts) = threshold.predicate, found.allSatisfy(parts.contains) else { return nil }
      found += parts.filter { !found.contains($0) }
    }
    predicates = found
    condition = further
  }

  /// The correlation's condition: a mapping where it counts, a text over the names of rules where it tells them apart.
  func condition(_ names: [String]) -> OutputNode {
    let bounds = condition.conjuncts.compactMap(\.kindBound)
    if bounds.count == condition.conjuncts.count, bounds.allSatisfy({ $0.kinds == predicates }),
      Set(bounds.map(\.bound.word)).count == bounds.count
    {
      return .mapping(bounds.map { .init($0.bound.word, .bare($0.value.plain)) })
    }
    return .text(text(condition, names))
  }

  private func text(_ condition: GroupCondition, _ names: [String]) -> String {
    switch condition {
    case .all(let parts): joined(parts, " and ", names)
    case .any(let parts): joined(parts, " or ", names)
    case .not(let inner): "not " + operand(inner, names)
    case .measure(let measure): predicates.firstIndex(of: measure.events).map { names[$0] } ?? ""
    case .elapsed, .key: ""
    }
  }

  private func joined(_ parts: [GroupCondition], _ word: String, _ names: [String]) -> String {
    parts.map { operand($0, names) }.joined(separator: word)
  }

  private func operand(_ condition: GroupCondition, _ names: [String]) -> String {
    switch condition {
    case .all, .any: "(\(text(condition, names)))"
    case .not, .measure, .elapsed, .key: text(condition, names)
    }
  }
}

extension Threshold {
  /// All that one measure of all the events is compared with; nil where something else is asked.
  var bounds: [(Bound, Number)]? {
    var found = [(bound, value)]
    for part in further?.conjuncts ?? [] {
      guard case .measure(let other) = part, other.quantity == .of(measure), other.events == .always else { return nil }
      found.append((other.bound, other.value))
    }
    return Set(found.map(\.0.word)).count == found.count ? found : nil
  }
}

extension Threshold.Bound {
  /// As a correlation's condition has it.
  var word: String {
    switch self {
    case .order(let order): Modifier(order).rawValue
    case .equal: "eq"
    case .notEqual: "neq"
    }
  }
}

extension GroupCondition {
  fileprivate var conjuncts: [GroupCondition] {
    if case .all(let parts) = self { return parts.flatMap(\.conjuncts) }
    return [self]
  }

  /// The comparison of how many kinds there are.
  fileprivate var kindBound: (kinds: [Predicate], bound: Threshold.Bound, value: Number)? {
    guard case .measure(let measure) = self, measure.events == .always, case .kinds(let kinds) = measure.quantity else {
      return nil
    }
    return (kinds, measure.bound, measure.value)
  }

  /// Whether it asks for nothing but kinds of event: counts kinds and nothing else, or says which there are.
  fileprivate var isAboutKinds: Bool {
    let counts = conjuncts.compactMap(\.kindBound)
    if counts.count == conjuncts.count { return Set(counts.map(\.kinds)).count == 1 }
    return namesKinds
  }

  private var namesKinds: Bool {
    switch self {
    case .all(let parts), .any(let parts): !parts.isEmpty && parts.allSatisfy(\.namesKinds)
    case .not(let inner): inner.namesKinds
    case .measure(let measure):
      measure.quantity == .of(.count) && measure.bound == .order(.greaterOrEqual) && measure.value == Number(1)
    case .elapsed, .key: false
    }
  }

  /// The predicates of the kinds, in their order.
  fileprivate var kinds: [Predicate] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.kinds)
    case .not(let inner): inner.kinds
    case .measure(let measure):
      if case .kinds(let kinds) = measure.quantity { kinds } else { [measure.events] }
    case .elapsed, .key: []
    }
  }
}
