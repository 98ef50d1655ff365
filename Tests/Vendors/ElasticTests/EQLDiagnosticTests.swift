import LanguageSupport
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Elastic

@Suite struct EQLDiagnosticTests {
  /// The first error, or else the warnings, as shown.
  private func shown(_ query: String) -> String {
    let renderer = DiagnosticRenderer()
    do throws(Diagnostic) {
      let reading = try EQL.parse(Passage(name: "q.eql", text: query))
      return reading.warnings.map(renderer.render).joined(separator: "\n")
    } catch {
      return renderer.render(error)
    }
  }

  @Test func `An open string is pointed at`() {
    #expect(
      shown("any where a == \"b and c == 1") == """
        error[unterminated-string]: the string that starts here is never closed
         --> q.eql:1:16
          |
        1 | any where a == "b and c == 1
          |                ^ opened here
          = note: a string in one pair of quotes ends on its line
        """)
  }

  @Test(arguments: [
    "any where a == \"b\n\"", "any where a == \"\"\"b", "any where a == \"\"\"b\n\"\"\"", "any where a == 'b",
    "any where a == ?\"b", "any where `a", "any where a == \"b\\",
  ])
  func `Strings and names of every kind must end`(query: String) {
    let code = query.hasSuffix("\\") ? "invalid-escape" : "unterminated-string"
    #expect(shown(query).hasPrefix("error[\(code)]"), "\(shown(query))")
  }

  @Test func `A quotation mark pasted from a text is no quotation mark`() {
    #expect(
      shown("any where a == \u{201C}b\u{201D}") == """
        error[unexpected-character]: '“' (U+201C) means nothing in EQL
         --> q.eql:1:16
          |
        1 | any where a == “b”
          |                ^ unexpected character
          = help: did you mean '"'?
        """)
    #expect(shown("any where\u{A0}a == 1").contains("U+00A0 means nothing in EQL"))
  }

  @Test(arguments: [
    ("", "the query is empty"),
    ("process", "expected 'where', found the end of the text"),
    ("a == 1", "expected 'where', found '=='"),
    ("any where", "expected a condition, found the end of the text"),
    ("any where a ==", "expected a condition, found the end of the text"),
    ("any where a == 1 and", "expected a condition, found the end of the text"),
    ("any where (a == 1", "expected ')', found the end of the text"),
    ("any where a == 1)", "expected 'and', 'or', '|' or the end of the query, found ')'"),
    ("any where a == b == c", "comparisons do not stand in a row"),
    ("any where a in ()", "expected a value, found the end of the text"),
    ("any where a : b", "expected a constant, found 'b'"),
    ("any where a.1 == 2", "expected 'and', 'or', '|' or the end of the query, found '.1'"),
    ("any where a == \"\\d\"", "a string has an escape that EQL does not know"),
    ("any where a == \"\\u{d800}\"", "a string has an escape that EQL does not know"),
    ("any where a regex \"(\"", "a regular expression is wrong: a '(' is not closed"),
    ("any where a regex \"\"\"\\bx\"\"\"", "a regular expression is wrong: '\\b' is no escape of Lucene"),
    ("any where startWith(a, \"b\")", "there is no function 'startWith'"),
    ("any where startsWith(a)", "'startsWith' does not take 1 arguments"),
    ("any where cidrMatch(a, \"10.0.0.0/99\")", "'10.0.0.0/99' is no block of addresses"),
    ("any where length(a)", "length is no condition"),
    ("any where \"a\"", "a text is no condition"),
    ("any where true | hed 5", "there is no pipe 'hed'"),
    ("any where true | head -1", "'head' takes a positive whole number"),
    ("sequence [a where true]", "a sequence needs at least two events"),
    ("sequence by x", "expected '[', found the end of the text"),
    ("sequence [a where true] [b where true", "expected 'and', 'or' or ']', found the end of the text"),
    (
      "sequence [a where true] by x [b where true]",
      "the events of a sequence are joined by different numbers of fields"
    ),
    ("sequence with maxspan=5 [a where true] [b where true]", "expected 'ms', 's', 'm', 'h' or 'd', found '['"),
    ("sequence with maxspan=1.5m [a where true] [b where true]", "expected a length of time such as '5m', found '1.5'"),
    ("sequence [a where true] with runs=101", "expected a number from 1 to 100, found '101'"),
    ("any where /* a", "the comment that starts here is never closed"),
  ])
  func `What cannot be read is named`(query: String, message: String) {
    #expect(shown(query).contains("]: \(message)"), "\(shown(query))")
  }

  @Test(arguments: [
    ("any where a = 1", "Elasticsearch does not take '='"),
    ("any where a == 'b'", "Elasticsearch does not take a string like this"),
    ("any where a == ?\"b\\c\"", "Elasticsearch does not take a string like this"),
    ("any where a[0] == 1", "Elasticsearch does not take an element of a list"),
    ("any where a == b", "Elasticsearch does not compare two fields"),
    ("any where a : \"Straße*É\"", "the letters beyond ASCII are compared in any case here"),
    ("any where endsWith(a, \"*\")", "'*' and '?' are taken as they stand"),
  ])
  func `What may mean something else is warned of`(query: String, message: String) {
    #expect(shown(query).hasPrefix("warning[assumed-meaning]: \(message)\n"), "\(shown(query))")
  }

  @Test func `Letters beyond ASCII alone are compared letter by letter`() throws {
    let reading = try EQL.parse(Passage(text: "any where a : \"ПАРОЛЬ\""))
    #expect(reading.body == .predicate(.field(FieldTest(FieldPath(named: "a"), .equals(.text("ПАРОЛЬ", .sensitive))))))
    #expect(reading.warnings.isEmpty)
  }

  @Test func `A comment ends where it seems to, unless another follows`() throws {
    #expect(shown("any where /* /var/* */ true") == "")
    guard case .predicate(let predicate) = try EQL.parse(Passage(text: "any where /* /* */ true /* */ false")).body
    else {
      Issue.record("no predicate")
      return
    }
    #expect(predicate == .never)
    #expect(shown("any where a == \"// no /* comment\" and b == \"x\"") == "")
  }

  @Test func `Depth, length and numbers have limits`() {
    func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    #expect(shown("any where " + times("(", 10_000)).hasPrefix("error[nested-too-deeply]"))
    #expect(shown("any where " + times("not (", 10_000)).hasPrefix("error[nested-too-deeply]"))
    #expect(shown("any where " + times("length(", 10_000)).hasPrefix("error[nested-too-deeply]"))
    #expect(shown("any where a == 1" + times(" + 1", 10_000)).hasPrefix("error[nested-too-deeply]"))
    #expect(shown("any where " + times("child of [any where ", 10_000)).hasPrefix("error[nested-too-deeply]"))
    #expect(shown("any where " + times("not ", 10_000) + "a == 1") == "")
    #expect(shown("any where " + times("-", 10_001) + "1 == a") == "")
    #expect(shown("any where a == 1" + times(" or a == 1", 50_000)) == "")
    #expect(shown("any where a in (1" + times(", 1", 200_000) + ")").hasPrefix("error[too-many-nodes]"))
    #expect(shown(times("x", 1 << 20 + 1)).hasPrefix("error[query-too-long]"))
    #expect(shown("any where a == \"" + times("x", 1 << 20 - 17) + "\"") == "")
    #expect(shown("sequence" + times(" [a where true] with runs=100", 3)).contains("more than 256 events"))
  }

  @Test func `Bytes that are no text are refused with their place`() {
    let file = SourceFile(name: "q.eql", bytes: Array("any where a == \"".utf8) + [0xFF] + Array("\"".utf8))
    let readings = EQL.read(file, in: .init())
    #expect(readings.first?.diagnostics.first?.code == .notUTF8)
    #expect(readings.first?.diagnostics.first?.primary?.range.start == 16)
  }

  @Test func `Any tokens give a query or an error`() {
    var random = SeededRandom(seed: 5)
    let pieces = [
      "any", "where", "sequence", "by", "with", "maxspan", "=", "5", "m", "[", "]", "![", "(", ")", "and", "or", "not",
      "in", "in~", "like", "regex~", ":", "==", "!=", "<", "a", "b.c", "?d", "`e`", "\"f*\"", "\"\"\"g\"\"\"", "'h'",
      "null", "true", "length(", "startsWith(", "concat(", ",", "|", "head", "+", "-", "*", "/", "%", "until", "of",
      "runs", ".", "1.5", "\u{201C}", "\\", "//", "/*", "*/", "\n", "\"", "`", "é",
    ]
    for _ in 0..<5_000 {
      let count = Int.random(in: 0...16, using: &random)
      let start = random.once(in: 2) ? "any where " : ""
      let text = start + (0..<count).map { _ in random.pick(pieces) }.joined(separator: random.once(in: 2) ? " " : "")
      _ = try? EQL.parse(Passage(text: text))
    }
  }
}
