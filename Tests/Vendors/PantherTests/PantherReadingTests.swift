import LanguageSupport
import Panther
import RuleIR
import SourceText
import TestSupport
import Testing

@Suite struct PantherReadingTests {
  struct Accepted: CustomTestStringConvertible, Sendable {
    var python: String
    var meaning: Predicate
    var testDescription: String { python }
  }

  static let verb = FieldPath(keys: "verb")
  static let name = FieldPath(keys: "user", "username")
  static let code = FieldPath(keys: "responseStatus", "code")

  static func single(_ field: FieldPath, _ condition: Condition) -> Predicate {
    .all([.presence(PresenceTest(.single, field)), .field(FieldTest(field, condition))])
  }

  static let accepted: [Accepted] = [
    Accepted(python: "event.deep_get('verb') == 'list'", meaning: single(verb, .equals(.text("list", .sensitive)))),
    Accepted(
      python: "event.get(\"verb\") != r'li\\st'", meaning: .not(single(verb, .equals(.text("li\\st", .sensitive))))),
    Accepted(
      python: "not event.deep_get(\"verb\") in (\"get\", \"li\" 'st',)",
      meaning: .not(single(verb, .oneOf([.text("get", .sensitive), .text("list", .sensitive)])))),
    Accepted(
      python: "(event.deep_get(\"user\", \"username\", default=\"\") or \"\").startswith(\"system:\")",
      meaning: single(name, .matches(.prefix("system:"), .sensitive))),
    Accepted(
      python: "event.deep_get(\"user\", \"username\", default=\"\").lower() == \"x\"",
      meaning: single(name, .equals(.text("x", .insensitive)))),
    Accepted(
      python: "event.deep_get(\"verb\", default=\"none\") in [\"none\", \"get\"]",
      meaning: .any([
        .not(.presence(PresenceTest(.value, verb))),
        single(verb, .oneOf([.text("none", .sensitive), .text("get", .sensitive)])),
      ])),
    Accepted(
      python: "event.deep_get(\"verb\", default=\"\").lower() == \"X\"", meaning: .never),
    Accepted(
      python: "event.deep_get(\"responseStatus\", \"code\") == 403",
      meaning: single(code, .equals(.number(Number(403), .strict)))),
    Accepted(
      python: "event.deep_get(\"responseStatus\", \"code\", default=0) >= 400",
      meaning: single(code, .order(.greaterOrEqual, .number(Number(400), .strict)))),
    Accepted(
      python: "event.deep_get(\"responseStatus\", \"code\") == 1",
      meaning: single(code, .oneOf([.number(Number(1), .strict), .boolean(true)]))),
    Accepted(
      python: "(event.deep_get(\"verb\") is not None) and True  # why",
      meaning: .presence(PresenceTest(.value, verb))),
    Accepted(
      python: "(\n        \"curl\" in (event.get(\"verb\") or \"\")\n\n        # a line\n    )",
      meaning: single(verb, .matches(.contains("curl"), .sensitive))),
  ]

  @Test(arguments: accepted) func `hand-made conditions of the same kind are read`(_ sample: Accepted) throws {
    let python = "\"\"\"About.\"\"\"\n\n\ndef rule(event):\n    return \(sample.python)\n"
    let found = try PantherSample.predicate(python)
    #expect(found.normalised() == sample.meaning.normalised())
  }

  struct Refused: CustomTestStringConvertible, Sendable {
    var python: String
    var code: DiagnosticCode
    /// What stands under the caret.
    var place: String
    var testDescription: String { python }
  }

  static func condition(_ text: String) -> String { "def rule(event):\n    return \(text)\n" }

  static let refused: [Refused] = [
    Refused(python: "import os\n" + condition("True"), code: .unsupportedConstruct, place: "import"),
    Refused(python: "import re as ipaddress\n" + condition("True"), code: .unsupportedConstruct, place: "import"),
    Refused(python: "print(1)\n" + condition("True"), code: .unsupportedConstruct, place: "print"),
    Refused(python: "x = 1\n" + condition("True"), code: .unsupportedConstruct, place: "x"),
    Refused(python: "@cached\n" + condition("True"), code: .unsupportedConstruct, place: "@"),
    Refused(python: "for x in y:\n    pass\n" + condition("True"), code: .unsupportedConstruct, place: "for"),
    Refused(
      python: "def helper(event):\n    return 1\n\n\n" + condition("True"), code: .unsupportedConstruct, place: "helper"
    ),
    Refused(
      python: "def _text(value):\n    return str(value)\n\n\n" + condition("True"), code: .unsupportedConstruct,
      place: "_text"),
    Refused(python: condition("_text(event.get(\"a\")) == \"b\""), code: .unknownFunction, place: "_text"),
    Refused(python: "def helper(event): return True\n", code: .unsupportedConstruct, place: "helper"),
    Refused(
      python: "def rule(event):\n    if True:\n        return True\n    return False\n", code: .unsupportedConstruct,
      place: "if"),
    Refused(python: "def rule(event):\n    return True\n    exec(\"x\")\n", code: .unsupportedConstruct, place: "exec"),
    Refused(python: "def rule(event, x):\n    return True\n", code: .wrongArguments, place: "rule"),
    Refused(python: condition("event.get(\"a\")"), code: .unsupportedConstruct, place: "event.get(\"a\")"),
    Refused(python: condition("event.udm(\"a\") == \"b\""), code: .unknownFunction, place: "event.udm(\"a\")"),
    Refused(python: condition("event.get(f\"a\") == \"b\""), code: .unsupportedConstruct, place: "f\"a\""),
    Refused(python: condition("event[\"a\"] == \"b\""), code: .unsupportedConstruct, place: "["),
    Refused(python: condition("(lambda x: x)(event)"), code: .unsupportedConstruct, place: "lambda"),
    Refused(python: condition("1 if event else 2"), code: .unexpectedToken, place: "if"),
    Refused(python: condition("event.get(\"a\") == \"b"), code: .unterminatedString, place: "\""),
    Refused(python: condition("event.get(\"a\") == \"\\ud800\""), code: .invalidEscape, place: "\\ud800"),
    Refused(
      python: condition("event.get(\"a\") == \"b\" == \"c\""), code: .unsupportedConstruct,
      place: "event.get(\"a\") == \"b\" == \"c\""),
    Refused(
      python: condition("__import__(\"os\").system(\"x\")"), code: .unknownFunction,
      place: "__import__(\"os\").system(\"x\")"),
    Refused(python: condition("event.get(\"a\") == \"b\" $"), code: .unexpectedCharacter, place: "$"),
    Refused(python: condition("(event.get(\"a\") == \"b\""), code: .unexpectedToken, place: ""),
    Refused(python: condition(String(repeating: "(", count: 300) + "True"), code: .nestedTooDeeply, place: "("),
    Refused(python: condition(String(repeating: "not ", count: 300) + "True"), code: .nestedTooDeeply, place: "not"),
    Refused(python: condition("any(value == \"a\" for value in event)"), code: .unsupportedConstruct, place: "event"),
    Refused(
      python: condition("any(re.search(\"(a\", value) is not None for value in open(\"x\"))"), code: .unknownFunction,
      place: "open(\"x\")"),
  ]

  @Test(arguments: refused) func `all else is refused by its name`(_ sample: Refused) throws {
    let reading = try PantherSample.reading(sample.python)
    #expect(reading.rule == nil)
    let error = try #require(reading.diagnostics.first)
    #expect(error.code == sample.code, "\(error.message)")
    #expect(error.primary?.range.text == sample.place, "\(error.message)")
  }

  @Test func `a long list of alternatives is read in one go`() throws {
    let tests = (0..<30_000).map { "event.get(\"a\") == \"\($0)\"" }.joined(separator: " or ")
    let predicate = try PantherSample.predicate(Self.condition(tests))
    guard case .any(let parts) = predicate else {
      Issue.record("not a flat list")
      return
    }
    #expect(parts.count == 30_000)
  }

  @Test func `tests know their place`() throws {
    let reading = try PantherSample.reading(Self.condition("True and event.get(\"a\") == \"b\""))
    guard case .all(let parts)? = reading.rule?.body.predicates.first else {
      Issue.record("no conjunction")
      return
    }
    #expect(parts.compactMap { $0.origin.range?.text } == ["event.get(\"a\") == \"b\"", "event.get(\"a\") == \"b\""])
  }

  @Test(arguments: 0..<10) func `no bytes trap the reader`(_ block: UInt64) throws {
    var random = SeededRandom(seed: block)
    var written = RandomPredicate(seed: block, features: PantherRoundTripTests.exact)
    let junk = Array("()[]{}'\"\\#\n\t .,=<>!|:rfb0\u{0}é".utf8)
    for _ in 0..<40 {
      var bytes = Array(try PantherSample.rule(written.next()).utf8)
      bytes = Array("def rule(event):\n".utf8) + bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[at] = random.pick(junk)
        case 1: bytes.remove(at: at)
        case _: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
        }
      }
      let readings = PantherRuleReader.read(SourceFile(name: "x.py", bytes: bytes), in: ReadingContext())
      #expect(readings.count == 1)
      #expect(readings[0].rule != nil || !readings[0].diagnostics.isEmpty)
    }
  }
}
