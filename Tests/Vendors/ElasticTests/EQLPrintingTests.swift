import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Elastic

@Suite struct EQLPrintingTests {
  private static let a = FieldPath(named: "a")

  private static func test(_ condition: Condition, _ field: FieldPath = a) -> Predicate {
    .field(FieldTest(field, condition))
  }

  private static func text(_ text: String, _ textCase: TextCase = .sensitive) -> Predicate {
    test(.equals(.text(text, textCase)))
  }

  private func printed(_ predicate: Predicate, _ schema: TargetSchema = TargetSchema()) throws -> String {
    try EQL.write(Rule(body: .predicate(predicate)), for: schema).text.trimmed
  }

  static let cases: [(Predicate, String)] = [
    (.always, "any where true"),
    (.never, "any where false"),
    (text("b"), "any where a == \"b\""),
    (.not(text("b")), "any where a != \"b\""),
    (text("b", .insensitive), "any where a : \"b\""),
    (text("b*", .insensitive), "any where a in~ (\"b*\")"),
    (text("b*"), "any where a == \"b*\""),
    (text("7", .insensitive), "any where a == \"7\""),
    (.not(text("b", .insensitive)), "any where not a : \"b\""),
    (.any([text("b"), text("c")]), "any where a in (\"b\", \"c\")"),
    (.not(.any([text("b"), text("c")])), "any where not a in (\"b\", \"c\")"),
    // Swift takes these two blanks for one.
    (.any([text("\u{2000}"), text("\u{2002}")]), "any where a in (\"\u{2000}\", \"\u{2002}\")"),
    (.any([text("b", .insensitive), test(.matches(.prefix("c"), .insensitive))]), "any where a : (\"b\", \"c*\")"),
    (test(.matches(.contains("x"), .sensitive)), "any where a like \"*x*\""),
    (test(.matches(.prefix("x*"), .sensitive)), "any where startsWith(a, \"x*\")"),
    (test(.matches(.prefix("x?"), .insensitive)), "any where startsWith~(a, \"x?\")"),
    (test(.matches(.suffix("x*"), .sensitive)), "any where a regex \"\"\".*x\\*\"\"\""),
    (test(.regex(RegexPattern("v[0-9]", .sigma, anchoring: .search))), "any where a regex \".*v[0-9].*\""),
    (
      test(.regex(RegexPattern("[a-f]x", .sigma, flags: .ignoreCase, anchoring: .whole))),
      "any where a regex~ \"[a-fA-F]x\""
    ),
    (test(.oneOf([.number(Number(1), .strict), .number(Number(-2), .strict)])), "any where a in (1, -2)"),
    (test(.equals(.boolean(true))), "any where a == true"),
    (test(.order(.less, .number(Number(4), .strict))), "any where a < 4"),
    (.presence(PresenceTest(.value, a)), "any where a != null"),
    (.not(.presence(PresenceTest(.value, a))), "any where a == null"),
    (.all([.presence(PresenceTest(.value, a)), .not(text("b"))]), "any where a != null and a != \"b\""),
    (.all([.presence(PresenceTest(.value, a)), text("b")]), "any where a == \"b\""),
    (.any([text("b"), .all([text("c"), text("d")])]), "any where a == \"b\" or (a == \"c\" and a == \"d\")"),
    (text("say \"hi\""), "any where a == \"say \\\"hi\\\"\""),
    (text("C:\\x"), "any where a == \"\"\"C:\\x\"\"\""),
    (text("C:\\x\""), "any where a == \"C:\\\\x\\\"\""),
    (text("a\u{1}\n\u{2028}"), "any where a == \"a\\u{01}\\n\\u{2028}\""),
    (test(.equals(.text("b", .sensitive)), FieldPath(named: "x.y-z")), "any where `x.y-z` == \"b\""),
    (test(.equals(.text("b", .sensitive)), FieldPath(named: "x.where")), "any where `x.where` == \"b\""),
    (test(.equals(.text("b", .sensitive)), FieldPath(named: "x`y")), "any where `x``y` == \"b\""),
    (
      .all([test(.equals(.text("process", .sensitive)), FieldPath(named: "event.category")), text("b")]),
      "process where a == \"b\""
    ),
    (
      test(.equals(.text("a b", .sensitive)), FieldPath(named: "event.category")),
      "any where event.category == \"a b\""
    ),
    (
      .field(FieldTest(a, .order(.greater, .number(Number(3), .strict)), subject: .length)),
      "any where length(a) > 3"
    ),
  ]

  @Test(arguments: cases.indices)
  func `A predicate is written so`(index: Int) throws {
    let (predicate, query) = Self.cases[index]
    #expect(try printed(predicate) == query)
    #expect(try EQL.parse(Passage(text: query)).warnings.filter { $0.severity > .info }.isEmpty)
  }

  @Test func `Networks of one field stand in one call`() throws {
    let networks = try ["10.0.0.0/8", "::/64"].map { Self.test(.network(try #require(Network($0)))) }
    #expect(try printed(.any(networks)) == "any where cidrMatch(a, \"10.0.0.0/8\", \"::/64\")")
  }

  @Test func `A field's type decides how a literal that has none is written`() throws {
    let untyped = Self.test(.equals(.untyped("403", .insensitive)))
    func schema(_ type: TargetSchema.FieldType) -> TargetSchema {
      TargetSchema(columns: [Self.a: TargetSchema.Column(spelling: "a", type: type)])
    }
    #expect(try printed(untyped, schema(.number)) == "any where a == 403")
    #expect(try printed(untyped, schema(.text)) == "any where a == \"403\"")
    #expect(try printed(untyped, schema(.boolean)) == "any where false")
    #expect(try printed(untyped) == "any where string(a) == \"403\"")
  }

  @Test func `A sequence is written with what its steps share first`() throws {
    let query = """
      sequence by host.id with maxspan=5m
        [process where a == "b"] by process.pid with runs=2
        [any where true] by process.parent.pid
      until [file where a : "c*"] by process.pid
      """
    let body = try EQL.parse(Passage(text: query)).body
    let written = try EQL.write(Rule(body: body), for: TargetSchema())
    #expect(written.text == query + "\n")
    #expect(written.losses.isEmpty)
  }

  @Test func `A long condition has a line for each of its parts`() throws {
    let parts = (1...4).map { Self.text("a value that is long \($0)") }
    #expect(
      try printed(.all(parts)) == """
        any where a == "a value that is long 1" and
          a == "a value that is long 2" and
          a == "a value that is long 3" and
          a == "a value that is long 4"
        """)
  }

  @Test func `A rule file holds a sequence as a rule of type eql`() throws {
    let body = try EQL.parse(Passage(text: "sequence by x [any where a == \"b\"] [any where a == \"c\"]")).body
    let rule = Rule(metadata: RuleMetadata(id: "1", title: "T", level: .low), body: body)
    let written = try ElasticTOML.write(rule, for: TargetSchema())
    #expect(written.text.contains("type = \"eql\"\nlanguage = \"eql\"\n"), "\(written.text)")
    let again = ElasticTOML.read(SourceFile(name: "r.toml", text: written.text), in: ReadingContext())
    #expect(again.first?.rule?.body == body)
  }

  @Test func `A rule file may name the field of categories`() throws {
    let text = RuleFileReadingTests.toml(
      type: "eql", query: "'''\nstart where verb == \"list\"\n'''"
    ).replacing("\"kuery\"", with: "\"eql\"")
      .replacing("risk_score = 73", with: "event_category_override = \"event.type\"\nrisk_score = 73")
    let reading = try #require(ElasticTOML.read(SourceFile(name: "r.toml", text: text), in: ReadingContext()).first)
    let body = try #require(reading.rule).body
    let outline = body.predicates.map { PredicateOutline(.placed).text(of: $0) }
    #expect(outline.first?.contains("[\"event.type\"] = \"start\"    @27:1") == true, "\(outline)")
  }
}
