import Documents
import LanguageSupport
import RuleIR
import SourceText

/// The rules that correlations and filters may refer to, by id or name.
struct RuleBook {
  /// A rule, and whether it fires on its own.
  struct Entry {
    var reading: RuleReading
    var file: Int
    /// Whether only correlations use it.
    var isConsumed = false
  }

  /// What a reference leads to.
  enum Finding: Hashable {
    case absent
    case rule(Int)
    /// Several rules, none of them in the file that refers.
    case ambiguous
  }

  private(set) var entries: [Entry] = []
  private var places: [String: [Int]] = [:]

  mutating func add(_ reading: RuleReading, from document: DocumentNode, in file: Int) {
    for word in Set(document.names) { places[word, default: []].append(entries.count) }
    entries.append(Entry(reading: reading, file: file))
  }

  /// The rule that a document of a file names: the first of that file, or the only one of the others.
  func find(_ reference: String, from file: Int) -> Finding {
    guard let found = places[reference], let first = found.first else { return .absent }
    if let own = found.first(where: { entries[$0].file == file }) { return .rule(own) }
    return found.count == 1 ? .rule(first) : .ambiguous
  }

  var references: [String] { places.keys.sorted() }

  /// Lays a filter over a rule: it fires where both hold.
  mutating func restrict(_ place: Int, to predicate: Predicate, saying lints: [Diagnostic]) {
    guard let rule = entries[place].reading.rule else { return }
    entries[place].reading.rule?.body = rule.body.mapPredicates { (own: Predicate) in .conjunction([own, predicate]) }
    entries[place].reading.diagnostics += lints
  }

  mutating func consume(_ place: Int) { entries[place].isConsumed = true }
}

extension Diagnostic {
  /// A reference that leads to no rule, or to several.
  static func unresolved(
    _ finding: RuleBook.Finding, _ reference: String, in book: RuleBook, at range: SourceRange
  ) -> Diagnostic {
    if finding == .ambiguous {
      return Diagnostic(
        .ambiguousName, "'\(reference)' names several rules", at: range, label: "each in another file",
        help: "name the rule by its id")
    }
    return Diagnostic(
      .unknownIdentifier, "there is no rule '\(reference)' among the files that are read", at: range,
      label: "names no rule by id or name",
      help: nearestName(to: reference, among: book.references).map { "did you mean '\($0)'?" })
  }
}
