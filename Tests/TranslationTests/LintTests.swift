import FieldMapping
import LanguageSupport
import RuleIR
import SourceText
import Testing
import Translation

/// What `check` says of rules that can be read.
@Suite struct LintTests {
  static func rule(_ detection: String, header: String = "", source: String = "product: windows") -> String {
    let lines = detection.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    return "title: A rule\nid: 0f2d6b1e-6b0e-4f7e-9d0a-2b8f5f0f7a11\n\(header)logsource:\n  \(source)\ndetection:\n"
      + lines.joined(separator: "\n") + "\n"
  }

  static func load(_ texts: String...) throws -> (Translator, [LoadedRule]) {
    let translator = try Translator(unmapped: .keep)
    let reader = try #require(translator.reader(named: "sigma"))
    let rules = texts.enumerated().flatMap { index, text in
      translator.load(
        SourceFile(name: "\(index).yml", text: text), path: "\(index).yml", with: reader, in: ReadingContext()
      )
    }
    return (translator, rules)
  }

  /// What is said of the only rule: code, message and place of each finding, with the text that stands there.
  static func findings(_ text: String) throws -> [String] {
    let (translator, rules) = try load(text)
    let rule = try #require(rules.first)
    #expect(rule.neutral != nil, "\(rule.diagnostics)")
    return (translator.lint(rule) + translator.lint(rule.range.file, form: "sigma")).map(line)
  }

  private static func line(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.primary.map { "\($0.range.line): \($0.range.text)" } ?? ""
    let others = diagnostic.secondary.map { " | \($0.range.line): \($0.range.text)" }.joined()
    return "\(diagnostic.code.rawValue) \(place)\(others)"
  }

  @Test func `a verb beside which a demanded field is absent is named`() throws {
    let query = """
      FROM logs-kubernetes.audit_logs-*
      | WHERE kubernetes.audit.verb IN ("get", "list") AND NOT STARTS_WITH(kubernetes.audit.objectRef.name, "sh.")
      """
    let translator = try Translator()
    let reader = try #require(translator.reader(named: "esql"))
    let file = SourceFile(name: "r.esql", text: query)
    let rule = try #require(translator.load(file, path: "r.esql", with: reader, in: ReadingContext()).first)
    let found = translator.lint(rule).filter { $0.code == .impossibleValue }
    #expect(
      found.map(\.message) == ["'list' never matches without 'objectRef.name', which such events hardly ever have"])
    #expect(found.first?.primary?.range.text.hasPrefix("kubernetes.audit.verb IN") == true)
  }

  static let cases: [(name: String, detection: String, findings: [String])] = [
    ("values that differ", "a:\n  f: [x, w]\n  g|contains: [abc, bcd]\ncondition: a", []),
    ("a value twice", "a:\n  f: [x, w, X]\ncondition: a", ["covered-value 7: X | 7: x"]),
    (
      "a value twice, with a comment", "a:\n  f:\n    - x\n    - 'x' # again\ncondition: a",
      ["covered-value 9: 'x' | 8: x"]
    ),
    ("contained in another", "a:\n  f|contains: [cmd.exe, cmd]\ncondition: a", ["covered-value 7: cmd.exe | 7: cmd"]),
    (
      "a chain is told by its end", "a:\n  f|contains: [abcd, abc, ab]\ncondition: a",
      ["covered-value 7: abcd | 7: ab", "covered-value 7: abc | 7: ab"]
    ),
    ("an equal text under a pattern", "a:\n  f: [abc, 'ab*']\ncondition: a", ["covered-value 7: abc | 7: 'ab*'"]),
    (
      "a suffix under a suffix", #"a:"# + "\n" + #"  f|endswith: ['\cmd.exe', '.exe']"# + "\ncondition: a",
      [#"covered-value 7: '\cmd.exe' | 7: '.exe'"#]
    ),
    (
      "a prefix under a contains of another selection",
      "a:\n  f|startswith: xwz\nb:\n  f|contains: w\ncondition: 1 of them",
      ["covered-value 7: f|startswith: xwz | 9: f|contains: w"]
    ),
    ("letter case keeps them apart", "a:\n  f|contains|cased: [CMD.exe, cmd]\ncondition: a", []),
    (
      "letter case in one direction", "a:\n  f|contains: cmd\nb:\n  f|contains|cased: CMD\ncondition: a or b",
      ["covered-value 9: f|contains|cased: CMD | 7: f|contains: cmd"]
    ),
    ("a wildcard inside", "a:\n  f: ['a*b*c', 'a*c']\ncondition: a", ["covered-value 7: 'a*b*c' | 7: 'a*c'"]),
    (
      "a network in another", "a:\n  f|cidr: [10.0.0.0/8, 10.1.0.0/16]\ncondition: a",
      ["covered-value 7: 10.1.0.0/16 | 7: 10.0.0.0/8"]
    ),
    (
      "all of them, one implied", "a:\n  f|contains|all: [cmd, cmd.exe]\ncondition: a",
      ["covered-value 7: cmd | 7: cmd.exe"]
    ),
    ("all of them, none implied", "a:\n  f|contains|all: [cmd, exe]\ncondition: a", []),
    (
      "in what is excluded", "a:\n  f: x\nb:\n  g|contains: [ab, a]\ncondition: a and not b",
      ["covered-value 9: ab | 9: a"]
    ),
    ("keywords", "a: [error, 'some error']\ncondition: a", ["covered-value 6: 'some error' | 6: error"]),
    (
      "a selection against itself", "a:\n  f: x\n  f|startswith: w\nb:\n  g: z\ncondition: a or b",
      ["contradiction 7: f: x | 8: f|startswith: w"]
    ),
    (
      "lists of which no pair fits", "a:\n  f: [ab, cd]\n  f|endswith: [x, w]\n  g: u\nb:\n  h: v\ncondition: a or b",
      ["contradiction 7: f: [ab, cd] | 8: x"]
    ),
    (
      "a rule that can never fire", "a:\n  f: x\nb:\n  f|contains: x\ncondition: a and not b",
      ["never-fires 7: f: x | 9: f|contains: x"]
    ),
    (
      "a rule that always fires", "a:\n  f|contains: x\nb:\n  f: x\ncondition: a or not b",
      ["always-fires 7: f|contains: x"]
    ),
    (
      "a part that always holds", "a:\n  f: x\nb:\n  f: [x, w]\nc:\n  g: z\ncondition: c and (not a or b)",
      ["always-holds 7: f: x | 9: f: [x, w]", "covered-value 9: w"]
    ),
    ("a selection that is not used", "a:\n  f: x\nb:\n  g: w\ncondition: a", ["unused-selection 8: b | 10: a"]),
    ("one that a pattern means", "a:\n  f: x\nb_1:\n  g: w\ncondition: a and not 1 of b_*", []),
    (
      "one that them leaves out", "a:\n  f: x\n_b:\n  g: w\ncondition: all of them",
      ["unused-selection 8: _b | 10: all of them"]
    ),
  ]

  @Test func `findings are told with their places`() throws {
    #expect(Self.cases.count > 20)
    for (name, detection, findings) in Self.cases {
      let found = try Self.findings(Self.rule(detection))
      #expect(found == findings, "\(name): \(found)")
    }
  }

  @Test func `what a rule says of itself is held against tables`() throws {
    let header = """
      status: tset
      date: 2024/1/02
      tags: [attack.t1059.001, attack.t1086, attack.t1059.099, attack.t0800, attack.execution, attack.defense-evasion, \
      attack.ta0006, attack.g0016, attack.s0029]

      """
    let findings = try Self.findings(Self.rule("a:\n  f: x\ncondition: a", header: header))
    #expect(
      findings == [
        "unknown-attack-tag 5: t1086", "unknown-attack-tag 5: t1059.099", "unknown-attack-tag 5: defense-evasion",
        "invalid-value 4: 2024/1/02", "invalid-value 3: tset",
      ])
  }

  @Test func `a field that the events never have is told`() throws {
    let translator = try Translator(unmapped: .warn)
    let reader = try #require(translator.reader(named: "sigma"))
    let text = Self.rule("a:\n  verb: get\n  verbb: x\ncondition: a", source: "product: kubernetes\n  service: audit")
    let rules = translator.load(
      SourceFile(name: "a.yml", text: text), path: "a.yml", with: reader, in: ReadingContext())
    #expect(rules.first?.diagnostics.map(\.code) == [.impossibleField])
    #expect(rules.first?.diagnostics.first?.help == "did you mean 'verb'?")
  }

  // MARK: - Several rules

  private static func folder(_ texts: String...) throws -> [String] {
    let translator = try Translator(unmapped: .keep)
    let reader = try #require(translator.reader(named: "sigma"))
    let rules = texts.enumerated().flatMap { index, text in
      translator.load(
        SourceFile(name: "\(index).yml", text: text.replacing("A rule", with: "Rule \(index)")), path: "\(index).yml",
        with: reader, in: ReadingContext())
    }
    return FolderLint(rules, by: translator).diagnostics.filter { $0.code == .duplicateRule }.map(\.message)
  }

  @Test func `rules that fire on the same events are found however they are written`() throws {
    let plain = "a:\n  f: [x, w]\n  g|contains: z\ncondition: a"
    let other = "a:\n  f: x\nb:\n  f: W\nc:\n  g: '*z*'\ncondition: c and not (not a and not b)"
    let less = "a:\n  f: [x, w]\n  g|contains: zz\ncondition: a"
    #expect(
      try Self.folder(Self.rule(plain), Self.rule(less), Self.rule(other)) == [
        "'Rule 2' fires on the same events as 'Rule 0'"
      ])
    #expect(try Self.folder(Self.rule(plain), Self.rule(other, source: "product: linux")).isEmpty)
    #expect(
      try Self.folder(Self.rule(plain), Self.rule(other), Self.rule(less), Self.rule(plain), Self.rule(less)) == [
        "'Rule 1' fires on the same events as 'Rule 0'", "'Rule 3' fires on the same events as 'Rule 0'",
        "'Rule 4' fires on the same events as 'Rule 2'",
      ])
  }

  @Test func `rules that count differently are no twins`() throws {
    func text(_ bound: Int) -> String { Self.rule("a:\n  f: x\ncondition: a | count() by g > \(bound)\ntimeframe: 5m") }
    #expect(try Self.folder(text(3), text(4)).isEmpty)
    #expect(try Self.folder(text(3), text(3)).count == 1)
  }

  @Test func `a long list is looked through in no time`() throws {
    let values = (0..<4_000).map { "value\($0)x" }.joined(separator: ", ")
    let findings = try Self.findings(Self.rule("a:\n  f|contains: [\(values), 'value17x2']\ncondition: a"))
    #expect(findings.count == 1)
    #expect(findings.first?.hasPrefix("covered-value 7: 'value17x2' | 7: value17x") == true)
  }

  // MARK: - Fixes

  @Test(arguments: [
    ("a:\n  f:\n    - x\n    - X\n    - w\ncondition: a", "a:\n  f:\n    - x\n    - w\ncondition: a"),
    ("a:\n  f|contains:\n    - 'xy' \n    - x\ncondition: a", "a:\n  f|contains:\n    - x\ncondition: a"),
    ("a:\n  f: 0777\ncondition: a", "a:\n  f: '0777'\ncondition: a"),
    ("a:\n  f|contains|all: x\ncondition: a", "a:\n  f|contains: x\ncondition: a"),
    ("a:\n  f: x\nb:\n  g: w\ncondition: a AND b", "a:\n  f: x\nb:\n  g: w\ncondition: a and b"),
    // A comment would be lost, and a list on one line is left to its author.
    ("a:\n  f:\n    - x\n    - X # why\ncondition: a", nil),
    ("a:\n  f: [x, X]\ncondition: a", nil),
  ])
  func `a fix touches its place alone`(before: String, after: String?) throws {
    let (translator, rules) = try Self.load(Self.rule(before))
    let rule = try #require(rules.first)
    let edits = (rule.diagnostics + translator.lint(rule) + translator.lint(rule.range.file, form: "sigma")).flatMap(
      \.fix)
    #expect(rule.range.file.applying(edits).text == Self.rule(after ?? before))
  }
}
