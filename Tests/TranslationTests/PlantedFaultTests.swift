import LanguageSupport
import RuleIR
import SourceText
import Testing
import Translation

/// A mistake of a writer, made in what it wrote.
private protocol PlantedFault {
  static var spellings: [String: Spelling] { get }
}

/// A writer whose texts carry a mistake; in all else it is the one it stands in for.
private struct FaultyWriter<Base: RuleWriter, Fault: PlantedFault>: RuleWriter {
  static var name: String { Base.name }
  static var fileExtension: String { Base.fileExtension }
  static func support(for feature: Feature) -> Support { Base.support(for: feature) }

  static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    var written = try Base.write(rule, for: schema)
    guard let spelling = Fault.spellings[name], let place = written.text.firstRange(of: spelling.correct) else {
      return written
    }
    written.text.replaceSubrange(place, with: spelling.wrong)
    return written
  }
}

/// What each language writes for the rule below, and what a careless writer would.
private struct Spelling: Sendable {
  var correct: String
  var wrong: String

  init(correct: String, wrong: String) {
    self.correct = correct
    self.wrong = wrong
  }

  /// What is correct in parentheses, and wrong without.
  init(parenthesised text: String) { self.init(correct: "(\(text))", wrong: text) }
}

private enum PrecedenceSwapped: PlantedFault {
  static let spellings = [
    "sigma": Spelling(
      correct: "              - list\n          objectRef.resource: secrets",
      wrong: "              - list\n        - objectRef.resource: secrets"),
    "kuery": Spelling(
      parenthesised: #"(kubernetes.audit.verb:("get" or "list") and kubernetes.audit.objectRef.resource:"secrets")"#
        + #" or kubernetes.audit.userAgent:*cu\*l 5% x\\nb*"#),
    "esql": Spelling(
      parenthesised: #"(TO_LOWER(kubernetes.audit.verb) IN ("get", "list") AND "#
        + #"TO_LOWER(kubernetes.audit.objectRef.resource) == "secrets") OR "#
        + #"TO_LOWER(kubernetes.audit.userAgent) LIKE """*cu\*l 5% x\\nb*""""#),
    "eql": Spelling(
      parenthesised: #"(kubernetes.audit.verb : ("get", "list") and "#
        + #"kubernetes.audit.objectRef.resource : "secrets") or "#
        + #"kubernetes.audit.userAgent regex~ """.*cu\*l 5% x\\nb.*""""#),
    "lucene": Spelling(
      parenthesised: #"(kubernetes.audit.verb:(/[gG][eE][tT]/ OR /[lL][iI][sSſ][tT]/) AND "#
        + #"kubernetes.audit.objectRef.resource:/[sSſ][eE][cC][rR][eE][tT][sSſ]/) OR "#
        + #"kubernetes.audit.userAgent:/.*[cC][uU]\*[lL] 5% [xX]\\[nN][bB].*/"#),
    "spl": Spelling(
      correct: #"AND lower('objectRef.resource')="secrets") OR match('userAgent',"(?i)cu\\*l 5% x\\\\nb")"#,
      wrong: #"AND (lower('objectRef.resource')="secrets" OR match('userAgent',"(?i)cu\\*l 5% x\\\\nb")))"#),
    "kusto": Spelling(
      correct: #"and tostring(ObjectRef.resource) =~ "secrets") or UserAgent contains "cu*l 5% x\\nb""#,
      wrong: #"and (tostring(ObjectRef.resource) =~ "secrets" or UserAgent contains "cu*l 5% x\\nb"))"#),
    "panther": Spelling(
      parenthesised: #"(_folded(event.deep_get("verb")) in ("get", "list") and "#
        + #"_folded(event.deep_get("objectRef", "resource")) == "secrets") or "#
        + #""cu*l 5% x\\nb" in _folded(event.deep_get("userAgent"))"#),
  ]
}

private enum CaseStampLost: PlantedFault {
  static let spellings = [
    "sigma": Spelling(correct: "objectRef.resource:", wrong: "objectRef.resource|cased:"),
    "esql": Spelling(
      correct: "TO_LOWER(kubernetes.audit.objectRef.resource)", wrong: "kubernetes.audit.objectRef.resource"),
    "eql": Spelling(correct: #": "secrets""#, wrong: #"== "secrets""#),
    "lucene": Spelling(correct: "/[sSſ][eE][cC][rR][eE][tT][sSſ]/", wrong: #""secrets""#),
    "spl": Spelling(correct: "lower('objectRef.resource')", wrong: "'objectRef.resource'"),
    "kusto": Spelling(correct: #"=~ "secrets""#, wrong: #"== "secrets""#),
    "panther": Spelling(
      correct: #"_folded(event.deep_get("objectRef", "resource"))"#, wrong: #"event.deep_get("objectRef", "resource")"#),
  ]
}

private enum EscapeDropped: PlantedFault {
  static let spellings = [
    "sigma": Spelling(correct: #"cu\*l"#, wrong: "cu*l"), "kuery": Spelling(correct: #"cu\*l"#, wrong: "cu*l"),
    "esql": Spelling(correct: #"cu\*l"#, wrong: "cu*l"), "spl": Spelling(correct: #"cu\\*l"#, wrong: "cu*l"),
    "eql": Spelling(correct: #"cu\*l"#, wrong: "cu*l"),
    "lucene": Spelling(correct: #"[uU]\*[lL]"#, wrong: "[uU]*[lL]"),
    "kusto": Spelling(correct: #"x\\nb"#, wrong: #"x\nb"#), "panther": Spelling(correct: #"x\\nb"#, wrong: #"x\nb"#),
  ]
}

private enum ValueRemoved: PlantedFault {
  static let spellings = [
    "sigma": Spelling(correct: "              - get\n", wrong: ""),
    "kuery": Spelling(correct: #"("get" or "list")"#, wrong: #""list""#),
    "esql": Spelling(correct: #"("get", "list")"#, wrong: #"("list")"#),
    "eql": Spelling(correct: #"("get", "list")"#, wrong: #""list""#),
    "lucene": Spelling(correct: "(/[gG][eE][tT]/ OR /[lL][iI][sSſ][tT]/)", wrong: "/[lL][iI][sSſ][tT]/"),
    "spl": Spelling(correct: #"("get", "list")"#, wrong: #"("list")"#),
    "kusto": Spelling(correct: #"("get", "list")"#, wrong: #"("list")"#),
    "panther": Spelling(correct: #"("get", "list")"#, wrong: #"("list",)"#),
  ]
}

private enum NegationLost: PlantedFault {
  static let spellings = [
    "sigma": Spelling(correct: "and not filter", wrong: "and filter"),
    "kuery": Spelling(correct: "and not ", wrong: "and "), "esql": Spelling(correct: "NOT LIKE", wrong: "LIKE"),
    "eql": Spelling(correct: "not ", wrong: ""), "lucene": Spelling(correct: "(NOT ", wrong: "("),
    "spl": Spelling(correct: "NOT ", wrong: ""), "kusto": Spelling(correct: "!startswith", wrong: "startswith"),
    "panther": Spelling(correct: "and not ", wrong: "and "),
  ]
}

/// Mistakes of writers, one at a time: the check of every conversion finds each, with an event that shows it.
@Suite struct PlantedFaultTests {
  /// `|cased` where letter case must not be an excuse.
  private static func rule(_ stamp: String) -> LoadedRule? {
    let text = #"""
      title: Secrets read with odd tools
      id: 0f2d6b1e-6b0e-4f7e-9d0a-2b8f5f0f7a11
      logsource:
          product: kubernetes
          service: audit
      detection:
          reads:
              verb\#(stamp):
                  - get
                  - list
              objectRef.resource\#(stamp): secrets
          tool:
              userAgent|contains\#(stamp): 'cu\*l 5% x\nb'
          system:
              user.username|startswith\#(stamp): 'system:'
          condition: (reads or tool) and not system
      level: medium

      """#
    guard let translator = RulePack.translator, let reader = translator.reader(named: "sigma") else { return nil }
    let file = SourceFile(name: "rule.yml", text: text)
    return translator.load(file, path: "rule.yml", with: reader, in: ReadingContext()).first
  }

  private static func rule(for writer: any RuleWriter.Type) -> LoadedRule? {
    // A keyword field of Elastic is compared letter by letter, which would explain any difference of case.
    rule(writer.name == "kuery" ? "|cased" : "")
  }

  private static let languages = ["sigma", "kuery", "esql", "eql", "lucene", "spl", "kusto", "panther"]

  @Test(arguments: languages)
  func `without a fault the conversion is exact`(language: String) throws {
    let translator = try #require(RulePack.translator)
    let writer = try #require(translator.writer(named: language))
    let converted = translator.convert(try #require(Self.rule(for: writer)), to: writer)
    #expect(converted.verdict == .exact && converted.assurance == .proved, "\(converted.diagnostics.map(\.message))")
  }

  @Test(arguments: languages)
  func `a fault is found with an event that shows it`(language: String) throws {
    let translator = try #require(RulePack.translator)
    let writer = try #require(translator.writer(named: language))
    let rule = try #require(Self.rule(for: writer))
    try Self.plant(PrecedenceSwapped.self, in: writer, rule, translator)
    if language != "kuery" {
      try Self.plant(CaseStampLost.self, in: writer, rule, translator)
    }
    try Self.plant(EscapeDropped.self, in: writer, rule, translator)
    try Self.plant(ValueRemoved.self, in: writer, rule, translator)
    try Self.plant(NegationLost.self, in: writer, rule, translator)
  }

  /// Kusto counts in fixed windows where the rule slides; what is lost there excuses nothing else.
  @Test func `a fault beside a loss of counting is found as well`() throws {
    let text = """
      title: Secret reads
      name: reads
      logsource: {product: kubernetes, service: audit}
      detection:
          reads: {verb: [get, list], objectRef.resource: secrets}
          condition: reads
      level: low
      ---
      title: Many secrets read
      id: 6c1f4ab5-2f6f-4b43-9c57-0a1f2ce0a7a2
      correlation:
          type: event_count
          rules: [reads]
          group-by: [user.username]
          timespan: 5m
          condition: {gte: 20}
      level: high

      """
    let translator = try #require(RulePack.translator)
    let writer = try #require(translator.writer(named: "kusto"))
    let reader = try #require(translator.reader(named: "sigma"))
    let file = SourceFile(name: "rules.yml", text: text)
    let rules = translator.load(file, path: "rules.yml", with: reader, in: ReadingContext())
    let rule = try #require(rules.first { $0.title == "Many secrets read" })
    guard case .unproved = translator.convert(rule, to: writer).assurance else {
      Issue.record("nothing of the counting is lost: \(translator.convert(rule, to: writer))")
      return
    }
    try Self.plant(ValueRemoved.self, in: writer, rule, translator)
  }

  private static func plant<Base: RuleWriter, Fault: PlantedFault>(
    _ fault: Fault.Type, in writer: Base.Type, _ rule: LoadedRule,
    _ translator: Translator
  ) throws {
    let spelling = try #require(Fault.spellings[writer.name])
    let correct = translator.convert(rule, to: writer).written?.text ?? ""
    #expect(correct.contains(spelling.correct), "the fault \(fault) has no place in \(writer.name):\n\(correct)")
    let converted = translator.convert(rule, to: FaultyWriter<Base, Fault>.self)
    let text = converted.written?.text ?? ""
    #expect(text != correct)
    let found = converted.diagnostics.first { $0.code == .unexplainedDifference }
    #expect(
      found?.notes.contains { $0.hasPrefix("this event tells the two apart: {") } == true,
      "\(fault) in \(writer.name) is not found: \(converted.assurance)\n\(text)")
  }
}
