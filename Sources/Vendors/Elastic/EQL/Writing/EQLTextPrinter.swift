import LanguageSupport
import RuleIR
import SourceText

/// Writes tests of text.
struct EQLTextPrinter {
  private let base: EQLTestPrinter
  /// The field, or its spelling.
  private let subject: String

  init(_ base: EQLTestPrinter, subject: String) {
    self.base = base
    self.subject = subject
  }

  /// Whether case is to be ignored, and what that loses: Elasticsearch folds ASCII letters alone.
  private func folding(_ texts: [String], _ textCase: TextCase) -> (isLoose: Bool, losses: [Loss]) {
    guard textCase == .insensitive else { return (false, []) }
    let losses =
      texts.contains(where: \.hasNonASCIILetterCase)
      ? [base.lost(.unicodeFolding, .narrower, "letters beyond ASCII are compared letter by letter")] : []
    return (texts.contains(where: \.hasASCIILetter), losses)
  }

  // MARK: Equality and patterns

  func equals(_ text: String, _ textCase: TextCase) -> EQLPiece {
    let (isLoose, losses) = folding([text], textCase)
    let relation: EQLClause.Relation = !isLoose ? .equal : text.hasWildcardCharacter ? .looseVerbatim : .loose
    return base.clause(subject, relation, EQLSpelling.text(text), losses: losses)
  }

  func matches(_ pattern: TextPattern, _ textCase: TextCase) throws(Diagnostic) -> EQLPiece {
    if case .exact(let text) = pattern.shape { return equals(text, textCase) }
    let (isLoose, losses) = folding(pattern.literals, textCase)
    if let spelled = EQLSpelling.pattern(pattern) {
      return base.clause(subject, isLoose ? .loose : .like, EQLSpelling.text(spelled), losses: losses)
    }
    if case .prefix(let text) = pattern.shape {
      let function = isLoose ? "startsWith~" : "startsWith"
      return .text(Fragment("\(function)(\(subject), \(EQLSpelling.text(text)))", losses: losses))
    }
    return base.clause(
      subject, isLoose ? .looseRegex : .regex, EQLSpelling.text(EQLSpelling.regex(pattern)), losses: losses)
  }

  // MARK: Regular expressions and words

  func regex(_ regex: RegexPattern) throws(Diagnostic) -> EQLPiece {
    let (text, isLoose, isUnfolded) = try translated(regex)
    if LuceneRegex.matchesEverything(text) { return base.clause(subject, .like, "\"*\"") }
    let losses =
      isUnfolded
      ? [base.lost(.unicodeFolding, .narrower, "letters beyond ASCII are compared letter by letter")] : []
    let spelled = EQLSpelling.text(isLoose ? LuceneRegex.closingRanges(text) : text)
    return base.clause(subject, isLoose ? .looseRegex : .regex, spelled, losses: losses)
  }

  private func translated(_ regex: RegexPattern) throws(Diagnostic) -> (String, isLoose: Bool, isUnfolded: Bool) {
    if regex.flavour == .lucene, regex.anchoring == .whole {
      let isLoose = regex.flags.contains(.ignoreCase)
      return (regex.text, isLoose, isLoose && regex.text.hasNonASCIILetterCase)
    }
    do throws(LuceneTranslation.Refusal) {
      let translation = try LuceneTranslation(regex)
      return (translation.text, translation.ignoresCase, translation.hasUnfoldedLetter)
    } catch {
      throw base.never(base.test.condition.feature, error.reason)
    }
  }

  /// A word in a keyword: no letter or digit may stand beside an end of it that is one.
  func term(_ match: TermMatch) -> EQLPiece {
    let feature: Feature = match.extent == .whole ? .wholeTerm : .termPrefix
    var (isLoose, losses) = folding([match.text], match.textCase)
    switch match.tokenisation {
    case .alphanumericRuns: losses.append(base.lost(feature, .broader, "a letter beyond ASCII ends a word here"))
    case .standardAnalyser:
      losses.append(
        base.lost(feature, .both, "words of a keyword are told apart by letters and digits alone"))
    }
    guard let first = match.text.unicodeScalars.first, let last = match.text.unicodeScalars.last else {
      return base.clause(subject, .like, "\"*\"", losses: losses)
    }
    let opens = match.extent != .suffix && first.isWordScalar ? "(.*[^A-Za-z0-9])?" : ".*"
    let closes = match.extent != .prefix && last.isWordScalar ? "([^A-Za-z0-9].*)?" : ".*"
    let spelled = EQLSpelling.text(opens + LuceneRegex.escaped(match.text) + closes)
    return base.clause(subject, isLoose ? .looseRegex : .regex, spelled, losses: losses)
  }
}

extension Unicode.Scalar {
  fileprivate var isWordScalar: Bool { properties.isAlphabetic || properties.generalCategory == .decimalNumber }
}
