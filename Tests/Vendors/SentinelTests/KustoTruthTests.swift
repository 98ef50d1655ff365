import LanguageSupport
import Matcher
import RuleIR
import Sentinel
import SourceText
import TestSupport
import Testing

/// A condition, and on which of the events beside it it is true.
struct TruthCase: Sendable, CustomTestStringConvertible {
  var condition: String
  /// A letter an event: `T` or `-`.
  var verdicts: String

  init(_ condition: String, _ verdicts: String) {
    self.condition = condition
    self.verdicts = verdicts
  }

  var testDescription: String { condition }

  func check(on events: [EventValue]) throws {
    let matcher = try TreeMatcher(KustoRoundTrip.predicate("T | where \(condition)"))
    var found = ""
    for event in events { found += try matcher.matches(event) ? "T" : "-" }
    #expect(verdicts.count == events.count)
    #expect(found == verdicts)
  }
}

struct KustoTruthTests {
  /// A column of texts: missing, empty, and some values.
  static let agents: [EventValue] = [
    [:], ["UserAgent": ""], ["UserAgent": "curl/8.1"], ["UserAgent": "CURL"], ["UserAgent": "kubectl/v1.20 (linux)"],
  ]

  static let texts: [TruthCase] = [
    .init(#"UserAgent == """#, "TT---"),
    .init(#"UserAgent != """#, "--TTT"),
    .init("isempty(UserAgent)", "TT---"),
    .init("isnotempty(UserAgent)", "--TTT"),
    .init(#"UserAgent == "curl/8.1""#, "--T--"),
    .init(#"UserAgent != "curl/8.1""#, "TT-TT"),
    .init(#"UserAgent <> "curl/8.1""#, "TT-TT"),
    .init(#"not(UserAgent == "curl/8.1")"#, "TT-TT"),
    .init(#"UserAgent =~ "curl""#, "---T-"),
    .init(#"UserAgent !~ "curl""#, "TTT-T"),
    .init(#""curl" =~ UserAgent"#, "---T-"),
    .init(#"UserAgent contains "CURL""#, "--TT-"),
    .init(#"UserAgent contains_cs "CURL""#, "---T-"),
    .init(#"UserAgent !contains "curl""#, "TT--T"),
    .init(#"UserAgent !contains_cs "curl""#, "TT-TT"),
    .init(#"UserAgent startswith "Cur""#, "--TT-"),
    .init(#"UserAgent startswith_cs "cur""#, "--T--"),
    .init(#"UserAgent !startswith "cur""#, "TT--T"),
    .init(#"UserAgent endswith "url""#, "---T-"),
    .init(#"UserAgent endswith_cs "url""#, "-----"),
    .init(#"UserAgent contains """#, "TTTTT"),
    .init(#"UserAgent has "curl""#, "--TT-"),
    .init(#"UserAgent has "cur""#, "-----"),
    .init(#"UserAgent !has "curl""#, "TT--T"),
    .init(#"UserAgent has_cs "curl""#, "--T--"),
    .init(#"UserAgent hasprefix "kube""#, "----T"),
    .init(#"UserAgent hassuffix "ctl""#, "----T"),
    .init(#"UserAgent hassuffix "kube""#, "-----"),
    .init(#"UserAgent has_any ("curl", "linux")"#, "--TTT"),
    .init(#"UserAgent has_all ("kubectl", "linux")"#, "----T"),
    .init(#"UserAgent has_any (dynamic(["linux"]))"#, "----T"),
    .init(#"UserAgent : "linux""#, "----T"),
    .init(#"UserAgent in ("CURL", "")"#, "TT-T-"),
    .init(#"UserAgent in~ ("curl", "x")"#, "---T-"),
    .init(#"UserAgent !in ("CURL", "x")"#, "TTT-T"),
    .init(#"UserAgent !in~ ("curl")"#, "TTT-T"),
    .init(#"UserAgent matches regex "^curl""#, "--T--"),
    .init(#"UserAgent matches regex "(?i)curl""#, "--TT-"),
    .init(#"UserAgent matches regex @"v\d+\.\d+""#, "----T"),
    .init(#"UserAgent matches regex "x*""#, "TTTTT"),
    .init(#"not(UserAgent matches regex "curl|kube")"#, "TT-T-"),
    .init(#"tolower(UserAgent) == "curl""#, "---T-"),
    .init(#"tolower(UserAgent) == "Curl""#, "-----"),
    .init(#"toupper(UserAgent) startswith_cs "CURL""#, "--TT-"),
    .init("strlen(UserAgent) < 5", "TT-T-"),
    .init("strlen(UserAgent) == 0", "TT---"),
    .init(#"strcmp(UserAgent, "a") < 0"#, "TT-T-"),
    .init(#"UserAgent has "curl" and UserAgent has "8" or UserAgent has "linux""#, "--T-T"),
    .init(#"UserAgent has "linux" and (UserAgent has "curl" or UserAgent has "kubectl")"#, "----T"),
    .init(#"iff(isempty(UserAgent), true, UserAgent has "linux")"#, "TT--T"),
    .init("true", "TTTTT"),
    .init("1 == 2", "-----"),
  ]

  @Test(arguments: texts)
  func `A missing text is the empty one`(truth: TruthCase) throws { try truth.check(on: Self.agents) }

  /// A slot of a dynamic column: no column, no slot, null, and some values.
  static let codes: [EventValue] = [
    [:], ["R": [:]], ["R": ["code": nil]], ["R": ["code": 403]], ["R": ["code": 200]], ["R": ["code": "403"]],
    ["R": ["code": ""]], ["R": ["code": "x"]],
  ]

  static let numbers: [TruthCase] = [
    .init("R.code == 403", "---T-T--"),
    .init("R.code != 403", "TTT-T-TT"),
    .init("not(R.code == 403)", "TTT-T-TT"),
    .init("toint(R.code) == 403", "---T-T--"),
    .init("toint(R.code) != 403", "TTT-T-TT"),
    .init("toint(R.code) >= 400", "---T-T--"),
    .init("not(toint(R.code) >= 400)", "----T---"),
    .init("not(coalesce(toint(R.code) >= 400, false))", "TTT-T-TT"),
    .init("coalesce(toint(R.code) >= 400, true)", "TTTT-TTT"),
    .init("toint(R.code) between (200 .. 299)", "----T---"),
    .init("toint(R.code) !between (200 .. 299)", "---T-T--"),
    .init("403 <= toint(R.code)", "---T-T--"),
    .init("(toint(R.code) > 400) == false", "----T---"),
    .init("(toint(R.code) > 400) != true", "TTT-T-TT"),
    .init(#"tostring(R.code) == "403""#, "---T-T--"),
    .init(#"R.code == "403""#, "---T-T--"),
    .init(#"R["code"] == "x""#, "-------T"),
    .init(#"R.["code"] != "x""#, "TTTTTTT-"),
    .init(#"tostring(R.code) startswith "4""#, "---T-T--"),
    .init(#"tostring(R.code) == """#, "TTT---T-"),
    .init(#"R.code in ("403", "200")"#, "---TTT--"),
    .init("toint(R.code) in (403, 404)", "---T-T--"),
    .init("isnull(R.code)", "TTT-----"),
    .init("isnotnull(R.code)", "---TTTTT"),
    .init("isempty(R.code)", "TTT---T-"),
    .init(#"gettype(R.code) == "string""#, "-----TTT"),
    .init(#"bag_has_key(R, "code")"#, "--TTTTTT"),
  ]

  @Test(arguments: numbers)
  func `Order is null beside null and equality is not`(truth: TruthCase) throws { try truth.check(on: Self.codes) }

  /// Lists, and what stands in for one.
  static let lists: [EventValue] = [
    [:], ["L": []], ["L": ["a", "b"]], ["L": ["A"]], ["L": ["10.1.2.3", "x"]],
  ]

  static let elements: [TruthCase] = [
    .init(#"L[0] == "a""#, "--T--"),
    .init(#"L[-1] == "b""#, "--T--"),
    .init(#"L[0] != "a""#, "TT-TT"),
    .init(#"set_has_element(L, "b")"#, "--T--"),
    .init(#"not(set_has_element(L, "b"))"#, "-T-TT"),
    .init(#"not(coalesce(set_has_element(L, "b"), false))"#, "TT-TT"),
    .init(#"set_has_element(todynamic(tolower(tostring(L))), "a")"#, "--TT-"),
    .init(#"array_index_of(L, "b") >= 0"#, "--T--"),
    .init(#"array_index_of(L, "b") != -1"#, "T-T--"),
    .init("array_length(L) == 2", "--T-T"),
    .init("array_length(L) == 0", "-T---"),
    .init("array_length(L) < 2", "-T-T-"),
    .init("coalesce(array_length(L), 0) < 2", "TT-T-"),
    .init(#"ipv4_is_in_range(L[0], "10.0.0.0/8")"#, "----T"),
    .init(#"not(ipv4_is_in_range(L[0], "10.0.0.0/8"))"#, "-----"),
    .init(#"not(coalesce(ipv4_is_in_range(L[0], "10.9.9.9/8"), false))"#, "TTTT-"),
    .init("ipv4_is_private(L[0])", "----T"),
    .init("ipv4_is_private(L[0]) == false", "-----"),
  ]

  @Test(arguments: elements)
  func `Lists are looked into by an index or a function`(truth: TruthCase) throws { try truth.check(on: Self.lists) }

  @Test func `Elements of mv-apply are tested together`() throws {
    let some = try TreeMatcher(
      KustoRoundTrip.predicate(
        #"T | mv-apply c = R.spec.containers on (where c.name == "a" and c.image has "x" | take 1)"#))
    func event(_ containers: EventValue) -> EventValue { ["R": ["spec": ["containers": containers]]] }
    #expect(try some.matches(event([["name": "a", "image": "x:1"]])))
    #expect(try !some.matches(event([["name": "a", "image": "y"], ["name": "b", "image": "x"]])))
    #expect(try !some.matches(event([])))
  }

  /// Two columns beside each other.
  static let pairs: [EventValue] = [
    [:], ["A": "", "B": ""], ["A": "x", "B": "x"], ["A": "xy", "B": "x"], ["A": "x"], ["A": 2, "B": 1],
  ]

  static let fields: [TruthCase] = [
    .init("A == B", "TTT---"),
    .init("A != B", "---TTT"),
    .init("A startswith B", "TTTTT-"),
    .init("A !startswith B", "-----T"),
    .init("toint(A) > toint(B)", "-----T"),
    .init("toint(A) <= toint(B)", "------"),
    .init("not(toint(A) <= toint(B))", "-----T"),
  ]

  @Test(arguments: fields)
  func `Columns are compared with columns`(truth: TruthCase) throws {
    try truth.check(on: Self.pairs)
  }
}
