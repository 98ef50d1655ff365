/// What a piece of Kusto text is.
enum KustoToken: Hashable, Sendable {
  /// A name, a keyword or an operator made of letters, such as `has_any`, `!in~` or `matches`.
  case word(String)
  /// A string literal, without its quotes and escapes.
  case text(String)
  /// Digits, with a fraction and an exponent or behind `0x`.
  case number(String)
  /// A length of time such as `1.5h`, in ticks of 100 nanoseconds.
  case timespan(Double)
  /// A literal whose inside is no expression, such as `datetime(2024-01-01)`: its name and its inside.
  case quoted(String, String)
  case symbol(String)
}
