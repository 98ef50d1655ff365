public import LanguageSupport

/// Sigma's rules.
public enum Sigma: Vendor {
  public static let name = "sigma"
  public static let readers: [any RuleReader.Type] = [SigmaReader.self]
  public static let writers: [any RuleWriter.Type] = [SigmaWriter.self]
}
