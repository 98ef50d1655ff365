import LanguageSupport
import Matcher
import RuleIR
import Sigma
import SourceText
import Testing

/// Blocks and indices that choose elements of lists.
@Suite struct ArrayTests {
  private static func read(_ selection: String, version: String = "sigma-version: 3\n") -> RuleReading? {
    let lines = selection.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return SigmaRules.read(version + SigmaRules.text(detection: "s:\n\(lines)\ncondition: s")).first
  }

  private static let tcp: EventValue = ["protocol": "TCP", "port": 22, "tags": ["kube-a", "b"]]
  private static let udp: EventValue = ["protocol": "UDP", "port": 22, "tags": ["kube-a", "kube-b"]]
  private static let other: EventValue = ["protocol": "TCP", "port": 80]
  /// Lists of connections: nothing, an empty list, one, and several.
  private static let events: [EventValue] = [
    [:], ["c": []], ["c": [tcp]], ["c": [udp]], ["c": [udp, other]], ["c": [tcp, udp]],
  ]

  /// A selection, and its verdicts: `+` where it fires.
  static let rows: [(selection: String, verdicts: String)] = [
    ("c[any]:\n  protocol: tcp\n  port: 22", "--+--+"),
    // Without a block each test may be met by another element.
    ("c.protocol: tcp\nc.port: 22", "--+-++"),
    ("c[all]: {port: 22}", "--++-+"),
    ("c[all_or_empty]: {port: 22}", "++++-+"),
    ("c[none]: {protocol: UDP}", "+++---"),
    ("c[any]:\n  - {protocol: TCP, port: 80}\n  - {protocol: UDP, port: 22}", "---+++"),
    ("c[any]:\n  a: {protocol: TCP}\n  b: {port: 22}\n  condition: a and not b", "----+-"),
    ("c[0].protocol: UDP", "---++-"),
    ("c[-1].protocol: UDP", "---+-+"),
    ("c[any]:\n  tags[all]: {'.|startswith': kube}", "---+++"),
    ("c[any]:\n  tags[none]: {'.': b}\n  port: 22", "---+++"),
    ("c[any]:\n  tags[0]: kube-a", "--++++"),
  ]

  @Test func `A block is about one element, by each quantifier`() throws {
    for (selection, verdicts) in Self.rows {
      let reading = try #require(Self.read(selection))
      let predicate = try #require(
        reading.rule?.body.predicates.first, "\(selection)\n\(SigmaRules.rendered(reading.diagnostics))")
      let matcher = try TreeMatcher(predicate)
      #expect(try Self.events.map { try matcher.matches($0) ? "+" : "-" }.joined() == verdicts, "\(selection)")
    }
  }

  @Test func `What is read is written so that it is read back`() throws {
    for (selection, _) in Self.rows {
      let rule = try #require(Self.read(selection)?.rule)
      let written = try SigmaWriter.write(rule, for: TargetSchema())
      #expect(written.losses.isEmpty, "\(selection)")
      let back = SigmaRules.read(written.text).first
      #expect(
        back?.rule?.body.predicates.map { $0.normalised() } == rule.body.predicates.map { $0.normalised() },
        "\(written.text)\(SigmaRules.rendered(back?.diagnostics ?? []))")
      #expect(back?.rule?.metadata == rule.metadata, "\(written.text)")
    }
  }

  @Test func `A rule that needs brackets gets the version that reads them`() throws {
    let element = ElementTest(
      FieldPath(named: "a[b"), .field(FieldTest(.element, .equals(.text("x", .insensitive)))))
    let rule = Rule(body: .predicate(.some(element)))
    let text = try SigmaWriter.write(rule, for: TargetSchema(source: LogSource(vendor: "sigma"))).text
    #expect(text.contains("sigma-version: 3\n"))
    #expect(text.contains(#"a\[b[any]"#))
    #expect(SigmaRules.read(text).first?.rule?.body.predicates.first?.normalised() == .some(element).normalised())
  }

  @Test func `Below the third version a bracket is part of the name`() throws {
    for version in ["", "sigma-version: 2\n", "sigma-version: 2.1.0\n"] {
      let predicate = try #require(Self.read("'c[any]': x", version: version)?.rule?.body.predicates.first)
      #expect(predicate == .field(FieldTest(FieldPath(named: "c[any]"), .equals(.untyped("x", .insensitive)))))
    }
    let escaped = try #require(Self.read(#"'c\[any\]': x"#)?.rule?.body.predicates.first)
    #expect(escaped == .field(FieldTest(FieldPath(named: "c[any]"), .equals(.untyped("x", .insensitive)))))
  }

  /// What cannot be read, and the code of the fault.
  static let faults: [(selection: String, code: DiagnosticCode)] = [
    ("c[some]: {a: b}", .invalidValue), ("'c[': {a: b}", .invalidValue), ("'[any]': {a: b}", .invalidValue),
    ("c[any].a: b", .invalidValue), ("c[any]: x", .wrongType), ("c[any]: [x]", .wrongType),
    ("c[any]|contains: {a: b}", .invalidModifierChain), ("c[any]: {a: b, condition: c}", .unknownIdentifier),
    ("c[any]: {a: b, condition: }", .wrongType), ("c[any]: {}", .emptySelection),
    ("c[any]:\n  a: {x: y}\n  condition: a | count() > 5", .unexpectedToken),
  ]

  @Test func `What chooses no elements is refused by name`() throws {
    for (selection, code) in Self.faults {
      let reading = try #require(Self.read(selection))
      #expect(reading.rule == nil, "\(selection)")
      #expect(reading.diagnostics.contains { $0.code == code && $0.severity == .error }, "\(selection)")
    }
  }

  @Test func `A version that is not known is refused`() throws {
    #expect(
      Self.read("a: b", version: "sigma-version: 4\n")?.diagnostics.map(\.code).contains(.unsupportedConstruct) == true)
    #expect(Self.read("a: b", version: "sigma-version: new\n")?.diagnostics.map(\.code).contains(.invalidValue) == true)
  }
}
