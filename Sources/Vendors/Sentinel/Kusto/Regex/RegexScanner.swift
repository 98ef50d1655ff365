import RuleIR

/// Takes a regular expression apart, where every construct in it means the same in Rust's crate, or has a form there.
///
///     choice   = sequence { "|" sequence } ;
///     sequence = { atom [ quantifier ] } ;
///     atom     = "(" [ "?" … ] choice ")" | "[" … "]" | "." | "^" | "$" | "\" escape | scalar ;
///
/// Look-around, back-references, atomic groups and possessive quantifiers have none.
struct RegexScanner {
  /// Why an expression has no form in Rust's crate, as a phrase.
  struct Refusal: Error, Hashable { var reason: String }

  let flavour: RegexPattern.Flavour
  let isMultiline: Bool
  let scalars: [Unicode.Scalar]
  var position = 0
  private var depth = 0

  init(_ pattern: RegexPattern) {
    flavour = pattern.flavour
    isMultiline = pattern.flags.contains(.multiline)
    scalars = Array(pattern.text.unicodeScalars)
  }

  static func scan(_ pattern: RegexPattern) throws(Refusal) -> RegexNode {
    guard pattern.text.utf8.count <= 4_096 else { throw Refusal(reason: "it is longer than 4,096 bytes") }
    var scanner = RegexScanner(pattern)
    let node = try scanner.choice()
    guard scanner.position == scanner.scalars.count else { throw Refusal(reason: "a ')' has no '('") }
    return node
  }

  var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  func peek(_ offset: Int = 1) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    position += 1
    return true
  }

  private mutating func choice() throws(Refusal) -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 200 else { throw Refusal(reason: "it nests more than 200 levels deep") }
    var parts = [try sequence()]
    while skip("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private mutating func sequence() throws(Refusal) -> RegexNode {
    var parts: [RegexNode] = []
    while let next = current, next != "|", next != ")" {
      let atom = try atom()
      parts.append(try quantified(atom))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func atom() throws(Refusal) -> RegexNode {
    guard let scalar = current else { return .sequence([]) }
    switch scalar {
    case "(": return try group()
    case "[": return try set()
    case "\\": return try escape()
    case ".":
      position += 1
      return flavour == .lucene ? .set("(?s:.)") : .any
    case "^" where flavour != .lucene:
      position += 1
      return .start("^")
    case "$" where flavour != .lucene:
      position += 1
      return end()
    case "*", "+", "?": throw Refusal(reason: "'\(scalar)' repeats nothing")
    case "~", "&", "@", "#", "<", "\"":
      guard flavour != .lucene else { throw Refusal(reason: "Lucene's operator '\(scalar)' has no form in Kusto") }
      position += 1
      return .literal(scalar)
    case _:
      position += 1
      return .literal(scalar)
    }
  }

  /// `$` of PCRE and Python also stands before a line end that ends the text.
  private func end() -> RegexNode {
    switch flavour {
    case .pcre, .python: isMultiline ? .end("$") : .end("(?:\\n?\\z)")
    case .sigma, .rust, .lucene: .end("$")
    }
  }

  private mutating func quantified(_ atom: RegexNode) throws(Refusal) -> RegexNode {
    var node = atom
    while let (least, text) = try quantifier() {
      var text = text
      if skip("?") {
        text += "?"
      } else if current == "+", flavour != .rust, flavour != .lucene {
        throw Refusal(reason: "possessive quantifiers have no form in Kusto")
      }
      node = .repeated(node.isRepeated ? .group("(?:", node) : node, atLeast: least, text)
    }
    return node
  }

  private mutating func quantifier() throws(Refusal) -> (Int, String)? {
    switch current {
    case "*": position += 1; return (0, "*")
    case "+": position += 1; return (1, "+")
    case "?": position += 1; return (0, "?")
    case "{": return try counted()
    case _: return nil
    }
  }

  /// `{2}`, `{2,}`, `{2,5}`; any other brace stands for itself.
  private mutating func counted() throws(Refusal) -> (Int, String)? {
    guard let close = scalars[position...].firstIndex(of: "}") else { return nil }
    let inside = String(String.UnicodeScalarView(scalars[(position + 1)..<close]))
    let parts = inside.split(separator: ",", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), !parts[0].isEmpty, parts.joined().utf8.allSatisfy(\.isDigit) else {
      return nil
    }
    guard let least = Int(parts[0]), least <= 1_000, parts.count == 1 || (Int(parts[1]) ?? 0) <= 1_000 else {
      throw Refusal(reason: "it repeats more than 1,000 times")
    }
    if parts.count == 2, let most = Int(parts[1]), most < least {
      throw Refusal(reason: "'{\(inside)}' ends before it starts")
    }
    position = close + 1
    return (least, "{\(inside)}")
  }

  private mutating func group() throws(Refusal) -> RegexNode {
    position += 1
    if let node = asciiBoundary() { return node }
    var head = "("
    if skip("?") { head = try groupHead() }
    if head.hasSuffix(")") { return .flags(head) }
    let inner = try choice()
    guard skip(")") else { throw Refusal(reason: "a '(' is not closed") }
    return .group(head, inner)
  }

  /// `(?-u:\b)` and `(?-u:\B)`, boundaries of words of ASCII, behind their parenthesis; nil where neither stands there.
  private mutating func asciiBoundary() -> RegexNode? {
    guard flavour == .rust else { return nil }
    for (text, node) in [
      ("?-u:\\b)", RegexNode.boundary("(?-u:\\b)")), ("?-u:\\B)", .inside("(?-u:\\B)")),
    ] where scalars[position...].starts(with: text.unicodeScalars) {
      position += text.unicodeScalars.count
      return node
    }
    return nil
  }

  /// What stands behind `(?`.
  private mutating func groupHead() throws(Refusal) -> String {
    if skip(":") { return "(?:" }
    if current == "P", peek() == "<" { position += 1 }
    if current == "<", peek() != "=", peek() != "!" {
      guard let close = scalars[position...].firstIndex(of: ">") else {
        throw Refusal(reason: "a group's name is open")
      }
      let name = String(String.UnicodeScalarView(scalars[position...close]))
      position = close + 1
      return "(?P" + name
    }
    let letters = scalars[position...].prefix { "imsU-".unicodeScalars.contains($0) }
    position += letters.count
    guard let close = current, close == ":" || close == ")", !letters.isEmpty,
      flavour == .rust || !letters.contains("U")
    else { throw Refusal(reason: "look-around and other special groups have no form in Kusto") }
    position += 1
    return "(?" + String(String.UnicodeScalarView(letters)) + String(close)
  }
}

extension RegexNode {
  fileprivate var isRepeated: Bool {
    if case .repeated = self { true } else { false }
  }
}
