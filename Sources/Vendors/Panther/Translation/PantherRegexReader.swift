import RuleIR
import SourceText

/// Takes a regular expression of Python's `re` into the rule model.
enum PantherRegexReader {
  static func pattern(
    _ text: String, flags: Set<String>, anchoring: RegexPattern.Anchoring, at range: SourceRange
  ) throws(Diagnostic) -> RegexPattern {
    var known: RegexPattern.Flags = []
    if flags.contains("IGNORECASE") { known.insert(.ignoreCase) }
    if flags.contains("MULTILINE") { known.insert(.multiline) }
    if flags.contains("DOTALL") { known.insert(.dotAll) }
    if flags.contains("ASCII") { known.insert(.asciiClasses) }
    let pattern = RegexPattern(text, .python, flags: known, anchoring: anchoring)
    let written: PythonRegex
    do {
      written = try PythonRegex(pattern)
    } catch {
      throw Diagnostic(
        .unsupportedRegex, "the regular expression is not read: \(error.reason)", at: range, label: "not read here")
    }
    if written.flags.contains("ASCII"), !flags.contains("ASCII") {
      throw Diagnostic(
        .unsupportedRegex, "the regular expression is not read: its classes and letters are those of all scripts",
        at: range, label: "not read here", help: "the flag re.ASCII keeps to ASCII")
    }
    return written.namesClasses ? RegexPattern(perl(text), .pcre, flags: known, anchoring: anchoring) : pattern
  }

  /// The same for PCRE, whose classes are of ASCII without a flag, and which spells the end of the text `\\z`.
  private static func perl(_ text: String) -> String {
    var isEscape = false
    return String(
      text.map { character in
        defer { isEscape = character == "\\" && !isEscape }
        return isEscape && character == "Z" ? "z" : character
      })
  }
}
