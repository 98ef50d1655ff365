public import LanguageSupport

/// Panther's rules: a Python function and a YAML file about it.
public enum Panther: Vendor {
  public static let name = "panther"
  public static let readers: [any RuleReader.Type] = [PantherRuleReader.self]
  public static let writers: [any RuleWriter.Type] = [PantherRuleWriter.self]

  /// The language's name in messages.
  static let language = "panther"
}
