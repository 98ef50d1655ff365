import RuleIR

extension VendorStore {
  /// Whether the mapping is about the events that a rule looks at.
  ///
  /// They must agree in one common key at least and be at odds in none. A key agrees when some value of the rule and
  /// some value here can name one thing; both may have wildcards, and a rule's value may be a list with commas. A key
  /// by which the mapping is known agrees only where all that some value names is of the mapping.
  func covers(_ source: LogSource) -> Bool {
    let keys = Set(source.selectors.map(\.key)).intersection(selectors.map(\.key))
    return !keys.isEmpty && requiredKeys.allSatisfy(keys.contains)
      && keys.allSatisfy { key in
        let ours = selectors.filter { $0.key == key }.map(\.value)
        let theirs = source.values(key).flatMap { $0.split(separator: ",").map { trimmed($0) } }
        // By which a mapping is known, of that a rule must say no more than is the mapping's: `logs-*` is of much else.
        guard !requiredKeys.contains(key) else {
          return theirs.contains { value in ours.contains { TextPattern(stars: $0).covers(value, .insensitive) } }
        }
        return theirs.contains { value in ours.contains { canMeet(value, $0) } }
      }
  }

  /// Whether a rule looks at nothing but what the mapping is about, as far as some common key says.
  func contains(_ source: LogSource) -> Bool {
    source.selectors.contains { theirs in
      selectors.contains { own in
        own.key == theirs.key && TextPattern(stars: own.value).covers(theirs.value, .insensitive)
      }
    }
  }

  /// Whether the tests that a rule demands of constant fields speak for the mapping: true when one agrees, false when
  /// one is at odds, nil when there is none.
  func covers(_ predicate: Predicate) -> Bool? {
    let verdicts = verdicts(on: predicate).map { $0.contains(true) }
    return verdicts.isEmpty ? nil : !verdicts.contains(false)
  }

  /// How many values of the constant fields a rule asks for.
  func demanded(by predicate: Predicate) -> Int {
    verdicts(on: predicate).reduce(0) { $0 + $1.count { $0 } }
  }

  /// Of each test that a rule demands of a constant field, which of the values pass.
  private func verdicts(on predicate: Predicate) -> [[Bool]] {
    predicate.conjuncts.compactMap { part -> [Bool]? in
      guard case .field(let test) = part, test.subject == .value, test.polarity == .someValuePasses,
        let constant = constants.first(where: { $0.field.dotted == test.field.dotted })
      else { return nil }
      let verdicts = constant.values.compactMap { test.condition.holds(for: $0) }
      return verdicts.isEmpty ? nil : verdicts
    }
  }
}

extension Predicate {
  /// The parts that must all hold.
  fileprivate var conjuncts: [Predicate] {
    if case .all(let parts) = self { return parts.flatMap(\.conjuncts) }
    return [self]
  }
}

extension TextPattern {
  /// A text in which `*` is any run.
  fileprivate init(stars text: String) {
    let literals = text.split(separator: "*", omittingEmptySubsequences: false).map { [Part.literal(String($0))] }
    self.init(Array(literals.joined(separator: [.anyRun])))
  }
}

private func trimmed(_ text: Substring) -> String {
  String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}

/// Whether one text can match both patterns, in which `*` is any run; letter case does not matter.
func canMeet(_ left: String, _ right: String) -> Bool {
  let left = Array(left.lowercased().utf8)
  let right = Array(right.lowercased().utf8)
  let star = UInt8(ascii: "*")
  // `reach[j]`: the first i bytes of the one pattern can meet the first j of the other.
  var reach = [Bool](repeating: false, count: right.count + 1)
  for row in 0...left.count {
    var next = [Bool](repeating: false, count: right.count + 1)
    for column in 0...right.count {
      if row == 0, column == 0 {
        next[0] = true
        continue
      }
      let above = row > 0 && reach[column]
      let before = column > 0 && next[column - 1]
      let diagonal = row > 0 && column > 0 && reach[column - 1]
      let isLeftStar = row > 0 && left[row - 1] == star
      let isRightStar = column > 0 && right[column - 1] == star
      next[column] =
        (isLeftStar && (above || before)) || (isRightStar && (above || before))
        || (diagonal && !isLeftStar && !isRightStar && left[row - 1] == right[column - 1])
    }
    reach = next
  }
  return reach[right.count]
}
