public import LanguageSupport

/// Sentinel's rules.
public enum Sentinel: Vendor {
  public static let name = "sentinel"
  public static let readers: [any RuleReader.Type] = []
  public static let writers: [any RuleWriter.Type] = []
}
