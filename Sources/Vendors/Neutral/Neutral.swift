public import LanguageSupport

/// The rule model itself, in JSON: for programs that work with what a rule means.
///
/// It is no product's form: field names are those of the event, and nothing is ever lost in it.
public enum Neutral: Vendor {
  public static let name = "neutral"
  public static let readers: [any RuleReader.Type] = [IRReader.self]
  public static let writers: [any RuleWriter.Type] = [IRWriter.self]
}
