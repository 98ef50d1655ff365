import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing

@Suite struct TruthTableTests {
  /// An absent, null, empty or present field, in the order of the table.
  private static let events: [EventValue] = [
    [:], ["A": nil], ["A": ""], ["A": "x"], ["A": []], ["A": ["x", "y"]], ["A": 403],
  ]

  /// A line of a selection, and its verdicts: `+` where it fires.
  static let rows: [(line: String, verdicts: String)] = [
    ("A: null", "++--+--"),
    ("A:", "++--+--"),
    ("A: ''", "--+----"),
    ("A: '*'", "--++-+-"),
    ("A|exists: true", "-++++++"),
    ("A|exists: false", "+------"),
    ("A: x", "---+-+-"),
    ("A: X", "---+-+-"),
    ("A|cased: X", "-------"),
    ("A|neq: x", "+++-+-+"),
    ("A: 403", "------+"),
    ("A: '403'", "------+"),
    ("A|gte: 400", "------+"),
    ("A|lt: 400", "-------"),
    ("A|contains: ''", "--++-+-"),
    ("A: [x, 403]", "---+-++"),
    ("A|contains|all: [x]", "---+-+-"),
    ("A|all: [x, y]", "-----+-"),
    ("A|re: '^[xy]$'", "---+-+-"),
  ]

  @Test func `Null, empty and missing are told apart as the table says`() throws {
    for (line, verdicts) in Self.rows {
      let predicate = try #require(SigmaRules.predicate(selection: line), "\(line)")
      let matcher = try TreeMatcher(predicate)
      let given = try Self.events.map { try matcher.matches($0) ? "+" : "-" }.joined()
      #expect(given == verdicts, "\(line)")
    }
  }

  @Test func `A text compares by Unicode folding`() throws {
    let predicate = try #require(SigmaRules.predicate(selection: "A: ПАРОЛЬ"))
    #expect(try TreeMatcher(predicate).matches(["A": "пароль"]))
  }

  @Test func `A network of the sixth version is no text`() throws {
    let predicate = try #require(SigmaRules.predicate(selection: "A|cidr: [2001:db8::/64, '::1/128']"))
    let matcher = try TreeMatcher(predicate)
    #expect(try matcher.matches(["A": "2001:db8::5"]))
    #expect(try !matcher.matches(["A": "2001:db8:1::5"]))
    #expect(try matcher.matches(["A": "0:0:0:0:0:0:0:1"]))
    #expect(try !matcher.matches(["A": "no address"]))
  }

  @Test func `All five dashes stand for one another`() throws {
    let predicate = try #require(SigmaRules.predicate(selection: "A|contains|windash: ' -enc '"))
    let matcher = try TreeMatcher(predicate)
    for dash in ["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"] {
      #expect(try matcher.matches(["A": .string("powershell \(dash)enc AAAA")]))
    }
    #expect(try !matcher.matches(["A": "powershell +enc AAAA"]))
  }

  @Test func `Base64 at any offset is cut by bytes`() throws {
    for (word, forms) in [("foo", ["Zm9v", "Zvb", "mb2"]), ("föö", ["ZsO2w7", "bDtsO2", "mw7bDt"])] {
      let predicate = try #require(SigmaRules.predicate(selection: "A|base64offset|contains|cased: \(word)"))
      let matcher = try TreeMatcher(predicate)
      for form in forms { #expect(try matcher.matches(["A": .string("x\(form)y")]), "\(form)") }
      #expect(try !matcher.matches(["A": "Zm8v"]))
    }
  }
}
