import RuleIR
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    ("1", "1.0"), ("1", "1e0"), ("100", "1e2"), ("0", "-0"), ("0.50", ".5"), ("-1.5", "-15e-1"), ("007", "7"),
  ])
  func `one value has many spellings`(one: String, other: String) throws {
    #expect(try #require(Number(one)) == #require(Number(other)))
    #expect(try #require(Number(one)).hashValue == #require(Number(other)).hashValue)
  }

  @Test(arguments: [
    ("-1", "0"), ("9", "10"), ("9007199254740992", "9007199254740993"), ("1e308", "1e999"), ("-1e999", "-1e308"),
    ("0.1", "0.11"), ("-0.11", "-0.1"), ("123456789012345678901234567890", "123456789012345678901234567891"),
  ])
  func `order is exact`(less: String, more: String) throws {
    let (low, high) = (try #require(Number(less)), try #require(Number(more)))
    #expect(low < high)
    #expect(!(high < low))
    #expect(low != high)
  }

  @Test(arguments: ["", "-", ".", "1e", "0x1F", "1 ", "NaN", "1_000", "--1", "1.2.3"])
  func `what is no number is none`(text: String) { #expect(Number(text) == nil) }

  @Test func `integers come back`() {
    #expect(Number("1e3")?.integer == 1_000)
    #expect(Number("1.5")?.integer == nil)
    #expect(Number("9223372036854775808")?.integer == nil)
    #expect(Number("-9223372036854775808")?.integer == Int.min)
  }
}

@Suite struct NetworkTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "1.2.3.4", true),
    ("10.1.2.3", "10.1.2.3", true), ("::1/128", "0:0:0:0:0:0:0:1", true), ("2001:db8::/64", "2001:db8::5", true),
    ("2001:db8::/64", "2001:db8:1::5", false), ("10.0.0.0/8", "::ffff:10.0.0.1", false),
    ("10.0.0.0/8", "010.0.0.1", false), ("10.0.0.0/8", "", false), ("::/0", "x", false),
  ])
  func `membership`(network: String, address: String, isInside: Bool) throws {
    #expect(try #require(Network(network)).contains(address) == isInside)
  }

  @Test(arguments: [
    "10.0.0/8", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "::1/129", "1.2.3.4/8/9", "x", "", "1::2::3/8",
  ])
  func `what is no network is none`(text: String) { #expect(Network(text) == nil) }

  @Test(arguments: ["10.0.0.0/8", "2001:db8::/32", "::/0", "::1/128", "1:0:0:2::/64", "ff00::1:0:0:0/80"])
  func `the text is read back`(text: String) throws {
    let network = try #require(Network(text))
    #expect(Network(network.description) == network)
  }
}

@Suite struct FieldPathTests {
  @Test(arguments: [
    "verb", "objectRef.resource", "annotations[\"authorization.k8s.io/decision\"]", "containers[*].image", "args[0]",
    "args[-1]", "a[\"\"]", "a[\"b\\\"c\"].d",
  ])
  func `the text is read back`(text: String) throws {
    let path = try #require(FieldPath(parsing: text))
    #expect(path.description == text)
  }

  @Test func `braces are every element`() {
    #expect(FieldPath(parsing: "user.groups{}")?.description == "user.groups[*]")
  }

  @Test(arguments: ["", ".a", "a.", "a..b", "a[", "a[x]", "a[\"b]", "a{b}"])
  func `what is no path is none`(text: String) { #expect(FieldPath(parsing: text) == nil) }
}

@Suite struct TextPatternTests {
  @Test func `parts have one form`() {
    let pattern = TextPattern([.literal("a"), .literal("b"), .anyRun, .anyScalar, .anyRun, .literal("")])
    #expect(pattern.parts == [.literal("ab"), .anyScalar, .anyRun])
    #expect(TextPattern([.anyRun, .anyRun]).shape == .anything)
    #expect(TextPattern([]).shape == .exact(""))
    #expect(TextPattern.contains("x").shape == .contains("x"))
    #expect(TextPattern([.anyScalar]).shape == .glob)
  }
}

@Suite struct NormalisationTests {
  static func equals(_ text: String, _ textCase: TextCase = .sensitive) -> Predicate {
    .field(FieldTest(FieldPath(keys: "a"), .equals(.text(text, textCase))))
  }

  @Test func `many spellings have one form`() {
    let (x, y, z) = (Self.equals("x"), Self.equals("y"), Self.equals("z"))
    let pairs: [(Predicate, Predicate)] = [
      (.not(.not(x)), x), (.all([x, .all([y, x])]), .all([y, x])), (.not(.any([x, y])), .all([.not(y), .not(x)])),
      (
        .any([x, .any([y, z])]),
        .field(
          FieldTest(
            FieldPath(keys: "a"), .oneOf([.text("z", .sensitive), .text("y", .sensitive), .text("x", .sensitive)])))
      ),
      (.all([x, .always]), x), (.any([x, .never]), x), (.any([x, .not(x)]), .always), (.all([x, .not(x)]), .never),
      (.field(FieldTest(FieldPath(keys: "a"), .matches(.exact("x"), .sensitive))), x),
      (Self.equals("ABC", .insensitive), Self.equals("abc", .insensitive)),
      (Self.equals("1", .insensitive), Self.equals("1")),
    ]
    for (one, other) in pairs { #expect(one.normalised() == other.normalised()) }
  }

  @Test func `composed and decomposed letters stay apart`() {
    #expect(Self.equals("\u{E9}").normalised() != Self.equals("e\u{301}").normalised())
    let both = Predicate.any([Self.equals("\u{E9}"), Self.equals("e\u{301}")]).normalised()
    guard case .field(let test) = both, case .oneOf(let literals) = test.condition else {
      Issue.record("\(both)")
      return
    }
    #expect(literals.count == 2)
  }
}

@Suite struct CaseFoldingTests {
  @Test(arguments: [
    ("ΣΑΣ", "σας"), ("\u{212A}", "k"), ("\u{17F}", "S"), ("µ", "μ"), ("ẞ", "ß"), ("Ǆ", "ǆ"), ("ПАРОЛЬ", "пароль"),
    ("\u{1E9B}", "\u{1E61}"),
  ])
  func `these fold alike`(one: String, other: String) { #expect(isSameText(one.simplyFolded, other.simplyFolded)) }

  @Test(arguments: [("ß", "ss"), ("ı", "i"), ("İ", "i"), ("é", "e"), ("ﬁ", "fi")])
  func `these do not`(one: String, other: String) { #expect(!isSameText(one.simplyFolded, other.simplyFolded)) }

  @Test func `folding keeps the number of scalars and is final`() {
    for value in 0..<0x1_0000 as Range<UInt32> {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(scalar.simplyFolded.simplyFolded == scalar.simplyFolded, "U+\(String(value, radix: 16))")
    }
  }
}

/// Texts that are canonically equivalent are two texts, wherever a rule holds them.
@Suite struct ExactEqualityTests {
  static let enQuad = "\u{2000}"
  static let enSpace = "\u{2002}"

  @Test func `what differs in one scalar is not the same`() {
    #expect(Self.enQuad == Self.enSpace, "Swift takes them for equal")
    #expect(
      RegexPattern(Self.enQuad, .lucene, anchoring: .whole) != RegexPattern(Self.enSpace, .lucene, anchoring: .whole))
    #expect(TermMatch(Self.enQuad, .sensitive) != TermMatch(Self.enSpace, .sensitive))
    #expect(TextPattern.contains(Self.enQuad) != TextPattern.contains(Self.enSpace))
    #expect(Literal.text(Self.enQuad, .sensitive) != Literal.text(Self.enSpace, .sensitive))
    #expect(Set([ExactText(Self.enQuad), ExactText(Self.enSpace), ExactText(Self.enQuad)]).count == 2)
  }
}
