import LanguageSupport
import RuleIR
import Sentinel
import SourceText
import Testing

struct KustoDiagnosticTests {
  /// Every diagnostic of a query, as people see it.
  static func rendered(_ text: String) -> String {
    let readings = KustoReader.read(SourceFile(name: "q.kusto", text: text), in: ReadingContext())
    return readings.flatMap(\.diagnostics).map { DiagnosticRenderer().render($0) }.joined()
  }

  @Test(arguments: [
    ("T | where a == \"x", "unterminated-string", "1:16"),
    ("T\n| where a == @\"x\n| take 1", "unterminated-string", "2:14"),
    ("T | where a == h'x", "unterminated-string", "1:16"),
    ("T | where a == ```x", "unterminated-string", "1:16"),
    ("T | where a == \"c:\\qx\"", "invalid-escape", "1:19"),
    ("T | where a == \u{201C}x\u{201D}", "unexpected-character", "1:16"),
    ("T | where not a", "unexpected-token", "1:15"),
    ("T | where a == 1 == 2", "unexpected-token", "1:18"),
    ("T | where a has \"b\" has \"c\"", "unexpected-token", "1:21"),
    ("T | where a < 1 < 2", "unexpected-token", "1:17"),
    ("T | where a in ()", "unexpected-token", "1:17"),
    ("T | where a and", "unexpected-token", "1:16"),
    ("T | where (a == 1", "unexpected-token", "1:18"),
    ("T | where a == 1 AND b == 2", "unexpected-token", "1:18"),
    ("T | were a == 1", "unknown-command", "1:5"),
    ("T | where a == 1.5x", "invalid-number", "1:16"),
    ("", "empty-query", "1:1"),
    ("// only a comment", "empty-query", "1:18"),
  ])
  func `What is no Kusto is refused at its place`(query: String, code: String, place: String) throws {
    let reading = KustoPipelineTests.reading(query)
    let found = try #require(reading.diagnostics.first)
    #expect(reading.rule == nil && found.severity == .error)
    #expect(found.code.rawValue == code)
    let range = try #require(found.primary?.range)
    #expect("\(range.line):\(range.column)" == place)
  }

  @Test func `Smart quotes are named with what was meant`() throws {
    let found = try #require(KustoPipelineTests.reading("T | where a == \u{201C}x\u{201D}").diagnostics.first)
    #expect(found.message == "U+201C has no meaning in Kusto outside a string")
    #expect(found.help == "did you mean '\"'?")
  }

  @Test func `Hidden blanks pass with a warning`() throws {
    let reading = KustoPipelineTests.reading("T | where\u{A0}a == \"x\"")
    #expect(reading.rule != nil)
    #expect(reading.diagnostics.map(\.code) == [.hiddenCharacter])
  }

  @Test func `What is left out is said`() throws {
    let reading = KustoPipelineTests.reading("T | where TimeGenerated > ago(1d) | where a == 'x' | project a | take 3")
    #expect(reading.diagnostics.map(\.code) == [.assumedMeaning, .ignoredStage, .ignoredStage])
    #expect(reading.diagnostics.allSatisfy { $0.severity == .info })
  }

  @Test func `What is not modelled is marked where it stands`() throws {
    let reading = KustoPipelineTests.reading("T\n| where a == 'x'\n| join (U) on a")
    let found = try #require(reading.diagnostics.first)
    #expect(found.code == .unmodelledRule && found.severity == .warning)
    #expect(found.primary?.range.text == "join (U) on a")
  }

  @Test func `A misspelt operator is met with the nearest one`() {
    #expect(KustoPipelineTests.reading("T | sumarize count()").diagnostics.first?.help == "did you mean 'summarize'?")
  }

  @Test func `Deep nesting is refused and never traps`() throws {
    for text in [String(repeating: "(", count: 10_000), String(repeating: "not(", count: 10_000)] {
      let found = try #require(KustoPipelineTests.reading("T | where " + text).diagnostics.first)
      #expect(found.code == .nestedTooDeeply)
    }
    let long = "T | where a == \"" + String(repeating: "x", count: 1 << 20) + "\""
    #expect(KustoPipelineTests.reading(long).diagnostics.first?.code == .queryTooLong)
  }

  @Test func `Names that grow by themselves are stopped`() throws {
    var query = "T | extend a0 = strcat(b, b)"
    for step in 1...40 { query += " | extend a\(step) = strcat(a\(step - 1), a\(step - 1))" }
    query += " | where a40 == 'x'"
    guard case .unmodelled(let rest)? = KustoPipelineTests.reading(query).rule?.body else {
      Issue.record("understood")
      return
    }
    #expect(rest.reason == "an expression of more than 200,000 parts")
  }

  @Test(arguments: 0..<200)
  func `No bytes make the reader trap`(seed: Int) {
    var random = KustoBytes(seed: UInt64(seed))
    for _ in 0..<50 {
      let file = SourceFile(name: "t.kusto", bytes: random.next())
      #expect(!KustoReader.read(file, in: ReadingContext()).isEmpty)
    }
  }

  @Test func `Tests know their place`() throws {
    let text = "AKSAudit\n| where Verb == \"list\"\n    and ObjectRef.resource in (\"secrets\")"
    guard case .all(let parts) = try KustoRoundTrip.predicate(text) else {
      Issue.record("no conjunction")
      return
    }
    #expect(parts.map { $0.origin.range?.text } == ["Verb == \"list\"", "ObjectRef.resource in (\"secrets\")"])
  }
}
