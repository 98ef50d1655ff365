import RuleIR

extension LuceneRegex {
  /// The expression with the case of ASCII letters ignored as Lucene ignores it: in single letters and quoted parts,
  /// and not in ranges such as `[a-z]`.
  ///
  /// Where every range has both cases of its letters, or none, that is the flag; else each letter becomes a set.
  static func ignoringCaseOfLetters(_ text: String) -> RegexPattern {
    guard hasRangeOfOneCase(text) || text.hasNonASCIILetterCase else {
      return RegexPattern(text, .lucene, flags: .ignoreCase, anchoring: .whole)
    }
    var spelled = ""
    var walker = LuceneWalker(text)
    while let piece = walker.next() {
      switch piece {
      case .broken: return RegexPattern(text, .lucene, flags: .ignoreCase, anchoring: .whole)
      case .operation(let sign): spelled.unicodeScalars.append(sign)
      case .literal(let scalar): spelled += bothCases(scalar)
      case .escape(let scalar): spelled += "\\\(scalar)"
      case .quoted(let inside): for scalar in inside.unicodeScalars { spelled += bothCases(scalar) }
      case .set(var set):
        set.members += set.members.compactMap(\.otherCase)
        spelled += set.written
      }
    }
    return RegexPattern(spelled, .lucene, anchoring: .whole)
  }

  private static func bothCases(_ scalar: Unicode.Scalar) -> String {
    guard let other = scalar.otherASCIICase else { return escaped(scalar) }
    return "[\(scalar)\(other)]"
  }

  private static func hasRangeOfOneCase(_ text: String) -> Bool {
    var walker = LuceneWalker(text)
    while let piece = walker.next() {
      if case .set(let set) = piece, set.hasRangeOfOneCase { return true }
    }
    return false
  }

  /// The expression whose sets have both cases of each ASCII letter in their ranges, so that `regex~` ignores case in
  /// them as well.
  static func closingRanges(_ text: String) -> String {
    var spelled = ""
    var walker = LuceneWalker(text)
    while let piece = walker.next() {
      switch piece {
      case .broken: return text
      case .operation(let sign): spelled.unicodeScalars.append(sign)
      case .literal(let scalar): spelled.unicodeScalars.append(scalar)
      case .escape(let scalar): spelled += "\\\(scalar)"
      case .quoted(let inside): spelled += "\"\(inside)\""
      case .set(let set): spelled += set.hasRangeOfOneCase ? set.closed.written : set.text
      }
    }
    return spelled
  }
}

extension LuceneSet {
  /// Whether a range has a letter of which the set lacks the other case.
  fileprivate var hasRangeOfOneCase: Bool {
    Self.letters.contains { small in
      let cases = [small, small.asciiCapital]
      return cases.contains(where: isInRange) && !cases.allSatisfy { isInRange($0) || isListedAlone($0) }
    }
  }

  private func isInRange(_ scalar: Unicode.Scalar) -> Bool {
    members.contains { member in
      if case .range(let low, let high) = member { low <= scalar && scalar <= high } else { false }
    }
  }

  /// Whether the letter stands there by itself, in either case, which is then ignored.
  private func isListedAlone(_ scalar: Unicode.Scalar) -> Bool {
    members.contains { member in
      if case .one(let one) = member { one == scalar || one.otherASCIICase == scalar } else { false }
    }
  }

  /// The set with the missing cases added, neighbours as ranges.
  fileprivate var closed: LuceneSet {
    var missing: [Unicode.Scalar] = []
    for letter in Self.letters.flatMap({ [$0, $0.asciiCapital] }) {
      guard let other = letter.otherASCIICase, isInRange(other), !isInRange(letter), !isListedAlone(letter) else {
        continue
      }
      missing.append(letter)
    }
    var ranges: [(low: Unicode.Scalar, high: Unicode.Scalar)] = []
    for letter in missing.sorted() {
      if let last = ranges.last, last.high.value + 1 == letter.value {
        ranges[ranges.count - 1].high = letter
      } else {
        ranges.append((letter, letter))
      }
    }
    var set = self
    set.members += ranges.map { $0.low == $0.high ? .one($0.low) : .range($0.low, $0.high) }
    return set
  }
}

extension LuceneSet.Member {
  /// The member of the other case, of a single letter.
  fileprivate var otherCase: LuceneSet.Member? {
    if case .one(let scalar) = self { scalar.otherASCIICase.map(LuceneSet.Member.one) } else { nil }
  }
}

extension Unicode.Scalar {
  /// The ASCII letter in its other case.
  fileprivate var otherASCIICase: Unicode.Scalar? {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self) ? Unicode.Scalar(value ^ 0x20) : nil
  }
}
