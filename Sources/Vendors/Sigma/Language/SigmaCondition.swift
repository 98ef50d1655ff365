import LanguageSupport

/// How Sigma's conditions spell and bind their connectives.
enum SigmaCondition {
  static let booleans = BooleanSyntax(
    and: .init("and", binding: 2), or: .init("or", binding: 1), not: .init("not", binding: 3), keywords: .anyCase)
}
