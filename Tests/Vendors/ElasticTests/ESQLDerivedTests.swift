import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing

@testable import Elastic

/// Columns that commands make of texts: what is decoded, replaced, taken out and counted.
@Suite struct ESQLDerivedTests {
  /// The commands stand where a condition does there.
  typealias Row = ESQLMeaningTests.Row

  static let rows: [Row] = [
    Row(
      #"| WHERE URL_DECODE(uri) LIKE "*/etc/passwd*""#,
      fires: [["uri": "/x?f=%2Fetc%2fpasswd"], ["uri": "/etc/passwd"]],
      isSilent: [
        ["uri": "%2Fetc%2Fshadow"], ["uri": "/etc/passwd%2"], ["uri": "/etc/passwd%zz"], [:],
        ["uri": ["/etc/passwd", "b"]],
      ]),
    Row(
      #"| WHERE NOT URL_DECODE(uri) LIKE "*/etc*""#, fires: [["uri": "a+b"]],
      isSilent: [["uri": "%2Fetc"], ["uri": "%"], [:]]),
    Row(
      #"| EVAL d = TO_LOWER(URL_DECODE(uri)) | WHERE d == "a b""#, fires: [["uri": "A+B"], ["uri": "a%20b"]],
      isSilent: [["uri": "a%2Bb"]]),
    Row(
      #"| WHERE FROM_BASE64(body) RLIKE ".*(nc -e|bash).*""#, fires: [["body": "bmMgLWUgc2g="], ["body": "YmFzaA"]],
      isSilent: [["body": "bmMgLWUgc2g=="], ["body": "zz zz"], ["body": "eA"], [:]]),
    Row(
      #"| EVAL c = REPLACE(a, "(x+)(y)", "$2-") | WHERE c == "ay-b""#, fires: [["a": "axxyb"], ["a": "ay-b"]],
      isSilent: [["a": "axb"], [:]]),
    Row(
      #"| GROK uri "%{DATA}/exec\\?%{DATA:raw}&(?:container|stdin)=%{GREEDYDATA}" | EVAL cmd = REPLACE(raw, "command=", "") | WHERE cmd RLIKE ".*curl.*""#,
      fires: [["uri": "/pods/a/exec?command=curl&command=x&stdin=true"]],
      isSilent: [["uri": "/pods/a/exec?command=curl"], ["uri": "/pods/a/log?curl&stdin=1"], [:]]),
    Row(
      #"| GROK a "(?<id>[0-9]+)(-(?<rest>[a-z]+))?" | WHERE rest == "b""#, fires: [["a": "7-b"]],
      isSilent: [["a": "7"], ["a": "x"], [:]]),
    Row(
      #"| GROK name "(?<parent>[^.]+\\.[^.]+)$" | EVAL p = COALESCE(parent, name) | WHERE p IN ("evil.com", "local")"#,
      fires: [["name": "x.y.evil.com"], ["name": "local"]], isSilent: [["name": "evil.org"], [:]]),
    Row(
      #"| DISSECT p "{%{?k}=%{v}, %{}=%{q}}" | WHERE v == "ec2" AND q == "L-1""#,
      fires: [["p": "{serviceCode=ec2, quotaCode=L-1}"], ["p": "{a=ec2, b=L-1}, and more"]],
      isSilent: [["p": "serviceCode=ec2, quotaCode=L-1}"], ["p": "{serviceCode=ec2, quotaCode=L-1"], [:]]),
    Row(
      #"| DISSECT p "%{a->} %{b}" | WHERE b == "y z""#, fires: [["p": "x   y z"]], isSilent: [["p": "xy"], [:]]),
    Row(
      #"| EVAL t = REPLACE(s, "[a-z]`[a-z]", "\#u{1F525}") | EVAL n = LENGTH(t) - LENGTH(REPLACE(t, "\#u{1F525}", "")) | WHERE n >= 2"#,
      fires: [["s": "a`b c`d"], ["s": "a`b \u{1F525}"]], isSilent: [["s": "a`b"], ["s": "`"], [:]]),
    Row(
      #"| WHERE MATCH(name, "svc.exe", {"fuzziness": 1})"#,
      fires: [["name": "svc.exe"], ["name": "svcc.exe"], ["name": "vsc.exe"], ["name": "sv.exe"], ["name": "svx.exe"]],
      isSilent: [["name": "svvcc.exe"], ["name": "s.exe"], [:]]),
    Row(
      #"| WHERE MATCH(message::STRING, "a text")"#, fires: [["message": "a text"]], isSilent: [["message": "text"]]),
    Row(#"| WHERE TRIM(a) == "x""#, fires: [["a": " x\n"], ["a": "x"]], isSilent: [["a": "x y"], [:]]),
    Row("| WHERE LENGTH(URL_DECODE(a)) > 2", fires: [["a": "%41%42%43"]], isSilent: [["a": "%41"], ["a": "%%%"], [:]]),
    Row("| GROK a \"%{WORD:w}\" | WHERE w IS NULL", fires: [["a": "--"], [:]], isSilent: [["a": "- x"]]),
  ]

  private static func predicate(_ text: String) throws -> Predicate {
    let reading = try ESQL.parse(Passage(text: text))
    guard case .predicate(let predicate) = reading.body else {
      Issue.record("\(reading.body)")
      return .never
    }
    return predicate
  }

  @Test(arguments: rows)
  func `A made column has its documented value`(row: Row) throws {
    let matcher = try TreeMatcher(Self.predicate("FROM logs-* \(row.condition)"))
    for event in row.fires { #expect(try matcher.matches(event), "\(event.json)") }
    for event in row.isSilent { #expect(try !matcher.matches(event), "\(event.json)") }
  }

  @Test(arguments: rows)
  func `What is written back makes the same columns`(row: Row) throws {
    let first = try Self.predicate("FROM logs-* \(row.condition)")
    let written = try ESQL.write(Rule(body: .predicate(first)), for: TargetSchema())
    let matcher = try TreeMatcher(Self.predicate(written.text))
    for event in row.fires { #expect(try matcher.matches(event), "\(event.json) \(written.text)") }
    for event in row.isSilent { #expect(try !matcher.matches(event), "\(event.json) \(written.text)") }
  }

  @Test(arguments: [
    ("| GROK a \"%{HTTPDATE:b}\" | WHERE b == \"x\"", "a column of GROK"),
    ("| GROK a \"%{INT:b:int}\" | WHERE b == 1", "a column of GROK"),
    ("| GROK a \"%{WORD:b} %{WORD:b}\" | WHERE b == \"x\"", "a column of GROK"),
    ("| GROK a \"\\\\h(?<b>x)\" | WHERE b == \"x\"", "a column of GROK"),
    ("| DISSECT a \"%{+b} %{+b}\" | WHERE b == \"x\"", "a column of DISSECT"),
    ("| GROK a \"(?<b>x)\" | GROK c \"(?<d>x)\" | WHERE b != d", "a comparison of two changed columns"),
    ("| WHERE MATCH(a, \"x\", {\"fuzziness\": \"AUTO\"})", "the option fuzziness of MATCH"),
  ])
  func `What is not modelled says so`(commands: String, reason: String) throws {
    let reading = try ESQL.parse(Passage(text: "FROM logs-* \(commands)"))
    guard case .unmodelled(let rest) = reading.body else {
      Issue.record("\(reading.body)")
      return
    }
    #expect(rest.reason == reason)
  }
}
