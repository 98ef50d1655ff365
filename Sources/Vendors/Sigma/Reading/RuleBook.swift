import Documents
import LanguageSupport
import RuleIR
import SourceText

/// The rules of a file that correlations may refer to, by id or name.
struct RuleBook {
  /// A detection rule, and whether it fires on its own.
  struct Entry {
    var reading: RuleReading
    /// Whether only correlations use it.
    var isConsumed = false
  }

  private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  mutating func add(_ reading: RuleReading, from document: DocumentNode) {
    for key in ["id", "name"] {
      if let word = document[key]?.text, places[word] == nil { places[word] = entries.count }
    }
    entries.append(Entry(reading: reading))
  }

  /// Where the rule stands that a correlation names.
  func place(of reference: String) -> Int? { places[reference] }

  var references: [String] { places.keys.sorted() }

  /// Lays a filter over a rule: it fires where both hold.
  mutating func restrict(_ place: Int, to predicate: Predicate, saying lints: [Diagnostic]) {
    guard let rule = entries[place].reading.rule else { return }
    entries[place].reading.rule?.body = rule.body.mapPredicates { (own: Predicate) in .conjunction([own, predicate]) }
    entries[place].reading.diagnostics += lints
  }

  mutating func consume(_ place: Int) { entries[place].isConsumed = true }
}
