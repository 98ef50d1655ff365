import LanguageSupport
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Elastic

@Suite struct KueryDiagnosticTests {
  /// The first error, or else the warnings, as shown.
  private func shown(_ query: String, _ flavour: Kuery.Flavour = .kibana) -> String {
    let renderer = DiagnosticRenderer()
    do throws(Diagnostic) {
      let reading = try Kuery.read(Passage(name: "q.kuery", text: query), flavour: flavour)
      return reading.warnings.map(renderer.render).joined(separator: "\n")
    } catch {
      return renderer.render(error)
    }
  }

  @Test func `An open quotation mark is pointed at`() {
    #expect(
      shown(#"verb:"list and code:200"#) == """
        error[unterminated-string]: the text is not closed
         --> q.kuery:1:6
          |
        1 | verb:"list and code:200
          |      ^ this quotation mark has no other
        """)
  }

  @Test func `A quotation mark pasted from a text is no quotation mark`() {
    #expect(
      shown("verb:\u{201C}list\u{201D} and a:b") == """
        warning[unexpected-character]: U+201C is a part of the value here
         --> q.kuery:1:6
          |
        1 | verb:“list” and a:b
          |      ^ no quotation mark
          = help: did you mean '"'?
        """)
  }

  @Test func `A no-break space joins values and separates keywords`() {
    #expect(shown("a:1\u{A0}and b:2") == "")
    #expect(shown("a:x\u{A0}y").contains("warning[hidden-character]: U+00A0 is a part of the value here"))
  }

  @Test func `A character that does not show is refused in a name and shown in a value`() {
    #expect(shown("ve\u{200B}rb:list").contains("error[hidden-character]: the field's name holds U+200B"))
    #expect(shown("verb:li\u{202E}st").contains("warning[hidden-character]: U+202E is a part of the value here"))
  }

  @Test func `A doubled not is an error in Kibana`() {
    #expect(
      shown("not not verb:list") == """
        error[unexpected-token]: 'not' cannot follow 'not'
         --> q.kuery:1:5
          |
        1 | not not verb:list
          |     ^^^ expected a condition
          = help: put the inner one in parentheses
        """)
    #expect(shown("not not verb:list", .server) == "")
  }

  @Test(arguments: [
    ("verb:", "expected a value, found the end of the text"),
    ("verb:()", "expected a value, found ')'"),
    ("verb:list and", ""),
    ("verb:list and ", "expected a condition, found the end of the text"),
    ("(verb:list", "expected ')', found the end of the text"),
    ("verb:list)", "expected 'and', 'or' or the end of the query, found ')'"),
    ("not ", "expected a condition, found the end of the text"),
    ("verb:cannot list", "expected 'and', 'or' or the end of the query, found 'not'"),
    ("verb:not list", "expected a value, found 'not'"),
    ("n:{x:1", "expected '}', found the end of the text"),
    ("n:{}", "expected a condition, found '}'"),
    ("a >", "expected a value to compare with, found the end of the text"),
    ("a > (1 or 2)", "expected a value to compare with, found '('"),
    ("a:(b:c)", "expected ')', found ':'"),
    ("\"a\"or b", "expected 'and', 'or' or the end of the query, found 'or b'"),
    (": x", "expected a condition, found ':'"),
    ("a:b:c", "expected 'and', 'or' or the end of the query, found ':'"),
    ("a:\\d", "a backslash escapes nothing here"),
    ("a:\"\\ud83d\"", "half a surrogate pair is no character"),
    ("n:{ foo }", "a value without a field stands inside '{}'"),
    ("n*:{ a:1 }", "a wildcard names the objects of '{}'"),
    ("null:1", "'null' names no field"),
    ("a > 1*", "a range needs one field and one value"),
  ])
  func `What cannot be read is named`(query: String, message: String) {
    let shown = shown(query)
    #expect(message.isEmpty ? shown.isEmpty : shown.contains("]: \(message)\n"), "\(shown)")
  }

  @Test(arguments: [
    ("a:null", "no value equals 'null', so this never holds"),
    ("a.*:1", "'*' in a field's name is taken for one name"),
    ("_exists_:a", "'_exists_' is the name of a field in kuery"),
    ("a:*x y*", "the blank is taken for a part of the pattern"),
    ("@timestamp > 2026-01-01", "the date is compared as a text"),
  ])
  func `What may mean something else is warned of`(query: String, message: String) {
    #expect(shown(query).hasPrefix("warning[assumed-meaning]: \(message)\n"), "\(shown(query))")
  }

  @Test func `A date that is reckoned from now is the span of the search, or is not modelled`() throws {
    func reading(_ query: String) throws -> Kuery.Reading {
      try Kuery.read(Passage(text: query), flavour: .kibana)
    }
    let verb = try Kuery.parse(Passage(text: "verb:list"), flavour: .kibana)
    let span = try reading("verb:list and @timestamp >= now-9m")
    #expect(span.predicate == verb && span.searchSpan == .minutes(9) && span.gap == nil)
    #expect(span.warnings.map(\.code) == [.assumedMeaning])
    for query in [
      "@timestamp >= \"now-30d/d\"", "@timestamp < now", "at < \"2026-01-01||+1M/d\"",
      "(not @timestamp >= now-9m)", "(a:1 or @timestamp >= now-9m)",
    ] {
      let found = try reading("verb:list and " + query)
      #expect(found.gap != nil && found.predicate == verb, "\(query)")
      guard case .unmodelled(let rest) = found.body(of: Passage(text: query)) else {
        Issue.record("\(query) is modelled")
        continue
      }
      #expect(rest.reason == "date maths")
    }
    #expect(throws: Diagnostic.self) {
      try Kuery.parse(Passage(text: "a:1 and @timestamp >= now-9m"), flavour: .server)
    }
  }

  @Test func `Depth and length have limits`() {
    let open = String(repeating: "(", count: 10_000)
    #expect(shown(open + "a").hasPrefix("error[nested-too-deeply]"))
    #expect(shown(String(repeating: "not (", count: 10_000)).hasPrefix("error[nested-too-deeply]"))
    #expect(shown(String(repeating: "not ", count: 10_000) + "a", .server).hasPrefix("error[nested-too-deeply]"))
    #expect(shown(String(repeating: "a and b or ", count: 300) + "c", .server).hasPrefix("error[nested-too-deeply]"))
    #expect(shown(String(repeating: "n:{", count: 10_000)).hasPrefix("error[nested-too-deeply]"))
    #expect(shown(String(repeating: "x", count: 1 << 20)) == "")
    #expect(shown(String(repeating: "x", count: 1 << 20 + 1)).hasPrefix("error[query-too-long]"))
    #expect(shown(String(repeating: "a or ", count: 200_000) + "b").hasPrefix("error[too-many-nodes]"))
    #expect(shown(String(repeating: "a or ", count: 199_999) + "b") == "")
  }

  @Test func `Bytes that are no text are refused with their place`() {
    let file = SourceFile(name: "q.kuery", bytes: Array("a:b".utf8) + [0xFF] + Array("c".utf8))
    #expect(throws: Diagnostic.self) { try Kuery.parse(Passage(file: file), flavour: .kibana) }
    let readings = KueryForm.read(file, in: .init())
    #expect(readings.first?.diagnostics.first?.code == .notUTF8)
    #expect(readings.first?.diagnostics.first?.primary?.range.start == 3)
  }

  @Test func `Any bytes give a query or an error`() {
    var random = SeededRandom(seed: 5)
    let pieces = Array("\"\\():<>*{} \n\tandornotux0é".utf8) + [0xC2, 0xA0, 0xFF, 0xE3, 0x80]
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in random.pick(pieces) }
      let file = SourceFile(name: "q.kuery", bytes: bytes)
      for flavour in [Kuery.Flavour.kibana, .server] {
        _ = try? Kuery.read(Passage(file: file), flavour: flavour)
      }
    }
  }
}
