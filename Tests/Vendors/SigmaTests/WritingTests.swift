import LanguageSupport
import Matcher
import RuleIR
import Sigma
import SourceText
import TestSupport
import Testing

@Suite struct WritingTests {
  private static let verb = FieldPath(named: "verb")
  private static let user = FieldPath(named: "user.username")

  private static func equals(_ text: String, _ field: FieldPath = verb) -> Predicate {
    .field(FieldTest(field, .equals(.text(text, .insensitive))))
  }

  private static func matches(_ pattern: TextPattern, _ field: FieldPath = user) -> Predicate {
    .field(FieldTest(field, .matches(pattern, .insensitive)))
  }

  private static func present(_ field: FieldPath) -> Predicate { .presence(PresenceTest(.value, field)) }

  private static func keyword(_ text: String) -> Predicate {
    .anyField(AnyFieldTest(.matches(.contains(text), .insensitive)))
  }

  /// Predicates whose detections are recorded, for their looks.
  static let detections: [(name: String, predicate: Predicate)] = [
    ("items are merged into one selection", .all([equals("list"), equals("secrets", user)])),
    ("values are merged into a list", .any([equals("get"), equals("list"), equals("watch")])),
    ("one key asked for twice takes all", .all([matches(.contains("a")), matches(.contains("b"))])),
    ("what is excluded is a filter", .all([equals("list"), .not(matches(.prefix("system:")))])),
    (
      "exclusions of one field are one filter",
      .all([equals("list"), .not(equals("a", user)), .not(equals("b", user)), .not(equals("c"))])
    ),
    (
      "a difference that demands presence excludes null as well",
      .all([equals("list"), present(user), .not(equals("admin", user))])
    ),
    (
      "alternatives with several items are a list of maps",
      .any([.all([equals("get"), equals("a", user)]), .all([equals("list"), equals("b", user)])])
    ),
    (
      "structure that no selection holds goes into the condition",
      .any([
        .all([equals("get"), .not(equals("a", user))]),
        .all([equals("list"), .any([keyword("x"), equals("c", user)])]),
      ])
    ),
    ("keywords are a list", .any([keyword("curl"), keyword("wget")])),
    ("always", .always),
    ("never", .never),
    ("absence of a key", .all([equals("list"), .not(.presence(PresenceTest(.key, user)))])),
    ("two lists under one key", .all([.any([equals("a"), equals("b")]), .any([equals("b"), equals("c")])])),
  ]

  @Test func `Detections are written as people write them`() throws {
    var text = ""
    for (name, predicate) in Self.detections {
      let written = try SigmaWriter.write(Rule(body: .predicate(predicate)), for: TargetSchema())
      let detection = written.text.components(after: "detection:\n")
      text += "## \(name)\n\n\(detection)\n"
      let back = try #require(SigmaRules.read(written.text).first?.rule?.body.predicates.first)
      #expect(back.normalised() == predicate.normalised(), "\(name)")
    }
    #expect(GoldenText.difference(of: text, from: "sigma/detections.txt") == nil)
  }

  @Test func `What is said of a feature is true of its sample`() {
    for feature in Feature.allCases {
      let support = SigmaWriter.support(for: feature)
      let result = Result { () throws(Diagnostic) in
        try SigmaWriter.write(Rule(body: feature.sample), for: TargetSchema())
      }
      switch (support, result) {
      case (.native, .success(let written)), (.rewritten, .success(let written)):
        #expect(written.losses.isEmpty, "\(feature): \(written.losses)")
      case (.approximated(let drift, _), .success(let written)):
        #expect(written.losses.contains { $0.feature == feature && $0.drift == drift }, "\(feature)")
      case (.notYet, .failure(let refusal)), (.never, .failure(let refusal)):
        #expect(refusal.code == .untranslatable, "\(feature)")
      case (.native, .failure), (.rewritten, .failure), (.approximated, .failure), (.notYet, .success),
        (.never, .success):
        Issue.record("\(feature) is said to be \(support), and is not: \(result)")
      }
    }
  }

  @Test func `Exact samples read back mean the same`() throws {
    for feature in Feature.allCases {
      guard case .native = SigmaWriter.support(for: feature), case .predicate(let sample) = feature.sample else {
        continue
      }
      let written = try SigmaWriter.write(Rule(body: .predicate(sample)), for: TargetSchema())
      let back = try #require(SigmaRules.read(written.text).first?.rule?.body.predicates.first, "\(feature)")
      #expect(back.flat.normalised() == sample.flat.normalised(), "\(feature)")
    }
  }

  @Test func `A known type makes a number exact`() throws {
    let code = FieldPath(named: "responseStatus.code")
    let schema = TargetSchema(columns: [code: .init(spelling: "responseStatus.code", type: .number)])
    for condition in [Condition.equals(.number(Number(403), .strict)), .order(.less, .number(Number(5), .strict))] {
      let rule = Rule(body: .predicate(.field(FieldTest(code, condition))))
      #expect(try SigmaWriter.write(rule, for: schema).losses.isEmpty)
      #expect(try SigmaWriter.write(rule, for: TargetSchema()).losses.map(\.drift) == [.broader])
    }
  }

  @Test func `A loss turns round under not`() throws {
    let test = Predicate.field(FieldTest(Self.verb, .equals(.number(Number(403), .strict))))
    let written = try SigmaWriter.write(Rule(body: .predicate(.not(test))), for: TargetSchema())
    #expect(written.losses.map(\.drift) == [.narrower])
    let twice = try SigmaWriter.write(
      Rule(body: .predicate(.not(.all([.not(test), Self.equals("x", Self.user)])))), for: TargetSchema())
    #expect(twice.losses.map(\.drift) == [.broader])
  }

  @Test func `Some value differs, of a field with one value, is presence without equality`() throws {
    let schema = TargetSchema(columns: [Self.verb: .init(spelling: "verb", type: .text)])
    let test = FieldTest(Self.verb, .equals(.text("list", .insensitive)), polarity: .someValueFails)
    let written = try SigmaWriter.write(Rule(body: .predicate(.field(test))), for: schema)
    #expect(written.losses.isEmpty)
    let back = try #require(SigmaRules.read(written.text).first?.rule?.body.predicates.first)
    #expect(back.normalised() == Predicate.all([Self.present(Self.verb), .not(Self.equals("list"))]).normalised())
  }

  @Test func `Regular expressions of other flavours keep their meaning`() throws {
    let texts = ["kubectl", "kubectl\n", "xkubectl", "kubectlx", "a\nkubectl", "KUBECTL", "", "\n"]
    let patterns: [RegexPattern] = [
      RegexPattern("kubectl$", .pcre, anchoring: .search), RegexPattern("^kubectl$", .python, anchoring: .search),
      RegexPattern("kubectl|x", .rust, anchoring: .whole), RegexPattern("kube.*", .python, anchoring: .start),
      RegexPattern("(kube|x).+", .lucene, anchoring: .whole), RegexPattern(".*", .lucene, anchoring: .whole),
      RegexPattern("^kubectl$", .pcre, flags: [.multiline, .ignoreCase], anchoring: .search),
      RegexPattern("[$]|^$", .pcre, anchoring: .search),
    ]
    for pattern in patterns {
      let predicate = Predicate.field(FieldTest(Self.verb, .regex(pattern)))
      let written = try SigmaWriter.write(Rule(body: .predicate(predicate)), for: TargetSchema())
      #expect(written.losses.isEmpty)
      let back = try #require(SigmaRules.read(written.text).first?.rule?.body.predicates.first)
      for text in texts {
        let event: EventValue = ["verb": .string(text)]
        let (now, before) = (try TreeMatcher(back).matches(event), try TreeMatcher(predicate).matches(event))
        #expect(now == before, "\(pattern.text) on \(EventValue.quoted(text))")
      }
    }
  }

  @Test func `A regular expression that Sigma reads otherwise is refused`() {
    let patterns: [RegexPattern] = [
      RegexPattern("a(?=b)", .pcre, anchoring: .search), RegexPattern("a&b", .lucene, anchoring: .whole),
      RegexPattern("^a", .lucene, anchoring: .whole), RegexPattern("a", .rust, flags: .multiline, anchoring: .whole),
    ]
    for pattern in patterns {
      let rule = Rule(body: .predicate(.field(FieldTest(Self.verb, .regex(pattern)))))
      #expect(throws: Diagnostic.self, "\(pattern.text)") { try SigmaWriter.write(rule, for: TargetSchema()) }
    }
  }

  @Test func `Lengths are counted by a regular expression`() throws {
    for order in Order.allCases {
      let test = FieldTest(Self.verb, .order(order, .number(Number(3), .strict)), subject: .length)
      let written = try SigmaWriter.write(Rule(body: .predicate(.field(test))), for: TargetSchema())
      let back = try #require(SigmaRules.read(written.text).first?.rule?.body.predicates.first)
      for text in ["", "ab", "abc", "äöü", "a\nb", "abcd", "😀😀😀"] {
        let event: EventValue = ["verb": .string(text)]
        let (now, before) = (try TreeMatcher(back).matches(event), try TreeMatcher(.field(test)).matches(event))
        #expect(now == before, "\(order.rawValue) 3 on \(EventValue.quoted(text))")
      }
    }
  }

  @Test func `A name that a rule cannot hold is refused`() {
    for name in ["", "a|b", "a\u{202E}b"] {
      let rule = Rule(body: .predicate(Self.equals("x", FieldPath(named: name))))
      #expect(throws: Diagnostic.self, "\(name)") { try SigmaWriter.write(rule, for: TargetSchema()) }
    }
  }
}

extension String {
  /// What comes after the first place of a text.
  fileprivate func components(after mark: String) -> String {
    guard let range = firstRange(of: mark) else { return self }
    return String(self[range.upperBound...])
  }
}

extension Predicate {
  /// The predicate with every path as one dotted name.
  fileprivate var flat: Predicate {
    switch self {
    case .all(let parts): return .all(parts.map(\.flat))
    case .any(let parts): return .any(parts.map(\.flat))
    case .not(let inner): return .not(inner.flat)
    case .presence(var test):
      test.field = FieldPath(named: test.field.dotted)
      return .presence(test)
    case .field(var test):
      test.field = FieldPath(named: test.field.dotted)
      test.condition = test.condition.flat
      return .field(test)
    case .some, .every, .anyField, .rawTerm: return self
    }
  }
}

extension Condition {
  fileprivate var flat: Condition {
    guard case .field(let relation, let path, let textCase) = self else { return self }
    return .field(relation, FieldPath(named: path.dotted), textCase)
  }
}
