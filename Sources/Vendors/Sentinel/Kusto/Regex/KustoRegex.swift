import RuleIR

/// The regular expressions of `matches regex`, on their way between the rule model and Kusto.
///
/// https://learn.microsoft.com/kusto/query/regex
enum KustoRegex {
  /// How many groups may capture.
  static let captureLimit = 16

  /// An expression in Kusto's syntax, and whether it matches the empty text.
  struct Rendering {
    var text: String
    var matchesEmpty: Bool
  }

  /// Writes an expression of any flavour.
  static func render(_ pattern: RegexPattern) throws(RegexScanner.Refusal) -> Rendering {
    let node = try RegexScanner.scan(pattern)
    guard node.captures <= captureLimit else { throw .init(reason: "it has more than 16 groups that capture") }
    let letters = [(RegexPattern.Flags.ignoreCase, "i"), (.multiline, "m"), (.dotAll, "s")]
      .filter { pattern.flags.contains($0.0) }.map(\.1).joined()
    let text = pattern.flavour == .rust ? pattern.text : node.rust
    let anchored: String
    switch pattern.anchoring {
    case .search: anchored = text
    case .start: anchored = pattern.flags.contains(.multiline) ? "\\A(?:\(text))" : "^(?:\(text))"
    case .whole: anchored = pattern.flags.contains(.multiline) ? "\\A(?:\(text))\\z" : "^(?:\(text))$"
    }
    return Rendering(text: letters.isEmpty ? anchored : "(?\(letters))\(anchored)", matchesEmpty: node.matchesEmpty)
  }

  /// Writes a pattern of wildcards; `*` and `?` pass line ends too.
  static func render(_ pattern: TextPattern, _ textCase: TextCase) -> String {
    let flags = textCase == .insensitive ? "(?is)" : "(?s)"
    var parts = pattern.parts[...]
    let opens = parts.first == .anyRun
    if opens { parts = parts.dropFirst() }
    let closes = parts.last == .anyRun
    if closes { parts = parts.dropLast() }
    let inside = parts.map { part in
      switch part {
      case .literal(let text): text.unicodeScalars.map(RegexNode.escaped).joined()
      case .anyRun: ".*"
      case .anyScalar: "."
      }
    }.joined()
    return flags + (opens ? "" : "^") + inside + (closes ? "" : "$")
  }

  /// What an expression of a query comes to.
  enum Meaning {
    case pattern(TextPattern, TextCase)
    case regex(RegexPattern, matchesEmpty: Bool)
  }

  /// Reads an expression; one that only says what wildcards say becomes a pattern.
  static func read(_ text: String) throws(RegexScanner.Refusal) -> Meaning {
    let (flags, rest) = leadingFlags(text)
    let whole = RegexPattern(rest, .rust, flags: flags, anchoring: .search)
    let node = try RegexScanner.scan(whole)
    if let pattern = pattern(of: node, flags) {
      return .pattern(pattern, flags.contains(.ignoreCase) ? .insensitive : .sensitive)
    }
    if case .sequence(let parts) = node, parts.count == 3, parts[0] == .start("^"), parts[2] == .end("$"),
      case .group("(?:", _) = parts[1], !flags.contains(.multiline)
    {
      let inside = String(String.UnicodeScalarView(rest.unicodeScalars.dropFirst(4).dropLast(2)))
      return .regex(
        RegexPattern(inside, .rust, flags: flags, anchoring: .whole), matchesEmpty: node.matchesEmpty)
    }
    return .regex(whole, matchesEmpty: node.matchesEmpty)
  }

  /// The flags that an expression starts with, and what is behind them.
  private static func leadingFlags(_ text: String) -> (RegexPattern.Flags, String) {
    let scalars = text.unicodeScalars
    guard scalars.starts(with: "(?".unicodeScalars), let close = scalars.firstIndex(of: ")") else { return ([], text) }
    var flags: RegexPattern.Flags = []
    for letter in scalars[..<close].dropFirst(2) {
      switch letter {
      case "i": flags.insert(.ignoreCase)
      case "m": flags.insert(.multiline)
      case "s": flags.insert(.dotAll)
      case _: return ([], text)
      }
    }
    return (flags, String(scalars[close...].dropFirst()))
  }

  private static func pattern(of node: RegexNode, _ flags: RegexPattern.Flags) -> TextPattern? {
    guard !flags.contains(.multiline) else { return nil }
    var nodes: ArraySlice<RegexNode> = [node]
    if case .sequence(let parts) = node { nodes = parts[...] }
    var parts: [TextPattern.Part] = []
    if nodes.first == .start("^") { nodes = nodes.dropFirst() } else { parts.append(.anyRun) }
    let isClosed = nodes.last == .end("$")
    if isClosed { nodes = nodes.dropLast() }
    for node in nodes {
      switch node {
      case .literal(let scalar): parts.append(.literal(String(scalar)))
      case .any where flags.contains(.dotAll): parts.append(.anyScalar)
      case .repeated(.any, let least, let mark)
      where flags.contains(.dotAll) && (mark.first == "*" || mark.first == "+"):
        parts += [TextPattern.Part](repeating: .anyScalar, count: least) + [.anyRun]
      case .any, .set, .start, .end, .boundary, .inside, .group, .flags, .sequence, .choice, .repeated: return nil
      }
    }
    if !isClosed { parts.append(.anyRun) }
    return TextPattern(parts)
  }
}
