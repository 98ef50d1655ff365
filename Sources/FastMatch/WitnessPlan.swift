import RuleIR

/// From which sets of witnesses one may be chosen for a predicate, before it is known how frequent each is.
indirect enum WitnessPlan: Sendable {
  /// An event can satisfy the predicate that has nothing in particular.
  case none
  /// One of these witnesses, by number.
  case any([Int32])
  /// The rarest of these.
  case best([WitnessPlan])
  /// All of these together.
  case union([WitnessPlan])

  /// The rarest set; nil where there is none.
  func choice(_ frequencies: [Int]) -> (witnesses: [Int32], frequency: Int)? {
    switch self {
    case .none: return nil
    case .any(let witnesses): return (witnesses, witnesses.reduce(0) { $0 + frequencies[Int($1)] })
    case .best(let plans):
      var best: (witnesses: [Int32], frequency: Int)?
      for plan in plans {
        guard let found = plan.choice(frequencies) else { continue }
        if found.frequency < best?.frequency ?? .max { best = found }
      }
      return best
    case .union(let plans):
      var all: (witnesses: [Int32], frequency: Int) = ([], 0)
      for plan in plans {
        guard let found = plan.choice(frequencies), all.witnesses.count < Self.most else { return nil }
        all.witnesses += found.witnesses
        all.frequency += found.frequency
      }
      return all
    }
  }

  private static let most = 4_000
}

/// Finds the witnesses of predicates.
struct WitnessPlanner {
  var builder: ProgramBuilder
  /// All witnesses, by number.
  private(set) var witnesses: [Witness] = []
  private var numbers: [Witness: Int32] = [:]

  init(builder: ProgramBuilder) { self.builder = builder }

  /// The fields that an event must have for the predicate to hold.
  mutating func required(by predicate: Predicate) -> Set<UInt32> { required(by: predicate, isTrue: true) }

  private mutating func required(by predicate: Predicate, isTrue: Bool) -> Set<UInt32> {
    switch predicate {
    case .all(let parts), .any(let parts):
      var isConjunction = isTrue
      if case .any = predicate { isConjunction = !isTrue }
      var fields: Set<UInt32>?
      for part in parts {
        let own = required(by: part, isTrue: isTrue)
        fields = fields.map { isConjunction ? $0.union(own) : $0.intersection(own) } ?? own
        if !isConjunction, own.isEmpty { return [] }
      }
      return fields ?? []
    case .not(let inner): return required(by: inner, isTrue: !isTrue)
    case .presence(let test): return isTrue ? field(test.field) : []
    case .field(let test): return isTrue && test.subject != .count ? field(test.field) : []
    case .some(let test), .every(let test): return isTrue ? field(test.path) : []
    case .anyField, .rawTerm: return []
    }
  }

  private mutating func field(_ path: FieldPath) -> Set<UInt32> {
    let keys = path.leadingKeys
    return keys.isEmpty ? [] : [builder.field(keys)]
  }

  mutating func plan(_ predicate: Predicate) -> WitnessPlan { plan(predicate, isTrue: true) }

  private mutating func plan(_ predicate: Predicate, isTrue: Bool) -> WitnessPlan {
    switch predicate {
    case .all(let parts): return isTrue ? best(parts, isTrue) : union(parts, isTrue)
    case .any(let parts): return isTrue ? union(parts, isTrue) : best(parts, isTrue)
    case .not(let inner): return plan(inner, isTrue: !isTrue)
    case .presence(let test): return isTrue ? presence(of: test.field) : .none
    case .field(let test): return isTrue ? plan(test) : .none
    case .some(let test), .every(let test): return isTrue ? presence(of: test.path) : .none
    case .anyField(let test):
      guard isTrue else { return .none }
      builder.lookEverywhere()
      return text(of: test.condition, field: ProgramBuilder.everywhere) ?? .none
    case .rawTerm: return .none
    }
  }

  private mutating func best(_ parts: [Predicate], _ isTrue: Bool) -> WitnessPlan {
    var plans: [WitnessPlan] = []
    for part in parts {
      let plan = plan(part, isTrue: isTrue)
      if case .none = plan { continue }
      plans.append(plan)
    }
    return plans.isEmpty ? .none : plans.count == 1 ? plans[0] : .best(plans)
  }

  private mutating func union(_ parts: [Predicate], _ isTrue: Bool) -> WitnessPlan {
    var plans: [WitnessPlan] = []
    for part in parts {
      let plan = plan(part, isTrue: isTrue)
      if case .none = plan { return .none }
      plans.append(plan)
    }
    return plans.count == 1 ? plans[0] : .union(plans)
  }

  private mutating func presence(of path: FieldPath) -> WitnessPlan {
    let keys = path.leadingKeys
    return keys.isEmpty ? .none : any([.key(builder.field(keys))])
  }

  private mutating func any(_ witnesses: [Witness]) -> WitnessPlan {
    .any(
      witnesses.map { witness in
        if let known = numbers[witness] { return known }
        let number = Int32(self.witnesses.count)
        numbers[witness] = number
        self.witnesses.append(witness)
        return number
      })
  }

  private mutating func plan(_ test: FieldTest) -> WitnessPlan {
    // A count is a number even of nothing.
    if test.subject == .count { return .none }
    guard test.polarity == .someValuePasses, test.subject == .value, let field = builder.field(test.field),
      let found = text(of: test.condition, field: field)
    else { return presence(of: test.field) }
    return found
  }

  /// The witnesses of a condition in texts and numbers; nil where it has none there.
  private mutating func text(of condition: Condition, field: UInt32) -> WitnessPlan? {
    switch condition {
    case .equals(let literal): return literals([literal], field)
    case .oneOf(let literals): return self.literals(literals, field)
    case .matches(let pattern, _):
      guard let witness = pattern.witness(field) else { return nil }
      return any([witness])
    case .term(let match):
      guard match.tokenisation == .alphanumericRuns, !match.text.isEmpty else { return nil }
      return any([.contains(field, folded(match.text))])
    case .encoded(let encoded): return self.encoded(encoded, field)
    case .regex(let pattern):
      guard let literal = RegexLiteral.required(by: pattern) else { return nil }
      return any([.contains(field, folded(literal))])
    case .order, .network, .field: return nil
    }
  }

  private mutating func literals(_ literals: [Literal], _ field: UInt32) -> WitnessPlan? {
    var witnesses: [Witness] = []
    for literal in literals {
      switch literal {
      case .text(let text, _): witnesses.append(.equals(field, folded(text)))
      case .untyped(let text, _):
        witnesses.append(.equals(field, folded(text)))
        if let number = Number(text) {
          guard let integer = number.integer else { return nil }
          witnesses.append(.integer(field, integer))
        }
      case .number(let number, _):
        guard let integer = number.integer else { return nil }
        witnesses.append(.integer(field, integer))
      case .boolean: return nil
      }
    }
    return any(witnesses)
  }

  private mutating func encoded(_ encoded: EncodedText, _ field: UInt32) -> WitnessPlan? {
    let text = encoded.text.literals.joined()
    guard encoded.encodings == [.windash] else {
      let forms = encoded.forms
      // A text too short for an offset leaves nothing that must be there.
      return forms.contains(where: \.isEmpty) ? nil : any(forms.map { .contains(field, folded($0)) })
    }
    // What stands between dashes is looked for as it is.
    let pieces = text.unicodeScalars.split { $0 == "-" || $0 == "/" }
    guard let longest = pieces.max(by: { $0.count < $1.count }) else { return nil }
    return any([.contains(field, folded(String(String.UnicodeScalarView(longest))))])
  }

  private func folded(_ text: String) -> [UInt8] { Array(text.simplyFolded.utf8) }
}

extension TextPattern {
  fileprivate func witness(_ field: UInt32) -> Witness? {
    func folded(_ text: String) -> [UInt8] { Array(text.simplyFolded.utf8) }
    switch shape {
    case .exact(let text): return .equals(field, folded(text))
    case .prefix(let text): return .starts(field, folded(text))
    case .suffix(let text): return .ends(field, folded(text))
    case .contains(let text): return .contains(field, folded(text))
    case .anything: return nil
    case .glob:
      let longest = literals.max { $0.utf8.count < $1.utf8.count }
      return longest.map { .contains(field, folded($0)) }
    }
  }
}
