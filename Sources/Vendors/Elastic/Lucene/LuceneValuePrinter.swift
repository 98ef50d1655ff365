import LanguageSupport
import RuleIR
import SourceText

/// Writes what stands behind the colon.
///
/// A keyword is compared letter by letter; where case is to be ignored a regular expression lists both cases of every
/// letter.
struct LuceneValuePrinter {
  /// What is known of the field.
  let column: TargetSchema.Column?
  let origin: Origin

  func value(_ condition: Condition) throws(Diagnostic) -> Fragment {
    switch condition {
    case .equals(let literal): return equal(literal)
    case .oneOf(let literals):
      guard !literals.isEmpty else { throw never(.alwaysFalse, "a list of values is never empty") }
      var list = Self.join(literals.map(equal))
      list.losses = list.losses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      return list
    case .matches(let pattern, let textCase): return matching(pattern, textCase)
    case .network(let network):
      guard column?.type != .text else {
        throw never(.network, "the field holds texts, and blocks of addresses are known of addresses alone")
      }
      let unsure = lost(.network, .both, "a field of texts takes the block for a text, and its type is not known here")
      return Fragment(LuceneSpelling.quoted(network.description), losses: column?.type == nil ? [unsure] : [])
    case .order(let order, let literal): return try ordered(order, literal)
    case .regex(let regex): return try self.regex(regex)
    case .term(let match): return term(match)
    case .encoded(let encoded):
      throw .notYet(encoded.encodings == [.windash] ? .dashClass : .encodedText, in: LucenePrinter.language, at: origin)
    case .field(let relation, _, _):
      throw never(relation == .equals ? .fieldEqualsField : .fieldRelation, "fields are compared with values alone")
    }
  }

  private func never(_ feature: Feature, _ reason: String) -> Diagnostic {
    .untranslatable(feature, in: LucenePrinter.language, because: reason, at: origin)
  }

  private func lost(_ feature: Feature, _ drift: Drift, _ reason: String) -> Loss {
    Loss(feature, drift, because: reason, at: origin)
  }

  private static func join(_ fragments: [Fragment]) -> Fragment {
    guard fragments.count > 1 else { return fragments[0] }
    return Fragment(
      fragments.map(\.text).joined(separator: " OR "), binding: Lucene.booleans.or.binding,
      losses: fragments.flatMap(\.losses))
  }

  // MARK: Equality

  private func equal(_ literal: Literal) -> Fragment {
    switch literal {
    case .number(let number, let reading):
      var losses: [Loss] = []
      if reading == .coercing, column?.type != .number {
        losses.append(lost(.numberFromText, .narrower, "a field of texts is compared letter by letter"))
      } else if reading == .strict, column?.type == .text || column?.type == nil {
        losses.append(lost(.numberEquality, .broader, "a field of texts finds the text of the number as well"))
      }
      return Fragment(LuceneSpelling.quoted(number.text), losses: losses)
    case .boolean(let flag):
      let losses =
        column?.type == .text ? [lost(.booleanEquality, .broader, "a field of texts finds the word as well")] : []
      return Fragment(flag ? "true" : "false", losses: losses)
    case .untyped(let text, let textCase):
      let isFlag = column?.type == .boolean && ["true", "false"].contains(textCase.key(text))
      if isFlag { return Fragment(textCase.key(text)) }
      // An expression finds texts alone; of unknown fields the value may be a number or a boolean.
      if column?.type == nil, textCase == .insensitive, text.hasLetterCase, text.spellsNumberOrBoolean {
        return Self.join([equal(text, textCase), Fragment(LuceneSpelling.quoted(text.simplyFolded))])
      }
      return equal(text, textCase)
    case .text(let text, let textCase): return equal(text, textCase)
    }
  }

  private func equal(_ text: String, _ textCase: TextCase) -> Fragment {
    if text.isEmpty, column?.isRemovedWhenEmpty == true {
      return Fragment("\"\"", losses: [lost(.emptyText, .narrower, "an empty text is not stored")])
    }
    let isKeyword = column?.isAnalysed != true && (column?.type == nil || column?.type == .text)
    if textCase == .insensitive, text.hasLetterCase, isKeyword { return inBothCases(.exact(text)) }
    var losses: [Loss] = []
    if column?.isAnalysed == true {
      losses.append(lost(.caseSensitiveText, .broader, "the field is searched for the words, in any case"))
    }
    if Network(blockAround: text) != nil, column?.type == nil || column?.type == .ip {
      losses.append(lost(.caseSensitiveText, .broader, "a field of addresses takes the text for a block of them"))
    }
    return Fragment(LuceneSpelling.quoted(text), losses: losses)
  }

  // MARK: Patterns

  private func matching(_ pattern: TextPattern, _ textCase: TextCase) -> Fragment {
    if case .exact(let text) = pattern.shape { return equal(text, textCase) }
    var losses: [Loss] = []
    if column?.isAnalysed == true {
      losses.append(lost(.caseSensitivePattern, .both, "the field is searched word by word, in any case"))
    }
    if pattern.shape == .anything {
      if column?.type != .text {
        losses.append(lost(.matchAnyText, .broader, "numbers and booleans are values as well"))
      }
      if column?.isRemovedWhenEmpty == true {
        losses.append(lost(.hasValue, .narrower, "an empty text is not stored"))
      }
      return Fragment("*", losses: losses)
    }
    if textCase == .insensitive, pattern.literals.contains(where: \.hasLetterCase), column?.isAnalysed != true {
      return inBothCases(pattern)
    }
    return Fragment(LuceneSpelling.pattern(pattern), losses: losses)
  }

  /// The pattern as a regular expression that takes either case of every letter.
  private func inBothCases(_ pattern: TextPattern) -> Fragment {
    var text = ""
    for part in pattern.parts {
      switch part {
      case .anyRun: text += ".*"
      case .anyScalar: text += "."
      case .literal(let literal):
        text += LuceneRegex.inBothCases(LuceneRegex.escaped(literal)) ?? LuceneRegex.escaped(literal)
      }
    }
    return Fragment(LuceneSpelling.regex(text))
  }

  private func regex(_ regex: RegexPattern) throws(Diagnostic) -> Fragment {
    do throws(LuceneTranslation.Refusal) {
      let translation = try LuceneTranslation(regex)
      guard translation.ignoresCase else { return Fragment(LuceneSpelling.regex(translation.text)) }
      guard let text = LuceneRegex.inBothCases(translation.text) else {
        throw LuceneTranslation.Refusal(reason: "a set in it reaches beyond ASCII")
      }
      return Fragment(LuceneSpelling.regex(text))
    } catch {
      throw never(regex.feature, "the regular expression has no equal in Lucene: \(error.reason)")
    }
  }

  private func term(_ match: TermMatch) -> Fragment {
    if column?.isAnalysed == true, match.tokenisation == .standardAnalyser, match.extent == .whole {
      let losses =
        match.textCase == .sensitive ? [lost(.wholeTerm, .broader, "words are searched in any case")] : []
      return Fragment(LuceneSpelling.quoted(match.text), losses: losses)
    }
    var fragment = matching(.contains(match.text), match.textCase)
    fragment.losses.append(
      lost(match.extent == .whole ? .wholeTerm : .termPrefix, .broader, "the term is looked for anywhere in the text"))
    return fragment
  }

  // MARK: Orders

  private func ordered(_ order: Order, _ literal: Literal) throws(Diagnostic) -> Fragment {
    let bound = try bound(literal)
    let text =
      switch order {
      case .greater: "{\(bound.text) TO *]"
      case .greaterOrEqual: "[\(bound.text) TO *]"
      case .less: "[* TO \(bound.text)}"
      case .lessOrEqual: "[* TO \(bound.text)]"
      }
    return Fragment(text, losses: bound.losses)
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
      return Fragment(number.text.hasPrefix("-") ? LuceneSpelling.quoted(number.text) : number.text, losses: losses)
    case .text(let text, let textCase), .untyped(let text, let textCase):
      guard !text.isDateMaths else { throw never(.textOrder, "the text would be taken for date maths") }
      var losses: [Loss] = []
      if textCase == .insensitive, text.hasLetterCase {
        losses.append(lost(.textOrder, .both, "texts are compared letter by letter"))
      }
      if text.startsLikeDate, column?.type != .text {
        losses.append(lost(.textOrder, .both, "a date field rounds a day that is named alone"))
      }
      return Fragment(LuceneSpelling.quoted(text), losses: losses)
    case .boolean: throw never(.textOrder, "booleans have no order")
    }
  }

  /// A text of so many characters, as a regular expression.
  func length(_ condition: Condition) throws(Diagnostic) -> Fragment {
    let number: Number
    let order: Order?
    switch condition {
    case .order(let wanted, .number(let value, _)): (order, number) = (wanted, value)
    case .equals(.number(let value, _)): (order, number) = (nil, value)
    case .equals, .oneOf, .matches, .regex, .order, .network, .term, .encoded, .field:
      throw never(.textLength, "a length is compared with a number alone")
    }
    guard number.isInteger, let count = number.integer, (0...1_000).contains(count) else {
      throw never(.textLength, "only whole lengths up to 1,000 are counted in a regular expression")
    }
    switch order {
    case nil: return Fragment("/.{\(count)}/")
    case .greater?: return Fragment("/.{\(count + 1),}/")
    case .greaterOrEqual?: return Fragment("/.{\(count),}/")
    case .lessOrEqual?: return Fragment("/.{0,\(count)}/")
    // The operator of the empty language: no text is shorter than empty.
    case .less?: return Fragment(count == 0 ? "/#/" : "/.{0,\(count - 1)}/")
    }
  }
}

extension String {
  /// Whether the value of a number or a boolean is spelled so.
  fileprivate var spellsNumberOrBoolean: Bool { Number(self) != nil || ["true", "false"].contains(simplyFolded) }
}
