import Proof
import RuleIR
import SourceText

/// Finds values beside which another one decides alone, with both places.
///
/// Of alternatives, a value that another covers is one too many; where all are asked for, one that another implies.
struct CoveredValues {
  private(set) var diagnostics: [Diagnostic] = []
  private let prover: Prover
  private let places: ValuePlaces
  private let parts: [PredicatePart]

  init(_ predicate: Predicate, prover: Prover, places: ValuePlaces) {
    self.prover = prover
    self.places = places
    parts = predicate.parts
    for covered in prover.coveredParts(of: predicate) { report(covered.part, beside: covered.by, .any) }
    for group in demands { checkImplied(group) }
  }

  // MARK: - All of them

  private enum Linking { case any, all }

  /// Tests of one field that must all hold, side by side.
  private var demands: [[PredicatePart]] {
    struct Key: Hashable {
      var parent: [Int]
      var element: FieldPath?
      var subject: Predicate
    }
    var groups: [Key: [PredicatePart]] = [:]
    var order: [Key] = []
    for part in parts where part.kind == .test && part.surroundings == .all {
      guard let subject = part.predicate.subject else { continue }
      let key = Key(parent: Array(part.way.dropLast()), element: part.element, subject: subject)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(part)
    }
    return order.compactMap { groups[$0] }.filter { (2...60).contains($0.count) }
  }

  private mutating func checkImplied(_ group: [PredicatePart]) {
    var idle: Set<Int> = []
    for index in group.indices.reversed() {
      let reason = group.indices.first { other in
        other != index && !idle.contains(other)
          && prover.implies(group[other].inElement, group[index].inElement) == .impossible
      }
      guard let reason, prover.satisfy(group[reason].inElement) != .impossible else { continue }
      idle.insert(index)
      report(group[index], beside: group[reason], .all)
    }
  }

  // MARK: - Words and places

  private mutating func report(_ part: PredicatePart, beside other: PredicatePart?, _ linking: Linking) {
    let (place, reason) = (place(of: part), other.flatMap(place))
    let isPlaced = place != reason
    diagnostics.append(
      Diagnostic(
        .coveredValue, message(part, other, linking), severity: .warning, at: place, label: "can go",
        secondary: isPlaced ? reason.map { [.init($0, linking == .any ? "covers it" : "implies it")] } ?? [] : [],
        fix: isPlaced ? place.map(ValuePlaces.removal) ?? [] : []))
  }

  private func message(_ part: PredicatePart, _ other: PredicatePart?, _ linking: Linking) -> String {
    let value = part.value.map { "'\($0.prefix(80))'" } ?? "this"
    guard let other else { return "\(value) adds nothing: the others cover it together" }
    let isSame = part.value != nil && part.value?.simplyFolded == other.value?.simplyFolded
    let reason = other.value.map { "'\($0.prefix(80))'" } ?? "another"
    switch linking {
    case .any where isSame: return "the value \(value) stands twice"
    case .any: return "\(value) adds nothing: \(reason) covers it"
    case .all where isSame: return "the value \(value) is asked for twice"
    case .all: return "\(value) asks nothing more: \(reason) implies it"
    }
  }

  /// The place of a test, or of one value in its list.
  private func place(of part: PredicatePart) -> SourceRange? {
    guard part.kind == .value, let range = part.origin.range, let text = part.value else { return part.origin.range }
    let before = parts.filter { other in
      other.kind == .value && other.way.dropLast() == part.way.dropLast() && other.way.last ?? 0 < part.way.last ?? 0
        && other.value == text
    }
    return places.place(of: text, occurrence: before.count, within: range) ?? range
  }
}

extension PredicatePart {
  /// The text, number or pattern that a test compares with.
  fileprivate var value: String? {
    switch predicate {
    case .field(let test): test.condition.value
    case .anyField(let test): test.condition.value
    case .all, .any, .not, .presence, .some, .every, .rawTerm: nil
    }
  }

  /// The test as a question about the event.
  fileprivate var inElement: Predicate { element.map { .some(ElementTest($0, predicate)) } ?? predicate }
}

extension Condition {
  fileprivate var value: String? {
    switch self {
    case .equals(let literal): literal.spelling
    case .matches(let pattern, _): pattern.description
    case .network(let network): network.description
    case .encoded(let encoded): encoded.text.description
    case .oneOf, .regex, .order, .term, .field: nil
    }
  }
}

extension Predicate {
  /// What a single test is about, whatever it asks; nil of all else.
  fileprivate var subject: Predicate? {
    switch self {
    case .field(var test):
      guard test.polarity == .someValuePasses else { return nil }
      if case .oneOf = test.condition { return nil }
      test.condition = .oneOf([])
      return .field(test)
    case .anyField: return .anyField(AnyFieldTest(.oneOf([])))
    case .all, .any, .not, .presence, .some, .every, .rawTerm: return nil
    }
  }
}
