import LanguageSupport
import SourceText

/// An `eval` or `where` expression as it stands, before its fields are known.
indirect enum EvalExpression: Hashable, Sendable {
  case and([EvalExpression])
  case or([EvalExpression])
  case xor(EvalExpression, EvalExpression)
  case not(EvalExpression)
  case comparison(EvalComparison, EvalExpression, EvalExpression, SourceRange)
  case call(EvalCall)
  case field(String, SourceRange)
  case text(String, SourceRange)
  case number(String, SourceRange)
  /// `+ - * / % .` and the minus before one value: computed, and followed no further.
  case arithmetic(String, [EvalExpression], SourceRange)
  /// `searchmatch("…")`: a search inside.
  case search(SearchTree, SourceRange)
  case subsearch(SourceRange)
}

/// How two values are compared.
enum EvalComparison: String, Hashable, Sendable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  var mirrored: EvalComparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

/// A function with its arguments.
struct EvalCall: Hashable, Sendable {
  /// In lower case, as the functions are named.
  var name: String
  var arguments: [EvalExpression]
  var place: SourceRange
}

extension EvalExpression: BooleanCombining {
  static func allOf(_ parts: [EvalExpression]) -> EvalExpression { parts.count == 1 ? parts[0] : .and(parts) }
  static func anyOf(_ parts: [EvalExpression]) -> EvalExpression { parts.count == 1 ? parts[0] : .or(parts) }
  static func noneOf(_ part: EvalExpression) -> EvalExpression { .not(part) }

  var conjuncts: [EvalExpression] {
    if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
  }

  var place: SourceRange? {
    switch self {
    case .and(let parts), .or(let parts):
      guard let first = parts.first?.place, let last = parts.last?.place else { return nil }
      return first.extended(to: last)
    case .xor(let left, let right):
      guard let first = left.place, let last = right.place else { return nil }
      return first.extended(to: last)
    case .not(let part): return part.place
    case .comparison(_, _, _, let place), .field(_, let place), .text(_, let place), .number(_, let place),
      .arithmetic(_, _, let place), .search(_, let place), .subsearch(let place):
      return place
    case .call(let call): return call.place
    }
  }
}
