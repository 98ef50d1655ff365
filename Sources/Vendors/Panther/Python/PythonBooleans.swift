import LanguageSupport

/// Python's boolean operators (https://docs.python.org/3/reference/expressions.html#operator-precedence).
enum PythonBooleans {
  static let syntax = BooleanSyntax(
    and: .init("and", binding: 2), or: .init("or", binding: 1), not: .init("not", binding: 3), keywords: .exactCase)
}
