import RuleIR

/// Rewrites a regular expression of any flavour into RE2's syntax, where the two spell one meaning differently.
enum RegexRewriter {
  static func rewrite(_ pattern: RegexPattern) throws(CompiledRegex.Refusal) -> String {
    let text: String
    switch pattern.flavour {
    case .lucene: text = try lucene(Array(pattern.text.unicodeScalars))
    // `$` of PCRE and Python also matches before a line end that ends the text (pcre2pattern, "dollar").
    // `\Z` does so in PCRE, and is the very end in Python (re, "Regular Expression Syntax").
    case .pcre: text = try classes(looseEnds(pattern, endOfText: "(?:\\n?\\z)"), word: nil, space: asciiSpace)
    case .python:
      let ends = looseEnds(pattern, endOfText: "\\z")
      text =
        pattern.flags.contains(.asciiClasses)
        ? try classes(ends, word: nil, space: asciiSpace) : try classes(ends, word: "\\p{L}\\p{N}_", space: pythonSpace)
    // `(?-u:\b)` is how the crate spells a boundary of ASCII words, which is RE2's `\b`.
    case .rust:
      let plain = pattern.text.replacing("(?-u:\\b)", with: "\\b").replacing("(?-u:\\B)", with: "\\B")
      text = try classes(plain, word: rustWord, space: rustSpace)
    case .sigma: text = try classes(pattern.text, word: nil, space: asciiSpace)
    }
    return pattern.anchoring == .start ? "\\A(?:\(text))" : text
  }

  /// The vertical tab among them, which RE2's own `\s` lacks (https://www.pcre.org/current/doc/html/pcre2pattern.html).
  private static let asciiSpace = "\\t-\\r "
  private static let noASCIISpace = "\\x{0}-\\x{8}\\x{E}-\\x{1F}\\x{21}-\\x{10FFFF}"
  /// The text for PCRE2; nil for flavours that have no look-around and no back-references.
  static func backtracking(_ pattern: RegexPattern) -> String? {
    switch pattern.flavour {
    case .sigma, .pcre: return pattern.text
    // `\Z` is the very end in Python, which PCRE2 calls `\z`.
    case .python:
      var text = ""
      var isEscaped = false
      for scalar in pattern.text.unicodeScalars {
        text.unicodeScalars.append(isEscaped && scalar == "Z" ? "z" : scalar)
        isEscaped = scalar == "\\" && !isEscaped
      }
      return text
    case .lucene, .rust: return nil
    }
  }

  /// White space by Unicode (https://docs.rs/regex/latest/regex/#perl-character-classes-unicode-friendly).
  private static let rustSpace =
    "\\t-\\r \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}"
  /// What `str.isspace` takes: the four separators of ASCII beside white space.
  private static let pythonSpace = rustSpace + "\\x{1C}-\\x{1F}"
  /// Alphabetic scalars, marks, decimal digits, connecting punctuation, joiners.
  private static let rustWord =
    "\\p{L}\\p{M}\\p{Nl}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}\\x{24B6}-\\x{24E9}"
    + "\\x{1F130}-\\x{1F149}\\x{1F150}-\\x{1F169}\\x{1F170}-\\x{1F189}"

  /// Spells out `\d`, `\s` and `\w`, which are of ASCII in RE2 and of all of Unicode in Rust's crate and in Python.
  ///
  /// - Parameter word: Nil where they are of ASCII too, as they are under `re.ASCII`.
  private static func classes(
    _ text: String, word: String?, space: String
  ) throws(CompiledRegex.Refusal) -> String {
    var out = ""
    var rest = text.unicodeScalars[...]
    var isInClass = false
    while let scalar = rest.popFirst() {
      if scalar == "[" { isInClass = true }
      if scalar == "]" { isInClass = false }
      guard scalar == "\\", let escaped = rest.popFirst() else {
        out.unicodeScalars.append(scalar)
        continue
      }
      switch escaped {
      case "d" where word != nil: out += "\\p{Nd}"
      case "D" where word != nil: out += "\\P{Nd}"
      case "s": out += isInClass ? space : "[\(space)]"
      case "S":
        guard !isInClass || word == nil else { throw .init(reason: "'\\S' inside a class cannot be run here") }
        out += isInClass ? noASCIISpace : "[^\(space)]"
      case "w":
        if let word { out += isInClass ? word : "[\(word)]" } else { out += "\\w" }
      case "W":
        guard !isInClass || word == nil else { throw .init(reason: "'\\W' inside a class cannot be run here") }
        out += word.map { "[^\($0)]" } ?? "\\W"
      case _:
        out.unicodeScalars.append(scalar)
        out.unicodeScalars.append(escaped)
      }
    }
    return out
  }

  private static func looseEnds(_ pattern: RegexPattern, endOfText: String) -> String {
    let scalars = Array(pattern.text.unicodeScalars)
    let dollar = pattern.flags.contains(.multiline) ? "$" : "(?:\\n?\\z)"
    var out = String.UnicodeScalarView()
    var at = 0
    var isInClass = false
    while at < scalars.count {
      let scalar = scalars[at]
      if scalar == "\\", at + 1 < scalars.count {
        // RE2 knows the end of the text as `\z` only.
        if scalars[at + 1] == "Z" {
          out.append(contentsOf: endOfText.unicodeScalars)
        } else {
          out.append(scalar)
          out.append(scalars[at + 1])
        }
        at += 2
        continue
      }
      if scalar == "[", !isInClass {
        isInClass = true
        out.append(scalar)
        at += 1
        // A `]` that comes first is an ordinary character.
        while at < scalars.count, scalars[at] == "^" || scalars[at] == "]" {
          let isLeading = scalars[at] == "]"
          out.append(scalars[at])
          at += 1
          if isLeading { break }
        }
        continue
      }
      if scalar == "]" { isInClass = false }
      if scalar == "$", !isInClass {
        out.append(contentsOf: dollar.unicodeScalars)
      } else if scalar == "(", !isInClass, scalars[at...].starts(with: "(?<".unicodeScalars),
        at + 3 < scalars.count, scalars[at + 3].properties.isAlphabetic || scalars[at + 3] == "_"
      {
        // RE2 names groups as Python does.
        out.append(contentsOf: "(?P<".unicodeScalars)
        at += 2
      } else {
        out.append(scalar)
      }
      at += 1
    }
    return String(out)
  }

  /// Rewrites Lucene's syntax.
  ///
  /// https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax
  private static func lucene(_ scalars: [Unicode.Scalar]) throws(CompiledRegex.Refusal) -> String {
    var out = ""
    var at = 0
    var isInClass = false
    while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      switch scalar {
      case "\\":
        guard at < scalars.count else { throw .init(reason: "it ends in a backslash") }
        if let members = luceneBlanks(scalars[at]) {
          out += isInClass ? members : "[\(members)]"
        } else {
          out += try luceneEscape(scalars[at])
        }
        at += 1
      case "[" where !isInClass:
        isInClass = true
        out += "["
      case "]" where isInClass:
        isInClass = false
        out += "]"
      case _ where isInClass: out += scalar == "[" ? "\\[" : String(scalar)
      case "\"":
        let quoted = scalars[at...].prefix { $0 != "\"" }
        out += quoted.map(escaped).joined()
        at += quoted.count + 1
      case "@": out += "(?s:.*)"
      case "#": out += "[^\\x{0}-\\x{10FFFF}]"
      case "~": throw .init(reason: "Lucene's complement operator '~' cannot be run in linear time here")
      case "&": throw .init(reason: "Lucene's intersection operator '&' cannot be run in linear time here")
      case "<": throw .init(reason: "Lucene's numeric range '<m-n>' is not supported yet")
      // No anchors in Lucene: both are ordinary characters.
      case "^", "$": out += "\\\(scalar)"
      case _: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// Blanks, without the vertical tab and the form feed that RE2 has among them, or all else; nil for other escapes.
  ///
  /// https://lucene.apache.org/core/10_0_0/core/org/apache/lucene/util/automaton/RegExp.html
  private static func luceneBlanks(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "s": "\\t\\n\\r "
    case "S": "\\x{0}-\\x{8}\\x{B}\\x{C}\\x{E}-\\x{1F}\\x{21}-\\x{10FFFF}"
    case _: nil
    }
  }

  private static func luceneEscape(_ scalar: Unicode.Scalar) throws(CompiledRegex.Refusal) -> String {
    switch scalar {
    case "d", "D", "w", "W": return "\\\(scalar)"
    case "a"..."z", "A"..."Z": throw .init(reason: "'\\\(scalar)' is no escape in Lucene's regular expressions")
    case _: return escaped(scalar)
    }
  }

  /// The scalar as a literal of RE2.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    "\\.+*?()|[]{}^$-&~#".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
  }
}
