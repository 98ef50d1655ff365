public import RuleIR

extension PantherRuleWriter {
  public static func support(for feature: Feature) -> Support {
    switch feature {
    case .alwaysTrue, .alwaysFalse, .negation, .caseSensitiveText, .emptyText, .booleanEquality, .valueSet,
      .caseSensitivePattern, .regexSearch, .regexWhole, .regexIgnoringCase:
      .native
    case .caseInsensitiveText, .caseInsensitivePattern, .unicodeFolding:
      .rewritten(as: "a comparison of texts whose letters are folded one by one")
    case .numberEquality, .numberOrder: .rewritten(as: "a comparison that leaves out what is no number")
    case .numberFromText: .rewritten(as: "a comparison that reads texts that are numbers")
    case .untypedLiteral: .rewritten(as: "a comparison by the value's type")
    case .innerWildcard, .singleCharacterWildcard: .rewritten(as: "a regular expression")
    case .matchAnyText: .rewritten(as: "a test of the type")
    case .hasKey, .hasValue, .singleValue, .valueCount, .listIndex, .keyPattern:
      .rewritten(as: "a walk through the event")
    case .someValueDiffers, .someElement, .everyElement, .fieldEqualsField, .fieldRelation, .textLength:
      .rewritten(as: "a loop over the values")
    case .textOrder: .rewritten(as: "a comparison of texts alone")
    case .network: .rewritten(as: "a test with ipaddress")
    case .wholeTerm, .termPrefix: .rewritten(as: "a search for the term with its ends checked")
    case .datePart: .rewritten(as: "a part of the time, read by datetime")
    case .spelledValue: .approximated(.both, because: "Python spells decimal fractions in its own way")
    case .anyField:
      .approximated(.both, because: "Panther adds fields to events and spells decimal fractions in its own way")
    case .encodedText, .dashClass, .derivedValue, .newTerms, .groupCondition, .boundOnceComplete, .orderedSequence,
      .unorderedSequence, .sequenceEnd:
      .notYet
    case .rawTerm: .never(because: "a rule sees the event and not its raw text")
    case .threshold, .distinctCount, .absentKeyGroup:
      .approximated(.narrower, because: "Panther counts over minutes from a first event on, not over a search's span")
    case .slidingWindow:
      .approximated(.narrower, because: "Panther counts from a group's first event on, not over every stretch of time")
    case .tumblingWindow:
      .approximated(.both, because: "Panther counts from a group's first event on, not from fixed times")
    case .sumOrAverage, .percentile: .never(because: "Panther counts events and distinct values only")
    }
  }
}
