import RuleIR

/// Writes values so that they stay inside their quotes.
enum SPLText {
  /// A value in double quotes, for `search` and for `eval`: backslashes and quotes are escaped.
  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { out += "\\" }
      out.unicodeScalars.append(scalar)
    }
    return out + "\""
  }

  /// A value of `search`, whose stars are wildcards; nil where it has what `search` cannot hold.
  static func quoted(_ pattern: TextPattern) -> String? {
    var text = ""
    for part in pattern.parts {
      switch part {
      case .anyRun: text += "*"
      case .anyScalar: return nil
      case .literal(let literal):
        guard !literal.contains("*"), isPlain(literal) else { return nil }
        text += String(quoted(literal).dropFirst().dropLast())
      }
    }
    return "\"\(text)\""
  }

  /// A regular expression in double quotes.
  ///
  /// A backslash before what is no escape is itself, so that `"\d"` can stay as people write it.
  static func quotedRegex(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    let isDoubtful = scalars.indices.contains { index in
      guard scalars[index] == "\\" else { return false }
      return index + 1 == scalars.count || scalars[index + 1] == "\\" || scalars[index + 1] == "\""
    }
    if isDoubtful { return quoted(text) }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
  }

  /// Whether a text may stand in quotes as it is: no control character, and nothing that looks like a comment.
  static func isPlain(_ text: String) -> Bool {
    !text.contains("```") && !text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\t") || $0.value == 0x7F }
  }

  static func lowercased(_ text: String) -> String { text.lowercased() }
}

/// Writes texts and patterns as regular expressions, where nothing simpler holds them.
enum RegexText {
  /// The expression that finds just what the pattern covers.
  static func regex(_ pattern: TextPattern, _ textCase: TextCase) -> String {
    var parts = pattern.parts[...]
    let opensEnd = parts.last == .anyRun
    let opensStart = parts.first == .anyRun && !parts.isEmpty
    if opensEnd { parts = parts.dropLast() }
    if opensStart, !parts.isEmpty { parts = parts.dropFirst() }
    let hasWildcard = parts.contains { $0 == .anyRun || $0 == .anyScalar }
    let body = parts.map { part in
      switch part {
      case .anyRun: ".*"
      case .anyScalar: "."
      case .literal(let text): escaped(text)
      }
    }.joined()
    let flags = (textCase == .insensitive ? "i" : "") + (hasWildcard ? "s" : "")
    return (flags.isEmpty ? "" : "(?\(flags))") + (opensStart ? "" : "^") + body + (opensEnd ? "" : "\\z")
  }

  /// A text as a regular expression for itself.
  static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      if "\\^$.|?*+()[]{}".unicodeScalars.contains(scalar) {
        out += "\\" + String(scalar)
      } else if scalar.value < 0x20 || scalar.value == 0x7F || scalar == "`" {
        let digits = String(scalar.value, radix: 16)
        out += "\\x" + (digits.count < 2 ? "0" : "") + digits
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// A text in which every dash before a word, behind none, may be any of five.
  static func dashes(_ encoded: EncodedText) -> String {
    let scalars = Array(encoded.text.literals.joined().unicodeScalars)
    let body = scalars.indices.map { index in
      let isDash = scalars[index] == "-" || scalars[index] == "/"
      let leads = index + 1 < scalars.count && isWord(scalars[index + 1])
      let follows = index > 0 && isWord(scalars[index - 1])
      return isDash && leads && !follows ? "[-/\u{2013}\u{2014}\u{2015}]" : escaped(String(scalars[index]))
    }.joined()
    let opens = encoded.extent == .whole || encoded.extent == .prefix
    let closes = encoded.extent == .whole || encoded.extent == .suffix
    return (encoded.textCase == .insensitive ? "(?i)" : "") + (opens ? "^" : "") + body + (closes ? "\\z" : "")
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber || scalar == "_"
  }

  /// A word between breakers, or at the end of one.
  static func term(_ term: TermMatch) -> String {
    let edge = "[^A-Za-z0-9]"
    let before = term.extent == .suffix ? "" : "(?:^|\(edge))"
    let after = term.extent == .prefix ? "" : "(?:\(edge)|\\z)"
    return (term.textCase == .insensitive ? "(?i)" : "") + before + escaped(term.text) + after
  }
}
