import Matcher
import Proof
import RuleIR
import TestSupport
import Testing

private func confirm(_ predicate: Predicate, _ event: EventValue) -> Bool? {
  try? TreeMatcher(predicate).matches(event)
}

private let prover = Prover(confirm: confirm)

private func equals(_ name: String, _ text: String, _ textCase: TextCase = .sensitive) -> Predicate {
  .field(FieldTest(FieldPath(named: name), .equals(.text(text, textCase))))
}

private func contains(_ name: String, _ text: String) -> Predicate {
  .field(FieldTest(FieldPath(named: name), .matches(.contains(text), .insensitive)))
}

private func isOne(_ name: String, of texts: String...) -> Predicate {
  .field(FieldTest(FieldPath(named: name), .oneOf(texts.map { .text($0, .sensitive) })))
}

@Suite struct QuestionTests {
  @Test func `parts have their places and can be left out`() {
    let predicate = Predicate.all([
      isOne("verb", of: "get", "list"), .not(.any([equals("user", "a"), equals("b", "c")])),
    ])
    #expect(
      predicate.parts.map(\.way) == [[0], [0, 0], [0, 1], [1], [1, 0], [1, 1]])
    #expect(predicate.parts.map(\.isDenied) == [false, false, false, false, true, true])
    #expect(predicate.parts.map(\.kind) == [.test, .value, .value, .group, .test, .test])
    let without = predicate.parts.map { predicate.leavingOut($0).normalised() }
    let verb = isOne("verb", of: "get", "list")
    let exclusion = Predicate.not(.any([equals("user", "a"), equals("b", "c")]))
    #expect(
      without
        == [
          exclusion, .all([equals("verb", "list"), exclusion]), .all([equals("verb", "get"), exclusion]), verb,
          .all([verb, .not(equals("b", "c"))]), .all([verb, .not(equals("user", "a"))]),
        ].map { $0.normalised() })
  }

  @Test(arguments: [
    equals("verb", "get"), isOne("verb", of: "get", "list"),
    .all([isOne("verb", of: "get", "list"), contains("agent", "Curl"), .not(equals("user", "root"))]),
    .any([.all([equals("a", "1"), equals("b", "2")]), .all([equals("a", "3"), contains("b", "Zz")])]),
    .every(ElementTest(FieldPath(named: "items"), .all([equals("a", "1"), equals("b", "2")]))),
  ])
  func `each part that decides has two events that differ in one field`(predicate: Predicate) throws {
    #expect(!predicate.parts.isEmpty)
    for part in predicate.parts {
      guard case .decides(let pair) = prover.verdict(on: part, of: predicate) else {
        Issue.record("\(part.text) does not decide")
        continue
      }
      #expect(confirm(predicate, pair.fires) == true)
      #expect(confirm(predicate, pair.silent) == false)
      if part.kind != .group {
        let field = try #require(pair.field, "\(part.text): \(pair.fires.json) \(pair.silent.json)")
        #expect(
          pair.fires.removing(field.steps[...]) == pair.silent.removing(field.steps[...]))
      }
    }
  }

  @Test func `a part that changes nothing is told from one that does`() throws {
    let covered = Predicate.any([contains("agent", "curl"), contains("agent", "curl.exe")])
    #expect(prover.verdict(on: covered.parts[1], of: covered) == .asIfNever)
    let implied = Predicate.all([contains("agent", "curl"), contains("agent", "curl.exe")])
    #expect(prover.verdict(on: implied.parts[0], of: implied) == .asIfAlways)
    let idle = Predicate.all([isOne("verb", of: "get"), .not(.all([equals("verb", "list"), equals("verb", "x")]))])
    #expect(
      Prover(shape: .init([FieldPath(named: "verb"): .init(type: .text, isList: false)]), confirm: confirm)
        .verdict(on: idle.parts[1], of: idle) == .asIfAlways)
  }

  @Test(
    arguments: [
      (.any([contains("agent", "curl"), contains("agent", "CURL.exe"), contains("agent", "wget")]), [[1]], [[0]]),
      (.any([isOne("verb", of: "a", "b"), isOne("verb", of: "c", "b")]), [[1, 1]], [[0, 1]]),
      (.any([equals("a", "x"), .all([equals("a", "x"), equals("b", "y")])]), [], []),
      (.any([.all([equals("a", "x"), contains("a", "x")]), equals("a", "x")]), [[1]], [[0]]),
      (
        .any([
          .field(FieldTest(FieldPath(named: "n"), .order(.less, .number(Number(5), .strict)))),
          .field(FieldTest(FieldPath(named: "n"), .order(.less, .number(Number(3), .strict)))),
        ]), [[1]], [[0]]
      ),
    ] as [(Predicate, [[Int]], [[Int]])])
  func `values that others cover are named with what covers them`(
    predicate: Predicate, covered: [[Int]], by: [[Int]]
  ) {
    let found = prover.coveredParts(of: predicate)
    #expect(found.map(\.part.way) == covered)
    #expect(found.compactMap(\.by?.way) == by)
    for part in found {
      #expect(prover.compare(predicate, predicate.leavingOut(part.part)) == .equivalent)
    }
  }

  @Test func `of thousands of values the covered ones are found at once`() {
    let texts = (0..<4_000).map { "value-\($0)-" } + ["value-77-x"]
    let predicate = Predicate.any(texts.map { contains("agent", $0) })
    let found = prover.coveredParts(of: predicate)
    #expect(found.map(\.part.way) == [[4_000]])
    #expect(found.first?.by?.way == [77])
  }

  @Test(
    arguments: [
      (.all([equals("verb", "a"), equals("verb", "b"), equals("c", "d")]), [(.neverFires, [[0], [1]])]),
      (
        .any([equals("c", "d"), .all([equals("verb", "a"), equals("verb", "b")])]),
        [(.deadAlternative, [[1, 0], [1, 1]])]
      ),
      (.all([equals("verb", "a"), isOne("verb", of: "b", "c"), .not(equals("x", "y"))]), [(.neverFires, [[0], [1]])]),
      (
        .all([equals("verb", "a"), .any([equals("verb", "b"), equals("c", "d")]), equals("x", "y")]),
        [(.deadAlternative, [[1, 0], [0]])]
      ),
      (
        .all([equals("verb", "a"), .not(.any([equals("verb", "b"), equals("c", "d")]))]),
        [(.idleExclusion, [[1, 0], [0]])]
      ),
      (.all([equals("verb", "a"), .not(equals("verb", "b"))]), [(.idleExclusion, [[1], [0]])]),
      (.all([equals("verb", "a"), .not(equals("c", "b"))]), []),
    ] as [(Predicate, [(Contradiction.Effect, [[Int]])])])
  func `parts that rule each other out are named`(predicate: Predicate, wanted: [(Contradiction.Effect, [[Int]])]) {
    let shape = EventShape([FieldPath(named: "verb"): .init(type: .text, isList: false)])
    let found = Prover(shape: shape, confirm: confirm).contradictions(in: predicate)
    #expect(found.map(\.effect) == wanted.map(\.0))
    #expect(found.map { $0.parts.map(\.way) } == wanted.map(\.1))
  }

  @Test(
    arguments: [
      (.any([.all([equals("a", "1"), equals("b", "2")]), contains("c", "Long-Text")]), #"{"c":"Long-Text"}"#),
      (.all([equals("a", "List", .insensitive), .not(equals("b", "x"))]), #"{"a":"List"}"#),
      (.not(equals("a", "x")), "{}"),
      (
        .any([
          .all([equals("a", "1"), equals("b", "2")]), .all([equals("c", "3"), equals("d", "4"), equals("e", "5")]),
        ]),
        #"{"a":"1","b":"2"}"#
      ),
    ] as [(Predicate, String)])
  func `the smallest event has the fewest fields, in the rule's letter case`(predicate: Predicate, event: String) {
    guard case .witness(let found) = prover.smallestEvent(for: predicate) else {
      Issue.record("none")
      return
    }
    #expect(found.json == event)
  }

  @Test func `an event is completed by what does not change the verdict, in the order of the example`() {
    var prover = prover
    prover.example = [
      "kind": "Event", "verb": "get", "user": ["username": "jane", "groups": ["all"]], "uri": "/x/{verb}/{user.uid}",
      "path": "/{verb}", "code": 200,
    ]
    let predicate = Predicate.all([
      equals("verb", "List", .insensitive), .not(.presence(PresenceTest(.value, FieldPath(named: "user.groups")))),
      .not(.field(FieldTest(FieldPath(named: "code"), .order(.less, .number(Number(300), .strict))))),
    ])
    guard case .witness(let event) = prover.satisfy(predicate) else {
      Issue.record("none")
      return
    }
    let shown = prover.shown(event, for: predicate)
    #expect(shown.json == #"{"kind":"Event","verb":"List","user":{"username":"jane"},"path":"/List"}"#)
    #expect(confirm(predicate, shown) == true)
  }
}
