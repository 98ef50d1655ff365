import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Splunk

@Suite struct PipelineTests {
  typealias Case = SearchMeaningTests.Case

  static let scopes = [
    Case("verb=get | rename user.username as user | search user=system*", secretRead, true),
    Case("verb=get | rename user.username as user | search user.username=system*", secretRead, false),
    Case("verb=get | rename objectRef.* as * | search resource=secrets", secretRead, true),
    Case(#"verb=get | rename "user.groups{}" as groups | search groups=ci"#, secretRead, true),
    Case("verb=get | eval v=verb | where v=\"get\"", secretRead, true),
    Case("verb=get | fields verb | search userAgent=*", secretRead, false),
    Case("verb=get | fields - userAgent | search userAgent=*", secretRead, false),
    Case("verb=get | table verb userAgent | search userAgent=kube*", secretRead, true),
    Case("verb=get | fillnull value=none who | search who=none", secretRead, true),
    Case("verb=get | fillnull value=none verb | search verb=none", secretRead, false),
    Case("verb=get | fillnull | search NOT who=admin", secretRead, true),
    Case("verb=get | spath path=objectRef.name output=n | search n=token", secretRead, true),
    Case("verb=get | sort - _time | head 5 | search verb=get", secretRead, true),
    Case("verb=get | iplocation sourceIPs{} | search verb=get", secretRead, true),
    Case("verb=get | dedup user.uid", secretRead, false), Case("verb=get | dedup user.username", secretRead, true),
    Case("verb=get | stats count by user.uid", secretRead, false),
    Case("verb=get | stats count values(verb) as verbs by user.username, userAgent", secretRead, true),
    Case("verb=get | fillnull | stats count by user.uid", secretRead, true),
    Case("verb=get | fillnull value=x user.uid | stats count by user.uid", secretRead, true),
    Case("verb=get | stats count by user.username | search user.username=system*", secretRead, true),
    Case("verb=get | stats count by user.username | where count > 0", secretRead, true),
    Case("search verb=get | search *", secretRead, true),
    Case("verb=get | rename host as dest | stats count by dest verb", secretRead, true),
    Case("a.b=1 | rename a.* as * | search b=1", #"{"a":{"b":"1"},"b":"2"}"#, true),
    Case("c=1 | rename a.* as * | search b=2", #"{"c":"1","b":"2"}"#, true),
    Case("c=1 | rename a.* as * | search b=2", #"{"a":{"b":"1"},"c":"1","b":"2"}"#, false),
    Case("c=1 | eval b=2 | rename a.* as * | search b=2", #"{"a":{"b":"1"},"c":"1"}"#, false),
    Case("c=1 | eval b=2 | rename a.* as * | search b=2", #"{"c":"1"}"#, true),
    Case("c=1 | eval x=if(c=1,b,d) | fillnull value=n x | search x=n", #"{"c":"1"}"#, true),
    Case(#"c=1 | fillnull value=null b | regex b!="\.exe$" | search b=null"#, #"{"c":"1"}"#, true),
    Case(#"| tstats count fillnull_value=null from datamodel=M by M.a | where isnotnull('M.a')"#, "{}", true),
    Case(#"c=1 | replace "x" with "y" in b | stats count by b"#, #"{"c":"1","b":"z"}"#, true),
    Case(#"verb=get | rex field=userAgent "^(?<tool>\w+)/" | stats count by tool"#, secretRead, true),
    Case(#"verb=get | rex field=userAgent "^(?<tool>[A-Z]+)/" | stats count by tool"#, secretRead, false),
    Case(#"verb=get | rex field=userAgent "^(?<verb>[A-Z]+)/" | stats count by verb"#, secretRead, true),
    Case(#"verb=get | eval p=mvindex(split(userAgent,"/"),1) | stats count by p"#, secretRead, true),
    Case(#"verb=get | eval p=replace(nosuch,"a","b") | stats count by p"#, secretRead, false),
    Case("verb=get | stats values(userAgent) as a by verb | search a=kube*", secretRead, true),
    Case("verb=get | stats values(userAgent) as a by verb | search verb=get (a=curl* OR a=kube*)", secretRead, true),
    Case("verb=get | stats list(userAgent) as a by verb | search a!=kube*", secretRead, false),
  ]

  @Test(arguments: scopes) func `Later filters see through the stages before them`(_ item: Case) throws {
    #expect(try ReadSearch(item.spl).matches(item.event) == item.passes)
  }

  static let obstacles: [(spl: String, reason: String)] = [
    ("verb=get | iplocation sourceIPs{} | search NOT Country=Norway", "iplocation"),
    ("verb=get | lookup people name AS user OUTPUT team | search team=x", "lookup"),
    ("verb=get | lookup people name | search anything=x", "lookup"),
    ("verb=get | rex field=userAgent \"(?<tool>\\w+)/\" | where tool=\"curl\"", "rex"),
    ("verb=get | eval x=replace(verb,\"a\",\"b\") | search x=y", "replace()"),
    ("verb=get | where objectRef.resource=\"secrets\"", "string concatenation"),
    ("verb=get | search [search index=x | fields user]", "subsearch"),
    ("verb=get | append [search index=x]", "append"), ("verb=get | join user [search index=x]", "join"),
    ("| inputlookup people.csv | search a=1", "inputlookup"), ("| mstats avg(x) where index=m by host", "mstats"),
    ("verb=get | eventstats avg(x) as a by userAgent | where x>a", "test of an aggregate in a condition"),
    ("verb=get | stats count dc(verb) as v by userAgent | where count>v", "test of an aggregate in a condition"),
    ("verb=get | eventstats count by userAgent | where count>5 OR verb=\"x\"", "test of an event beside an aggregate"),
    ("verb=get | stats sum(x) as s by userAgent | search NOT s>5", "absence of an aggregate"),
    ("verb=get | stats max(x) as m by userAgent | where m>5", "aggregate max"),
    ("verb=get | lookup a b OUTPUT c | stats count by c", "grouping by a field from lookup"),
    ("verb=get | rex field=userAgent \"(?<tool>\\w+)?/\" | stats count by tool", "grouping by a field from rex"),
    ("verb=get | where substr(verb,1,2)=\"12\"", "substr()"),
    ("verb=get | where upper(verb)<\"M\"", "order of changed letters"),
    ("verb=get | regex \"x\"", "_raw"), ("verb=get | stats count by _time | where count>5", "grouping by time"),
    ("verb=get | stats count by user.groups{} | search NOT user.groups{}=ci", "filter of single values of a list"),
    ("verb=get | frobnicate | search a=1", "command frobnicate"),
    ("verb=get OR earliest=-5m", "time modifier in a condition"),
  ]

  @Test(arguments: obstacles) func `What is not followed makes the rule unmodelled, by name`(
    _ item: (spl: String, reason: String)
  ) throws {
    let read = ReadSearch(item.spl)
    let rest = try #require(read.unmodelled, "\(read.rendered)")
    #expect(rest.reason == item.reason)
    #expect(read.codes.contains(.unmodelledRule))
    #expect(rest.text == item.spl)
  }

  @Test func `Filters before an obstacle are understood and kept`() throws {
    let rest = try #require(ReadSearch("verb=get | iplocation x | search NOT Country=Norway").unmodelled)
    #expect(
      rest.understood.map { PredicateOutline(.terse).text(of: $0) } == #"verb = untyped "get" ~"#)
  }

  @Test func `An unmodelled rule shows what stands in the way`() {
    #expect(
      ReadSearch("verb=get | iplocation ip | search NOT Country=Norway").rendered == """
        warning[unmodelled-rule]: this rule is not modelled: iplocation
         --> rule.spl:1:39
          |
        1 | verb=get | iplocation ip | search NOT Country=Norway
          |                                       ^^^^^^^^^^^^^^ 'Country' comes from iplocation
          = note: the filters before it are understood and kept
        """)
  }

  @Test func `A stage that no filter meets is left out and named`() {
    #expect(
      ReadSearch("verb=get | lookup people name OUTPUT team").rendered == """
        info[ignored-stage]: lookup changes what a hit shows, not which events hit
         --> rule.spl:1:12
          |
        1 | verb=get | lookup people name OUTPUT team
          |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ left out
        """)
  }

  @Test func `fillnull without a list is noted before an aggregation`() {
    #expect(
      ReadSearch("verb=get | fillnull | stats count by user.uid").rendered == """
        info[assumed-meaning]: fillnull without a list fills only fields that some event of the search has
         --> rule.spl:1:12
          |
        1 | verb=get | fillnull | stats count by user.uid
          |            ^^^^^^^^ no list of fields
         --> rule.spl:1:38
          |
        1 | verb=get | fillnull | stats count by user.uid
          |                                      -------- this key must be filled
          = note: the rule is silent while no event of a run has such a field; it is read as if one always had
          = help: list the fields
        """)
  }

  // MARK: Thresholds

  @Test func `A bound on a count is a threshold`() throws {
    let threshold = try #require(
      ReadSearch("verb=get | stats count by user.username | where count >= 5").threshold)
    #expect(threshold.measure == .count)
    #expect(threshold.bound == .order(.greaterOrEqual))
    #expect(threshold.value == Number(5))
    #expect(threshold.groupBy == [FieldPath(named: "user.username")])
    #expect(threshold.absentKey == .dropped)
    #expect(threshold.window == .searchSpan)
  }

  @Test func `bin makes windows that follow one another`() throws {
    let spl = "verb=get | bin _time span=5m | stats dc(objectRef.name) as names by _time userAgent | search names>10"
    let threshold = try #require(ReadSearch(spl).threshold)
    #expect(threshold.window == .tumbling(.minutes(5)))
    #expect(threshold.measure == .distinctCount([FieldPath(named: "objectRef.name")]))
    #expect(threshold.groupBy == [FieldPath(named: "userAgent")])
  }

  @Test func `The time may have another name`() throws {
    let spl = "verb=get | eval hour=_time | bin span=1h hour | stats count by userAgent hour | where count>10"
    #expect(try #require(ReadSearch(spl).threshold).window == .tumbling(.hours(1)))
  }

  @Test func `A filled key is a group of its own`() throws {
    let spl = "verb=get | fillnull value=none user.uid | stats count as n by user.uid | where 5 < n"
    let threshold = try #require(ReadSearch(spl).threshold)
    #expect(threshold.absentKey == .ownGroup)
    #expect(threshold.bound == .order(.greater))
  }

  @Test func `tstats is a filter and an aggregation over a data model`() throws {
    let spl = """
      | tstats summariesonly=false count min(_time) as firstTime from datamodel=Endpoint.Processes \
      where Processes.process_name=kubectl OR Processes.process_name=curl Processes.user!=root \
      by Processes.dest Processes.user _time span=1h | rename Processes.* as * | search user=a* | where count > 3
      """
    let read = ReadSearch(spl)
    let threshold = try #require(read.threshold, "\(read.rendered)")
    #expect(threshold.window == .tumbling(.hours(1)))
    #expect(threshold.groupBy == [FieldPath(named: "Processes.dest"), FieldPath(named: "Processes.user")])
    #expect(
      PredicateOutline(.terse).text(of: threshold.predicate) == """
        all
          any
            ["Processes.process_name"] = untyped "kubectl" ~
            ["Processes.process_name"] = untyped "curl" ~
          some value fails: ["Processes.user"] = untyped "root" ~
          text of ["Processes.user"] like "a*" ~
        """)
    #expect(
      read.reading.rule?.metadata.source.selectors == [LogSource.Selector("datamodel", "Endpoint.Processes")])
  }

  @Test func `A count of raw texts is one of events, and that is said`() throws {
    let read = ReadSearch("verb=get | stats dc(_raw) as n by userAgent | where n>5")
    #expect(try #require(read.threshold).measure == .count)
    #expect(read.codes == [.assumedMeaning])
  }

  @Test func `count of a condition counts what satisfies it`() throws {
    let spl = #"objectRef.resource=secrets | stats count(eval(verb="get")) as reads by userAgent | where reads > 3"#
    let threshold = try #require(ReadSearch(spl).threshold)
    #expect(threshold.predicate.conjuncts.count == 2)
  }

  @Test func `A time range in the search is the rule's window`() {
    #expect(ReadSearch("earliest=-15m@m verb=get").reading.rule?.metadata.schedule?.lookback == .minutes(15))
  }

  @Test func `Each stage has a class`() throws {
    let spl = """
      a=1 | rename a as b | eval c=1 | stats count by b | lookup t b OUTPUT d | frobnicate
      """
    let meaning = try QueryMeaning.read(Passage(text: spl), with: MacroTable())
    #expect(meaning.stages == [.filter, .projection, .derivation, .aggregation, .enrichment, .unmodelled])
    for (command, kind) in [
      ("eventstats count by a", StageClass.aggregation), ("streamstats count", .aggregation),
      ("timechart span=5m count", .aggregation), ("timechart count by a", .aggregation), ("top a", .aggregation),
      ("rare a", .aggregation), ("dedup a", .aggregation), ("bin _time span=5m", .aggregation),
      ("iplocation a", .enrichment), ("inputlookup append=t a.csv", .enrichment), ("join a [search b=1]", .enrichment),
      ("rex field=a \"(?<b>x)\"", .derivation), ("spath", .derivation), ("fillnull a", .derivation),
      ("table a", .projection), ("where a=1", .filter), ("regex a=\"x\"", .filter),
    ] {
      let meaning = try QueryMeaning.read(Passage(text: "a=1 | \(command)"), with: MacroTable())
      #expect(meaning.stages.last == kind, "\(command)")
    }
  }

  @Test func `A row for each span of time is a window`() throws {
    let threshold = try #require(ReadSearch("verb=get | timechart span=5m count as n | where n>10").threshold)
    #expect(threshold.window == .tumbling(.minutes(5)) && threshold.groupBy.isEmpty)
    #expect(
      ReadSearch("verb=get | timechart span=5m count as n | where n<10").unmodelled?.reason == "rows without events")
    #expect(ReadSearch("verb=get | timechart span=5m count by a | where x>10").unmodelled?.reason == "timechart")
  }
}
