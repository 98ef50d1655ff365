import LanguageSupport
import RuleIR
import Sigma
import SourceText
import Testing

@Suite struct MetadataTests {
  private static let text = """
    title: Secrets listed
    id: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
    name: secrets_listed
    related:
      - id: 6ad91e31-53df-4826-bd27-0166171c8040
        type: similar
    status: test
    description: |
      Somebody lists secrets:
      "all" of them.
    references:
      - https://example.org/a?b=c#d
    author: A. Writer (Some, Company), B. Writer
    date: 2026/01/02
    modified: 2026-02-03
    tags:
      - attack.credential_access
      - attack.t1552.007
      - attack.ta0006
      - attack.g0016
      - cve.2026-1234
    logsource:
      product: kubernetes
      service: audit
      definition: 'Requires: audit logs'
    detection:
      selection:
        verb: list
      condition: selection
    fields: [user.username]
    falsepositives:
      - Controllers
    level: medium
    x-team:
      oncall: yes
      runbook: {steps: [1, 2.50, null, true, "true"]}

    """

  @Test func `Everything a rule says of itself is read`() throws {
    let reading = try #require(SigmaRules.read(Self.text).first)
    let metadata = try #require(reading.rule?.metadata)
    #expect(reading.diagnostics.isEmpty)
    #expect(metadata.title == "Secrets listed")
    #expect(metadata.name == "secrets_listed")
    #expect(metadata.authors == ["A. Writer (Some, Company)", "B. Writer"])
    #expect(metadata.date == "2026-01-02")
    #expect(metadata.attack.tactics == ["credential-access", "TA0006"])
    #expect(metadata.attack.techniques == ["T1552.007"])
    #expect(metadata.tags == ["attack.g0016", "cve.2026-1234"])
    #expect(metadata.level == .medium)
    #expect(metadata.source.vendor == "sigma")
    #expect(metadata.source.selectors == [.init("product", "kubernetes"), .init("service", "audit")])
    #expect(metadata.custom["fields"] == ["user.username"])
    #expect(metadata.custom["logsource"] == ["definition": "Requires: audit logs"])
    #expect(
      metadata.custom["x-team"]?.json
        == #"{"oncall":"yes","runbook":{"steps":[1,2.50,null,true,"true"]}}"#)
  }

  @Test func `What was read is written in the order of the community, and read back`() throws {
    let rule = try #require(SigmaRules.read(Self.text).first?.rule)
    let written = try SigmaWriter.write(rule, for: TargetSchema())
    #expect(written.losses.isEmpty)
    #expect(written.notes.isEmpty)
    let keys = written.text.split(separator: "\n").filter { $0.first != " " && $0.first != "-" }
      .map { String($0.prefix { $0 != ":" }) }
    #expect(
      keys == [
        "title", "id", "name", "related", "status", "description", "references", "author", "date", "modified", "tags",
        "logsource", "detection", "fields", "falsepositives", "level", "x-team",
      ])
    let back = try #require(SigmaRules.read(written.text).first?.rule)
    #expect(back.metadata == rule.metadata)
    #expect(back.body == rule.body)
  }

  @Test func `What is malformed is kept under its own key`() throws {
    let text = "title: t\nlevel: hihg\ndate: soon\nauthor: {a: b}\ndetection:\n  a: x\n  condition: a\n"
    let rule = try #require(SigmaRules.read(text).first?.rule)
    #expect(rule.metadata.level == nil)
    #expect(rule.metadata.custom.keys == ["level", "date", "author"])
    let back = try #require(SigmaRules.read(try SigmaWriter.write(rule, for: TargetSchema()).text).first?.rule)
    #expect(Set(back.metadata.custom.keys) == Set(rule.metadata.custom.keys))
  }

  @Test func `A rule of another vendor gets what Sigma's tools demand`() throws {
    let metadata = RuleMetadata(
      id: "K8s.Secrets", title: "Secrets", status: "production", tags: ["Domain: Kubernetes", "a.b"],
      attack: AttackTags(tactics: ["TA0006"], techniques: ["T1552.007"]),
      source: LogSource(vendor: "elastic", [.init("index", "logs-*")]),
      custom: EventObject([.init(key: "x", value: 1)]), form: "elastic-toml")
    let rule = Rule(
      metadata: metadata,
      body: .predicate(.field(FieldTest(FieldPath(keys: "verb"), .equals(.text("list", .sensitive))))))
    let schema = TargetSchema(source: LogSource(vendor: "sigma", [.init("product", "kubernetes")]))
    let written = try SigmaWriter.write(rule, for: schema)
    #expect(written.notes == ["some tags have no form in Sigma"])
    let back = try #require(SigmaRules.read(written.text).first?.rule?.metadata)
    #expect(back.id == nil)
    #expect(back.name == "K8s.Secrets")
    #expect(back.status == "stable")
    #expect(back.tags == ["a.b"])
    #expect(back.attack == metadata.attack)
    #expect(back.source.selectors == [.init("product", "kubernetes")])
    #expect(back.custom.members.isEmpty)
  }

  @Test func `A rule collection shares its template`() {
    let text = """
      action: global
      title: Remote service
      level: low
      detection:
        selection: {a: x}
        condition: selection or other
      ---
      logsource: {product: windows}
      detection:
        other: {b: y}
      ---
      action: repeat
      level: high
      ---
      action: reset
      ---
      title: Alone
      detection:
        a: x
        condition: a

      """
    let readings = SigmaRules.read(text)
    #expect(readings.map(\.title) == ["Remote service", "Remote service", "Alone"])
    #expect(readings.map { $0.rule?.metadata.level } == [.low, .high, nil])
    #expect(readings.compactMap { $0.rule?.body.predicates.first }.map(\.partCount) == [2, 2, 1])
  }
}

extension Predicate {
  fileprivate var partCount: Int {
    if case .any(let parts) = self { parts.count } else { 1 }
  }
}
