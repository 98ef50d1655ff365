import LanguageSupport
import RuleIR
import SourceText

/// Takes what a query says of the time of the search out of what it says of events.
///
/// `@timestamp >= now-9m`, where all of the query depends on it, is how far the search looks back; any other date
/// that is reckoned from now is left aside, and with it what it decides.
struct KueryTimes {
  private(set) var predicate: Predicate
  private(set) var searchSpan: TimeSpan?
  private(set) var gap: Origin?
  private(set) var notes: [Diagnostic] = []

  init(_ whole: Predicate) {
    predicate = whole
    guard whole.asksForNow else { return }
    var parts: [Predicate] = []
    for part in whole.conjuncts {
      if let span = part.spanBeforeNow {
        searchSpan = min(searchSpan ?? span, span)
        note(span, part)
      } else if let place = part.now {
        gap = gap ?? place
      } else {
        parts.append(part)
      }
    }
    predicate = .conjunction(parts)
  }

  private mutating func note(_ span: TimeSpan, _ part: Predicate) {
    guard let place = part.now?.range else { return }
    notes.append(
      Diagnostic(
        .assumedMeaning, "the comparison with now is taken for the span of the search, \(span)", severity: .info,
        at: place, label: "not part of the condition on an event"))
  }
}

extension Predicate {
  fileprivate var conjuncts: [Predicate] {
    if case .all(let parts) = self { parts } else { [self] }
  }

  fileprivate var asksForNow: Bool { now != nil }

  /// Where a test compares with a date that is reckoned from now, or from another date.
  fileprivate var now: Origin? {
    switch self {
    case .all(let parts), .any(let parts):
      for part in parts { if let place = part.now { return place } }
      return nil
    case .not(let inner): return inner.now
    case .field(let test):
      guard case .order(_, let literal) = test.condition, literal.spelling.isDateMaths else { return nil }
      return test.origin
    case .some(let test), .every(let test): return test.predicate.now
    case .presence, .anyField, .rawTerm: return nil
    }
  }

  /// The span of `@timestamp >= now-9m`; nil for any other test, and where the start is rounded.
  fileprivate var spanBeforeNow: TimeSpan? {
    guard case .field(let test) = self, case .order(let order, let literal) = test.condition,
      order == .greater || order == .greaterOrEqual,
      [FieldPath(named: "@timestamp"), FieldPath(named: "event.ingested")].contains(test.field),
      literal.spelling.hasPrefix("now-"), !literal.spelling.utf8.contains(UInt8(ascii: "/"))
    else { return nil }
    return TimeSpan(literal.spelling.dropFirst(4))
  }
}
