import RuleIR

/// Whether a test of text could pass on the spelling of a number or a boolean, which Splunk does not tell from text.
enum ScalarSpelling {
  static func mayEqual(_ text: String) -> Bool {
    Number(text) != nil || text.lowercased() == "true" || text.lowercased() == "false"
  }

  static func mayMatch(_ pattern: TextPattern) -> Bool {
    guard pattern.hasWildcard else { return mayEqual(pattern.literals.joined()) }
    let isNumeric = pattern.literals.allSatisfy { $0.unicodeScalars.allSatisfy { numeric.contains($0) } }
    let isBoolean = ["true", "false"].contains { word in
      pattern.literals.allSatisfy { literal in
        literal.isEmpty || word.contains(literal.lowercased())
      }
    }
    return isNumeric || isBoolean
  }

  /// Whether a regular expression could; true where that is not plain to see.
  static func mayMatch(regex text: String) -> Bool {
    var scan = Scan(Array(text.unicodeScalars))
    return !scan.demandsLetter()
  }

  private static let numeric = Set("0123456789+-.eE".unicodeScalars)
  private static let shared = Set("0123456789+-.eEtrufalsTRUFALS".unicodeScalars)

  /// Looks for a character that every match must have and no number or boolean has.
  private struct Scan {
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// Reads alternatives up to a closing parenthesis; each must demand such a character.
    mutating func demandsLetter() -> Bool {
      depth += 1
      defer { depth -= 1 }
      guard depth < 50 else {
        at = scalars.count
        return false
      }
      var isDemanded = true
      var branch = false
      while at < scalars.count, scalars[at] != ")" {
        if scalars[at] == "|" {
          isDemanded = isDemanded && branch
          branch = false
          at += 1
        } else if piece() {
          branch = true
        }
      }
      return isDemanded && branch
    }

    /// Reads one piece with what repeats it.
    private mutating func piece() -> Bool {
      let scalar = scalars[at]
      at += 1
      var isDemanded = false
      switch scalar {
      case "\\":
        if at < scalars.count, !isWord(scalars[at]) { isDemanded = !shared.contains(scalars[at]) }
        at += 1
      case "[": skipClass()
      case "(":
        if at < scalars.count, scalars[at] == "?" { return skipSpecialGroup() }
        isDemanded = demandsLetter()
        at += 1
      case "^", "$", ".", "?", "*", "+", "{", "}", ")": break
      case _: isDemanded = !shared.contains(scalar)
      }
      if at < scalars.count, scalars[at] == "{" {
        // What stands in the braces is no text.
        at = (scalars[at...].firstIndex(of: "}") ?? scalars.endIndex - 1) + 1
        return false
      }
      if at < scalars.count, scalars[at] == "?" || scalars[at] == "*" { return false }
      return isDemanded
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.value < 0x3A && scalar.value > 0x2F
    }

    private mutating func skipClass() {
      if at < scalars.count, scalars[at] == "^" { at += 1 }
      if at < scalars.count, scalars[at] == "]" { at += 1 }
      while at < scalars.count, scalars[at] != "]" { at += scalars[at] == "\\" ? 2 : 1 }
      at += 1
    }

    /// Flags, look-around and named groups tell nothing.
    private mutating func skipSpecialGroup() -> Bool {
      var open = 1
      while at < scalars.count, open > 0 {
        switch scalars[at] {
        case "\\": at += 1
        case "[":
          at += 1
          skipClass()
          continue
        case "(": open += 1
        case ")": open -= 1
        case _: break
        }
        at += 1
      }
      return false
    }
  }
}
