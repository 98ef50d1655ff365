import LanguageSupport
import RuleIR

/// A test of one field against a constant or a list of them.
struct EQLClause {
  /// How the field is compared with the constants.
  enum Relation: Hashable {
    /// `==`, and `in` for several.
    case equal
    /// `:`, in which `*` and `?` are wildcards.
    case loose
    /// `in~`, which takes every character as it stands.
    case looseVerbatim
    case like
    case regex
    case looseRegex
    /// `cidrMatch`
    case network
  }

  /// The field, or a function of it.
  var subject: String
  var relation: Relation
  /// As they are written.
  var values: [String]

  var text: String {
    let list = "(\(values.joined(separator: ", ")))"
    let values = self.values.count == 1 ? self.values[0] : list
    switch relation {
    case .equal: return self.values.count == 1 ? "\(subject) == \(values)" : "\(subject) in \(values)"
    case .loose: return "\(subject) : \(values)"
    case .looseVerbatim: return "\(subject) in~ \(list)"
    case .like: return "\(subject) like \(values)"
    case .regex: return "\(subject) regex \(values)"
    case .looseRegex: return "\(subject) regex~ \(values)"
    case .network: return "cidrMatch(\(([subject] + self.values).joined(separator: ", ")))"
    }
  }

  /// The opposite by an operator of its own, where there is one.
  var opposite: String? {
    relation == .equal && values.count == 1 ? "\(subject) != \(values[0])" : nil
  }
}

/// What a test comes to: clauses that may be put together with others, or a text of its own.
enum EQLPiece {
  case clause(EQLClause, losses: [Loss])
  case text(Fragment)

  var fragment: Fragment {
    switch self {
    case .clause(let clause, let losses): Fragment(clause.text, losses: losses)
    case .text(let fragment): fragment
    }
  }

  /// Alternatives, with those that compare one field in one way put together where the first of them stands.
  static func merged(_ pieces: [EQLPiece]) -> [EQLPiece] {
    struct Key: Hashable {
      var subject: ExactText
      var relation: EQLClause.Relation
    }
    var merged: [EQLPiece] = []
    var places: [Key: Int] = [:]
    // What is listed already; two spaces of Unicode may be equal to Swift and are not to Elasticsearch.
    var listed: [Key: Set<ExactText>] = [:]
    for piece in pieces {
      guard case .clause(let clause, let losses) = piece else {
        merged.append(piece)
        continue
      }
      let key = Key(subject: ExactText(clause.subject), relation: clause.relation)
      if let place = places[key], case .clause(var known, let others) = merged[place] {
        for value in clause.values where listed[key, default: []].insert(ExactText(value)).inserted {
          known.values.append(value)
        }
        merged[place] = .clause(known, losses: others + losses.filter { !others.contains($0) })
      } else {
        places[key] = merged.count
        listed[key] = Set(clause.values.map(ExactText.init))
        merged.append(piece)
      }
    }
    return merged
  }
}
