/// One thing to tell the author of a text, tied to the place that caused it.
public struct Diagnostic: Error, Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
    case info, warning, error

    public static func < (lhs: Severity, rhs: Severity) -> Bool { lhs.rank < rhs.rank }

    private var rank: Int {
      switch self {
      case .info: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// A range of text and what is to be said of it.
  public struct Label: Hashable, Sendable {
    public var range: SourceRange
    /// What is wrong there; may be empty.
    public var text: String

    public init(_ range: SourceRange, _ text: String = "") {
      self.range = range
      self.text = text
    }
  }

  public var code: DiagnosticCode
  public var severity: Severity
  /// The headline; it stands alone.
  public var message: String
  /// The place that caused it; absent where no text did.
  public var primary: Label?
  /// Other places that matter, such as the first of two twins.
  public var secondary: [Label]
  /// Why it is so.
  public var notes: [String]
  /// What to do.
  public var help: String?
  /// Changes that remove the cause and leave the meaning of the rule as it is; empty where there is no such change.
  public var fix: [Edit]

  public init(
    _ code: DiagnosticCode, _ message: String, severity: Severity = .error, at primary: Label? = nil,
    secondary: [Label] = [], notes: [String] = [], help: String? = nil, fix: [Edit] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.primary = primary
    self.secondary = secondary
    self.notes = notes
    self.help = help
    self.fix = fix
  }

  /// A diagnostic whose place carries a text.
  public init(
    _ code: DiagnosticCode, _ message: String, severity: Severity = .error, at range: SourceRange?,
    label: String = "", secondary: [Label] = [], notes: [String] = [], help: String? = nil, fix: [Edit] = []
  ) {
    self.init(
      code, message, severity: severity, at: range.map { Label($0, label) }, secondary: secondary, notes: notes,
      help: help, fix: fix)
  }
}
