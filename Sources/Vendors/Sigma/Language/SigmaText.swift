import RuleIR

/// The escapes and wildcards of Sigma's texts.
///
/// A backslash escapes `*`, `?` and itself; before anything else, and at the end, it stands for itself. So `C:\Temp`
/// and `C:\\Temp` are one text, `\*` is a star, and `\\*` is a backslash before a wildcard
/// (https://sigmahq.io/docs/basics/rules.html#escaping).
enum SigmaText {
  /// What a text of a rule matches.
  static func pattern(_ text: String) -> TextPattern {
    var parts: [TextPattern.Part] = []
    var literal = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\\", let next = rest.first, isSpecial(next) {
        literal.append(next)
        rest = rest.dropFirst()
      } else if scalar == "*" || scalar == "?" {
        parts += [.literal(String(literal)), scalar == "*" ? .anyRun : .anyScalar]
        literal.removeAll()
      } else {
        literal.append(scalar)
      }
    }
    return TextPattern(parts + [.literal(String(literal))])
  }

  /// The text that `pattern(_:)` reads as this pattern; a backslash is doubled only where it must be.
  static func text(of pattern: TextPattern) -> String {
    var text = ""
    for (index, part) in pattern.parts.enumerated() {
      switch part {
      case .anyRun: text += "*"
      case .anyScalar: text += "?"
      case .literal(let literal): text += escaped(literal, beforeWildcard: index + 1 < pattern.parts.count)
      }
    }
    return text
  }

  /// A text that holds no wildcard.
  static func text(ofExactly literal: String) -> String { escaped(literal, beforeWildcard: false) }

  private static func escaped(_ literal: String, beforeWildcard: Bool) -> String {
    var text = String.UnicodeScalarView()
    var rest = literal.unicodeScalars[...]
    while let scalar = rest.first {
      guard scalar == "\\" else {
        if isSpecial(scalar) { text.append("\\") }
        text.append(scalar)
        rest = rest.dropFirst()
        continue
      }
      let run = rest.prefix { $0 == "\\" }
      rest = rest.dropFirst(run.count)
      let next = rest.first
      let standsAlone = run.count == 1 && !(next.map(isSpecial) ?? beforeWildcard)
      for _ in 0..<(standsAlone ? 1 : 2 * run.count) { text.append("\\") }
    }
    return String(text)
  }

  private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool { scalar == "*" || scalar == "?" || scalar == "\\" }
}
