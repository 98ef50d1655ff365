import Foundation
import Testing

/// What `check` makes of every kind of bad rule file, each beside a good one.
@Suite struct BadRuleFileTests {
  /// What is written into the file, and what must come of it.
  struct BadFile {
    var name: String
    var bytes: [UInt8]
    /// Codes that must be given for it.
    var codes: [String]
    /// The code with which the program ends when the file stands alone.
    var status: Int32
    /// What the findings must say somewhere.
    var words: String

    init(_ name: String, _ text: String, _ codes: String..., status: Int32 = 2, saying words: String = "") {
      self.init(name, Array(text.utf8), codes, status: status, saying: words)
    }

    init(_ name: String, _ bytes: [UInt8], _ codes: [String], status: Int32 = 2, saying words: String = "") {
      self.name = name
      self.bytes = bytes
      self.codes = codes
      self.status = status
      self.words = words
    }
  }

  /// A rule with this detection, whose lines stand at the margin.
  static func rule(_ detection: String, id: String = "0f2d6b1e-6b0e-4f7e-9d0a-2b8f5f0f7a11") -> String {
    let lines = detection.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    return "title: A rule\nid: \(id)\nlogsource:\n  product: kubernetes\n  service: audit\ndetection:\n"
      + lines.joined(separator: "\n") + "\n"
  }

  static func value(_ value: String) -> String { rule("a:\n  userAgent: \(value)\ncondition: a") }

  private static let bomb =
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + zip("bcdefghi", "abcdefgh").map {
      "\($0): &\($0) [\(Array(repeating: "*\($1)", count: 9).joined(separator: ", "))]\n"
    }
    .joined()

  static let files: [BadFile] = [
    // 1
    BadFile("empty", "", "no-document"),
    BadFile("only comments", "# nothing\n# here\n", "no-document"),
    BadFile("only a separator", "---\n", "no-document"),
    // 3 to 8
    BadFile("tab", "title: t\ndetection:\n\ta: x\n", "tab-indentation", saying: "spaces"),
    BadFile("duplicate key", rule("a:\n  verb: get\n  verb: list\ncondition: a"), "duplicate-key"),
    BadFile("alias bomb", rule("a: x\ncondition: a") + bomb, "expansion-too-large", saying: "100000"),
    BadFile("anchor in itself", rule("a: &a\n  verb: *a\ncondition: a"), "bad-alias"),
    BadFile("undefined alias", rule("a:\n  verb: *nowhere\ncondition: a"), "bad-alias"),
    BadFile("merge key of a text", rule("a:\n  <<: x\ncondition: a"), "bad-merge-key"),
    BadFile(
      "deep flow", "detection:\n  a: \(String(repeating: "[", count: 5_000))\n", "nested-too-deeply"),
    // 9 to 12
    BadFile(
      "deep condition", rule("a:\n  verb: get\ncondition: \(String(repeating: "(", count: 60_000))"),
      "nested-too-deeply"),
    BadFile("unbalanced", rule("a:\n  verb: get\ncondition: (a"), "unexpected-token"),
    BadFile("trailing and", rule("a:\n  verb: get\ncondition: a and"), "unexpected-token"),
    BadFile("not alone", rule("a:\n  verb: get\ncondition: not"), "unexpected-token"),
    BadFile("empty condition", rule("a:\n  verb: get\ncondition: ''"), "empty-query"),
    BadFile(
      "condition at the top", rule("a:\n  verb: get") + "condition: a\n", "misplaced-key", saying: "line 9"),
    BadFile(
      "dangling selector", rule("a:\n  verb: get\ncondition: a and not 1 of filter_*"), "dangling-selector"),
    // 13 and 14
    BadFile("unknown modifier", rule("a:\n  verb|contain: get\ncondition: a"), "unknown-modifier", saying: "contains"),
    BadFile("contains before re", rule("a:\n  verb|contains|re: get\ncondition: a"), "invalid-modifier-chain"),
    BadFile("cased on re", rule("a:\n  verb|re|cased|cased: get\ncondition: a"), "invalid-modifier-chain"),
    BadFile("encoded number", rule("a:\n  verb|base64offset|contains: 5\ncondition: a"), "invalid-value"),
    BadFile("no network", rule("a:\n  sourceIPs|cidr: 10.0.0/33\ncondition: a"), "invalid-network"),
    // 17
    BadFile("empty list", rule("a:\n  verb: []\ncondition: a"), "empty-selection"),
    BadFile("empty map", rule("a: {}\ncondition: a"), "empty-selection"),
    BadFile("null selection", rule("a:\ncondition: a"), "empty-selection"),
    // 19 and 20
    BadFile(
      "back-reference", rule(#"a:"# + "\n" + #"  verb|re: '(x)\1'"# + "\ncondition: a"), "unsupported-regex", status: 1),
    BadFile("look-ahead", rule("a:\n  verb|re: 'x(?=y)'\ncondition: a"), "unsupported-regex", status: 1),
    BadFile("open class", rule("a:\n  verb|re: '['\ncondition: a"), "invalid-regex"),
    BadFile("wrong bounds", rule("a:\n  verb|re: 'a{2,1}'\ncondition: a"), "invalid-regex"),
    BadFile("backslash at the end", rule(#"a:"# + "\n" + #"  verb|re: 'x\'"# + "\ncondition: a"), "invalid-regex"),
    // 23 and 24
    BadFile("Latin-1", Array("title: caf".utf8) + [0xE9] + Array("\n\(rule("a: x\ncondition: a"))".utf8), ["not-utf8"]),
    BadFile(
      "UTF-16", [0xFF, 0xFE] + rule("a: x\ncondition: a").utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
      ["not-utf8"], saying: "UTF-16"),
    BadFile("NUL", Array(rule("a: x\ncondition: a").utf8) + [0], ["not-utf8"]),
    BadFile("control character", Array(rule("a: x\ncondition: a").utf8) + [7], ["malformed-document"]),
    BadFile("hidden in a field", rule("a:\n  \"ver\\u202Eb\": x\ncondition: a"), "hidden-character", saying: "U+202E"),
    BadFile("lookalike in a field", rule("a:\n  v\u{435}rb: x\ncondition: a"), "hidden-character"),
    // 26
    BadFile(
      "correlation of nothing",
      "title: c\nid: 6a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40\ncorrelation:\n  type: event_count\n  rules: [missing]\n"
        + "  timespan: 5m\n  condition: {gte: 5}\n", "unknown-identifier"),
    BadFile(
      "filter of nothing",
      rule("a: x\ncondition: a") + "---\ntitle: f\nlogsource: {product: kubernetes}\nfilter:\n  rules: [missing]\n"
        + "  a: {verb: x}\n  condition: not a\n", "unknown-identifier"),
    // 28
    BadFile("object tag", rule("a: !!python/object:os.system x\ncondition: a"), "unknown-tag"),
    BadFile("binary tag", rule("a: !!binary eA==\ncondition: a"), "unknown-tag"),
  ]

  private static func fileName(_ index: Int) -> String { "rules/bad\(index).yml" }

  @Test func `each is named with its code while the good rules are read`() throws {
    let folder = try ScratchFolder()
    for (index, file) in Self.files.enumerated() {
      try folder.write(file.bytes, to: Self.fileName(index))
    }
    for number in 0..<60 {
      let id = "0f2d6b1e-6b0e-4f7e-9d0a-0000000000\(10 + number)"
      try folder.write(Self.rule("a:\n  userAgent: good\(number)\ncondition: a", id: id), to: "rules/good\(number).yml")
    }
    let outcome = try Program.run("check", "--format", "github", folder.path("rules"))
    #expect(outcome.status == 2)
    // The file with a filter holds a rule as well.
    #expect(outcome.errors.contains("\(61 + Self.files.count) rules: "), "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(!lines.contains { $0.contains("/good") }, "\(lines.filter { $0.contains("/good") })")
    for (index, file) in Self.files.enumerated() {
      let own = lines.filter { $0.contains("/\(Self.fileName(index)),") }
      for code in file.codes {
        #expect(own.contains { $0.hasPrefix("::error ") && $0.contains("title=\(code)") }, "\(file.name): \(own)")
      }
      #expect(file.words.isEmpty || own.contains { $0.contains(file.words) }, "\(file.name): \(own)")
    }
  }

  @Test func `each alone ends the program with its code, named or in a folder`() throws {
    for file in Self.files where ["empty", "UTF-16", "tab", "unknown modifier", "look-ahead"].contains(file.name) {
      let folder = try ScratchFolder()
      try folder.write(file.bytes, to: "rules/a.yml")
      #expect(try Program.run("check", "-q", folder.path("rules/a.yml")).status == file.status, "\(file.name)")
      #expect(try Program.run("check", "-q", folder.path("rules")).status == file.status, "\(file.name)")
    }
  }

  // MARK: - Odd rules that are right

  /// Rules that must be read without an error, and codes of lesser weight that must be given.
  private static let odd: [(name: String, bytes: [UInt8], codes: [String])] = [
    // 7
    ("merge key", Array(rule("b: &b\n  verb: get\na:\n  <<: *b\ncondition: a or b").utf8), []),
    // 15
    ("no", Array(value("no").utf8), ["ambiguous-scalar"]),
    ("octal", Array(value("0777").utf8), ["ambiguous-scalar"]),
    ("exponent", Array(value("1e3").utf8), ["ambiguous-scalar"]),
    ("sexagesimal", Array(value("12:30:45").utf8), ["ambiguous-scalar"]),
    ("date", Array(value("2026-01-01").utf8), ["ambiguous-scalar"]),
    ("binary", Array(value("0b101").utf8), ["ambiguous-scalar"]),
    ("tilde", Array(value("~").utf8), []),
    // 16
    ("a long list", Array(value("[\((0..<4_432).map { "agent\($0)x" }.joined(separator: ", "))]").utf8), []),
    // 18
    ("nested repetition", Array(rule("a:\n  verb|re: '(a+)+$'\ncondition: a").utf8), []),
    (
      "a long expression",
      Array(rule("a:\n  verb|re: '\(String(repeating: "(.*)*", count: 600))'\ncondition: a").utf8), []
    ),
    // 21
    ("a path", Array(value(#"'C:\'"#).utf8), []),
    ("an escaped star", Array(value(#"'x\*'"#).utf8), ["wildcard-after-backslash"]),
    ("a backslash and a wildcard", Array(value(#"'x\\*'"#).utf8), ["wildcard-after-backslash"]),
    ("three backslashes and a star", Array(value(#"'x\\\*'"#).utf8), []),
    // 22
    ("byte order mark", [0xEF, 0xBB, 0xBF] + Array(value("no").utf8), ["ambiguous-scalar"]),
    ("CRLF", Array(value("no").replacingOccurrences(of: "\n", with: "\r\n").utf8), ["ambiguous-scalar"]),
    ("CR", Array(value("no").replacingOccurrences(of: "\n", with: "\r").utf8), ["ambiguous-scalar"]),
    ("no final line end", Array(value("no").dropLast().utf8), []),
    ("NEL in a value", Array(value("\"a\\u0085b\"").utf8), ["hidden-character"]),
    // 24
    ("hidden in a value", Array(value("\"a\\u202Eb\"").utf8), ["hidden-character"]),
    // 25
    ("no id", Array(value("x").replacingOccurrences(of: "id: ", with: "x-id: ").utf8), ["missing-identifier"]),
    ("no UUID", Array(value("x").replacingOccurrences(of: "id: ", with: "id: x").utf8), ["malformed-identifier"]),
  ]

  @Test func `odd but right rules are read, with a word where readers differ`() throws {
    for (name, bytes, codes) in Self.odd {
      let folder = try ScratchFolder()
      try folder.write(bytes, to: "a.yml")
      let outcome = try Program.run("check", "-q", "--format", "github", folder.path("a.yml"))
      #expect(outcome.status == 0, "\(name): \(outcome.output)")
      for code in codes { #expect(outcome.output.contains("title=\(code)"), "\(name): \(outcome.output)") }
      if codes.contains("ambiguous-scalar") {
        #expect(outcome.output.contains("line=8,col=16"), "\(name): \(outcome.output)")
      }
    }
  }

  @Test func `an id in two files is told, and a spec that uses it is refused`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule("a:\n  verb: get\ncondition: a"), to: "rules/a.yml")
    try folder.write(Self.rule("a:\n  verb: list\ncondition: a"), to: "rules/b.yml")
    let outcome = try Program.run("check", folder.path("rules"))
    #expect(outcome.output.contains("error[duplicate-identifier]"))
    #expect(outcome.output.contains("a.yml:2:5") && outcome.output.contains("b.yml:2:5"), "\(outcome.output)")
    #expect(outcome.status == 1)
    try folder.write(
      "rules: [rules]\ncases:\n  - name: n\n    event: {verb: get}\n    fires: [0f2d6b1e-6b0e-4f7e-9d0a-2b8f5f0f7a11]\n",
      to: "x.test.yml")
    let test = try Program.run("test", folder.path("x.test.yml"))
    #expect(test.status == 2)
    #expect(test.errors.contains("error[ambiguous-name]"), "\(test.errors)")
  }

  // 27; pipes, devices and large files are in CommandTests.
  @Test func `links that go round, and files that nobody may read, are named`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule("a: x\ncondition: a"), to: "rules/good.yml")
    try FileManager.default.createSymbolicLink(atPath: folder.path("rules/up"), withDestinationPath: "..")
    try FileManager.default.createSymbolicLink(atPath: folder.path("loop.yml"), withDestinationPath: "loop.yml")
    let outcome = try Program.run("check", folder.path("rules"))
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.errors.hasPrefix("1 rules"))
    let loop = try Program.run("check", folder.path("loop.yml"))
    #expect(loop.status == 2)
    #expect(loop.output.contains("error[unreadable-file]"), "\(loop.output)")
  }
}
