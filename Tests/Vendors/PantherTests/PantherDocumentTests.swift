import LanguageSupport
import Panther
import RuleIR
import SourceText
import Testing

@Suite struct PantherDocumentTests {
  static let list = Predicate.field(FieldTest(FieldPath(keys: "verb"), .equals(.text("list", .sensitive))))
  static let user = FieldPath(keys: "user", "username")
  static let secret = FieldPath(keys: "objectRef", "name")

  static let schema: TargetSchema = {
    var schema = PantherSample.schema
    for path in [user, secret] { schema.columns[path] = .init(spelling: path.description, type: .text) }
    return schema
  }()

  static let metadata = RuleMetadata(
    id: "7a1f2c54-6a0e-4f0f-9d53-0f4c2b7f8e11", title: "Secrets listed", description: "Lists.\nSecond line: \"x\"",
    level: .high, status: "test", authors: ["someone"],
    references: ["https://kubernetes.io/docs/concepts/configuration/secret/", "https://example.org/"],
    tags: ["kubernetes"], attack: AttackTags(tactics: ["credential-access"], techniques: ["T1552.007", "T1613"]))

  static let cases = [
    RuleCase(name: "list: all", event: ["verb": "list", "n": 1, "x": ["a", nil, true, "1"]], fires: true),
    RuleCase(name: "get", event: ["verb": "get"], fires: false),
  ]

  static func back(_ written: WrittenRule) throws -> RuleReading {
    let python = SourceFile(name: "Secrets_listed.py", text: written.text)
    let yaml = SourceFile(name: "rules/Secrets_listed.yml", text: try #require(written.companions.first).text)
    #expect(PantherRuleReader.recognises(yaml))
    #expect(PantherRuleReader.recognises(python))
    #expect(PantherRuleReader.companions(of: yaml) == ["Secrets_listed.py"])
    #expect(PantherRuleReader.companions(of: python) == ["Secrets_listed.yml", "Secrets_listed.yaml"])
    // The Python is read with its YAML, and not a second time.
    let beside = ReadingContext(companions: ["Secrets_listed.yml": yaml])
    #expect(PantherRuleReader.read(python, in: beside).isEmpty)
    let context = ReadingContext(companions: ["Secrets_listed.py": python])
    return try #require(PantherRuleReader.read(yaml, in: context).first)
  }

  @Test func `metadata and tests come back`() throws {
    let rule = Rule(metadata: Self.metadata, body: .predicate(Self.list), cases: Self.cases)
    let written = try PantherRuleWriter.write(rule, for: Self.schema)
    #expect(written.notes == ["Panther has no place for: authors"])
    let reading = try Self.back(written)
    #expect(reading.diagnostics.isEmpty)
    let read = try #require(reading.rule)
    #expect(read.metadata.id == Self.metadata.id)
    #expect(read.metadata.title == Self.metadata.title)
    #expect(read.metadata.description == Self.metadata.description)
    #expect(read.metadata.level == .high)
    #expect(read.metadata.status == "test")
    #expect(read.metadata.references == Self.metadata.references)
    #expect(read.metadata.tags == ["kubernetes"])
    #expect(read.metadata.attack == AttackTags(tactics: ["TA0006"], techniques: ["T1552.007", "T1613"]))
    #expect(read.metadata.source == LogSource(vendor: "panther", [.init("log-type", "Kubernetes.Audit")]))
    #expect(read.metadata.form == "panther")
    #expect(read.cases == Self.cases)
  }

  @Test func `characters that Panther forbids in names are left out`() throws {
    var metadata = Self.metadata
    metadata.id = nil
    metadata.title = "a <b> & \"c\" 100%"
    let written = try PantherRuleWriter.write(Rule(metadata: metadata, body: .predicate(Self.list)), for: Self.schema)
    let yaml = try #require(written.companions.first).text
    #expect(yaml.range(of: "RuleID: a b  c 100\n") != nil)
    #expect(written.notes.count == 3)
  }

  @Test(arguments: ["../../x", "/etc/passwd", "-x", "", "\u{0}", "é", "a/b", String(repeating: "x", count: 300)])
  func `the Python's name is safe`(_ title: String) throws {
    var metadata = Self.metadata
    metadata.title = title
    let written = try PantherRuleWriter.write(Rule(metadata: metadata, body: .predicate(Self.list)), for: Self.schema)
    let yaml = try #require(written.companions.first).text
    let line = try #require(yaml.split(separator: "\n").first { $0.hasPrefix("Filename: ") })
    let name = line.dropFirst("Filename: ".count)
    #expect(name.hasSuffix(".py") && name.count <= 103 && name.count > 3)
    #expect(name.dropLast(3).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
    #expect(name.first != "-")
  }

  @Test func `files of another name name each other`() throws {
    var metadata = Self.metadata
    metadata.description = "Filename: x.py\nFilename: y.py"
    let rule = Rule(metadata: metadata, body: .threshold(Self.thresholds[0]))
    let written = PantherRuleWriter.renamed(try PantherRuleWriter.write(rule, for: Self.schema), to: "other-2")
    let python = SourceFile(name: "out/other-2.py", text: written.text)
    let yaml = SourceFile(name: "out/other-2.yml", text: try #require(written.companions.first).text)
    #expect(PantherRuleReader.companions(of: yaml) == ["other-2.py"])
    let readings = PantherRuleReader.read(yaml, in: ReadingContext(companions: ["other-2.py": python]))
    #expect(readings.first?.rule?.metadata.description == metadata.description)
  }

  @Test func `Python is read with the YAML of its own name, whatever Python that names`() throws {
    let rule = Rule(metadata: Self.metadata, body: .threshold(Self.thresholds[0]))
    let written = try PantherRuleWriter.write(rule, for: Self.schema)
    let python = SourceFile(name: "output.py", text: written.text)
    let yaml = SourceFile(name: "output.yml", text: try #require(written.companions.first).text)
    let reading = try #require(
      PantherRuleReader.read(python, in: ReadingContext(companions: ["output.yml": yaml])).first)
    #expect(reading.rule?.metadata.title == Self.metadata.title)
    guard case .threshold? = reading.rule?.body else {
      Issue.record("no threshold")
      return
    }
  }

  static let thresholds: [Threshold] = [
    Threshold(
      list, groupBy: [user], absentKey: .dropped, window: .sliding(.minutes(10)), .order(.greaterOrEqual), Number(5)),
    Threshold(
      list, groupBy: [user], absentKey: .ownGroup, window: .sliding(.hours(1)), .order(.greaterOrEqual), Number(2)),
    Threshold(
      list, groupBy: [], absentKey: .dropped, window: .sliding(.minutes(1)), .order(.greaterOrEqual), Number(3)),
    Threshold(
      .all([list, .presence(PresenceTest(.value, FieldPath(keys: "a")))]), groupBy: [user], absentKey: .dropped,
      window: .sliding(.minutes(30)), measure: .distinctCount([secret]), .order(.greaterOrEqual), Number(15)),
  ]

  @Test(arguments: thresholds.indices) func `counting comes back`(_ index: Int) throws {
    let threshold = Self.thresholds[index]
    let rule = Rule(metadata: Self.metadata, body: .threshold(threshold))
    let written = try PantherRuleWriter.write(rule, for: Self.schema)
    #expect(written.losses.map(\.feature) == [.slidingWindow])
    let reading = try Self.back(written)
    guard case .threshold(let read)? = reading.rule?.body else {
      Issue.record("no threshold: \(reading.diagnostics)")
      return
    }
    var expected = threshold
    expected.predicate = threshold.predicate.normalised()
    var found = read
    found.predicate = PantherSample.mapped(read.predicate, Self.schema).normalised()
    #expect(found == expected)
  }

  @Test func `a count above a number is one more, and a part of a minute a whole one`() throws {
    let threshold = Threshold(
      Self.list, groupBy: [], absentKey: .dropped, window: .tumbling(TimeSpan(seconds: 61)), .order(.greater),
      Number(5))
    let written = try PantherRuleWriter.write(
      Rule(metadata: Self.metadata, body: .threshold(threshold)), for: Self.schema)
    let yaml = try #require(written.companions.first).text
    #expect(yaml.range(of: "Threshold: 6\n") != nil)
    #expect(yaml.range(of: "DedupPeriodMinutes: 2\n") != nil)
    #expect(written.losses.map(\.feature) == [.tumblingWindow])
  }

  struct Refused: CustomTestStringConvertible, Sendable {
    var yaml: String
    var code: DiagnosticCode
    var place: String
    var testDescription: String { yaml }
  }

  static let head = "AnalysisType: rule\nRuleID: a\nFilename: a.py\n"

  static let refused: [Refused] = [
    Refused(yaml: "AnalysisType: policy\nFilename: a.py\n", code: .unknownKey, place: "PolicyID"),
    Refused(yaml: "AnalysisType: datamodel\nFilename: a.py\n", code: .unsupportedConstruct, place: "datamodel"),
    Refused(yaml: head + "Detection:\n  - x\n", code: .unsupportedConstruct, place: "Detection"),
    Refused(yaml: head + "Severty: High\n", code: .unknownKey, place: "Severty"),
    Refused(yaml: head + "Severity: Grave\n", code: .invalidValue, place: "Grave"),
    Refused(yaml: head + "Threshold: many\n", code: .invalidValue, place: "many"),
    Refused(yaml: "AnalysisType: rule\nRuleID: a\nFilename: b.py\n", code: .unreadableFile, place: "b.py"),
    Refused(yaml: "AnalysisType: rule\nRuleID: a\nFilename: ../a.py\n", code: .invalidValue, place: "../a.py"),
    Refused(yaml: head + "Tests:\n  - Name: x\n", code: .missingKey, place: ""),
  ]

  @Test(arguments: refused) func `a document that is not understood is refused`(_ sample: Refused) throws {
    let yaml = sample.code == .unknownKey && sample.place == "PolicyID" ? sample.yaml + "PolicyID: x\n" : sample.yaml
    let python = SourceFile(name: "a.py", text: "def rule(event):\n    return True\n")
    let readings = PantherRuleReader.read(
      SourceFile(name: "a.yml", text: yaml), in: ReadingContext(companions: ["a.py": python]))
    let reading = try #require(readings.first)
    #expect(reading.rule == nil)
    let error = try #require(reading.diagnostics.first)
    #expect(error.code == sample.code, "\(error.message)")
    if !sample.place.isEmpty { #expect(error.primary?.range.text == sample.place) }
  }

  @Test func `events counted by the alert's title are refused`() throws {
    let python = SourceFile(
      name: "a.py", text: "def rule(event):\n    return True\n\n\ndef title(event):\n    return f\"{event}\"\n")
    func reading(_ yaml: String) throws -> RuleReading {
      let context = ReadingContext(companions: ["a.py": python])
      return try #require(PantherRuleReader.read(SourceFile(name: "a.yml", text: yaml), in: context).first)
    }
    #expect(try reading(Self.head).rule != nil)
    let error = try #require(try reading(Self.head + "Threshold: 5\n").diagnostics.first)
    #expect(error.code == .unsupportedConstruct)
    #expect(error.primary?.range.text == "title")
  }
}
