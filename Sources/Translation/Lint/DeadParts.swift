import Matcher
import Proof
import RuleIR
import SourceText

/// Finds what of a rule never holds, always does, or excludes nothing, the whole of it included.
struct DeadParts {
  private(set) var diagnostics: [Diagnostic] = []
  private let title: String
  private let range: SourceRange
  private let prover: Prover

  init(_ predicate: Predicate, title: String, range: SourceRange, prover: Prover) {
    self.title = title
    self.range = range
    self.prover = prover
    if isAlways(predicate) {
      reportAlways(predicate)
      return
    }
    for contradiction in prover.contradictions(in: predicate) { report(contradiction) }
    // What is never true of a constant, as when a value is impossible, has no parts to name.
    if diagnostics.isEmpty, predicate.normalised() == .never { reportNever([]) }
    findTautologies(in: predicate)
  }

  // MARK: - What never holds

  private mutating func report(_ contradiction: Contradiction) {
    let places = contradiction.parts.prefix(6).compactMap(\.origin.range)
    switch contradiction.effect {
    case .neverFires: reportNever(places)
    case .deadAlternative where contradiction.parts.first?.isDenied == true:
      // In what is excluded it is asked once more for what must hold anyway, often for the reader's sake.
      diagnostics.append(
        Diagnostic(
          .redundantTest, "the rest of the rule asks for this already", severity: .info, at: places.first ?? range,
          label: "always holds beside the rest",
          secondary: places.dropFirst().map { Diagnostic.Label($0, "because of this") },
          notes: ["'\(title)' fires on the same events without it"]))
    case .deadAlternative:
      diagnostics.append(
        Diagnostic(
          .contradiction,
          places.count > 1 ? "these tests cannot hold together" : "this can never hold", severity: .warning,
          at: places.first ?? range,
          label: places.count > 1 ? "never holds beside the others" : "no event satisfies it",
          secondary: places.dropFirst().map { Diagnostic.Label($0, "this") },
          notes: ["'\(title)' never fires by this part"]))
    case .idleExclusion:
      diagnostics.append(
        Diagnostic(
          .redundantTest, "this excludes nothing: the rest of the rule never lets it through", severity: .warning,
          at: places.first ?? range, label: "never holds beside the rest",
          secondary: places.dropFirst().map { Diagnostic.Label($0, "because of this") },
          notes: ["'\(title)' fires on the same events without it"]))
    }
  }

  private mutating func reportNever(_ places: [SourceRange]) {
    diagnostics.append(
      Diagnostic(
        .neverFires, "'\(title)' can never fire", severity: .warning,
        at: places.first ?? range.place(of: title) ?? range, label: "no event can satisfy this",
        secondary: places.dropFirst().map { Diagnostic.Label($0, "together with this") }))
  }

  // MARK: - What always holds

  private func isAlways(_ predicate: Predicate) -> Bool {
    // What is false of an event without fields is not always true.
    (try? TreeMatcher(predicate).matches(.object(EventObject()))) == true
      && prover.satisfy(.not(predicate)) == .impossible
  }

  private mutating func reportAlways(_ predicate: Predicate) {
    diagnostics.append(
      Diagnostic(
        .alwaysFires, "'\(title)' fires on every event", severity: .warning,
        at: predicate.firstOrigin.range ?? range.place(of: title) ?? range, label: "every event satisfies this"))
  }

  private mutating func findTautologies(in predicate: Predicate) {
    for part in predicate.parts where part.kind == .group && part.element == nil && part.surroundings != .whole {
      guard isAlways(part.predicate) else { continue }
      let places = part.predicate.parts.filter { $0.way.count == 1 }.prefix(4).compactMap(\.origin.range)
      diagnostics.append(
        Diagnostic(
          .alwaysHolds, "one of these tests always holds", severity: .warning, at: places.first ?? range,
          label: "holds wherever the others do not", secondary: places.dropFirst().map { Diagnostic.Label($0, "this") },
          notes: ["this part of '\(title)' is true of every event"]))
    }
  }
}
