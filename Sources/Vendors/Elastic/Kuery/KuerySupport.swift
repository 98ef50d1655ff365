import LanguageSupport
import RuleIR

extension Kuery {
  /// What a query can say, as far as predicates go.
  static func support(for feature: Feature) -> Support {
    switch feature {
    case .alwaysTrue, .negation, .caseSensitiveText, .emptyText, .booleanEquality, .untypedLiteral, .valueSet,
      .caseSensitivePattern, .innerWildcard, .hasValue, .textOrder, .someElement:
      .native
    case .numberEquality: .approximated(.broader, because: "a field of texts finds the text of the number as well")
    case .numberOrder: .approximated(.both, because: "a field of texts is compared letter by letter")
    case .network: .approximated(.both, because: "only a field that is known to hold addresses knows blocks of them")
    case .alwaysFalse: .rewritten(as: "not *:*")
    case .everyElement: .rewritten(as: "f:{ a } and not f:{ not a }")
    case .caseInsensitiveText, .unicodeFolding, .caseInsensitivePattern:
      .approximated(.narrower, because: "keyword fields are compared letter by letter")
    case .numberFromText: .approximated(.narrower, because: "a text is no number")
    case .singleCharacterWildcard: .approximated(.broader, because: "'*' is the only wildcard")
    case .matchAnyText: .approximated(.broader, because: "numbers and booleans are values as well")
    case .hasKey: .approximated(.narrower, because: "a key that holds null is not stored")
    case .singleValue: .approximated(.broader, because: "one value is not told from several")
    case .someValueDiffers: .approximated(.narrower, because: "'not' asks that no value of a list passes")
    case .wholeTerm, .termPrefix: .approximated(.both, because: "words are not found in keyword fields")
    case .listIndex: .approximated(.broader, because: "the order of a list is not stored")
    case .keyPattern: .approximated(.broader, because: "'*' in a field's name also runs over dots")
    case .anyField: .approximated(.narrower, because: "keyword fields are compared letter by letter")
    case .spelledValue: .never(because: "numbers are not compared as texts")
    case .regexSearch, .regexWhole, .regexIgnoringCase: .never(because: "there are no regular expressions")
    case .encodedText, .dashClass: .notYet
    case .fieldEqualsField, .fieldRelation: .never(because: "fields are compared with values alone")
    case .textLength: .never(because: "texts are not measured")
    case .valueCount: .never(because: "values are not counted")
    case .derivedValue: .never(because: "texts are not decoded or taken apart")
    case .datePart: .never(because: "dates are not taken apart")
    case .rawTerm: .never(because: "the raw text of an event is not searched")
    case .threshold, .distinctCount, .sumOrAverage, .percentile, .slidingWindow, .tumblingWindow, .absentKeyGroup,
      .groupCondition, .boundOnceComplete, .newTerms, .orderedSequence, .unorderedSequence, .sequenceEnd:
      .never(because: "a query is about one event")
    }
  }
}
