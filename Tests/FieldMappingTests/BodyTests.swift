import FieldMapping
import RuleIR
import SourceText
import Testing

@Suite struct BodyTests {
  private static func get(_ field: String) -> Predicate { named(field, text("get")) }

  private static func mapped(_ body: RuleBody, from vendor: String) throws -> RuleBody? {
    try CarriedMapping.mapping().toEvent(Rule(body: body), from: vendor, unmapped: .error).rule?.body
  }

  @Test func `the fields of a threshold are mapped both ways`() throws {
    let body = RuleBody.threshold(
      Threshold(
        Self.get("kubernetes.audit.verb"),
        groupBy: [FieldPath(named: "user.name"), FieldPath(named: "data_stream.dataset")], absentKey: .dropped,
        window: .searchSpan, measure: .distinctCount([FieldPath(named: "kubernetes.audit.objectRef.name")]),
        .order(.greater), Number(5)))
    guard case .threshold(let event)? = try Self.mapped(body, from: "elastic") else {
      Issue.record("no threshold")
      return
    }
    #expect(event.groupBy == [FieldPath(keys: "user", "username")])
    #expect(event.measure == .distinctCount([FieldPath(keys: "objectRef", "name")]))
    #expect(outline(event.predicate) == "verb = \"get\"")
    let rule = Rule(body: .threshold(event))
    guard
      case .threshold(let sentinel)? = try CarriedMapping.mapping().toVendor(rule, "sentinel", unmapped: .error).rule?
        .body
    else {
      Issue.record("no threshold")
      return
    }
    #expect(sentinel.groupBy == [FieldPath(keys: "User", "username")])
    #expect(sentinel.measure == .distinctCount([FieldPath(keys: "ObjectRef", "name")]))
  }

  @Test func `an empty text in a group is absent where it is not stored`() throws {
    let body = RuleBody.threshold(
      Threshold(
        Self.get("kubernetes.audit.verb"), groupBy: [FieldPath(named: "kubernetes.audit.objectRef.apiGroup")],
        absentKey: .dropped, window: .searchSpan, .order(.greater), Number(5)))
    guard case .threshold(let event)? = try Self.mapped(body, from: "elastic") else {
      Issue.record("no threshold")
      return
    }
    #expect(
      outline(event.predicate) == "all\n  verb = \"get\"\n  not\n    objectRef.apiGroup = \"\"")
    let mapping = try CarriedMapping.mapping()
    let back = mapping.toVendor(Rule(body: .threshold(event)), "elastic", unmapped: .error)
    #expect(back.losses.isEmpty)
    var plain = event
    plain.predicate = .field(FieldTest(FieldPath(keys: "verb"), text("get")))
    let loss = mapping.toVendor(Rule(body: .threshold(plain)), "elastic", unmapped: .error)
    #expect(loss.losses.map(\.drift) == [.narrower])
  }

  @Test func `the fields of new terms and sequences are mapped`() throws {
    let terms = RuleBody.newTerms(
      NewTerms(Self.get("event.action"), fields: [FieldPath(named: "user_agent.original")], history: .days(7)))
    guard case .newTerms(let event)? = try Self.mapped(terms, from: "elastic") else {
      Issue.record("no new terms")
      return
    }
    #expect(event.fields == [FieldPath(keys: "userAgent")])
    let step = EventSequence.Step(Self.get("event.action"), joinedBy: [FieldPath(named: "user.name")])
    let sequence = RuleBody.sequence(EventSequence(.ordered, [step, step], span: .minutes(1), until: step))
    guard case .sequence(let mapped)? = try Self.mapped(sequence, from: "elastic") else {
      Issue.record("no sequence")
      return
    }
    let all = mapped.steps + [try #require(mapped.until)]
    #expect(all.allSatisfy { $0.joinedBy == [FieldPath(keys: "user", "username")] })
    #expect(all.allSatisfy { outline($0.predicate) == "verb = \"get\"" })
  }

  @Test func `what was understood of an unmodelled rule is mapped as far as it goes`() throws {
    let body = RuleBody.unmodelled(
      Unmodelled(text: "…", understood: .all([Self.get("verb"), named("foo", text("x"))]), reason: "a join"))
    guard case .unmodelled(let rest)? = try Self.mapped(body, from: "sigma") else {
      Issue.record("refused")
      return
    }
    #expect(outline(rest.understood) == "all\n  verb = \"get\"\n  foo = \"x\"")
  }

  @Test func `events cannot be grouped by what two values stand for`() throws {
    let file = SourceFile(
      name: "m.yml",
      text: """
        name: m
        title: t
        applies-to: { elastic: { index: logs-* } }
        fields: [{ event: a, type: text, elastic: { name: b, values: { x: u, y: u } } }]
        """)
    let mapping = try #require(MappingReader.read(file, vendors: ["elastic"]).mapping)
    let body = RuleBody.newTerms(NewTerms(.always, fields: [FieldPath(named: "b")], history: .days(1)))
    let mapped = mapping.toEvent(Rule(body: body), from: "elastic", unmapped: .error)
    #expect(mapped.diagnostics.map(\.code) == [.untranslatable])
  }
}
