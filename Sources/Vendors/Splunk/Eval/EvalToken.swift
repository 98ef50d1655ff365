/// What a token of an `eval` or `where` expression is.
enum EvalTokenKind: Hashable, Sendable {
  case number(String)
  /// A text in double quotes, escapes undone.
  case text(String)
  /// A field's name in single quotes.
  case quotedField(String)
  /// A bare name: a field, a function or a keyword.
  case name(String)
  case symbol(EvalSymbol)
  case subsearch
}

enum EvalSymbol: String, Hashable, Sendable, CaseIterable {
  case doubleEqual = "=="
  case notEqual = "!="
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case equal = "="
  case less = "<"
  case greater = ">"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divided = "/"
  case remainder = "%"
  case dot = "."
  case open = "("
  case close = ")"
  case comma = ","
  case bang = "!"
}
