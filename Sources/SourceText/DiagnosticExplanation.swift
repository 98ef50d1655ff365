extension DiagnosticCode {
  /// The long text behind the code.
  public var explanation: String {
    switch self {
    case .unreadableFile:
      """
      The file could not be opened, or is no regular file. Folders are walked only where a folder is \
      expected; pipes and devices are read only as '-', so that reading never waits.
      """
    case .fileTooLarge:
      """
      The file is larger than a rule file may be (1 MiB). The largest published rule has about 300 kB; \
      a larger file is most likely something else.
      """
    case .notUTF8:
      """
      Rule files are UTF-8. A byte that cannot stand there was found, or the file is UTF-16 or holds a \
      NUL. Save the file as UTF-8.
      """
    case .noDocument:
      "The file is empty, or holds comments alone."
    case .malformedDocument:
      "The YAML, TOML or JSON around the rule does not follow its grammar at the place shown."
    case .tabIndentation:
      "YAML forbids tabs as indentation. Use spaces."
    case .duplicateKey:
      """
      A key stands twice in one mapping. Parsers differ on which of the two counts, so neither is \
      taken; remove one.
      """
    case .expansionTooLarge:
      """
      Aliases expand to more nodes than a rule may have (100,000), as in an alias bomb. Write the \
      parts out, or fewer of them.
      """
    case .badAlias:
      "An alias names an anchor that is not there, or one that contains the alias itself."
    case .badMergeKey:
      "A merge key '<<' takes a mapping, or a list of mappings."
    case .unknownTag:
      """
      A YAML tag such as !!python/object or !!binary asks for something beyond plain data. Rules are \
      plain data.
      """
    case .nestedTooDeeply:
      """
      The text nests deeper than the program follows: 64 levels in documents and Sigma conditions, 200 \
      in queries. No published rule comes near.
      """
    case .unrecognisedRule:
      "No form of rule was recognised from the file's name and content. Give the form with --from."
    case .hiddenCharacter:
      """
      A character that does not show as itself (a zero-width space, a bidirectional control) stands \
      where a reader would not expect it. In field names it is an error, in values a warning.
      """
    case .missingKey:
      "The rule file lacks a key that its form requires."
    case .misplacedKey:
      "A key stands at the wrong level, most often by its indentation."
    case .wrongType:
      "A key has a value of another type than its form requires, such as a text where a list belongs."
    case .unknownKey:
      "The key is not part of this form, and has no meaning here."
    case .invalidValue:
      "The value is not one that the key may have."
    case .missingIdentifier:
      "The rule has no id. Coverage, specs and correlations name rules by it."
    case .malformedIdentifier:
      "The id is not a UUID."
    case .duplicateIdentifier:
      "Two rules have one id. A tool that keeps rules by their id would lose one of them."
    case .ambiguousName:
      "A name stands for several rules; name the one that is meant by its id."
    case .ambiguousScalar:
      """
      YAML 1.1 and 1.2 readers take this value for different things (yes, 0777, 1e3, 12:30:45). The \
      text is used as it is written; put it in quotes to make every reader do so.
      """
    case .unexpectedToken:
      "The query does not follow its language's grammar at the place shown."
    case .unexpectedCharacter:
      """
      A character that the language has no use for stands in the query; quotation marks pasted from a \
      document are the usual cause.
      """
    case .unterminatedString:
      "A string starts at the place shown and does not end."
    case .unterminatedComment:
      "A comment starts at the place shown and does not end."
    case .invalidEscape:
      "The language has no such escape sequence in strings."
    case .invalidNumber:
      "The text is no number, or none that fits."
    case .invalidNetwork:
      """
      The text is no network: an address, a slash and the length of a prefix, with no bits set behind \
      it.
      """
    case .invalidRegex:
      "The regular expression does not follow its syntax."
    case .unsupportedRegex:
      """
      The regular expression uses a construct that cannot be kept exactly here, such as look-around or \
      a back-reference.
      """
    case .emptyQuery:
      "There is no query, or nothing in it but comments."
    case .queryTooLong:
      "The query is longer than 1 MiB."
    case .tooManyNodes:
      """
      The rule has more tests than the program takes (200,000). The largest published rule has about \
      4,400.
      """
    case .unknownFunction:
      "The language has no function of this name, or it is not known here."
    case .unknownCommand:
      "The language has no command of this name, or it is not known here."
    case .unknownMacro:
      """
      A macro has no definition. Its text may hold anything, an OR or a pipe included, so that nothing \
      can be said of the rule without it. Give definitions with --macros.
      """
    case .macroCycle:
      "A macro expands to itself, directly or by way of others."
    case .wrongArguments:
      "A function or macro takes another number of arguments, or arguments of another kind."
    case .unsupportedConstruct:
      """
      The construct is part of the language and is not modelled here. The rule is refused, or kept as \
      unmodelled with what was understood of it; nothing is dropped in silence.
      """
    case .assumedMeaning:
      "The vendor's documentation leaves open what this means; the note says what was assumed."
    case .ignoredStage:
      """
      A stage of the pipeline changes what is shown and not which events are found; it has no part in \
      the rule's meaning.
      """
    case .unknownModifier:
      """
      Sigma has no modifier of this name. See \
      https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html
      """
    case .invalidModifierChain:
      "These modifiers cannot follow each other, or cannot take this value."
    case .danglingSelector:
      """
      A selector such as '1 of filter_*' matches no identifier of the rule. Some tools drop it, some \
      take it for false; either hides a mistake.
      """
    case .unknownIdentifier:
      "The condition names a selection that the rule does not have."
    case .emptySelection:
      "A selection, or a list in one, is empty: it would always match, or never, depending on the tool."
    case .nullInList:
      "null stands in a list of values. The specification allows it alone only."
    case .redundantModifier:
      "The modifier changes nothing here, such as 'all' with a single value."
    case .wildcardAfterBackslash:
      """
      A wildcard stands directly after a backslash: '\\*' is a literal star and '\\\\*' a backslash \
      before a wildcard. Check which one is meant.
      """
    case .unusedSelection:
      """
      The condition does not name the selection, by its name or by a pattern, so that nothing in it has a part in \
      the rule. Most often a pattern is misspelt, or the condition was not changed along with the selections.
      """
    case .restrictingFilter:
      """
      A filter and a rule are joined by 'and': the rule fires where both hold. A filter that describes noise must \
      therefore say 'not' in its condition; without one the rule fires on the noise alone. The specification's own \
      example has this fault, and Sigma's tools do what is written.
      """
    case .unresolvedPlaceholder:
      """
      A value has a placeholder such as %admins% that nothing gives a value. Its values stand outside the rule: give \
      them with --placeholders, in a YAML file that maps the name to a list.
      """
    case .invalidMapping:
      "A mapping file has something that is not part of its form."
    case .duplicateMapping:
      "Two rows of a mapping claim one name, so that it could not be told which field is meant."
    case .unknownVendor:
      "A mapping names a vendor that the program does not know."
    case .unmappedField:
      """
      The mapping has no row for the field. With --unmapped warn its name is written unchanged; with \
      keep that happens in silence.
      """
    case .unmappedSource:
      """
      No mapping is about the events that the rule looks at. Give one with --map, or keep all names \
      with --unmapped warn.
      """
    case .impossibleValue:
      """
      The field never has this value, by its type or by what the source of the events writes: the test \
      can never pass.
      """
    case .impossibleField:
      "No event of this source has the field: the test can never pass."
    case .ambiguousSource:
      """
      Several mappings are about the events that the rule looks at, and they do not agree on what it \
      means.
      """
    case .inexactTranslation:
      """
      The rule could be written only in a form that fires on more events (broader) or on fewer \
      (narrower). The label shows which test is the cause, the note says why.
      """
    case .untranslatable:
      "The target language has no form for this part of the rule, exact or near; the rule is refused."
    case .unmodelledRule:
      """
      The rule, or a part that decides when it fires, is not modelled. What was understood of it is \
      kept.
      """
    case .lostMetadata:
      """
      The target form has no place for something that the rule says of itself; when it fires is not \
      touched.
      """
    case .unexplainedDifference:
      """
      The converted rule, read back, differs from its source in a way that no reported loss explains. \
      This is a fault of the program; the event shown tells the two apart.
      """
    case .unreadableEvent:
      "A line or document of the events could not be read; the others were."
    case .notEvents:
      "The input does not look like JSON events."
    case .duplicateEventKey:
      "An event has a key twice in one object; the first counts."
    case .repairedEvent:
      "An event has bytes that are not UTF-8; they were replaced by U+FFFD."
    case .truncatedInput:
      "The input ends inside an event, or a compressed file is cut off; what came before it was read."
    case .unknownRuleName:
      "The spec names a rule that it does not list under 'rules'."
    case .neverFires:
      "No event can satisfy the rule: its tests contradict each other. This is proved, not tested."
    case .alwaysFires:
      "Every event satisfies the rule. This is proved, not tested."
    case .evaluationFailed:
      """
      A rule has no verdict on an event, most often for a regular expression that cannot be run. Such \
      a failure is never taken for 'does not fire'.
      """
    case .contradiction:
      """
      No event can satisfy these tests together, so that the part of the rule which asks for all of them never \
      holds. The rule may still fire by its other parts, but not by this one. This is proved: a text that must end \
      in '.exe' and must equal 'cmd', for instance, or one field with two values in a field that holds one. \
      Where no mapping is about the events of the rule, every field is taken to hold one value.
      """
    case .alwaysHolds:
      """
      Every event satisfies this part of the rule, so that it decides nothing where it stands in an 'and' and \
      everything where it stands in an 'or'. This is proved. 'not a or not b' over two values of one field is the \
      usual way to it.
      """
    case .coveredValue:
      """
      Another value beside this one decides alone: in a list of alternatives it passes wherever this value does \
      ('contains: cmd' beside 'contains: cmd.exe'), and where all values are asked for it passes only there. The \
      rule means the same without the value that the message names, which is proved. Either it can go, or one of \
      the two is not what was meant. --fix takes it out of its list where no comment stands on its line.
      """
    case .redundantTest:
      """
      The rest of the rule already says what this part says: it fires on the same events without it, which is \
      proved. A filter that excludes what was never included is the usual case; it may once have done something, or \
      have a value that is written in another way in the events.
      """
    case .duplicateRule:
      """
      Two rules of one vendor look at the same log source and fire on the same events, however they are written. \
      This is proved. Both fire on every hit, and a later change of the one leaves the other as it was.
      """
    case .unknownAttackTag:
      """
      The tag has the form of a technique or tactic of MITRE ATT&CK for enterprises, and there is none of this id \
      or name. It may be misspelt, or have been revoked or renamed: T1086, for instance, became T1059.001, and the \
      tactic defense-evasion was parted into stealth and defense-impairment. Coverage by technique passes such a \
      tag over. The table that the program carries names the version of ATT&CK that it holds.
      """
    }
  }
}
