import LanguageSupport
import RuleIR
import SourceText

/// Writes what stands behind the colon: values and lists of values.
struct KueryValuePrinter {
  /// What is known of the field.
  let column: TargetSchema.Column?
  let origin: Origin

  /// A value, or several joined by `or`.
  func value(_ condition: Condition) throws(Diagnostic) -> Fragment {
    switch condition {
    case .equals(let literal): return try equal(literal)
    case .oneOf(let literals):
      guard !literals.isEmpty else { throw never(.alwaysFalse, "a list of values is never empty") }
      var values: [Fragment] = []
      for literal in literals { values.append(try equal(literal)) }
      var list = Self.join(values, .or)
      // They stand in one place, so that one thing lost is said once.
      list.losses = list.losses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      return list
    case .matches(let pattern, let textCase): return try matching(pattern, textCase)
    case .network(let network):
      guard column?.type != .text else {
        throw never(.network, "the field holds texts, and blocks of addresses are known of addresses alone")
      }
      let isSure = column?.type != nil
      return Fragment(
        KuerySpelling.quoted(network.description),
        losses: isSure
          ? [] : [lost(.network, .both, "a field of texts takes the block for a text, and its type is not known here")])
    case .term(let match): return try term(match)
    case .order: throw never(.anyField, "an order needs a field")
    case .regex(let regex): throw never(regex.feature, "there are no regular expressions")
    case .encoded(let encoded):
      throw .notYet(encoded.encodings == [.windash] ? .dashClass : .encodedText, in: KueryPrinter.language, at: origin)
    case .field(let relation, _, _):
      throw never(relation == .equals ? .fieldEqualsField : .fieldRelation, "fields are compared with values alone")
    }
  }

  /// What a field is compared with in an order.
  func bound(_ literal: Literal) throws(Diagnostic) -> Fragment {
    switch literal {
    case .number(let number, let reading):
      var losses: [Loss] = []
      if reading == .coercing, column?.type != .number {
        losses.append(lost(.numberFromText, .both, "a field of texts is compared letter by letter"))
      } else if reading == .strict, column?.type == .text || column?.type == nil {
        losses.append(lost(.numberOrder, .both, "a field of texts is compared letter by letter"))
      }
      return Fragment(Self.spelled(number), losses: losses)
    case .text(let text, let textCase), .untyped(let text, let textCase):
      guard !text.isDateMaths else { throw never(.textOrder, "the text would be taken for date maths") }
      var losses: [Loss] = []
      if textCase == .insensitive, text.hasLetterCase {
        losses.append(lost(.textOrder, .both, "texts are compared letter by letter"))
      }
      if text.startsLikeDate, column?.type != .text {
        losses.append(lost(.textOrder, .both, "a date field rounds a day that is named alone"))
      }
      return Fragment(KuerySpelling.quoted(text), losses: losses)
    case .boolean: throw never(.textOrder, "booleans have no order")
    }
  }

  /// Joins fragments, those that are joined themselves in parentheses unless by the same connective.
  static func join(_ fragments: [Fragment], _ connective: Connective) -> Fragment {
    guard fragments.count > 1 else { return fragments[0] }
    let binding = Kuery.booleans.binding(of: connective)
    let texts = fragments.map { fragment in
      let isJoined = fragment.binding == Kuery.booleans.and.binding || fragment.binding == Kuery.booleans.or.binding
      return isJoined && fragment.binding != binding ? "(\(fragment.text))" : fragment.text
    }
    let spelling = connective == .and ? Kuery.booleans.and.spelling : Kuery.booleans.or.spelling
    return Fragment(texts.joined(separator: " \(spelling) "), binding: binding, losses: fragments.flatMap(\.losses))
  }

  private func never(_ feature: Feature, _ reason: String) -> Diagnostic {
    .untranslatable(feature, in: KueryPrinter.language, because: reason, at: origin)
  }

  private func lost(_ feature: Feature, _ drift: Drift, _ reason: String) -> Loss {
    Loss(feature, drift, because: reason, at: origin)
  }
}

// MARK: Equality

extension KueryValuePrinter {
  private func equal(_ literal: Literal) throws(Diagnostic) -> Fragment {
    switch literal {
    case .number(let number, let reading):
      var losses: [Loss] = []
      if reading == .coercing, column?.type != .number {
        losses.append(lost(.numberFromText, .narrower, "a field of texts is compared letter by letter"))
      } else if reading == .strict, column?.type == .text || column?.type == nil {
        losses.append(lost(.numberEquality, .broader, "a field of texts finds the text of the number as well"))
      }
      return Fragment(Self.spelled(number), losses: losses)
    case .boolean(let flag): return Fragment(flag ? "true" : "false")
    case .untyped(let text, let textCase):
      let isFlag = column?.type == .boolean && ["true", "false"].contains(textCase.key(text))
      if isFlag { return Fragment(textCase.key(text)) }
      return equal(text, textCase)
    case .text(let text, let textCase): return equal(text, textCase)
    }
  }

  private func equal(_ text: String, _ textCase: TextCase) -> Fragment {
    if text.isEmpty, column?.isRemovedWhenEmpty == true {
      return Fragment("\"\"", losses: [lost(.emptyText, .narrower, "an empty text is not stored")])
    }
    var losses: [Loss] = []
    if textCase == .insensitive, text.hasLetterCase, column?.isAnalysed != true, column?.type?.hasLetterCase != false {
      let feature: Feature = text.hasNonASCIILetter ? .unicodeFolding : .caseInsensitiveText
      losses.append(lost(feature, .narrower, "a keyword field is compared letter by letter"))
    }
    if column?.isAnalysed == true {
      losses.append(lost(.caseSensitiveText, .broader, "the field is searched for the words, in any case"))
    }
    if Network(blockAround: text) != nil, column?.type == nil || column?.type == .ip {
      losses.append(lost(.caseSensitiveText, .broader, "a field of addresses takes the text for a block of them"))
    }
    return Fragment(KuerySpelling.quoted(text), losses: losses)
  }

  /// A number as it was written, in quotation marks where it does not look like one to everyone.
  private static func spelled(_ number: Number) -> String {
    let isPlain = number.text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") || $0 | 0x20 == 101 }
    return isPlain || number.text.hasPrefix("-") ? number.text : KuerySpelling.quoted(number.text)
  }
}

// MARK: Patterns

extension KueryValuePrinter {
  private func matching(_ pattern: TextPattern, _ textCase: TextCase) throws(Diagnostic) -> Fragment {
    if case .exact(let text) = pattern.shape { return equal(text, textCase) }
    var losses: [Loss] = []
    if textCase == .insensitive, pattern.literals.contains(where: \.hasLetterCase), column?.isAnalysed != true {
      losses.append(lost(.caseInsensitivePattern, .narrower, "a keyword field is compared letter by letter"))
    }
    if pattern.parts.contains(.anyScalar) {
      losses.append(lost(.singleCharacterWildcard, .broader, "'*' stands for any number of characters"))
    }
    if column?.isAnalysed == true {
      losses.append(lost(.caseSensitivePattern, .both, "the field is searched word by word, in any case"))
    }
    let written = withoutSpaces(pattern)
    if written.splits {
      losses.append(
        lost(.caseSensitivePattern, .broader, "a blank cannot stand in a pattern, and '*' takes its place"))
    }
    guard written.pattern.shape != .anything else { return Fragment("*", losses: losses + anythingLosses) }
    return Fragment(KuerySpelling.unquoted(written.pattern), losses: losses)
  }

  private var anythingLosses: [Loss] {
    var losses: [Loss] = []
    if column?.type != .text {
      losses.append(lost(.matchAnyText, .broader, "numbers and booleans are values as well"))
    }
    if column?.isRemovedWhenEmpty == true {
      losses.append(lost(.hasValue, .narrower, "an empty text is not stored"))
    }
    return losses
  }

  /// The pattern with `*` where a blank would not be read back as a part of it.
  ///
  /// Kibana trims blanks at the ends, and takes one inside for a part of the value only where it knows that the field
  /// is a keyword.
  private func withoutSpaces(_ pattern: TextPattern) -> (pattern: TextPattern, splits: Bool) {
    let isKeyword = column?.type == .text && column?.isAnalysed == false
    var splits = false
    var parts: [TextPattern.Part] = []
    for (index, part) in pattern.parts.enumerated() {
      guard case .literal(let text) = part else {
        parts.append(.anyRun)
        continue
      }
      let scalars = Array(text.unicodeScalars)
      let leading = index == 0 ? scalars.prefix(while: \.isScriptSpace).count : 0
      let isEnd = index == pattern.parts.count - 1
      let trailing = isEnd ? scalars.reversed().prefix(while: \.isScriptSpace).count : 0
      for (place, scalar) in scalars.enumerated() {
        let isAtEnd = place < leading || place >= scalars.count - trailing
        if isAtEnd || (!isKeyword && scalar.isQueryStringSpace) {
          parts.append(.anyRun)
          splits = true
        } else {
          parts.append(.literal(String(Character(scalar))))
        }
      }
    }
    return (TextPattern(parts), splits)
  }

  private func term(_ match: TermMatch) throws(Diagnostic) -> Fragment {
    if column?.isAnalysed == true, match.tokenisation == .standardAnalyser, match.extent == .whole {
      let losses =
        match.textCase == .sensitive ? [lost(.wholeTerm, .broader, "words are searched in any case")] : []
      return Fragment(KuerySpelling.quoted(match.text), losses: losses)
    }
    var fragment = try matching(.contains(match.text), .sensitive)
    let isCased = match.textCase == .insensitive && match.text.hasLetterCase
    fragment.losses.append(
      lost(
        match.extent == .whole ? .wholeTerm : .termPrefix, isCased ? .both : .broader,
        "the term is looked for anywhere in the text, letter by letter"))
    return fragment
  }
}

extension TargetSchema.FieldType {
  /// Whether letter case can be told apart in the field's values.
  fileprivate var hasLetterCase: Bool {
    switch self {
    case .text, .object: true
    case .number, .boolean, .ip, .date: false
    }
  }
}

extension RegexPattern {
  /// The feature that a language without it lacks.
  var feature: Feature {
    if flags.contains(.ignoreCase) { return .regexIgnoringCase }
    return anchoring == .whole ? .regexWhole : .regexSearch
  }
}
