import LanguageSupport
import RuleIR
import Sigma
import SourceText
import Testing

@Suite struct FilterTests {
  private static func read(rules: String, condition: String = "not admins", source: String = "product: kubernetes")
    -> [RuleReading]
  {
    SigmaRules.read(
      """
      title: Secrets listed
      id: 5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
      name: secrets_listed
      logsource: {product: kubernetes, service: audit}
      detection:
        selection: {verb: list}
        condition: selection
      ---
      title: Anything else
      id: 6a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40
      logsource: {product: windows}
      detection:
        selection: {verb: list}
        condition: selection
      ---
      title: Administrators
      logsource: {\(source)}
      filter:
        rules: \(rules)
        admins: {user: admin}
        condition: \(condition)

      """)
  }

  private static func outlines(_ readings: [RuleReading]) -> [String] {
    readings.map { reading in
      reading.rule?.body.predicates.first.map { PredicateOutline(.terse).text(of: $0) } ?? "refused"
    }
  }

  private static let list = #"verb = untyped "list" ~"#
  private static let filtered = """
    all
      verb = untyped "list" ~
      not
        user = untyped "admin" ~
    """

  @Test func `A filtered rule fires where both hold, and the filter is no rule`() {
    #expect(Self.outlines(Self.read(rules: "[secrets_listed]")) == [Self.filtered, Self.list])
    #expect(Self.outlines(Self.read(rules: "5a1f3c52-9d1b-4c7e-8a77-0c7a1d2e3f40")) == [Self.filtered, Self.list])
  }

  @Test func `A filter of any rule is about those of its log source or of a part of it`() {
    #expect(Self.outlines(Self.read(rules: "any")) == [Self.filtered, Self.list])
    #expect(Self.outlines(Self.read(rules: "any", source: "product: linux")) == [Self.list, Self.list, "refused"])
  }

  @Test func `A filter's names and the rule's own do not meet`() {
    let readings = Self.read(rules: "any", condition: "not 1 of adm*")
    #expect(Self.outlines(readings) == [Self.filtered, Self.list])
  }

  @Test func `A filter without not restricts, and that is said of its rules`() {
    let readings = Self.read(rules: "any", condition: "admins")
    #expect(readings.first?.diagnostics.map(\.code) == [.restrictingFilter])
    #expect(readings.last?.diagnostics.isEmpty == true)
  }
}
