import RuleIR

/// The texts that pass a condition, in the forms in which they are reasoned about; made once a search.
final class TextLanguage {
  /// The patterns of which one must cover the text, where the condition comes down to such.
  let globs: [Glob]?
  /// What lies outside the forms known here: then only single texts can be tried, or not even these.
  let outside: String?
  /// The texts as a regular expression; nil where they are none.
  private let tree: RegexTree?
  let isSmall: Bool
  private var built: PatternNetwork?
  /// Pieces of an expression with its repetitions written out, beyond which it is not followed.
  private static let mostPieces = 10_000

  init(_ condition: Condition) {
    globs = condition.globs
    do throws(RegexParser.Outside) {
      tree = try globs == nil ? condition.tree() : nil
      outside = nil
    } catch {
      tree = nil
      outside = "a regular expression with \(error.reason)"
    }
    let size = globs.map { $0.reduce(0) { $0 + $1.size } } ?? tree?.size(upTo: Self.mostPieces) ?? 0
    isSmall = size <= Self.mostPieces
  }

  /// - Parameter tree: Nil for texts of which nothing is known but one by one.
  init(_ tree: RegexTree?) {
    globs = nil
    outside = nil
    isSmall = true
    self.tree = tree
  }

  /// The one pattern that the condition is.
  var glob: Glob? { globs?.count == 1 ? globs?.first : nil }

  /// Whether a search through all texts can follow the condition.
  var isRegular: Bool { isSmall && (globs != nil || tree != nil) }

  /// The automaton of the texts; nil where the condition is not regular, or too large.
  var network: PatternNetwork? {
    if let built { return built }
    guard isRegular else { return nil }
    built = (globs.map { .choice($0.map(\.tree)) } ?? tree).map { PatternNetwork($0) }
    return built
  }

  /// Whether a text passes; nil where that cannot be told here.
  func accepts(_ text: TextSample) -> Bool? {
    if let globs { return globs.contains { $0.covers(text) } }
    return network?.accepts(text.scalars)
  }
}

/// The languages of the conditions of one search.
final class TextLanguages {
  private var known: [Key: TextLanguage] = [:]

  private struct Key: Hashable {
    var condition: Condition
    var subject: FieldTest.Subject
  }

  subscript(demand: ValueDemand) -> TextLanguage {
    let key = Key(condition: demand.condition, subject: demand.subject)
    if let language = known[key] { return language }
    let language: TextLanguage =
      switch demand.subject {
      case .value, .spelling: TextLanguage(demand.condition)
      case .length: TextLanguage(demand.condition.lengths)
      case .count, .datePart, .derived: TextLanguage(nil)
      }
    known[key] = language
    return language
  }
}

extension Glob {
  fileprivate var size: Int { runs.reduce(0) { $0 + $1.count + 1 } }

  var tree: RegexTree {
    var parts: [RegexTree] = opensLeft ? [.anything] : []
    for (index, run) in runs.enumerated() {
      if index > 0 { parts.append(.anything) }
      parts += run.map { symbol in
        symbol.map { .set(ignoresCase ? .folded(.scalar($0)) : .scalar($0)) } ?? .set(.any)
      }
    }
    if opensRight, !isAnything { parts.append(.anything) }
    return .sequence(parts)
  }
}

extension Condition {
  /// The patterns of which one must cover a text that passes; nil where the condition is of another kind.
  fileprivate var globs: [Glob]? {
    switch self {
    case .equals(let literal): return literal.glob.map { [$0] }
    case .oneOf(let literals):
      let globs = literals.compactMap(\.glob)
      return globs.count == literals.count ? globs : nil
    case .matches(let pattern, let textCase): return [Glob(pattern, textCase)]
    case .encoded(let encoded):
      guard encoded.encodings != [.windash] else { return nil }
      return encoded.forms.map { Glob(encoded.pattern(of: $0), encoded.textCase) }
    case .regex, .order, .network, .term, .field: return nil
    }
  }

  /// The texts whose number of scalars passes.
  fileprivate var lengths: RegexTree? {
    let bounds: (Int, Int?)
    switch self {
    case .equals(.number(let number, _)):
      guard let count = number.integer else { return number.isInteger ? nil : .nothing }
      bounds = (count, count)
    case .order(let order, .number(let number, _)):
      guard let count = number.integer, count < 1 << 32, count > -1 << 32 else { return nil }
      switch order {
      case .less: bounds = (0, count - 1)
      case .lessOrEqual: bounds = (0, count)
      case .greater: bounds = (count + 1, nil)
      case .greaterOrEqual: bounds = (count, nil)
      }
    case .equals, .order, .oneOf, .matches, .regex, .network, .term, .encoded, .field: return nil
    }
    if let high = bounds.1, high < max(0, bounds.0) { return .nothing }
    let low = max(0, bounds.0)
    return max(low, bounds.1 ?? 0) > 1_000 ? nil : .times(.set(.any), low, bounds.1)
  }
}

extension Literal {
  /// Nil where texts that spell a number pass, which are many.
  fileprivate var glob: Glob? {
    switch self {
    case .text(let text, let textCase), .untyped(let text, let textCase): Glob(exactly: text, textCase)
    case .number, .boolean: nil
    }
  }
}
