import Documents
import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Splunk

@Suite struct RuleFileTests {
  static let older = """
    name: Secrets Read by a Person
    id: 6b7ae9d6-41c5-4bd5-9bd1-41c3a7a1d2e4
    version: 2
    date: '2024-09-30'
    author: Ada One, Ben Two
    status: production
    type: Anomaly
    description: A person reads a secret.
    data_source:
    - Kubernetes Audit
    search: '`kube_audit` objectRef.resource=secrets verb=get
      | search NOT `kube_allowed_user_names`
      | stats count by user.username
      | `secrets_read_by_a_person_filter`'
    how_to_implement: Collect the audit log.
    known_false_positives: administrators
    references:
    - https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
    tags:
      analytic_story:
      - Kubernetes Security
      asset_type: Kubernetes
      confidence: 70
      message: $user.username$ read a secret
      mitre_attack_id:
      - T1552.007
      observable:
      - name: user.username
        type: User
        role:
        - Victim
      - name: src_ip
        type: IP Address
        role:
        - Attacker
      product:
      - Splunk Enterprise
      risk_score: 49
      security_domain: network
    """

  static let allowed = SourceFile(
    name: "macros/kube_allowed_user_names.yml",
    text: """
      definition: user.username=admin
      description: Names that may read secrets.
      name: kube_allowed_user_names
      """)

  private func read(_ text: String, macros: [SourceFile] = [allowed]) -> RuleReading {
    DetectionReader.read(SourceFile(name: "secrets.yml", text: text), in: ReadingContext(macroFiles: macros))[0]
  }

  @Test func `A detection of 2024 is read with its scores and ids`() throws {
    let reading = read(Self.older)
    let rule = try #require(reading.rule, "\(reading.diagnostics)")
    let metadata = rule.metadata
    #expect(metadata.title == "Secrets Read by a Person")
    #expect(metadata.authors == ["Ada One", "Ben Two"])
    #expect(metadata.level == .medium)
    #expect(metadata.attack.techniques == ["T1552.007"])
    #expect(metadata.source.selectors == [.init("macro", "kube_audit")])
    #expect(
      try PredicateOutline(.terse).text(of: #require(rule.body.predicates.first)) == """
        all
          ["objectRef.resource"] = untyped "secrets" ~
          verb = untyped "get" ~
          not
            ["user.username"] = untyped "admin" ~
          ["user.username"] has a value
        """)
  }

  @Test func `The allow-list that a macro holds is never dropped`() {
    let reading = read(Self.older, macros: [])
    #expect(reading.rule == nil)
    #expect(reading.diagnostics.map(\.code) == [.unknownMacro])
    #expect(reading.diagnostics.first?.primary?.range.line == 12)
  }

  @Test func `A detection is written in the newer form and read back`() throws {
    let rule = try #require(read(Self.older).rule)
    let written = try DetectionWriter.write(rule, for: TargetSchema())
    #expect(written.losses == [])
    let document = try #require(try YAMLReader.read(SourceFile(name: "x.yml", text: written.text)).first)
    #expect(document["rba"]?["message"]?.text == "$user.username$ read a secret")
    #expect(document["rba"]?["risk_objects"]?.elements?.first?["score"]?.text == "49")
    #expect(document["rba"]?["threat_objects"]?.elements?.isEmpty == true)
    #expect(written.notes.contains { $0.contains("'src_ip'") })
    #expect(document["tags"]?["risk_score"] == nil)
    #expect(document["search"]?.text?.hasSuffix("| `secrets_read_by_a_person_filter`") == true)
    let again = try #require(read(written.text).rule)
    #expect(again.metadata.level == .medium)
    #expect(again.metadata.id == rule.metadata.id)
    #expect(again.metadata.source == rule.metadata.source)
    #expect(
      again.body.predicates.map { $0.normalised() } == rule.body.predicates.map { $0.normalised() })
  }

  @Test func `A detection is written in the form of 2024 and read back`() throws {
    let rule = try #require(read(Self.older).rule)
    let written = try OlderDetectionWriter.write(rule, for: TargetSchema())
    let document = try #require(try YAMLReader.read(SourceFile(name: "x.yml", text: written.text)).first)
    #expect(document["rba"] == nil)
    let tags = try #require(document["tags"])
    #expect(tags["risk_score"]?.text == "49" && tags["confidence"]?.text == "70")
    #expect(tags["message"]?.text == "$user.username$ read a secret")
    #expect(tags["observable"]?.elements?.count == 2)
    let again = try #require(read(written.text).rule)
    #expect(again.metadata.level == .medium && again.metadata.attack == rule.metadata.attack)
    #expect(again.body.predicates.map { $0.normalised() } == rule.body.predicates.map { $0.normalised() })
    // From the newer form and back the scores are whole as well.
    let newer = try #require(read(try DetectionWriter.write(rule, for: TargetSchema()).text).rule)
    let older = try OlderDetectionWriter.write(newer, for: TargetSchema()).text
    let scores = try #require(try YAMLReader.read(SourceFile(name: "x.yml", text: older)).first?["tags"])
    #expect(scores["risk_score"]?.text == "49" && scores["impact"]?.text == "49")
    #expect(scores["confidence"]?.text == "100")
    #expect(scores["observable"]?.elements?.first?["name"]?.text == "user.username")
  }

  @Test func `Risk goes through a saved search and back`() throws {
    let rule = try #require(read(Self.older).rule)
    let saved = try SavedSearchWriter.write(rule, for: TargetSchema()).text
    #expect(
      saved.contains(
        #"action.risk.param._risk = [{"risk_object_field":"user.username","risk_object_type":"user","risk_score":49}]"#)
    )
    let again = try #require(readSaved(saved)[0].rule)
    let detection = try DetectionWriter.write(again, for: TargetSchema()).text
    let document = try #require(try YAMLReader.read(SourceFile(name: "x.yml", text: detection)).first)
    #expect(document["rba"]?["message"]?.text == "$user.username$ read a secret")
    #expect(document["rba"]?["risk_objects"]?.elements?.first?["score"]?.text == "49")
    #expect(again.metadata.attack == rule.metadata.attack && again.metadata.level == rule.metadata.level)
    let broken = saved.split(separator: #"[{"risk"#).joined(separator: #"{"risk"#)
    #expect(readSaved(broken)[0].rule != nil)
  }

  @Test func `A fault in the search is shown in the file's own line`() {
    let broken = Self.older.split(separator: "verb=get").joined(separator: "verb=")
    let reading = read(broken)
    #expect(
      reading.diagnostics.map { DiagnosticRenderer().render($0) }.joined() == """
        error[unexpected-token]: expected a value, found the end of the text
          --> secrets.yml:11:55
           |
        11 | search: '`kube_audit` objectRef.resource=secrets verb=
           |                                                       ^ expected a value
        """)
    #expect(reading.rule == nil)
  }

  @Test func `A detection without a search is refused`() {
    #expect(read("name: x\nhow_to_implement: y\n").diagnostics.map(\.code) == [.missingKey])
    #expect(read("- a\n").diagnostics.map(\.code) == [.wrongType])
  }

  @Test func `Files are recognised by what they hold`() {
    let detection = SourceFile(name: "a.yml", text: Self.older)
    let sigma = SourceFile(name: "b.yml", text: "title: x\nlogsource:\n  product: kubernetes\ndetection: {}\n")
    let saved = SourceFile(name: "savedsearches.conf", text: "[a]\nsearch = verb=get\n")
    let macros = SourceFile(name: "macros.conf", text: "[a]\ndefinition = x\n")
    #expect(DetectionReader.recognises(detection))
    #expect(!DetectionReader.recognises(sigma))
    #expect(SavedSearchReader.recognises(saved))
    #expect(!SavedSearchReader.recognises(macros))
    #expect(SPLReader.recognises(SourceFile(name: "a.spl", text: "")))
  }

  // MARK: Saved searches

  static let saved = """
    [default]
    dispatch.latest_time = now

    [Secrets read]
    search = verb=get \\
    objectRef.resource=secrets | stats count by user.username | where count > 5
    # a comment
    cron_schedule = */15 * * * *
    dispatch.earliest_time = -30m@m
    alert.severity = 5
    action.correlationsearch.annotations = {"mitre_attack": ["T1552", "T1078"], "nist": []}
    description = People who read many secrets.

    [Without a search]
    disabled = 1

    [Broken]
    search = verb=get OR
    """

  private func readSaved(_ text: String) -> [RuleReading] {
    SavedSearchReader.read(SourceFile(name: "savedsearches.conf", text: text), in: ReadingContext())
  }

  @Test func `Each stanza with a search is a rule`() throws {
    let readings = readSaved(Self.saved)
    #expect(readings.map(\.title) == ["Secrets read", "Broken"])
    let rule = try #require(readings[0].rule)
    #expect(rule.metadata.level == .high)
    #expect(rule.metadata.attack.techniques == ["T1552", "T1078"])
    #expect(rule.metadata.schedule == Schedule(interval: .minutes(15), lookback: .minutes(30)))
    guard case .threshold(let threshold) = rule.body else {
      Issue.record("no threshold")
      return
    }
    #expect(threshold.bound == .order(.greater))
    #expect(readings[1].diagnostics.first?.primary?.range.line == 18)
  }

  @Test func `What the default stanza sets holds for the others`() throws {
    let readings = readSaved(
      "[default]\ndispatch.earliest_time = -1h@h\nalert.severity = 5\nsearch = a=1\n"
        + "[one]\nsearch = b=1\n[two]\nsearch = c=1\nalert.severity = 6\n[three]\ndisabled = 1\n")
    #expect(readings.map(\.title) == ["one", "two"])
    #expect(readings.map { $0.rule?.metadata.level } == [.high, .critical])
    #expect(readings.map { $0.rule?.metadata.schedule?.lookback } == [.hours(1), .hours(1)])
  }

  @Test func `A saved search is written and read back`() throws {
    let rule = try #require(readSaved(Self.saved)[0].rule)
    let written = try SavedSearchWriter.write(rule, for: TargetSchema())
    let again = try #require(readSaved(written.text)[0].rule)
    #expect(again.body == rule.body)
    #expect(again.metadata.title == rule.metadata.title)
    #expect(again.metadata.level == rule.metadata.level)
    #expect(again.metadata.schedule == rule.metadata.schedule)
    #expect(again.metadata.attack == rule.metadata.attack)
    #expect(again.metadata.description == rule.metadata.description)
  }

  @Test func `A rule that remembers events looks back far enough, and reports what is recent`() throws {
    var rule = Rule(
      metadata: RuleMetadata(title: "New user"),
      body: .newTerms(NewTerms(text("verb", "get"), fields: [FieldPath(named: "user")], history: .days(7))))
    let recent = #"| where _time>=relative_time(now(),"-70m@m")"#
    let saved = try SavedSearchWriter.write(rule, for: TargetSchema()).text
    #expect(saved.contains("dispatch.earliest_time = -10150m\n") && saved.contains(recent))
    let detection = try DetectionWriter.write(rule, for: TargetSchema()).text
    #expect(detection.contains("earliest=-10150m verb=") && detection.contains(recent))
    for again in [readSaved(saved)[0].rule, read(detection).rule] {
      let again = try #require(again)
      guard case .newTerms(let terms) = again.body else {
        Issue.record("no new terms")
        continue
      }
      #expect(terms.history == .days(7) && terms.fields == [FieldPath(named: "user")])
      #expect(again.metadata.schedule?.lookback == .minutes(70))
    }
    rule.body = .threshold(
      Threshold(
        text("verb", "get"), groupBy: [], absentKey: .dropped, window: .tumbling(.days(1)), .order(.greater), Number(5))
    )
    #expect(try DetectionWriter.write(rule, for: TargetSchema()).text.contains("earliest=-1d verb="))
    #expect(try SavedSearchWriter.write(rule, for: TargetSchema()).text.contains("dispatch.earliest_time = -1d\n"))
    rule.metadata.schedule = Schedule(interval: .minutes(45), lookback: .hours(2))
    let notes = try SavedSearchWriter.write(rule, for: TargetSchema()).notes
    #expect(notes.contains { $0.contains("no cron line runs every 45m") })
  }

  @Test(arguments: ["a]\n[b", "x\nsearch = y", "", "a\\", "-->", "]]>", "#x"])
  func `A title or description stays in its line`(_ text: String) throws {
    var rule = try #require(readSaved(Self.saved)[0].rule)
    rule.metadata.title = text
    rule.metadata.description = text
    let saved = try SavedSearchWriter.write(rule, for: TargetSchema())
    let readings = readSaved(saved.text)
    #expect(readings.count == 1)
    #expect(readings.first?.rule?.body == rule.body)
    let detection = try DetectionWriter.write(rule, for: TargetSchema())
    #expect(read(detection.text).rule?.body == rule.body, "\(detection.text)")
  }

  @Test func `A detection has what the content repository demands`() throws {
    var rule = Rule(body: .predicate(text("verb", "get")))
    rule.metadata.title = "A rule"
    rule.metadata.id = "Vendor.Rule"
    rule.metadata.date = "2024/01/31"
    rule.metadata.status = "production"
    rule.metadata.references = ["https://example.org/", "a book"]
    rule.metadata.attack = AttackTags(techniques: ["T1552.007", "S0154"])
    let document = try YAMLReader.read(
      SourceFile(name: "a.yml", text: DetectionWriter.write(rule, for: TargetSchema()).text))[0]
    let id = try #require(document["id"]?.text)
    #expect(MadeIdentifier.isUUID(id) && id == MadeIdentifier.uuid(for: "Vendor.Rule"))
    #expect(id != MadeIdentifier.uuid(for: "Vendor.Rule2"))
    #expect(document["date"]?.text == "2024-01-31")
    #expect(document["status"]?.text == "experimental")
    #expect(document["references"]?.texts == ["https://example.org/"])
    #expect(document["tags"]?["mitre_attack_id"]?.texts == ["T1552.007"])
  }

  @Test func `Without a risk object whose field the search has a rule is one for hunting`() throws {
    let text = Self.older.split(separator: "name: user.username").joined(separator: "name: nobody")
    let written = try DetectionWriter.write(try #require(read(text).rule), for: TargetSchema())
    #expect(written.text.contains("type: Hunting") && !written.text.contains("rba:"))
    #expect(written.notes.contains { $0.contains("'nobody'") })
  }

  @Test func `Cron lines of plain intervals are kept`() {
    for span in [TimeSpan.minutes(1), .minutes(5), .minutes(15), .hours(1), .hours(6), .days(1)] {
      #expect(CronSchedule.interval(CronSchedule.line(span)) == span)
    }
  }

  @Test(arguments: ["[open\n", "[a]\nno setting\n"])
  func `A broken configuration file is refused with its line`(_ text: String) {
    let readings = readSaved(text)
    #expect(readings.count == 1)
    #expect(readings[0].diagnostics.map(\.code) == [.malformedDocument])
  }
}
