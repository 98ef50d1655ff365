import LanguageSupport
import RuleIR
import SourceText
import Testing

@testable import Elastic

/// What is said of bad input, with its place.
@Suite struct ESQLDiagnosticTests {
  private func rendered(_ query: String) -> String {
    do throws(Diagnostic) {
      _ = try ESQL.parse(Passage(name: "q.esql", text: query))
      return "read"
    } catch {
      return DiagnosticRenderer().render(error)
    }
  }

  private func excerpt(_ text: String, _ line: String, _ marks: String, column: Int) -> String {
    "\(text)\n --> q.esql:1:\(column)\n  |\n1 | \(line)\n  | \(String(repeating: " ", count: column - 1))\(marks)"
  }

  @Test func `An open string points at its quotation mark`() {
    #expect(
      rendered("FROM x | WHERE a == \"b")
        == excerpt(
          "error[unterminated-string]: the string that starts here is never closed", "FROM x | WHERE a == \"b",
          "^ opened here", column: 21) + "\n  = note: a string in one pair of quotes ends on its line")
    #expect(
      rendered("FROM x | WHERE a == \"\"\"b\"")
        == excerpt(
          "error[unterminated-string]: the string that starts here is never closed", "FROM x | WHERE a == \"\"\"b\"",
          "^^^ opened here", column: 21) + "\n  = note: a string in three quotes ends on its line")
  }

  @Test func `An open comment points at its start, and names are closed by backticks`() {
    #expect(
      rendered("FROM x /* a /* b */")
        == excerpt(
          "error[unterminated-comment]: the comment that starts here is never closed", "FROM x /* a /* b */",
          "^^ opened here", column: 8) + "\n  = note: comments of ES|QL nest: each '/*' needs its own '*/'")
    #expect(rendered("FROM x | WHERE `a == 1").hasPrefix("error[unterminated-string]: the name that starts here"))
  }

  @Test func `A smart quotation mark names the plain one`() {
    #expect(
      rendered("FROM x | WHERE a == \u{201C}b\u{201D}")
        == excerpt(
          "error[unexpected-character]: '\u{201C}' (U+201C) means nothing in ES|QL",
          "FROM x | WHERE a == \u{201C}b\u{201D}", "^ unexpected character", column: 21)
        + "\n  = help: did you mean '\"'?")
    #expect(rendered("FROM x |\u{A0}WHERE a").contains("U+00A0 means nothing in ES|QL"))
    #expect(rendered("FROM x\u{A0}| WHERE a").contains("U+00A0 means nothing in ES|QL"))
    #expect(rendered("FROM x | WHERE a == 'b'").contains("help: strings stand in double quotes: '\"'"))
  }

  @Test func `A keyword cannot name a column without backticks`() {
    #expect(
      rendered("FROM x | WHERE like == 1")
        == excerpt(
          "error[unexpected-token]: expected a value, found 'like'", "FROM x | WHERE like == 1",
          "^^^^ expected a value", column: 16)
        + "\n  = help: a column of this name stands in backticks: `like`")
  }

  @Test(arguments: [
    ("", "error[empty-query]: the query is empty"),
    ("FROM x | WERE a == 1", "error[unknown-command]: 'WERE' is no command of ES|QL"),
    ("FRON x", "error[unknown-command]: 'FRON' is no command of ES|QL"),
    ("FROM x | WHERE", "error[unexpected-token]: expected a condition, found the end of the text"),
    ("FROM x | WHERE a ==", "error[unexpected-token]: expected a value, found the end of the text"),
    ("FROM x | WHERE (a == 1", "error[unexpected-token]: expected ')', found the end of the text"),
    ("FROM x | WHERE a == 1)", "error[unexpected-token]: expected '|' or the end of the query, found ')'"),
    ("FROM x | WHERE a == b == c", "error[unexpected-token]: comparisons do not chain in ES|QL"),
    ("FROM x | WHERE a = 1", "error[unexpected-token]: expected '|' or the end of the query, found '='"),
    ("FROM x | WHERE a LIKE b", "error[unexpected-token]: expected a pattern in quotes, found 'b'"),
    ("FROM x | WHERE a IN ()", "error[unexpected-token]: expected a value, found ')'"),
    ("FROM x | WHERE a IS b", "error[unexpected-token]: expected NULL, found 'b'"),
    ("FROM x | WHERE a == \"\\x\"", "error[invalid-escape]: a string has an escape that ES|QL does not know"),
    (
      "FROM x | WHERE a RLIKE \"\\\\b\"",
      "error[invalid-regex]: a regular expression is wrong: '\\b' is no escape of Lucene"
    ),
    ("FROM x | WHERE a RLIKE \"(a\"", "error[invalid-regex]: a regular expression is wrong: a '(' is not closed"),
    ("FROM x | WHERE a RLIKE \"[a\"", "error[invalid-regex]: a regular expression is wrong: a '[' is not closed"),
    ("FROM x | WHERE CIDR_MATCH(a, \"10.0.0.0/33\")", "error[invalid-network]: '10.0.0.0/33' is no block of addresses"),
    ("FROM x | LIMIT a", "error[unexpected-token]: expected a whole number, found 'a'"),
    ("FROM x |", "error[unexpected-token]: expected a command, found the end of the text"),
    ("FROM x || LIMIT 1", "error[unexpected-token]: expected a command, found '|'"),
  ])
  func `A fault is named`(query: String, expected: String) {
    #expect(rendered(query).hasPrefix(expected), "\(rendered(query))")
  }

  @Test func `A misspelt command is put right`() {
    #expect(rendered("FROM x | WERE a == 1").hasSuffix("= help: did you mean 'WHERE'?"))
  }

  @Test func `A fault inside KQL points into the string`() {
    let text = rendered("FROM x | WHERE a == 1 AND KQL(\"b: \\\"c\\\" d e:\")")
    #expect(text.contains("q.esql:1:"), "\(text)")
    #expect(!text.contains("q.esql:1:1\n"), "\(text)")
  }

  // MARK: Limits

  @Test func `Long and deep queries are read or refused, and never crash`() throws {
    let list = (0..<50_000).map { "a == \"v\($0)\"" }.joined(separator: " OR ")
    guard case .predicate(let predicate) = try ESQL.parse(Passage(text: "FROM x | WHERE \(list)")).body else {
      Issue.record("no predicate")
      return
    }
    #expect(predicate.depth <= 4)
    let nots = "FROM x | WHERE " + String(repeating: "NOT ", count: 10_000) + "a"
    #expect(rendered(nots).hasPrefix("error[nested-too-deeply]"))
    for opening in ["(", "-", "f(", "[", "{\"a\":", "CASE(a, "] {
      let deep = "FROM x | WHERE a == " + String(repeating: opening, count: 10_000) + "1"
      #expect(rendered(deep).hasPrefix("error["), "\(opening)")
    }
    let sums = "FROM x | WHERE a == " + String(repeating: "1 + ", count: 50_000) + "1"
    #expect(rendered(sums) == "read")
    #expect(rendered("FROM x // " + String(repeating: "y", count: 1 << 20)).hasPrefix("error[query-too-long]"))
  }

  @Test func `Names used over and over do not grow without bound`() {
    var query = "FROM x | EVAL a0 = b == 1"
    for index in 1...60 { query += " | EVAL a\(index) = a\(index - 1) OR NOT a\(index - 1)" }
    #expect(rendered(query + " | WHERE a60").hasPrefix("error["))
    var chain = "FROM x | EVAL a = b == 1"
    for _ in 0..<5_000 { chain += " | EVAL a = NOT (a AND c)" }
    #expect(rendered(chain + " | WHERE a").hasPrefix("error["))
    var cases = "b == 1"
    for _ in 0..<60 { cases = "CASE(\(cases), c, d)" }
    #expect(["read", "error"].contains { rendered("FROM x | WHERE \(cases)").hasPrefix($0) })
  }

  @Test func `No bytes trap`() {
    var random: [UInt8] = []
    var state: UInt64 = 7
    let pieces = [
      "FROM x | WHERE ", "\"", "\"\"\"", "`", "(", ")", "[", "{", "a", " == ", "NOT ", "/*", "//", "\\", "::", "KQL(",
    ]
    for round in 0..<2_000 {
      random = round % 2 == 0 ? Array("FROM x | WHERE ".utf8) : []
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let choice = Int(state >> 40) % (pieces.count + 4)
        random += choice < pieces.count ? Array(pieces[choice].utf8) : [UInt8(truncatingIfNeeded: state >> 32)]
      }
      _ = try? ESQL.parse(Passage(file: SourceFile(name: "q", bytes: random)))
    }
    #expect(!random.isEmpty)
  }
}
