/// An operator that compares two values.
struct KustoComparison: Hashable, Sendable {
  /// What is asked.
  enum Relation: Hashable, Sendable {
    case equals, isIn, contains, startsWith, endsWith, term, termPrefix, termSuffix, anyTerm, allTerms, regex, between
    case less, lessOrEqual, greater, greaterOrEqual
  }

  /// How tightly an operator binds; the lowest first.
  enum Level: Hashable, Sendable { case equality, order, text }

  var relation: Relation
  /// Whether letter case matters.
  var isSensitive: Bool
  var isNegated: Bool

  init(_ relation: Relation, sensitive isSensitive: Bool = true, negated isNegated: Bool = false) {
    self.relation = relation
    self.isSensitive = isSensitive
    self.isNegated = isNegated
  }

  /// Where the operator stands in the official grammar.
  ///
  /// https://github.com/microsoft/Kusto-Query-Language/blob/master/grammar/Kql.g4
  var level: Level {
    switch relation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: .order
    case .equals where isSensitive: .equality
    case .isIn, .anyTerm, .allTerms, .between: .equality
    case .equals, .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .regex: .text
    }
  }

  /// The operator that a token spells; `matches` stands for `matches regex`.
  init?(_ token: KustoToken) {
    guard let found = Self.bySpelling[token] else { return nil }
    self = found
  }

  private static let bySpelling: [KustoToken: KustoComparison] = {
    var table: [KustoToken: KustoComparison] = [
      .symbol("=="): .init(.equals), .symbol("!="): .init(.equals, negated: true),
      .symbol("<>"): .init(.equals, negated: true), .symbol("=~"): .init(.equals, sensitive: false),
      .symbol("!~"): .init(.equals, sensitive: false, negated: true),
      .symbol("<"): .init(.less), .symbol("<="): .init(.lessOrEqual), .symbol(">"): .init(.greater),
      .symbol(">="): .init(.greaterOrEqual), .symbol(":"): .init(.term, sensitive: false),
      .word("in"): .init(.isIn), .word("!in"): .init(.isIn, negated: true),
      .word("in~"): .init(.isIn, sensitive: false), .word("!in~"): .init(.isIn, sensitive: false, negated: true),
      .word("has_any"): .init(.anyTerm, sensitive: false), .word("has_all"): .init(.allTerms, sensitive: false),
      .word("matches"): .init(.regex), .word("between"): .init(.between),
      .word("!between"): .init(.between, negated: true),
      // Older spellings, which still pass.
      .word("containscs"): .init(.contains), .word("notcontains"): .init(.contains, sensitive: false, negated: true),
      .word("notcontainscs"): .init(.contains, negated: true),
    ]
    let families: [(String, Relation)] = [
      ("contains", .contains), ("startswith", .startsWith), ("endswith", .endsWith), ("has", .term),
      ("hasprefix", .termPrefix), ("hassuffix", .termSuffix),
    ]
    for (name, relation) in families {
      table[.word(name)] = .init(relation, sensitive: false)
      table[.word("!" + name)] = .init(relation, sensitive: false, negated: true)
      table[.word(name + "_cs")] = .init(relation)
      table[.word("!" + name + "_cs")] = .init(relation, negated: true)
    }
    return table
  }()

  /// As the printer writes it.
  var spelling: String {
    let not = isNegated ? "!" : ""
    let suffix = isSensitive ? "_cs" : ""
    switch relation {
    case .equals: return isSensitive ? (isNegated ? "!=" : "==") : (isNegated ? "!~" : "=~")
    case .isIn: return not + (isSensitive ? "in" : "in~")
    case .contains: return not + "contains" + suffix
    case .startsWith: return not + "startswith" + suffix
    case .endsWith: return not + "endswith" + suffix
    case .term: return not + "has" + suffix
    case .termPrefix: return not + "hasprefix" + suffix
    case .termSuffix: return not + "hassuffix" + suffix
    case .anyTerm: return "has_any"
    case .allTerms: return "has_all"
    case .regex: return "matches regex"
    case .between: return not + "between"
    case .less: return "<"
    case .lessOrEqual: return "<="
    case .greater: return ">"
    case .greaterOrEqual: return ">="
    }
  }

  /// The operator with its sides exchanged; nil where there is none.
  var mirrored: KustoComparison? {
    switch relation {
    case .equals: self
    case .less: KustoComparison(.greater)
    case .lessOrEqual: KustoComparison(.greaterOrEqual)
    case .greater: KustoComparison(.less)
    case .greaterOrEqual: KustoComparison(.lessOrEqual)
    case .isIn, .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .anyTerm, .allTerms, .regex,
      .between:
      nil
    }
  }
}
