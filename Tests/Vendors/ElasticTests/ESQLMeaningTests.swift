import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing

@testable import Elastic

/// What conditions say of events: the value that decides, null, several values, other types.
@Suite struct ESQLMeaningTests {
  struct Row: CustomTestStringConvertible, Sendable {
    var condition: String
    var fires: [EventValue]
    var isSilent: [EventValue]
    var testDescription: String { condition }

    init(_ condition: String, fires: [EventValue], isSilent: [EventValue]) {
      self.condition = condition
      self.fires = fires
      self.isSilent = isSilent
    }
  }

  static let comparisons: [Row] = [
    Row(
      #"verb == "list""#, fires: [["verb": "list"], ["verb": ["list", "list"]], ["verb": ["list", nil]]],
      isSilent: [[:], ["verb": nil], ["verb": "List"], ["verb": ["get", "list"]], ["verb": []]]),
    Row(
      #"NOT verb == "list""#, fires: [["verb": "get"], ["verb": ""]],
      isSilent: [[:], ["verb": nil], ["verb": "list"], ["verb": ["get", "watch"]]]),
    Row(#"verb != "list""#, fires: [["verb": "get"]], isSilent: [[:], ["verb": "list"], ["verb": ["get", "watch"]]]),
    Row(#"verb != "list" OR verb IS NULL"#, fires: [[:], ["verb": "get"]], isSilent: [["verb": ["get", "watch"]]]),
    Row(#""list" == verb"#, fires: [["verb": "list"]], isSilent: [["verb": "get"]]),
    Row(#"code == "403""#, fires: [["code": "403"], ["code": 403]], isSilent: [["code": 404]]),
    Row("code >= 400", fires: [["code": 400], ["code": 503]], isSilent: [["code": 399], [:], ["code": [400, 500]]]),
    Row("NOT code >= 400", fires: [["code": 200]], isSilent: [["code": 400], [:], ["code": [200, 201]]]),
    Row("400 < code", fires: [["code": 401]], isSilent: [["code": 400]]),
    Row("code == -1", fires: [["code": -1]], isSilent: [["code": 1]]),
    Row("code::double == 403", fires: [["code": 403], ["code": "403.0"]], isSilent: [["code": "x"], [:]]),
    Row("NOT TO_DOUBLE(code) == 403", fires: [["code": 404], ["code": "1"]], isSilent: [["code": "x"], [:]]),
    Row(#"verb < "m""#, fires: [["verb": "list"], ["verb": "M"]], isSilent: [["verb": "patch"], [:]]),
    Row("a == b", fires: [["a": "x", "b": "x"]], isSilent: [["a": "x", "b": "y"], ["a": "x"], [:]]),
    Row("a != b", fires: [["a": "x", "b": "y"]], isSilent: [["a": "x", "b": "x"], ["a": "x"], [:]]),
    Row("TO_LOWER(a) == TO_LOWER(b)", fires: [["a": "X", "b": "x"]], isSilent: [["a": "X", "b": "y"]]),
    Row("hostNetwork", fires: [["hostNetwork": true]], isSilent: [["hostNetwork": false], [:]]),
    Row("NOT hostNetwork", fires: [["hostNetwork": false]], isSilent: [["hostNetwork": true], [:]]),
    Row("hostNetwork == false", fires: [["hostNetwork": false]], isSilent: [["hostNetwork": true], [:]]),
    Row("verb == null", fires: [], isSilent: [["verb": "list"], [:]]),
    Row("NOT verb == null", fires: [], isSilent: [["verb": "list"], [:]]),
    Row("true", fires: [[:]], isSilent: []),
    Row("1 + 1 == 2 AND NOT 2 * 3 > 6", fires: [[:]], isSilent: []),
  ]

  static let membership: [Row] = [
    Row(
      #"verb IN ("get", "list")"#, fires: [["verb": "list"], ["verb": "get"]],
      isSilent: [["verb": "watch"], [:], ["verb": ["get", "list"]]]),
    Row(#"verb NOT IN ("get", "list")"#, fires: [["verb": "watch"]], isSilent: [["verb": "get"], [:]]),
    Row(#"verb IN ("get", null)"#, fires: [["verb": "get"]], isSilent: [["verb": "watch"], [:]]),
    Row(#"NOT verb IN ("get", null)"#, fires: [], isSilent: [["verb": "get"], ["verb": "watch"], [:]]),
    Row(#""x" IN (a, b)"#, fires: [["a": "x"], ["b": "x", "a": "y"]], isSilent: [["a": "y", "b": "y"], [:]]),
    Row(#"NOT "x" IN (a, b)"#, fires: [["a": "y", "b": "y"]], isSilent: [["a": "y"], ["b": "x", "a": "y"]]),
    Row("code in (401, 403)", fires: [["code": 403]], isSilent: [["code": 404]]),
  ]

  static let patterns: [Row] = [
    Row(
      #"agent LIKE "kube*""#, fires: [["agent": "kubectl/v1"], ["agent": "kube"]],
      isSilent: [["agent": "Kubectl"], ["agent": "xkube"], [:], ["agent": ["kubectl", "kubelet"]]]),
    Row(#"agent NOT LIKE "kube*""#, fires: [["agent": "curl"]], isSilent: [["agent": "kubectl"], [:]]),
    Row(
      #"agent LIKE ("curl*", "wge?")"#, fires: [["agent": "curl/7"], ["agent": "wget"]], isSilent: [["agent": "wg"]]),
    Row(#"agent LIKE "a\\*b""#, fires: [["agent": "a*b"]], isSilent: [["agent": "axb"]]),
    Row(#"agent LIKE """a\?b""""#, fires: [["agent": "a?b"]], isSilent: [["agent": "axb"]]),
    Row(#"agent LIKE "*""#, fires: [["agent": ""], ["agent": ["a", "b"]]], isSilent: [[:], ["agent": nil]]),
    Row(
      #"NOT agent LIKE ("*", "x")"#, fires: [[:], ["agent": []]], isSilent: [["agent": "x"], ["agent": ["a", "b"]]]),
    Row(#"agent RLIKE ".*""#, fires: [["agent": ["a", "b"]]], isSilent: [[:]]),
    Row(#"agent RLIKE "(@)""#, fires: [["agent": ["a", "b"]]], isSilent: [[:]]),
    Row(#"agent RLIKE "v[0-9]+""#, fires: [["agent": "v12"]], isSilent: [["agent": "xv12"], ["agent": "v12x"]]),
    Row(#"agent NOT RLIKE """v\d+""""#, fires: [["agent": "x"]], isSilent: [["agent": "v1"], [:]]),
    Row(#"agent RLIKE ("a.*", "b.*")"#, fires: [["agent": "bx"]], isSilent: [["agent": "c"]]),
    Row(#"STARTS_WITH(agent, "kube")"#, fires: [["agent": "kubectl"]], isSilent: [["agent": "xkube"], [:]]),
    Row(#"NOT STARTS_WITH(agent, "kube")"#, fires: [["agent": "curl"]], isSilent: [["agent": "kubectl"], [:]]),
    Row(#"ENDS_WITH(agent, "*") AND CONTAINS(agent, "?")"#, fires: [["agent": "a?*"]], isSilent: [["agent": "ab"]]),
    Row("STARTS_WITH(a, b)", fires: [["a": "xy", "b": "x"]], isSilent: [["a": "xy", "b": "y"], ["a": "x"]]),
    Row("STARTS_WITH(a, null)", fires: [], isSilent: [["a": "x"]]),
    Row(
      #"CONCAT("<", verb, "-x>") LIKE "<l*x>""#, fires: [["verb": "list"], ["verb": "l"]],
      isSilent: [["verb": "get"], [:], ["verb": ["l", "li"]]]),
    Row(#"CONCAT(verb, "s") == "gets""#, fires: [["verb": "get"]], isSilent: [["verb": "gets"]]),
    Row(#"CONCAT(verb, "ab") LIKE "?*b""#, fires: [["verb": ""], ["verb": "x"]], isSilent: [[:]]),
  ]

  static let functions: [Row] = [
    Row(
      #"TO_LOWER(verb) == "list""#, fires: [["verb": "LIST"], ["verb": "list"]],
      isSilent: [["verb": "get"], [:], ["verb": ["LIST", "get"]]]),
    Row(#"TO_LOWER(verb) == "List""#, fires: [], isSilent: [["verb": "list"], ["verb": "List"]]),
    Row(#"NOT TO_LOWER(verb) == "List""#, fires: [["verb": "list"]], isSilent: [[:]]),
    Row(#"TO_UPPER(verb) IN ("GET", "list")"#, fires: [["verb": "get"]], isSilent: [["verb": "list"]]),
    Row(#"TO_UPPER(verb) LIKE ("G*", "l*")"#, fires: [["verb": "get"]], isSilent: [["verb": "list"]]),
    Row(#"TO_LOWER(verb) LIKE "*""#, fires: [["verb": ["A", "b"]]], isSilent: [[:]]),
    Row(#"TO_LOWER(verb) RLIKE "l[a-z]+""#, fires: [["verb": "LIST"]], isSilent: [["verb": "l1"], ["verb": "get"]]),
    Row(#"TO_LOWER(verb) RLIKE "L.*|g.*""#, fires: [["verb": "GET"]], isSilent: [["verb": "list"], ["verb": "LIST"]]),
    Row(#"TO_STRING(code) == "403""#, fires: [["code": 403], ["code": "403"]], isSilent: [["code": 404], [:]]),
    Row(#"code::string LIKE "4*""#, fires: [["code": 403]], isSilent: [["code": 500]]),
    Row("LENGTH(verb) > 3", fires: [["verb": "list"]], isSilent: [["verb": "get"], [:], ["verb": ["list", "watch"]]]),
    Row("MV_COUNT(groups) > 1", fires: [["groups": ["a", "b"]]], isSilent: [["groups": "a"], [:]]),
    Row("NOT MV_COUNT(groups) > 1", fires: [["groups": "a"]], isSilent: [["groups": ["a", "b"]], [:]]),
    Row("COALESCE(MV_COUNT(groups), 0) == 0", fires: [[:], ["groups": []]], isSilent: [["groups": "a"]]),
    Row("MV_COUNT(MV_DEDUPE(groups)) == 1", fires: [["groups": [1, 1]]], isSilent: [["groups": [1, 2]], [:]]),
    Row("MV_COUNT(MV_DEDUPE(groups)) > 1", fires: [["groups": [1, 2]]], isSilent: [["groups": [1, 1]], [:]]),
    Row("MV_MAX(codes) >= 400", fires: [["codes": [200, 500]]], isSilent: [["codes": [200, 201]], [:]]),
    Row("MV_MAX(codes) < 400", fires: [["codes": [200, 201]]], isSilent: [["codes": [200, 500]], [:]]),
    Row("MV_MIN(codes) < 300", fires: [["codes": [200, 500]]], isSilent: [["codes": [400]], [:]]),
    Row(
      #"MV_CONTAINS(groups, "admin")"#, fires: [["groups": ["x", "admin"]], ["groups": "admin"]],
      isSilent: [["groups": "x"], [:]]),
    Row(#"NOT MV_CONTAINS(groups, "admin")"#, fires: [["groups": "x"], [:]], isSilent: [["groups": ["x", "admin"]]]),
    Row(#"MV_CONTAINS(groups, ["a", "b"])"#, fires: [["groups": ["b", "c", "a"]]], isSilent: [["groups": "a"], [:]]),
    Row("MV_CONTAINS(groups, null)", fires: [[:], ["groups": "a"]], isSilent: []),
    Row(#"MV_CONTAINS(TO_LOWER(groups), "admin")"#, fires: [["groups": ["x", "ADMIN"]]], isSilent: [["groups": "x"]]),
    Row(
      #"MV_CONTAINS(["a", "b"], groups)"#, fires: [["groups": ["a", "b"]], [:]], isSilent: [["groups": ["a", "c"]]]),
    Row(
      #"MV_CONCAT(TO_LOWER(groups), "\n") LIKE "*masters*""#, fires: [["groups": ["x", "system:Masters"]]],
      isSilent: [["groups": ["mas", "ters"]], [:]]),
    Row(
      #"CIDR_MATCH(ip, "10.0.0.0/8", "::1/128")"#, fires: [["ip": "10.1.2.3"], ["ip": "::1"]],
      isSilent: [["ip": "11.0.0.1"], [:], ["ip": ["10.0.0.1", "10.0.0.2"]]]),
    Row(#"NOT CIDR_MATCH(ip, "10.0.0.0/8")"#, fires: [["ip": "11.0.0.1"]], isSilent: [["ip": "10.0.0.1"], [:]]),
    Row(#"NOT CIDR_MATCH(TO_IP(ip), "10.0.0.0/8")"#, fires: [["ip": "11.0.0.1"]], isSilent: [["ip": "x"], [:]]),
    Row(
      #"DATE_EXTRACT("HOUR_OF_DAY", at) < 6"#, fires: [["at": "2026-01-01T05:00:00Z"]],
      isSilent: [["at": "2026-01-01T06:00:00Z"], [:]]),
    Row(#"COALESCE(verb, "none") == "none""#, fires: [[:], ["verb": "none"]], isSilent: [["verb": "get"]]),
    Row(#"NOT COALESCE(verb, "") == "get""#, fires: [[:], ["verb": "list"]], isSilent: [["verb": "get"]]),
    Row(
      #"CASE(code >= 500, "bad", code >= 400, "denied", "fine") == "denied""#, fires: [["code": 403]],
      isSilent: [["code": 500], ["code": 200], [:]]),
    Row(
      #"NOT CASE(code >= 400, "denied", "fine") == "denied""#, fires: [["code": 200], [:]], isSilent: [["code": 403]]),
  ]

  static let searches: [Row] = [
    Row(#"verb : "list""#, fires: [["verb": "list"], ["verb": ["get", "list"]]], isSilent: [[:], ["verb": "get"]]),
    Row(#"NOT MATCH(verb, "list")"#, fires: [[:], ["verb": "get"]], isSilent: [["verb": ["get", "list"]]]),
    Row(#"KQL("not verb:list")"#, fires: [[:], ["verb": "get"]], isSilent: [["verb": ["get", "list"]]]),
    Row(#"KQL("verb: \"list\"")"#, fires: [["verb": ["x", "list"]]], isSilent: [["verb": "List"]]),
    Row(#"KQL("verb: l*", {"case_insensitive": true})"#, fires: [["verb": "LIST"]], isSilent: [["verb": "get"]]),
    Row(
      #"KQL("""a:1 and b:1 or c:1""")"#, fires: [["a": 1, "b": 1], ["a": 1, "c": 1]], isSilent: [["c": 1], ["a": 1]]),
  ]

  static let logic: [Row] = [
    Row("a IS NULL", fires: [[:], ["a": nil], ["a": []]], isSilent: [["a": ""], ["a": ["x", "y"]]]),
    Row("a IS NOT NULL", fires: [["a": ""], ["a": ["x", "y"]]], isSilent: [[:]]),
    Row(#"(a == "x") IS NULL"#, fires: [[:], ["a": ["x", "y"]]], isSilent: [["a": "y"]]),
    Row(#"NOT (a == "x" AND b == "y")"#, fires: [["b": "n"], ["a": "n"]], isSilent: [[:], ["a": "x", "b": "y"]]),
    Row(#"a == "x" OR b == "y" AND c == "z""#, fires: [["a": "x"]], isSilent: [["b": "y"], ["c": "z"]]),
    Row(#"NOT a == "x" AND b == "y""#, fires: [["a": "n", "b": "y"]], isSilent: [["a": "n", "b": "n"], ["b": "y"]]),
    Row(#"NOT NOT a == "x""#, fires: [["a": "x"]], isSilent: [["a": "y"], [:]]),
    Row(#"a.`b/c` == "x" AND `d.e f` == "y""#, fires: [["a": ["b/c": "x"], "d": ["e f": "y"]]], isSilent: [[:]]),
    Row("`like` == 1 // a == 2\n AND b == /* /* */ 3 AND */ 4", fires: [["like": 1, "b": 4]], isSilent: [["b": 4]]),
    Row(#"url == "http://x" AND path == "/*""#, fires: [["url": "http://x", "path": "/*"]], isSilent: [[:]]),
  ]

  @Test(arguments: comparisons + membership + patterns + functions + searches + logic)
  func `A condition has its documented truth`(row: Row) throws {
    let reading = try ESQL.parse(Passage(text: "FROM logs-* | WHERE \(row.condition)"))
    guard case .predicate(let predicate) = reading.body else {
      Issue.record("\(reading.body)")
      return
    }
    let matcher = try TreeMatcher(predicate)
    for event in row.fires { #expect(try matcher.matches(event), "\(event.json)") }
    for event in row.isSilent { #expect(try !matcher.matches(event), "\(event.json)") }
  }

  @Test(arguments: comparisons + membership + patterns + functions + searches + logic)
  func `What is written back has the same truth`(row: Row) throws {
    let first = try ESQL.parse(Passage(text: "FROM logs-* | WHERE \(row.condition)"))
    let written = try ESQL.write(Rule(body: first.body), for: TargetSchema())
    let second = try ESQL.parse(Passage(text: written.text))
    guard case .predicate(let predicate) = second.body else {
      Issue.record("\(written.text)")
      return
    }
    #expect(written.losses.isEmpty, "\(written.text)")
    let matcher = try TreeMatcher(predicate)
    for event in row.fires { #expect(try matcher.matches(event), "\(event.json) \(written.text)") }
    for event in row.isSilent { #expect(try !matcher.matches(event), "\(event.json) \(written.text)") }
  }
}
