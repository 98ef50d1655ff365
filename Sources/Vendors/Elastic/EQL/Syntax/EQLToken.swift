import RuleIR

/// A lexical token of EQL.
enum EQLToken: Hashable, Sendable {
  /// A name or a keyword; keywords are small, names are as they are.
  case word(String)
  /// A word with `~` behind it: a function or an operator that ignores letters' case.
  case loose(String)
  /// A name in backticks.
  case quotedName(String)
  case text(String)
  case number(Number)
  case mark(Mark)

  enum Mark: String, Hashable, Sendable {
    case open = "("
    case close = ")"
    case openBracket = "["
    /// Before an event that must not be there.
    case openMissing = "!["
    case closeBracket = "]"
    case comma = ","
    case dot = "."
    case pipe = "|"
    /// Before a field that the mapping may lack.
    case optional = "?"
    case assign = "="
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case colon = ":"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case slash = "/"
    case percent = "%"
  }
}
