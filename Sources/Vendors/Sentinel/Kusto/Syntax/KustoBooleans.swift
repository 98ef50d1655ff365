import LanguageSupport

extension BooleanSyntax {
  /// Kusto's connectives: lower-case only, and `not` is a function.
  static let kusto = BooleanSyntax(
    and: Operator("and", binding: 2), or: Operator("or", binding: 1), not: Operator("not", binding: 3),
    keywords: .exactCase, adjacency: .error, negation: .function)
}
