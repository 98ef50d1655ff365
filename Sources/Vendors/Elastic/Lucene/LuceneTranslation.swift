import RuleIR

/// A regular expression of another language as one of Lucene, or one of Lucene's own made to match whole values.
///
/// Lucene knows no anchors, no look-around, no back-references and no lazy matching; which of several ways to match
/// is taken makes no difference to whether a value matches. What has no equal is refused.
struct LuceneTranslation {
  /// Why there is none.
  struct Refusal: Error {
    var reason: String
  }

  /// Covers the whole value.
  let text: String
  /// Whether values must be put in small letters first.
  let ignoresCase: Bool
  /// Whether case is ignored for a letter beyond ASCII.
  let hasUnfoldedLetter: Bool

  init(_ regex: RegexPattern) throws(Refusal) {
    if regex.flavour == .lucene {
      ignoresCase = regex.flags.contains(.ignoreCase)
      let own = ignoresCase ? LuceneRegex.lowered(regex.text) : regex.text
      hasUnfoldedLetter = ignoresCase && regex.text.hasNonASCIILetter
      text = Self.covering(own, regex.anchoring)
      return
    }
    var reader = RegexReader(regex)
    let branches = try reader.branches()
    ignoresCase = reader.ignoresCase && regex.text.hasCasedLetter
    hasUnfoldedLetter = ignoresCase && regex.text.hasNonASCIILetter
    text = Self.joined(branches, regex.anchoring)
  }

  private static func covering(_ text: String, _ anchoring: RegexPattern.Anchoring) -> String {
    switch anchoring {
    case .whole: text
    case .start: "(\(text)).*"
    case .search: ".*(\(text)).*"
    }
  }

  /// Alternatives, with any text before and after those that are not anchored.
  private static func joined(_ branches: [RegexReader.Branch], _ anchoring: RegexPattern.Anchoring) -> String {
    let texts = branches.map { branch in
      let before = branch.isAnchoredAtStart || anchoring != .search ? "" : ".*"
      let after = branch.isAnchoredAtEnd || anchoring == .whole ? "" : ".*"
      let inside = branch.text.isEmpty && before.isEmpty && after.isEmpty ? "()" : branch.text
      return (before, inside, after)
    }
    let first = texts.first ?? ("", "()", "")
    guard texts.count > 1 else { return first.0 + first.1 + first.2 }
    let isAlike = texts.allSatisfy { $0.0 == first.0 && $0.2 == first.2 }
    guard isAlike else { return texts.map { $0.0 + $0.1 + $0.2 }.joined(separator: "|") }
    let inside = texts.map { $0.1.isEmpty ? "()" : $0.1 }.joined(separator: "|")
    return first.0.isEmpty && first.2.isEmpty ? inside : "\(first.0)(\(inside))\(first.2)"
  }
}

extension LuceneRegex {
  /// A text as an expression that matches it alone.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars { escaped += Self.escaped(scalar) }
    return escaped
  }

  static func escaped(_ scalar: Unicode.Scalar) -> String {
    ".?+*|{}[]()\"\\#@&<>~^$-".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
  }

  /// The expression that matches among texts in small letters what this one matches with letters' case ignored.
  static func lowered(_ text: String) -> String {
    var lowered = ""
    var walker = LuceneWalker(text)
    while let piece = walker.next() {
      switch piece {
      case .broken: return text
      case .operation(let sign): lowered.unicodeScalars.append(sign)
      case .literal(let scalar): lowered += String(scalar).lowercased()
      case .escape(let scalar): lowered += "\\\(scalar)"
      case .quoted(let inside): lowered += "\"\(inside.lowercased())\""
      case .set(let set): lowered += set.lowered.written
      }
    }
    return lowered
  }
}

extension LuceneSet {
  /// The set with the small letter of every capital in it.
  var lowered: LuceneSet {
    let missing = Self.letters.filter { lists($0.asciiCapital) && !lists($0) }
    return LuceneSet(text: text, members: members + missing.map(Member.one), isNegated: isNegated)
  }

  /// As Lucene reads it.
  var written: String {
    let inside = members.map { member in
      switch member {
      case .one(let scalar): LuceneRegex.escaped(scalar)
      case .range(let low, let high): "\(LuceneRegex.escaped(low))-\(LuceneRegex.escaped(high))"
      case .predefined(let scalar): "\\\(scalar)"
      }
    }.joined()
    return "[\(isNegated ? "^" : "")\(inside)]"
  }
}
