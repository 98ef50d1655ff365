public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes a bare search.
public enum SPLWriter: RuleWriter {
  public static let name = "spl"
  public static let fileExtension = ".spl"

  public static func support(for feature: Feature) -> Support { SPLSupport.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let query = try QueryWriter(rule: rule, schema: schema).query()
    return WrittenRule(text: query.text + "\n", losses: query.losses.unique)
  }
}
