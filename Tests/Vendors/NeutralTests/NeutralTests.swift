import LanguageSupport
import Neutral
import RuleIR
import SourceText
import TestSupport
import Testing

@Suite struct NeutralTests {
  private static func read(_ text: String) -> [RuleReading] {
    IRReader.read(SourceFile(name: "rule.ir.json", text: text), in: ReadingContext())
  }

  private static func back(_ rule: Rule) throws -> Rule? {
    let text = try IRWriter.write(rule, for: TargetSchema()).text
    let readings = read(text)
    #expect(readings.count == 1)
    #expect(readings.flatMap(\.diagnostics) == [], "\(text)")
    return readings.first?.rule
  }

  @Test(arguments: Feature.allCases)
  func `A body of every feature is read back as it was`(feature: Feature) throws {
    #expect(try Self.back(Rule(body: feature.sample))?.body == feature.sample)
  }

  @Test(arguments: [21, 22, 23, 24] as [UInt64])
  func `A predicate of awkward texts is read back as it was`(seed: UInt64) throws {
    var random = RandomPredicate(seed: seed, features: Set(Feature.allCases))
    for _ in 0..<500 {
      let predicate = random.next()
      #expect(try Self.back(Rule(body: .predicate(predicate)))?.body == .predicate(predicate))
    }
  }

  @Test func `What a rule says of itself is read back as it was`() throws {
    let metadata = RuleMetadata(
      id: "5b1e", name: "secrets", title: "Secrets \"listed\"\n", description: "Two\nlines", level: .high,
      status: "test", authors: ["A", "B"], date: "2026-01-02", modified: "2026-02-03", references: ["https://a.test/"],
      falsePositives: ["Backups"], tags: ["k8s"], attack: AttackTags(tactics: ["TA0006"], techniques: ["T1552.007"]),
      license: "MIT",
      source: LogSource(vendor: "sigma", [.init("product", "kubernetes"), .init("service", "audit")]),
      schedule: Schedule(interval: .minutes(5), lookback: .hours(1)), custom: ["deep": ["list": [1, true, .null]]],
      form: "sigma")
    let cases = [RuleCase(name: "a list", event: ["verb": "list", "code": 200], fires: true)]
    let rule = Rule(metadata: metadata, body: .predicate(.always), cases: cases)
    #expect(try Self.back(rule) == rule)
  }

  @Test func `Numbers that JSON does not know keep their text`() throws {
    for text in ["007", ".5", "+5", "1.", "-0", "1e9", "12.50"] {
      let number = try #require(Number(text))
      let predicate = Predicate.field(FieldTest(FieldPath(named: "code"), .equals(.number(number, .coercing))))
      let read = try Self.back(Rule(body: .predicate(predicate)))
      #expect(read?.body == .predicate(predicate), "\(text)")
    }
  }

  @Test func `Several rules stand one a line and a bad one does not stop the next`() throws {
    let line = try IRWriter.write(Rule(body: .predicate(.always)), for: TargetSchema()).text
    let readings = Self.read(line + "{\"schema\":\"cognate.ir/1\",\n\n" + line)
    #expect(readings.map { $0.rule != nil } == [true, false, true])
  }

  private static let refused: [(text: String, code: DiagnosticCode, at: String)] = [
    (#"{"schema":"cognate.ir/2","metadata":{},"body":{}}"#, .invalidValue, #""cognate.ir/2""#),
    (#"{"schema":"cognate.ir/1","body":{}}"#, .missingKey, ""),
    (#"{"schema":"cognate.ir/1","metadata":{},"body":{"kind":"predicat"}}"#, .invalidValue, #""predicat""#),
    (
      #"{"schema":"cognate.ir/1","metadata":{},"body":{"kind":"predicate","predicate":{"al":[]}}}"#, .unknownKey,
      #""al""#
    ),
    (
      #"{"schema":"cognate.ir/1","metadata":{},"body":{"kind":"predicate","predicate":{"field":"a","matches":"\\d","case":"sensitive"}}}"#,
      .invalidEscape, #""\\d""#
    ),
    (
      #"{"schema":"cognate.ir/1","metadata":{},"body":{"kind":"predicate","predicate":{"field":"a","network":"10.0.0.300"}}}"#,
      .invalidNetwork, #""10.0.0.300""#
    ),
    (
      #"{"schema":"cognate.ir/1","metadata":{"levl":"high"},"body":{"kind":"predicate","predicate":{"all":[]}}}"#,
      .unknownKey, #""levl""#
    ),
    (
      #"{"schema":"cognate.ir/1","metadata":{"level":"hi"},"body":{"kind":"predicate","predicate":{"all":[]}}}"#,
      .invalidValue, #""hi""#
    ),
  ]

  @Test(arguments: refused.indices)
  func `What is wrong is named with its place`(index: Int) throws {
    let (text, code, place) = Self.refused[index]
    let diagnostic = try #require(Self.read(text).first?.diagnostics.first)
    #expect(diagnostic.code == code)
    #expect(Self.read(text).first?.rule == nil)
    if !place.isEmpty { #expect(diagnostic.primary?.range.text == place) }
  }

  @Test func `No cut of a rule is fatal`() throws {
    let text = try IRWriter.write(Rule(body: Feature.sequenceEnd.sample), for: TargetSchema()).text
    for length in 0..<text.utf8.count {
      let readings = Self.read(String(decoding: Array(text.utf8).prefix(length), as: UTF8.self))
      #expect(readings.contains { $0.rule != nil } == (length == text.utf8.count - 1))
    }
  }
}
