import LanguageSupport
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Splunk

@Suite struct BadInputTests {
  static let rendered: [(spl: String, shown: String)] = [
    (
      #"verb="get"#,
      """
      error[unterminated-string]: a quoted text is not closed
       --> rule.spl:1:6
        |
      1 | verb="get
        |      ^ opened here
      """
    ),
    (
      "(verb=get",
      """
      error[unexpected-token]: expected ')', found the end of the text
       --> rule.spl:1:10
        |
      1 | (verb=get
        |          ^ expected ')'
      """
    ),
    (
      "verb=get)",
      """
      error[unexpected-token]: expected a condition, found ')'
       --> rule.spl:1:9
        |
      1 | verb=get)
        |         ^ expected a condition
      """
    ),
    (
      "verb=get OR",
      """
      error[unexpected-token]: expected a condition, found the end of the text
       --> rule.spl:1:12
        |
      1 | verb=get OR
        |            ^ expected a condition
      """
    ),
    (
      "OR verb=get",
      """
      error[unexpected-token]: expected a condition, found 'OR'
       --> rule.spl:1:1
        |
      1 | OR verb=get
        | ^^ expected a condition
      """
    ),
    (
      "verb IN ()",
      """
      error[unexpected-token]: expected a value, found ')'
       --> rule.spl:1:10
        |
      1 | verb IN ()
        |          ^ expected a value
      """
    ),
    (
      "verb= | where a=1",
      """
      error[unexpected-token]: expected a value, found the end of the text
       --> rule.spl:1:6
        |
      1 | verb= | where a=1
        |      ^ expected a value
      """
    ),
    (
      "verb=get | | where a=1",
      """
      error[unexpected-token]: a stage of the pipeline is empty
       --> rule.spl:1:10
        |
      1 | verb=get | | where a=1
        |          ^ nothing between this and the next
      """
    ),
    (
      "verb=get | where",
      """
      error[unexpected-token]: where needs a condition
       --> rule.spl:1:12
        |
      1 | verb=get | where
        |            ^^^^^ expected a condition
      """
    ),
    (
      "verb=get | where lik(a, \"x%\")",
      """
      error[unknown-function]: 'lik' is no eval function
       --> rule.spl:1:18
        |
      1 | verb=get | where lik(a, "x%")
        |                  ^^^ not known
        = help: did you mean 'like'?
      """
    ),
    (
      "verb=get | where match(a)",
      """
      error[wrong-arguments]: match() takes 2 arguments, not 1
       --> rule.spl:1:18
        |
      1 | verb=get | where match(a)
        |                  ^^^^^^^^ 1 given
      """
    ),
    (
      "verb=get | where a=1 OR OR b=2",
      """
      error[unexpected-token]: expected a value, found 'OR'
       --> rule.spl:1:25
        |
      1 | verb=get | where a=1 OR OR b=2
        |                         ^^ expected a value
      """
    ),
    (
      "verb=get | where a & b",
      """
      error[unexpected-character]: a character has no meaning in an eval expression
       --> rule.spl:1:20
        |
      1 | verb=get | where a & b
        |                    ^ not expected here
      """
    ),
    (
      "verb=\u{201C}get\u{201D}",
      """
      error[unexpected-character]: U+201C stands outside quotes
       --> rule.spl:1:6
        |
      1 | verb=\u{201C}get\u{201D}
        |      ^ not an ordinary character
        = help: did you mean '"'?
      """
    ),
    (
      "verb=get\u{A0}user=x",
      """
      error[unexpected-character]: U+00A0 stands outside quotes
       --> rule.spl:1:9
        |
      1 | verb=get\u{A0}user=x
        |         ^ not an ordinary character
        = help: did you mean a blank?
      """
    ),
    (
      "verb=get | stat count by user",
      """
      warning[unknown-command]: 'stat' is no command of Splunk's own
       --> rule.spl:1:12
        |
      1 | verb=get | stat count by user
        |            ^^^^ a custom command?
        = help: did you mean 'stats'?
      info[ignored-stage]: stat changes what a hit shows, not which events hit
       --> rule.spl:1:12
        |
      1 | verb=get | stat count by user
        |            ^^^^^^^^^^^^^^^^^^ left out
      """
    ),
    (
      "verb=get | stats cuont by user",
      """
      error[unknown-function]: 'cuont' is no aggregation
       --> rule.spl:1:18
        |
      1 | verb=get | stats cuont by user
        |                  ^^^^^ not known
        = help: did you mean 'count'?
      """
    ),
    (
      "verb=get ] x",
      """
      error[unexpected-token]: a bracket closes nothing
       --> rule.spl:1:10
        |
      1 | verb=get ] x
        |          ^ has no partner
        = help: put it in quotes if it is part of a value
      """
    ),
    (
      "verb=get | search [search index=x user=y | fields user]",
      """
      warning[unmodelled-rule]: this rule is not modelled: subsearch
       --> rule.spl:1:19
        |
      1 | verb=get | search [search index=x user=y | fields user]
        |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ its result is known only when the search runs
        = note: the filters before it are understood and kept
      """
    ),
  ]

  @Test(arguments: rendered.indices) func `A fault is shown where it stands`(_ index: Int) {
    let item = Self.rendered[index]
    #expect(ReadSearch(item.spl).rendered == item.shown)
  }

  @Test func `An empty search is refused`() {
    #expect(ReadSearch("").codes == [.emptyQuery])
    #expect(ReadSearch(" \n ").codes == [.emptyQuery])
    #expect(ReadSearch("|").codes == [.unexpectedToken])
  }

  @Test func `A quote, a bar or a comment inside quotes is text`() throws {
    #expect(try ReadSearch(#"x="a \" | b ```c``` // d""#).matches(#"{"x":"a \" | b ```c``` // d"}"#))
    #expect(try ReadSearch(#"x="http://a/b" | where y="a|b[""#).matches(#"{"x":"http://a/b","y":"a|b["}"#))
  }

  // MARK: Limits

  @Test func `A long list of alternatives is flat and fast`() throws {
    let spl = (0..<50_000).map { "a=x\($0)" }.joined(separator: " OR ")
    let predicate = try #require(ReadSearch(spl).predicate)
    guard case .any(let parts) = predicate else {
      Issue.record("no disjunction")
      return
    }
    #expect(parts.count == 50_000)
    let expression = (0..<20_000).map { "a=\"x\($0)\"" }.joined(separator: " OR ")
    #expect(ReadSearch("* | where \(expression)").predicate != nil)
  }

  @Test func `Deep nesting is refused, not followed`() {
    for spl in [
      String(repeating: "NOT ", count: 10_000) + "a=1", String(repeating: "(", count: 10_000) + "a=1",
      "* | where " + String(repeating: "NOT ", count: 10_000) + "a=1",
      "* | where " + String(repeating: "(", count: 10_000) + "a=1",
      "* | where " + String(repeating: "lower(", count: 10_000) + "a",
      "* | where a" + String(repeating: "=1", count: 10_000),
      "* | where a=1" + String(repeating: " XOR a=1", count: 10_000),
    ] {
      #expect(ReadSearch(spl).codes == [.nestedTooDeeply], "\(spl.prefix(20))")
    }
    #expect(
      ReadSearch(String(repeating: "(", count: 190) + "a=1" + String(repeating: ")", count: 190)).predicate != nil)
  }

  @Test func `A search of more than a mebibyte is refused`() {
    let limit = MacroExpander.byteLimit
    let longest = "a=" + String(repeating: "x", count: limit - 2)
    #expect(ReadSearch(longest).predicate != nil)
    #expect(ReadSearch(longest + "x").codes == [.queryTooLong])
  }

  @Test func `Cases that double one another are named, not followed`() {
    let evals = String(repeating: " | eval a=if(a=\"x\",\"y\",a)", count: 60)
    let xors = "* | where a=1" + String(repeating: " XOR a=1", count: 100)
    let nested = String(repeating: "if(", count: 60) + "a=1" + String(repeating: ",a,b)=1", count: 60)
    let cases = (0..<5_000).map { "a=\"\($0)\",true()" }.joined(separator: ",")
    for spl in ["a=x\(evals) | where a=\"y\"", xors, "* | where \(nested)", "* | where case(\(cases))"] {
      #expect(ReadSearch(spl).unmodelled?.reason == "too many cases", "\(spl.prefix(60))")
    }
  }

  @Test func `Stages, arguments and tests have limits`() {
    #expect(ReadSearch("a=1" + String(repeating: " | search a=1", count: 999)).predicate != nil)
    #expect(ReadSearch("a=1" + String(repeating: " | search a=1", count: 1_000)).codes == [.tooManyNodes])
    #expect(ReadSearch("a=1 | table" + String(repeating: " x", count: 2_001)).codes == [.tooManyNodes])
    let many = String(repeating: "1,", count: TreeSize.ruleLimit)
    #expect(ReadSearch("a IN (\(many)2)").codes == [.tooManyNodes])
  }

  @Test func `Patterns of names that lead back and forth are not followed for ever`() {
    let pair = " | rename x* as y*, y* as x*"
    #expect(ReadSearch("a=1" + String(repeating: pair, count: 40) + " | search x1=2").body != nil)
    #expect(ReadSearch("a=1" + String(repeating: pair, count: 400) + " | search x1=2").unmodelled?.reason == "rename")
  }

  @Test func `Macros that double one another end at the limit`() {
    let definitions = (0..<40).map { "[m\($0)]\ndefinition = `m\($0 + 1)` `m\($0 + 1)`\n" }.joined()
    let read = ReadSearch("x=1 `m0`", macros: [definitions + "[m40]\ndefinition = a=1\n"])
    #expect(read.codes == [.queryTooLong])
  }

  @Test(arguments: 0..<50) func `Any text is read or refused`(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let words =
      AwkwardTexts.pieces + [
        "| where ", "| search ", "| stats count by ", "| eval a=", "| rename ", "`", "```", "(", ")", "IN", "a=1", "=",
        "| tstats ", "| rex ", "| fields ", "| bin ", "CASE(", "if(", "case(", "match(", "NOT ", " OR ", "'",
        "mvfilter(",
        "| regex ", "| spath ", "| convert ", "| lookup x OUTPUT ", "as", "by", "| fillnull ", "| top ", "span=",
      ]
    for _ in 0..<200 {
      let spl = (0..<Int.random(in: 1...12, using: &random)).map { _ in random.pick(words) }.joined(separator: " ")
      let read = ReadSearch(spl)
      #expect(read.body != nil || read.reading.diagnostics.contains { $0.severity == .error }, "\(spl)")
    }
  }

  @Test func `Bytes that are not UTF-8 are read or refused`() {
    for byte in UInt8(0x80)...0xFF {
      let file = SourceFile(name: "a.spl", bytes: Array("verb=".utf8) + [byte] + Array(" | where a=".utf8) + [byte])
      #expect(SPLReader.read(file, in: ReadingContext()).count == 1)
    }
  }

  // MARK: Values that try to leave their literal

  static let hostile = [
    #"a" OR 1=1 | delete ""#, #"x\"#, #"x\""#, "x\n| delete", "x\r\ny", "x\u{0}y", "x\u{2028}y", "`macro`", "```x```",
    "$token$",
    "[search index=*]", "a|b", "*", "a*b", "\\*", "%", "_", "a\tb", "'", "''", "(", ")", "AND", "10.0.0.0/8", "",
  ]

  @Test(arguments: hostile) func `A value stays in its literal`(_ value: String) throws {
    let tests: [Predicate] = [
      text("a", value), text("a", value, .sensitive), test("a", .equals(.untyped(value, .insensitive))),
      test("a", .matches(.contains(value), .sensitive)), test("a", .matches(.prefix(value), .insensitive)),
      .any([text("a", value), text("b", value, .sensitive)]),
    ]
    for predicate in tests {
      let written = try SPLWriter.write(Rule(body: .predicate(predicate)), for: TargetSchema())
      #expect(written.text.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "\(written.text)")
      let again = try #require(ReadSearch(written.text).predicate, "\(written.text)")
      var events = RandomEvents(seed: 1)
      for event in events.next(named: ["a", "b"], texts: [value, value.uppercased(), value + "x", "x"], count: 40) {
        let verdicts = (try verdict(predicate, event), try verdict(again, event))
        #expect(written.losses.allow(verdicts), "\(written.text)\(event.json)")
      }
    }
  }

  /// Bodies that print a value in every place in which one can stand.
  private static func bodies(_ value: String, field: String = "a") -> [RuleBody] {
    let own = test("a", .equals(.untyped(value, .sensitive)))
    let path = FieldPath(named: field)
    func threshold(_ further: GroupCondition?, _ predicate: Predicate = own) -> RuleBody {
      .threshold(
        Threshold(
          predicate, groupBy: [path], absentKey: .dropped, window: .searchSpan, .order(.greater), Number(1),
          further: further))
    }
    let counted = GroupMeasure(.of(.count), of: own, .order(.greater), Number(2))
    let different = GroupMeasure(.of(.distinctCount([path])), of: own, .order(.greater), Number(2))
    let step = EventSequence.Step(own, joinedBy: [path])
    let other = EventSequence.Step(own, joinedBy: [FieldPath(named: "b")])
    return [
      threshold(nil), threshold(.measure(counted)), threshold(.measure(different)),
      threshold(.any([.measure(counted), .key(test(field, .equals(.untyped(value, .sensitive))))])),
      .newTerms(NewTerms(own, fields: [path], history: .days(1))),
      .sequence(EventSequence(.ordered, [step, other], span: .minutes(5), until: step)),
      .sequence(EventSequence(.unordered, [step, step], span: .minutes(5))),
      .predicate(.rawTerm(RawTermTest(.exact(value), .sensitive))),
      .predicate(.anyField(AnyFieldTest(.matches(.contains(value), .insensitive)))),
      .predicate(test("a", .oneOf([.text(value, .sensitive), .text("x", .insensitive)]))),
      .predicate(test("a", .term(TermMatch(value, .insensitive)))),
      .predicate(test("a", .regex(RegexPattern(value, .pcre, anchoring: .search)))),
      .predicate(test("a", .order(.less, .text(value, .insensitive)))),
      .predicate(
        .some(ElementTest(FieldPath(splunkName: "a{}"), .field(FieldTest(.element, .equals(.text(value, .sensitive))))))
      ),
      .predicate(.not(test("a", .encoded(EncodedText(.exact(value), [.windash], extent: .contains, .insensitive))))),
    ]
  }

  private static let commands: Set<String> = [
    "search", "where", "stats", "streamstats", "eval", "sort", "mvexpand", "fillnull", "bin",
  ]

  private func expectHarmless(_ body: RuleBody, _ what: String, _ schema: TargetSchema = TargetSchema()) throws {
    guard let written = try? SPLWriter.write(Rule(body: body), for: schema) else { return }
    #expect(
      written.text.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "\(what): \(written.text)")
    // A macro without a definition is refused, so that one that is called would be seen.
    let query = try MacroExpander.expand(Passage(text: written.text), with: MacroTable())
    #expect(query.leadingMacro == nil, "\(what): \(written.text)")
    let stages = try StageParser.stages(of: query).map(\.command)
    #expect(Set(stages).isSubset(of: Self.commands), "\(what): \(written.text)")
  }

  @Test(arguments: hostile) func `A value stays in its literal wherever one is printed`(_ value: String) throws {
    for body in Self.bodies(value) { try expectHarmless(body, value) }
    for key in ["index", "sourcetype", "source", "eventtype", "host"] {
      let schema = TargetSchema(source: LogSource(vendor: "splunk", [.init(key, value)]))
      try expectHarmless(.predicate(text("a", "x")), "\(key) \(value)", schema)
    }
  }

  @Test(arguments: hostile + [#"x" | delete | search ""#, "x' | delete", "x=1 OR y", "a b", "a,b", "a|b", "{}", "a}"])
  func `A field's name is quoted or refused wherever one is printed`(_ name: String) throws {
    for body in Self.bodies("x", field: name) { try expectHarmless(body, name) }
    try expectHarmless(.predicate(.not(hasValue(name))), name)
    let list = test(name, .order(.greater, .number(Number(1), .strict)), .count)
    try expectHarmless(.predicate(list), name)
  }
}
