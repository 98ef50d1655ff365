import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes Sigma's rule files.
public enum SigmaWriter: RuleWriter {
  public static let name = "sigma"
  public static let fileExtension = ".sigma.yml"

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    switch rule.body {
    case .predicate(let predicate):
      var metadata = MetadataWriter(rule.metadata, source: schema.source, about: predicate)
      var writer = DetectionWriter(schema: schema, metadata.brackets)
      let detection = try writer.detection(of: predicate)
      let document = metadata.document(detecting: detection)
      return written([document], of: rule, losses: writer.losses, notes: metadata.notes)
    case .threshold(let threshold):
      var writer = CorrelationWriter(rule, for: schema)
      let documents = try writer.documents(for: threshold)
      return written(documents, of: rule, losses: writer.losses, notes: writer.notes)
    case .sequence(let sequence):
      var writer = CorrelationWriter(rule, for: schema)
      let documents = try writer.documents(for: sequence)
      return written(documents, of: rule, losses: writer.losses, notes: writer.notes)
    case .newTerms(let terms):
      throw .untranslatable(
        .newTerms, in: name, because: "a correlation has no history of values", at: terms.origin)
    case .unmodelled(let rest):
      throw Diagnostic(
        .untranslatable, "sigma cannot say what was not understood: \(rest.reason)", at: rest.origin.range)
    }
  }

  private static func written(
    _ documents: [OutputNode], of rule: Rule, losses: [Loss], notes: [String]
  ) -> WrittenRule {
    var notes = notes
    if !rule.cases.isEmpty { notes.append("the rule's test cases have no place in a Sigma rule") }
    let text = documents.map { YAMLWriter.write($0) }.joined(separator: "---\n")
    return WrittenRule(text: text, losses: losses, notes: notes)
  }

  public static func support(for feature: Feature) -> Support {
    switch feature {
    case .negation, .caseSensitiveText, .caseInsensitiveText, .unicodeFolding, .emptyText, .untypedLiteral, .valueSet,
      .caseSensitivePattern, .caseInsensitivePattern, .innerWildcard, .singleCharacterWildcard, .matchAnyText,
      .hasKey, .network, .regexSearch, .regexIgnoringCase, .encodedText, .dashClass, .fieldEqualsField,
      .fieldRelation, .datePart, .anyField:
      .native
    case .alwaysTrue: .rewritten(as: "a selection or its opposite")
    case .alwaysFalse: .rewritten(as: "a selection and its opposite")
    case .hasValue: .rewritten(as: "not the field being null")
    case .regexWhole: .rewritten(as: "a regular expression between ^ and $")
    case .textLength: .rewritten(as: "a regular expression that counts characters")
    case .numberEquality, .booleanEquality: .approximated(.broader, because: "values have no types")
    case .numberFromText: .approximated(.narrower, because: "texts are compared letter by letter")
    case .numberOrder: .approximated(.broader, because: "texts that spell a number are compared as well")
    case .spelledValue: .approximated(.narrower, because: "patterns are met by texts alone")
    case .singleValue: .approximated(.broader, because: "values are not counted")
    case .someValueDiffers: .approximated(.narrower, because: "a negated test is about all values")
    case .wholeTerm, .termPrefix: .approximated(.broader, because: "parts of words are found too")
    case .rawTerm: .approximated(.both, because: "keywords are looked for in values, as any part of them")
    case .textOrder: .never(because: "only numbers are put in order")
    case .valueCount: .never(because: "values are not counted")
    case .derivedValue: .never(because: "texts are not taken apart")
    case .keyPattern: .never(because: "field names hold no wildcards")
    case .slidingWindow, .orderedSequence, .unorderedSequence: .native
    case .threshold, .distinctCount, .sumOrAverage, .percentile:
      .approximated(.both, because: "a correlation has a time span of its own, not the search's")
    case .tumblingWindow: .approximated(.broader, because: "a correlation's time span slides")
    case .absentKeyGroup: .approximated(.narrower, because: "events that lack a field of the grouping are left out")
    case .newTerms: .never(because: "there is no history of values")
    case .sequenceEnd: .never(because: "no event ends a correlation")
    case .groupCondition: .never(because: "a correlation compares one measure, or asks which rules fired")
    case .boundOnceComplete: .never(because: "a correlation fires as soon as its bound is met")
    case .someElement, .everyElement: .rewritten(as: "a block under sigma-version 3")
    case .listIndex: .rewritten(as: "an index under sigma-version 3")
    }
  }
}
