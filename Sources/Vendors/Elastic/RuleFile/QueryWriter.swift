import LanguageSupport
import RuleIR
import SourceText

/// A language in which a rule file's query can be written.
protocol QueryWriter: Sendable {
  static func support(for feature: Feature) -> Support

  /// The query of a rule and what stands beside it in the file.
  ///
  /// - Throws: `untranslatable`, where the rule has no form in this language.
  static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery
}

/// A rule's query, and the parts of a rule file that go with it.
struct WrittenQuery {
  /// The rule's type, as Kibana names it.
  var type: String
  var language: String
  var text: String
  var losses: [Loss] = []
  var notes: [String] = []
  /// What the rule counts; nil where it counts nothing.
  var threshold: WrittenThreshold?
  var newTerms: NewTerms?
  /// When the rule is to run, where its window asks for it.
  var schedule: Schedule?
  /// Whether the query names its indices itself, so that the rule must not.
  var namesIndices = false
}

/// The bound of a threshold rule.
struct WrittenThreshold {
  var fields: [String]
  var count: Int
  /// A field, and how many different values of it there must be.
  var cardinality: (field: String, count: Int)?
}

/// The best of several languages.
enum QueryChoice {
  /// What the best of the languages can say.
  static func support(for feature: Feature) -> Support {
    let answers = Elastic.queryWriters.map { $0.support(for: feature) }
    return answers.min { $0.rank < $1.rank } ?? .notYet
  }

  /// The query in the first language that loses nothing, or else least.
  static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    var best: WrittenQuery?
    var refusal: Diagnostic?
    for writer in Elastic.queryWriters {
      do throws(Diagnostic) {
        let query = try writer.write(rule, for: schema)
        if query.losses.isEmpty { return query }
        if best.map({ query.losses.count < $0.losses.count }) ?? true { best = query }
      } catch {
        refusal = refusal ?? error
      }
    }
    if let best { return best }
    throw refusal ?? .untranslatable(.alwaysTrue, in: "elastic", because: "no language to write in", at: Origin())
  }
}

extension Support {
  fileprivate var rank: Int {
    switch self {
    case .native: 0
    case .rewritten: 1
    case .approximated: 2
    case .notYet: 3
    case .never: 4
    }
  }
}
