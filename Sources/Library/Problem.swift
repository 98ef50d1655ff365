import SourceText

/// Something that is wrong with a rule, or with the files that were given.
public struct Problem: Error, Sendable, CustomStringConvertible {
  /// What kind of problem it is, as a name in kebab case that does not change.
  public let code: String
  /// Whether the rule can be used in spite of it.
  public let isHarmless: Bool
  /// The problem in a sentence.
  public let message: String
  /// The problem with the place in the rule's text, what led to it, and what would help, in several lines.
  public let description: String

  init(_ diagnostic: Diagnostic) {
    code = diagnostic.code.rawValue
    isHarmless = diagnostic.severity != .error
    message = diagnostic.message
    description = DiagnosticRenderer().render(diagnostic)
  }

  init(code: String, message: String) {
    self.code = code
    isHarmless = false
    self.message = message
    description = message
  }
}
