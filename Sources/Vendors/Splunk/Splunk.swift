public import LanguageSupport

/// Splunk's rules.
public enum Splunk: Vendor {
  public static let name = "splunk"
  public static let readers: [any RuleReader.Type] = []
  public static let writers: [any RuleWriter.Type] = []
}
