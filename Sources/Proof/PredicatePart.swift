public import RuleIR

/// A piece of a predicate and where it stands: a part of an `all` or an `any`, or one value of a set.
public struct PredicatePart: Hashable, Sendable {
  /// What a part stands in, which says what it means to leave it out.
  public enum Surroundings: Hashable, Sendable {
    /// Nothing: it is all there is.
    case whole
    case all
    case any
  }

  public enum Kind: Hashable, Sendable {
    /// One test, or its opposite.
    case test
    /// One value of a set of several.
    case value
    /// Several tests that stand together.
    case group
  }

  /// The way to it: for each `all` and `any` the number of the part, for a set the number of the value.
  public let way: [Int]
  /// What it says alone; a value of a set as a test of its own.
  public let predicate: Predicate
  public let kind: Kind
  public let surroundings: Surroundings
  /// Whether it stands inside an odd number of `not`, so that fewer events fire where it is true.
  public let isDenied: Bool
  /// The list or object whose elements it is about; nil where it is about the event.
  public let element: FieldPath?

  /// The place of its first test.
  public var origin: Origin { predicate.firstOrigin }

  /// The part on one line, for a message.
  public var text: String {
    PredicateOutline(.terse).text(of: predicate).split(separator: "\n")
      .map { $0.drop { $0 == " " } }.joined(separator: " ")
  }
}

extension Predicate {
  /// Every part at every depth, in the order of the text; of a predicate that is one test, itself.
  public var parts: [PredicatePart] {
    var collection = PartCollection()
    collection.visit(self, [], .whole, isDenied: false, element: nil)
    return collection.parts
  }

  /// The predicate with another in place of a part.
  public func replacing(_ part: PredicatePart, with other: Predicate) -> Predicate { replacing(part.way[...], other) }

  /// The predicate without a part: nothing that it asks is asked.
  public func leavingOut(_ part: PredicatePart) -> Predicate {
    switch part.surroundings {
    case .all, .whole: replacing(part, with: .always)
    case .any: replacing(part, with: .never)
    }
  }

  private func replacing(_ way: ArraySlice<Int>, _ other: Predicate) -> Predicate {
    guard let step = way.first else { return other }
    func changed(_ parts: [Predicate]) -> [Predicate] {
      parts.enumerated().map { $0.offset == step ? $0.element.replacing(way.dropFirst(), other) : $0.element }
    }
    switch self {
    case .all(let parts): return .all(changed(parts))
    case .any(let parts): return .any(changed(parts))
    case .not(let inner): return .not(inner.replacing(way, other))
    case .some(var test):
      test.predicate = test.predicate.replacing(way, other)
      return .some(test)
    case .every(var test):
      test.predicate = test.predicate.replacing(way, other)
      return .every(test)
    case .field(var test):
      guard case .oneOf(var literals) = test.condition, literals.indices.contains(step) else { return self }
      literals.remove(at: step)
      test.condition = .oneOf(literals)
      return .any([.field(test), other])
    case .presence, .anyField, .rawTerm: return self
    }
  }

  /// The place of the first test.
  public var firstOrigin: Origin {
    switch self {
    case .all(let parts), .any(let parts): parts.first?.firstOrigin ?? Origin()
    case .not(let inner): inner.firstOrigin
    case .presence(let test): test.origin
    case .field(let test): test.origin
    case .some(let test), .every(let test): test.origin
    case .anyField(let test): test.origin
    case .rawTerm(let test): test.origin
    }
  }
}

/// Walks a predicate and notes its parts.
private struct PartCollection {
  var parts: [PredicatePart] = []

  mutating func visit(
    _ predicate: Predicate, _ way: [Int], _ surroundings: PredicatePart.Surroundings, isDenied: Bool,
    element: FieldPath?
  ) {
    let (inner, isTurned) = predicate.withoutNegation
    let isGroup = if case .all = inner { true } else if case .any = inner { true } else { false }
    if !(isGroup && way.isEmpty) {
      parts.append(
        PredicatePart(
          way: way, predicate: predicate, kind: isGroup ? .group : .test, surroundings: surroundings,
          isDenied: isDenied, element: element))
    }
    visitInside(inner, way, isDenied: isDenied != isTurned, element: element)
  }

  private mutating func visitInside(_ predicate: Predicate, _ way: [Int], isDenied: Bool, element: FieldPath?) {
    switch predicate {
    case .all(let inner):
      for (index, part) in inner.enumerated() {
        visit(part, way + [index], .all, isDenied: isDenied, element: element)
      }
    case .any(let inner):
      for (index, part) in inner.enumerated() {
        visit(part, way + [index], .any, isDenied: isDenied, element: element)
      }
    case .some(let test), .every(let test):
      let (inner, isTurned) = test.predicate.withoutNegation
      visitInside(
        inner, way, isDenied: isDenied != isTurned, element: element.map { $0.appending(test.path) } ?? test.path)
    case .field(let test):
      guard case .oneOf(let literals) = test.condition, literals.count > 1, test.polarity == .someValuePasses else {
        return
      }
      for (index, literal) in literals.enumerated() {
        var single = test
        single.condition = .equals(literal)
        parts.append(
          PredicatePart(
            way: way + [index], predicate: .field(single), kind: .value, surroundings: .any, isDenied: isDenied,
            element: element))
      }
    case .not(let inner): visitInside(inner, way, isDenied: !isDenied, element: element)
    case .presence, .anyField, .rawTerm: break
    }
  }
}

extension Predicate {
  /// What stands inside the negations, and whether their number is odd.
  fileprivate var withoutNegation: (inner: Predicate, isTurned: Bool) {
    guard case .not(let inner) = self else { return (self, false) }
    let (innermost, isTurned) = inner.withoutNegation
    return (innermost, !isTurned)
  }
}
