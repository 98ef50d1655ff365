import LanguageSupport
import RuleIR
import Sentinel
import SourceText
import Testing

struct SentinelRuleTests {
  static let file = """
    id: 5f3c1c1e-0d5b-4a35-9f5e-3f0f7c1f2a10
    name: Secrets listed by a person
    description: |
      'Someone listed secrets with a tool of their own.'
    severity: High
    status: Available
    requiredDataConnectors:
      - connectorId: AzureKubernetes
        dataTypes:
          - AKSAudit
    queryFrequency: 15m
    queryPeriod: 1h
    triggerOperator: gt
    triggerThreshold: 0
    tactics:
      - CredentialAccess
      - Discovery
    relevantTechniques:
      - T1552.007
    tags:
      - secrets
    query: |
      AKSAudit
      | where Verb == "list"
        and ObjectRef.resource == "secrets"
      | project TimeGenerated, User
    entityMappings:
      - entityType: Account
        fieldMappings:
          - identifier: Name
            columnName: User_username
    version: 1.2.3
    kind: Scheduled

    """

  static func readings(_ text: String) -> [RuleReading] {
    SentinelRuleReader.read(SourceFile(name: "rule.yaml", text: text), in: ReadingContext())
  }

  @Test func `A rule file is recognised by what it holds`() {
    #expect(SentinelRuleReader.recognises(SourceFile(name: "r.yaml", text: Self.file)))
    #expect(!SentinelRuleReader.recognises(SourceFile(name: "r.txt", text: Self.file)))
    #expect(!SentinelRuleReader.recognises(SourceFile(name: "r.yml", text: "title: a\ndetection: {}\n")))
    #expect(KustoReader.recognises(SourceFile(name: "r.kusto", text: "")))
    #expect(!KustoReader.recognises(SourceFile(name: "r.kuery", text: "a | b")))
  }

  @Test func `A rule file is read with all it says`() throws {
    let reading = try #require(Self.readings(Self.file).first)
    let rule = try #require(reading.rule)
    let metadata = rule.metadata
    #expect(metadata.id == "5f3c1c1e-0d5b-4a35-9f5e-3f0f7c1f2a10")
    #expect(metadata.title == "Secrets listed by a person")
    #expect(metadata.description == "Someone listed secrets with a tool of their own.")
    #expect(metadata.level == .high && metadata.status == "Available")
    #expect(metadata.attack == AttackTags(tactics: ["credential-access", "discovery"], techniques: ["T1552.007"]))
    #expect(metadata.schedule == Schedule(interval: .minutes(15), lookback: .hours(1)))
    #expect(metadata.tags == ["secrets"])
    #expect(metadata.source.values("table") == ["AKSAudit"])
    guard case .predicate(.all(let parts)) = rule.body else {
      Issue.record("\(rule.body)")
      return
    }
    // Places lead through the block scalar into the file.
    #expect(parts.map { $0.origin.range?.line } == [24, 25])
    #expect(parts.map { $0.origin.range?.text } == ["Verb == \"list\"", "ObjectRef.resource == \"secrets\""])
  }

  @Test func `What was read is written back`() throws {
    let rule = try #require(Self.readings(Self.file).first?.rule)
    let written = try SentinelRuleWriter.write(rule, for: TargetSchema())
    let again = try #require(Self.readings(written.text).first?.rule, "\(written.text)")
    #expect(again.metadata.custom.keys.sorted() == rule.metadata.custom.keys.sorted())
    var (before, after) = (rule.metadata, again.metadata)
    (before.custom, after.custom) = (EventObject(), EventObject())
    #expect(before == after)
    #expect(again.metadata.custom["entityMappings"] == rule.metadata.custom["entityMappings"])
    let notes = written.notes
    #expect(notes == ["columns that no mapping describes are taken to hold one value each: ObjectRef.resource, Verb"])
  }

  @Test(arguments: [
    ("gt", 0, nil), ("gt", 5, Threshold.Bound.order(.greater)), ("lt", 3, .order(.less)), ("eq", 2, .equal),
    ("ne", 0, .notEqual), ("GreaterThan", 7, .order(.greater)),
  ])
  func `A trigger counts the rows of a search`(word: String, value: Int, bound: Threshold.Bound?) throws {
    let text = Self.file.replacing("triggerOperator: gt", with: "triggerOperator: \(word)")
      .replacing("triggerThreshold: 0", with: "triggerThreshold: \(value)")
    let rule = try #require(Self.readings(text).first?.rule)
    switch (rule.body, bound) {
    case (.predicate, nil): break
    case (.threshold(let threshold), let bound?):
      #expect(threshold.bound == bound && threshold.value == Number(value))
      #expect(threshold.groupBy.isEmpty && threshold.window == .searchSpan && threshold.measure == .count)
      let written = try SentinelRuleWriter.write(rule, for: TargetSchema())
      let again = try #require(Self.readings(written.text).first?.rule)
      #expect(again.body == rule.body, "\(written.text)")
    case _: Issue.record("\(rule.body)")
    }
  }

  @Test func `Thresholds widen the period of the search`() throws {
    var rule = Rule(
      metadata: RuleMetadata(title: "Burst", level: .critical),
      body: .threshold(
        Threshold(
          .always, groupBy: [FieldPath(keys: "User", "username")], absentKey: .ownGroup, window: .tumbling(.hours(6)),
          .order(.greater), Number(9))))
    rule.metadata.attack.tactics = ["TA0006", "credential_access", "made-up"]
    rule.metadata.references = ["https://example.org"]
    let written = try SentinelRuleWriter.write(rule, for: TargetSchema())
    #expect(written.text.contains("queryPeriod: 6h"))
    #expect(written.text.contains("severity: High"))
    #expect(written.notes.contains("Sentinel's highest severity is High, not critical"))
    #expect(written.notes.contains("Sentinel has no tactic 'made-up'"))
    #expect(written.notes.contains("an analytic rule has no place for references"))
    let again = try #require(Self.readings(written.text).first?.rule)
    #expect(again.body == rule.body)
    #expect(again.metadata.attack.tactics == ["credential-access", "credential-access"])
    #expect(try SentinelRuleWriter.write(rule, for: TargetSchema()).text == written.text)
  }

  @Test func `A rule near real time has no schedule`() throws {
    let text = """
      id: 5f3c1c1e-0d5b-4a35-9f5e-3f0f7c1f2a10
      name: n
      severity: Low
      query: T | where a == "x"
      kind: NRT

      """
    let rule = try #require(Self.readings(text).first?.rule)
    let written = try SentinelRuleWriter.write(rule, for: TargetSchema())
    #expect(written.text.contains("kind: NRT") && !written.text.contains("queryFrequency"))
  }

  @Test func `A stub without a query is refused and names the key`() throws {
    let reading = try #require(Self.readings("id: x\nname: moved\nseverity: Low\n").first)
    #expect(reading.rule == nil && reading.diagnostics.map(\.code) == [.missingKey])
  }

  @Test func `A fault in the query is shown in the file`() throws {
    let text = Self.file.replacing("ObjectRef.resource == \"secrets\"", with: "ObjectRef.resource = \"secrets\"")
    let found = try #require(Self.readings(text).first?.diagnostics.first)
    #expect(found.code == .unexpectedToken)
    #expect(found.primary.map { "\($0.range.line):\($0.range.column)" } == "25:28")
  }
}
