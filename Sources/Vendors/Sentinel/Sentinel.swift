public import LanguageSupport

/// Microsoft Sentinel's rules: queries of Kusto, bare or in the file of an analytic rule.
public enum Sentinel: Vendor {
  public static let name = "sentinel"
  public static let readers: [any RuleReader.Type] = [SentinelRuleReader.self, KustoReader.self]
  public static let writers: [any RuleWriter.Type] = [KustoWriter.self, SentinelRuleWriter.self]
}
