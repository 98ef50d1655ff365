import Matcher
import Proof
import RuleIR
import TestSupport
import Testing

/// Predicates of every kind of test over a few fields, texts and numbers, chosen so that tests meet.
struct NearPredicate {
  var random: SeededRandom

  static let texts = [
    "", "x", "X", "xy", "yx", "x y", "*", "4", "4.0", "04", "true", "TRUE", "k", "\u{212A}", "ß", "ẞ", "ſ", "s", "İ",
    "i", "10.0.0.1", "10.0.0.200", "::ffff:10.0.0.1", "FE80::1", "x\n", "-0", "1e400", "-x", "/x", "eA==", "a.b",
    "x_y", "é", "e\u{301}",
  ]
  static let numbers = [
    "4", "4.0", "0", "-0.0", "1e400", "-1e400", "1e-400", "5", "4.5", "9223372036854775807", "-9223372036854775808",
    "9007199254740993", "0.4e1", "1e19", "100", "2e-1",
  ].compactMap { Number($0) }
  static let expressions = [
    "^x", "x$", "x|y", "^$", "x.y", "[a-z]", "[^a-z]", #"\d"#, #"^\w+$"#, #"\W"#, "k", "^.$", "(?i)K", "x*", "^(x|y)+$",
    #"\s"#, "(?i)[^K]", #"[\Wk]"#, "x{1,2}", "x{,2}", "[^x]y", "^x?$", "(?s)x.", "a{0}",
  ]
  static let blocks = ["10.0.0.0/8", "10.0.0.0/25", "0.0.0.0/0", "fe80::/10", "::/0", "::ffff:0:0/96", "10.0.0.1"]
  static let fields = ["a", "a", "a", "b", "b", "a.x", "o.x", "o.y"].map { FieldPath(named: $0).joiningKeysApart }

  mutating func next() -> Predicate { predicate(depth: 2, Self.fields) }

  /// One that has much in common with another.
  mutating func near(_ predicate: Predicate) -> Predicate {
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: return .all([predicate, next()])
    case 2, 3: return .any([next(), predicate])
    case 4: return .not(predicate)
    case 5: return .all([.any([predicate, atom(Self.fields)]), atom(Self.fields)])
    case 6: return .any([.all([predicate, atom(Self.fields)]), atom(Self.fields)])
    case _: return .all([predicate, .not(.presence(PresenceTest(.value, random.pick(Self.fields))))])
    }
  }

  private mutating func predicate(depth: Int, _ fields: [FieldPath]) -> Predicate {
    if depth > 0, random.once(in: 2) {
      let parts = (0..<2).map { _ in predicate(depth: depth - 1, fields) }
      return random.once(in: 2) ? .all(parts) : .any(parts)
    }
    if depth > 0, random.once(in: 4) { return .not(predicate(depth: depth - 1, fields)) }
    return depth > 0 && random.once(in: 6) ? element(depth - 1) : atom(fields)
  }

  private mutating func element(_ depth: Int) -> Predicate {
    let inner = [FieldPath(keys: "x"), FieldPath(keys: "y"), FieldPath.element]
    let test = ElementTest(FieldPath(keys: random.pick(["a", "o", "l"])), predicate(depth: min(1, depth), inner))
    return random.once(in: 2) ? .some(test) : .every(test)
  }

  private mutating func atom(_ fields: [FieldPath]) -> Predicate {
    let field = random.pick(fields)
    switch Int.random(in: 0..<24, using: &random) {
    case 0, 1, 2: return .presence(PresenceTest(random.pick([.key, .value, .value, .single]), field))
    case 3: return .anyField(AnyFieldTest(condition()))
    case 4:
      let relation = random.pick([FieldRelation.equals, .startsWith, .contains, .order(.less)])
      return .field(FieldTest(field, .field(relation, random.pick(fields), random.pick(TextCase.allCases))))
    case 5, 6:
      let bound = Literal.number(Number(Int.random(in: 0...2, using: &random)), .strict)
      let subject: FieldTest.Subject = random.once(in: 2) ? .count : .length
      return .field(FieldTest(field, .order(random.pick(Order.allCases), bound), subject: subject))
    case _:
      let polarity: FieldTest.Polarity = random.once(in: 8) ? .someValueFails : .someValuePasses
      let subject: FieldTest.Subject = random.once(in: 5) ? .spelling : .value
      return .field(FieldTest(field, condition(), subject: subject, polarity: polarity))
    }
  }

  private mutating func literal() -> Literal {
    let textCase = random.pick(TextCase.allCases)
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1, 2: return .text(random.pick(Self.texts), textCase)
    case 3: return .untyped(random.pick(Self.texts), textCase)
    case 4: return .untyped(random.pick(Self.numbers).text, textCase)
    case 5, 6: return .number(random.pick(Self.numbers), random.once(in: 2) ? .strict : .coercing)
    case _: return .boolean(random.once(in: 2))
    }
  }

  private mutating func pattern() -> TextPattern {
    let text = TextPattern.Part.literal(random.pick(Self.texts))
    let other = TextPattern.Part.literal(random.pick(Self.texts))
    return TextPattern(
      random.pick([
        [text, .anyRun], [.anyRun, text], [.anyRun, text, .anyRun], [.anyScalar, text], [text, .anyScalar, .anyRun],
        [.anyRun], [text, .anyRun, other],
      ]))
  }

  private mutating func condition() -> Condition {
    let textCase = random.pick(TextCase.allCases)
    switch Int.random(in: 0..<20, using: &random) {
    case 0, 1, 2, 3, 4: return .equals(literal())
    case 5, 6: return .oneOf((0..<Int.random(in: 1...3, using: &random)).map { _ in literal() })
    case 7, 8, 9, 10: return .matches(pattern(), textCase)
    case 11, 12, 13: return .regex(expression())
    case 14, 15: return .order(random.pick(Order.allCases), literal())
    case 16: return Network(random.pick(Self.blocks)).map(Condition.network) ?? .oneOf([])
    case 17:
      let word = random.pick(Self.texts.filter { !$0.isEmpty })
      return .term(TermMatch(word, textCase, extent: random.pick([.whole, .prefix, .suffix])))
    case _:
      let encodings: [[EncodedText.Encoding]] = [[.windash], [.base64], [.base64offset], [.utf16le]]
      return .encoded(
        EncodedText(
          .exact(random.pick(["x", "-x", " -x y", "xy"])), random.pick(encodings),
          extent: random.pick([.whole, .prefix, .suffix, .contains]), textCase))
    }
  }

  mutating func expression() -> RegexPattern {
    RegexPattern(
      random.pick(Self.expressions), random.pick([.sigma, .pcre, .rust, .python]),
      flags: random.once(in: 3) ? .ignoreCase : [], anchoring: random.pick([.search, .search, .whole, .start]))
  }

  // MARK: - Events

  mutating func event() -> EventValue {
    var event = EventObject()
    for name in ["a", "b", "o", "l", "z"] where !random.once(in: name == "a" || name == "b" ? 4 : 2) {
      event[name] = value(depth: 2)
    }
    return .object(event)
  }

  private mutating func value(depth: Int) -> EventValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
    case 0, 1, 2: return .string(random.pick(Self.texts))
    case 3, 4: return .number(random.pick(Self.numbers))
    case 5: return .boolean(random.once(in: 2))
    case 6: return .null
    case 7, 8: return .list((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1) })
    case _:
      var object = EventObject()
      for name in ["x", "y"] where random.once(in: 2) { object[name] = value(depth: depth - 1) }
      return .object(object)
    }
  }
}

extension FieldPath {
  /// A dotted name as keys one by one.
  fileprivate var joiningKeysApart: FieldPath {
    FieldPath(dotted.split(separator: ".").map { FieldPath.Step.key(String($0)) })
  }
}

/// The prover against events that nobody chose.
@Suite struct RandomEventTests {
  private static let prover = Prover { predicate, event in try? TreeMatcher(predicate).matches(event) }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `no event fires what is proved to be impossible`(seed: UInt64) {
    var near = NearPredicate(random: SeededRandom(seed: 1_000 + seed))
    let events = (0..<200).map { _ in near.event() }
    var proved = 0
    for _ in 0..<20 {
      let first = near.next()
      let second = near.near(first)
      for question in [Predicate.all([first, .not(second)]), .all([second, .not(first)]), .all([first, second])] {
        guard Self.prover.satisfy(question) == .impossible else { continue }
        proved += 1
        guard let matcher = try? TreeMatcher(question) else { continue }
        for event in events {
          #expect(
            (try? matcher.matches(event)) != true, "\(event.json)\n\(PredicateOutline(.terse).text(of: question))")
        }
      }
    }
    #expect(proved > 0)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `a regular expression is followed as it is run`(seed: UInt64) throws {
    var near = NearPredicate(random: SeededRandom(seed: seed))
    let field = FieldPath(keys: "a")
    for _ in 0..<40 {
      let test = Predicate.field(FieldTest(field, .regex(near.expression())))
      guard let matcher = try? TreeMatcher(test) else { continue }
      for text in NearPredicate.texts + ["x\ny", "xxx", "\u{1F600}", "x{,2}", "K", "_", "\u{E9}y"] {
        let exactly = Predicate.field(FieldTest(field, .equals(.text(text, .sensitive))))
        let single = Predicate.presence(PresenceTest(.single, field))
        let matches = try matcher.matches(["a": .string(text)])
        let refuted = Predicate.all([single, exactly, matches ? .not(test) : test])
        let answer = Self.prover.satisfy(refuted)
        if case .undecided = answer { continue }
        #expect(answer == .impossible, "\(text.debugDescription)\n\(PredicateOutline(.terse).text(of: test))")
      }
    }
  }

  @Test(
    arguments: [
      ("9223372036854775807", Order.greater), ("-9223372036854775808", .less), ("1e19", .greater), ("1e400", .greater),
      ("-1e400", .less), ("1e-400", .less), ("9223372036854775807", .less),
    ])
  func `beyond every number there is another`(bound: String, order: Order) throws {
    let number = try #require(Number(bound))
    let field = FieldPath(keys: "a")
    let beyond = Predicate.field(FieldTest(field, .order(order, .number(number, .strict))))
    guard case .witness = Self.prover.satisfy(beyond) else {
      Issue.record("\(Self.prover.satisfy(beyond))")
      return
    }
  }

  @Test(
    arguments: [
      ("1e20", "100000000000000000001"), ("0", "1e-400"), ("-1e-400", "0"), ("1e400", "1e401"), ("4", "4.00000001"),
      ("-2", "-1.9"), ("9007199254740992", "9007199254740993"), ("-1e400", "-1e399"), ("-1", "1"),
    ])
  func `between two numbers there is a third`(low: String, high: String) throws {
    let (least, most) = (try #require(Number(low)), try #require(Number(high)))
    for number in [least, most] {
      #expect((number.otherSpellings + [number.plainSpelling]).allSatisfy { $0 == number && $0.text != "+" })
    }
    let middle = Number.between(least, most)
    #expect(least < middle && middle < most, "\(middle.text)")
    let field = FieldPath(keys: "a")
    let question = Predicate.all([
      .presence(PresenceTest(.single, field)), .field(FieldTest(field, .order(.greater, .number(least, .strict)))),
      .field(FieldTest(field, .order(.less, .number(most, .strict)))),
    ])
    guard case .witness = Self.prover.satisfy(question) else {
      Issue.record("\(Self.prover.satisfy(question))")
      return
    }
  }
}
