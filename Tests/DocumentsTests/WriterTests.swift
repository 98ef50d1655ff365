import Documents
import SourceText
import TestSupport
import Testing

@Suite struct WriterTests {
  @Test func `YAML is laid out as SigmaHQ's rules are`() {
    let rule = OutputNode.mapping([
      OutputNode.Member("title", .text("Secrets Listed: by Whom")),
      OutputNode.Member("tags", .texts(["attack.credential-access", "attack.t1552.007"])),
      OutputNode.Member(
        "detection",
        .mapping([
          OutputNode.Member(
            "selection",
            .mapping([
              OutputNode.Member("verb|contains", .texts(["list", "*"])), OutputNode.Member("code", .integer(403)),
            ])),
          OutputNode.Member(
            "keywords",
            .list([
              .mapping([OutputNode.Member("a", .text("1")), OutputNode.Member("b", .text("it's"))]),
              .mapping([OutputNode.Member("c", .list([.text("x"), .list([.text("z")])]))]),
            ])),
          OutputNode.Member("condition", .text("selection")),
        ])),
      OutputNode.Member("description", .text("One line.\nAnother, with 'quotes'.\n")),
      OutputNode.Member("falsepositives", .list([])), OutputNode.Member("more", .mapping([])),
    ])
    #expect(
      YAMLWriter.write(rule) == """
        title: 'Secrets Listed: by Whom'
        tags:
            - attack.credential-access
            - attack.t1552.007
        detection:
            selection:
                verb|contains:
                    - list
                    - '*'
                code: 403
            keywords:
                - a: '1'
                  b: it's
                - c:
                      - x
                      - - z
            condition: selection
        description: |
            One line.
            Another, with 'quotes'.
        falsepositives: []
        more: {}

        """)
  }

  @Test(arguments: [
    ("a\nb", "|-\n    a\n    b\n"), ("a\nb\n", "|\n    a\n    b\n"), ("a\nb\n\n", "|+\n    a\n    b\n\n"),
    ("a\n\n  b", "|-\n    a\n\n      b\n"), ("a\n", "|\n    a\n"),
    (" a\nb", "\" a\\nb\"\n"), ("\na", "\"\\na\"\n"), ("a\n \nb", "\"a\\n \\nb\"\n"), ("a\r\nb", "\"a\\r\\nb\"\n"),
    ("a\u{85}\nb", "\"a\\x85\\nb\"\n"), ("\ta\nb", "\"\\ta\\nb\"\n"), ("\n", "\"\\n\"\n"),
  ])
  func `a text of several lines is a block only where that is exact`(text: String, expected: String) {
    #expect(YAMLWriter.write(.text(text)) == expected)
  }

  @Test(arguments: [
    "", " ", "~", "null", "Null", "y", "N", "yes", "No", "on", "OFF", "true", "False", "0", "-1", "+1", "1.5", ".5",
    "1e3",
    "0777", "0o17", "0x1F", "0b1", "1_000", "12:30:45", "2026-01-01", "2026-01-01T10:00:00Z", ".inf", "-.INF", ".nan",
    "=",
    "<<", "- a", "-", "-a", "? a", "a: b", "a:", ": a", "a #b", "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a",
    "'a'",
    "\"a\"", "[a]", "{a}", ",", " a", "a ", "---", "...", "... a", "a\tb", "a\u{7F}", "\u{FEFF}a", "a\u{2028}b",
    "a\u{A0}",
    "\u{0}", "\u{1B}[31m", "11:22:33:44:55:59",
  ])
  func `a text that YAML readers might take for something else is quoted`(text: String) throws {
    let written = YAMLWriter.write(.mapping([OutputNode.Member(text, .text(text))]))
    #expect(written.hasPrefix("'") || written.hasPrefix("\""))
    let member = try #require(try yaml(written).members?.first)
    #expect(member.key.text == text && member.key.kind == .string)
    #expect(member.value.scalar?.text == text && member.value.scalar?.kind == .string)
  }

  @Test(arguments: [
    "a", "kube-system", "10.0.0.0/8", "system:serviceaccount:kube-system:x", "a b", "C:\\Windows", "a'b", "a\"b", "é",
    "日本", "a#b", "a:b", "x-y", "6e0f4e4e-1234-4321-9abc-0123456789ab", "selection and not 1 of filter_*", "a, b",
    "on-call",
  ])
  func `a text that every YAML reader takes for a text stands without quotes`(text: String) throws {
    #expect(YAMLWriter.write(.text(text)) == "\(text)\n")
    #expect(try yaml(YAMLWriter.write(.text(text))).outline == "'\(text)'")
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `YAML that was written is read as the same tree`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<250 {
      let tree = OutputNode.random(levels: 4, using: &random)
      let written = YAMLWriter.write(tree)
      guard tree != .bare("null") else { continue }
      let read = try yaml(written)
      #expect(Array(read.outline.utf8) == Array(tree.outline.utf8), "\(written)")
      #expect(read.ambiguousScalars.isEmpty, "\(written)")
      #expect(read.placesAreRight, "\(written)")
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `JSON that was written is read as the same tree`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<250 {
      let tree = OutputNode.random(levels: 4, using: &random)
      let written = JSONWriter.write(tree)
      let read = try json(written)
      #expect(Array(read.outline.utf8) == Array(tree.outline.utf8), "\(written)")
      #expect(read.placesAreRight, "\(written)")
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `TOML that was written is read as the same tree`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<250 {
      guard case .mapping(let members) = OutputNode.mapping(levels: 4, using: &random).withoutNull.tablesLast,
        !members.isEmpty
      else { continue }
      let written = TOMLWriter.write(members)
      let read = try toml(written)
      #expect(Array(read.outline.utf8) == Array(OutputNode.mapping(members).outline.utf8), "\(written)")
      #expect(read.placesAreRight, "\(written)")
    }
  }

  @Test func `TOML is laid out as Elastic's rules are`() {
    let members = [
      OutputNode.Member(
        "rule",
        .mapping([
          OutputNode.Member("name", .text("Secrets \"Listed\"")),
          OutputNode.Member("query", .text("event.action:list and\n  not user.name:\"x\"\n")),
          OutputNode.Member(
            "threat", .list([.mapping([OutputNode.Member("framework", .text("MITRE ATT&CK"))])])),
          OutputNode.Member("index", .texts(["logs-*"])),
        ])), OutputNode.Member("a key", .boolean(true)),
    ]
    #expect(
      TOMLWriter.write(members) == """
        "a key" = true

        [rule]
        name = 'Secrets "Listed"'
        query = '''
        event.action:list and
          not user.name:"x"
        '''
        index = ["logs-*"]

        [[rule.threat]]
        framework = "MITRE ATT&CK"

        """)
  }
}

extension OutputNode {
  /// The same tree with 0 for null, which TOML does not have.
  fileprivate var withoutNull: OutputNode {
    switch self {
    case .text, .bare: self == .bare("null") ? .integer(0) : self
    case .list(let elements): .list(elements.map(\.withoutNull))
    case .mapping(let members): .mapping(members.map { Member($0.key, $0.value.withoutNull) })
    }
  }

  /// The same tree with the members of tables in the order in which TOML wants them.
  fileprivate var tablesLast: OutputNode {
    guard case .mapping(let members) = self else { return self }
    let inner = members.map { (member) in
      if case .list(let elements) = member.value, !elements.isEmpty, elements.allSatisfy(\.isMapping) {
        return Member(member.key, .list(elements.map(\.tablesLast)))
      }
      return Member(member.key, member.value.tablesLast)
    }
    return .mapping(inner.filter { !$0.value.standsUnderHeaders } + inner.filter(\.value.standsUnderHeaders))
  }

  private var standsUnderHeaders: Bool {
    guard case .list(let elements) = self else { return isMapping }
    return !elements.isEmpty && elements.allSatisfy(\.isMapping)
  }

  private var isMapping: Bool { if case .mapping = self { true } else { false } }
}
