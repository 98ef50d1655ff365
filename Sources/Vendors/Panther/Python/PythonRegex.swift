import RuleIR

/// Python's `re` for a regular expression of the rule model.
///
/// Only what means the same in both is taken over; a construct that differs is respelled where Python has another
/// spelling of the same meaning, and refused otherwise (https://docs.python.org/3/library/re.html).
struct PythonRegex {
  /// Why a regular expression has no counterpart in Python.
  struct Refusal: Error {
    var reason: String
  }

  let text: String
  /// The flags as attributes of `re`.
  let flags: [String]
  /// `search`, `fullmatch` or `match`.
  let function: String
  /// Whether a class is named that without re.ASCII would hold characters of all scripts.
  let namesClasses: Bool

  init(_ pattern: RegexPattern) throws(Refusal) {
    var writer = Writer(pattern)
    try writer.run()
    text = writer.out
    var flags: [String] = []
    if pattern.flags.contains(.ignoreCase) { flags.append("IGNORECASE") }
    if pattern.flags.contains(.multiline) { flags.append("MULTILINE") }
    if pattern.flags.contains(.dotAll) || pattern.flavour == .lucene { flags.append("DOTALL") }
    let foldsASCII = pattern.flags.contains(.ignoreCase) && !pattern.text.hasNonASCIILetter
    if writer.namesClasses || foldsASCII { flags.append("ASCII") }
    self.flags = flags
    namesClasses = writer.namesClasses
    switch pattern.anchoring {
    case .search: function = "search"
    case .whole: function = "fullmatch"
    case .start: function = "match"
    }
  }

  /// The pattern of a text pattern, for `fullmatch` with DOTALL.
  static func glob(_ pattern: TextPattern) -> String {
    var text = ""
    for part in pattern.parts {
      switch part {
      case .anyRun: text += ".*"
      case .anyScalar: text += "."
      case .literal(let literal): text += escaped(literal)
      }
    }
    return text
  }

  /// The text pattern that a glob's regular expression spells; nil where it is no such thing.
  static func pattern(ofGlob text: String) -> TextPattern? {
    var parts: [TextPattern.Part] = []
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      if scalar == "." {
        if rest.first == "*" {
          rest.removeFirst()
          parts.append(.anyRun)
        } else {
          parts.append(.anyScalar)
        }
      } else if scalar == "\\" {
        guard let literal = rest.popFirst(), isSpecial(literal) else { return nil }
        parts.append(.literal(String(literal)))
      } else {
        guard !isSpecial(scalar) else { return nil }
        parts.append(.literal(String(scalar)))
      }
    }
    return TextPattern(parts)
  }

  private static func escaped(_ literal: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in literal.unicodeScalars {
      if isSpecial(scalar) { text.append("\\") }
      text.append(scalar)
    }
    return String(text)
  }

  fileprivate static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    "\\.^$*+?{}[]|()".unicodeScalars.contains(scalar)
  }
}

extension PythonRegex {
  /// Copies a regular expression, piece by piece.
  private struct Writer {
    let pattern: RegexPattern
    var rest: ArraySlice<Unicode.Scalar>
    var out = ""
    /// Whether a class is named that without re.ASCII would hold characters of all scripts.
    var namesClasses = false

    init(_ pattern: RegexPattern) {
      self.pattern = pattern
      rest = Array(pattern.text.unicodeScalars)[...]
    }

    private var isLucene: Bool { pattern.flavour == .lucene }

    mutating func run() throws(Refusal) {
      while let scalar = rest.popFirst() {
        switch scalar {
        case "\\": try escape()
        case "[": try characterClass()
        case "(": try group()
        case "{": try repetition()
        case "^", "$": anchor(scalar)
        case "*", "+", "?", "}":
          out.unicodeScalars.append(scalar)
          if rest.first == "+" { throw Refusal(reason: "a possessive quantifier is not taken over") }
        case "~", "&", "@", "#", "<", ">", "\"":
          if isLucene { throw Refusal(reason: "Lucene's operator '\(scalar)' has no counterpart in Python") }
          out.unicodeScalars.append(scalar)
        case _: out.unicodeScalars.append(scalar)
        }
      }
    }

    private mutating func anchor(_ scalar: Unicode.Scalar) {
      switch pattern.flavour {
      // No anchors in Lucene: both are ordinary characters.
      case .lucene: out += "\\\(scalar)"
      // Python's own `$` also matches before a line end that ends the text.
      case .sigma, .rust: out += scalar == "$" && !pattern.flags.contains(.multiline) ? "\\Z" : "\(scalar)"
      case .pcre, .python: out.unicodeScalars.append(scalar)
      }
    }

    private mutating func escape() throws(Refusal) {
      guard let scalar = rest.popFirst() else { throw Refusal(reason: "it ends in a backslash") }
      switch scalar {
      case "d", "D", "w", "W": name(scalar)
      case "s": space("[ \\t\\n\\r]")
      case "S": space("[^ \\t\\n\\r]")
      case "b" where !isLucene, "B" where !isLucene: name(scalar)
      case "t" where !isLucene, "n" where !isLucene, "r" where !isLucene, "f" where !isLucene: out += "\\\(scalar)"
      case "A" where !isLucene: out += "\\A"
      case "z" where !isLucene && pattern.flavour != .python: out += "\\Z"
      case "Z" where pattern.flavour == .python: out += "\\Z"
      case "x" where !isLucene: try hexadecimal()
      case "a"..."z", "A"..."Z", "0"..."9":
        throw Refusal(reason: "'\\\(scalar)' has no counterpart in Python that is sure to mean the same")
      case _: out += PythonRegex.isSpecial(scalar) ? "\\\(scalar)" : String(scalar)
      }
    }

    private mutating func name(_ scalar: Unicode.Scalar) {
      namesClasses = true
      out += "\\\(scalar)"
    }

    /// Lucene's blanks lack the vertical tab and the form feed that Python's have.
    private mutating func space(_ spelled: String) {
      if pattern.flavour != .lucene, pattern.flavour != .rust {
        namesClasses = true
        out += spelled.contains("^") ? "\\S" : "\\s"
      } else {
        out += spelled
      }
    }

    private mutating func hexadecimal() throws(Refusal) {
      let digits = rest.prefix(2)
      guard digits.count == 2, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
        throw Refusal(reason: "'\\x' is taken over with two digits only")
      }
      rest = rest.dropFirst(2)
      out += "\\x" + String(String.UnicodeScalarView(digits))
    }

    private mutating func group() throws(Refusal) {
      out += "("
      guard rest.first == "?", !isLucene else { return }
      let known = ["?:", "?=", "?!", "?<=", "?<!", "?P<", "?i:", "?s:", "?m:"]
      let isStart = out == "("
      for start in known + (isStart ? ["?i)", "?s)", "?m)"] : []) where rest.starts(with: start.unicodeScalars) {
        out += start
        rest = rest.dropFirst(start.unicodeScalars.count)
        return
      }
      throw Refusal(
        reason: "a group that starts with '(\(String(String.UnicodeScalarView(rest.prefix(3))))' is not taken over")
    }

    private mutating func repetition() throws(Refusal) {
      out += "{"
      if rest.first == "," { throw Refusal(reason: "'{,' means different things in different languages") }
    }

    private mutating func characterClass() throws(Refusal) {
      out += "["
      if rest.first == "^" { out.unicodeScalars.append(rest.removeFirst()) }
      if rest.first == "]", !isLucene {
        rest.removeFirst()
        out += "\\]"
      }
      while let scalar = rest.popFirst() {
        switch scalar {
        case "]":
          out += "]"
          return
        case "[":
          if [":", ".", "="].contains(rest.first) || pattern.flavour == .rust {
            throw Refusal(reason: "a class inside a class is not taken over")
          }
          out += "\\["
        case "\\": try escapeInClass()
        case "&", "~", "|", "-":
          if rest.first == scalar { throw Refusal(reason: "'\(scalar)\(scalar)' in a class is not taken over") }
          out.unicodeScalars.append(scalar)
        case _: out.unicodeScalars.append(scalar)
        }
      }
      throw Refusal(reason: "a class is not closed")
    }

    private mutating func escapeInClass() throws(Refusal) {
      guard let scalar = rest.first else { throw Refusal(reason: "it ends in a backslash") }
      switch scalar {
      case "s" where pattern.flavour == .lucene || pattern.flavour == .rust:
        rest.removeFirst()
        out += " \\t\\n\\r"
      case "b", "B", "A", "z", "Z", "S": throw Refusal(reason: "'\\\(scalar)' in a class is not taken over")
      // A dash or a caret must not become an operator of the class.
      case "-", "^":
        rest.removeFirst()
        out += "\\\(scalar)"
      case _: try escape()
      }
    }
  }
}
