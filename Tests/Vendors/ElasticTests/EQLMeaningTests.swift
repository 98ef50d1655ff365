import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing

@testable import Elastic

/// A query, an event, and whether the query holds.
struct EQLCase: Sendable, CustomTestStringConvertible {
  var query: String
  var event: EventValue
  var holds: Bool
  var why: String

  init(_ query: String, _ event: EventValue, _ holds: Bool, _ why: String = "") {
    self.query = query
    self.event = event
    self.holds = holds
    self.why = why
  }

  var testDescription: String { "\(query) on \(event.json): \(why)" }
}

@Suite struct EQLMeaningTests {
  static let start: EventValue = [
    "event": ["category": "process", "type": ["start", "info"]],
    "process": ["name": "Curl.exe", "args": ["-k", "https://x"], "pid": 12, "command_line": "curl -k a*b"],
  ]
  static let secret: EventValue = ["verb": "list", "code": 403, "flag": true, "ip": ["10.1.2.3", "::1"]]

  static let cases: [EQLCase] = [
    EQLCase("process where true", start, true, "the category"),
    EQLCase("Process where true", start, false, "letter by letter"),
    EQLCase("file where true", start, false),
    EQLCase("any where true", [:], true),
    EQLCase("any where false", start, false),
    EQLCase("\"process\" where true", start, true, "a category in quotes"),
    EQLCase("any where process.name == \"Curl.exe\"", start, true),
    EQLCase("any where process.name == \"curl.exe\"", start, false, "== is letter by letter"),
    EQLCase("any where process.name : \"curl.exe\"", start, true, ": ignores case"),
    EQLCase("any where process.name : \"CURL*\"", start, true, ": has wildcards"),
    EQLCase("any where process.name == \"Curl*\"", start, false, "== has none"),
    EQLCase("any where process.command_line == \"curl -k a*b\"", start, true, "a star is a star"),
    EQLCase("any where process.name like \"Curl.???\"", start, true),
    EQLCase("any where process.name like \"curl*\"", start, false),
    EQLCase("any where process.name like~ \"curl*\"", start, true),
    EQLCase("any where process.name like (\"a*\", \"C*\")", start, true),
    EQLCase("any where process.name in (\"a\", \"Curl.exe\")", start, true),
    EQLCase("any where process.name in (\"Curl*\")", start, false),
    EQLCase("any where process.name in~ (\"CURL.EXE\")", start, true),
    EQLCase("any where process.name not in (\"a\")", start, true),
    EQLCase("any where process.name not in (\"a\")", [:], true, "a missing field passes a negation"),
    EQLCase("any where verb != \"list\"", [:], true),
    EQLCase("any where not verb == \"list\"", [:], true),
    EQLCase("any where verb != \"get\"", ["verb": ["get", "list"]], false, "no value may pass"),
    EQLCase("any where verb == \"a\" and verb == \"b\"", ["verb": ["a", "b"]], true, "each test by itself"),
    EQLCase("any where code > 400 and code < 404", secret, true),
    EQLCase("any where 400 < code", secret, true, "a constant on the left"),
    EQLCase("any where code > 1 and code < 3", ["code": [0, 5]], true, "each range finds its own value"),
    EQLCase("any where not code > 400", [:], true),
    EQLCase("any where code in (1, 403, -7)", secret, true),
    EQLCase("any where code == -1", ["code": -1], true),
    EQLCase("any where code + 1 == 404", secret, true, "solved for the field"),
    EQLCase("any where 2 * code > 804", secret, true, "more than 402"),
    EQLCase("any where verb < \"m\"", secret, true),
    EQLCase("any where flag", secret, true),
    EQLCase("any where not flag", [:], true),
    EQLCase("any where flag == true", secret, true),
    EQLCase("any where flag != true", [:], true),
    EQLCase("any where verb == null", [:], true),
    EQLCase("any where ?verb == null", [:], true),
    EQLCase("any where null == verb", ["verb": nil], true),
    EQLCase("any where verb != null", secret, true),
    EQLCase("any where (code > 1) == null", [:], true),
    EQLCase("any where (code > 1) == false", [:], true),
    EQLCase("any where verb regex \"l.*\"", secret, true),
    EQLCase("any where verb regex \"l\"", secret, false, "the whole value"),
    EQLCase("any where verb regex (\"a\", \"[k-m]ist\")", secret, true),
    EQLCase("any where process.name regex~ \"curl.*\"", start, true),
    EQLCase("any where process.name regex~ \"[a-z]url.*\"", start, false, "but in ranges"),
    EQLCase("any where process.name regex~ \"[a-zA-Z]URL.*\"", start, true),
    EQLCase("any where verb regex \"\"\"l\\w+\"\"\"", secret, true),
    EQLCase("any where cidrMatch(ip, \"10.0.0.0/8\")", secret, true),
    EQLCase("any where cidrmatch(ip, \"192.168.0.0/16\", \"::/64\")", secret, true),
    EQLCase("any where cidrMatch(ip, \"10.1.2.99/24\") == true", secret, true, "bits behind the prefix are dropped"),
    EQLCase("any where startsWith(process.name, \"Cu\")", start, true),
    EQLCase("any where startsWith(process.name, \"cu\")", start, false),
    EQLCase("any where startsWith~(process.name, \"cu\")", start, true),
    EQLCase("any where endsWith(process.name, \".exe\")", start, true),
    EQLCase("any where stringContains~(process.name, \"RL\")", start, true),
    EQLCase("any where wildcard(process.name, \"C*\", \"D*\")", start, true),
    EQLCase("any where length(process.name) == 8", start, true),
    EQLCase("any where length(missing) >= 0", start, false),
    EQLCase("any where string(code) : \"40*\"", secret, true),
    EQLCase("any where string(startsWith(verb, \"l\")) : \"TRUE\"", secret, true),
    EQLCase("any where number(code) == 403", ["code": "403"], true),
    EQLCase("any where substring(process.name, -4) : \".EXE\"", start, true),
    EQLCase("any where substring(process.name, 0, 4) == \"Curl\"", start, true),
    EQLCase("any where substring(process.name, 1, 3) == \"ur\"", start, true),
    EQLCase("any where substring(verb, 1) == \"ist\"", secret, true),
    EQLCase("any where concat(verb, \":\", \"x\") == \"list:x\"", secret, true),
    EQLCase("any where concat(verb, verb) == \"listlist\"", secret, true),
    EQLCase("any where indexOf(verb, \"st\") > -1", secret, true),
    EQLCase("any where indexOf(verb, \"li\") == 0", secret, true),
    EQLCase("any where indexOf(verb, \"l\", 1) > 0", secret, false),
    EQLCase("any where `process.name` : \"curl.exe\"", start, true, "a name in backticks"),
    EQLCase("any where process.`name` : \"curl.exe\"", start, true),
    EQLCase("any where \"list\" in (verb, other)", secret, true),
    EQLCase("any where verb == \"li\\u{0073}t\"", secret, true),
    EQLCase("any where verb == \"\"\"list\"\"\"", secret, true),
    EQLCase("any where /* a comment */ verb == \"list\" // and another", secret, true),
    EQLCase("any where not not not not verb == \"list\"", secret, true),
    EQLCase("any where verb == \"a\" or verb == \"list\" and code == 1", secret, false, "and binds tighter"),
    EQLCase("any where not verb == \"a\" and code == 403", secret, true, "not binds tightest"),
    EQLCase("any where verb : \"*\"", [:], false, "any text, not none"),
  ]

  @Test(arguments: cases)
  func `A query holds of an event or does not`(one: EQLCase) throws {
    let body = try EQL.parse(Passage(name: "q.eql", text: one.query)).body
    guard case .predicate(let predicate) = body else {
      Issue.record("\(body)")
      return
    }
    #expect(try TreeMatcher(predicate).matches(one.event) == one.holds)
  }

  @Test func `Every test knows its place`() throws {
    let text = "process where process.name : (\"a*\", \"b\") and not length(x) > 3"
    guard case .predicate(.all(let parts)) = try EQL.parse(Passage(name: "q.eql", text: text)).body else {

      Issue.record("no conjunction")
      return
    }
    #expect(parts.map { $0.origin.range?.text } == ["process", "\"a*\"", "length(x) > 3"])
  }

  // MARK: Sequences

  private func sequence(_ query: String) throws -> EventSequence? {
    guard case .sequence(let sequence) = try EQL.parse(Passage(name: "q.eql", text: query)).body else { return nil }
    return sequence
  }

  @Test func `A sequence has steps, keys, a span and an end`() throws {
    let sequence = try #require(
      try sequence(
        """
        sequence by host.id with maxspan=5m
          [process where process.name == "a"] by process.pid with runs=2
          [network where true] by process.parent.pid
        until [process where event.type == "end"] by process.pid
        """))
    func keys(_ name: String) -> [FieldPath] { [FieldPath(named: "host.id"), FieldPath(named: name)] }
    #expect(sequence.ordering == .ordered)
    #expect(sequence.span == .minutes(5))
    #expect(sequence.steps.map(\.joinedBy) == [keys("process.pid"), keys("process.pid"), keys("process.parent.pid")])
    #expect(sequence.steps[0] == sequence.steps[1])
    #expect(sequence.until?.joinedBy == keys("process.pid"))
  }

  @Test(arguments: [
    ("sequence with maxspan=1s [a where true] ![b where true] [c where true]", "a missing event in a sequence"),
    ("sequence by ?x [a where true] [b where true]", "an optional field to join by"),
    ("sequence with maxspan=500ms [a where true] [b where true]", "a span of milliseconds"),
    ("sample by x [a where true] [b where true]", "a sample"),
    ("join [a where true] [b where true]", "a join"),
    ("any where between(a, \"x\", \"y\") == \"z\"", "the function between"),
    ("any where a + b > 3", "arithmetic"),
    ("any where a / 2 == 3", "arithmetic"),
    ("any where 2 * a > 801", "arithmetic"),
    ("any where a == 30 / 4.0", "arithmetic"),
    ("any where number(a, 16) == 3", "number in another base"),
    ("process where descendant of [process where true]", "'descendant of'"),
    ("any where true | unique x", "the pipe 'unique'"),
    ("any where match(a, \"b\")", "Endgame's function match"),
  ])
  func `What is not modelled keeps its text and a reason`(query: String, reason: String) throws {
    guard case .unmodelled(let rest) = try EQL.parse(Passage(name: "q.eql", text: query)).body else {

      Issue.record("modelled")
      return
    }
    #expect(rest.reason == reason)
    #expect(rest.text == query)
  }

  @Test func `What was understood of a query is what all its events satisfy`() throws {
    let text = "process where a == \"x\" and b * c > 3 and (d == 1 or e / 2 == 1)"
    guard case .unmodelled(let rest) = try EQL.parse(Passage(name: "q.eql", text: text)).body else {

      Issue.record("modelled")
      return
    }
    let understood = try #require(rest.understood)
    #expect(
      PredicateOutline(.terse).text(of: understood) == """
        all
          ["event.category"] = "process"
          a = "x"
        """)
  }

  @Test func `Head and tail bound what is shown`() throws {
    let reading = try EQL.parse(Passage(name: "q.eql", text: "any where true | head 5 | tail 1"))
    #expect(reading.body == .predicate(.always))
    #expect(reading.warnings.map(\.code) == [.ignoredStage, .ignoredStage])
  }
}
