import Matcher
public import RuleIR
public import SourceText

/// A rule of a file, in its vendor's words and in the neutral ones.
public struct LoadedRule: Sendable {
  /// The file as it was named.
  public var path: String
  /// Which rule of the file it is, counted from zero.
  public var index: Int
  /// The reader that took it, such as `sigma`.
  public var form: String
  public var vendor: String
  /// A name for messages: the title, or what the reader could find of it.
  public var title: String
  /// The rule in the vendor's field names; nil where it was refused.
  public var source: Rule?
  /// The rule in the event's field names; nil where it was refused, or could not be mapped.
  public var neutral: Rule?
  /// The name of the mapping that was applied; nil where none was.
  public var mapping: String?
  /// That an event does not say to be of another log source than the rule's; nil where events do not tell.
  public var sourceTest: Predicate?
  public var range: SourceRange
  public var diagnostics: [Diagnostic]

  public init(
    path: String, index: Int, form: String, vendor: String, title: String, source: Rule?, neutral: Rule?,
    mapping: String?, sourceTest: Predicate? = nil, range: SourceRange, diagnostics: [Diagnostic]
  ) {
    self.path = path
    self.index = index
    self.form = form
    self.vendor = vendor
    self.title = title
    self.source = source
    self.neutral = neutral
    self.mapping = mapping
    self.sourceTest = sourceTest
    self.range = range
    self.diagnostics = diagnostics
  }

  /// The rule as it is run: it looks only at events of its log source, as far as these tell; nil where it was refused.
  public var runnable: Rule? {
    guard var rule = neutral, let sourceTest else { return neutral }
    rule.body = rule.body.mapPredicates { .conjunction([sourceTest, $0]) }
    return rule
  }

  /// Whether an event says that it is of another log source than the rule's.
  public func isElsewhere(_ event: EventValue) -> Bool {
    guard let sourceTest, let matcher = try? TreeMatcher(sourceTest) else { return false }
    return (try? matcher.matches(event)) == false
  }

  /// Whether the rule was refused: nothing can be done with it.
  public var isRefused: Bool { neutral == nil }

  /// Whether the file itself could not be read, rather than the rule not be understood.
  public var isUnreadable: Bool {
    source == nil && diagnostics.contains { $0.severity == .error && $0.code.isAboutReading }
  }
}

extension DiagnosticCode {
  /// Whether the code says that a text could not be read, and not that its meaning is beyond this program.
  public var isAboutReading: Bool {
    switch self {
    case .unsupportedConstruct, .unsupportedRegex, .unmodelledRule, .untranslatable, .inexactTranslation,
      .unmappedField, .unmappedSource, .unknownMacro, .unknownFunction, .unknownCommand, .impossibleValue,
      .impossibleField, .ambiguousSource, .assumedMeaning, .ignoredStage, .lostMetadata, .unexplainedDifference,
      .neverFires, .alwaysFires, .evaluationFailed, .unusedSelection, .restrictingFilter, .contradiction, .alwaysHolds,
      .coveredValue, .redundantTest, .duplicateRule, .unknownAttackTag,
      .unresolvedPlaceholder:
      false
    case .unreadableFile, .fileTooLarge, .notUTF8, .noDocument, .malformedDocument, .tabIndentation, .duplicateKey,
      .expansionTooLarge, .badAlias, .badMergeKey, .unknownTag, .nestedTooDeeply, .unrecognisedRule, .hiddenCharacter,
      .missingKey, .misplacedKey, .wrongType, .unknownKey, .invalidValue, .missingIdentifier, .malformedIdentifier,
      .duplicateIdentifier, .ambiguousName, .ambiguousScalar, .unexpectedToken, .unexpectedCharacter,
      .unterminatedString, .unterminatedComment, .invalidEscape, .invalidNumber, .invalidNetwork, .invalidRegex,
      .emptyQuery, .queryTooLong, .tooManyNodes, .macroCycle, .wrongArguments, .unknownModifier,
      .invalidModifierChain, .danglingSelector, .unknownIdentifier, .emptySelection, .nullInList, .redundantModifier,
      .wildcardAfterBackslash, .invalidMapping, .duplicateMapping, .unknownVendor, .unreadableEvent, .notEvents,
      .duplicateEventKey, .repairedEvent, .truncatedInput, .unknownRuleName:
      true
    }
  }
}
