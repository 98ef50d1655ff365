import RuleIR

/// Reads the linear fragment of a regular expression of any flavour.
///
///     choice   = sequence { "|" sequence } ;
///     sequence = { piece } ;
///     piece    = atom [ ( "*" | "+" | "?" | "{" m [ "," [ n ] ] "}" ) [ "?" | "+" ] ] ;
///     atom     = "(" [ "?" flags ":" | "?P<name>" | "?<name>" ] choice ")" | "(?" flags ")"
///              | class | "." | "^" | "$" | "\" escape | scalar ;
///
/// What lies outside (look-around, back-references, Lucene's complement) has no tree: nil with the reason.
struct RegexParser {
  struct Outside: Error {
    var reason: String
  }

  private let scalars: [Unicode.Scalar]
  private let flavour: RegexPattern.Flavour
  private var flags: RegexPattern.Flags
  private var at = 0
  private var depth = 0

  /// The tree that covers a whole value, anchoring included.
  static func tree(of pattern: RegexPattern) throws(Outside) -> RegexTree {
    if pattern.flags.contains(.multiline) { throw Outside(reason: "the flag 'm'") }
    var parser = RegexParser(pattern)
    let tree = try parser.choice()
    guard parser.at == parser.scalars.count else { throw Outside(reason: "an unbalanced ')'") }
    switch pattern.anchoring {
    case .whole: return tree
    case .start: return .sequence([tree, .anything])
    case .search: return .sequence([.anything, tree, .anything])
    }
  }

  private init(_ pattern: RegexPattern) {
    scalars = Array(pattern.text.unicodeScalars)
    flavour = pattern.flavour
    flags = pattern.flags
    if flavour == .lucene { flags.insert(.dotAll) }
  }

  private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func skip(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard at + wanted.count <= scalars.count, scalars[at..<(at + wanted.count)].elementsEqual(wanted) else {
      return false
    }
    at += wanted.count
    return true
  }

  /// Takes up flags such as `i-s` up to `)` or `:`, which is left to be read.
  private mutating func takeFlags() throws(Outside) {
    var isOn = true
    while let flag = next, flag != ")", flag != ":" {
      at += 1
      switch flag {
      case "-": isOn = false
      case "i": if isOn { flags.insert(.ignoreCase) } else { flags.remove(.ignoreCase) }
      case "s": if isOn { flags.insert(.dotAll) } else { flags.remove(.dotAll) }
      // Off is what it is anyway.
      case "m" where !isOn: break
      case "u" where flavour == .rust: if isOn { flags.remove(.asciiClasses) } else { flags.insert(.asciiClasses) }
      case _: throw Outside(reason: "the flag '\(flag)'")
      }
    }
  }

  private mutating func choice() throws(Outside) -> RegexTree {
    depth += 1
    defer { depth -= 1 }
    guard depth < 100 else { throw Outside(reason: "groups nested more than 100 deep") }
    var branches = [try sequence()]
    while skip("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(Outside) -> RegexTree {
    var parts: [RegexTree] = []
    while let scalar = next, scalar != "|", scalar != ")" { parts.append(try piece()) }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func piece() throws(Outside) -> RegexTree {
    var tree = try atom()
    while let scalar = next {
      switch scalar {
      case "*": tree = .star(tree)
      case "+": tree = .sequence([tree, .star(tree)])
      case "?": tree = .optional(tree)
      case "{":
        guard let bounds = try bounds() else { return tree }
        tree = .times(tree, bounds.low, bounds.high)
        try skipGreed()
        continue
      case _: return tree
      }
      at += 1
      try skipGreed()
    }
    return tree
  }

  /// Steps over `?`, which changes what is captured and not what matches.
  private mutating func skipGreed() throws(Outside) {
    guard flavour != .lucene else { return }
    if next == "+" { throw Outside(reason: "a possessive quantifier") }
    if next == "?" { at += 1 }
  }

  /// The bounds in braces; nil, with nothing read, where the brace is an ordinary character.
  private mutating func bounds() throws(Outside) -> (low: Int, high: Int?)? {
    let inside = scalars[(at + 1)...].prefix { $0 != "}" }
    let text = String(String.UnicodeScalarView(inside))
    let halves = text.split(separator: ",", omittingEmptySubsequences: false)
    guard at + 1 + inside.count < scalars.count, (1...2).contains(halves.count), let low = Int(halves[0]) else {
      return nil
    }
    let high = halves.count == 1 ? low : halves[1].isEmpty ? nil : Int(halves[1])
    guard low <= 1_000, high ?? 0 <= 1_000 else { throw Outside(reason: "a repetition of more than 1,000 times") }
    at += inside.count + 2
    return (low, high)
  }

  private mutating func atom() throws(Outside) -> RegexTree {
    guard let scalar = next else { return .empty }
    at += 1
    switch scalar {
    case "(": return try group()
    case "[": return .set(folding(try characterClass()))
    case ".": return .set(flags.contains(.dotAll) ? .any : .complement(.scalar("\n")))
    case "\\": return try escape()
    case "^" where flavour != .lucene: return .start
    case "$" where flavour != .lucene:
      // Before a line end that ends the text, too, in PCRE and Python.
      return flavour == .pcre || flavour == .python
        ? .sequence([.optional(.set(.scalar("\n"))), .end]) : .end
    case "~" where flavour == .lucene, "&" where flavour == .lucene, "<" where flavour == .lucene:
      throw Outside(reason: "Lucene's operator '\(scalar)'")
    case "@" where flavour == .lucene: return .anything
    case "#" where flavour == .lucene: return .nothing
    case "\"" where flavour == .lucene:
      let quoted = scalars[at...].prefix { $0 != "\"" }
      at = min(at + quoted.count + 1, scalars.count)
      return .sequence(quoted.map { .set(folding(.scalar($0))) })
    case _: return .set(folding(.scalar(scalar)))
    }
  }

  private func folding(_ set: CharacterSet) -> CharacterSet {
    flags.contains(.ignoreCase) ? .folded(set) : set
  }

  private mutating func group() throws(Outside) -> RegexTree {
    let outer = flags
    if next == "?", flavour != .lucene {
      if skip("?P<")
        || (at + 2 < scalars.count && scalars[at + 2] != "=" && scalars[at + 2] != "!" && skip("?<"))
      {
        while let scalar = next, scalar != ">" { at += scalar == ">" ? 0 : 1 }
        at += 1
      } else if at + 1 < scalars.count, "imsUux-:".unicodeScalars.contains(scalars[at + 1]) {
        at += 1
        try takeFlags()
        // Flags without a group hold to the end of the group that they stand in.
        if skip(")") { return .empty }
        at += 1
      } else {
        throw Outside(reason: "a group that starts with '(?'")
      }
    }
    let inner = try choice()
    flags = outer
    guard skip(")") else { throw Outside(reason: "an unbalanced '('") }
    return inner
  }

  private var boundariesAreASCII: Bool {
    flavour == .sigma || flavour == .pcre || flags.contains(.asciiClasses)
  }

  private mutating func escape() throws(Outside) -> RegexTree {
    guard let scalar = next else { throw Outside(reason: "a backslash at the end") }
    if flavour != .lucene {
      switch scalar {
      case "A":
        at += 1
        return .start
      case "z":
        at += 1
        return .end
      // Unicode's letters count in the words of the others.
      case "b" where boundariesAreASCII:
        at += 1
        return .wordBoundary
      case "B" where boundariesAreASCII:
        at += 1
        return .noWordBoundary
      case "Z" where flavour == .python:
        at += 1
        return .end
      case "b", "B", "G", "K", "R", "X", "Z", "k", "g", "1"..."9", "Q", "E", "p", "P", "N":
        throw Outside(reason: "the escape '\\\(scalar)'")
      case _: break
      }
    }
    return .set(folding(try escapedSet()))
  }

  /// The set behind a backslash, in a class or outside.
  private mutating func escapedSet() throws(Outside) -> CharacterSet {
    guard let scalar = next else { throw Outside(reason: "a backslash at the end") }
    at += 1
    switch scalar {
    case "d", "D", "w", "W", "s", "S":
      let kind = flags.contains(.asciiClasses) ? .pcre : flavour
      let set: CharacterSet =
        switch (scalar, kind) {
        case ("d", .rust), ("D", .rust), ("d", .python), ("D", .python): .unicode(.digits)
        case ("w", .rust), ("W", .rust): .unicode(.rustWords)
        case ("w", .python), ("W", .python): .unicode(.pythonWords)
        case (_, .rust): .unicode(.rustSpaces)
        case (_, .python): .unicode(.pythonSpaces)
        case ("d", _), ("D", _): .digits
        case ("w", _), ("W", _): .wordScalars
        case (_, .lucene): .luceneBlanks
        case (_, .sigma), (_, .pcre): .blanks
        }
      return scalar.properties.isUppercase ? .complement(set) : set
    case "n" where flavour != .lucene: return .scalar("\n")
    case "r" where flavour != .lucene: return .scalar("\r")
    case "t" where flavour != .lucene: return .scalar("\t")
    case "f" where flavour != .lucene: return .scalar("\u{C}")
    case "v" where flavour != .lucene: return .scalar("\u{B}")
    case "x" where flavour != .lucene: return .scalar(try hexadecimal())
    case "a"..."z", "A"..."Z", "0"..."9": throw Outside(reason: "the escape '\\\(scalar)'")
    case _: return .scalar(scalar)
    }
  }

  private mutating func hexadecimal() throws(Outside) -> Unicode.Scalar {
    let digits: [Unicode.Scalar]
    if next == "{" {
      digits = Array(scalars[(at + 1)...].prefix { $0 != "}" })
      at += digits.count + 2
    } else {
      digits = Array(scalars[at...].prefix(2))
      at += digits.count
    }
    let text = String(String.UnicodeScalarView(digits))
    guard at <= scalars.count, let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
      throw Outside(reason: "the escape '\\x'")
    }
    return scalar
  }

  private mutating func characterClass() throws(Outside) -> CharacterSet {
    let isNegated = skip("^")
    var sets: [CharacterSet] = []
    var isFirst = true
    while let scalar = next, scalar != "]" || (isFirst && flavour != .lucene) {
      isFirst = false
      if scalar == "[", flavour != .lucene, at + 1 < scalars.count, ":.=".unicodeScalars.contains(scalars[at + 1]) {
        throw Outside(reason: "a named class")
      }
      if flavour == .rust, scalar == "[" || isRustOperator { throw Outside(reason: "an operator between classes") }
      sets.append(try classItem())
    }
    guard skip("]") else { throw Outside(reason: "an unbalanced '['") }
    let union = CharacterSet.union(sets)
    return isNegated ? .complement(union) : union
  }

  private var isRustOperator: Bool {
    guard at + 1 < scalars.count, scalars[at] == scalars[at + 1] else { return false }
    return "&-~".unicodeScalars.contains(scalars[at])
  }

  private mutating func classItem() throws(Outside) -> CharacterSet {
    let low = try classScalar()
    guard case .scalar(let first) = low, next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" else { return low }
    at += 1
    guard case .scalar(let last) = try classScalar(), first.value <= last.value else {
      throw Outside(reason: "a range that is none")
    }
    return .range(first.value...last.value)
  }

  private mutating func classScalar() throws(Outside) -> CharacterSet {
    guard let scalar = next else { throw Outside(reason: "an unbalanced '['") }
    at += 1
    if scalar == "\\" {
      if next == "b", flavour != .lucene {
        at += 1
        return .scalar("\u{8}")
      }
      return try escapedSet()
    }
    return .scalar(scalar)
  }
}
