import RuleIR

/// What Kusto does with each feature, where nothing is known of the columns.
enum KustoSupport {
  static func support(for feature: Feature) -> Support {
    switch feature {
    case .alwaysTrue, .alwaysFalse, .negation, .caseSensitiveText, .caseInsensitiveText, .valueSet,
      .caseSensitivePattern, .caseInsensitivePattern, .spelledValue, .network, .wholeTerm, .termPrefix, .regexSearch,
      .regexWhole, .regexIgnoringCase, .listIndex, .threshold, .sumOrAverage, .tumblingWindow, .absentKeyGroup,
      .numberFromText:
      .native
    case .unicodeFolding: .rewritten(as: "matches regex with (?i)")
    case .numberEquality, .numberOrder, .booleanEquality: .rewritten(as: "a conversion, with gettype where needed")
    case .untypedLiteral: .rewritten(as: "tostring(f) == …")
    case .innerWildcard, .singleCharacterWildcard, .dashClass: .rewritten(as: "matches regex")
    case .someValueDiffers: .rewritten(as: "isnotnull(f) and f != …")
    case .textLength: .rewritten(as: "strlen(f)")
    case .valueCount: .rewritten(as: "array_length(f)")
    case .datePart: .rewritten(as: "hourofday(todatetime(f)) and its like")
    case .someElement, .everyElement: .rewritten(as: "mv-apply")
    case .emptyText: .approximated(.broader, because: "Kusto cannot tell an empty text from a missing one")
    case .matchAnyText, .hasKey, .hasValue, .textOrder:
      .approximated(.narrower, because: "Kusto cannot tell an empty text from a missing one")
    case .distinctCount: .approximated(.narrower, because: "empty texts are not counted")
    case .singleValue: .approximated(.narrower, because: "a list that holds one value twice counts as two")
    case .fieldEqualsField, .fieldRelation: .approximated(.both, because: "both fields are compared as texts")
    case .anyField: .approximated(.broader, because: "'*' looks at the keys inside dynamic columns too")
    case .rawTerm: .approximated(.both, because: "'*' looks at the values of columns, not at the event's text")
    case .percentile: .approximated(.both, because: "Kusto estimates percentiles")
    case .slidingWindow: .approximated(.narrower, because: "events are counted in fixed stretches of time")
    case .derivedValue, .encodedText, .keyPattern, .newTerms, .groupCondition, .boundOnceComplete, .orderedSequence,
      .unorderedSequence, .sequenceEnd:
      .notYet
    }
  }
}
