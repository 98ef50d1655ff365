import LanguageSupport
import RuleIR
import Sigma
import SourceText
import Testing

/// Filters and correlations about rules of other files.
@Suite struct RunTests {
  private static let rule = """
    title: Listed
    name: listed
    id: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
    logsource: {product: kubernetes, service: audit}
    detection:
      s: {verb: list}
      condition: s

    """
  private static let filter = """
    title: Administrators
    logsource: {product: kubernetes}
    filter:
      rules: [listed]
      a: {user: admin}
      condition: not a

    """
  private static func counting(_ rule: String, name: String = "burst", more: String = "") -> String {
    """
    title: \(name)
    name: \(name)
    correlation:
      type: event_count
      rules: [\(rule)]
      timespan: 5m
      condition: {gte: 3}
    \(more)
    """
  }

  private static func read(_ texts: [String]) -> [[RuleReading]] {
    SigmaReader.read(texts.enumerated().map { RuleFile(SourceFile(name: "\($0).yml", text: $1)) })
  }

  @Test func `A filter is laid over a rule of another file, in any order`() {
    for texts in [[Self.rule, Self.filter], [Self.filter, Self.rule]] {
      let readings = Self.read(texts)
      let own = readings.flatMap(\.self)
      #expect(own.count == 1)
      #expect(
        own.first?.rule?.body.predicates.first.map { PredicateOutline(.terse).text(of: $0) }
          == "all\n  verb = untyped \"list\" ~\n  not\n    user = untyped \"admin\" ~")
    }
  }

  @Test func `A correlation takes a rule of another file, which then does not fire by itself`() {
    let readings = Self.read([Self.counting("listed"), Self.rule])
    #expect(readings.map { $0.map(\.title) } == [["burst"], []])
    #expect(readings[0].first?.rule?.metadata.source.values("service") == ["audit"])
    let both = Self.read([Self.counting("listed", more: "  generate: true"), Self.rule])
    #expect(both.map { $0.map(\.title) } == [["burst"], ["Listed"]])
  }

  @Test func `A name of one's own file goes before another's, and two others are ambiguous`() {
    let own = Self.read([Self.rule + "---\n" + Self.counting("listed"), Self.rule])
    #expect(own.map { $0.map(\.title) } == [["burst"], ["Listed"]])
    let several = Self.read([Self.counting("listed"), Self.rule, Self.rule])
    #expect(several[0].first?.diagnostics.contains { $0.code == .ambiguousName } == true)
  }

  @Test func `A file that cannot be read stops no other`() {
    let readings = Self.read([Self.rule, "a: [", Self.filter])
    #expect(readings.map(\.count) == [1, 1, 0])
    #expect(readings[1].first?.rule == nil)
    #expect(readings[0].first?.rule != nil)
  }

  @Test func `A correlation of a correlation is kept whole, in any order`() throws {
    let outer = Self.counting("burst", name: "storm")
    for texts in [[Self.rule, Self.counting("listed"), outer], [outer, Self.counting("listed"), Self.rule]] {
      let own = Self.read(texts).flatMap(\.self)
      #expect(own.map(\.title) == ["storm"])
      guard case .unmodelled(let rest)? = own.first?.rule?.body else {
        Issue.record("it was read as something else")
        return
      }
      #expect(rest.reason == "a correlation of rules that count")
      #expect(rest.understood.map { PredicateOutline(.terse).text(of: $0) } == #"verb = untyped "list" ~"#)
    }
  }

  @Test func `Correlations that name each other are refused, each of them`() {
    let own = Self.read([Self.counting("storm"), Self.counting("burst", name: "storm")]).flatMap(\.self)
    #expect(own.count == 2)
    #expect(own.allSatisfy { $0.rule == nil && $0.diagnostics.contains { $0.code == .unknownIdentifier } })
  }

  /// The condition of a temporal correlation over two rules, and whether all of them are asked for.
  static let conditions: [(condition: String, isSequence: Bool)] = [
    ("{gte: 2}", true), ("{eq: 2}", true), ("{gt: 1}", true), ("{gte: 1}", false), ("{lt: 2}", false),
    ("listed and read", true), ("read and listed", true), ("listed or read", false), ("listed and not read", false),
    ("not (listed or read)", false), ("listed", false), ("1 of *", false), ("all of them", true),
  ]

  @Test func `A temporal correlation asks for all of its rules, or for what its condition says`() throws {
    let second = Self.rule.split(separator: "\n", omittingEmptySubsequences: false)
      .map {
        $0.replacing("listed", with: "read").replacing("5a1f", with: "6a1f").replacing("verb: list", with: "verb: get")
      }
      .joined(separator: "\n")
    for (condition, isSequence) in Self.conditions {
      let correlation = """
        title: Both
        correlation:
          type: temporal
          rules: [listed, read]
          timespan: 5m
          condition: \(condition)

        """
      let reading = try #require(Self.read([Self.rule, second, correlation])[2].first)
      let rule = try #require(reading.rule, "\(condition): \(SigmaRules.rendered(reading.diagnostics))")
      if case .sequence = rule.body {
        #expect(isSequence, "\(condition)")
      } else {
        #expect(!isSequence, "\(condition)")
      }
      let text = try SigmaWriter.write(rule, for: TargetSchema()).text
      let again = try #require(SigmaRules.read(text).last?.rule, "\(text)")
      #expect(again.body.mapPredicates { $0.normalised() } == rule.body.mapPredicates { $0.normalised() }, "\(text)")
    }
  }
}
