import Matcher
import Proof
import RuleIR
import TestSupport
import Testing

/// Asks the matcher, as the program does.
private func confirm(_ predicate: Predicate, _ event: EventValue) -> Bool? {
  try? TreeMatcher(predicate).matches(event)
}

private let prover = Prover(confirm: confirm)
private let a = FieldPath(keys: "a")
private let b = FieldPath(keys: "b")

private func test(
  _ field: FieldPath, _ condition: Condition, subject: FieldTest.Subject = .value,
  polarity: FieldTest.Polarity = .someValuePasses
) -> Predicate {
  .field(FieldTest(field, condition, subject: subject, polarity: polarity))
}

private func equals(_ field: FieldPath, _ text: String) -> Predicate { test(field, .equals(.text(text, .sensitive))) }

private func matches(_ text: String, _ flavour: RegexPattern.Flavour = .sigma) -> Predicate {
  test(a, .regex(RegexPattern(text, flavour, anchoring: .search)))
}

private func network(_ text: String) -> Predicate { test(a, Network(text).map(Condition.network) ?? .oneOf([])) }

private func order(_ order: Order, _ text: String, _ textCase: TextCase = .sensitive) -> Predicate {
  test(a, .order(order, .text(text, textCase)))
}

private func like(_ parts: TextPattern.Part..., ignoringCase: Bool = false) -> Predicate {
  test(a, .matches(TextPattern(parts), ignoringCase ? .insensitive : .sensitive))
}

@Suite struct ProverTests {
  struct Claim: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var predicate: Predicate
    init(_ description: String, _ predicate: Predicate) {
      testDescription = description
      self.predicate = predicate
    }
  }

  static let anything = test(a, .matches(.anything, .sensitive))
  static let single = Predicate.presence(PresenceTest(.single, a))
  static let hasValue = Predicate.presence(PresenceTest(.value, a))

  @Test(arguments: [
    Claim("two equalities of one value", .all([single, equals(a, "x"), equals(a, "y")])),
    Claim("a value that no value is", .all([equals(a, "x"), .not(hasValue)])),
    Claim(
      "a prefix outside a longer one's", .all([like(.literal("ab"), .anyRun), .not(like(.literal("a"), .anyRun))])),
    Claim(
      "contains both, in every order",
      .all([
        single, like(.literal("ab")), .not(like(.anyRun, .literal("b"))),
      ])),
    Claim(
      "letter case ignored is wider",
      .all([like(.literal("Ab"), .anyRun), .not(like(.literal("aB"), .anyRun, ignoringCase: true))])),
    Claim(
      "a glob within its parts",
      .all([
        like(.literal("a"), .anyRun, .literal("b"), .anyRun), .not(like(.anyRun, .literal("b"), .anyRun)),
      ])),
    Claim(
      "a regular expression within another",
      .all([
        test(a, .regex(RegexPattern("^ab+c$", .sigma, anchoring: .search))),
        .not(test(a, .regex(RegexPattern("b", .sigma, anchoring: .search)))),
      ])),
    Claim(
      "numbers between neighbours",
      .all([
        single, test(a, .order(.greater, .number(Number(5), .strict))),
        test(a, .order(.less, .number(Number(5), .strict))),
      ])),
    Claim(
      "a network in a wider one",
      .all([
        test(a, Network("10.1.0.0/16").map(Condition.network) ?? .oneOf([])),
        .not(test(a, Network("10.0.0.0/8").map(Condition.network) ?? .oneOf([]))),
      ])),
    Claim(
      "a term is contained",
      .all([
        test(a, .term(TermMatch("curl", .insensitive))),
        .not(test(a, .matches(.contains("CURL"), .insensitive))),
      ])),
    Claim(
      "a set within another",
      .all([
        test(a, .oneOf([.text("x", .sensitive), .text("y", .sensitive)])),
        .not(test(a, .oneOf([.text("Y", .insensitive), .text("X", .insensitive)]))),
      ])),
    Claim(
      "some value differs needs a value",
      .all([
        test(a, .equals(.text("x", .sensitive)), polarity: .someValueFails), .not(hasValue),
      ])),
    Claim(
      "an element with both, none with either",
      .all([
        .some(ElementTest(a, .all([equals(FieldPath(keys: "x"), "1"), equals(FieldPath(keys: "y"), "2")]))),
        .not(equals(FieldPath(keys: "a", "x"), "1")),
      ])),
    Claim(
      "every element, and one that does not",
      .all([
        .every(ElementTest(a, equals(FieldPath(keys: "x"), "1"))),
        .some(ElementTest(a, .not(equals(FieldPath(keys: "x"), "1")))),
      ])),
    Claim(
      "any field holds what a field holds",
      .all([
        equals(a, "curl"), .not(.anyField(AnyFieldTest(.matches(.contains("curl"), .insensitive)))),
      ])),
    Claim("a word within a text", .all([matches(#"\bcurl\b"#), .not(matches("curl"))])),
    Claim("a word at an end, and none", .all([matches(#"^curl\b"#), .not(matches(#"\bcurl"#))])),
    Claim("no boundary inside a word", matches(#"a\bb"#)),
    Claim("flags that end with their group", .all([matches("^(?i:a)b$"), .not(matches("^[aA]b$"))])),
    Claim("flags to the end of their group", .all([matches("^(x|(?i)a)b$"), .not(matches("^[xaA]b$"))])),
    Claim("a digit of any script is a word", .all([matches(#"\d"#, .rust), .not(matches(#"\w"#, .rust))])),
    Claim("a digit of ASCII is one of any script", .all([matches("[0-9]"), .not(matches(#"\d"#, .python))])),
    Claim(
      "an address of a block has its beginning",
      .all([network("10.1.0.0/16"), .not(like(.literal("10.1."), .anyRun))])),
    Claim(
      "a block without its halves",
      .all([network("10.0.0.0/8"), .not(network("10.0.0.0/9")), .not(network("10.128.0.0/9"))])),
    Claim("two orders of texts", .all([single, order(.less, "b"), order(.greaterOrEqual, "b")])),
    Claim("a text between neighbours", .all([single, order(.greater, "b"), order(.less, "b\u{0}")])),
    Claim("a prefix stands behind it", .all([like(.literal("b"), .anyRun), .not(order(.greaterOrEqual, "b"))])),
    Claim("orders that ignore case", .all([order(.less, "b", .insensitive), .not(order(.less, "B", .insensitive))])),
    Claim(
      "a text of one length and another",
      .all([
        single, test(a, .order(.greater, .number(Number(3), .strict)), subject: .length),
        .not(like(.anyScalar, .anyScalar, .anyScalar, .anyScalar, .anyRun)),
      ])),
    Claim(
      "an encoded text within its parts",
      .all([
        test(a, .encoded(EncodedText(.exact("http"), [.base64offset], extent: .contains, .sensitive))),
        .not(test(a, .encoded(EncodedText(.exact("htt"), [.base64offset], extent: .contains, .sensitive)))),
      ])),
    Claim(
      "two numbers however spelled",
      .all([
        single, test(a, .equals(.number(Number(4), .coercing))), test(a, .equals(.number(Number(5), .coercing))),
      ])),
    Claim(
      "a number is spelled without letters",
      .all([
        test(a, .matches(.contains("x"), .sensitive), subject: .spelling),
        .not(test(a, .matches(.contains("x"), .sensitive))),
      ])),
    Claim(
      "all three cases of a letter",
      .all([
        test(a, .equals(.text("σ", .insensitive))),
        .not(test(a, .oneOf([.text("σ", .sensitive), .text("ς", .sensitive), .text("Σ", .sensitive)]))),
      ])),
    Claim(
      "an untyped literal is one of its spellings",
      .all([
        test(a, .equals(.number(Number(403), .strict))), .not(test(a, .equals(.untyped("403", .insensitive)))),
      ])),
  ])
  func `what cannot be is proved`(claim: Claim) {
    #expect(prover.satisfy(claim.predicate) == .impossible)
  }

  @Test(arguments: [
    Claim("two values of a list", .all([equals(a, "x"), equals(a, "y")])),
    Claim("a value and none equal", .all([hasValue, .not(equals(a, "x"))])),
    Claim(
      "contains and does not start", .all([like(.anyRun, .literal("b"), .anyRun), .not(like(.literal("b"), .anyRun))])),
    Claim(
      "three parts in one text",
      .all([
        single, like(.literal("ab"), .anyRun), like(.anyRun, .literal("bc"), .anyRun), like(.anyRun, .literal("cd")),
      ])),
    Claim(
      "another letter case",
      .all([like(.literal("ab"), ignoringCase: true), .not(like(.literal("ab"))), .not(like(.literal("AB")))])),
    Claim(
      "a regular expression and not its neighbour",
      .all([
        test(a, .regex(RegexPattern("^[a-c]{3}$", .sigma, anchoring: .search))),
        .not(test(a, .regex(RegexPattern("^a|c$", .sigma, anchoring: .search)))),
      ])),
    Claim(
      "an address outside one block and inside another",
      .all([
        test(a, Network("10.0.0.0/8").map(Condition.network) ?? .oneOf([])),
        .not(test(a, Network("10.0.0.0/9").map(Condition.network) ?? .oneOf([]))),
      ])),
    Claim(
      "contains without the term",
      .all([
        test(a, .matches(.contains("curl"), .sensitive)), .not(test(a, .term(TermMatch("curl", .insensitive)))),
      ])),
    Claim("a word apart from one that holds it", .all([matches("curl"), .not(matches(#"\bcurl\b"#))])),
    Claim("a digit of another script", .all([matches(#"\d"#, .rust), .not(matches("[0-9]"))])),
    Claim(
      "an address of a block with an end",
      .all([network("10.0.0.0/8"), like(.anyRun, .literal(".77")), .not(network("10.0.0.0/9"))])),
    Claim("a text between two", .all([single, order(.greater, "b"), order(.less, "ba"), .not(order(.less, "b!"))])),
    Claim(
      "the third case of a letter",
      .all([
        test(a, .equals(.text("σ", .insensitive))),
        .not(test(a, .oneOf([.text("σ", .sensitive), .text("Σ", .sensitive)]))),
      ])),
    Claim(
      "two elements by their places",
      .all([
        equals(FieldPath([.key("a"), .index(0), .key("x")]), "1"),
        equals(FieldPath([.key("a"), .index(1), .key("x")]), "2"),
        equals(FieldPath([.key("a"), .index(-1), .key("y")]), "3"),
      ])),
    Claim(
      "two fields that differ",
      .all([single, .presence(PresenceTest(.single, b)), .not(test(a, .field(.equals, b, .sensitive)))])),
    Claim(
      "many parts in one text",
      .all([single] + (0..<12).map { like(.anyRun, .literal("part\($0)."), .anyRun) })),
    Claim("a key without a value", .all([.presence(PresenceTest(.key, a)), .not(hasValue)])),
    Claim("several values", .all([hasValue, .not(single)])),
    Claim(
      "two parts on two elements",
      .all([
        equals(FieldPath(keys: "a", "x"), "1"), equals(FieldPath(keys: "a", "y"), "2"),
        .not(.some(ElementTest(a, .all([equals(FieldPath(keys: "x"), "1"), equals(FieldPath(keys: "y"), "2")])))),
      ])),
    Claim(
      "a scalar among elements",
      .some(ElementTest(a, .any([equals(.element, "x"), equals(FieldPath(keys: "y"), "z")])))),
    Claim(
      "somewhere, and not here",
      .all([
        .anyField(AnyFieldTest(.matches(.contains("curl"), .insensitive))),
        .not(test(a, .matches(.contains("curl"), .insensitive))),
      ])),
    Claim("two fields alike", .all([test(a, .field(.equals, b, .sensitive)), .not(equals(a, "x"))])),
    Claim("more values than one", test(a, .order(.greater, .number(Number(2), .strict)), subject: .count)),
    Claim("a long text", .all([single, test(a, .order(.greater, .number(Number(100), .strict)), subject: .length)])),
    Claim(
      "a field inside another",
      .all([.presence(PresenceTest(.value, FieldPath(keys: "r"))), equals(FieldPath(keys: "r", "s"), "x")])),
  ])
  func `what can be is shown`(claim: Claim) throws {
    guard case .witness(let event) = prover.satisfy(claim.predicate) else {
      Issue.record("\(prover.satisfy(claim.predicate))")
      return
    }
    #expect(try TreeMatcher(claim.predicate).matches(event))
  }

  @Test(arguments: [
    Claim(
      "no value for one, another field for the other",
      .all([.not(matches(".*")), .any([matches("x.y"), equals(b, "y")])])),
    Claim(
      "an empty list for one, another field for the other",
      .all([
        .not(.some(ElementTest(a, .not(equals(.element, "x"))))), .not(.every(ElementTest(a, equals(.element, "x")))),
        .any([hasValue, equals(b, "y")]),
      ])),
    Claim("a number with a zero before it", .all([test(a, .equals(.untyped("04", .sensitive))), .not(anything)])),
    Claim(
      "an object without a scalar", .all([hasValue, .not(.anyField(AnyFieldTest(.matches(.anything, .sensitive))))])),
    Claim("neither case of a letter", .all([matches("(?i)^[^k]$"), .not(like(.literal("k"), ignoringCase: true))])),
    Claim("a key, and not a single value", .all([.presence(PresenceTest(.key, a)), .not(single), .not(hasValue)])),
    Claim(
      "a number spelled in a way that no other is",
      .all([
        test(a, .equals(.number(Number(200), .strict))),
        .not(test(a, .matches(TextPattern([.literal("2"), .anyRun]), .sensitive), subject: .spelling)),
      ])),
    Claim(
      "an element that is an empty object",
      .all([
        .some(ElementTest(a, .not(equals(FieldPath(keys: "x"), "1")))), .not(hasValue),
      ])),
  ])
  func `what rules out one way rules out no other`(claim: Claim) throws {
    var typed = prover
    typed.shape = EventShape([b: .init(type: .text, isList: false)])
    if claim.testDescription.hasPrefix("no value") { typed.shape.fields[a] = .init(type: .text, isList: false) }
    guard case .witness(let event) = typed.satisfy(claim.predicate) else {
      Issue.record("\(typed.satisfy(claim.predicate))")
      return
    }
    #expect(try TreeMatcher(claim.predicate).matches(event))
  }

  @Test func `an element is of the type that its field has`() {
    var typed = prover
    typed.shape = EventShape([a: .init(type: .text, isList: true)])
    let noText = Predicate.some(ElementTest(a, .not(test(.element, .matches(.anything, .sensitive)))))
    #expect(typed.satisfy(noText) == .impossible)
    guard case .witness = prover.satisfy(noText) else {
      Issue.record("of any type there is one")
      return
    }
  }

  @Test func `a field of addresses holds nothing else`() {
    var typed = prover
    typed.shape = EventShape([a: .init(type: .ip, isList: true)])
    #expect(typed.satisfy(equals(a, "10.0.0.0/8")) == .impossible)
    #expect(typed.satisfy(.all([matches(#"^10\."#), .not(network("10.0.0.0/8"))])) == .impossible)
    guard case .witness = typed.satisfy(.all([Self.hasValue, .not(network("10.0.0.0/8")), .not(network("::/0"))]))
    else {
      Issue.record("there are other addresses")
      return
    }
  }

  @Test func `thousands of values are no trouble`() {
    let patterns = (0..<4_000).map {
      like(.anyRun, .literal("SHA256=\($0 &* 2_654_435_761)"), .anyRun, ignoringCase: true)
    }
    let all = Predicate.any(patterns)
    #expect(prover.implies(.any(patterns.reversed()), all) == .impossible)
    #expect(prover.implies(like(.literal("x SHA256=0"), .anyRun), all) == .impossible)
    guard case .witness = prover.implies(all, .any(Array(patterns.dropLast()))) else {
      Issue.record("a value that is missing is not noticed")
      return
    }
  }

  @Test(arguments: [
    (like(.literal("ab"), .anyRun), 2), (.not(.any([equals(a, "x"), matches("^y")])), 2),
    (.all([equals(a, "x"), .not(equals(b, "y"))]), 2),
  ])
  func `every mutant of a small predicate is another one`(predicate: Predicate, least: Int) {
    let count = predicate.mutationCount(of: [.leftOut, .denied, .valueMissing, .textChanged])
    #expect(count >= least)
    for index in 0..<count {
      guard let mutation = predicate.mutation(at: index, of: [.leftOut, .denied, .valueMissing, .textChanged]) else {
        Issue.record("there is no mutation \(index) of \(count)")
        continue
      }
      #expect(prover.compare(predicate, mutation.predicate) != .equivalent, "\(mutation)")
    }
    #expect(predicate.mutation(at: predicate.mutationCount()) == nil)
  }

  @Test func `relations have names and events`() {
    let (x, xy) = (equals(a, "x"), Predicate.any([equals(a, "x"), equals(a, "y")]))
    #expect(prover.compare(x, .not(.not(x))) == .equivalent)
    #expect(prover.compare(x, xy) == .narrower(["a": "y"]))
    #expect(prover.compare(xy, x) == .broader(["a": "y"]))
    guard case .disjoint = prover.compare(.all([Self.single, x]), .all([Self.single, equals(a, "y")])) else {
      Issue.record("two values of one field are not disjoint")
      return
    }
  }

  @Test func `fields of one value need no list to differ`() {
    var typed = prover
    typed.shape = EventShape([a: .init(type: .text, isList: false)])
    #expect(typed.satisfy(.all([equals(a, "x"), equals(a, "y")])) == .impossible)
    #expect(typed.satisfy(test(a, .equals(.number(Number(1), .strict)))) == .impossible)
  }
}

/// The prover against all events that a predicate's own values make.
@Suite struct BruteForceTests {
  static let fields = [FieldPath(keys: "a"), FieldPath(keys: "b")]
  static let texts = ["", "x", "X", "xy", "yx", "*", "4"]
  static let values: [EventValue?] =
    [nil, .null, 4, true] + texts.map { .string($0) } + [["x", "y"], ["x", 4], ["xy", "X"], []]
  static let events: [EventValue] = values.flatMap { one in
    values.map { two in
      var event = EventObject()
      event["a"] = one
      event["b"] = two
      return .object(event)
    }
  }

  /// A small predicate over the few texts above.
  static func predicate(_ random: inout SeededRandom, depth: Int) -> Predicate {
    if depth > 0, random.once(in: 2) {
      let parts = (0..<2).map { _ in predicate(&random, depth: depth - 1) }
      return random.once(in: 2) ? .all(parts) : .any(parts)
    }
    if depth > 0, random.once(in: 3) { return .not(predicate(&random, depth: depth - 1)) }
    let field = random.pick(fields)
    let text = random.pick(texts)
    let textCase = random.pick(TextCase.allCases)
    let conditions: [Condition] = [
      .equals(.text(text, textCase)), .equals(.untyped(text, textCase)), .matches(.prefix(text), textCase),
      .matches(.contains(text), textCase), .matches(.suffix(text), textCase), .equals(.number(Number(4), .strict)),
      .equals(.boolean(true)), .matches(TextPattern([.anyScalar, .literal(text)]), textCase),
      .regex(RegexPattern("^x|y$", .sigma, anchoring: .search)), .term(TermMatch("x", textCase)),
    ]
    if random.once(in: 5) {
      return .presence(PresenceTest(random.pick(PresenceTest.Kind.allCases), field))
    }
    let polarity: FieldTest.Polarity = random.once(in: 6) ? .someValueFails : .someValuePasses
    return .field(FieldTest(field, random.pick(conditions), polarity: polarity))
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `verdicts agree with trying all small events`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      let first = Self.predicate(&random, depth: 3)
      let second = Self.predicate(&random, depth: 3)
      let question = Predicate.all([first, .not(second)])
      let matcher = try TreeMatcher(question)
      let found = try Self.events.first { try matcher.matches($0) }
      switch prover.satisfy(question) {
      case .impossible: #expect(found == nil, "\(found?.json ?? "")\n\(PredicateOutline(.terse).text(of: question))")
      case .witness(let event): #expect(try matcher.matches(event))
      case .undecided(let reason):
        Issue.record("undecided: \(reason)\n\(PredicateOutline(.terse).text(of: question))")
      }
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `a predicate is equivalent to itself, shuffled and with negations pushed`(seed: UInt64) {
    let features: Set<Feature> = Set(Feature.allCases).subtracting([.rawTerm, .datePart, .textOrder])
    var random = RandomPredicate(seed: seed, features: features, depth: 2)
    for _ in 0..<10 {
      let predicate = random.next()
      let other = Predicate.not(.any([.not(predicate.normalised()), .never]))
      #expect(prover.implies(predicate, other) == .impossible, "\(PredicateOutline(.terse).text(of: predicate))")
    }
  }
}

/// What is made of a value: a function of it of which nothing is known.
@Suite struct MadeValueTests {
  static let subjects: [FieldTest.Subject] = [
    .datePart(.hour), .derived(Derivation([.urlDecoded])), .derived(Derivation([.urlDecoded, .length])),
  ]

  @Test(arguments: subjects)
  func `a bound on it rules no text out`(subject: FieldTest.Subject) {
    let bound = test(a, .order(.less, .number(Number(6), .strict)), subject: subject)
    #expect(prover.satisfy(.all([ProverTests.single, ProverTests.anything, bound])) != .impossible)
    let pattern = test(a, .matches(.contains("x"), .sensitive), subject: subject)
    #expect(prover.satisfy(.all([equals(a, "7"), pattern])) != .impossible)
  }

  @Test(arguments: subjects)
  func `a test of it and its opposite rule each other out, and so do the other tests`(subject: FieldTest.Subject) {
    let bound = test(a, .order(.less, .number(Number(6), .strict)), subject: subject)
    #expect(prover.satisfy(.all([bound, .not(bound)])) == .impossible)
    #expect(prover.satisfy(.all([ProverTests.single, bound, equals(a, "x"), equals(a, "y")])) == .impossible)
  }
}
