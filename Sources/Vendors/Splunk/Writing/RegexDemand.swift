/// Looks for a character that every match of a regular expression must have, and that is none of a set.
///
/// Sure where it finds one; not finding one says nothing. Flags, look-around and named groups tell nothing.
struct RegexDemand {
  private let scalars: [Unicode.Scalar]
  private let present: Set<Unicode.Scalar>
  private var at = 0
  private var depth = 0

  init(_ scalars: [Unicode.Scalar], within present: Set<Unicode.Scalar>) {
    self.scalars = scalars
    self.present = present
  }

  /// Reads alternatives up to a closing parenthesis; each must demand such a character.
  mutating func demandsOther() -> Bool {
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
    case "\\": isDemanded = escape().map { known in !present.contains(where: known) } ?? false
    case "[": isDemanded = set()
    case "(":
      if at < scalars.count, scalars[at] == "?" {
        skipSpecialGroup()
        return false
      }
      isDemanded = demandsOther()
      at += 1
    case "^", "$", ".", "?", "*", "+", "}", ")": break
    case "{": skip(to: "}")
    case _: isDemanded = !present.contains(scalar)
    }
    return isRepeatedFromZero() ? false : isDemanded
  }

  /// Steps over a repetition that may be none.
  private mutating func isRepeatedFromZero() -> Bool {
    guard at < scalars.count else { return false }
    switch scalars[at] {
    case "?", "*": return true
    case "{":
      let isOne = at + 1 < scalars.count && (0x31...0x39).contains(scalars[at + 1].value)
      skip(to: "}")
      return !isOne
    case _: return false
    }
  }

  /// What characters the escape behind a backslash stands for; nil where that is not known.
  private mutating func escape() -> ((Unicode.Scalar) -> Bool)? {
    guard at < scalars.count else { return nil }
    let escaped = scalars[at]
    at += 1
    switch escaped {
    case "d": return { (0x30...0x39).contains($0.value) }
    case "s": return { $0.properties.isWhitespace }
    case "w": return { $0.properties.isAlphabetic || (0x30...0x39).contains($0.value) || $0 == "_" }
    case "x": return hexadecimal().map { known in { $0 == known } }
    case _ where escaped.properties.isAlphabetic || (0x30...0x39).contains(escaped.value):
      if at < scalars.count, scalars[at] == "{" { skip(to: "}") }
      while at < scalars.count, scalars[at].properties.isASCIIHexDigit, !escaped.properties.isAlphabetic { at += 1 }
      return nil
    case _: return { $0 == escaped }
    }
  }

  /// `\x41`, `\x{202E}`.
  private mutating func hexadecimal() -> Unicode.Scalar? {
    var digits = ""
    if at < scalars.count, scalars[at] == "{" {
      let inside = scalars[(at + 1)...].prefix { $0 != "}" }
      digits.unicodeScalars.append(contentsOf: inside)
      skip(to: "}")
    } else {
      while at < scalars.count, digits.count < 2, scalars[at].properties.isASCIIHexDigit {
        digits.unicodeScalars.append(scalars[at])
        at += 1
      }
    }
    return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
  }

  private mutating func skip(to end: Unicode.Scalar) {
    while at < scalars.count, scalars[at] != end { at += 1 }
    at += 1
  }

  /// A class: demanded where it takes none of the characters; a negated one tells nothing.
  private mutating func set() -> Bool {
    var isKnown = true
    var takesPresent = false
    if at < scalars.count, scalars[at] == "^" {
      isKnown = false
      at += 1
    }
    var isFirst = true
    while at < scalars.count, isFirst || scalars[at] != "]" {
      isFirst = false
      let low = scalars[at]
      at += 1
      if low == "\\" {
        guard let known = escape() else {
          isKnown = false
          continue
        }
        takesPresent = takesPresent || present.contains(where: known)
      } else if at + 1 < scalars.count, scalars[at] == "-", scalars[at + 1] != "]" {
        let high = scalars[at + 1]
        at += 2
        if high == "\\" || low == "[" { isKnown = false }
        takesPresent = takesPresent || present.contains { low <= $0 && $0 <= high }
      } else {
        if low == "[", at < scalars.count, scalars[at] == ":" { isKnown = false }
        takesPresent = takesPresent || present.contains(low)
      }
    }
    at += 1
    return isKnown && !takesPresent
  }

  private mutating func skipSpecialGroup() {
    var open = 1
    while at < scalars.count, open > 0 {
      switch scalars[at] {
      case "\\": at += 1
      case "[": skipSet()
      case "(": open += 1
      case ")": open -= 1
      case _: break
      }
      at += 1
    }
  }

  /// From an opening bracket to the closing one.
  private mutating func skipSet() {
    at += 1
    if at < scalars.count, scalars[at] == "^" { at += 1 }
    if at < scalars.count, scalars[at] == "]" { at += 1 }
    while at < scalars.count, scalars[at] != "]" { at += scalars[at] == "\\" ? 2 : 1 }
  }
}
