import LanguageSupport
import RuleIR

/// What is lost because Splunk keeps every value as text.
struct LeafLosses {
  let field: SPLField
  let subject: FieldTest.Subject
  let origin: Origin

  /// Whether the field can only hold texts, so that none is taken for a number.
  private var isText: Bool {
    if subject == .spelling { return true }
    switch field.type {
    case .text, .ip, .date: return true
    case .number, .boolean, .object, nil: return false
    }
  }

  func ofText(_ text: String, _ textCase: TextCase) -> [Loss] {
    var losses = folding([text], textCase)
    if !isText, ScalarSpelling.mayEqual(text) {
      losses.append(Loss(feature(textCase), .broader, because: "Splunk keeps numbers and booleans as text", at: origin))
    }
    return losses
  }

  func ofPattern(_ pattern: TextPattern, _ textCase: TextCase) -> [Loss] {
    var losses = folding(pattern.literals, textCase)
    if !isText, ScalarSpelling.mayMatch(pattern) {
      let feature: Feature =
        pattern.shape == .anything
        ? .matchAnyText : textCase == .sensitive ? .caseSensitivePattern : .caseInsensitivePattern
      losses.append(Loss(feature, .broader, because: "Splunk keeps numbers and booleans as text", at: origin))
    }
    return losses
  }

  func ofRegex(_ regex: RegexPattern) -> [Loss] {
    guard !isText, ScalarSpelling.mayMatch(regex: regex.text) else { return [] }
    return [Loss(.regexSearch, .broader, because: "Splunk keeps numbers and booleans as text", at: origin)]
  }

  func ofNumber(_ feature: Feature, _ reading: NumberReading) -> [Loss] {
    guard reading == .strict, field.type != .number else { return [] }
    return [Loss(feature, .broader, because: "a text that spells a number is a number to Splunk", at: origin)]
  }

  /// A literal without a type that spells a number, compared as the text that it is.
  func ofUntypedNumber() -> [Loss] {
    guard !isText else { return [] }
    return [
      Loss(
        .untypedLiteral, .narrower, because: "a number that is spelled otherwise, as 7.0 for 7, is missed", at: origin)
    ]
  }

  func ofBoolean() -> [Loss] {
    guard field.type != .boolean, subject != .spelling else { return [] }
    return [Loss(.booleanEquality, .broader, because: "Splunk keeps booleans as text", at: origin)]
  }

  func ofTextOrder(_ text: String) -> [Loss] {
    if Number(text) != nil {
      return [Loss(.textOrder, .both, because: "texts that spell numbers are compared as numbers", at: origin)]
    }
    return isText ? [] : [Loss(.textOrder, .broader, because: "numbers are compared as text as well", at: origin)]
  }

  /// Of an order that is one of numbers between two numbers, and one of texts else.
  func ofOpenOrder() -> [Loss] {
    guard !isText, field.type != .number else { return [] }
    return [Loss(.textOrder, .broader, because: "booleans are compared as text as well", at: origin)]
  }

  private func folding(_ texts: [String], _ textCase: TextCase) -> [Loss] {
    guard textCase == .insensitive, texts.contains(where: \.hasNonASCIILetter) else { return [] }
    return [
      Loss(
        .unicodeFolding, .narrower, because: "only the letters of ASCII are known to be folded by Splunk", at: origin)
    ]
  }

  private func feature(_ textCase: TextCase) -> Feature {
    textCase == .sensitive ? .caseSensitiveText : .caseInsensitiveText
  }
}
