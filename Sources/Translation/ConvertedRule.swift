public import LanguageSupport
public import RuleIR
public import SourceText

/// A rule in another product's words, with what is known of the difference.
public struct ConvertedRule: Sendable {
  /// What the conversion came to.
  public enum Verdict: String, Sendable, CaseIterable {
    case exact, broader, narrower
    /// Broader on some events and narrower on others.
    case both
    case refused
  }

  /// How the verdict is known.
  public enum Assurance: Hashable, Sendable {
    /// The output was read back and compared for all events.
    case proved
    /// The output was read back and compared on this many events.
    case tested(Int)
    case unproved(String)
    /// Verification was turned off, or there is no output.
    case none
  }

  public var rule: LoadedRule
  public var target: String
  public var written: WrittenRule?
  /// What the output means, in the event's fields, as far as it was read back.
  public var readBack: Rule?
  public var verdict: Verdict
  public var assurance: Assurance
  public var losses: [Loss]
  public var diagnostics: [Diagnostic]

  public init(
    rule: LoadedRule, target: String, written: WrittenRule?, readBack: Rule? = nil, verdict: Verdict,
    assurance: Assurance, losses: [Loss], diagnostics: [Diagnostic]
  ) {
    self.rule = rule
    self.target = target
    self.written = written
    self.readBack = readBack
    self.verdict = verdict
    self.assurance = assurance
    self.losses = losses
    self.diagnostics = diagnostics
  }
}
