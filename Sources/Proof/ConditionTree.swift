import RuleIR

extension Condition {
  /// The texts that pass, as a tree; nil where the condition is not about the form of a text.
  ///
  /// - Throws: The construct that has no tree.
  func tree() throws(RegexParser.Outside) -> RegexTree? {
    switch self {
    case .equals(let literal): return literal.tree
    case .oneOf(let literals):
      var branches: [RegexTree] = []
      for literal in literals {
        guard let tree = literal.tree else { return nil }
        branches.append(tree)
      }
      return .choice(branches)
    case .matches(let pattern, let textCase): return pattern.tree(textCase)
    case .regex(let pattern): return try RegexParser.tree(of: pattern)
    case .term(let match): return try match.tree()
    case .encoded(let encoded): return encoded.tree
    // No text stands in an order to a number, unless it is read as one, or to a boolean.
    case .order(_, .number(_, .strict)), .order(_, .boolean): return .nothing
    case .order(let order, .text(let text, let textCase)): return .texts(order, text, textCase)
    case .network(let network): return .addresses(of: network)
    case .order(_, .number(_, .coercing)), .order(_, .untyped), .field: return nil
    }
  }
}

extension Literal {
  fileprivate var tree: RegexTree? {
    switch self {
    case .text(let text, let textCase), .untyped(let text, let textCase):
      return .text(textCase.key(text), ignoringCase: textCase == .insensitive)
    // No text is a number or a boolean where the reading is strict; where it is not, many spell one number.
    case .number(_, .strict), .boolean: return .nothing
    case .number(_, .coercing): return nil
    }
  }
}

extension TextPattern {
  fileprivate func tree(_ textCase: TextCase) -> RegexTree {
    .sequence(
      parts.map { part in
        switch part {
        case .literal(let text): .text(textCase.key(text), ignoringCase: textCase == .insensitive)
        case .anyScalar: .set(.any)
        case .anyRun: .anything
        }
      })
  }
}

extension TermMatch {
  fileprivate func tree() throws(RegexParser.Outside) -> RegexTree {
    guard tokenisation == .alphanumericRuns else { throw .init(reason: "an analysed field") }
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first, let last = scalars.last else { return .anything }
    let outside = RegexTree.set(.complement(.termScalars))
    let opens: RegexTree =
      extent == .suffix || !CharacterSet.termScalars.contains(first)
      ? .anything : .optional(.sequence([.anything, outside]))
    let closes: RegexTree =
      extent == .prefix || !CharacterSet.termScalars.contains(last)
      ? .anything : .optional(.sequence([outside, .anything]))
    return .sequence([opens, .text(textCase.key(text), ignoringCase: textCase == .insensitive), closes])
  }
}

extension EncodedText {
  /// The form under dashes alone; other encodings have no tree yet.
  fileprivate var tree: RegexTree? {
    guard encodings == [.windash] else { return nil }
    let scalars = Array(textCase.key(text.literals.joined()).unicodeScalars)
    let dashes = CharacterSet.union(["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"].map { CharacterSet.scalar($0) })
    let inner = RegexTree.sequence(
      scalars.indices.map { index in
        let isDash = scalars[index] == "-" || scalars[index] == "/"
        let follows = index > 0 && scalars[index - 1].isWord
        let leads = index + 1 < scalars.count && scalars[index + 1].isWord
        if isDash && !follows && leads { return .set(dashes) }
        return textCase == .insensitive ? .set(.folded(.scalar(scalars[index]))) : .set(.scalar(scalars[index]))
      })
    switch extent {
    case .whole: return inner
    case .prefix: return .sequence([inner, .anything])
    case .suffix: return .sequence([.anything, inner])
    case .contains: return .sequence([.anything, inner, .anything])
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isWord: Bool { CharacterSet.termScalars.contains(self) || self == "_" }
}
