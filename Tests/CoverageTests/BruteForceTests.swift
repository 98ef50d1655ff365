import Coverage
import Documents
import Matcher
import Proof
import RuleIR
import SourceText
import TestSupport
import Testing

/// Holds the decision against going through all events: 2,000 pairs of an operation and a rule.
///
/// Two values of a field to which every test of both predicates gives the same answer are one value to both, so that
/// one of each such class is enough; absence, null, the empty text, the literals, and the ways to run them together
/// are tried.
@Suite struct BruteForceTests {
  private static let fields = ["verb", "objectRef.resource", "user.username"].map { FieldPath(parsing: $0) ?? .element }

  @Test(arguments: 0..<UInt64(20)) func `the verdict is what all events say`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var verdicts: [Firmness: Int] = [:]
    var undecided = 0
    var answers = Answers()
    let decision = CoverageDecision(prover: prover)
    for _ in 0..<100 {
      let fields =
        random.once(in: 4) ? [random.pick(Self.fields)] : Array(Self.fields.shuffled(using: &random).prefix(2))
      let set = OperationSet(
        id: "x", title: "x", mapping: "x", subject: Array(Self.fields.prefix(2)),
        operations: [Self.operation(Self.predicate(Self.fields, levels: 1, &random))])
      var rule = Self.predicate(fields, levels: 2, &random)
      if random.once(in: 6) {
        rule = .any([set.operations[0].predicate, .all([rule, Self.leaf(fields[0], &random)])])
      }
      let verdict = decision.firmness(of: .predicate(rule), over: set.operations[0], in: set)
      let expected = try Self.verdict(set.operations[0].predicate, rule, subject: set.subject, &answers)
      if case .unknown = verdict {
        undecided += 1
        continue
      }
      verdicts[verdict, default: 0] += 1
      #expect(verdict == expected, "\(set.operations[0].predicate)\n\(PredicateOutline(.terse).text(of: rule))")
    }
    #expect(undecided <= 1, "what is not decided is said, and is rare")
    #expect(verdicts[.always] != nil && verdicts[.sometimes] != nil && verdicts[.never] != nil)
  }

  private static func operation(_ predicate: Predicate) -> Operation {
    Operation(id: "o", title: "o", predicate: predicate)
  }

  // MARK: - Small predicates

  private static let texts = ["a", "b", "A", "ab"]

  private static func predicate(_ fields: [FieldPath], levels: Int, _ random: inout SeededRandom) -> Predicate {
    if levels == 0 || random.once(in: 5) { return leaf(random.pick(fields), &random) }
    let parts = (0..<Int.random(in: 1...2, using: &random)).map { _ in
      predicate(fields, levels: levels - 1, &random)
    }
    switch Int.random(in: 0..<3, using: &random) {
    case 0: return .any(parts)
    case 1: return .not(.all(parts))
    case _: return .all(parts)
    }
  }

  private static func leaf(_ field: FieldPath, _ random: inout SeededRandom) -> Predicate {
    let textCase = random.pick([TextCase.sensitive, .insensitive])
    let text = random.pick(texts)
    let letter = random.pick(["a", "b", "A"])
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return .presence(PresenceTest(random.pick([.key, .value, .single]), field))
    case 1: return .field(FieldTest(field, .equals(.text("", .sensitive))))
    case 2:
      return .field(FieldTest(field, .oneOf([.text(text, textCase), .text(random.pick(texts), textCase)])))
    case 3: return .field(FieldTest(field, .matches(.prefix(letter), textCase)))
    case 4: return .field(FieldTest(field, .matches(.suffix(letter), textCase)))
    case 5: return .field(FieldTest(field, .matches(.contains(letter), textCase)))
    case _: return .field(FieldTest(field, .equals(.text(text, textCase))))
    }
  }

  // MARK: - All events

  private static func verdict(
    _ operation: Predicate, _ rule: Predicate, subject: [FieldPath], _ answers: inout Answers
  ) throws -> Firmness {
    let both = Predicate.all([operation, rule])
    let all = leaves(of: both)
    let axes = try both.fields.sorted { $0.description < $1.description }.map { field in
      (field, try answers.classes(of: field, all.filter { $0.fields == [field] }))
    }
    let (asOperation, asRule) = (try TreeMatcher(operation), try TreeMatcher(rule))
    var (common, alone) = (0, 0)
    for event in events(axes[...]) where try asOperation.matches(event) {
      if try asRule.matches(event) { common += 1 } else { alone += 1 }
    }
    if common == 0 { return .never }
    if try isOfAny(asRule, axes, subject) { return .incidentally }
    return alone == 0 ? .always : .sometimes
  }

  /// Whether the rule fires on an operation that no test names.
  private static func isOfAny(
    _ rule: TreeMatcher, _ axes: [(FieldPath, [EventValue?])], _ subject: [FieldPath]
  ) throws -> Bool {
    let others = axes.filter { !subject.contains($0.0) } + subject.map { ($0, ["z"]) }
    return try events(others[...]).contains { try rule.matches($0) }
  }

  private static func leaves(of predicate: Predicate) -> [Predicate] {
    switch predicate {
    case .all(let parts), .any(let parts): parts.flatMap(leaves)
    case .not(let inner): leaves(of: inner)
    case .presence, .field, .some, .every, .anyField, .rawTerm: [predicate]
    }
  }

  /// What tests say of every value of their field; the same few tests come up again and again.
  private struct Answers {
    private var known: [Predicate: [Bool]] = [:]

    /// Absence as nil, null, and texts: one of each class of values to which all the tests say the same.
    mutating func classes(of field: FieldPath, _ leaves: [Predicate]) throws -> [EventValue?] {
      let found = try leaves.map { try answers(of: $0, field) }
      let values = BruteForceTests.values
      var seen: Set<[Bool]> = []
      return values.indices.filter { index in seen.insert(found.map { $0[index] }).inserted }.map { values[$0] }
    }

    private mutating func answers(of leaf: Predicate, _ field: FieldPath) throws -> [Bool] {
      if let answers = known[leaf] { return answers }
      let matcher = try TreeMatcher(leaf)
      let found = try BruteForceTests.values.map { value in
        try matcher.matches(BruteForceTests.events([(field, [value])])[0])
      }
      known[leaf] = found
      return found
    }
  }

  /// All texts of up to three of the letters of the tests and of one that no test has.
  ///
  /// The literal `nil` would be a null value here, and not absence.
  private static let values: [EventValue?] = {
    var texts = [""]
    var longest = [""]
    for _ in 0..<3 {
      longest = longest.flatMap { text in ["a", "b", "A", "B", "z"].map { text + $0 } }
      texts += longest
    }
    return [EventValue?.none, EventValue.null] + texts.map { EventValue.string($0) }
  }()

  private static func events(_ axes: ArraySlice<(FieldPath, [EventValue?])>) -> [EventValue] {
    guard let (field, values) = axes.first else { return [.object(EventObject())] }
    return events(axes.dropFirst()).flatMap { event in
      values.map { value in value.map { put($0, at: field.steps[...], in: event) } ?? event }
    }
  }

  private static func put(_ value: EventValue, at steps: ArraySlice<FieldPath.Step>, in event: EventValue) -> EventValue
  {
    guard case .key(let key)? = steps.first else { return value }
    var object = EventObject()
    if case .object(let there) = event { object = there }
    object[key] = put(value, at: steps.dropFirst(), in: object[key] ?? .object(EventObject()))
    return .object(object)
  }

  private static func events(_ axes: [(FieldPath, [EventValue?])]) -> [EventValue] { events(axes[...]) }
}
