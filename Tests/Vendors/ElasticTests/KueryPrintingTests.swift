import LanguageSupport
import Matcher
import RuleIR
import SourceText
import TestSupport
import Testing

@testable import Elastic

@Suite struct KueryPrintingTests {
  private func printed(_ query: String) throws -> String {
    try Kuery.print(try Kuery.parse(Passage(text: query), flavour: .kibana)).text
  }

  @Test(arguments: [
    ("verb:(get or list) and not user.name:system*", #"verb:("get" or "list") and not user.name:system*"#),
    ("verb:get or verb:list", #"verb:("get" or "list")"#),
    ("agent:(* and not (*kubernetes/$Format or kubectl*))", "agent:(* and not (*kubernetes/$Format or kubectl*))"),
    ("a:1 and b:1 or c:1", #"(a:"1" and b:"1") or c:"1""#),
    ("not (a:1 or b:1)", #"not (a:"1" or b:"1")"#),
    ("a:C\\:\\\\x*", "a:C\\:\\\\x*"),
    ("a:\"10.0.0.0/8\"", "a:\"10.0.0.0/8\""),
    ("code >= 400", "code >= \"400\""),
    ("n:{ x:1 and not y:2 }", #"n:{ x:"1" and not y:"2" }"#),
    ("t.*.name:guest", #"t.*.name:"guest""#),
    ("\"a b\":x", #""a b":"x""#),
    ("*:*", "*:*"),
    ("not *:*", "not *:*"),
    ("curl or *wget*", #""curl" or *wget*"#),
    ("a:\"x\\\\\"", "a:\"x\\u005c\""),
    ("a:\"x\\ny\"", "a:\"x\\ny\""),
  ])
  func `A query is written in one form`(query: String, expected: String) throws {
    #expect(try printed(query) == expected)
    #expect(try printed(expected) == expected)
  }

  @Test func `Keywords inside a pattern are no connectives`() throws {
    let keyword = TargetSchema.Column(spelling: "a", type: .text)
    let schema = TargetSchema(columns: [FieldPath(named: "a"): keyword])
    for text in ["x and y", "not x", "cannot", "or", "x OR", "NOT  y", "and x or"] {
      for pattern in [TextPattern.prefix(text), .suffix(text), .contains(text)] {
        let test = Predicate.field(FieldTest(FieldPath(named: "a"), .matches(pattern, .sensitive)))
        let both = Predicate.all([test, .presence(PresenceTest(.value, FieldPath(named: "b")))])
        let fragment = try Kuery.print(both, for: schema)
        #expect(fragment.losses.isEmpty)
        #expect(try Kuery.parse(Passage(text: fragment.text), flavour: .kibana) == both, "\(fragment.text)")
      }
    }
  }

  @Test func `A blank in a pattern becomes a star where the field is not known to be a keyword`() throws {
    let test = Predicate.field(FieldTest(FieldPath(named: "a"), .matches(.contains("x y"), .sensitive)))
    let fragment = try Kuery.print(test)
    #expect(fragment.text == "a:*x*y*")
    #expect(fragment.losses.map(\.drift) == [.broader])
    #expect(try Kuery.print(.not(test)).losses.map(\.drift) == [.narrower])
  }

  @Test func `What a list of values loses is said once`() throws {
    let verbs = ["get", "list"].map { Literal.text($0, .insensitive) }
    let fragment = try Kuery.print(.field(FieldTest(FieldPath(named: "verb"), .oneOf(verbs))))
    #expect(fragment.text == #"verb:("get" or "list")"#)
    #expect(fragment.losses.map(\.drift) == [.narrower])
  }

  @Test func `What a mapping knows of a field changes what is lost`() throws {
    let path = FieldPath(named: "f")
    func losses(_ predicate: Predicate, _ column: TargetSchema.Column) throws -> [Drift] {
      try Kuery.print(predicate, for: TargetSchema(columns: [path: column])).losses.map(\.drift)
    }
    let equal = Predicate.field(FieldTest(path, .equals(.text("Kube", .insensitive))))
    let empty = Predicate.field(FieldTest(path, .equals(.text("", .sensitive))))
    let present = Predicate.presence(PresenceTest(.value, path))
    let single = Predicate.presence(PresenceTest(.single, path))
    let analysed = TargetSchema.Column(spelling: "f", type: .text, isAnalysed: true)
    let unstored = TargetSchema.Column(spelling: "f", type: .text, isRemovedWhenEmpty: true)
    #expect(try losses(equal, analysed) == [.broader])
    #expect(try losses(present, unstored) == [.narrower])
    #expect(try losses(.all([present, .not(empty)]), unstored) == [])
    #expect(try losses(single, unstored) == [.narrower])
    #expect(try losses(.all([single, equal]), TargetSchema.Column(spelling: "f", type: .number)) == [])
    #expect(try losses(.field(FieldTest(path, .equals(.number(Number(4), .strict)))), unstored) == [.broader])
    let differs = Predicate.field(FieldTest(path, .equals(.text("x", .sensitive)), polarity: .someValueFails))
    #expect(try losses(differs, TargetSchema.Column(spelling: "f", type: .text)) == [])
    #expect(try losses(differs, TargetSchema.Column(spelling: "f", type: .text, isList: true)) == [.narrower])
  }

  @Test func `Elements of a plain object are flattened, with what that loses`() throws {
    let path = FieldPath(named: "c")
    let schema = TargetSchema(columns: [path: TargetSchema.Column(spelling: "c", type: .object, isList: true)])
    let name = Predicate.field(FieldTest(FieldPath(named: "n"), .equals(.text("x", .sensitive))))
    let image = Predicate.field(FieldTest(FieldPath(named: "i"), .equals(.text("y", .sensitive))))
    let both = try Kuery.print(.some(ElementTest(path, .all([name, image]))), for: schema)
    #expect(both.text == #"c.n:"x" and c.i:"y""#)
    #expect(both.losses.map(\.drift) == [.broader])
    let either = try Kuery.print(.some(ElementTest(path, .any([name, image]))), for: schema)
    #expect(either.losses.isEmpty)
    #expect(throws: Diagnostic.self) { try Kuery.print(.some(ElementTest(path, .not(name))), for: schema) }
    #expect(try Kuery.print(.some(ElementTest(path, .not(name)))).text == #"c:{ not n:"x" }"#)
  }

  /// What the language's own answers promise to keep.
  static let exact = Set(
    Feature.allCases.filter { feature in
      switch Kuery.support(for: feature) {
      case .native: true
      case .rewritten: feature == .alwaysFalse
      case .approximated, .notYet, .never: false
      }
    })

  @Test func `What was written is read back as the same, where texts are keywords`() throws {
    let columns = RandomPredicate.fields.map { ($0, TargetSchema.Column(spelling: $0.dotted, type: .text)) }
    let schema = TargetSchema(columns: Dictionary(uniqueKeysWithValues: columns))
    try roundTrip(
      seed: 1, features: Self.exact.subtracting([.network, .someElement, .numberEquality, .numberOrder]),
      schema: schema, least: 1_000)
  }

  @Test func `What was written is read back as the same, where nothing is known of fields`() throws {
    try roundTrip(seed: 2, features: Self.exact, schema: TargetSchema(), least: 300)
  }

  private func roundTrip(seed: UInt64, features: Set<Feature>, schema: TargetSchema, least: Int) throws {
    var random = RandomPredicate(seed: seed, features: features)
    var exact = 0
    for _ in 0..<2_000 {
      let predicate = random.next()
      let fragment: Fragment
      do throws(Diagnostic) {
        fragment = try Kuery.print(predicate, for: schema)
      } catch {
        // The one thing that a literal cannot hold: a text that is date maths, in an order.
        #expect(error.primary?.text == "the text would be taken for date maths", "\(predicate)")
        continue
      }
      let passage = Passage(text: fragment.text)
      let kibana = try Kuery.parse(passage, flavour: .kibana)
      guard fragment.losses.isEmpty else { continue }
      exact += 1
      let wanted = predicate.withoutTypes.normalised()
      try #require(kibana.withoutTypes.normalised() == wanted, "\(fragment.text)")
      let server = try Kuery.parse(passage, flavour: .server)
      try #require(server.withoutTypes.normalised() == wanted, "\(fragment.text)")
    }
    #expect(exact >= least)
  }

  @Test(arguments: Feature.allCases)
  func `Each answer for a feature is true`(feature: Feature) {
    do throws(Diagnostic) {
      let written = try KueryForm.write(Rule(body: feature.sample), for: TargetSchema())
      switch KueryForm.support(for: feature) {
      case .native, .rewritten: #expect(written.losses.isEmpty)
      case .approximated(let drift, _):
        #expect(written.losses.contains { $0.feature == feature || feature == .anyField })
        #expect(written.losses.contains { $0.drift == drift })
      case .notYet, .never: Issue.record("\(feature) was written: \(written.text)")
      }
      #expect(throws: Never.self) { try Kuery.parse(Passage(text: written.text), flavour: .kibana) }
      #expect(throws: Never.self) { try Kuery.parse(Passage(text: written.text), flavour: .server) }
    } catch {
      switch KueryForm.support(for: feature) {
      case .native, .rewritten, .approximated: Issue.record("\(feature): \(error.message)")
      case .notYet, .never: #expect(error.code == .untranslatable)
      }
    }
  }

  @Test func `An approximation errs the way it says`() throws {
    var random = RandomPredicate(
      seed: 3, features: [.singleCharacterWildcard, .innerWildcard, .hasKey, .singleValue, .hasValue, .negation])
    let events: [EventValue] = [
      ["verb": "a", "userAgent": nil], ["verb": ["a", "b"], "user": ["groups": "x"]], ["userAgent": "ab"], [:],
    ]
    for _ in 0..<500 {
      let predicate = random.next()
      let fragment = try Kuery.print(predicate)
      let read = try Kuery.parse(Passage(text: fragment.text), flavour: .kibana)
      let drifts = Set(fragment.losses.map(\.drift))
      for event in events {
        let (before, after) = (try TreeMatcher(predicate).matches(event), try TreeMatcher(read).matches(event))
        if before && !after { #expect(drifts.contains(.narrower) || drifts.contains(.both), "\(fragment.text)") }
        if !before && after { #expect(drifts.contains(.broader) || drifts.contains(.both), "\(fragment.text)") }
      }
    }
  }
}

extension Predicate {
  /// The predicate as a language without types knows it: literals untyped, names dotted, and a text that spells a
  /// block of addresses, beside the block, as the block alone.
  var withoutTypes: Predicate {
    switch self {
    case .all(let parts): return .all(parts.map(\.withoutTypes))
    case .any(let parts):
      let plain = parts.map(\.withoutTypes)
      let rest = plain.filter { part in
        guard case .field(var test) = part, case .equals(let literal) = test.condition,
          let network = Network(literal.spelling), literal.spelling.contains("/")
        else { return true }
        test.condition = .network(network)
        return !plain.contains(.field(test))
      }
      return .disjunction(rest)
    case .not(let inner): return .not(inner.withoutTypes)
    case .presence(var test):
      test.field = FieldPath(named: test.field.dotted)
      return .presence(test)
    case .field(var test):
      test.field = FieldPath(named: test.field.dotted)
      test.condition = test.condition.withoutTypes
      return .field(test)
    case .some(var test):
      test.path = FieldPath(named: test.path.dotted)
      test.predicate = test.predicate.withoutTypes
      return .some(test)
    case .every, .anyField, .rawTerm: return self
    }
  }
}

extension Condition {
  fileprivate var withoutTypes: Condition {
    switch self {
    case .equals(let literal): .equals(literal.withoutType)
    case .oneOf(let literals): .oneOf(literals.map(\.withoutType))
    case .order(let order, let literal): .order(order, literal.withoutType)
    case .matches(let pattern, let textCase):
      if case .exact(let text) = pattern.shape { .equals(.untyped(text, textCase)) } else { self }
    case .regex, .network, .term, .encoded, .field: self
    }
  }
}

extension Literal {
  fileprivate var withoutType: Literal { .untyped(spelling, .sensitive) }
}
