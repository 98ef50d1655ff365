import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads a filter: a condition that is laid over rules of the same run.
///
///     filter = rules selection { selection } condition ;       rules = "any" | name { name } ;
///
/// A rule with a filter fires where both hold, the filter's condition being taken as it is written: to let noise
/// through the sieve it must say `not`. That is what Sigma's tools do, whatever the specification's example says.
struct FilterReader {
  private let document: DocumentNode
  private let member: DocumentNode.Member
  private let file: Int
  private let placeholders: Placeholders
  private(set) var diagnostics: [Diagnostic] = []

  init(_ document: DocumentNode, _ member: DocumentNode.Member, in file: Int, _ placeholders: Placeholders) {
    self.document = document
    self.member = member
    self.file = file
    self.placeholders = placeholders
  }

  /// Lays the filter over the rules it names.
  mutating func apply(to book: inout RuleBook) {
    var detection = DetectionReader(under: "filter", reserving: ["rules"], placeholders)
    let body = detection.body(of: document)
    diagnostics += detection.diagnostics
    guard case .predicate(let predicate)? = body else {
      if body != nil { refuseAggregation() }
      return
    }
    if !predicate.hasNegation { lintRestriction() }
    let places = places(in: book)
    let lints = diagnostics.filter { $0.severity < .error }
    for place in places { book.restrict(place, to: predicate, saying: lints) }
    if !places.isEmpty { diagnostics.removeAll { $0.severity < .error } }
  }

  private mutating func refuseAggregation() {
    diagnostics.append(
      Diagnostic(
        .unsupportedConstruct, "a filter cannot count", at: member.key.range, label: "its condition has an aggregation"
      ))
  }

  /// The rules that the filter means: those it names, or all whose log source is the filter's or a part of it.
  private mutating func places(in book: RuleBook) -> [Int] {
    guard let rules = member.value["rules"] else {
      diagnostics.append(
        Diagnostic(
          .missingKey, "the filter has no 'rules'", at: member.key.range, label: "'rules' is missing",
          help: "name the rules by id or name, or write 'any'"))
      return []
    }
    let source = MetadataReader(document).metadata.source.selectors
    func covers(_ place: Int) -> Bool {
      let own = book.entries[place].reading.rule?.metadata.source.selectors ?? []
      return source.allSatisfy(own.contains)
    }
    if rules.text == "any" {
      let places = book.entries.indices.filter(covers)
      if places.isEmpty { refuseNothing(at: rules.range) }
      return places
    }
    var places: [Int] = []
    for element in rules.elements ?? [rules] {
      let reference = element.text ?? ""
      switch book.find(reference, from: file) {
      case .rule(let place) where covers(place): places.append(place)
      case .rule: refuseSource(at: element.range)
      case .absent: diagnostics.append(.unresolved(.absent, reference, in: book, at: element.range))
      case .ambiguous: diagnostics.append(.unresolved(.ambiguous, reference, in: book, at: element.range))
      }
    }
    return places
  }

  private mutating func refuseSource(at range: SourceRange) {
    diagnostics.append(
      Diagnostic(
        .ambiguousSource, "the filter is not about this rule's log source", at: range,
        label: "the rule stays as it is", help: "give the filter the rule's log source"))
  }

  private mutating func refuseNothing(at range: SourceRange) {
    diagnostics.append(
      Diagnostic(
        .unknownIdentifier, "the filter is about no rule among the files that are read", at: range,
        label: "no rule's log source fits"))
  }

  private mutating func lintRestriction() {
    diagnostics.append(
      Diagnostic(
        .restrictingFilter, "this filter restricts its rules to what it describes", severity: .warning,
        at: member.value["condition"]?.range ?? member.key.range, label: "says no 'not'",
        notes: ["a rule with a filter fires where both hold"], help: "write 'not' to exclude what it describes"))
  }
}

extension Predicate {
  /// Whether something is excluded anywhere in it.
  fileprivate var hasNegation: Bool {
    switch self {
    case .not: true
    case .all(let parts), .any(let parts): parts.contains(where: \.hasNegation)
    case .some(let test), .every(let test): test.predicate.hasNegation
    case .presence, .field, .anyField, .rawTerm: false
    }
  }
}
