import LanguageSupport
import RuleIR
import SourceText

/// Writes tests of text.
struct ESQLTextPrinter {
  private let base: ESQLTestPrinter
  /// The text that is tested: the column, or its spelling.
  private let target: ESQLTarget
  /// Whether the target is the column itself, which searches can look into.
  private var isColumn: Bool { target.name == base.column.name }

  init(_ base: ESQLTestPrinter, _ target: ESQLTarget) {
    self.base = base
    self.target = target
  }

  private func folded(_ textCase: TextCase) -> ESQLTarget {
    textCase == .insensitive ? target.mapped("TO_LOWER") : target
  }

  private func foldingLosses(_ texts: [String], _ textCase: TextCase) -> [Loss] {
    guard textCase == .insensitive, texts.contains(where: \.hasNonASCIILetter) else { return [] }
    let isFolded = texts.allSatisfy { isSameText($0.lowercased(), $0.simplyFolded) }
    return [
      Loss(
        .unicodeFolding, isFolded ? .narrower : .both,
        because: "TO_LOWER does not fold letters that have several small forms",
        at: base.test.origin)
    ]
  }

  // MARK: Equality

  func equals(_ literals: [Literal]) throws(Diagnostic) -> Fragment {
    var fragments: [Fragment] = []
    for textCase in TextCase.allCases {
      let texts = literals.filter { $0.textCase == textCase }.map(\.spelling)
      if !texts.isEmpty { fragments.append(equals(texts, textCase)) }
    }
    return base.printer.joined(fragments, base.negated ? .and : .or)
  }

  private func equals(_ texts: [String], _ textCase: TextCase) -> Fragment {
    if base.column.type == .ip, textCase == .sensitive, texts.allSatisfy({ Network.address($0) != nil }) {
      return column(equals: texts)
    }
    let target = folded(textCase)
    let values = texts.map { ESQLSpelling.text(textCase == .insensitive ? $0.lowercased() : $0) }
    let losses = foldingLosses(texts, textCase)
    guard target.mayBeList else { return base.set(target, values, base.test.condition.feature, losses: losses) }
    if textCase == .sensitive, isColumn, losses.isEmpty {
      let literals = texts.map { Literal.text($0, .sensitive) }
      let condition: Condition = literals.count == 1 ? .equals(literals[0]) : .oneOf(literals)
      if let exact = base.exactSearch(condition) { return exact }
    }
    return base.joinedTotals(values.map { "MV_CONTAINS(\(target.name), \($0))" }, losses: losses)
  }

  /// Addresses compared with a column of addresses.
  private func column(equals texts: [String]) -> Fragment {
    let condition: Condition = .oneOf(texts.map { .text($0, .sensitive) })
    if base.column.mayBeList, let exact = base.exactSearch(condition) { return exact }
    return base.set(base.column, texts.map(ESQLSpelling.text), .caseSensitiveText)
  }

  // MARK: Patterns

  func matches(_ pattern: TextPattern, _ textCase: TextCase) throws(Diagnostic) -> Fragment {
    let cased: TextCase = pattern.literals.contains(where: \.hasCasedLetter) ? textCase : .sensitive
    switch pattern.shape {
    case .exact(let text): return try equals([.text(text, cased)])
    case .anything: return anything()
    case .prefix, .suffix, .contains, .glob: break
    }
    let target = folded(cased)
    let lowered = cased == .insensitive ? pattern.mapLiterals { $0.lowercased() } : pattern
    let losses = foldingLosses(pattern.literals, cased)
    guard target.mayBeList else { return like(target, lowered, losses) }
    if let exact = search(pattern, cased) { return exact }
    if case .contains(let part) = lowered.shape, !part.unicodeScalars.contains("\n") {
      let joined = "MV_CONCAT(\(target.name), \"\\n\")"
      let spelled = ESQLSpelling.text(ESQLSpelling.pattern(lowered))
      return base.reaching(
        "\(joined) LIKE \(spelled)", "\(joined) NOT LIKE \(spelled)", of: target, losses: losses)
    }
    return like(target, lowered, losses)
  }

  private func like(_ target: ESQLTarget, _ pattern: TextPattern, _ losses: [Loss]) -> Fragment {
    let spelled = ESQLSpelling.text(ESQLSpelling.pattern(pattern))
    return base.plain(
      "\(target.name) LIKE \(spelled)", "\(target.name) NOT LIKE \(spelled)", of: [target],
      base.test.condition.feature, losses: losses)
  }

  /// The pattern through `KQL()`; what contains a text without regard to case is written without it, for older
  /// versions.
  private func search(_ pattern: TextPattern, _ textCase: TextCase) -> Fragment? {
    guard isColumn, !pattern.literals.contains(where: \.hasSearchEscape) else { return nil }
    if textCase == .insensitive {
      if case .contains = pattern.shape { return nil }
      guard !pattern.literals.contains(where: \.hasNonASCIILetter) else { return nil }
    }
    return base.exactSearch(.matches(pattern, .sensitive), ignoring: textCase)
  }

  /// Any text at all: `LIKE "*"` is rewritten to `IS NOT NULL`, which every value passes and null fails.
  private func anything() -> Fragment {
    guard base.column.type == nil else {
      return Fragment("\(base.column.name) IS \(base.negated ? "" : "NOT ")NULL")
    }
    return Fragment("\(target.name) \(base.negated ? "NOT " : "")LIKE \"*\"")
  }

  // MARK: Regular expressions and words

  func regex(_ regex: RegexPattern) throws(Diagnostic) -> Fragment {
    let translation: LuceneTranslation
    do throws(LuceneTranslation.Refusal) {
      translation = try LuceneTranslation(regex)
    } catch {
      throw base.printer.never(base.test.condition.feature, error.reason, at: base.test.origin)
    }
    if LuceneRegex.matchesEverything(translation.text) { return anything() }
    var losses: [Loss] = []
    if translation.hasUnfoldedLetter {
      losses.append(
        Loss(.unicodeFolding, .narrower, because: "TO_LOWER does not fold letters beyond ASCII", at: base.test.origin))
    }
    return rlike(folded(translation.ignoresCase ? .insensitive : .sensitive), translation.text, losses)
  }

  private func rlike(_ target: ESQLTarget, _ text: String, _ losses: [Loss]) -> Fragment {
    let spelled = ESQLSpelling.text(text)
    return base.plain(
      "\(target.name) RLIKE \(spelled)", "\(target.name) NOT RLIKE \(spelled)", of: [target],
      base.test.condition.feature, losses: losses)
  }

  /// A word in a keyword: no letter or digit may stand beside an end of it that is one.
  func term(_ match: TermMatch) throws(Diagnostic) -> Fragment {
    let feature: Feature = match.extent == .whole ? .wholeTerm : .termPrefix
    var losses = foldingLosses([match.text], match.textCase)
    switch match.tokenisation {
    case .alphanumericRuns:
      // Where several values make the test null as well, it errs both ways.
      let drift: Drift = target.mayBeList ? .both : .broader
      losses.append(
        Loss(feature, drift, because: "a letter beyond ASCII ends a word here", at: base.test.origin))
    case .standardAnalyser:
      losses.append(
        Loss(
          feature, .both, because: "words of a keyword are told apart by letters and digits alone", at: base.test.origin
        ))
    }
    let text = match.textCase.key(match.text)
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return anything() }
    let inside = match.textCase == .insensitive ? "a-z0-9" : "A-Za-z0-9"
    let opens = match.extent != .suffix && first.isWordScalar ? "(.*[^\(inside)])?" : ".*"
    let closes = match.extent != .prefix && last.isWordScalar ? "([^\(inside)].*)?" : ".*"
    return rlike(folded(match.textCase), opens + LuceneRegex.escaped(text) + closes, losses)
  }
}

extension Unicode.Scalar {
  fileprivate var isWordScalar: Bool { properties.isAlphabetic || properties.generalCategory == .decimalNumber }
}

extension Literal {
  var textCase: TextCase {
    switch self {
    case .text(let text, let textCase), .untyped(let text, let textCase):
      text.hasCasedLetter ? textCase : .sensitive
    case .number, .boolean: .sensitive
    }
  }
}

extension String {
  /// Whether a wildcard query would take something in the text for an escape or a wildcard of its own.
  fileprivate var hasSearchEscape: Bool {
    utf8.contains { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "*") }
  }
}
