import RuleIR

/// A lexical token of Kuery.
enum KueryToken: Hashable, Sendable {
  case open, close, openBrace, closeBrace, colon
  case order(Order)
  case and, or, not
  case literal(KueryLiteral)

  /// Whether an operand can end with it, so that only here a connective may follow.
  var endsOperand: Bool {
    switch self {
    case .close, .closeBrace, .literal: true
    case .open, .openBrace, .colon, .order, .and, .or, .not: false
    }
  }
}

/// A value, or the name of a field: the grammar does not tell them apart.
enum KueryLiteral: Hashable, Sendable {
  /// Quoted or not; numbers, `true` and `false` too, because the field's type decides what they are.
  case text(String)
  /// An unquoted text with `*` in it.
  case pattern(TextPattern)
  /// A single `*`: any value at all, or any field.
  case anything
  /// An unquoted `null`.
  case null
}
