import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Elastic

@Suite struct RuleFileWritingTests {
  private static let predicate = Predicate.field(
    FieldTest(FieldPath(named: "kubernetes.audit.verb"), .equals(.text("list", .sensitive))))

  private static let metadata = RuleMetadata(
    id: "5c6b2a0e", title: "Secrets \"listed\"", description: "Two\nlines.", level: .high, authors: ["A"],
    date: "2026-03-10", references: ["https://example.org"], falsePositives: ["Backups"], tags: ["x"],
    attack: AttackTags(tactics: ["credential-access", "TA0007"], techniques: ["T1552.007", "T1613"]),
    source: LogSource(vendor: "elastic", [.init("index", "logs-kubernetes.audit_logs-*")]),
    schedule: Schedule(interval: .minutes(10), lookback: .minutes(11)), form: "sigma")

  @Test func `A rule is one line that Kibana takes`() throws {
    let written = try ElasticNDJSON.write(
      Rule(metadata: Self.metadata, body: .predicate(Self.predicate)), for: TargetSchema())
    #expect(
      written.text == #"""
        {"rule_id":"5c6b2a0e","name":"Secrets \"listed\"","description":"Two\nlines.","severity":"high",\#
        "risk_score":73,"author":["A"],"tags":["x"],"references":["https://example.org"],\#
        "false_positives":["Backups"],"type":"query","language":"kuery","query":"kubernetes.audit.verb:\"list\"",\#
        "index":["logs-kubernetes.audit_logs-*"],"from":"now-11m","to":"now","interval":"10m","threat":[\#
        {"framework":"MITRE ATT&CK","tactic":{"id":"TA0006","name":"Credential Access",\#
        "reference":"https://attack.mitre.org/tactics/TA0006/"},"technique":[{"id":"T1552","name":"T1552",\#
        "reference":"https://attack.mitre.org/techniques/T1552/","subtechnique":[{"id":"T1552.007",\#
        "name":"T1552.007","reference":"https://attack.mitre.org/techniques/T1552/007/"}]},\#
        {"id":"T1613","name":"T1613","reference":"https://attack.mitre.org/techniques/T1613/"}]},\#
        {"framework":"MITRE ATT&CK","tactic":{"id":"TA0007","name":"Discovery",\#
        "reference":"https://attack.mitre.org/tactics/TA0007/"}}]}

        """#)
    #expect(written.notes == ["all techniques are written under the tactic 'Credential Access'"])
  }

  static let bodies: [RuleBody] = [
    .predicate(predicate),
    .threshold(
      Threshold(
        predicate, groupBy: [FieldPath(named: "user.name")], absentKey: .dropped, window: .searchSpan,
        .order(.greaterOrEqual), Number(5))),
    .threshold(
      Threshold(
        predicate, groupBy: [], absentKey: .dropped, window: .searchSpan,
        measure: .distinctCount([FieldPath(named: "a")]), .order(.greaterOrEqual), Number(3))),
    .newTerms(NewTerms(predicate, fields: [FieldPath(named: "user.name")], history: .days(7))),
  ]

  @Test(arguments: bodies)
  func `What was written is read back as the same rule`(body: RuleBody) throws {
    let rule = Rule(metadata: Self.metadata, body: body)
    let line = try ElasticNDJSON.write(rule, for: TargetSchema())
    let file = try ElasticTOML.write(rule, for: TargetSchema())
    let readings =
      ElasticNDJSON.read(SourceFile(name: "r.ndjson", text: line.text), in: ReadingContext())
      + ElasticTOML.read(SourceFile(name: "r.toml", text: file.text), in: ReadingContext())
    #expect(readings.count == 2)
    for reading in readings {
      #expect(reading.diagnostics.isEmpty, "\(file.text)")
      let read = try #require(reading.rule)
      #expect(
        read.body.mapPredicates { $0.withoutTypes.normalised() } == body.mapPredicates { $0.withoutTypes.normalised() })
      #expect(read.metadata.title == Self.metadata.title)
      #expect(read.metadata.description == Self.metadata.description)
      #expect(read.metadata.level == .high)
      #expect(read.metadata.attack.techniques == ["T1552", "T1552.007", "T1613"])
      #expect(read.metadata.schedule == Self.metadata.schedule)
      #expect(read.metadata.source.selectors == Self.metadata.source.selectors)
    }
  }

  @Test func `A rule of Elastic's keeps what it said beside its query`() throws {
    let text = RuleFileReadingTests.toml("[rule.alert_suppression]\ngroup_by = [\"a\"]")
    let first = ElasticTOML.read(SourceFile(name: "r.toml", text: text), in: ReadingContext())
    let rule = try #require(first.first?.rule)
    let written = try ElasticTOML.write(rule, for: TargetSchema())
    let again = try #require(
      ElasticTOML.read(SourceFile(name: "r.toml", text: written.text), in: ReadingContext()).first?.rule)
    #expect(again.metadata.attack == rule.metadata.attack)
    #expect(Set(again.metadata.custom.keys) == Set(rule.metadata.custom.keys))
    for key in rule.metadata.custom.keys { #expect(again.metadata.custom[key] == rule.metadata.custom[key]) }
    #expect(again.metadata.date == rule.metadata.date)
    #expect(written.notes.isEmpty)
  }

  @Test(arguments: [
    (Threshold.Bound.order(.greater), Number(4), 5), (.order(.greaterOrEqual), Number(0), 1), (.equal, Number(3), 3),
  ])
  func `A bound is written as the least count that meets it`(bound: Threshold.Bound, value: Number, least: Int) throws {
    let threshold = Threshold(
      Self.predicate, groupBy: [], absentKey: .dropped, window: .searchSpan, bound, value)
    let written = try ElasticNDJSON.write(Rule(body: .threshold(threshold)), for: TargetSchema())
    #expect(written.text.contains(#""threshold":{"field":[],"value":\#(least)}"#))
    #expect(written.losses.map(\.drift) == (bound == .equal ? [.broader] : []))
  }

  @Test(arguments: [
    (Threshold.Bound.order(.less), Threshold.Measure.count, 1), (.notEqual, .count, 1),
    (.order(.greater), .sum(FieldPath(named: "a")), 1), (.order(.greater), .count, 6),
    (.order(.greater), .distinctCount([FieldPath(named: "f0")]), 1),
  ])
  func `What a threshold rule cannot count is refused`(
    bound: Threshold.Bound, measure: Threshold.Measure, groups: Int
  ) {
    let threshold = Threshold(
      Self.predicate, groupBy: (0..<groups).map { FieldPath(named: "f\($0)") }, absentKey: .dropped,
      window: .searchSpan, measure: measure, bound, Number(5))
    #expect(throws: Diagnostic.self) { try KueryQuery.write(Rule(body: .threshold(threshold)), for: TargetSchema()) }
  }

  @Test func `A sliding window is looked back over in five runs`() throws {
    let threshold = Threshold(
      Self.predicate, groupBy: [], absentKey: .dropped, window: .sliding(.minutes(10)), .order(.greaterOrEqual),
      Number(5))
    let written = try KueryQuery.write(Rule(body: .threshold(threshold)), for: TargetSchema())
    #expect(written.schedule == Schedule(interval: .minutes(2), lookback: .minutes(10)))
    #expect(written.losses.map(\.drift) == [.narrower])
  }

  @Test func `A rule without an id gets one that stays the same`() throws {
    let rule = Rule(metadata: RuleMetadata(title: "Sécrets, listed!"), body: .predicate(Self.predicate))
    let written = try ElasticNDJSON.write(rule, for: TargetSchema())
    #expect(written.text.contains(#""rule_id":"s-crets-listed""#))
    #expect(written.notes.contains("the rule has no id: one is made from its title"))
  }

  @Test func `What the model does not hold is refused with its place`() {
    let rest = Unmodelled(text: "x", understood: nil, reason: "EQL query")
    for writer in Elastic.writers {
      #expect(throws: Diagnostic.self) { try writer.write(Rule(body: .unmodelled(rest)), for: TargetSchema()) }
    }
  }
}
