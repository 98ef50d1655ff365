import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Writes regular expressions in Sigma's flavour, where they are found anywhere in a value.
enum RegexWriter {
  static func item(_ regex: RegexPattern, _ field: String, at origin: Origin) throws(Diagnostic) -> Item {
    let syntax = RegexSyntax(regex.text)
    if let fault = syntax.fault { throw refusal(regex, because: "Sigma's subset lacks it: \(fault.message)", origin) }
    var flags = regex.flags
    var text = regex.text
    switch regex.flavour {
    case .sigma, .rust: break
    case .pcre, .python:
      // Their `$` also stands before a line end that ends the text.
      if !flags.contains(.multiline) { text = loosened(text, at: syntax.endAnchors) }
    case .lucene:
      let foreign: Set<RegexSyntax.Construct> = [
        .luceneOperator, .startAnchor, .endAnchor, .specialGroup, .lazy,
      ]
      guard syntax.constructs.isDisjoint(with: foreign) else {
        throw refusal(regex, because: "Lucene reads it otherwise", origin)
      }
      flags.insert(.dotAll)
    }
    text = try anchored(text, regex, origin)
    return Item(field, .comparing(.regex(flags)), [.text(text)])
  }

  private static func loosened(_ text: String, at anchors: [Int]) -> String {
    var bytes: [UInt8] = []
    for (index, byte) in text.utf8.enumerated() {
      if anchors.contains(index) { bytes += Array("\\n?".utf8) }
      bytes.append(byte)
    }
    return anchors.isEmpty ? text : String(decoding: bytes, as: UTF8.self)
  }

  private static func anchored(
    _ text: String, _ regex: RegexPattern, _ origin: Origin
  ) throws(Diagnostic) -> String {
    guard regex.anchoring != .search else { return text }
    guard !regex.flags.contains(.multiline) else {
      throw refusal(regex, because: "with 'm' the anchors stand at lines, not at the value's ends", origin)
    }
    let group = text.contains("|") ? "(?:\(text))" : text
    switch regex.anchoring {
    case .search: return text
    case .start: return "^\(group)"
    case .whole: return "^\(group)$"
    }
  }

  private static func refusal(_ regex: RegexPattern, because reason: String, _ origin: Origin) -> Diagnostic {
    .untranslatable(
      regex.anchoring == .whole ? .regexWhole : .regexSearch, in: "sigma", because: reason, at: origin)
  }

  /// An expression that a value meets exactly when it meets the pattern as a whole.
  static func text(of pattern: TextPattern) -> String {
    "^"
      + pattern.parts.map { part in
        switch part {
        case .anyRun: ".*"
        case .anyScalar: "."
        case .literal(let literal): escaped(literal)
        }
      }.joined() + "$"
  }

  private static func escaped(_ literal: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in literal.unicodeScalars {
      if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { text.append("\\") }
      text.append(scalar)
    }
    return String(text)
  }
}
