/// A regular expression as a tree: what patterns, terms and the linear fragment of every flavour come down to.
indirect enum RegexTree: Hashable, Sendable {
  case set(CharacterSet)
  case sequence([RegexTree])
  case choice([RegexTree])
  /// Any number of times.
  case star(RegexTree)
  /// Passes at the start of the text only.
  case start
  /// Passes at the end of the text only.
  case end
  /// Passes where a word of ASCII letters, digits and `_` begins or ends.
  case wordBoundary
  /// Passes where none does.
  case noWordBoundary

  static let empty = RegexTree.sequence([])
  static let nothing = RegexTree.choice([])
  static let anything = RegexTree.star(.set(.any))

  static func optional(_ tree: RegexTree) -> RegexTree { .choice([tree, .empty]) }

  /// From `low` to `high` times, without end where that is nil.
  static func times(_ tree: RegexTree, _ low: Int, _ high: Int?) -> RegexTree {
    var parts = [RegexTree](repeating: tree, count: low)
    if let high {
      parts += [RegexTree](repeating: .optional(tree), count: max(0, high - low))
    } else {
      parts.append(.star(tree))
    }
    return .sequence(parts)
  }

  /// The number of its pieces, or something above a limit.
  func size(upTo limit: Int) -> Int {
    switch self {
    case .set, .start, .end, .wordBoundary, .noWordBoundary: return 1
    case .star(let inner): return 2 + inner.size(upTo: limit)
    case .sequence(let parts), .choice(let parts):
      var sum = 1
      for part in parts where sum <= limit { sum += part.size(upTo: limit - sum) }
      return sum
    }
  }

  static func text(_ text: String, ignoringCase: Bool) -> RegexTree {
    .sequence(
      text.unicodeScalars.map { scalar in
        ignoringCase ? .set(.folded(.scalar(scalar))) : .set(.scalar(scalar))
      })
  }
}
