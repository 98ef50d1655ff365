public import RuleIR

/// A small mistake in one test of a predicate, as somebody might make it.
public struct Mutation: Hashable, Sendable {
  /// What becomes of the test.
  public enum Change: String, Hashable, Sendable, CaseIterable {
    /// It is not asked at all.
    case leftOut
    /// It is asked the other way round.
    case denied
    /// A value of a set is missing.
    case valueMissing
    /// A text has one more letter.
    case textChanged
    /// Letter case counts where it did not, or the other way round.
    case caseChanged
    /// A pattern covers the whole text where it covered a part, or the other way round.
    case extentChanged
  }

  public var change: Change
  /// The predicate with the mistake in it.
  public var predicate: Predicate
  /// The test, or the value of it, that was changed.
  public var subject: String
  public var origin: Origin
}

extension Predicate {
  /// The number of mistakes that `mutation(at:of:)` knows.
  public func mutationCount(of changes: Set<Mutation.Change> = Set(Mutation.Change.allCases)) -> Int {
    var mutator = Mutator(wanted: nil, changes: changes)
    _ = mutator.visit(self, in: .whole)
    return mutator.seen
  }

  /// One of the mistakes, by its number.
  public func mutation(
    at index: Int, of changes: Set<Mutation.Change> = Set(Mutation.Change.allCases)
  ) -> Mutation? {
    var mutator = Mutator(wanted: index, changes: changes)
    let predicate = mutator.visit(self, in: .whole)
    return mutator.found.map {
      Mutation(change: $0.change, predicate: predicate, subject: $0.subject, origin: $0.origin)
    }
  }
}

/// Walks a predicate and makes the mistake with a given number.
private struct Mutator {
  /// What stands around a test, which says what it means to leave it out.
  enum Surroundings { case whole, all, any }

  let wanted: Int?
  let changes: Set<Mutation.Change>
  var seen = 0
  var found: (change: Mutation.Change, subject: String, origin: Origin)?

  /// Counts a mistake; whether it is the one to make.
  private mutating func isNext(_ change: Mutation.Change, _ subject: () -> String, _ origin: Origin) -> Bool {
    guard changes.contains(change) else { return false }
    seen += 1
    guard seen - 1 == wanted else { return false }
    found = (change, subject(), origin)
    return true
  }

  mutating func visit(_ predicate: Predicate, in surroundings: Surroundings) -> Predicate {
    switch predicate {
    case .all(let parts): return .all(visit(parts, in: .all))
    case .any(let parts): return .any(visit(parts, in: .any))
    case .not(let inner):
      switch surroundings {
      case .whole: return .not(visit(inner, in: .whole))
      // Leaving out `not a` from an `all` makes it `not never`.
      case .all: return .not(visit(inner, in: .any))
      case .any: return .not(visit(inner, in: .all))
      }
    case .some(var test):
      test.predicate = visit(test.predicate, in: .whole)
      return .some(test)
    case .every(var test):
      test.predicate = visit(test.predicate, in: .whole)
      return .every(test)
    case .presence(let test): return leaf(predicate, PredicateOutline.text(of: test), test.origin, in: surroundings)
    case .rawTerm(let test): return leaf(predicate, "raw text", test.origin, in: surroundings)
    case .field(let test): return field(test, in: surroundings)
    case .anyField(var test):
      if let condition = changed(test.condition, test.origin) {
        test.condition = condition
        return .anyField(test)
      }
      return leaf(predicate, PredicateOutline(.terse).text(of: predicate), test.origin, in: surroundings)
    }
  }

  private mutating func visit(_ parts: [Predicate], in surroundings: Surroundings) -> [Predicate] {
    parts.map { visit($0, in: surroundings) }
  }

  private mutating func leaf(
    _ predicate: Predicate, _ text: @autoclosure () -> String, _ origin: Origin, in surroundings: Surroundings
  ) -> Predicate {
    if isNext(.denied, text, origin) { return .not(predicate) }
    switch surroundings {
    case .whole: return predicate
    case .all: return isNext(.leftOut, text, origin) ? .always : predicate
    case .any: return isNext(.leftOut, text, origin) ? .never : predicate
    }
  }

  private mutating func field(_ test: FieldTest, in surroundings: Surroundings) -> Predicate {
    var test = test
    if let condition = changed(test.condition, test.origin) {
      test.condition = condition
      return .field(test)
    }
    return leaf(.field(test), PredicateOutline.text(of: test), test.origin, in: surroundings)
  }

  /// The condition with a mistake; nil where the mistake is elsewhere.
  private mutating func changed(_ condition: Condition, _ origin: Origin) -> Condition? {
    switch condition {
    case .equals(let literal): return changed(literal, origin).map(Condition.equals)
    case .oneOf(let literals):
      for (index, literal) in literals.enumerated() {
        var others = literals
        if literals.count > 1, isNext(.valueMissing, { EventValue.quoted(literal.spelling) }, origin) {
          others.remove(at: index)
          return .oneOf(others)
        }
        if let other = changed(literal, origin) {
          others[index] = other
          return .oneOf(others)
        }
      }
      return nil
    case .matches(let pattern, let textCase): return changed(pattern, textCase, origin)
    case .order(let order, let literal):
      let text = { PredicateOutline.text(of: condition) }
      return isNext(.textChanged, text, origin) ? .order(order.withOrWithoutEquality, literal) : nil
    case .term(var match):
      guard isNext(.textChanged, { EventValue.quoted(match.text) }, origin) else { return nil }
      match.text += "q"
      return .term(match)
    case .regex, .network, .encoded, .field: return nil
    }
  }

  private mutating func changed(_ literal: Literal, _ origin: Origin) -> Literal? {
    let spelling = { EventValue.quoted(literal.spelling) }
    switch literal {
    case .text(let text, let textCase):
      if isNext(.textChanged, spelling, origin) { return .text(text + "q", textCase) }
      if isNext(.caseChanged, spelling, origin) { return .text(text, textCase.other) }
    case .untyped(let text, let textCase):
      if isNext(.textChanged, spelling, origin) { return .untyped(text + "q", textCase) }
      if isNext(.caseChanged, spelling, origin) { return .untyped(text, textCase.other) }
    case .number(let number, let reading):
      if isNext(.textChanged, spelling, origin) { return .number(number.successor ?? number.above, reading) }
    case .boolean(let flag):
      if isNext(.textChanged, spelling, origin) { return .boolean(!flag) }
    }
    return nil
  }

  private mutating func changed(_ pattern: TextPattern, _ textCase: TextCase, _ origin: Origin) -> Condition? {
    let text = { EventValue.quoted(pattern.description) }
    if let last = pattern.literals.last, isNext(.textChanged, text, origin) {
      let changed = pattern.mapLiterals { $0 == last ? $0 + "q" : $0 }
      return .matches(changed, textCase)
    }
    if isNext(.caseChanged, text, origin) { return .matches(pattern, textCase.other) }
    if isNext(.extentChanged, text, origin) {
      let parts = pattern.parts
      return .matches(
        TextPattern(parts.first == .anyRun ? Array(parts.dropFirst()) : [.anyRun] + parts), textCase)
    }
    return nil
  }
}

extension TextCase {
  fileprivate var other: TextCase {
    switch self {
    case .sensitive: .insensitive
    case .insensitive: .sensitive
    }
  }
}

extension Order {
  /// The order that differs on equal values alone.
  fileprivate var withOrWithoutEquality: Order {
    switch self {
    case .less: .lessOrEqual
    case .lessOrEqual: .less
    case .greater: .greaterOrEqual
    case .greaterOrEqual: .greater
    }
  }
}
