import RuleIR

/// A lexical token of a query string.
enum LuceneToken: Hashable, Sendable {
  case open, close, colon
  case and, or
  /// `NOT`, `!` or `-`
  case prohibited
  /// `+`
  case required
  /// A word without wildcards, escapes undone.
  case word(String)
  /// A word with wildcards.
  case pattern(TextPattern)
  case quoted(String)
  /// `/…/`
  case regex(String)
  case range(LuceneRange)
  /// `^2`
  case boost
  /// `~` or `~2`
  case fuzziness
}

/// A range, `[a TO b]`; nil where a side is open.
struct LuceneRange: Hashable, Sendable {
  var low: String?
  var high: String?
  var includesLow: Bool
  var includesHigh: Bool
}
