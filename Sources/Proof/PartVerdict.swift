public import RuleIR

/// Two events, on one of which a predicate is true, told apart by one of its parts.
public struct DecidingPair: Hashable, Sendable {
  /// The event that fires.
  public var fires: EventValue
  /// The one that does not.
  public var silent: EventValue
  /// The field in which alone the two differ; nil where no such pair was found and they differ in more.
  public var field: FieldPath?
}

/// What a part of a predicate does to its verdict.
public enum PartVerdict: Hashable, Sendable {
  /// There are events whose verdict it decides.
  case decides(DecidingPair)
  /// It changes nothing: the predicate is the same where the part is never true.
  ///
  /// Of an `any` the other parts cover it, or it can never be reached.
  case asIfNever
  /// It changes nothing: the predicate is the same where the part is always true.
  ///
  /// Of an `all` the other parts imply it.
  case asIfAlways
  case undecided(String)
}

extension Prover {
  /// Whether a part of a predicate ever decides its verdict, with two events that show it.
  ///
  /// The events are as alike as can be found: first the same in every other test, then in every other field.
  public func verdict(on part: PredicatePart, of predicate: Predicate) -> PartVerdict {
    let asNever = predicate.replacing(part, with: .never)
    let asAlways = predicate.replacing(part, with: .always)
    // Where it is denied, that it is true makes fewer events fire.
    let (least, most) = part.isDenied ? (asAlways, asNever) : (asNever, asAlways)
    let firing = Predicate.all([predicate, .not(least)])
    let fires: EventValue
    switch satisfy(firing) {
    case .impossible: return part.isDenied ? .asIfAlways : .asIfNever
    case .undecided(let reason): return .undecided(reason)
    case .witness(let event): fires = shown(event, for: firing)
    }
    let silent = Predicate.all([most, .not(predicate)])
    if let pair = neighbour(of: fires, silent, part, predicate) { return .decides(pair) }
    switch satisfy(silent) {
    case .impossible: return part.isDenied ? .asIfNever : .asIfAlways
    case .undecided(let reason): return .undecided(reason)
    case .witness(let event):
      return .decides(DecidingPair(fires: fires, silent: shown(event, for: silent), field: nil))
    }
  }

  /// The event that fires with another value in the field of the part, and nothing else changed.
  private func neighbour(
    of event: EventValue, _ silent: Predicate, _ part: PredicatePart, _ predicate: Predicate
  ) -> DecidingPair? {
    guard let field = part.element ?? part.predicate.soleField, field.isPlain else { return nil }
    let others = predicate.parts.filter { $0.kind != .group && $0.element == nil && $0.predicate != part.predicate }
    let isNear = { (other: PredicatePart) in other.predicate.soleField == field }
    for kept in [others, others.filter { !isNear($0) }] {
      let fixed = kept.prefix(Self.mostFixed).compactMap { other in
        confirm(other.predicate, event).map { $0 ? other.predicate : .not(other.predicate) }
      }
      guard case .witness(let found) = satisfy(.all([silent] + fixed)) else { continue }
      let steps = field.steps[...]
      let changed = found.value(at: steps).map { event.setting($0, at: steps) } ?? event.removing(steps)
      if confirm(predicate, changed) == false {
        return DecidingPair(fires: event, silent: changed, field: field)
      }
    }
    return nil
  }

  /// Other tests that are held to what they say of the firing event.
  private static let mostFixed = 400
}

extension Predicate {
  /// The field that every test inside is about; nil where there are several, or none.
  var soleField: FieldPath? {
    switch self {
    case .all(let parts), .any(let parts):
      let fields = Set(parts.map(\.soleField))
      return fields.count == 1 ? fields.first ?? nil : nil
    case .not(let inner): return inner.soleField
    case .presence(let test): return test.field
    case .field(let test):
      if case .field = test.condition { return nil }
      return test.field
    case .some(let test), .every(let test): return test.path
    case .anyField, .rawTerm: return nil
    }
  }
}
