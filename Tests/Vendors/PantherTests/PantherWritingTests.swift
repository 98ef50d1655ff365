import Panther
import RuleIR
import Testing

@Suite struct PantherWritingTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var predicate: Predicate
    var schema = TargetSchema()
    var python: String
    var testDescription: String { python }
  }

  static let verb = FieldPath(keys: "verb")
  static let agent = FieldPath(keys: "userAgent")
  static let code = FieldPath(keys: "responseStatus", "code")
  static let groups = FieldPath(keys: "user", "groups")

  static func test(_ field: FieldPath, _ condition: Condition) -> Predicate { .field(FieldTest(field, condition)) }

  static let list = test(verb, .equals(.text("list", .sensitive)))

  static let cases: [Case] = [
    Case(predicate: .always, python: "    return True\n"),
    Case(predicate: .never, python: "    return False\n"),
    Case(predicate: list, schema: PantherSample.schema, python: "    return event.deep_get(\"verb\") == \"list\"\n"),
    Case(
      predicate: .not(list), schema: PantherSample.schema,
      python: "    return event.deep_get(\"verb\") != \"list\"\n"),
    Case(
      predicate: list, python: "    return any(value == \"list\" for value in _values(event, \"verb\"))\n"),
    Case(
      predicate: .all([
        test(verb, .oneOf([.text("get", .sensitive), .text("list", .sensitive)])),
        .any([
          test(agent, .matches(.prefix("Curl/"), .insensitive)),
          test(code, .order(.greaterOrEqual, .number(Number(400), .strict))),
        ]),
        .not(test(agent, .matches(.suffix("x"), .sensitive))),
      ]), schema: PantherSample.schema,
      python: """
            return (
                event.deep_get("verb") in ("get", "list")
                and (_folded(event.deep_get("userAgent")).startswith("curl/") \
        or _number(event.deep_get("responseStatus", "code")) >= 400)
                and not _text(event.deep_get("userAgent")).endswith("x")
            )

        """),
    Case(
      predicate: test(FieldPath(keys: "annotations", "authorization.k8s.io/decision"), .equals(.text("a", .sensitive))),
      schema: PantherSample.schema,
      python: "    return event.deep_get(\"annotations\", \"authorization.k8s.io/decision\") == \"a\"\n"),
    Case(
      predicate: test(groups, .matches(TextPattern([.literal("a."), .anyRun, .literal("b"), .anyScalar]), .sensitive)),
      schema: PantherSample.schema,
      python: """
            return (
                any(re.fullmatch("a\\\\..*b.", _text(value), re.DOTALL) is not None \
        for value in _values(event, "user", "groups"))
            )

        """),
    Case(
      predicate: .field(FieldTest(groups, .equals(.text("x", .sensitive)), polarity: .someValueFails)),
      python: "    return any(value != \"x\" for value in _values(event, \"user\", \"groups\"))\n"),
    Case(
      predicate: .some(
        ElementTest(
          FieldPath(keys: "spec", "containers"),
          .all([
            test(FieldPath(keys: "name"), .equals(.text("a", .sensitive))),
            .not(.presence(PresenceTest(.value, FieldPath(keys: "image")))),
          ]))),
      python: """
            return (
                any(any(value == "a" for value in _values(element, "name")) and not _has_value(element, "image") \
        for element in _values(event, "spec", "containers"))
            )

        """),
    Case(
      predicate: .presence(PresenceTest(.value, verb)), schema: PantherSample.schema,
      python: "    return event.deep_get(\"verb\") is not None\n"),
    Case(
      predicate: test(FieldPath([.key("a"), .index(-1), .each, .keyPattern(.suffix(".b"))]), .equals(.boolean(true))),
      python: """
            return any(value is True for value in _values(event, "a", -1, ..., re.compile(".*\\\\.b", re.DOTALL)))

        """),
    Case(
      predicate: test(verb, .equals(.text("\")or\u{0}\n\\\u{2028}é", .sensitive))),
      python: "    return any(value == \"\\\")or\\x00\\n\\\\\\u2028é\" for value in _values(event, \"verb\"))\n"),
  ]

  @Test(arguments: cases) func `a predicate reads as Python does`(_ written: Case) throws {
    #expect(try PantherSample.rule(written.predicate, written.schema) == written.python)
  }

  @Test func `functions are brought along only where they are needed`() throws {
    let simple = try PantherSample.python(Self.list, PantherSample.schema)
    #expect(simple.hasPrefix("def rule(event):"))
    let walking = try PantherSample.python(Self.list)
    #expect(walking.hasPrefix("import re\nfrom collections.abc import Mapping, Sequence\n\n\ndef _is_list(value):"))
    #expect(walking.range(of: "def _folded") == nil)
  }

  @Test func `what nests too deeply for Python is refused`() throws {
    var predicate = Self.list
    for _ in 0..<80 {
      predicate = .any([Self.list, .all([Self.list, .some(ElementTest(Self.verb, predicate))])])
    }
    #expect(throws: (any Error).self) { try PantherSample.python(predicate) }
  }
}
