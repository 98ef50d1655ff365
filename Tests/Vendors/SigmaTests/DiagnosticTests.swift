import LanguageSupport
import RuleIR
import Sigma
import SourceText
import TestSupport
import Testing

@Suite struct DiagnosticTests {
  /// What is wrong, and the detection in which it is; what is said of it is recorded.
  static let faults: [(name: String, detection: String)] = [
    ("unbalanced parenthesis", "a:\n  f: x\ncondition: (a"),
    ("stray parenthesis", "a:\n  f: x\ncondition: a)"),
    ("trailing connective", "a:\n  f: x\ncondition: a and"),
    ("not alone", "a:\n  f: x\ncondition: not"),
    ("empty condition", "a:\n  f: x\ncondition: ''"),
    ("null condition", "a:\n  f: x\ncondition:"),
    ("two names side by side", "a:\n  f: x\ncondition: a a"),
    ("no condition", "a:\n  f: x"),
    ("condition inside a selection", "a:\n  f: x\n  condition: a"),
    ("unknown selection", "selection:\n  f: x\ncondition: selektion"),
    ("pattern without of", "selection:\n  f: x\ncondition: sel*"),
    ("dangling selector", "selection:\n  f: x\ncondition: selection and not 1 of filter_*"),
    ("dangling selector near a name", "selection_a:\n  f: x\ncondition: 1 of selction_*"),
    (
      "dangling selector with a slip in its start",
      "a:\n  f: x\nfilter_main:\n  f: y\ncondition: a and not 1 of fliter_*"
    ),
    ("0 of", "a:\n  f: x\ncondition: 0 of a"),
    ("unknown modifier", "a:\n  f|contain: x\ncondition: a"),
    ("modifier not", "a:\n  f|not: x\ncondition: a"),
    ("empty modifier", "a:\n  'f|': x\ncondition: a"),
    ("contains before re", "a:\n  f|contains|re: x\ncondition: a"),
    ("cased on re", "a:\n  f|re|cased|cased: x\ncondition: a"),
    ("modifier twice", "a:\n  f|contains|cased|cased: x\ncondition: a"),
    ("flag without re", "a:\n  f|i: x\ncondition: a"),
    ("base64 behind contains", "a:\n  f|contains|base64: x\ncondition: a"),
    ("two places", "a:\n  f|contains|startswith: x\ncondition: a"),
    ("keyless exists", "a:\n  '|exists': true\ncondition: a"),
    ("expand", "a:\n  f|expand: '%x%'\ncondition: a"),
    ("encoding a number", "a:\n  f|base64offset|contains: 5\ncondition: a"),
    ("encoding a wildcard", "a:\n  f|base64: 'x*'\ncondition: a"),
    ("bad network", "a:\n  f|cidr: 10.0.0/33\ncondition: a"),
    ("host bits in network", "a:\n  f|cidr: [10.0.0.0/8, 10.0.0.1/8]\ncondition: a"),
    ("quoted number", "a:\n  f|gt: '5'\ncondition: a"),
    ("exists with a text", "a:\n  f|exists: 'yes'\ncondition: a"),
    ("empty list of values", "a:\n  f: []\ncondition: a"),
    ("empty map", "a: {}\ncondition: a"),
    ("null selection", "a:\ncondition: a"),
    ("empty list", "a: []\ncondition: a"),
    ("mapping for a value", "a:\n  f:\n    g: x\ncondition: a"),
    ("back-reference", #"a:"# + "\n" + #"  f|re: '(x)\1'"# + "\ncondition: a"),
    ("look-ahead", "a:\n  f|re: 'x(?=y)'\ncondition: a"),
    ("open class", "a:\n  f|re: 'x['\ncondition: a"),
    ("wrong bounds", "a:\n  f|re: 'xa{2,1}'\ncondition: a"),
    ("backslash at the end", #"a:"# + "\n" + #"  f|re: 'x\'"# + "\ncondition: a"),
    ("hidden character in a field", "a:\n  \"fi\\u202Eeld\": x\ncondition: a"),
    ("lookalike in a field", "a:\n  vеrb: x\ncondition: a"),
    ("hidden character in a value", "a:\n  f: \"x\\u200By\"\ncondition: a"),
    ("null in a list", "a:\n  f: [x, null]\ncondition: a"),
    ("all on one value", "a:\n  f|contains|all: x\ncondition: a"),
    ("plain no", "a:\n  f: no\ncondition: a"),
    ("octal", "a:\n  f: 0777\ncondition: a"),
    ("exponent", "a:\n  f: 1e3\ncondition: a"),
    ("sexagesimal", "a:\n  f: 12:30:45\ncondition: a"),
    ("date", "a:\n  f: 2026-01-01\ncondition: a"),
    ("infinity", "a:\n  f: .inf\ncondition: a"),
    ("hexadecimal", "a:\n  f: 0x1F\ncondition: a"),
    ("escaped star of a path", #"a:"# + "\n" + #"  f: '*\AppData\*'"# + "\ncondition: a"),
    ("wildcard behind a backslash", #"a:"# + "\n" + #"  f: 'x\\*\IPC$'"# + "\ncondition: a"),
    ("more than there are", "a:\n  f: x\ncondition: 2 of a"),
    ("aggregation without a number", "a:\n  f: x\ncondition: a | count() by g >"),
    ("unknown aggregation", "a:\n  f: x\ncondition: a | median(f) > 3"),
  ]

  /// The same for whole files.
  static let files: [(name: String, text: String)] = [
    ("condition at the top level", "title: t\ndetection:\n  a:\n    f: x\ncondition: a\n"),
    ("no detection", "title: t\nlogsource:\n  product: kubernetes\n"),
    ("detection is a list", "title: t\nid: x\ndetection:\n  - a\n"),
    ("no mapping", "- a\n- b\n"),
    (
      "malformed metadata",
      """
      title: [t]
      id: not-a-uuid
      level: hihg
      date: yesterday
      author: {name: x}
      tags: [attack.T1552, attack.t1552, noscope]
      logsource: kubernetes
      references: [{a: b}]
      detection:
        a: x
        condition: a

      """
    ),
    ("filter without a condition", filter("rules: [base]\n  a: {f: z}")),
    ("filter without rules", filter("a: {f: z}\n  condition: not a")),
    ("filter of an unknown rule", filter("rules: [bsae]\n  a: {f: z}\n  condition: not a")),
    ("filter of another log source", filter("rules: [base]\n  a: {f: z}\n  condition: not a", product: "windows")),
    ("filter of nothing", filter("rules: any\n  a: {f: z}\n  condition: not a", product: "windows")),
    ("filter that counts", filter("rules: any\n  a: {f: z}\n  condition: a | count() > 5")),
    ("filter that restricts", filter("rules: any\n  a: {f: z}\n  condition: a")),
    ("unknown action", "action: globl\ntitle: t\n"),
    ("repeat of nothing", "action: repeat\ntitle: t\n"),
    ("correlation of an unknown rule", correlation("rules: [missing]\n  timespan: 5m\n  condition: {gte: 5}")),
    ("correlation without a time span", correlation("rules: [base]\n  condition: {gte: 5}")),
    ("correlation by months", correlation("rules: [base]\n  timespan: 1M\n  condition: {gte: 5}")),
    ("correlation without a bound", correlation("rules: [base]\n  timespan: 5m\n  condition: {field: x}")),
    ("correlation with two bounds", correlation("rules: [base]\n  timespan: 5m\n  condition: {gte: 5, lte: 9}")),
    ("correlation with a stray key", correlation("rules: [base]\n  timespan: 5m\n  condition: {gte: 5, feild: x}")),
    ("correlation with a text for a bound", correlation("rules: [base]\n  timespan: 5m\n  condition: {gte: five}")),
  ]

  private static func filter(_ lines: String, product: String = "kubernetes") -> String {
    "title: base\nid: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40\nname: base\nlogsource: {product: kubernetes}\n"
      + "detection:\n  a: {f: x}\n  condition: a\n---\ntitle: f\nlogsource: {product: \(product)}\nfilter:\n"
      + "  \(lines)\n"
  }

  private static func correlation(_ lines: String) -> String {
    "title: base\nid: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40\nname: base\ndetection:\n  a: x\n  condition: a\n---\ntitle: c\nid: 6a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40\ncorrelation:\n  type: event_count\n  \(lines)\n"
  }

  @Test func `Faults are told with their place and what to do`() {
    var text = ""
    for (name, detection) in Self.faults {
      text += Self.entry(name, SigmaRules.read(detection: detection).map { [$0] } ?? [])
    }
    for (name, file) in Self.files { text += Self.entry(name, SigmaRules.read(file)) }
    #expect(Self.faults.count > 50)
    #expect(GoldenText.difference(of: text, from: "sigma/diagnostics.txt") == nil)
  }

  private static func entry(_ name: String, _ readings: [RuleReading]) -> String {
    let verdict = readings.contains { $0.rule == nil } ? "refused" : "read"
    return "## \(name): \(verdict)\n\n\(SigmaRules.rendered(readings.flatMap(\.diagnostics)))\n\n"
  }

  @Test func `A refusal always has an error, and a rule never has one`() {
    for (name, detection) in Self.faults {
      let reading = SigmaRules.read(detection: detection)
      let hasError = reading?.diagnostics.contains { $0.severity == .error } ?? false
      #expect(hasError == (reading?.rule == nil), "\(name)")
    }
  }

  @Test func `Every fault of a detection is told, not only the first`() {
    let reading = SigmaRules.read(
      detection: "a:\n  f|contain: x\n  g|cidr: x\nb:\n  - h: []\n  - i|re: '['\ncondition: c")
    #expect(
      reading?.diagnostics.map(\.code) == [
        .unknownModifier, .invalidNetwork, .emptySelection, .invalidRegex, .unknownIdentifier,
      ])
  }

  @Test func `A condition nests as deep as the limit and no deeper`() {
    for (depth, isRead) in [(199, true), (200, false), (50_000, false)] {
      let condition = String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
      let isTooLong = condition.utf8.count > 65_536
      let reading = SigmaRules.read(detection: "a:\n  f: x\ncondition: '\(condition)'")
      #expect((reading?.rule != nil) == isRead, "\(depth)")
      guard !isRead else { continue }
      #expect(reading?.diagnostics.first?.code == (isTooLong ? .queryTooLong : .nestedTooDeeply), "\(depth)")
    }
  }

  @Test func `Selections that multiply beyond the limit are refused`() {
    let values = (0..<4_432).map { "hash\($0)" }.joined(separator: ", ")
    let condition = Array(repeating: "a", count: 60).joined(separator: " or ")
    let reading = SigmaRules.read(detection: "a:\n  f: [\(values)]\ncondition: \(condition)")
    #expect(reading?.diagnostics.map(\.code) == [.tooManyNodes])
    let many = (0..<30).map { "s\($0):\n  f: \($0)" }.joined(separator: "\n")
    #expect(SigmaRules.read(detection: "\(many)\ncondition: 15 of s*")?.diagnostics.map(\.code) == [.tooManyNodes])
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func `Broken rules never trap`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let whole = SigmaRules.text(
      detection: """
        selection:
          f|contains|all: [x, 'y*', null]
          g|re|i: '^(a|b)[c-d]{2,3}$'
          h|cidr: 10.0.0.0/8
          '|all': [p, q]
        filter_a:
          - i|base64offset|contains: foo
          - j|windash: '-x'
        condition: selection and not 1 of filter_* | count(k) by l >= 5
        """)
    for _ in 0..<1_000 {
      var bytes = Array(whole.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case _: bytes.insert(random.pick(Array("|:*[](){}'\"\\\n ".utf8)), at: place)
        }
      }
      let file = SourceFile(name: "rule.yml", bytes: bytes)
      for reading in SigmaReader.read(file, in: ReadingContext()) {
        #expect(reading.rule != nil || reading.diagnostics.contains { $0.severity == .error })
        for diagnostic in reading.diagnostics { _ = DiagnosticRenderer().render(diagnostic) }
      }
    }
  }
}
