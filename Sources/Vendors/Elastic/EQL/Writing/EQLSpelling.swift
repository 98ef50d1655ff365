import RuleIR

/// Spells names, texts and patterns so that they are read back as just these.
enum EQLSpelling {
  /// A field's name; in backticks unless every part of it is plainly a name.
  static func name(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ isPlain($0) }) else {
      return "`\(name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``"))`"
    }
    return name
  }

  /// Whether a category can stand before `where`.
  static func isCategory(_ text: String) -> Bool { isPlain(text[...]) }

  private static let keywords: Set<String> = [
    "and", "any", "by", "false", "fork", "in", "join", "like", "maxspan", "not", "null", "of", "or", "regex", "runs",
    "sample", "sequence", "true", "until", "where", "with",
  ]

  private static func isPlain(_ part: Substring) -> Bool {
    guard let first = part.utf8.first, isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return !keywords.contains(part.lowercased())
      && part.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  /// A text as a string; in three quotes where that saves escapes.
  static func text(_ text: String) -> String {
    let isShown = text.unicodeScalars.allSatisfy { escape($0) == nil || $0 == "\\" || $0 == "\"" }
    return (isShown ? QueryText.inTripleQuotes(text) : nil) ?? escaped(text)
  }

  private static func escaped(_ text: String) -> String {
    var spelled = "\""
    for scalar in text.unicodeScalars {
      if let escape = escape(scalar) { spelled += escape } else { spelled.unicodeScalars.append(scalar) }
    }
    return spelled + "\""
  }

  /// How a character is escaped; nil where it stands for itself.
  private static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case _ where isControl(scalar):
      let digits = String(scalar.value, radix: 16)
      return "\\u{\(digits.count < 2 ? "0" : "")\(digits)}"
    case _: return nil
    }
  }

  /// Control characters and the line ends of Unicode.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
  }

  /// A pattern of `like`, not yet a string; nil where a literal `*` or `?` in it would be a wildcard.
  static func pattern(_ pattern: TextPattern) -> String? {
    guard !pattern.literals.contains(where: \.hasWildcardCharacter) else { return nil }
    return pattern.parts.map { part in
      switch part {
      case .anyRun: "*"
      case .anyScalar: "?"
      case .literal(let text): text
      }
    }.joined()
  }

  /// A pattern as a regular expression of Lucene.
  static func regex(_ pattern: TextPattern) -> String {
    pattern.parts.map { part in
      switch part {
      case .anyRun: ".*"
      case .anyScalar: "."
      case .literal(let text): LuceneRegex.escaped(text)
      }
    }.joined()
  }

  static func number(_ number: Number) -> String {
    number.text.hasPrefix("+") ? String(number.text.dropFirst()) : number.text
  }
}

extension String {
  var hasWildcardCharacter: Bool { utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }
}
