/// A regular expression taken apart as far as telling the flavours apart needs.
indirect enum RegexNode: Hashable {
  /// One scalar, itself.
  case literal(Unicode.Scalar)
  /// `.`
  case any
  /// A set of scalars, in the syntax of Rust's crate.
  case set(String)
  /// `^` and `\A`
  case start(String)
  /// `$` and `\z`
  case end(String)
  /// `\b`, which needs a word character beside it.
  case boundary(String)
  /// `\B`
  case inside(String)
  /// `(…)`, with what stands before its inside: `(`, `(?:`, `(?i:`.
  case group(String, RegexNode)
  /// `(?i)`: flags from here on.
  case flags(String)
  case sequence([RegexNode])
  case choice([RegexNode])
  /// A repetition: how often at least, and how it is written.
  case repeated(RegexNode, atLeast: Int, String)
}

extension RegexNode {
  /// Whether it matches the empty text.
  var matchesEmpty: Bool {
    switch self {
    case .literal, .any, .set, .boundary: false
    case .start, .end, .inside, .flags: true
    case .group(_, let inner): inner.matchesEmpty
    case .sequence(let parts): parts.allSatisfy(\.matchesEmpty)
    case .choice(let parts): parts.contains(where: \.matchesEmpty)
    case .repeated(let inner, let least, _): least == 0 || inner.matchesEmpty
    }
  }

  /// How many groups capture.
  var captures: Int {
    switch self {
    case .literal, .any, .set, .boundary, .start, .end, .inside, .flags: 0
    case .group(let head, let inner): inner.captures + (head == "(" || head.hasPrefix("(?P<") ? 1 : 0)
    case .sequence(let parts), .choice(let parts): parts.reduce(0) { $0 + $1.captures }
    case .repeated(let inner, _, _): inner.captures
    }
  }

  /// The expression in the syntax of Rust's regex crate, which Kusto uses.
  ///
  /// https://docs.rs/regex/latest/regex/#syntax
  var rust: String {
    switch self {
    case .literal(let scalar): Self.escaped(scalar)
    case .any: "."
    case .set(let text), .start(let text), .end(let text), .boundary(let text), .inside(let text), .flags(let text):
      text
    case .group(let head, let inner): head + inner.rust + ")"
    case .sequence(let parts): parts.map(\.rust).joined()
    case .choice(let parts): parts.map(\.rust).joined(separator: "|")
    case .repeated(let inner, _, let text): inner.rust + text
    }
  }

  /// A scalar that stands for itself, outside of a set and inside of one.
  static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case _ where "\\.+*?()|[]{}^$#&-~".unicodeScalars.contains(scalar): return "\\\(scalar)"
    case _ where scalar.isHardToSee: return "\\x{\(String(scalar.value, radix: 16, uppercase: true))}"
    case _: return String(scalar)
    }
  }
}

extension Unicode.Scalar {
  /// Whether the scalar shows as nothing or breaks the line: controls, separators and marks without a shape.
  var isHardToSee: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .privateUse, .unassigned: true
    case .spaceSeparator: self != " "
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation,
      .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
      .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      false
    @unknown default: true
    }
  }
}
