import LanguageSupport
public import RuleIR

extension EQL {
  /// What the writer does with each feature, where nothing is known of the fields.
  public static func support(for feature: Feature) -> Support {
    switch feature {
    case .alwaysTrue, .alwaysFalse, .negation, .caseSensitiveText, .caseInsensitiveText, .emptyText, .numberEquality,
      .booleanEquality, .valueSet, .caseSensitivePattern, .caseInsensitivePattern, .innerWildcard,
      .singleCharacterWildcard, .matchAnyText, .hasValue, .numberOrder, .textOrder, .network, .regexSearch, .regexWhole,
      .regexIgnoringCase, .fieldRelation, .textLength, .orderedSequence, .sequenceEnd:
      return .native
    case .spelledValue: return .rewritten(as: "string(f) like …")
    case .encodedText: return .rewritten(as: "f like (…), a pattern for each form")
    case .unicodeFolding: return .approximated(.narrower, because: "letters beyond ASCII are compared letter by letter")
    case .untypedLiteral, .numberFromText:
      return .approximated(.narrower, because: "a number that is spelled in another way is not found")
    case .hasKey: return .approximated(.narrower, because: "a key that holds null is not stored")
    case .singleValue: return .approximated(.broader, because: "one value is not told from several")
    case .someValueDiffers: return .approximated(.narrower, because: "'not' asks that no value of a list passes")
    case .wholeTerm, .termPrefix: return .approximated(.broader, because: "a letter beyond ASCII ends a word")
    case .fieldEqualsField:
      return .approximated(.both, because: "each field may start with some value of the other, and numbers with none")
    case .someElement: return .approximated(.broader, because: "the elements of a list are not told apart")
    case .listIndex: return .approximated(.broader, because: "the order of a list is not stored")
    case .unorderedSequence:
      return .approximated(.both, because: "a sample has no span, and an event of its own for each step")
    case .dashClass: return .notYet
    case .everyElement: return .never(because: "the elements of a list are not told apart")
    case .keyPattern: return .never(because: "a field's name has no wildcards")
    case .valueCount: return .never(because: "values are not counted")
    case .derivedValue: return .never(because: "texts are not decoded or taken apart")
    case .datePart: return .never(because: "dates are not taken apart")
    case .anyField: return .never(because: "a test names a field")
    case .rawTerm: return .never(because: "the raw text of an event is not searched")
    case .threshold, .distinctCount, .sumOrAverage, .percentile, .slidingWindow, .tumblingWindow, .absentKeyGroup,
      .groupCondition, .boundOnceComplete, .newTerms:
      return .never(because: "events are put in order, and not counted")
    }
  }
}
