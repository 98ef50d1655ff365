import LanguageSupport
import RuleIR

/// Operands with the connectives between them, before it is settled which binds first.
struct KueryChain {
  private var operands: [Predicate]
  private var connectives: [Connective] = []

  init(_ first: Predicate) { operands = [first] }

  mutating func append(_ connective: Connective, _ operand: Predicate) {
    connectives.append(connective)
    operands.append(operand)
  }

  /// How often the connective is another than the one before.
  var changes: Int { zip(connectives, connectives.dropFirst()).count { $0 != $1 } }

  /// By binding strength: each run of the stronger connective first, then the weaker between the runs.
  var joinedByStrength: Predicate {
    let weaker: Connective = Kuery.booleans.or.binding < Kuery.booleans.and.binding ? .or : .and
    var runs: [[Predicate]] = [[operands[0]]]
    for (connective, operand) in zip(connectives, operands.dropFirst()) {
      if connective == weaker { runs.append([operand]) } else { runs[runs.count - 1].append(operand) }
    }
    return Self.join(runs.map { Self.join($0, weaker == .or ? .and : .or) }, weaker)
  }

  /// With equal strength, to the right: `a and b or c` is `a and (b or c)`.
  var joinedToTheRight: Predicate {
    var group = [operands[operands.count - 1]]
    var current: Connective?
    for (connective, operand) in zip(connectives, operands).reversed() {
      if let last = current, last != connective { group = [Self.join(group.reversed(), last)] }
      current = connective
      group.append(operand)
    }
    return current.map { Self.join(group.reversed(), $0) } ?? group[0]
  }

  private static func join(_ parts: [Predicate], _ connective: Connective) -> Predicate {
    guard parts.count > 1 else { return parts[0] }
    return connective == .and ? .conjunction(parts) : .disjunction(parts)
  }
}
