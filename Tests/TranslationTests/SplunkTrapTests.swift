import FieldMapping
import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing
import Translation

/// Where translations of SPL go wrong, each as a search with events, read, matched and written everywhere.
@Suite struct SplunkTrapTests {
  struct Trap: Sendable {
    var name: String
    var spl: String
    var fires: [EventValue] = []
    var isSilent: [EventValue] = []
    /// What an output must hold, and what it must not, by target.
    var holds: [String: String] = [:]
    var lacks: [String: String] = [:]
  }

  private static let agents: EventValue = ["userAgent": "kubectl/v1"]
  private static func groups(_ names: EventValue...) -> EventValue { ["user": ["groups": .list(names)]] }

  static let traps: [Trap] = [
    Trap(
      name: "1: OR binds tighter than AND in search", spl: "a=x OR b=y c=z",
      fires: [["a": "x", "c": "z"], ["b": "y", "c": "z"]], isSilent: [["a": "x"], ["b": "y"]]),
    Trap(
      name: "2: AND binds tighter in where", spl: #"* | where a="x" OR b="y" AND c="z""#,
      fires: [["a": "x"], ["b": "y", "c": "z"]], isSilent: [["b": "y"], ["c": "z"]]),
    Trap(
      name: "4: a bare word behind OR is looked for in the raw text", spl: "objectRef.resource=secrets OR configmaps",
      fires: [["objectRef": ["resource": "secrets"]], ["note": "configmaps"]],
      isSilent: [["objectRef": ["resource": "pods"]]]),
    Trap(
      name: "5: != needs the field", spl: "user!=admin", fires: [["user": "root"]],
      isSilent: [[:], ["user": "admin"], ["user": "ADMIN"]], lacks: ["kuery": "user != "]),
    Trap(
      name: "6: NOT does not", spl: "NOT user=admin", fires: [[:], ["user": "root"]], isSilent: [["user": "Admin"]]),
    Trap(
      name: "7: NOT of where does", spl: #"* | where NOT match(f,"x")"#, fires: [["f": "y"]],
      isSilent: [[:], ["f": "axb"]]),
    Trap(
      name: "8: search ignores case", spl: "verb=GET", fires: [["verb": "get"], ["verb": "GET"]],
      isSilent: [["verb": "list"]], holds: ["kusto": "=~"]),
    Trap(
      name: "9: where does not", spl: #"* | where verb="get""#, fires: [["verb": "get"]], isSilent: [["verb": "GET"]],
      holds: ["sigma": "cased"], lacks: ["kusto": "=~"]),
    Trap(
      name: "10: a star in where is a star", spl: #"* | where userAgent="kubectl*""#,
      fires: [["userAgent": "kubectl*"]], isSilent: [agents],
      lacks: ["kuery": "userAgent:kubectl*", "panther": "startswith"]),
    Trap(
      name: "11: a wildcard in the middle", spl: #"CommandLine="*foo*bar*""#, fires: [["CommandLine": "a FOO b bar"]],
      isSilent: [["CommandLine": "bar foo"], ["CommandLine": "foo"]], lacks: ["esql": "[Oo]*"]),
    Trap(
      name: "12: _ and % of like", spl: #"* | where like(f,"%a_b%")"#, fires: [["f": "xa-bx"], ["f": "a_b"]],
      isSilent: [["f": "ab"], ["f": "xA-bx"]]),
    Trap(
      name: "13: match looks anywhere", spl: #"* | where match(f,"^a|b$")"#, fires: [["f": "ax"], ["f": "xb"]],
      isSilent: [["f": "bax"], ["f": "A"]]),
    Trap(
      name: "14: any value of a list", spl: #"user.groups{}="system:masters""#,
      fires: [groups("x", "system:masters"), groups("SYSTEM:MASTERS")], isSilent: [groups("system"), [:]],
      lacks: ["sigma": "{}", "kusto": "{}", "panther": "{}"]),
    Trap(
      name: "15: NOT of a list is none of them", spl: "NOT user.groups{} IN (admin)", fires: [groups("x", "y"), [:]],
      isSilent: [groups("x", "admin"), groups("Admin")]),
    Trap(name: "16: field=* is presence", spl: "user=*", fires: [["user": "x"]], isSilent: [[:]]),
    Trap(name: "16: and NOT field=* absence", spl: "NOT user=*", fires: [[:]], isSilent: [["user": "x"]]),
    Trap(name: "16: and field!=* is never true", spl: "user!=*", isSilent: [[:], ["user": "x"]]),
    Trap(
      name: "17: a network is no text", spl: #"src_ip="10.0.0.0/8""#, fires: [["src_ip": "10.1.2.3"]],
      isSilent: [["src_ip": "11.1.2.3"]], holds: ["sigma": "cidr"]),
    Trap(
      name: "21: numbers are compared as numbers", spl: "responseStatus.code>=400",
      fires: [["responseStatus": ["code": 403]], ["responseStatus": ["code": 1000]]],
      isSilent: [["responseStatus": ["code": 99]]]),
    Trap(
      name: "22: a renamed field is the old one", spl: "a=x | rename user.username as user | search user=root",
      fires: [["a": "x", "user": ["username": "root"]]], isSilent: [["a": "x", "user": "root"], ["a": "x"]]),
    Trap(
      name: "24: quotes inside a value", spl: #"x=*\"privileged\":true*"#, fires: [["x": #"{"privileged":true}"#]],
      isSilent: [["x": "privileged:true"]]),
    Trap(
      name: "24: quotes on the left are a field in search", spl: #""user.username"=x"#,
      fires: [["user": ["username": "x"]]], isSilent: [[:]]),
    Trap(
      name: "24: quotes on the left are a text in where", spl: #"* | where "a.b"="x""#,
      isSilent: [["a": ["b": "x"]]]),
    Trap(
      name: "24: single quotes on the left are a field in where", spl: #"* | where 'a.b'="x""#,
      fires: [["a": ["b": "x"]]], isSilent: [["a": ["b": "y"]]]),
  ]

  private static func load(_ spl: String, macros: String = "", _ translator: Translator) throws -> LoadedRule {
    let reader = try #require(translator.reader(named: "spl"))
    let context = ReadingContext(macroFiles: [SourceFile(name: "macros.conf", text: macros)])
    return try #require(
      translator.load(SourceFile(name: "rule.spl", text: spl), path: "rule.spl", with: reader, in: context).first)
  }

  private static func matcher(_ rule: LoadedRule) throws -> TreeMatcher {
    try TreeMatcher(try #require(rule.neutral?.body.predicates.first, "\(rule.diagnostics.map(\.message))"))
  }

  @Test(arguments: traps.indices) func `A trap of SPL catches nobody`(_ index: Int) throws {
    let trap = Self.traps[index]
    let translator = try Translator(unmapped: .keep)
    let rule = try Self.load(trap.spl, translator)
    let matcher = try Self.matcher(rule)
    for event in trap.fires { #expect(try matcher.matches(event), "\(trap.name): \(event.json)") }
    for event in trap.isSilent { #expect(try !matcher.matches(event), "\(trap.name): \(event.json)") }
    var written = 0
    for name in translator.writerNames {
      let result = translator.convert(rule, to: try #require(translator.writer(named: name)))
      #expect(!result.diagnostics.contains { $0.code == .unexplainedDifference }, "\(trap.name), \(name)")
      guard let form = result.written else {
        #expect(result.diagnostics.contains { $0.severity == .error }, "\(trap.name), \(name)")
        continue
      }
      written += 1
      if let text = trap.holds[name] { #expect(form.text.contains(text), "\(name): \(form.text)") }
      if let text = trap.lacks[name] { #expect(!form.text.contains(text), "\(name): \(form.text)") }
    }
    #expect(written >= 4, "\(trap.name)")
  }

  @Test func `3: a macro of alternatives gets no parentheses of its own`() throws {
    let translator = try Translator(unmapped: .keep)
    let macros = "[sysmon]\ndefinition = a=1 OR b=2 OR c=3\n"
    let plain = try Self.matcher(try Self.load("`sysmon` d=1", macros: macros, translator))
    #expect(try plain.matches(["b": "2", "d": 1]))
    #expect(try !plain.matches(["b": "2"]) && !plain.matches(["d": 1]))
    let negated = try Self.matcher(try Self.load("x=1 NOT `sysmon`", macros: macros, translator))
    #expect(try negated.matches(["x": "1", "a": "1", "b": "2"]))
    #expect(try negated.matches(["x": "1"]))
    #expect(try !negated.matches(["x": "1", "a": "1"]))
  }

  @Test func `18: a stage is written, or the rule is refused with its name`() throws {
    let translator = try Translator(unmapped: .keep)
    let macros = "[allow]\ndefinition = user.username=admin\n"
    let spl = "`kube_audit` verb=get | search NOT `allow` | stats count by user.username | where count>5"
    let rule = try Self.load(spl, macros: macros, translator)
    guard case .threshold(let threshold)? = rule.neutral?.body else {
      Issue.record("no threshold: \(rule.diagnostics.map(\.message))")
      return
    }
    #expect(threshold.bound == .order(.greater) && threshold.value == Number(5))
    var written = 0
    for name in translator.writerNames {
      let result = translator.convert(rule, to: try #require(translator.writer(named: name)))
      guard let form = result.written else {
        #expect(result.diagnostics.contains { $0.severity == .error }, "\(name)")
        continue
      }
      written += 1
      let whole = form.text + form.companions.map(\.text).joined()
      #expect(whole.contains("admin") && (whole.contains("5") || whole.contains("6")), "\(name): \(whole)")
    }
    #expect(written >= 4)
    let lookup = try Self.load("verb=get | lookup t user OUTPUT bad | search bad=1", translator)
    for name in translator.writerNames {
      let result = translator.convert(lookup, to: try #require(translator.writer(named: name)))
      // The rule's own model keeps the text and the reason.
      guard name != "ir-json" else { continue }
      #expect(result.written == nil, "\(name)")
      #expect(
        result.diagnostics.contains { $0.message.contains("lookup") || ($0.primary?.text.contains("lookup") ?? false) })
    }
  }

  /// Published rules about secrets leave out what a macro lists.
  @Test func `An allow-list is visible in every target, with the macro that holds it`() throws {
    let translator = try Translator(unmapped: .keep)
    let lists = [
      ("kube_allowed_user_names", "user.username=admin", "admin"),
      ("kube_allowed_user_groups", "user.groups{} IN (admin)", "admin"),
      ("kube_allowed_user_agents", "userAgent=Helm/3.13.2", "3.13.2"),
    ]
    for (name, definition, value) in lists {
      let spl = "`kube_audit` objectRef.resource=secrets verb=get | search NOT `\(name)` | stats count by verb"
      let rule = try Self.load(spl, macros: "[\(name)]\ndefinition = \(definition)\n", translator)
      for target in translator.writerNames {
        let result = translator.convert(rule, to: try #require(translator.writer(named: target)))
        let form = try #require(result.written, "\(target)")
        let whole = (form.text + form.companions.map(\.text).joined()).lowercased()
        // Where case is minded, Lucene has a class of two letters for each.
        #expect(whole.contains(value) || target == "lucene", "\(target): \(form.text)")
        #expect(result.diagnostics.contains { $0.severity == .warning && $0.message.contains(name) }, "\(target)")
      }
    }
    let place = "`kube_audit` verb=get | iplocation sourceIPs{} | search NOT `kube_allowed_locations`"
    let rule = try Self.load(place, macros: "[kube_allowed_locations]\ndefinition = Country=Norway\n", translator)
    #expect(
      rule.diagnostics.contains {
        $0.code == .unmodelledRule && $0.secondary.contains { $0.text.contains("kube_allowed_locations") }
      })
    for target in translator.writerNames where target != "ir-json" {
      #expect(translator.convert(rule, to: try #require(translator.writer(named: target))).written == nil, "\(target)")
    }
  }

  @Test func `19: stats leaves out what lacks a key, and takes lists apart`() throws {
    let translator = try Translator(unmapped: .keep)
    let rule = try Self.load("verb=get | stats count by user user.groups{}", translator)
    let matcher = try Self.matcher(rule)
    #expect(try !matcher.matches(["verb": "get", "user": "x"]))
    let kusto = try Self.load("a=x | stats count by user | where count>5", translator)
    let written = translator.convert(kusto, to: try #require(translator.writer(named: "kusto"))).written
    #expect(try #require(written?.text).contains("isnotempty(user)") || #require(written?.text).contains("isnotnull"))
  }

  @Test func `20: fillnull without a list is said to hang on the other events`() throws {
    let translator = try Translator(unmapped: .keep)
    let rule = try Self.load("verb=get | fillnull | stats count by user.uid", translator)
    #expect(rule.diagnostics.contains { $0.code == .assumedMeaning && $0.notes.contains { $0.contains("silent") } })
  }

  @Test func `23: a time range is no condition on fields`() throws {
    let translator = try Translator(unmapped: .keep)
    let rule = try Self.load("earliest=-15m latest=now verb=get", translator)
    #expect(rule.neutral?.metadata.schedule?.lookback == .minutes(15))
    #expect(try Self.matcher(rule).matches(["verb": "get"]))
    for name in translator.writerNames {
      let text = translator.convert(rule, to: try #require(translator.writer(named: name))).written?.text ?? ""
      #expect(!text.contains("earliest="), "\(name): \(text)")
    }
  }

  @Test func `Every trap is tried`() {
    let numbers = Set(Self.traps.compactMap { Int($0.name.prefix { $0 != ":" }) }).union([3, 18, 19, 20, 23])
    #expect(numbers == Set(1...24))
  }
}
