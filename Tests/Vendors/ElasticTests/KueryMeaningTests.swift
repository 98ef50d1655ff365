import Matcher
import RuleIR
import SourceText
import Testing

@testable import Elastic

/// A query, an event, and whether the query holds.
struct KueryCase: Sendable, CustomTestStringConvertible {
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

@Suite struct KueryMeaningTests {
  static let secret: EventValue = ["verb": "list", "objectRef": ["resource": "secrets"], "code": 200]

  static let kibana: [KueryCase] = [
    KueryCase("", secret, true, "an empty query holds always"),
    KueryCase(" \t\r\n\u{A0} ", secret, true, "spaces are no query"),
    KueryCase("*", secret, true),
    KueryCase("*:*", secret, true),
    KueryCase("*:*", [:], true),
    KueryCase("verb:list", secret, true),
    KueryCase("verb : list", secret, true, "spaces around the colon"),
    KueryCase("verb:LIST", secret, false, "letter by letter"),
    KueryCase("VERB:list", secret, false, "names too"),
    KueryCase("objectRef.resource:\"secrets\"", secret, true),
    KueryCase("verb:get", secret, false),
    KueryCase("not verb:get", [:], true, "a missing field passes a negation"),
    KueryCase("NOT verb:get AND code:200", secret, true, "keywords in any case"),
    KueryCase("verb:(not get)", [:], true),
    KueryCase("verb:(* and not get)", [:], false, "present and not"),
    KueryCase("verb:(* and not (get or watch))", secret, true),
    KueryCase("verb:(get or list)", secret, true),
    KueryCase("verb:(get and list)", ["verb": ["get", "list"]], true, "each finds its own value"),
    KueryCase("verb:(get and list)", ["verb": "list"], false),
    KueryCase("verb:list", ["verb": ["get", "list"]], true, "any value is enough"),
    KueryCase("not verb:list", ["verb": ["get", "list"]], false, "no value may pass"),
    KueryCase("code >= 200 and code < 300", secret, true),
    KueryCase("code>199", secret, true),
    KueryCase("code > 200", secret, false),
    KueryCase("code <= 200", secret, true),
    KueryCase("n > 1 and n < 3", ["n": [0, 5]], true, "each range finds its own value"),
    KueryCase("verb < m", secret, true, "texts in their order"),
    KueryCase("code:200", secret, true, "a number as it is spelled"),
    KueryCase("code:200", ["code": "200"], true, "or a text"),
    KueryCase("code:\"200\"", secret, true),
    KueryCase("a:true", ["a": true], true),
    KueryCase("a:true", ["a": "true"], true),
    KueryCase("a:false", ["a": true], false),
    KueryCase("a:null", ["a": nil], false, "null is no value"),
    KueryCase("not a:null", ["a": nil], true),
    KueryCase("a:\"null\"", ["a": "null"], true),
    KueryCase("a:*", ["a": ""], true, "an empty text is a value"),
    KueryCase("a:*", ["a": nil], false),
    KueryCase("a:*", ["a": []], false),
    KueryCase("a:*", ["b": 1], false),
    KueryCase("a:x*", ["a": "xyz"], true),
    KueryCase("a:*z", ["a": "xyz"], true),
    KueryCase("a:*y*", ["a": "xyz"], true),
    KueryCase("a:x*z", ["a": "xyz"], true),
    KueryCase("a:X*", ["a": "xyz"], false),
    KueryCase("a:\"x*\"", ["a": "xyz"], false, "a quoted star is a star"),
    KueryCase("a:\"x*\"", ["a": "x*"], true),
    KueryCase("a:x\\*", ["a": "x*"], true),
    KueryCase("a:x\\*", ["a": "xyz"], false),
    KueryCase("a:x?z", ["a": "xyz"], false, "a question mark is no wildcard"),
    KueryCase("a:x?z", ["a": "x?z"], true),
    KueryCase("a:foo bar", ["a": "foo bar"], true, "an unquoted value goes over spaces"),
    KueryCase("a:foo  bar", ["a": "foo  bar"], true, "and keeps them"),
    KueryCase("a: foo bar ", ["a": "foo bar"], true, "but for its ends"),
    KueryCase("a:foo\nbar*", ["a": "foo\nbarred"], true, "line ends too"),
    KueryCase("a:foo or", ["a": "foo or"], true, "no space, no keyword"),
    KueryCase("or bar", ["a": "or bar"], true, "a keyword cannot come first"),
    KueryCase("a:(foo \\or bar)", ["a": "foo or bar"], true, "an escaped keyword"),
    KueryCase("a:foo\\not", ["a": "foo\not"], true, "a line feed and 'ot'"),
    KueryCase("a:C\\:\\\\Windows\\\\*", ["a": "C:\\Windows\\x"], true),
    KueryCase("a:\"C:\\\\x\"", ["a": "C:\\x"], true),
    KueryCase("a:\"C:\\x\"", ["a": "C:\\x"], true, "a lone backslash stands for itself"),
    KueryCase("a:\"say \\\"hi\\\"\"", ["a": "say \"hi\""], true),
    KueryCase("a:\"\\u0041\\t\"", ["a": "A\t"], true),
    KueryCase("a:\\u0041*", ["a": "AB"], true),
    KueryCase("a:\"\\ud83d\\ude00\"", ["a": "😀"], true, "a surrogate pair"),
    KueryCase("a:http\\://x/*", ["a": "http://x/y"], true, "no comment"),
    KueryCase("a:\"http://x\"", ["a": "http://x"], true),
    KueryCase("a:\"10.0.0.0/8\"", ["a": "10.1.2.3"], true, "a block of addresses"),
    KueryCase("a:10.9.9.9/8", ["a": "10.1.2.3"], true, "bits behind the prefix do not count"),
    KueryCase("a:\"10.0.0.0/8\"", ["a": "11.1.2.3"], false),
    KueryCase("a:\"10.0.0.0/8\"", ["a": "10.0.0.0/8"], true, "or just this text"),
    KueryCase("a:\"2001:db8::/32\"", ["a": "2001:db8::1"], true),
    KueryCase("a:(* and not 127.0.0.1)", ["a": ["1.1.1.1", "127.0.0.1"]], false),
    KueryCase("a:1 and b:1 or c:1", ["c": 1], true, "'and' binds tighter"),
    KueryCase("a or b:1 and c:1", ["b": 1, "c": 1], true),
    KueryCase("(a:1 or b:1) and c:1", ["a": 1], false),
    KueryCase("not a:1 or b:1", ["a": 1, "b": 1], true, "'not' binds tightest"),
    KueryCase("not (a:1 or b:1)", ["b": 1], false),
    KueryCase("curl", ["a": ["b": "curl"]], true, "anywhere"),
    KueryCase("curl", ["curl": 1], false, "but not in a name"),
    KueryCase("*url", ["a": "curl"], true),
    KueryCase("\"curl x\"", ["a": "curl x"], true),
    KueryCase("403", ["a": 403], true),
    KueryCase("not curl", ["a": "wget"], true),
    KueryCase("*:curl", ["a": "curl"], true),
    KueryCase("n:{x:1 and y:2}", ["n": [["x": 1, "y": 3], ["x": 9, "y": 2]]], false, "in one element"),
    KueryCase("n:{ x:1 and y:3 }", ["n": [["x": 1, "y": 3], ["x": 9, "y": 2]]], true),
    KueryCase("n:{x:1 or y:7}", ["n": [["x": 1]]], true),
    KueryCase("n:{not x:1}", ["n": [["x": 1], ["x": 2]]], true, "some element is not"),
    KueryCase("n:{not x:1}", [:], false, "and there must be one"),
    KueryCase("n:{ m:{ x:1 and y:1 } }", ["n": ["m": [["x": 1, "y": 1]]]], true),
    KueryCase("n.x:1 and n.y:2", ["n": [["x": 1, "y": 3], ["x": 9, "y": 2]]], true, "outside, pairs are lost"),
    KueryCase("t.*.name:guest", ["t": ["0": ["name": "guest"]]], true, "a wildcard in a name"),
    KueryCase("t.*.name:guest", ["t": ["0": ["alias": "guest"]]], false),
    KueryCase("hash.*:*", ["hash": ["md5": "x"]], true),
    KueryCase("annotations.*decision:allow", ["annotations": ["authorization_k8s_io/decision": "allow"]], true),
    KueryCase("\"a b\":1", ["a b": 1], true, "a quoted name"),
    KueryCase("a b:1", ["a b": 1], true, "or one with a space"),
    KueryCase("a\\:b:1", ["a:b": 1], true),
    KueryCase("or:1", ["or": 1], true, "a keyword as a name"),
    KueryCase("not:1", ["not": 1], true),
    KueryCase("a.b:1", ["a": ["b": 1]], true),
    KueryCase("a.b:1", ["a.b": 1], true, "a dotted key"),
    KueryCase("_exists_:a", ["a": 1], false, "Lucene's test is a field here"),
  ]

  @Test func `Kibana's queries mean what its documentation says`() throws {
    try check(Self.kibana, .kibana)
  }

  static let server: [KueryCase] = [
    KueryCase("a:1 and b:1 or c:1", ["c": 1], false, "'a and (b or c)'"),
    KueryCase("a:1 and b:1 or c:1", ["a": 1, "c": 1], true),
    KueryCase("a:1 or b:1 and c:1", ["a": 1], true),
    KueryCase("a:1 and b:1 and c:1 or d:1", ["a": 1, "b": 1, "d": 1], true),
    KueryCase("a:1 and b:1 and c:1 or d:1", ["d": 1], false),
    KueryCase("not a:1 and b:1", ["b": 1], true, "'(not a) and b'"),
    KueryCase("not not a:1", ["a": 1], true, "repeated"),
    KueryCase("a:foo   bar", ["a": "foo bar"], true, "one space for several"),
    KueryCase("a:cannot x", ["a": "cannot x"], true, "words are whole"),
    KueryCase("a:x\u{3000}and\u{3000}b:1", ["a": "x", "b": 1], true, "U+3000 is a space"),
    KueryCase("not a:x", [:], true, "two truth values"),
  ]

  @Test func `The server's queries mean what its grammar says`() throws {
    try check(Self.server, .server)
  }

  private func check(_ cases: [KueryCase], _ flavour: Kuery.Flavour) throws {
    try #require(!cases.isEmpty)
    for example in cases {
      let predicate: Predicate
      do throws(Diagnostic) {
        predicate = try Kuery.parse(Passage(text: example.query), flavour: flavour)
      } catch {
        Issue.record("\(example.testDescription): \(error.message)")
        continue
      }
      let holds = try TreeMatcher(predicate).matches(example.event)
      #expect(holds == example.holds, "\(example.testDescription)")
    }
  }

  @Test func `A test knows where it stands, from its field to its value`() throws {
    let passage = Passage(text: "a:1 and verb:(get or \"list\") and n:{ x >= 3 } and not b : *")
    let predicate = try Kuery.parse(passage, flavour: .kibana)
    #expect(predicate.places == ["a:1", "get", "\"list\"", "x >= 3", "b : *"])
  }

  @Test func `A long list is flat`() throws {
    let values = (0..<50_000).map { "v\($0)" }.joined(separator: " or ")
    let predicate = try Kuery.parse(Passage(text: "a:(\(values))"), flavour: .kibana)
    guard case .any(let parts) = predicate else {
      Issue.record("not a disjunction")
      return
    }
    #expect(parts.count == 50_000)
  }
}

extension Predicate {
  /// The text of every test, in order.
  var places: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.places)
    case .not(let inner): inner.places
    case .some(let test), .every(let test): test.predicate.places
    case .presence(let test): [test.origin.range?.text ?? ""]
    case .field(let test): [test.origin.range?.text ?? ""]
    case .anyField(let test): [test.origin.range?.text ?? ""]
    case .rawTerm(let test): [test.origin.range?.text ?? ""]
    }
  }
}
