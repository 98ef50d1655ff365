import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Splunk

@Suite struct GroupConditionTests {
  /// What is asked beside the first bound.
  struct Case: Sendable {
    var spl: String
    var predicate: String
    var measure: Threshold.Measure
    var further: GroupCondition?
    var comparison: Threshold.Comparison
  }

  private static let agents = Threshold.Measure.distinctCount([FieldPath(named: "userAgent")])
  private static func equals(_ field: String, _ text: String) -> Predicate {
    test(field, .equals(.untyped(text, .sensitive)))
  }
  private static func measure(
    _ measure: Threshold.Measure, of events: Predicate = .always, _ bound: Threshold.Bound, _ value: Int
  ) -> GroupCondition {
    .measure(GroupMeasure(.of(measure), of: events, bound, Number(value)))
  }

  static let cases = [
    Case(
      spl: "a=1 | stats count by user | where count<5", predicate: #"a = untyped "1" ~"#, measure: .count,
      comparison: .onceAllHaveCome),
    Case(
      spl: "a=1 | streamstats count by user | where count<5", predicate: #"a = untyped "1" ~"#, measure: .count,
      comparison: .asEventsCome),
    Case(
      spl: "a=1 | eventstats count by user | where count>5", predicate: #"a = untyped "1" ~"#, measure: .count,
      comparison: .asEventsCome),
    Case(
      spl: "a=1 | stats count dc(userAgent) as n by user | where count>5 AND n>=2",
      predicate: #"a = untyped "1" ~"#, measure: .count, further: measure(agents, .order(.greaterOrEqual), 2),
      comparison: .asEventsCome),
    Case(
      spl: "a=1 | stats count dc(userAgent) as n by user | search count>5 n<2",
      predicate: #"a = untyped "1" ~"#, measure: .count, further: measure(agents, .order(.less), 2),
      comparison: .onceAllHaveCome),
    Case(
      spl: "a=1 | stats count dc(userAgent) as n by user | where count>5 AND NOT (n>2 OR n=0)",
      predicate: #"a = untyped "1" ~"#, measure: .count,
      further: .all([measure(agents, .order(.lessOrEqual), 2), measure(agents, .notEqual, 0)]),
      comparison: .onceAllHaveCome),
    Case(
      spl: #"a=1 | stats count by user | where count>5 OR user="x""#, predicate: #"a = untyped "1" ~"#,
      measure: .count,
      further: .any([measure(.count, .order(.greater), 5), .key(equals("user", "x"))]), comparison: .asEventsCome),
    Case(
      spl: #"a=1 | stats count(eval(b="x")) as n by user | where n>2"#,
      predicate: "all\n  a = untyped \"1\" ~\n  b = untyped \"x\"", measure: .count, comparison: .asEventsCome),
    Case(
      spl: #"a=1 | stats count(eval(b="x")) as n by user | where n<2"#, predicate: #"a = untyped "1" ~"#,
      measure: .count, further: measure(.count, of: equals("b", "x"), .order(.less), 2),
      comparison: .onceAllHaveCome),
    Case(
      spl: #"a=1 | stats count dc(eval(if(b="x",userAgent,null()))) as n by user | where count>1 AND n>2"#,
      predicate: #"a = untyped "1" ~"#, measure: .count,
      further: measure(agents, of: equals("b", "x"), .order(.greater), 2), comparison: .asEventsCome),
    Case(
      spl: "a=1 | stats values(b) as b by user | search NOT b=x", predicate: #"a = untyped "1" ~"#, measure: .count,
      further: measure(
        .count, of: test("b", .equals(.untyped("x", .insensitive))), .order(.less), 1),
      comparison: .onceAllHaveCome),
    Case(
      spl: "a=1 | stats values(b) as b count by user | search count>3 b=x", predicate: #"a = untyped "1" ~"#,
      measure: .count,
      further: measure(
        .count, of: test("b", .equals(.untyped("x", .insensitive))), .order(.greaterOrEqual), 1),
      comparison: .asEventsCome),
    Case(
      spl: "a=1 | stats values(userAgent) as b by user | where mvcount(b)>3", predicate: #"a = untyped "1" ~"#,
      measure: agents, comparison: .asEventsCome),
    Case(
      spl: "a=1 | eventstats dc(userAgent) as n by user | search n>3 verb=get", predicate: #"a = untyped "1" ~"#,
      measure: agents,
      further: measure(
        .count, of: test("verb", .equals(.untyped("get", .insensitive))), .order(.greaterOrEqual), 1),
      comparison: .asEventsCome),
    Case(
      spl: "| tstats count from datamodel=M where M.a=1 by M.user M.userAgent _time span=1h "
        + "| rename M.* as * | stats dc(userAgent) as n sum(count) as m by user | where n>3 AND m>9",
      predicate: "all\n  [\"M.a\"] = untyped \"1\" ~\n  [\"M.userAgent\"] has a value",
      measure: .distinctCount([FieldPath(named: "M.userAgent")]), further: measure(.count, .order(.greater), 9),
      comparison: .asEventsCome),
  ]

  @Test(arguments: cases.indices) func `What is asked of a group is read whole`(_ index: Int) throws {
    let item = Self.cases[index]
    let read = ReadSearch(item.spl)
    let threshold = try #require(read.threshold, "\(read.rendered)")
    #expect(PredicateOutline(.terse).text(of: threshold.predicate) == item.predicate)
    #expect(threshold.measure == item.measure)
    #expect(threshold.further == item.further)
    #expect(threshold.comparison == item.comparison)
    #expect(threshold.window == .searchSpan)
  }

  static let written = [
    "a=* user=* | stats count as matched by user | where matched<5",
    "a=* user=* | sort 0 _time | streamstats count as matched by user | where matched<5",
    "a=* user=* | stats count as matched dc(userAgent) as matched2 by user | where matched>5 AND matched2>=2",
    #"a=* user=* | stats count as matched count(eval('b'="x")) as matched2 by user | where matched>=1 AND matched2<3"#,
    "a=* user=* | stats count as matched dc(eval(if('b'=\"x\",'c',null()))) as matched2 by user"
      + " | where matched>5 AND matched2!=2",
    "a=* user=* | stats count as matched count as matched2 dc(b) as matched3 by user"
      + " | where matched>=1 AND (matched2>5 OR matched3>2 OR ('user'=\"x\"))",
    "a=* user=* | stats count as matched max(_time) as matched2 min(_time) as matched3 by user"
      + " | where matched>5 AND matched2-matched3<=60",
    "a=* user=* | stats count as matched min(eval(if('b'=\"x\",_time,null()))) as matched2 by user"
      + " | where matched>=1 AND now()-matched2<4200",
    "a=* user=* | sort 0 _time | bin _time span=5m | streamstats count as matched by _time user | where matched=5",
    "a=* user=* | sort 0 _time | streamstats time_window=5m count as matched dc(b) as matched2 by user"
      + " | where matched>2 AND matched2>1",
    "a=* user=* | sort 0 _time | streamstats current=f last(_time) as previous by user"
      + " | where isnull(previous) OR _time-previous>604800",
  ]

  @Test(arguments: written) func `Conditions on groups are written as they were read`(_ spl: String) throws {
    let read = ReadSearch(spl)
    let body = try #require(read.body, "\(read.rendered)")
    #expect(read.unmodelled == nil, "\(read.rendered)")
    let written = try SPLWriter.write(Rule(body: body), for: TargetSchema())
    #expect(written.text == spl + "\n")
    #expect(written.losses == [])
    #expect(ReadSearch(written.text).body == body)
  }

  @Test func `When a group began is compared with the time of the search`() throws {
    let spl = #"a=1 | stats earliest(_time) as first by user | where first>=relative_time(now(),"-70m@m")"#
    let threshold = try #require(ReadSearch(spl).threshold)
    #expect(
      threshold.further
        == .elapsed(ElapsedTime(from: .first(.always), to: .search, .lessOrEqual, seconds: 4_200)))
    #expect(threshold.comparison == .onceAllHaveCome)
    let snapped = #"a=1 | stats min(_time) as first by user | where first>=relative_time(now(),"-1d@d")"#
    #expect(ReadSearch(snapped).unmodelled?.reason == "test of an aggregate in a condition")
  }

  @Test func `A window that slides is never complete`() {
    let threshold = Threshold(
      .always, groupBy: [], absentKey: .dropped, window: .sliding(.minutes(5)), .order(.less), Number(5),
      comparison: .onceAllHaveCome)
    #expect(throws: Diagnostic.self) {
      try SPLWriter.write(Rule(body: .threshold(threshold)), for: TargetSchema())
    }
  }

  @Test func `A count of the last events alone is no measure of the group`() throws {
    let read = ReadSearch("a=1 | streamstats window=5 count by user | where count>3")
    #expect(read.unmodelled?.reason == "streamstats")
  }

  // MARK: New values and sequences

  @Test func `Values that are new are read from the time of the event before`() throws {
    let spl =
      "a=1 | sort 0 _time | streamstats current=f last(_time) as seen by user src"
      + " | where _time-seen>86400 OR isnull(seen) | table user"
    guard case .newTerms(let terms)? = ReadSearch(spl).body else {
      Issue.record("no new terms")
      return
    }
    #expect(terms.fields == [FieldPath(named: "user"), FieldPath(named: "src")])
    #expect(terms.history == .days(1))
    #expect(
      ReadSearch(spl + " | search user=x").unmodelled?.reason == "filter behind new values")
  }

  @Test func `A list is taken apart before its values are new`() throws {
    let terms = NewTerms(text("verb", "get"), fields: [FieldPath(splunkName: "user.groups{}")], history: .days(1))
    let written = try SPLWriter.write(Rule(body: .newTerms(terms)), for: auditSchema).text
    #expect(
      written == #"`kube_audit` verb="get" user.groups{}=* | mvexpand user.groups{} | sort 0 _time"#
        + " | streamstats current=f last(_time) as previous by user.groups{}"
        + " | where isnull(previous) OR _time-previous>86400\n")
    guard case .newTerms(let again)? = ReadSearch(written).body else {
      Issue.record("no new terms: \(ReadSearch(written).rendered)")
      return
    }
    #expect(again.fields == terms.fields)
  }

  private func sequence(
    _ ordering: EventSequence.Ordering, second: String = "user", until: Bool = false
  ) throws -> WrittenRule {
    func step(_ value: String, _ field: String) -> EventSequence.Step {
      EventSequence.Step(text("verb", value), joinedBy: [FieldPath(named: field)])
    }
    let sequence = EventSequence(
      ordering, [step("get", "user"), step("list", second)], span: .minutes(5),
      until: until ? step("delete", "user") : nil)
    return try SPLWriter.write(Rule(body: .sequence(sequence)), for: TargetSchema())
  }

  @Test func `Steps in order carry the time at which the first of them was`() throws {
    let written = try sequence(.ordered)
    #expect(
      written.text == #"((verb="get" AND user=*) OR (verb="list" AND user=*)) | sort 0 _time"#
        + #" | eval began1=if(lower('verb')="get",_time,null())"#
        + " | streamstats current=f max(began1) as before1 by user"
        + #" | eval began2=if(lower('verb')="list",before1,null())"#
        + " | where isnotnull(began2) AND _time-began2<=300\n")
    #expect(written.losses.map(\.drift) == [.broader])
    #expect(try sequence(.ordered, until: true).text.contains("(isnull(ended) OR began2>ended)"))
    #expect(
      try sequence(.ordered, second: "target").text.contains(
        #"| eval key1=case(lower('verb')="get",'user',lower('verb')="list",'target')"#))
  }

  @Test func `Steps in any order are counted in a window`() throws {
    #expect(
      try sequence(.unordered).text.hasSuffix(
        #"| streamstats time_window=5m count(eval(lower('verb')="get")) as met1"#
          + #" count(eval(lower('verb')="list")) as met2 by user | where met1>0 AND met2>0"# + "\n"))
  }
}
