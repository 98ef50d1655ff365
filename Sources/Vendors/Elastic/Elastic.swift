public import LanguageSupport

/// Elastic's rules.
public enum Elastic: Vendor {
  public static let name = "elastic"
  public static let readers: [any RuleReader.Type] = [
    ElasticTOML.self,
    ElasticNDJSON.self,
    KueryForm.self,
    ESQL.self,
    EQL.self,
    LuceneForm.self,
  ]
  public static let writers: [any RuleWriter.Type] = [
    ElasticTOML.self,
    ElasticNDJSON.self,
    KueryForm.self,
    ESQL.self,
    EQL.self,
    LuceneForm.self,
  ]

  /// The languages that a rule file's query may be in.
  static let queryLanguages: [any QueryLanguage.Type] = [
    KueryQuery.self,
    ESQLQuery.self,
    EQLQuery.self,
    LuceneQuery.self,
  ]

  /// The languages in which a rule file's query is written, the most readable first.
  static let queryWriters: [any QueryWriter.Type] = [
    KueryQuery.self,
    EQLQuery.self,
    ESQLQuery.self,
    LuceneQuery.self,
  ]
}
