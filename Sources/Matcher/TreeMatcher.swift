public import RuleIR

/// The meaning of a predicate, written once.
///
/// It walks the tree for every event. Faster forms are held against it.
public struct TreeMatcher: Sendable {
  public let predicate: Predicate
  private let regexes: [RegexPattern: CompiledRegex]

  /// Makes a predicate ready to run.
  ///
  /// - Throws: A regular expression that cannot be run, with its place.
  public init(_ predicate: Predicate) throws(EvaluationFailure) {
    self.predicate = predicate
    var regexes: [RegexPattern: CompiledRegex] = [:]
    for (pattern, origin) in predicate.regexes where regexes[pattern] == nil {
      do {
        regexes[pattern] = try CompiledRegex(pattern)
      } catch {
        throw EvaluationFailure(reason: "the regular expression cannot be run: \(error.reason)", origin: origin)
      }
    }
    self.regexes = regexes
  }

  /// Whether the predicate is true of an event.
  ///
  /// - Throws: A limit that was reached; never to be taken for false.
  public func matches(_ event: EventValue) throws(EvaluationFailure) -> Bool {
    try holds(predicate, in: event, of: event)
  }

  /// Whether a part of the predicate holds in a scope: the event, or an element of it.
  func holds(_ predicate: Predicate, in scope: EventValue, of event: EventValue) throws(EvaluationFailure) -> Bool {
    switch predicate {
    case .all(let parts):
      return try !someHolds(parts) { part throws(EvaluationFailure) in try !holds(part, in: scope, of: event) }
    case .any(let parts):
      return try someHolds(parts) { part throws(EvaluationFailure) in try holds(part, in: scope, of: event) }
    case .not(let inner): return try !holds(inner, in: scope, of: event)
    case .presence(let test): return test.holds(in: scope)
    case .field(let test): return try holds(test, in: scope)
    case .some(let test):
      return try someHolds(scope.values(at: test.path)) { element throws(EvaluationFailure) in
        try holds(test.predicate, in: element, of: event)
      }
    case .every(let test):
      let elements = scope.values(at: test.path)
      if elements.isEmpty { return false }
      return try !someHolds(elements) { element throws(EvaluationFailure) in
        try !holds(test.predicate, in: element, of: event)
      }
    case .anyField(let test): return try holds(test, in: scope)
    case .rawTerm(let test): return test.matches(raw: event.json)
    }
  }

  /// Whether some item passes; what fails matters only where none does, so that the order of items never does.
  private func someHolds<Item>(
    _ items: [Item], _ holds: (Item) throws(EvaluationFailure) -> Bool
  ) throws(EvaluationFailure) -> Bool {
    var failure: EvaluationFailure?
    for item in items {
      do throws(EvaluationFailure) {
        if try holds(item) { return true }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return false
  }

  private func holds(_ test: FieldTest, in scope: EventValue) throws(EvaluationFailure) -> Bool {
    do throws(EvaluationFailure) {
      return try someHolds(try subjects(of: test, in: scope)) { value throws(EvaluationFailure) in
        try passes(test.condition, value, in: scope) == (test.polarity == .someValuePasses)
      }
    } catch {
      throw EvaluationFailure(reason: error.reason, origin: test.origin)
    }
  }

  /// What the condition is asked of: each value, or what the subject makes of it.
  private func subjects(of test: FieldTest, in scope: EventValue) throws(EvaluationFailure) -> [EventValue] {
    guard case .derived(let derivation) = test.subject else { return test.plainSubjects(in: scope) }
    var made: [EventValue] = []
    for value in scope.values(at: test.field) {
      if let value = try derived(derivation, from: value) { made.append(value) }
    }
    return made
  }

  private func holds(_ test: AnyFieldTest, in scope: EventValue) throws(EvaluationFailure) -> Bool {
    var failure: EvaluationFailure?
    let found = scope.eachScalar { value in
      guard let text = value.spelling else { return false }
      do throws(EvaluationFailure) {
        return try passes(test.condition, .string(text), in: scope)
      } catch {
        failure = failure ?? EvaluationFailure(reason: error.reason, origin: test.origin)
        return false
      }
    }
    if let failure, !found { throw failure }
    return found
  }

  func compiled(_ pattern: RegexPattern) throws(EvaluationFailure) -> CompiledRegex {
    guard let regex = regexes[pattern] else {
      throw EvaluationFailure(reason: "a regular expression was not compiled", origin: Origin())
    }
    return regex
  }
}

/// Why a predicate has no verdict on an event.
public struct EvaluationFailure: Error, Hashable, Sendable {
  public var reason: String
  public var origin: Origin

  public init(reason: String, origin: Origin) {
    self.reason = reason
    self.origin = origin
  }
}

extension PresenceTest {
  func holds(in scope: EventValue) -> Bool {
    switch kind {
    case .key: scope.hasKey(field)
    case .value: scope.values(at: field).contains(where: \.isPresent)
    case .single: Set(scope.values(at: field).filter(\.isPresent)).count == 1
    }
  }
}

extension FieldTest {
  /// What the condition is asked of; of a derivation nothing, for it needs expressions made ready.
  fileprivate func plainSubjects(in scope: EventValue) -> [EventValue] {
    let values = scope.values(at: field)
    switch subject {
    // An empty object is no value, so that none is there that could fail.
    case .value: return values.filter(\.isPresent)
    case .spelling: return values.compactMap { $0.spelling.map(EventValue.string) }
    case .count: return [.number(Number(values.filter(\.isPresent).count))]
    case .length:
      return values.compactMap { value in
        guard case .string(let text) = value else { return nil }
        return .number(Number(text.unicodeScalars.count))
      }
    case .datePart(let part):
      return values.compactMap { value in
        guard case .string(let text) = value else { return nil }
        return EventTime(text).map { .number(Number($0.part(part))) }
      }
    case .derived: return []
    }
  }
}

extension Predicate {
  /// Every regular expression in the predicate, with the place of its test.
  fileprivate var regexes: [(RegexPattern, Origin)] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.regexes)
    case .not(let inner): inner.regexes
    case .some(let test), .every(let test): test.predicate.regexes
    case .field(let test): (test.subject.regexes + [test.condition.regex].compactMap(\.self)).map { ($0, test.origin) }
    case .anyField(let test): test.condition.regex.map { [($0, test.origin)] } ?? []
    case .presence, .rawTerm: []
    }
  }
}

extension FieldTest.Subject {
  fileprivate var regexes: [RegexPattern] {
    if case .derived(let derivation) = self { derivation.regexes } else { [] }
  }
}

extension Condition {
  fileprivate var regex: RegexPattern? {
    if case .regex(let pattern) = self { pattern } else { nil }
  }
}
