public import LanguageSupport

/// Sigma's rules.
public enum Sigma: Vendor {
  public static let name = "sigma"
  public static let readers: [any RuleReader.Type] = []
  public static let writers: [any RuleWriter.Type] = []
}
