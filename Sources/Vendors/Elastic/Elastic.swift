public import LanguageSupport

/// Elastic's rules.
public enum Elastic: Vendor {
  public static let name = "elastic"
  public static let readers: [any RuleReader.Type] = [
    KueryForm.self
  ]
  public static let writers: [any RuleWriter.Type] = [
    KueryForm.self
  ]
}
