import RuleIR

/// What a token of a `search` expression is.
enum SearchTokenKind: Hashable, Sendable {
  case word(SearchWord)
  case comparison(SearchOperator)
  case open, close, comma
  /// A search in brackets.
  case subsearch
}

/// A word: unquoted runs and quoted texts without a blank between them.
struct SearchWord: Hashable, Sendable {
  /// What it says, escapes undone; `*` is a wildcard, inside quotes too.
  var pattern: TextPattern
  /// The word as written, where no part of it is quoted or escaped: only such a word can be a keyword.
  var bare: String?

  /// The word with `*` for its wildcards: what a field's name is.
  var text: String {
    pattern.parts.map { part in
      if case .literal(let text) = part { text } else { "*" }
    }.joined()
  }

  /// The text, where the word has no wildcard.
  var literal: String? { pattern.hasWildcard ? nil : text }
}

enum SearchOperator: String, Hashable, Sendable {
  case equal = "="
  case doubleEqual = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  var order: Order? { Order(rawValue: rawValue) }
}
