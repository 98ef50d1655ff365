import LanguageSupport
import RuleIR
import SourceText

extension KustoPrinter {
  // MARK: Patterns

  func pattern(_ pattern: TextPattern, _ textCase: TextCase, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    if textCase == .insensitive, pattern.literals.contains(where: \.hasNonASCIILetter) {
      return folded(pattern, column)
    }
    let isSensitive = textCase == .sensitive
    func compared(_ relation: KustoComparison.Relation, _ text: String) -> KustoTest {
      KustoTest(column.text, KustoComparison(relation, sensitive: isSensitive), KustoLiteral.text(text))
    }
    switch pattern.shape {
    case .exact(let text): return compared(.equals, text)
    case .prefix(let text): return compared(.startsWith, text)
    case .suffix(let text): return compared(.endsWith, text)
    case .contains(let text): return compared(.contains, text)
    case .anything: return present(column, .matchAnyText)
    case .glob:
      return KustoTest("\(column.text) matches regex \(KustoLiteral.regex(KustoRegex.render(pattern, textCase)))")
    }
  }

  func term(_ subject: String, _ match: TermMatch, at origin: Origin) throws(Diagnostic) -> KustoTest {
    let relation: KustoComparison.Relation =
      switch match.extent {
      case .whole: .term
      case .prefix: .termPrefix
      case .suffix: .termSuffix
      }
    var losses: [Loss] = []
    if match.tokenisation == .standardAnalyser {
      losses.append(Loss(.wholeTerm, .both, because: "Kusto ends a word at '_' and at '.'", at: origin))
    }
    if match.textCase == .insensitive, match.text.hasNonASCIILetter {
      losses.append(Loss(.unicodeFolding, .narrower, because: "'has' folds letters of ASCII alone", at: origin))
    }
    let operation = KustoComparison(relation, sensitive: match.textCase == .sensitive)
    let test = KustoTest(subject, operation, KustoLiteral.text(match.text), losses: losses)
    return subject == "*" ? KustoTest(test.text, losses: losses) : test
  }

  // MARK: Regular expressions

  func regex(_ regex: RegexPattern, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    let feature: Feature = regex.anchoring == .search ? .regexSearch : .regexWhole
    let rendering: KustoRegex.Rendering
    do {
      rendering = try KustoRegex.render(regex)
    } catch {
      throw Diagnostic(
        .untranslatable, "Kusto cannot run this regular expression", at: column.origin.range, label: error.reason,
        notes: ["'matches regex' is Rust's regex crate"])
    }
    let test = KustoTest("\(column.text) matches regex \(KustoLiteral.regex(rendering.text))")
    // A missing text is "" to the operator.
    return rendering.matchesEmpty ? present(column, feature).and(test) : test
  }

  // MARK: Networks

  func network(_ network: Network, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    let isSixth = network.address.count == 16
    let function = isSixth ? "ipv6_is_in_range" : "ipv4_is_in_range"
    let test = KustoTest("\(function)(\(column.text), \(KustoLiteral.text(network.description)))", isTotal: false)
    guard isSixth, network.contains("::ffff:0:0") || network.contains("::ffff:255.255.255.255") else { return test }
    return test.losing([
      Loss(
        .network, .broader, because: "Kusto takes IPv4 addresses for IPv6 ones under ::ffff:0:0/96", at: column.origin)
    ])
  }

  // MARK: Encodings

  /// The dash class is an expression of its own; other encodings are not written yet.
  func encoded(_ encoded: EncodedText, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    guard encoded.encodings == [.windash], encoded.text.literals.count == encoded.text.parts.count else {
      throw .notYet(.encodedText, in: "Kusto", at: column.origin)
    }
    let scalars = Array(encoded.text.literals.joined().unicodeScalars)
    let inside = scalars.indices.map { index in
      scalars.isDashBeforeWord(at: index) ? #"[\-/\x{2013}\x{2014}\x{2015}]"# : RegexNode.escaped(scalars[index])
    }.joined()
    let flags = encoded.textCase == .insensitive ? "(?i)" : ""
    let text: String =
      switch encoded.extent {
      case .whole: "\(flags)^\(inside)$"
      case .prefix: "\(flags)^\(inside)"
      case .suffix: "\(flags)\(inside)$"
      case .contains: "\(flags)\(inside)"
      }
    return KustoTest("\(column.text) matches regex \(KustoLiteral.regex(text))")
  }

  // MARK: Two fields

  func relation(
    _ relation: FieldRelation, _ left: KustoColumn, _ right: KustoColumn, _ textCase: TextCase
  ) throws(Diagnostic) -> KustoTest {
    guard !left.isList, !right.isList else {
      throw .notYet(.fieldEqualsField, in: "Kusto", at: left.origin)
    }
    switch relation {
    case .order(let order):
      return KustoTest("\(left.number(.strict)) \(order.rawValue) \(right.number(.strict))", isTotal: false).losing([
        Loss(.fieldRelation, .both, because: "both fields are compared as numbers", at: left.origin)
      ])
    case .equals: return texts(.equals, left, right, textCase, .fieldEqualsField)
    case .startsWith: return texts(.startsWith, left, right, textCase, .fieldRelation)
    case .endsWith: return texts(.endsWith, left, right, textCase, .fieldRelation)
    case .contains: return texts(.contains, left, right, textCase, .fieldRelation)
    }
  }

  /// Missing fields are held off: to Kusto two of them are equal.
  private func texts(
    _ relation: KustoComparison.Relation, _ left: KustoColumn, _ right: KustoColumn, _ textCase: TextCase,
    _ feature: Feature
  ) -> KustoTest {
    let isSensitive = textCase == .sensitive
    let test = KustoTest(left.text, KustoComparison(relation, sensitive: isSensitive), right.text)
    var losses: [Loss] = []
    if left.type != .text || right.type != .text {
      losses.append(Loss(feature, .both, because: "both fields are compared as texts", at: left.origin))
    }
    if !isSensitive {
      losses.append(Loss(.unicodeFolding, .narrower, because: "letters of ASCII alone are folded", at: left.origin))
    }
    return present(left, feature).and(present(right, feature)).and(test).losing(losses)
  }
}

extension [Unicode.Scalar] {
  /// Whether a dash stands there before a word, behind none.
  fileprivate func isDashBeforeWord(at index: Int) -> Bool {
    guard self[index] == "-" || self[index] == "/" else { return false }
    let follows = index > 0 && self[index - 1].isOfWord
    return !follows && index + 1 < count && self[index + 1].isOfWord
  }
}

extension Unicode.Scalar {
  fileprivate var isOfWord: Bool {
    self == "_" || properties.isAlphabetic || properties.generalCategory == .decimalNumber
  }
}
