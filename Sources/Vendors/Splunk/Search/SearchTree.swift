import LanguageSupport
import RuleIR
import SourceText

/// A `search` expression as it stands, before its fields are known.
indirect enum SearchTree: Hashable, Sendable {
  case all([SearchTree])
  case any([SearchTree])
  case not(SearchTree)
  case comparison(SearchComparison)
  case membership(SearchMembership)
  case term(SearchTerm)
  case time(TimeModifier)
  case subsearch(SourceRange)
}

/// A field compared with a value.
struct SearchComparison: Hashable, Sendable {
  var field: String
  var comparison: SearchOperator
  var value: SearchWord
  var directive: SearchDirective?
  var place: SourceRange
}

/// A field that has one of several values: `field IN (a, b)`.
struct SearchMembership: Hashable, Sendable {
  var field: String
  var values: [SearchWord]
  var place: SourceRange
}

/// A word of the raw text.
struct SearchTerm: Hashable, Sendable {
  var word: SearchWord
  var directive: SearchDirective?
  var place: SourceRange
}

/// `CASE(word)` minds case; `TERM(word)` takes the word whole.
enum SearchDirective: String, Hashable, Sendable {
  case caseSensitive = "CASE"
  case term = "TERM"
}

/// `earliest=-15m` and its like.
struct TimeModifier: Hashable, Sendable {
  var name: String
  var value: String
  var place: SourceRange
}

extension SearchTree: BooleanCombining {
  static func allOf(_ parts: [SearchTree]) -> SearchTree { parts.count == 1 ? parts[0] : .all(parts) }
  static func anyOf(_ parts: [SearchTree]) -> SearchTree { parts.count == 1 ? parts[0] : .any(parts) }
  static func noneOf(_ part: SearchTree) -> SearchTree { .not(part) }

  /// The parts that must all hold, nested ones opened.
  var conjuncts: [SearchTree] {
    if case .all(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
  }

  /// Where the expression starts and ends, as far as its leaves show.
  var place: SourceRange? {
    switch self {
    case .all(let parts), .any(let parts):
      guard let first = parts.first?.place, let last = parts.last?.place else { return nil }
      return first.extended(to: last)
    case .not(let part): return part.place
    case .comparison(let test): return test.place
    case .membership(let test): return test.place
    case .term(let term): return term.place
    case .time(let modifier): return modifier.place
    case .subsearch(let place): return place
    }
  }
}
