import LanguageSupport
import RuleIR

/// What SPL says of the rule model, in each of its forms.
enum SPLSupport {
  private static let asText = "Splunk keeps numbers and booleans as text"

  static func support(for feature: Feature) -> Support {
    switch feature {
    case .alwaysTrue, .negation, .caseInsensitiveText, .emptyText, .untypedLiteral, .valueSet,
      .caseInsensitivePattern, .hasValue, .regexSearch, .regexIgnoringCase, .rawTerm, .spelledValue, .threshold,
      .distinctCount, .tumblingWindow:
      return .native
    case .alwaysFalse: return .rewritten(as: "NOT *")
    case .caseSensitiveText: return .rewritten(as: "where")
    case .caseSensitivePattern, .innerWildcard, .singleCharacterWildcard: return .rewritten(as: "where like()")
    case .numberFromText: return .rewritten(as: "where")
    case .singleValue: return .rewritten(as: "mvcount(mvdedup())")
    case .someValueDiffers: return .rewritten(as: "mvfilter()")
    case .network: return .rewritten(as: "cidrmatch()")
    case .wholeTerm, .termPrefix, .regexWhole: return .rewritten(as: "where match()")
    case .valueCount: return .rewritten(as: "mvcount()")
    case .listIndex: return .rewritten(as: "mvindex()")
    case .slidingWindow: return .rewritten(as: "streamstats time_window")
    case .absentKeyGroup: return .rewritten(as: "fillnull")
    case .unicodeFolding:
      return .approximated(.narrower, because: "only the letters of ASCII are known to be folded by Splunk")
    case .numberEquality, .booleanEquality, .matchAnyText: return .approximated(.broader, because: asText)
    case .numberOrder, .sumOrAverage, .percentile:
      return .approximated(.broader, because: "a text that spells a number is a number to Splunk")
    case .textOrder: return .approximated(.broader, because: "numbers are compared as text as well")
    case .textLength: return .approximated(.broader, because: "the digits of a number have a length too")
    case .fieldEqualsField:
      return .approximated(.broader, because: "texts that spell numbers are compared as numbers")
    case .hasKey:
      return .approximated(.narrower, because: "an empty list or object, or a null, leaves no field in Splunk")
    case .anyField: return .approximated(.broader, because: "the raw text is searched, with names and across values")
    case .encodedText: return .rewritten(as: "like() of each form")
    case .dashClass: return .rewritten(as: "where match()")
    case .groupCondition: return .rewritten(as: "a further column of stats")
    case .boundOnceComplete: return .native
    case .newTerms: return .rewritten(as: "streamstats current=f")
    case .orderedSequence, .unorderedSequence, .sequenceEnd:
      return .approximated(.broader, because: "a last step that comes again within the span is a hit of its own")
    case .fieldRelation, .datePart, .derivedValue, .someElement, .everyElement, .keyPattern: return .notYet
    }
  }
}
