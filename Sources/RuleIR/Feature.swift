/// Something that a rule can say, small enough that a language either says it or does not.
///
/// Every language answers for every feature (`support(for:)`), and a test exports the feature's `sample` in every
/// language and holds the answer to its word. A new case does not compile until all have answered.
public enum Feature: String, CaseIterable, Hashable, Sendable {
  case alwaysTrue = "always-true"
  case alwaysFalse = "always-false"
  case negation
  case caseSensitiveText = "case-sensitive-text"
  case caseInsensitiveText = "case-insensitive-text"
  case unicodeFolding = "unicode-folding"
  case emptyText = "empty-text"
  case numberEquality = "number-equality"
  case numberFromText = "number-from-text"
  case booleanEquality = "boolean-equality"
  case untypedLiteral = "untyped-literal"
  case valueSet = "value-set"
  case caseSensitivePattern = "case-sensitive-pattern"
  case caseInsensitivePattern = "case-insensitive-pattern"
  case innerWildcard = "inner-wildcard"
  case singleCharacterWildcard = "single-character-wildcard"
  case matchAnyText = "match-any-text"
  case spelledValue = "spelled-value"
  case hasKey = "has-key"
  case hasValue = "has-value"
  case singleValue = "single-value"
  case someValueDiffers = "some-value-differs"
  case numberOrder = "number-order"
  case textOrder = "text-order"
  case network
  case wholeTerm = "whole-term"
  case termPrefix = "term-prefix"
  case regexSearch = "regex-search"
  case regexWhole = "regex-whole"
  case regexIgnoringCase = "regex-ignoring-case"
  case encodedText = "encoded-text"
  case dashClass = "dash-class"
  case fieldEqualsField = "field-equals-field"
  case fieldRelation = "field-relation"
  case textLength = "text-length"
  case valueCount = "value-count"
  case datePart = "date-part"
  case derivedValue = "derived-value"
  case someElement = "some-element"
  case everyElement = "every-element"
  case listIndex = "list-index"
  case keyPattern = "key-pattern"
  case anyField = "any-field"
  case rawTerm = "raw-term"
  case threshold
  case distinctCount = "distinct-count"
  case sumOrAverage = "sum-or-average"
  case percentile
  case slidingWindow = "sliding-window"
  case tumblingWindow = "tumbling-window"
  case absentKeyGroup = "absent-key-group"
  case groupCondition = "group-condition"
  case boundOnceComplete = "bound-once-complete"
  case newTerms = "new-terms"
  case orderedSequence = "ordered-sequence"
  case unorderedSequence = "unordered-sequence"
  case sequenceEnd = "sequence-end"
}

extension Feature {
  /// The smallest rule that needs the feature and, as far as can be, no other.
  public var sample: RuleBody {
    switch self {
    case .threshold, .distinctCount, .sumOrAverage, .percentile, .slidingWindow, .tumblingWindow, .absentKeyGroup,
      .groupCondition, .boundOnceComplete, .newTerms, .orderedSequence, .unorderedSequence, .sequenceEnd:
      return statefulSample
    case .alwaysTrue: return .predicate(.always)
    case .alwaysFalse: return .predicate(.never)
    case .negation: return .predicate(.not(Sample.equals(.text("list", .sensitive))))
    case .caseSensitiveText: return Sample.test(.equals(.text("list", .sensitive)))
    case .caseInsensitiveText: return Sample.test(.equals(.text("list", .insensitive)))
    case .unicodeFolding: return Sample.test(.equals(.text("ПАРОЛЬ", .insensitive)))
    case .emptyText: return Sample.test(.equals(.text("", .sensitive)))
    case .numberEquality: return Sample.test(.equals(.number(Number(403), .strict)), Sample.number)
    case .numberFromText: return Sample.test(.equals(.number(Number(403), .coercing)), Sample.number)
    case .booleanEquality: return Sample.test(.equals(.boolean(true)), Sample.flag)
    case .untypedLiteral: return Sample.test(.equals(.untyped("403", .insensitive)), Sample.number)
    case .valueSet: return Sample.test(.oneOf([.text("get", .sensitive), .text("list", .sensitive)]))
    case .caseSensitivePattern: return Sample.test(.matches(.prefix("kubectl/"), .sensitive), Sample.agent)
    case .caseInsensitivePattern: return Sample.test(.matches(.contains("Curl"), .insensitive), Sample.agent)
    case .innerWildcard:
      return Sample.test(.matches(TextPattern([.literal("a"), .anyRun, .literal("b")]), .sensitive), Sample.agent)
    case .singleCharacterWildcard:
      return Sample.test(.matches(TextPattern([.literal("a"), .anyScalar, .literal("b")]), .sensitive), Sample.agent)
    case .matchAnyText: return Sample.test(.matches(.anything, .sensitive), Sample.agent)
    case .spelledValue:
      return .predicate(.field(FieldTest(Sample.number, .matches(.prefix("4"), .sensitive), subject: .spelling)))
    case .hasKey: return .predicate(.presence(PresenceTest(.key, Sample.verb)))
    case .hasValue: return .predicate(.presence(PresenceTest(.value, Sample.verb)))
    case .singleValue: return .predicate(.presence(PresenceTest(.single, Sample.list)))
    case .someValueDiffers:
      return .predicate(
        .field(FieldTest(Sample.list, .equals(.text("admin", .sensitive)), polarity: .someValueFails)))
    case .numberOrder: return Sample.test(.order(.greaterOrEqual, .number(Number(400), .strict)), Sample.number)
    case .textOrder: return Sample.test(.order(.less, .text("m", .sensitive)))
    case .network: return Sample.network
    case .wholeTerm: return Sample.test(.term(TermMatch("curl", .insensitive)), Sample.agent)
    case .termPrefix: return Sample.test(.term(TermMatch("kube", .insensitive, extent: .prefix)), Sample.agent)
    case .regexSearch: return Sample.test(.regex(RegexPattern("v[0-9]+", .sigma, anchoring: .search)), Sample.agent)
    case .regexWhole: return Sample.test(.regex(RegexPattern("v[0-9]+", .sigma, anchoring: .whole)), Sample.agent)
    case .regexIgnoringCase:
      return Sample.test(
        .regex(RegexPattern("curl|wget", .sigma, flags: .ignoreCase, anchoring: .search)), Sample.agent)
    case .encodedText:
      return Sample.test(
        .encoded(EncodedText(.exact("secret"), [.base64offset], extent: .contains, .sensitive)), Sample.agent)
    case .dashClass:
      return Sample.test(
        .encoded(EncodedText(.exact("-enc"), [.windash], extent: .contains, .insensitive)), Sample.agent)
    case .fieldEqualsField: return Sample.test(.field(.equals, Sample.agent, .sensitive))
    case .fieldRelation: return Sample.test(.field(.startsWith, Sample.agent, .sensitive))
    case .textLength:
      return .predicate(
        .field(FieldTest(Sample.agent, .order(.greater, .number(Number(100), .strict)), subject: .length)))
    case .valueCount:
      return .predicate(
        .field(FieldTest(Sample.list, .order(.greater, .number(Number(1), .strict)), subject: .count)))
    case .datePart:
      return .predicate(
        .field(FieldTest(Sample.time, .order(.less, .number(Number(6), .strict)), subject: .datePart(.hour))))
    case .derivedValue:
      return .predicate(
        .field(
          FieldTest(
            Sample.agent, .matches(.contains("curl"), .sensitive), subject: .derived(Derivation([.urlDecoded])))))
    case .someElement: return .predicate(.some(Sample.element))
    case .everyElement: return .predicate(.every(Sample.element))
    case .listIndex:
      return Sample.test(
        .equals(.text("10.0.0.1", .sensitive)), FieldPath([.key("sourceIPs"), .index(0)]))
    case .keyPattern:
      return Sample.test(
        .equals(.text("allow", .sensitive)), FieldPath([.key("annotations"), .keyPattern(.suffix("decision"))]))
    case .anyField: return .predicate(.anyField(AnyFieldTest(.matches(.contains("curl"), .insensitive))))
    case .rawTerm: return .predicate(.rawTerm(RawTermTest(.exact("curl"), .insensitive)))
    }
  }

  private var statefulSample: RuleBody {
    let list = Sample.equals(.text("list", .sensitive))
    let user = FieldPath(keys: "user", "username")
    func threshold(
      _ measure: Threshold.Measure = .count, _ window: Threshold.Window = .searchSpan,
      absentKey: Threshold.AbsentKey = .dropped
    ) -> RuleBody {
      .threshold(
        Threshold(
          list, groupBy: [user], absentKey: absentKey, window: window, measure: measure, .order(.greaterOrEqual),
          Number(5)))
    }
    let steps = [EventSequence.Step(list, joinedBy: [user]), EventSequence.Step(.not(list), joinedBy: [user])]
    switch self {
    case .distinctCount: return threshold(.distinctCount([Sample.agent]))
    case .sumOrAverage: return threshold(.sum(Sample.number))
    case .percentile: return threshold(.percentile(Number(95), Sample.number))
    case .slidingWindow: return threshold(.count, .sliding(.minutes(5)))
    case .tumblingWindow: return threshold(.count, .tumbling(.minutes(5)))
    case .absentKeyGroup: return threshold(absentKey: .ownGroup)
    case .groupCondition:
      return .threshold(
        Threshold(
          list, groupBy: [user], absentKey: .dropped, window: .searchSpan, .order(.greaterOrEqual), Number(5),
          further: .measure(
            GroupMeasure(.of(.distinctCount([Sample.agent])), .order(.greater), Number(2)))))
    case .boundOnceComplete:
      return .threshold(
        Threshold(
          list, groupBy: [user], absentKey: .dropped, window: .searchSpan, .order(.less), Number(5),
          comparison: .onceAllHaveCome))
    case .newTerms: return .newTerms(NewTerms(list, fields: [user], history: .days(7)))
    case .orderedSequence: return .sequence(EventSequence(.ordered, steps, span: .minutes(5)))
    case .unorderedSequence: return .sequence(EventSequence(.unordered, steps, span: .minutes(5)))
    case .sequenceEnd: return .sequence(EventSequence(.ordered, steps, span: .minutes(5), until: steps[1]))
    case _: return threshold()
    }
  }
}

/// Fields and tests that the samples are made of.
private enum Sample {
  static let verb = FieldPath(keys: "verb")
  static let agent = FieldPath(keys: "userAgent")
  static let number = FieldPath(keys: "responseStatus", "code")
  static let flag = FieldPath(keys: "requestObject", "spec", "hostNetwork")
  static let list = FieldPath(keys: "user", "groups")
  static let time = FieldPath(keys: "stageTimestamp")

  static func equals(_ literal: Literal) -> Predicate { .field(FieldTest(verb, .equals(literal))) }

  static func test(_ condition: Condition, _ field: FieldPath = verb) -> RuleBody {
    .predicate(.field(FieldTest(field, condition)))
  }

  static let network: RuleBody =
    Network("10.0.0.0/8").map { test(.network($0), FieldPath(keys: "sourceIPs")) }
    ?? .predicate(.never)

  static let element = ElementTest(
    FieldPath(keys: "requestObject", "spec", "containers"),
    .conjunction([
      .field(FieldTest(FieldPath(keys: "name"), .equals(.text("a", .sensitive)))),
      .field(FieldTest(FieldPath(keys: "image"), .equals(.text("b", .sensitive)))),
    ]))
}
