public import RuleIR

/// Makes predicates out of given features, with texts that are awkward on purpose.
///
/// A language's round-trip test takes the features that its writer says it keeps exactly:
///
///     var random = RandomPredicate(seed: 7, features: exact)
///     for _ in 0..<2_000 { let predicate = random.next() … }
///
/// A text that ignores case has letters beyond ASCII only with `.unicodeFolding`, and is empty only with
/// `.emptyText`. Features of whole rules (`.threshold` and so on) are left out.
public struct RandomPredicate: Sendable {
  private var random: SeededRandom
  private let features: Set<Feature>
  private let leaves: [Feature]
  /// Leaves that hold no predicate of their own.
  private let flatLeaves: [Feature]
  private let fields: [FieldPath]
  private let depth: Int
  /// What a text must be like, for a language that cannot hold every text.
  private let accepts: @Sendable (String) -> Bool

  /// Fields of audit events as importers name them: dotted names, and keys one by one.
  public static let fields: [FieldPath] = [
    FieldPath(named: "verb"), FieldPath(named: "userAgent"), FieldPath(named: "objectRef.resource"),
    FieldPath(named: "responseStatus.code"), FieldPath(named: "user.groups"),
  ]

  public init(
    seed: UInt64, features: Set<Feature>, fields: [FieldPath] = RandomPredicate.fields, depth: Int = 3,
    accepting accepts: @escaping @Sendable (String) -> Bool = { _ in true }
  ) {
    self.random = SeededRandom(seed: seed)
    self.features = features
    self.leaves = Feature.allCases.filter { features.contains($0) && !$0.isConnective && $0.isOfPredicates }
    self.flatLeaves = leaves.filter { $0 != .someElement && $0 != .everyElement }
    self.fields = fields
    self.depth = depth
    self.accepts = accepts
    precondition(!flatLeaves.isEmpty, "no feature given makes a test")
  }

  public mutating func next() -> Predicate { predicate(levels: depth) }

  private mutating func predicate(levels: Int) -> Predicate {
    if levels == 0 { return leaf(random.pick(flatLeaves), levels: 0) }
    if random.once(in: 3) { return leaf(random.pick(leaves), levels: levels) }
    if features.contains(.negation), random.once(in: 4) { return .not(predicate(levels: levels - 1)) }
    if features.contains(.alwaysTrue), random.once(in: 40) { return .always }
    if features.contains(.alwaysFalse), random.once(in: 40) { return .never }
    let parts = (0..<Int.random(in: 2...4, using: &random)).map { _ in predicate(levels: levels - 1) }
    return random.once(in: 2) ? .all(parts) : .any(parts)
  }

  private mutating func leaf(_ feature: Feature, levels: Int) -> Predicate {
    switch feature {
    case .hasKey: return .presence(PresenceTest(.key, random.pick(fields)))
    case .hasValue: return .presence(PresenceTest(.value, random.pick(fields)))
    case .singleValue: return .presence(PresenceTest(.single, random.pick(fields)))
    case .someElement: return .some(element(levels: levels))
    case .everyElement: return .every(element(levels: levels))
    case .anyField: return .anyField(AnyFieldTest(.matches(.contains(text(.insensitive)), .insensitive)))
    case .rawTerm: return .rawTerm(RawTermTest(.exact(text(.insensitive)), .insensitive))
    case .listIndex: return .field(FieldTest(random.pick(fields).appending(FieldPath([.index(0)])), equality()))
    case .keyPattern:
      let step = FieldPath([.keyPattern(.suffix("decision"))])
      return .field(FieldTest(random.pick(fields).appending(step), equality()))
    case .someValueDiffers: return .field(FieldTest(random.pick(fields), equality(), polarity: .someValueFails))
    case .textLength: return .field(FieldTest(random.pick(fields), order(), subject: .length))
    case .valueCount: return .field(FieldTest(random.pick(fields), order(), subject: .count))
    case .datePart:
      let part = random.pick(FieldTest.DatePart.allCases)
      return .field(FieldTest(random.pick(fields), order(), subject: .datePart(part)))
    case .derivedValue:
      let digits = RegexPattern("([0-9]+)", .pcre, anchoring: .search)
      let steps: [Derivation.Step] = random.pick([
        [.urlDecoded], [.base64Decoded], [.captured(digits, group: 1)], [.replaced(digits, by: "<$1>")],
      ])
      return .field(
        FieldTest(random.pick(fields), pattern([.anyRun], .sensitive), subject: .derived(Derivation(steps))))
    case .spelledValue:
      return .field(FieldTest(random.pick(fields), pattern([.anyRun], .sensitive), subject: .spelling))
    case .alwaysTrue, .alwaysFalse, .negation, .caseSensitiveText, .caseInsensitiveText, .unicodeFolding, .emptyText,
      .numberEquality, .numberFromText, .booleanEquality, .untypedLiteral, .valueSet, .caseSensitivePattern,
      .caseInsensitivePattern, .innerWildcard, .singleCharacterWildcard, .matchAnyText, .numberOrder, .textOrder,
      .network, .wholeTerm, .termPrefix, .regexSearch, .regexWhole, .regexIgnoringCase, .encodedText, .dashClass,
      .fieldEqualsField, .fieldRelation, .threshold, .distinctCount, .sumOrAverage, .percentile, .slidingWindow,
      .tumblingWindow, .absentKeyGroup, .groupCondition, .boundOnceComplete, .newTerms, .orderedSequence,
      .unorderedSequence, .sequenceEnd:
      return .field(FieldTest(random.pick(fields), condition(feature)))
    }
  }

  private mutating func element(levels: Int) -> ElementTest {
    ElementTest(random.pick(fields), predicate(levels: max(0, levels - 1)))
  }

  private mutating func condition(_ feature: Feature) -> Condition {
    switch feature {
    case .caseSensitiveText: return .equals(.text(text(.sensitive), .sensitive))
    case .caseInsensitiveText: return .equals(.text(text(.insensitive), .insensitive))
    case .unicodeFolding: return .equals(.text(random.pick(["ПАРОЛЬ", "Straße", "ΣΟΦΟΣ"]), .insensitive))
    case .emptyText: return .equals(.text("", .sensitive))
    case .numberEquality: return .equals(.number(number(), .strict))
    case .numberFromText: return .equals(.number(number(), .coercing))
    case .booleanEquality: return .equals(.boolean(random.once(in: 2)))
    case .untypedLiteral: return .equals(untyped())
    case .valueSet: return .oneOf((0..<Int.random(in: 1...4, using: &random)).map { _ in literal() })
    case .caseSensitivePattern: return pattern([.anyRun], .sensitive)
    case .caseInsensitivePattern: return pattern([.anyRun], .insensitive)
    case .innerWildcard: return glob(.anyRun)
    case .singleCharacterWildcard: return glob(.anyScalar)
    case .matchAnyText: return .matches(.anything, .sensitive)
    case .numberOrder: return order()
    case .textOrder: return .order(random.pick(Order.allCases), .text(text(.sensitive), .sensitive))
    case .network: return Network(random.pick(Self.networks)).map(Condition.network) ?? .oneOf([])
    case .wholeTerm: return .term(TermMatch(word(), .insensitive))
    case .termPrefix: return .term(TermMatch(word(), .insensitive, extent: .prefix))
    case .regexSearch: return .regex(RegexPattern(random.pick(Self.regexes), .sigma, anchoring: .search))
    case .regexWhole: return .regex(RegexPattern(random.pick(Self.regexes), .sigma, anchoring: .whole))
    case .regexIgnoringCase:
      return .regex(RegexPattern(random.pick(Self.regexes), .sigma, flags: .ignoreCase, anchoring: .search))
    case .encodedText:
      return .encoded(
        EncodedText(
          .exact(text(.sensitive)), [random.pick([.base64, .base64offset])], extent: .contains, .sensitive))
    case .dashClass: return .encoded(EncodedText(.exact("-enc"), [.windash], extent: .contains, .insensitive))
    case .fieldEqualsField: return .field(.equals, random.pick(fields), .sensitive)
    case .fieldRelation:
      return .field(random.pick([.startsWith, .endsWith, .contains]), random.pick(fields), .sensitive)
    case .alwaysTrue, .alwaysFalse, .negation, .spelledValue, .hasKey, .hasValue, .singleValue, .someValueDiffers,
      .textLength, .valueCount, .datePart, .derivedValue, .someElement, .everyElement, .listIndex, .keyPattern,
      .anyField, .rawTerm,
      .threshold, .distinctCount, .sumOrAverage, .percentile, .slidingWindow, .tumblingWindow, .absentKeyGroup,
      .groupCondition, .boundOnceComplete, .newTerms, .orderedSequence, .unorderedSequence, .sequenceEnd:
      preconditionFailure("\(feature) is no condition")
    }
  }

  private mutating func equality() -> Condition { .equals(literal()) }

  /// A literal of one of the types that are among the features.
  private mutating func literal() -> Literal {
    var makers: [(inout RandomPredicate) -> Literal] = []
    if features.contains(.caseSensitiveText) { makers.append { .text($0.text(.sensitive), .sensitive) } }
    if features.contains(.caseInsensitiveText) { makers.append { .text($0.text(.insensitive), .insensitive) } }
    if features.contains(.numberEquality) { makers.append { .number($0.number(), .strict) } }
    if features.contains(.untypedLiteral) { makers.append { $0.untyped() } }
    guard !makers.isEmpty else { return .text(text(.sensitive), .sensitive) }
    return random.pick(makers)(&self)
  }

  private mutating func untyped() -> Literal {
    let cases = TextCase.allCases.filter { $0 == .insensitive || features.contains(.caseSensitiveText) }
    let textCase = random.pick(cases)
    let typed = ["403", "true", "False", "1e3", "-1", "0.5"].filter(accepts)
    return .untyped(random.once(in: 2) && !typed.isEmpty ? random.pick(typed) : text(textCase), textCase)
  }

  private mutating func order() -> Condition { .order(random.pick(Order.allCases), .number(number(), .strict)) }

  private mutating func number() -> Number { Number(Int.random(in: -3...1_000, using: &random)) }

  /// A prefix, a suffix or the inside of a text.
  private mutating func pattern(_ run: [TextPattern.Part], _ textCase: TextCase) -> Condition {
    let literal: [TextPattern.Part] = [.literal(nonEmptyText(textCase))]
    return .matches(TextPattern(random.pick([literal + run, run + literal, run + literal + run])), textCase)
  }

  /// A pattern with the wildcard in its middle, and sometimes at an end as well.
  private mutating func glob(_ wildcard: TextPattern.Part) -> Condition {
    let cases: [TextCase] =
      features.contains(.caseSensitivePattern)
      ? (features.contains(.caseInsensitivePattern) ? TextCase.allCases : [.sensitive]) : [.insensitive]
    let textCase = random.pick(cases)
    var parts: [TextPattern.Part] = [.literal(nonEmptyText(textCase)), wildcard, .literal(nonEmptyText(textCase))]
    if random.once(in: 3) { parts.append(wildcard) }
    if random.once(in: 3) { parts.insert(wildcard, at: 0) }
    return .matches(TextPattern(parts), textCase)
  }

  private mutating func text(_ textCase: TextCase) -> String {
    if features.contains(.emptyText), random.once(in: 12) { return "" }
    return nonEmptyText(textCase)
  }

  private mutating func nonEmptyText(_ textCase: TextCase) -> String {
    for _ in 0..<20 {
      let text = AwkwardTexts.next(using: &random)
      if textCase == .insensitive, !features.contains(.unicodeFolding), text.hasNonASCIILetter { continue }
      if accepts(text) { return text }
    }
    return "secrets"
  }

  private mutating func word() -> String { random.pick(["curl", "kubectl", "AND", "not", "x86"]) }

  private static let networks = ["10.0.0.0/8", "192.168.1.7/32", "0.0.0.0/0", "2001:db8::/32", "::1/128"]
  private static let regexes = [
    "v[0-9]+", "a|b", "^kube.*", "x\\.y$", "\"[^\"]*\"", "/etc/", "(get|list) ?", "\\\\srv",
  ]
}

extension Feature {
  /// Whether it joins tests and makes none.
  fileprivate var isConnective: Bool { [.alwaysTrue, .alwaysFalse, .negation].contains(self) }

  /// Whether a predicate can have it, and not only a body around one.
  fileprivate var isOfPredicates: Bool {
    if case .predicate = sample { true } else { false }
  }
}
