/// Every diagnostic that the program can give.
///
/// The raw value is what people see, search and suppress; it is never used again for something else.
/// `explanation` is the long text behind it.
public enum DiagnosticCode: String, CaseIterable, Hashable, Sendable {
  // Files and documents.
  case unreadableFile = "unreadable-file"
  case fileTooLarge = "file-too-large"
  case notUTF8 = "not-utf8"
  case noDocument = "no-document"
  case malformedDocument = "malformed-document"
  case tabIndentation = "tab-indentation"
  case duplicateKey = "duplicate-key"
  case expansionTooLarge = "expansion-too-large"
  case badAlias = "bad-alias"
  case badMergeKey = "bad-merge-key"
  case unknownTag = "unknown-tag"
  case nestedTooDeeply = "nested-too-deeply"
  case unrecognisedRule = "unrecognised-rule"
  case hiddenCharacter = "hidden-character"

  // Rule files.
  case missingKey = "missing-key"
  case misplacedKey = "misplaced-key"
  case wrongType = "wrong-type"
  case unknownKey = "unknown-key"
  case invalidValue = "invalid-value"
  case missingIdentifier = "missing-identifier"
  case malformedIdentifier = "malformed-identifier"
  case duplicateIdentifier = "duplicate-identifier"
  case ambiguousName = "ambiguous-name"
  case ambiguousScalar = "ambiguous-scalar"

  // Queries.
  case unexpectedToken = "unexpected-token"
  case unexpectedCharacter = "unexpected-character"
  case unterminatedString = "unterminated-string"
  case unterminatedComment = "unterminated-comment"
  case invalidEscape = "invalid-escape"
  case invalidNumber = "invalid-number"
  case invalidNetwork = "invalid-network"
  case invalidRegex = "invalid-regex"
  case unsupportedRegex = "unsupported-regex"
  case emptyQuery = "empty-query"
  case queryTooLong = "query-too-long"
  case tooManyNodes = "too-many-nodes"
  case unknownFunction = "unknown-function"
  case unknownCommand = "unknown-command"
  case unknownMacro = "unknown-macro"
  case macroCycle = "macro-cycle"
  case wrongArguments = "wrong-arguments"
  case unsupportedConstruct = "unsupported-construct"
  case assumedMeaning = "assumed-meaning"
  case ignoredStage = "ignored-stage"

  // Sigma.
  case unknownModifier = "unknown-modifier"
  case invalidModifierChain = "invalid-modifier-chain"
  case danglingSelector = "dangling-selector"
  case unknownIdentifier = "unknown-identifier"
  case emptySelection = "empty-selection"
  case nullInList = "null-in-list"
  case redundantModifier = "redundant-modifier"
  case wildcardAfterBackslash = "wildcard-after-backslash"
  case unusedSelection = "unused-selection"
  case restrictingFilter = "restricting-filter"
  case unresolvedPlaceholder = "unresolved-placeholder"

  // Mappings.
  case invalidMapping = "invalid-mapping"
  case duplicateMapping = "duplicate-mapping"
  case unknownVendor = "unknown-vendor"
  case unmappedField = "unmapped-field"
  case unmappedSource = "unmapped-source"
  case impossibleValue = "impossible-value"
  case impossibleField = "impossible-field"
  case ambiguousSource = "ambiguous-source"

  // Translation.
  case inexactTranslation = "inexact-translation"
  case untranslatable = "untranslatable"
  case unmodelledRule = "unmodelled-rule"
  case lostMetadata = "lost-metadata"
  case unexplainedDifference = "unexplained-difference"

  // Events and running.
  case unreadableEvent = "unreadable-event"
  case notEvents = "not-events"
  case duplicateEventKey = "duplicate-event-key"
  case repairedEvent = "repaired-event"
  case truncatedInput = "truncated-input"
  case unknownRuleName = "unknown-rule-name"
  case neverFires = "never-fires"
  case alwaysFires = "always-fires"
  case evaluationFailed = "evaluation-failed"

  // What rules say to no purpose.
  case contradiction
  case alwaysHolds = "always-holds"
  case coveredValue = "covered-value"
  case redundantTest = "redundant-test"
  case duplicateRule = "duplicate-rule"
  case unknownAttackTag = "unknown-attack-tag"
}
