import Matcher
import RuleIR
import Testing

/// Kleene's three values, for comparison.
private enum Truth: Int { case no, unknown, yes }

/// The lowering to two values over every small tree and every way its tests can turn out.
@Suite struct ThreeValuedTests {
  static let fields = ["a", "b"]

  static func test(_ field: String) -> ThreeValued {
    let path = FieldPath(keys: field)
    return .test(
      .field(FieldTest(path, .equals(.number(Number(1), .strict)))), defined: .presence(PresenceTest(.value, path)))
  }

  /// The value is unknown where the field is absent.
  private static func truth(of field: String, _ event: EventValue) -> Truth {
    guard case .object(let object) = event, let value = object[field] else { return .unknown }
    return value == 1 ? .yes : .no
  }

  private static func evaluate(_ tree: ThreeValued, _ event: EventValue) -> Truth {
    switch tree {
    case .and(let parts): parts.map { evaluate($0, event) }.min { $0.rawValue < $1.rawValue } ?? .yes
    case .or(let parts): parts.map { evaluate($0, event) }.max { $0.rawValue < $1.rawValue } ?? .no
    case .not(let inner): Truth(rawValue: 2 - evaluate(inner, event).rawValue) ?? .unknown
    case .test(let predicate, _): truth(of: predicate.field ?? "", event)
    case .unknown: .unknown
    }
  }

  /// Every tree up to a depth.
  static func trees(depth: Int) -> [ThreeValued] {
    let leaves = fields.map(test) + [.unknown]
    guard depth > 0 else { return leaves }
    let inner = trees(depth: depth - 1)
    let pairs = inner.flatMap { one in inner.map { [one, $0] } }
    return leaves + inner.map { .not($0) } + pairs.map { .and($0) } + pairs.map { .or($0) }
      + (depth == 1 ? [.and([]), .or([])] : [])
  }

  static let events: [EventValue] = [
    [:], ["a": 1], ["a": 2], ["b": 1], ["b": 2], ["a": 1, "b": 1], ["a": 1, "b": 2], ["a": 2, "b": 1],
    ["a": 2, "b": 2],
  ]

  @Test func `true, false and defined are told apart for every small tree`() throws {
    let trees = Self.trees(depth: 2)
    #expect(trees.count > 1_000)
    for tree in trees {
      let isTrue = try TreeMatcher(tree.isTrue)
      let isFalse = try TreeMatcher(tree.isFalse)
      let isDefined = try TreeMatcher(tree.isDefined)
      for event in Self.events {
        let wanted = Self.evaluate(tree, event)
        #expect(try isTrue.matches(event) == (wanted == .yes), "\(tree) on \(event.json)")
        #expect(try isFalse.matches(event) == (wanted == .no), "\(tree) on \(event.json)")
        #expect(try isDefined.matches(event) == (wanted != .unknown), "\(tree) on \(event.json)")
      }
    }
  }
}

extension Predicate {
  fileprivate var field: String? {
    if case .field(let test) = self { test.field.dotted } else { nil }
  }
}
