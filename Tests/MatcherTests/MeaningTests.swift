import Matcher
import RuleIR
import Testing

/// The meaning of every test on the values that decide it: absent, null, empty, one, several, other types.
@Suite struct MeaningTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var claim: String
    var predicate: Predicate
    var fires: [EventValue]
    var isSilent: [EventValue]
    var testDescription: String { claim }
  }

  static let a = FieldPath(keys: "a")

  static func test(
    _ condition: Condition, subject: FieldTest.Subject = .value, polarity: FieldTest.Polarity = .someValuePasses
  ) -> Predicate {
    .field(FieldTest(a, condition, subject: subject, polarity: polarity))
  }

  static let cases: [Case] = [
    Case(
      claim: "an equality needs a value", predicate: test(.equals(.text("x", .sensitive))),
      fires: [["a": "x"], ["a": ["y", "x"]], ["a": [["x"]]]],
      isSilent: [[:], ["a": nil], ["a": ""], ["a": "X"], ["a": 1], ["a": []], ["a": ["b": "x"]]]),
    Case(
      claim: "not means that no value passes", predicate: .not(test(.equals(.text("x", .sensitive)))),
      fires: [[:], ["a": nil], ["a": "y"], ["a": []]], isSilent: [["a": ["y", "x"]]]),
    Case(
      claim: "a value that fails is not the same as no value that passes",
      predicate: test(.equals(.text("x", .sensitive)), polarity: .someValueFails),
      fires: [["a": "y"], ["a": ["x", "y"]]], isSilent: [[:], ["a": nil], ["a": "x"], ["a": []]]),
    Case(
      claim: "an untyped literal passes on text, number and boolean that it spells",
      predicate: test(.oneOf([.untyped("403", .insensitive), .untyped("TRUE", .insensitive)])),
      fires: [["a": "403"], ["a": 403], ["a": .number(Number("403.0") ?? Number(0))], ["a": true], ["a": "True"]],
      isSilent: [["a": "403.0"], ["a": 404], ["a": false]]),
    Case(
      claim: "a number reads texts only where stamped", predicate: test(.equals(.number(Number(403), .coercing))),
      fires: [["a": 403], ["a": "403"], ["a": "403.0"]], isSilent: [["a": "403 "], ["a": true]]),
    Case(
      claim: "a strict number passes on numbers",
      predicate: test(.order(.greaterOrEqual, .number(Number(400), .strict))),
      fires: [["a": 400], ["a": [1, 500]]], isSilent: [[:], ["a": "500"], ["a": 399]]),
    Case(
      claim: "folding is Unicode's and simple", predicate: test(.equals(.text("ΣΤΡΑΣ", .insensitive))),
      fires: [["a": "στρας"], ["a": "στρασ"]], isSilent: [["a": "στρα"]]),
    Case(
      claim: "the sharp s and the dotless i fold to themselves",
      predicate: test(.oneOf([.text("ss", .insensitive), .text("i", .insensitive)])),
      fires: [["a": "SS"], ["a": "I"]], isSilent: [["a": "ß"], ["a": "ı"]]),
    Case(
      claim: "the Kelvin sign is a k", predicate: test(.matches(.contains("K"), .insensitive)),
      fires: [["a": "\u{212A}"], ["a": "ok"]], isSilent: [["a": "c"]]),
    Case(
      claim: "composed and decomposed letters differ", predicate: test(.equals(.text("é", .sensitive))),
      fires: [["a": "\u{E9}"]], isSilent: [["a": "e\u{301}"]]),
    Case(
      claim: "a star runs over line ends and nothing",
      predicate: test(.matches(TextPattern([.literal("a"), .anyRun, .literal("b")]), .sensitive)),
      fires: [["a": "ab"], ["a": "a\n\nb"], ["a": "abab"]], isSilent: [["a": "abc"], ["a": "xab"], ["a": "a"]]),
    Case(
      claim: "a question mark is one scalar",
      predicate: test(.matches(TextPattern([.literal("a"), .anyScalar, .literal("b")]), .sensitive)),
      fires: [["a": "axb"], ["a": "a😀b"], ["a": "a\nb"]], isSilent: [["a": "ab"], ["a": "axxb"]]),
    Case(
      claim: "text tests pass on strings only", predicate: test(.matches(.prefix("4"), .sensitive)),
      fires: [["a": "403"]], isSilent: [["a": 403], [:]]),
    Case(
      claim: "the spelling of a number is a text",
      predicate: test(.matches(.prefix("4"), .sensitive), subject: .spelling), fires: [["a": "403"], ["a": 403]],
      isSilent: [["a": true], [:]]),
    Case(
      claim: "the pattern of one star needs a string", predicate: test(.matches(.anything, .sensitive)),
      fires: [["a": ""], ["a": "x"]], isSilent: [[:], ["a": nil], ["a": 1]]),
    Case(
      claim: "a key is there whatever its value", predicate: .presence(PresenceTest(.key, a)),
      fires: [["a": nil], ["a": ""], ["a": []], ["a": [:]], ["a": 1]], isSilent: [[:]]),
    Case(
      claim: "a value is a scalar or an object with members", predicate: .presence(PresenceTest(.value, a)),
      fires: [["a": ""], ["a": 0], ["a": ["b": nil]], ["a": [nil, "x"]]],
      isSilent: [[:], ["a": nil], ["a": []], ["a": [:]], ["a": [nil]]]),
    Case(
      claim: "single is one distinct value", predicate: .presence(PresenceTest(.single, a)),
      fires: [["a": "x"], ["a": ["x", "x"]], ["a": [1, nil]]], isSilent: [[:], ["a": []], ["a": ["x", "y"]]]),
    Case(
      claim: "a network holds addresses of its family",
      predicate: test(Network("2001:db8::/32").map(Condition.network) ?? .oneOf([])),
      fires: [["a": "2001:db8::5"], ["a": ["x", "2001:DB8:0:0::1"]]], isSilent: [["a": "2001:db9::"], ["a": "1.2.3.4"]]),
    Case(
      claim: "a term ends where letters and digits do", predicate: test(.term(TermMatch("curl", .insensitive))),
      fires: [["a": "Curl/7"], ["a": "my_curl"]], isSilent: [["a": "curly"], ["a": "libcurl4"]]),
    Case(
      claim: "counting yields a number even of nothing",
      predicate: test(.equals(.number(Number(0), .strict)), subject: .count), fires: [[:], ["a": []], ["a": nil]],
      isSilent: [["a": "x"]]),
    Case(
      claim: "length counts scalars", predicate: test(.equals(.number(Number(2), .strict)), subject: .length),
      fires: [["a": "é😀"]], isSilent: [["a": "x"], ["a": 22], [:]]),
    Case(
      claim: "parts of a date are in UTC",
      predicate: test(.equals(.number(Number(23), .strict)), subject: .datePart(.hour)),
      fires: [["a": "2026-01-01T00:30:00.5+01:00"]], isSilent: [["a": "2026-01-01T00:30:00Z"], ["a": "23"]]),
    Case(
      claim: "the first days of a year may lie in the last week of another",
      predicate: test(.equals(.number(Number(53), .strict)), subject: .datePart(.week)),
      fires: [["a": "2021-01-03T12:00:00Z"]], isSilent: [["a": "2021-01-04T00:00:00Z"]]),
    Case(
      claim: "some looks at one element at a time",
      predicate: .some(
        ElementTest(
          a,
          .all([
            .field(FieldTest(FieldPath(keys: "x"), .equals(.number(Number(1), .strict)))),
            .field(FieldTest(FieldPath(keys: "y"), .equals(.number(Number(2), .strict)))),
          ]))),
      fires: [["a": [["x": 1, "y": 2]]], ["a": ["x": 1, "y": 2]]],
      isSilent: [["a": [["x": 1], ["y": 2]]], [:], ["a": []]]),
    Case(
      claim: "every is false on nothing",
      predicate: .every(ElementTest(a, .field(FieldTest(.element, .matches(.prefix("x"), .sensitive))))),
      fires: [["a": ["x1", "x2"]], ["a": "x"]], isSilent: [[:], ["a": []], ["a": ["x", "y"]], ["a": [nil]]]),
    Case(
      claim: "fields are compared with each other's values",
      predicate: test(.field(.startsWith, FieldPath(keys: "b"), .insensitive)),
      fires: [["a": "ABC", "b": ["z", "ab"]]], isSilent: [["a": "ABC"], ["b": "a"], ["a": "x", "b": "y"]]),
    Case(
      claim: "any field looks at scalars and never at keys",
      predicate: .anyField(AnyFieldTest(.matches(.contains("40"), .insensitive))),
      fires: [["z": [["y": 403]]], ["z": "x40"]], isSilent: [["40": "x"], [:]]),
    Case(
      claim: "a raw term is whole between breakers", predicate: .rawTerm(RawTermTest(.exact("secrets"), .insensitive)),
      fires: [["a": "secrets"], ["a": "/api/v1/Secrets/x"], ["secrets": 1]], isSilent: [["a": "secrets2"], ["a": "x"]]),
    Case(
      claim: "base64 at any offset",
      predicate: test(
        .encoded(EncodedText(.exact("föö"), [.base64offset], extent: .contains, .sensitive))),
      fires: [["a": "xxZsO2w7xx"], ["a": "bDtsO2"], ["a": "mw7bDt"]], isSilent: [["a": "Zm9v"]]),
    Case(
      claim: "a dash before a word is any dash",
      predicate: test(.encoded(EncodedText(.exact("-enc"), [.windash], extent: .contains, .insensitive))),
      fires: [["a": "x /ENC"], ["a": "\u{2015}enc"], ["a": "-enc"]], isSilent: [["a": "enc"], ["a": "_enc"]]),
  ]

  @Test(arguments: cases) func `every test means what it says`(_ example: Case) throws {
    let matcher = try TreeMatcher(example.predicate)
    for event in example.fires { #expect(try matcher.matches(event), "\(event.json)") }
    for event in example.isSilent { #expect(try !matcher.matches(event), "\(event.json)") }
  }

  @Test(arguments: cases) func `normalising changes no verdict`(_ example: Case) throws {
    let matcher = try TreeMatcher(.not(.not(.any([example.predicate, example.predicate]))).normalised())
    for event in example.fires { #expect(try matcher.matches(event), "\(event.json)") }
    for event in example.isSilent { #expect(try !matcher.matches(event), "\(event.json)") }
  }
}

/// How a dotted name finds its values.
@Suite struct DottedNameTests {
  @Test func `the longest joined key and its parts are united`() throws {
    let predicate = Predicate.field(
      FieldTest(FieldPath(named: "a.b.c"), .oneOf([.text("x", .sensitive), .text("y", .sensitive)])))
    let matcher = try TreeMatcher(predicate)
    for event: EventValue in [["a.b.c": "x"], ["a": ["b.c": "x"]], ["a.b": ["c": "y"]], ["a": [["b": ["c": "y"]]]]] {
      #expect(try matcher.matches(event), "\(event.json)")
    }
    #expect(try !matcher.matches(["a": ["b": "x"]]))
    let single = try TreeMatcher(.presence(PresenceTest(.single, FieldPath(named: "a.b"))))
    #expect(try !single.matches(["a.b": "x", "a": ["b": "y"]]))
  }

  @Test func `exact steps do not split`() throws {
    let path = FieldPath(parsing: "annotations[\"authorization.k8s.io/decision\"]")
    let matcher = try TreeMatcher(.presence(PresenceTest(.value, #require(path))))
    #expect(try matcher.matches(["annotations": ["authorization.k8s.io/decision": "allow"]]))
  }
}

/// Regular expressions of every flavour.
@Suite struct RegexTests {
  @Test(arguments: [
    (RegexPattern("b+", .sigma, anchoring: .search), ["abc"], ["ac"]),
    (RegexPattern("a|b", .sigma, anchoring: .whole), ["a", "b"], ["ab", "xa"]),
    (RegexPattern("a$", .pcre, anchoring: .search), ["a", "a\n"], ["a\n\n"]),
    (RegexPattern("a$", .rust, anchoring: .search), ["a"], ["a\n"]),
    (RegexPattern("[]$a]+$", .pcre, anchoring: .whole), ["]$a"], ["x"]),
    (RegexPattern("b", .python, anchoring: .start), ["bc"], ["ab"]),
    (RegexPattern("a.b", .lucene, anchoring: .whole), ["a\nb"], ["ab", "xaxb"]),
    (RegexPattern("^a$", .lucene, anchoring: .whole), ["^a$"], ["a"]),
    (RegexPattern("a@b\"c.d\"", .lucene, anchoring: .whole), ["axxbc.d"], ["abcxd"]),
    (RegexPattern("KEY", .sigma, flags: .ignoreCase, anchoring: .search), ["key"], ["k"]),
    (RegexPattern("^b$", .sigma, flags: .multiline, anchoring: .search), ["a\nb\nc"], ["ab"]),
    (RegexPattern("a.b", .sigma, flags: .dotAll, anchoring: .search), ["a\nb"], ["ab"]),
  ])
  func `flavours keep their rules`(pattern: RegexPattern, matching: [String], other: [String]) throws {
    let regex = try CompiledRegex(pattern)
    for text in matching { #expect(regex.matches(text) == true, "\(text)") }
    for text in other { #expect(regex.matches(text) == false, "\(text)") }
  }

  @Test(arguments: [
    RegexPattern("(?=a)b", .rust, anchoring: .search), RegexPattern("(a)\\1", .rust, anchoring: .search),
    RegexPattern("a&b", .lucene, anchoring: .whole), RegexPattern("~a", .lucene, anchoring: .whole),
    RegexPattern("\\b", .lucene, anchoring: .whole), RegexPattern("[", .sigma, anchoring: .search),
  ])
  func `what cannot run is refused`(pattern: RegexPattern) {
    #expect(throws: CompiledRegex.Refusal.self) { try CompiledRegex(pattern) }
  }

  @Test func `time is linear`() throws {
    let regex = try CompiledRegex(RegexPattern("^(a+)+$", .pcre, anchoring: .search))
    #expect(regex.matches(String(repeating: "a", count: 50_000) + "!") == false)
  }

  @Test(arguments: [
    (RegexPattern("a(?=b)", .pcre, anchoring: .search), ["ab"], ["ac", "a"]),
    (RegexPattern("^(?!system:).*$", .sigma, anchoring: .search), ["alice"], ["system:node", "alice\n"]),
    (RegexPattern("(?<!x)a$", .pcre, anchoring: .search), ["ba\n", "a"], ["xa", "a\n\n"]),
    (RegexPattern("(.)\\1", .python, anchoring: .start), ["aab"], ["baa"]),
    (RegexPattern("(?=\\w)é\\Z", .python, anchoring: .search), ["é"], ["é\n"]),
    (RegexPattern("(?=K)key", .sigma, flags: .ignoreCase, anchoring: .whole), ["KEY"], ["KEYS"]),
  ])
  func `what RE2 cannot say runs within limits`(pattern: RegexPattern, matching: [String], other: [String]) throws {
    let regex = try CompiledRegex(pattern)
    for text in matching { #expect(regex.matches(text) == true, "\(text)") }
    for text in other { #expect(regex.matches(text) == false, "\(text)") }
  }

  @Test func `a limit that is reached is no verdict`() throws {
    let pattern = RegexPattern("^(?=(a+)+$)", .pcre, anchoring: .search)
    let text = String(repeating: "a", count: 60) + "!"
    #expect(try CompiledRegex(pattern).matches(text) == nil)
    let fails = Predicate.field(FieldTest(FieldPath(keys: "a"), .regex(pattern)))
    let event: EventValue = ["a": .string(text)]
    #expect(throws: EvaluationFailure.self) { try TreeMatcher(fails).matches(event) }
    #expect(throws: EvaluationFailure.self) { try TreeMatcher(.not(fails)).matches(event) }
    // Where the rest decides, it does so in whatever order it stands.
    for parts in [[fails, .always], [.always, fails]] {
      #expect(try TreeMatcher(.any(parts)).matches(event))
      #expect(throws: EvaluationFailure.self) { try TreeMatcher(.all(parts)).matches(event) }
    }
    for parts in [[fails, .never], [.never, fails]] {
      #expect(try !TreeMatcher(.all(parts)).matches(event))
      #expect(throws: EvaluationFailure.self) { try TreeMatcher(.any(parts)).matches(event) }
    }
  }
}
