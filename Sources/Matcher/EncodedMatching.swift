import RuleIR

extension EncodedText {
  /// Whether a text has the encoded form where `extent` says.
  func matches(_ text: String) -> Bool {
    if encodings == [.windash] { return matchesDashes(text) }
    return forms.contains { pattern(of: $0).matches(text, textCase) }
  }

  private func matchesDashes(_ subject: String) -> Bool {
    let wanted = dashSymbols
    let scalars = Array(textCase.key(subject).unicodeScalars)
    guard scalars.count >= wanted.count else { return false }
    func matches(at start: Int) -> Bool {
      zip(wanted, scalars[start...]).allSatisfy { symbol, scalar in
        symbol.map { $0 == scalar } ?? Self.dashes.contains(scalar)
      }
    }
    let last = scalars.count - wanted.count
    switch extent {
    case .whole: return last == 0 && matches(at: 0)
    case .prefix: return matches(at: 0)
    case .suffix: return matches(at: last)
    case .contains: return (0...last).contains(where: matches(at:))
    }
  }

  private static let dashes: [Unicode.Scalar] = ["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"]

  /// The text's scalars, nil for a dash before a word that no word comes before.
  private var dashSymbols: [Unicode.Scalar?] {
    let scalars = Array(textCase.key(text.literals.joined()).unicodeScalars)
    return scalars.indices.map { index in
      let isDash = scalars[index] == "-" || scalars[index] == "/"
      let follows = index > 0 && scalars[index - 1].isWordScalar
      let leads = index + 1 < scalars.count && scalars[index + 1].isWordScalar
      return isDash && !follows && leads ? nil : scalars[index]
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isWordScalar: Bool { isTermScalar || self == "_" }
}
