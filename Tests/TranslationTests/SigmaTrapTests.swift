import FieldMapping
import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing
import Translation

/// What users of other translators complain about, each as a rule with events, read, matched and written everywhere.
@Suite struct SigmaTrapTests {
  struct Trap: Sendable {
    var name: String
    var detection: String
    var fires: [EventValue] = []
    var isSilent: [EventValue] = []
    /// What an output must hold, and what it must not, by target.
    var holds: [String: String] = [:]
    var lacks: [String: String] = [:]
  }

  static let traps: [Trap] = [
    Trap(
      name: "case is ignored in what contains", detection: "s: {CommandLine|contains: git.exe}",
      fires: [["CommandLine": #"C:\GIT.EXE status"#]], isSilent: [["CommandLine": "gitXexe"]]),
    Trap(
      name: "case is ignored in equality", detection: #"s: {Image: 'C:\Windows\System32\svchost.exe'}"#,
      fires: [["Image": #"c:\windows\system32\SVCHOST.exe"#]], isSilent: [["Image": #"C:\Windows\svchost.exe"#]]),
    Trap(name: "case is folded beyond ASCII", detection: "s: {A: ПАРОЛЬ}", fires: [["A": "пароль"]]),
    Trap(
      name: "cased is exact", detection: "s: {A|cased: Foo}", fires: [["A": "Foo"]], isSilent: [["A": "foo"]],
      holds: ["esql": #""Foo""#, "kusto": "=="]),
    Trap(
      name: "null is absence", detection: "s: {LogonId: null}",
      fires: [[:], ["LogonId": nil]], isSilent: [["LogonId": "null"], ["LogonId": "x"], ["LogonId": ""]],
      lacks: ["kuery": "null", "esql": "\"null\"", "spl": "null\"", "kusto": "isnull(LogonId)", "panther": "\"null\""]),
    Trap(
      name: "not null is presence, without a double negation", detection: "s: {A: null}\ncondition: not s",
      fires: [["A": "x"], ["A": ""]], isSilent: [[:]], holds: ["esql": "IS NOT NULL"],
      lacks: ["kuery": "not not", "esql": "NOT NOT"]),
    Trap(
      name: "exists asks for the key", detection: "s: {A|exists: true}", fires: [["A": "x"], ["A": nil], ["A": ""]],
      isSilent: [[:]]),
    Trap(
      name: "a negated test holds where the field is missing",
      detection: "r: {a: root}\nf: {eventType: X}\ncondition: r and not f",
      fires: [["a": "root"], ["a": "root", "eventType": "Y"]], isSilent: [["a": "root", "eventType": "x"], [:]]),
    Trap(
      name: "a backslash before the end is itself", detection: #"s: {Image|contains: '\Desktop\'}"#,
      fires: [["Image": #"C:\Users\a\Desktop\x"#]], isSilent: [["Image": #"C:\Desktop"#]]),
    Trap(
      name: "a backslash and a star are a star", detection: #"s: {A: '*\AppData\*'}"#,
      fires: [["A": #"C:\AppData*"#]], isSilent: [["A": #"C:\AppData\x"#]]),
    Trap(
      name: "two backslashes and a star are a backslash and a wildcard", detection: #"s: {A: '*\AppData\\*'}"#,
      fires: [["A": #"C:\AppData\x"#], ["A": #"\appdata\"#]], isSilent: [["A": #"C:\AppData*"#]],
      holds: ["kusto": #"AppData"#]),
    Trap(
      name: "a backslash at the end stays", detection: #"s: {A|endswith: 'temp\'}"#,
      fires: [["A": #"c:\Temp\"#]], isSilent: [["A": "c:\\Temp"]]),
    Trap(
      name: "blanks at both ends count", detection: "s: {CommandLine|contains: ' -L '}",
      fires: [["CommandLine": "ssh -L 1"]], isSilent: [["CommandLine": "ssh -LX"]]),
    Trap(
      name: "what looks like an escape is none", detection: #"s: {A: ['C:\users', '\n', '\x41']}"#,
      fires: [["A": #"c:\Users"#], ["A": #"\n"#], ["A": #"\X41"#]], isSilent: [["A": "\n"], ["A": "A"]]),
    Trap(
      name: "a regular expression is opaque", detection: #"s: {A|re: '\\x\d+'}"#, fires: [["A": #"a\x12"#]],
      isSilent: [["A": "x12"]]),
    Trap(
      name: "a wildcard behind a backslash", detection: #"s: {A: '\\\\*\IPC$'}"#, fires: [["A": #"\\srv\ipc$"#]],
      isSilent: [["A": #"\srv\IPC$"#]]),
    Trap(
      name: "a literal star between backslashes", detection: #"s: {A: '\\\*\IPC$'}"#, fires: [["A": #"\*\ipc$"#]],
      isSilent: [["A": #"\srv\IPC$"#]]),
    Trap(
      name: "and over or", detection: "a: {A: 1}\nb: {B: 2}\nc: {C: 3}\ncondition: a or b and c",
      fires: [["A": 1], ["B": 2, "C": 3]], isSilent: [["B": 2], ["C": 3]]),
    Trap(
      name: "parentheses over and", detection: "a: {A: 1}\nb: {B: 2}\nc: {C: 3}\ncondition: a and (b or c)",
      fires: [["A": 1, "B": 2], ["A": 1, "C": 3]], isSilent: [["A": 1], ["B": 2, "C": 3]]),
    Trap(
      name: "a regular expression in one branch of an or", detection: "a: {A|re: '^x+$'}\nb: {B: y}\ncondition: a or b",
      fires: [["A": "xx"], ["B": "y"], ["A": "xx", "B": "z"]], isSilent: [["A": "y"], [:]],
      lacks: ["spl": "search OR"]),
    Trap(
      name: "nothing but regular expressions", detection: "a: {A|re: x}\nb: {B|re: y}\ncondition: a or b",
      fires: [["A": "x"], ["B": "y"]], isSilent: [["A": "y"]]),
    Trap(
      name: "one character", detection: "s: {CommandLine: 'a?b'}", fires: [["CommandLine": "aXb"]],
      isSilent: [["CommandLine": "ab"], ["CommandLine": "aXXb"]]),
    Trap(
      name: "connectives are whole words",
      detection: "notepad: {A: 1}\nandroid: {B: 2}\ncondition: notepad and android",
      fires: [["A": 1, "B": 2]], isSilent: [["A": 1], ["B": 2]]),
    Trap(
      name: "an alternation keeps together", detection: "s: {A|re|endswith: 'a|b'}", fires: [["A": "xa"], ["A": "xb"]],
      isSilent: [["A": "ax"]]),
    Trap(
      name: "lists pass by any of their values",
      detection: "s: {image|contains: nginx}\nf: {image: other}\ncondition: s and not f",
      fires: [["image": ["nginx", "b"]]], isSilent: [["image": ["nginx", "other"]], ["image": []]]),
    Trap(
      name: "numbers in every place",
      detection: "s: {a: 1, b|contains: 2, c|startswith: 3, d|gt: 4, e: [5, '6', x], f: '007'}",
      fires: [["a": 1, "b": "x2", "c": "3x", "d": 5, "e": 6, "f": "007"]],
      isSilent: [["a": 1, "b": "x2", "c": "3x", "d": 5, "e": 6, "f": "7"]]),
    Trap(
      name: "networks of both versions",
      detection: "s: {A|cidr: [10.0.0.0/8, 192.168.0.0/16, '2001:db8::/64', '::1/128']}",
      fires: [["A": "10.1.2.3"], ["A": "192.168.1.1"], ["A": "2001:db8::5"], ["A": "::1"]],
      isSilent: [["A": "11.0.0.1"], ["A": "2001:db8:1::5"], ["A": "::2"], ["A": "x"]]),
    Trap(
      name: "five dashes", detection: "s: {A|windash|contains: ' -enc'}",
      fires: ["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"].map { ["A": .string("p \($0)enc")] },
      isSilent: [["A": "p +enc"]]),
    Trap(
      name: "many dashes do not multiply", detection: "s: {A|windash|contains: '-a -b -c -d -e -f -g'}",
      fires: [["A": "/a -b \u{2014}c -d /e -f -g"]], isSilent: [["A": "a b c d e f g"]]),
    Trap(
      name: "values keep within their quotes", detection: #"s: {A: '"; drop | where 1 == 1 //'}"#,
      fires: [["A": #""; drop | where 1 == 1 //"#]], isSilent: [["A": "x"]]),
    Trap(
      name: "percent signs are plain", detection: "s: {A|contains: '%APPDATA%'}", fires: [["A": "x%appdata%y"]],
      isSilent: [["A": "appdata"]]),
  ]

  private static func load(_ text: String, _ translator: Translator) -> [LoadedRule] {
    guard let reader = translator.reader(named: "sigma") else { return [] }
    return translator.load(
      SourceFile(name: "rule.yml", text: text), path: "rule.yml", with: reader, in: ReadingContext())
  }

  private static func writer(_ name: String, _ translator: Translator) throws -> any RuleWriter.Type {
    try #require(translator.writer(named: name))
  }

  private static func text(_ detection: String) -> String {
    let condition = detection.contains("condition:") ? "" : "\ncondition: s"
    let lines = (detection + condition).split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return "title: T\nid: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40\nlogsource: {product: none}\ndetection:\n\(lines)\n"
  }

  @Test func `there are traps`() { #expect(Self.traps.count > 25) }

  @Test(arguments: traps.indices) func `the rule is matched, and written for every language that can say it`(index: Int)
    throws
  {
    let trap = Self.traps[index]
    let translator = try Translator(unmapped: .keep)
    let rule = try #require(Self.load(Self.text(trap.detection), translator).first)
    let predicate = try #require(
      rule.neutral?.body.predicates.first, "\(trap.name): \(rule.diagnostics.map(\.message))")
    let matcher = try TreeMatcher(predicate)
    for event in trap.fires { #expect(try matcher.matches(event), "\(trap.name): \(event.json)") }
    for event in trap.isSilent { #expect(try !matcher.matches(event), "\(trap.name): \(event.json)") }
    var written = 0
    for name in translator.writerNames {
      let writer = try Self.writer(name, translator)
      let result = translator.convert(rule, to: writer)
      #expect(
        !result.diagnostics.contains { $0.code == .unexplainedDifference }, "\(trap.name) in \(name)")
      guard let text = result.written?.text else {
        #expect(result.diagnostics.contains { $0.severity == .error }, "\(trap.name): \(name) says nothing")
        continue
      }
      written += 1
      #expect(!text.contains("object at 0x") && !text.contains("Optional("), "\(trap.name) in \(name): \(text)")
      if let part = trap.holds[name] { #expect(text.contains(part), "\(trap.name) in \(name): \(text)") }
      if let part = trap.lacks[name] { #expect(!text.contains(part), "\(trap.name) in \(name): \(text)") }
    }
    #expect(written >= 3, "\(trap.name)")
  }

  @Test func `what a language cannot say exactly is a loss as data`() throws {
    let translator = try Translator(unmapped: .keep)
    let rule = try #require(Self.load(Self.text("s: {A: 'X'}"), translator).first)
    let kuery = translator.convert(rule, to: try Self.writer("kuery", translator))
    #expect(kuery.verdict == .exact || !kuery.losses.isEmpty)
    #expect(kuery.losses.allSatisfy { !$0.reason.isEmpty })
  }

  @Test func `a counted rule keeps each of its tests in every language`() throws {
    let translator = try Translator(unmapped: .keep)
    let base = Self.text("s: {fieldA: aaa, fieldB|re: 'b+b'}").replacing("title: T\n", with: "title: T\nname: base\n")
    let text =
      base + """
        ---
        title: Many
        id: 6a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
        correlation: {type: event_count, rules: [base], group-by: [user], timespan: 5m, condition: {gte: 10}}

        """
    let rule = try #require(Self.load(text, translator).first)
    var written = 0
    for name in translator.writerNames {
      let result = translator.convert(rule, to: try Self.writer(name, translator))
      guard let form = result.written else {
        #expect(result.diagnostics.contains { $0.severity == .error }, "\(name)")
        continue
      }
      written += 1
      let whole = form.text + form.companions.map(\.text).joined()
      let isCased = whole.contains("aaa") || whole.contains("[aA][aA][aA]")
      #expect(isCased && whole.contains("b+b") && whole.contains("10"), "\(name): \(whole)")
    }
    #expect(written >= 3)
  }

  @Test func `a field without a name is named, and an index list is a list`() throws {
    let translator = try Translator(unmapped: .warn)
    let text = Self.text("s: {CommandLine: x, Nonsense: y}")
      .replacing("{product: none}", with: "{product: windows, category: process_creation}")
    let rule = try #require(Self.load(text, translator).first)
    let result = translator.convert(rule, to: try Self.writer("esql", translator))
    #expect(result.diagnostics.contains { $0.code == .unmappedField && $0.message.contains("Nonsense") })
    let query = try #require(result.written?.text)
    #expect(query.hasPrefix("FROM logs-windows.sysmon_operational-* "), "\(query)")
    #expect(query.contains("process.command_line") && query.contains(#"event.category == "process""#), "\(query)")
  }

  @Test func `a nested field of a table is a path, not a text`() throws {
    let translator = try Translator()
    let text = Self.text("s: {objectRef.resource: events}")
      .replacing("{product: none}", with: "{product: kubernetes, service: audit}")
    let rule = try #require(Self.load(text, translator).first)
    let kusto = translator.convert(rule, to: try Self.writer("kusto", translator))
    let query = try #require(kusto.written?.text)
    #expect(query.contains("ObjectRef.resource") && !query.contains("'objectRef"), "\(query)")
  }

  @Test func `a condition in the wrong place is said to be there`() throws {
    let translator = try Translator(unmapped: .keep)
    let text = "title: T\nlogsource: {product: none}\ndetection:\n  s: {a: b}\ncondition: s\n"
    let rule = try #require(Self.load(text, translator).first)
    #expect(rule.isRefused)
    let fault = try #require(rule.diagnostics.first { $0.code == .misplacedKey })
    #expect(fault.primary?.range.line == 5)
  }

  @Test func `metadata of a wrong type stops no rule`() throws {
    let translator = try Translator(unmapped: .keep)
    let keys = [
      "title", "id", "name", "related", "status", "description", "license", "references", "author", "date", "modified",
      "tags", "fields", "falsepositives", "level", "logsource", "scope", "taxonomy", "sigma", "custom",
    ]
    for key in keys {
      for value in ["5", "true", "null", "[]", "{}", "[5, null]", "{a: [b]}", "text", "[[a]]", "''"] {
        let text = "\(key): \(value)\ndetection:\n  s: {a: b}\n  condition: s\n"
        let rule = try #require(Self.load(text, translator).first)
        #expect(!rule.isRefused, "\(key): \(value): \(rule.diagnostics.map(\.message))")
        let back = translator.convert(rule, to: try Self.writer("sigma", translator))
        #expect(back.verdict == .exact, "\(key): \(value)")
      }
    }
  }

  @Test func `what a template shares is in each of its rules`() throws {
    let translator = try Translator(unmapped: .keep)
    let text = """
      title: Remote service
      action: global
      logsource: {product: windows}
      detection:
        condition: s
      ---
      id: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
      detection:
        s: {EventID: 7045, ServiceName: PSEXESVC}
      ---
      id: 6a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
      detection:
        s: {EventID: 4697, ServiceName: PSEXESVC}

      """
    let rules = Self.load(text, translator)
    #expect(rules.map(\.title) == ["Remote service", "Remote service"])
    let matchers = try rules.compactMap { try $0.neutral?.body.predicates.first.map { try TreeMatcher($0) } }
    #expect(try matchers.map { try $0.matches(["EventID": 7045, "ServiceName": "psexesvc"]) } == [true, false])
    #expect(try matchers.map { try $0.matches(["EventID": 7045, "ServiceName": "other"]) } == [false, false])
  }
}
