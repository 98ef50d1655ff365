import RuleIR

extension LuceneRegex {
  /// The condition that a regular expression comes to: a pattern with wildcards where it is no more than that.
  ///
  /// Whoever ignores letters' case in Lucene writes `[cC][uU][rR][lL]`: a letter in all its cases is that letter with
  /// its case ignored. Patterns say more to other languages than expressions do, and are compared at once.
  static func condition(_ regex: RegexPattern) -> Condition {
    guard regex.flavour == .lucene, regex.anchoring == .whole, regex.flags.isSubset(of: [.ignoreCase]),
      let (pattern, textCase) = pattern(regex.text, ignoringCase: regex.flags.contains(.ignoreCase))
    else { return .regex(regex) }
    if case .exact(let text) = pattern.shape { return .equals(.text(text, textCase)) }
    return .matches(pattern, textCase)
  }

  /// The pattern, and how its letters compare; nil for any other expression, and for one that is about the empty text.
  private static func pattern(_ text: String, ignoringCase: Bool) -> (TextPattern, TextCase)? {
    var parts: [TextPattern.Part] = []
    var cases: Set<TextCase> = ignoringCase ? [.insensitive] : []
    var walker = LuceneWalker(text)
    // The last part is one character, which a quantifier would repeat.
    var isOpen = false
    while let piece = walker.next() {
      switch piece {
      case .operation("."): parts.append(.anyScalar)
      case .operation("@"):
        parts.append(.anyRun)
        isOpen = false
        continue
      case .operation("*"):
        guard isOpen, parts.last == .anyScalar else { return nil }
        parts[parts.count - 1] = .anyRun
        isOpen = false
        continue
      case .literal(let scalar): add(scalar, ignoringCase, &parts, &cases)
      case .escape(let scalar):
        guard !LuceneWalker.isClass(scalar) else { return nil }
        add(scalar, ignoringCase, &parts, &cases)
      case .set(let set):
        guard let scalar = set.letterInAllCases else { return nil }
        parts.append(.literal(String(scalar)))
        if scalar.caseForms.count > 1 { cases.insert(.insensitive) }
      case .broken, .quoted, .operation: return nil
      }
      isOpen = true
    }
    guard !parts.isEmpty, cases.count < 2 else { return nil }
    return (TextPattern(parts), cases.first ?? .sensitive)
  }

  private static func add(
    _ scalar: Unicode.Scalar, _ ignoringCase: Bool, _ parts: inout [TextPattern.Part], _ cases: inout Set<TextCase>
  ) {
    parts.append(.literal(String(scalar)))
    if !ignoringCase, scalar.caseForms.count > 1 { cases.insert(.sensitive) }
  }
}

extension LuceneSet {
  /// The one character that the set has in all its cases, first of them; nil for any other set.
  fileprivate var letterInAllCases: Unicode.Scalar? {
    var scalars: [Unicode.Scalar] = []
    for member in members {
      guard case .one(let scalar) = member, !scalars.contains(scalar), scalars.count < 8 else { return nil }
      scalars.append(scalar)
    }
    guard !isNegated, let first = scalars.first, Set(first.caseForms) == Set(scalars) else { return nil }
    return first
  }
}
