import RuleIR

/// Something that an event must have for a rule to hold.
enum Witness: Hashable {
  /// The key of a field is there.
  case key(UInt32)
  /// A text of the field, folded, is this one, or begins, ends with it or has it.
  case equals(UInt32, [UInt8])
  case starts(UInt32, [UInt8])
  case ends(UInt32, [UInt8])
  case contains(UInt32, [UInt8])
  /// A number of the field, or the number that a text of it spells, is this one.
  case integer(UInt32, Int)

  /// A guess at how often an event has it, in ten-thousandths, where no events were seen.
  var guess: Int {
    switch self {
    case .key: 3_000
    case .integer: 400
    case .equals(_, let text): text.count < 4 ? 300 : 100
    case .starts(_, let text), .ends(_, let text), .contains(_, let text):
      switch text.count {
      case 0: 4_000
      case 1: 2_500
      case 2: 1_200
      case 3: 700
      case 4: 400
      case 5...7: 200
      case 8...11: 80
      case _: 40
      }
    }
  }
}

/// Witnesses of which an event must have one.
struct WitnessSet {
  var witnesses: [Witness]
  /// How often an event has one of them, in ten-thousandths.
  var frequency: Int
}

/// Finds the witnesses of predicates.
struct WitnessFinder {
  var builder: ProgramBuilder
  /// How often events of a sample had a witness, in ten-thousandths.
  var seen: [String: Int]?
  /// All that were thought of.
  private(set) var met: [Witness] = []
  private var isMet: Set<Witness> = []

  init(builder: ProgramBuilder, seen: [String: Int]?) {
    self.builder = builder
    self.seen = seen
  }

  private static let most = 4_000

  /// The rarest set of witnesses; nil where an event can satisfy the predicate that has nothing in particular.
  mutating func find(_ predicate: Predicate) -> WitnessSet? { find(predicate, isTrue: true) }

  private mutating func find(_ predicate: Predicate, isTrue: Bool) -> WitnessSet? {
    switch predicate {
    case .all(let parts): return isTrue ? best(parts, isTrue) : union(parts, isTrue)
    case .any(let parts): return isTrue ? union(parts, isTrue) : best(parts, isTrue)
    case .not(let inner): return find(inner, isTrue: !isTrue)
    case .presence(let test): return isTrue ? presence(of: test.field) : nil
    case .field(let test): return isTrue ? find(test) : nil
    case .some(let test), .every(let test): return isTrue ? presence(of: test.path) : nil
    case .anyField(let test):
      guard isTrue else { return nil }
      builder.lookEverywhere()
      return text(of: test.condition, field: ProgramBuilder.everywhere) ?? nil
    case .rawTerm: return nil
    }
  }

  private mutating func best(_ parts: [Predicate], _ isTrue: Bool) -> WitnessSet? {
    var best: WitnessSet?
    for part in parts {
      guard let found = find(part, isTrue: isTrue) else { continue }
      if found.frequency < best?.frequency ?? .max { best = found }
    }
    return best
  }

  private mutating func union(_ parts: [Predicate], _ isTrue: Bool) -> WitnessSet? {
    var all = WitnessSet(witnesses: [], frequency: 0)
    for part in parts {
      guard let found = find(part, isTrue: isTrue), all.witnesses.count < Self.most else { return nil }
      all.witnesses += found.witnesses
      all.frequency += found.frequency
    }
    return all
  }

  private mutating func presence(of path: FieldPath) -> WitnessSet? {
    let keys = path.leadingKeys
    return keys.isEmpty ? nil : set([.key(builder.field(keys))])
  }

  private mutating func set(_ witnesses: [Witness]) -> WitnessSet {
    if seen == nil {
      for witness in witnesses where isMet.insert(witness).inserted { met.append(witness) }
    }
    return WitnessSet(witnesses: witnesses, frequency: witnesses.reduce(0) { $0 + frequency(of: $1) })
  }

  private func frequency(of witness: Witness) -> Int {
    guard let seen, witness.field != ProgramBuilder.everywhere else { return witness.guess }
    return seen[witness.name(builder.paths[Int(witness.field)]), default: witness.guess]
  }

  private mutating func find(_ test: FieldTest) -> WitnessSet? {
    // A count is a number even of nothing.
    if test.subject == .count { return nil }
    guard test.polarity == .someValuePasses, test.subject == .value, let field = builder.field(test.field),
      let found = text(of: test.condition, field: field)
    else { return presence(of: test.field) }
    return found
  }

  /// The witnesses of a condition in texts and numbers; nil where it has none there.
  private mutating func text(of condition: Condition, field: UInt32) -> WitnessSet? {
    switch condition {
    case .equals(let literal): return literals([literal], field)
    case .oneOf(let literals): return self.literals(literals, field)
    case .matches(let pattern, _):
      guard let witness = pattern.witness(field) else { return nil }
      return set([witness])
    case .term(let match):
      guard match.tokenisation == .alphanumericRuns, !match.text.isEmpty else { return nil }
      return set([.contains(field, folded(match.text))])
    case .encoded(let encoded): return self.encoded(encoded, field)
    case .regex(let pattern):
      guard let literal = RegexLiteral.required(by: pattern) else { return nil }
      return set([.contains(field, folded(literal))])
    case .order, .network, .field: return nil
    }
  }

  private mutating func literals(_ literals: [Literal], _ field: UInt32) -> WitnessSet? {
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
    return set(witnesses)
  }

  private mutating func encoded(_ encoded: EncodedText, _ field: UInt32) -> WitnessSet? {
    let text = encoded.text.literals.joined()
    guard encoded.encodings == [.windash] else {
      let forms = encoded.forms
      // A text too short for an offset leaves nothing that must be there.
      return forms.contains(where: \.isEmpty) ? nil : set(forms.map { .contains(field, folded($0)) })
    }
    // What stands between dashes is looked for as it is.
    let pieces = text.unicodeScalars.split { $0 == "-" || $0 == "/" }
    guard let longest = pieces.max(by: { $0.count < $1.count }) else { return nil }
    return set([.contains(field, folded(String(String.UnicodeScalarView(longest))))])
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
