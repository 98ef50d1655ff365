import LanguageSupport
public import RuleIR

extension ESQL {
  /// What the writer does with each feature, where nothing is known of the fields.
  public static func support(for feature: Feature) -> Support {
    let reason = "a field with several values passes no plain operator"
    switch feature {
    case .alwaysTrue, .alwaysFalse, .hasValue, .numberOrder, .textOrder, .valueCount, .distinctCount, .threshold,
      .absentKeyGroup, .sumOrAverage, .tumblingWindow, .groupCondition, .boundOnceComplete:
      return .native
    case .derivedValue: return .approximated(.narrower, because: "functions are null on several values")
    case .negation: return .rewritten(as: "f IS NULL OR f != …")
    case .caseSensitiveText, .emptyText, .untypedLiteral, .valueSet, .numberEquality, .caseSensitivePattern,
      .innerWildcard:
      return .rewritten(as: "KQL(…) where a field may hold several values")
    case .caseInsensitiveText: return .rewritten(as: "TO_LOWER(f) == …, MV_CONTAINS(TO_LOWER(f), …)")
    case .caseInsensitivePattern: return .rewritten(as: "TO_LOWER(f) LIKE …, MV_CONCAT(TO_LOWER(f), …) LIKE …")
    case .booleanEquality: return .rewritten(as: "MV_CONTAINS(f, true)")
    case .numberFromText: return .rewritten(as: "TO_DOUBLE(f)")
    case .matchAnyText: return .rewritten(as: "f LIKE \"*\"")
    case .singleValue: return .rewritten(as: "MV_COUNT(MV_DEDUPE(f)) == 1")
    case .someValueDiffers: return .rewritten(as: "NOT MV_CONTAINS([…], f)")
    case .someElement: return .rewritten(as: "KQL(f:{ … })")
    case .everyElement: return .rewritten(as: "KQL(f:{ a } and not f:{ not a })")
    case .unicodeFolding: return .approximated(.narrower, because: "TO_LOWER is no folding")
    case .singleCharacterWildcard, .spelledValue, .network, .regexSearch, .regexWhole, .regexIgnoringCase,
      .fieldEqualsField, .fieldRelation, .textLength, .datePart:
      return .approximated(.narrower, because: reason)
    case .hasKey: return .approximated(.narrower, because: "a key that holds null is not stored")
    case .wholeTerm, .termPrefix: return .approximated(.both, because: "a letter beyond ASCII ends a word; \(reason)")
    case .listIndex: return .approximated(.broader, because: "the order of a list is not stored")
    case .keyPattern: return .approximated(.broader, because: "'*' in a field's name also runs over dots")
    case .anyField: return .approximated(.narrower, because: "keyword fields are compared letter by letter")
    case .percentile: return .approximated(.both, because: "percentiles are estimated")
    case .slidingWindow: return .approximated(.narrower, because: "windows end only when the rule runs")
    case .encodedText, .dashClass: return .notYet
    case .newTerms: return .never(because: "a query has no history beside what it looks at; a new_terms rule has")
    case .rawTerm: return .never(because: "the raw text of an event is not searched")
    case .orderedSequence, .unorderedSequence, .sequenceEnd:
      return .never(because: "ES|QL has no sequences; EQL has")
    }
  }
}
