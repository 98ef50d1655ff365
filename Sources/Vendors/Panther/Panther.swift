public import LanguageSupport

/// Panther's rules.
public enum Panther: Vendor {
  public static let name = "panther"
  public static let readers: [any RuleReader.Type] = []
  public static let writers: [any RuleWriter.Type] = []
}
