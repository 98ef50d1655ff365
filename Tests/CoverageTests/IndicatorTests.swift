import Coverage
import Matcher
import Proof
import RuleIR
import SourceText
import Testing

@Suite struct IndicatorTests {
  private static let verb = FieldPath(keys: "verb")
  private static let agent = FieldPath(keys: "userAgent")

  private static func test(_ field: FieldPath, _ condition: Condition) -> Predicate {
    .field(FieldTest(field, condition))
  }

  @Test(
    arguments: [
      (Condition.equals(.text("get", .sensitive)), Indicator.Kind.equals, "get"),
      (.matches(.prefix("Curl/"), .insensitive), .startsWith, "curl/"),
      (.matches(.suffix("/x"), .sensitive), .endsWith, "/x"),
      (.matches(.contains("a*b"), .sensitive), .contains, "a*b"),
      (.matches(.anything, .sensitive), .present, ""),
      (.matches(TextPattern([.literal("a*"), .anyRun, .literal("b")]), .sensitive), .wildcard, #"a\**b"#),
      (.regex(RegexPattern("v[0-9]", .sigma, anchoring: .search)), .regex, "v[0-9]"),
      (.order(.greaterOrEqual, .number(Number(400), .strict)), .greaterOrEqual, "400"),
      (.term(TermMatch("curl", .insensitive)), .match, "curl"),
    ] as [(Condition, Indicator.Kind, String)])
  func `a test is one row of its kind`(condition: Condition, kind: Indicator.Kind, value: String) {
    let found = RuleIndicators(.predicate(Self.test(Self.agent, condition)))
    #expect(found.wanted == [Indicator(Self.agent, kind, value)])
    #expect(found.excluded.isEmpty)
  }

  @Test func `a list is a row a value and what is excluded stands apart`() {
    let found = RuleIndicators(
      .predicate(
        .all([
          Self.test(Self.verb, .oneOf([.text("get", .sensitive), .text("list", .sensitive)])),
          .not(Self.test(Self.agent, .matches(.prefix("kubelet/"), .sensitive))),
          .not(.not(Self.test(Self.agent, .matches(.prefix("curl/"), .sensitive)))),
          .presence(PresenceTest(.value, Self.agent)),
        ])))
    #expect(
      found.wanted == [
        Indicator(Self.verb, .equals, "get"), Indicator(Self.verb, .equals, "list"),
        Indicator(Self.agent, .startsWith, "curl/"),
      ])
    #expect(found.excluded == [Indicator(Self.agent, .startsWith, "kubelet/")])
  }

  private static func rule(_ value: String, _ textCase: TextCase) -> RuleIndicators {
    RuleIndicators(.predicate(test(verb, .equals(.text(value, textCase)))))
  }

  @Test func `rows count rules of the operation and vendors of the collection`() {
    let collection = [
      ("sigma", Self.rule("List", .insensitive)), ("elastic", Self.rule("List", .sensitive)),
      ("elastic", Self.rule("List", .sensitive)), ("splunk", Self.rule("watch", .sensitive)),
    ]
    let rows = IndicatorTable(collection, of: [0, 3]).wanted
    #expect(rows.map(\.indicator.value) == ["List"], "one rule alone is no row, letter case makes no second one")
    #expect(rows.map(\.rules) == [1])
    #expect(rows.first?.vendors == ["sigma", "elastic"])
    #expect(IndicatorTable(collection, of: [3], atLeast: 1).wanted.map(\.indicator.value) == ["watch"])
  }
}
