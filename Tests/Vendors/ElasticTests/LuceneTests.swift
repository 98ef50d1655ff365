import LanguageSupport
import Matcher
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Elastic

/// Query strings: the classic parser's reading of them, and what is written.
@Suite struct LuceneTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var query: String
    var event: EventValue
    var holds: Bool
    var testDescription: String { "\(query) on \(event.json)" }

    init(_ query: String, _ event: EventValue, _ holds: Bool) {
      self.query = query
      self.event = event
      self.holds = holds
    }
  }

  static let cases: [Case] = [
    Case("", [:], true),
    Case("*:*", [:], true),
    Case("verb:list", ["verb": "list"], true),
    Case("verb:List", ["verb": "list"], false),
    Case("verb:list", ["verb": ["get", "list"]], true),
    Case("NOT verb:list", [:], true),
    Case("-verb:list", ["verb": "list"], false),
    Case("!verb:list", ["verb": "get"], true),
    Case("_exists_:verb", ["verb": ""], true),
    Case("_exists_:verb", [:], false),
    Case("verb:*", ["verb": "x"], true),
    Case("verb:(get OR list)", ["verb": "list"], true),
    Case("verb:(get AND list)", ["verb": ["get", "list"]], true),
    Case("verb:(+get -list)", ["verb": ["get", "list"]], false),
    Case("a:x b:y", ["b": "y"], true),
    Case("a:x b:y", [:], false),
    // No precedence: AND makes both its sides required, and what is neither does not count.
    Case("a:1 OR b:1 AND c:1", ["a": 1], false),
    Case("a:1 OR b:1 AND c:1", ["b": 1, "c": 1], true),
    Case("a:1 AND b:1 OR c:1", ["a": 1, "b": 1], true),
    Case("a:1 AND b:1 OR c:1", ["c": 1], false),
    Case("a:1 OR NOT b:1", [:], false),
    Case("a:1 OR (NOT b:1)", [:], true),
    Case("a:1 AND NOT b:1", ["a": 1], true),
    Case("(NOT a:1) AND (NOT b:1)", [:], true),
    // Words side by side are one text; not so where an operator follows.
    Case("a:(x y)", ["a": "x y"], true),
    Case("a:(x y)", ["a": "x"], false),
    Case("a:(x y OR z)", ["a": "x"], true),
    Case("event.type:(start or process_started)", ["event.type": "start"], false),
    Case("a:ku*l", ["a": "kubectl"], true),
    Case("a:k?t", ["a": "kit"], true),
    Case("a:\"k*\"", ["a": "kit"], false),
    Case("a:\"k*\"", ["a": "k*"], true),
    Case("a:k\\*", ["a": "k*"], true),
    Case("a:k\\*", ["a": "kit"], false),
    Case("a:\\u0041", ["a": "A"], true),
    Case("a:/k[a-z]+t/", ["a": "kit"], true),
    Case("a:/k[a-z]+/", ["a": "xkit"], false),
    Case("a:/x\\/y/", ["a": "x/y"], true),
    Case("a:[1 TO 5]", ["a": 5], true),
    Case("a:[1 TO 5}", ["a": 5], false),
    Case("a:{1 TO *]", ["a": 2], true),
    Case("a:[2 TO 3]", ["a": [1, 9]], false),
    Case("a:>=5", ["a": 5], true),
    Case("a:(>5 AND <9)", ["a": 7], true),
    Case("ip:\"10.0.0.0/8\"", ["ip": "10.1.2.3"], true),
    Case("a:x^2 AND b:y", ["a": "x", "b": "y"], true),
    Case("x.\\*:1", ["x": ["y": 1]], true),
    Case("kubectl", ["a": ["b": "kubectl"]], true),
    Case("a:x && b:y || c:z", ["a": "x", "b": "y"], true),
  ]

  @Test(arguments: cases)
  func `A query holds of an event, or not`(_ row: Case) throws {
    let predicate = try Lucene.read(Passage(text: row.query)).predicate
    #expect(try TreeMatcher(predicate).matches(row.event) == row.holds, "\(predicate)")
  }

  @Test(arguments: [
    ("a:\"x", DiagnosticCode.unterminatedString), ("a:/x", .unterminatedString), ("a:[1 TO 2", .unterminatedString),
    ("a:x~", .unsupportedConstruct), ("a:\"x y\"~2", .unsupportedConstruct), ("a:", .unexpectedToken),
    ("AND a", .unexpectedToken), ("a OR", .unexpectedToken), ("(a", .unexpectedToken), ("a)", .unexpectedToken),
    ("a:[1 2]", .unexpectedToken), ("a:]", .unexpectedToken), ("a:x\\", .invalidEscape), ("a:/x(/", .invalidRegex),
    ("a:[now-1d TO now]", .unsupportedConstruct), ("[1 TO 2]", .unsupportedConstruct),
    ("_exists_:/a/", .unsupportedConstruct),
  ])
  func `What is wrong or not modelled is refused with its place`(query: String, code: DiagnosticCode) {
    do throws(Diagnostic) {
      Issue.record("\(try Lucene.read(Passage(text: query)).predicate)")
    } catch {
      #expect(error.code == code)
      #expect(error.primary != nil)
    }
  }

  @Test func `A part that does not count, and a small operator, are told`() throws {
    #expect(try Lucene.read(Passage(text: "a:1 OR b:1 AND c:1")).warnings.map(\.code) == [.assumedMeaning])
    #expect(try Lucene.read(Passage(text: "a:(x or y)")).warnings.isEmpty == false)
    #expect(try Lucene.read(Passage(text: "a:1 OR (b:1 AND c:1)")).warnings.isEmpty)
  }

  @Test func `Depth and length have limits, and many parts are read in order`() throws {
    let deep = String(repeating: "(", count: 10_000) + "a" + String(repeating: ")", count: 10_000)
    #expect(throws: Diagnostic.self) { try Lucene.read(Passage(text: deep)) }
    #expect(throws: Diagnostic.self) { try Lucene.read(Passage(text: String(repeating: "a ", count: 600_000))) }
    let many = (0..<20_000).map { "a:x\($0)" }.joined(separator: " OR ")
    guard case .any(let parts) = try Lucene.read(Passage(text: many)).predicate else {
      Issue.record("no disjunction")
      return
    }
    #expect(parts.count == 20_000)
  }

  // MARK: Writing

  @Test(arguments: [
    (Predicate.field(FieldTest(FieldPath(named: "a"), .equals(.text("x \"y\"\\", .sensitive)))), #"a:"x \"y\"\\""#),
    (.field(FieldTest(FieldPath(named: "a b"), .equals(.text("x", .sensitive)))), #"a\ b:"x""#),
    (.field(FieldTest(FieldPath(named: "a"), .matches(.prefix("x y/"), .sensitive))), #"a:x\ y\/*"#),
    (.field(FieldTest(FieldPath(named: "a"), .matches(.contains("Curl"), .insensitive))), #"a:/.*[Cc][uU][rR][lL].*/"#),
    (
      .any([
        .not(.field(FieldTest(FieldPath(named: "a"), .equals(.text("x", .sensitive))))),
        .field(FieldTest(FieldPath(named: "b"), .order(.less, .number(Number(5), .strict)))),
      ]), #"(NOT a:"x") OR b:[* TO 5}"#
    ),
    (.presence(PresenceTest(.value, FieldPath(named: "a"))), "_exists_:a"),
  ])
  func `A predicate is written so that no precedence is needed`(predicate: Predicate, text: String) throws {
    #expect(try Lucene.print(predicate).text == text)
  }

  @Test(arguments: Feature.allCases)
  func `Each answer for a feature is true`(feature: Feature) {
    do throws(Diagnostic) {
      let written = try LuceneForm.write(Rule(body: feature.sample), for: TargetSchema())
      switch LuceneForm.support(for: feature) {
      case .native, .rewritten: #expect(written.losses.isEmpty)
      case .approximated(let drift, _): #expect(written.losses.contains { $0.drift == drift })
      case .notYet, .never: Issue.record("\(feature) was written: \(written.text)")
      }
      #expect(throws: Never.self) { try Lucene.read(Passage(text: written.text)) }
    } catch {
      switch LuceneForm.support(for: feature) {
      case .native, .rewritten, .approximated: Issue.record("\(feature): \(error.message)")
      case .notYet, .never: #expect(error.code == .untranslatable)
      }
    }
  }

  private static let features = Set(
    Feature.allCases.filter { feature in
      switch Lucene.support(for: feature) {
      case .native, .rewritten: ![.anyField, .network].contains(feature)
      case .approximated: [.singleValue, .someValueDiffers, .hasKey].contains(feature)
      case .notYet, .never: false
      }
    })

  @Test func `What is written says the same of events, or errs as told`() throws {
    let columns = RandomPredicate.fields.map {
      ($0, TargetSchema.Column(spelling: $0.dotted, type: .text, isList: true))
    }
    let schema = TargetSchema(columns: Dictionary(uniqueKeysWithValues: columns))
    var random = RandomPredicate(seed: 21, features: Self.features) { !$0.startsLikeDate && !$0.isDateMaths }
    var seeds = SeededRandom(seed: 5)
    var exact = 0
    for _ in 0..<2_000 {
      let predicate = random.next()
      guard let fragment = try? Lucene.print(predicate, for: schema) else { continue }
      let read = try Lucene.read(Passage(text: fragment.text)).predicate
      if fragment.losses.isEmpty { exact += 1 }
      let (before, after) = (try TreeMatcher(predicate), try TreeMatcher(read))
      let drifts = Set(fragment.losses.map(\.drift))
      for _ in 0..<8 {
        let event = Self.event(using: &seeds)
        let (wanted, found) = (try before.matches(event), try after.matches(event))
        let isAllowed = drifts.contains(.both) || drifts.contains(found ? .broader : .narrower)
        try #require(wanted == found || isAllowed, "\(event.json)\n\(predicate)\n\(fragment.text)")
      }
    }
    #expect(exact >= 500)
  }

  private static func event(using random: inout SeededRandom) -> EventValue {
    var event = EventObject()
    let texts = AwkwardTexts.pieces + ["list", "LIST", "curl/7", "v12", "kubectl", ""]
    for field in RandomPredicate.fields {
      let value: EventValue? =
        switch Int.random(in: 0..<4, using: &random) {
        case 0: Optional<EventValue>.none
        case 1: .list((0..<2).map { _ in .string(random.pick(texts)) })
        case _: .string(random.pick(texts))
        }
      if let value { event[field.dotted] = value }
    }
    return .object(event)
  }
}

/// Regular expressions that are no more than patterns.
@Suite struct LucenePatternTests {
  static let patterns: [(regex: String, condition: Condition)] = [
    ("[cC][uU][rR][lL]", .equals(.text("curl", .insensitive))),
    (".*[cC][uU].*7", .matches(TextPattern([.anyRun, .literal("cu"), .anyRun, .literal("7")]), .insensitive)),
    ("a\\.b", .equals(.text("a.b", .sensitive))),
    ("a.*", .matches(.prefix("a"), .sensitive)),
    ("@a", .matches(.suffix("a"), .sensitive)),
    ("7[kK\u{212A}]", .equals(.text("7k", .insensitive))),
  ]

  @Test(arguments: patterns)
  func `a letter in all its cases is one whose case is ignored`(regex: String, condition: Condition) {
    #expect(LuceneRegex.condition(RegexPattern(regex, .lucene, anchoring: .whole)) == condition)
  }

  @Test(arguments: [
    "[cC]url", "[kK]", "[^aA]", "[ab]", "a*", "a+", "(a)", "a|b", ".+", "\\d", "\"a\"", "[a-b]", "", "..*?", "a{2}",
  ])
  func `any other stays an expression`(regex: String) {
    let pattern = RegexPattern(regex, .lucene, anchoring: .whole)
    #expect(LuceneRegex.condition(pattern) == .regex(pattern))
  }
}
