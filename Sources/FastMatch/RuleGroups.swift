import RuleIR

/// Predicates sorted by the conditions that many of them share, such as the log source that their events must be of.
///
/// Where such a condition is false of an event, none of its group is asked, and no value is looked at for their sake.
struct RuleGroups {
  struct Group {
    /// What an event must satisfy for any member to hold.
    var conditions: [Predicate]
    /// Numbers of predicates.
    var members: [Int]
  }

  /// The first has no conditions.
  private(set) var groups: [Group] = [Group(conditions: [], members: [])]
  /// What each predicate asks beyond the conditions of its group.
  private(set) var rests: [Predicate]

  /// So many predicates share a condition for it to be worth a group.
  private static let least = 8
  private static let most = 64

  init(_ predicates: [Predicate]) {
    let parts = predicates.map(\.conjuncts)
    var counts: [Predicate: Int] = [:]
    for conjuncts in parts {
      for conjunct in Set(conjuncts.filter(\.isGate)) { counts[conjunct, default: 0] += 1 }
    }
    rests = predicates
    guard counts.values.contains(where: { $0 >= Self.least }) else {
      groups[0].members = Array(predicates.indices)
      return
    }
    let keys = parts.map { conjuncts in Set(conjuncts.filter { counts[$0, default: 0] >= Self.least && $0.isGate }) }
    var sizes: [Set<Predicate>: Int] = [:]
    for key in keys { sizes[key, default: 0] += 1 }
    var numbers: [Set<Predicate>: Int] = [[]: 0]
    for index in predicates.indices {
      var key = keys[index]
      if sizes[key, default: 0] < Self.least {
        // Too few have the same conditions: the one that is shared by most must do.
        let best = parts[index].filter(key.contains).max { counts[$0, default: 0] < counts[$1, default: 0] }
        key = best.map { [$0] } ?? []
      }
      if numbers[key] == nil, groups.count < Self.most {
        numbers[key] = groups.count
        groups.append(Group(conditions: parts[index].filter(key.contains).unique, members: []))
      }
      guard let number = numbers[key], number > 0 else {
        groups[0].members.append(index)
        continue
      }
      groups[number].members.append(index)
      let rest = parts[index].filter { !key.contains($0) }
      rests[index] = rest.count == 1 ? rest[0] : .all(rest)
    }
  }
}

extension Predicate {
  /// The parts of which all must hold.
  fileprivate var conjuncts: [Predicate] {
    if case .all(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
  }

  /// Whether it is cheap, cannot fail, and is the same as every predicate that equals it in Swift, whose texts may have
  /// other bytes.
  fileprivate var isGate: Bool {
    switch self {
    case .any(let parts) where parts.first?.isAbsence == true:
      return parts.count <= 32 && parts.dropFirst().allSatisfy { $0.isGate || $0.isPlainMatch }
    case .all(let parts), .any(let parts): return !parts.isEmpty && parts.count <= 32 && parts.allSatisfy(\.isGate)
    case .not(let inner): return inner.isGate
    case .presence(let test): return test.field.isPlainASCII && test.kind != .single
    case .field(let test):
      guard test.field.isPlainASCII, test.subject == .value || test.subject == .spelling else { return false }
      switch test.condition {
      case .equals(let literal): return literal.isASCII
      case .oneOf(let literals): return literals.count <= 64 && literals.allSatisfy(\.isASCII)
      case .matches: return false
      case .regex, .order, .network, .term, .encoded, .field: return false
      }
    case .some, .every, .anyField, .rawTerm: return false
    }
  }
}

extension Predicate {
  /// Whether it says that a field is not there; behind that, patterns are cheap enough too.
  fileprivate var isAbsence: Bool {
    if case .not(.presence(let test)) = self { test.field.isPlainASCII && test.kind != .single } else { false }
  }

  fileprivate var isPlainMatch: Bool {
    guard case .field(let test) = self, test.field.isPlainASCII, test.subject == .value,
      case .matches(let pattern, _) = test.condition
    else { return false }
    return pattern.literals.allSatisfy(\.isASCII) && pattern.shape.isSimple
  }
}

extension FieldPath {
  fileprivate var isPlainASCII: Bool { plainKeys?.allSatisfy(\.isASCII) ?? false }
}

extension Literal {
  fileprivate var isASCII: Bool {
    switch self {
    case .text(let text, _), .untyped(let text, _): text.isASCII
    case .number(let number, _): number.text.isASCII
    case .boolean: true
    }
  }
}

extension String {
  fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

extension TextPattern.Shape {
  fileprivate var isSimple: Bool {
    switch self {
    case .exact, .prefix, .suffix, .contains, .anything: true
    case .glob: false
    }
  }
}

extension [Predicate] {
  fileprivate var unique: [Predicate] {
    var seen: Set<Predicate> = []
    return filter { seen.insert($0).inserted }
  }
}
