import RuleIR

/// Reads the part of PCRE, RE2, Rust and Python that Lucene can say, and writes it as Lucene does.
///
///     branches = branch { "|" branch } ;  branch = [ "^" ] { atom [ quantifier ] } [ "$" ] ;
///     atom     = "." | set | "\" escape | "(" [ "?:" | "?<" name ">" | "?P<" name ">" ] branches ")" | character ;
///     quantifier = ( "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ) [ "?" ] ;
struct RegexReader {
  /// An alternative on the outside.
  struct Branch {
    var text = ""
    var isAnchoredAtStart = false
    var isAnchoredAtEnd = false
  }

  typealias Refusal = LuceneTranslation.Refusal

  private var scalars: [Unicode.Scalar]
  private let regex: RegexPattern
  private(set) var ignoresCase: Bool
  private var matchesLineEnds: Bool
  private var at = 0
  private var depth = 0

  init(_ regex: RegexPattern) {
    self.regex = regex
    scalars = Array(regex.text.unicodeScalars)
    ignoresCase = regex.flags.contains(.ignoreCase)
    matchesLineEnds = regex.flags.contains(.dotAll)
    readFlags()
    unwrap()
  }

  /// Flags for the whole, `(?i)` or `(?s)`, at its start.
  private mutating func readFlags() {
    for (prefix, flag) in [("(?i)", "i"), ("(?s)", "s"), ("(?is)", "is"), ("(?si)", "is")]
    where scalars.starts(with: prefix.unicodeScalars) {
      scalars.removeFirst(prefix.unicodeScalars.count)
      ignoresCase = ignoresCase || flag.contains("i")
      matchesLineEnds = matchesLineEnds || flag.contains("s")
      return
    }
  }

  /// Takes off parentheses around the whole, in which anchors may stand.
  private mutating func unwrap() {
    while scalars.first == "(", closing(of: 0) == scalars.count - 1 {
      let isCapturing = scalars.count < 2 || scalars[1] != "?"
      guard isCapturing || scalars.starts(with: "(?:".unicodeScalars) else { return }
      scalars = Array(scalars[(isCapturing ? 1 : 3)..<(scalars.count - 1)])
    }
  }

  private func closing(of start: Int) -> Int? {
    var open = 0
    var index = start
    while index < scalars.count {
      switch scalars[index] {
      case "\\": index += 1
      // What stands in a set is left to the reader proper.
      case "[": return nil
      case "(": open += 1
      case ")":
        open -= 1
        if open == 0 { return index }
      case _: break
      }
      index += 1
    }
    return nil
  }

  // MARK: Structure

  mutating func branches() throws(Refusal) -> [Branch] {
    var branches = [try branch()]
    while next == "|" {
      at += 1
      branches.append(try branch())
    }
    guard at == scalars.count else { throw Refusal(reason: "a ')' closes nothing") }
    return branches
  }

  private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func branch() throws(Refusal) -> Branch {
    var branch = Branch()
    if skipAnchor("^", "\\A") { branch.isAnchoredAtStart = true }
    while let scalar = next, scalar != "|", scalar != ")" {
      if skipAnchor("$", "\\z") || skipAnchor("$", "\\Z") {
        guard next == nil || next == "|" else { throw Refusal(reason: "an anchor stands inside it") }
        branch.isAnchoredAtEnd = true
        // `$` of PCRE and Python is also before a line end that ends the text.
        if regex.flavour == .pcre || regex.flavour == .python { branch.text += "\n?" }
        continue
      }
      branch.text += try quantified()
    }
    if (branch.isAnchoredAtStart || branch.isAnchoredAtEnd) && regex.flags.contains(.multiline) {
      throw Refusal(reason: "its anchors match at line ends")
    }
    return branch
  }

  private mutating func skipAnchor(_ sign: Unicode.Scalar, _ escape: String) -> Bool {
    if next == sign {
      at += 1
      return true
    }
    guard scalars[at...].starts(with: escape.unicodeScalars) else { return false }
    at += 2
    return true
  }

  private mutating func quantified() throws(Refusal) -> String {
    var text = try atom()
    var hasQuantifier = false
    while let quantifier = try quantifier() {
      guard !hasQuantifier else { throw Refusal(reason: "a quantifier follows another") }
      hasQuantifier = true
      text += quantifier
      if next == "?" { at += 1 }
      if next == "+" { throw Refusal(reason: "it has a possessive quantifier") }
    }
    return text
  }

  private mutating func quantifier() throws(Refusal) -> String? {
    guard let scalar = next else { return nil }
    switch scalar {
    case "*", "+", "?":
      at += 1
      return String(scalar)
    case "{":
      let inside = scalars[(at + 1)...].prefix { $0 != "}" }
      let isCount = inside.allSatisfy { ("0"..."9").contains($0) || $0 == "," } && inside.first != ","
      guard !inside.isEmpty, isCount, at + 1 + inside.count < scalars.count else { return nil }
      at += inside.count + 2
      return "{\(inside.map(String.init).joined())}"
    case _: return nil
    }
  }

  // MARK: Atoms

  private mutating func atom() throws(Refusal) -> String {
    guard let scalar = next else { throw Refusal(reason: "it ends early") }
    at += 1
    switch scalar {
    case ".": return matchesLineEnds ? "." : "[^\n]"
    case "[": return try set()
    case "(": return try group()
    case "\\": return try escape()
    case "*", "+", "?": throw Refusal(reason: "a quantifier follows nothing")
    case "^", "$": throw Refusal(reason: "an anchor stands inside it")
    case _: return literal(scalar)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> String {
    guard ignoresCase else { return LuceneRegex.escaped(scalar) }
    return LuceneRegex.escaped(String(scalar).lowercased())
  }

  private mutating func group() throws(Refusal) -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 100 else { throw Refusal(reason: "its groups nest too deeply") }
    try skipGroupStart()
    var branches: [String] = []
    repeat {
      var text = ""
      while let scalar = next, scalar != "|", scalar != ")" { text += try quantified() }
      branches.append(text.isEmpty ? "()" : text)
    } while skip("|")
    guard skip(")") else { throw Refusal(reason: "a '(' is not closed") }
    return "(\(branches.joined(separator: "|")))"
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    at += 1
    return true
  }

  private mutating func skipGroupStart() throws(Refusal) {
    guard skip("?") else { return }
    if skip(":") { return }
    _ = skip("P")
    let isName = next == "<" && at + 1 < scalars.count && scalars[at + 1] != "=" && scalars[at + 1] != "!"
    guard isName, let end = scalars[at...].firstIndex(of: ">") else {
      throw Refusal(reason: "it looks around, or changes its flags inside")
    }
    at = end + 1
  }

  private mutating func escape() throws(Refusal) -> String {
    guard let scalar = next else { throw Refusal(reason: "it ends in a backslash") }
    at += 1
    if scalar == "s" || scalar == "S" {
      return LuceneSet(text: "", members: Self.blanks, isNegated: scalar == "S").written
    }
    if LuceneWalker.isClass(scalar) { return "\\\(scalar)" }
    return literal(try character(scalar))
  }

  /// What `\s` holds elsewhere; Lucene's has neither form feeds nor vertical tabs.
  ///
  /// <https://lucene.apache.org/core/10_0_0/core/org/apache/lucene/util/automaton/RegExp.html>
  private static let blanks: [LuceneSet.Member] = [.range("\t", "\r"), .one(" ")]

  /// The character that an escape stands for.
  private mutating func character(_ scalar: Unicode.Scalar) throws(Refusal) -> Unicode.Scalar {
    switch scalar {
    case "t": return "\t"
    case "n": return "\n"
    case "r": return "\r"
    case "f": return "\u{C}"
    case "x", "u": return try coded(scalar)
    case "a"..."z", "A"..."Z", "0"..."9": throw Refusal(reason: "Lucene has nothing for '\\\(scalar)'")
    case _: return scalar
    }
  }

  /// `\xHH`, `\x{…}` and `\uHHHH`.
  private mutating func coded(_ kind: Unicode.Scalar) throws(Refusal) -> Unicode.Scalar {
    var digits = ""
    if next == "{" {
      digits = scalars[(at + 1)...].prefix { $0 != "}" }.map(String.init).joined()
      at = min(scalars.count, at + digits.unicodeScalars.count + 2)
    } else {
      digits = scalars[at...].prefix(kind == "x" ? 2 : 4).map(String.init).joined()
      at += digits.unicodeScalars.count
    }
    guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
      throw Refusal(reason: "an escape names no character")
    }
    return scalar
  }

  // MARK: Sets

  private mutating func set() throws(Refusal) -> String {
    let isNegated = skip("^")
    var members: [LuceneSet.Member] = []
    while let scalar = next, scalar != "]" || members.isEmpty {
      if scalar == "\\", at + 1 < scalars.count, scalars[at + 1] == "s" {
        members += Self.blanks
        at += 2
        continue
      }
      let first = try member()
      guard case .one(let low) = first, next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" else {
        members.append(first)
        continue
      }
      at += 1
      guard case .one(let high) = try member(), low <= high else {
        throw Refusal(reason: "a range in a set has no end")
      }
      members.append(.range(low, high))
    }
    guard skip("]") else { throw Refusal(reason: "a '[' is not closed") }
    let hasOthers = members.contains { if case .predefined("S") = $0 { true } else { false } }
    let hasBlanks = members.contains { if case .range("\t", "\r") = $0 { true } else { false } }
    if hasOthers, !hasBlanks { throw Refusal(reason: "a set holds all but blanks, of which Lucene knows fewer") }
    let set = LuceneSet(text: "", members: members, isNegated: isNegated)
    return ignoresCase ? set.lowered.written : set.written
  }

  private mutating func member() throws(Refusal) -> LuceneSet.Member {
    guard let scalar = next else { throw Refusal(reason: "a '[' is not closed") }
    at += 1
    let doubled = scalar == "&" || scalar == "-" || scalar == "~"
    if scalar == "[" || (doubled && next == scalar) { throw Refusal(reason: "a set holds another, or a class by name") }
    guard scalar == "\\" else { return .one(ignoresCase && !scalar.isASCII ? lowercased(scalar) : scalar) }
    guard let escaped = next else { throw Refusal(reason: "it ends in a backslash") }
    at += 1
    return LuceneWalker.isClass(escaped) ? .predefined(escaped) : .one(try character(escaped))
  }

  private func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let lowered = scalar.properties.lowercaseMapping.unicodeScalars
    return lowered.count == 1 ? lowered.first ?? scalar : scalar
  }
}
