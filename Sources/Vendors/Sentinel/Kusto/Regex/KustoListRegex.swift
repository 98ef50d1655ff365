import RuleIR

/// A pattern asked of each text of a list, as an expression over the list's JSON text.
///
/// Kusto has no function that asks something of every element. `tostring` of a list is JSON, in which a text's own
/// quotes and backslashes are escaped, so an expression that steps over whole texts from the start finds exactly
/// those elements that match.
enum KustoListRegex {
  private static let scalar = #"(?:[^"\\]|\\u[0-9A-Fa-f]{4}|\\[^u])"#
  private static let head = #"^\[(?:"(?:[^"\\]|\\.)*",)*""#
  private static let tail = #""[,\]]"#

  static func render(_ pattern: TextPattern, _ textCase: TextCase) -> String {
    let inside = pattern.parts.map { part in
      switch part {
      case .literal(let text): text.unicodeScalars.map(json).joined().unicodeScalars.map(RegexNode.escaped).joined()
      case .anyRun: scalar + "*"
      case .anyScalar: scalar
      }
    }.joined()
    return (textCase == .insensitive ? "(?i)" : "") + head + inside + tail
  }

  /// Whether JSON has but one way to write the pattern's texts; other characters may or may not be escaped.
  static func isCertain(_ pattern: TextPattern) -> Bool {
    pattern.literals.allSatisfy { $0.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) } }
  }

  /// The pattern that an expression written by `render` asks for; nil for any other.
  static func read(_ text: String) -> (TextPattern, TextCase)? {
    var rest = Array(text.unicodeScalars)[...]
    let textCase: TextCase = strip("(?i)", from: &rest) ? .insensitive : .sensitive
    let tail = Array(tail.unicodeScalars)
    guard strip(head, from: &rest), rest.count >= tail.count, rest.suffix(tail.count).elementsEqual(tail),
      let parts = parts(of: rest.dropLast(tail.count))
    else { return nil }
    let pattern = TextPattern(parts)
    return render(pattern, textCase).unicodeScalars.elementsEqual(text.unicodeScalars) ? (pattern, textCase) : nil
  }

  private static func strip(_ prefix: String, from rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
    guard rest.starts(with: prefix.unicodeScalars) else { return false }
    rest = rest.dropFirst(prefix.unicodeScalars.count)
    return true
  }

  private static func parts(of text: ArraySlice<Unicode.Scalar>) -> [TextPattern.Part]? {
    var parts: [TextPattern.Part] = []
    var rest = text
    var literal = String.UnicodeScalarView()
    while let next = rest.first {
      if strip(scalar, from: &rest) {
        guard let text = unescaped(String(literal)) else { return nil }
        parts.append(.literal(text))
        literal = String.UnicodeScalarView()
        parts.append(strip("*", from: &rest) ? .anyRun : .anyScalar)
      } else {
        literal.append(next)
        rest = rest.dropFirst()
      }
    }
    guard let text = unescaped(String(literal)) else { return nil }
    return parts + [.literal(text)]
  }

  /// The text whose JSON an expression of literals alone matches.
  private static func unescaped(_ regex: String) -> String? {
    guard let node = try? RegexScanner.scan(RegexPattern(regex, .rust, anchoring: .search)) else { return nil }
    var nodes = [node]
    if case .sequence(let parts) = node { nodes = parts }
    var json = String.UnicodeScalarView()
    for node in nodes {
      guard case .literal(let scalar) = node else { return nil }
      json.append(scalar)
    }
    return text(ofJSON: Array(json))
  }

  private static func text(ofJSON scalars: [Unicode.Scalar]) -> String? {
    var text = String.UnicodeScalarView()
    var at = 0
    while at < scalars.count {
      guard scalars[at] == "\\" else {
        text.append(scalars[at])
        at += 1
        continue
      }
      guard at + 1 < scalars.count else { return nil }
      switch scalars[at + 1] {
      case "n": text.append("\n")
      case "r": text.append("\r")
      case "t": text.append("\t")
      case "u":
        guard at + 5 < scalars.count,
          let value = UInt32(String(String.UnicodeScalarView(scalars[(at + 2)...(at + 5)])), radix: 16),
          let scalar = Unicode.Scalar(value)
        else { return nil }
        text.append(scalar)
        at += 4
      case let mark: text.append(mark)
      }
      at += 2
    }
    return String(text)
  }

  private static func json(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    case _: return String(scalar)
    }
  }
}
