import LanguageSupport
import RuleIR
import SourceText

/// Writes conditions on one value in Python.
struct PythonConditionWriter {
  let origin: Origin

  func write(_ condition: Condition, on operand: PythonOperand) throws(Diagnostic) -> PythonCondition {
    switch condition {
    case .equals(let literal): return try equality([literal], operand)
    case .oneOf(let literals): return try equality(literals, operand)
    case .matches(let pattern, let textCase): return matches(pattern, textCase, operand)
    case .regex(let pattern): return try regex(pattern, operand)
    case .order(let order, let literal): return try self.order(order, literal, operand)
    case .network(let network):
      return PythonCondition("_in_network(\(operand.text), \(PythonLiteral.text(network.description)))")
    case .term(let match): return try term(match, operand)
    case .encoded(let encoded):
      let feature: Feature = encoded.encodings.contains(.windash) ? .dashClass : .encodedText
      throw .notYet(feature, in: Panther.language, at: origin)
    case .field: throw .notYet(.fieldEqualsField, in: Panther.language, at: origin)
    }
  }

  // MARK: Equality

  private func equality(_ literals: [Literal], _ operand: PythonOperand) throws(Diagnostic) -> PythonCondition {
    var (texts, folded, numbers, coerced): ([String], [String], [String], [String]) = ([], [], [], [])
    var others: [PythonCondition] = []
    for literal in literals {
      switch literal.typedAsFarAsKnown {
      case .text(let text, let textCase):
        let key = PythonLiteral.text(textCase.key(text))
        if textCase == .insensitive, text.hasLetterCase { folded.append(key) } else { texts.append(key) }
      case .untyped(let text, let textCase):
        let reading = textCase == .insensitive ? ", _folded" : ""
        let spelled = PythonLiteral.text(textCase.key(text))
        others.append(PythonCondition("_spells(\(operand.text), \(spelled)\(reading))"))
      case .number(let number, .strict): numbers.append(try self.number(number))
      case .number(let number, .coercing): coerced.append(try self.number(number))
      case .boolean(let flag):
        let word = flag ? "True" : "False"
        others.append(PythonCondition("\(operand.text) is \(word)", opposite: "\(operand.text) is not \(word)"))
      }
    }
    let parts =
      [
        member(operand.text, texts), member("_folded(\(operand.text))", folded), member(operand.asNumber, numbers),
        member("_numeric(\(operand.text))", coerced),
      ].compactMap(\.self) + others
    switch parts.count {
    case 0: return PythonCondition("False", opposite: "True")
    case 1: return parts[0]
    case _: return PythonCondition(parts, joinedBy: "or")
    }
  }

  private func member(_ subject: String, _ literals: [String]) -> PythonCondition? {
    switch literals.count {
    case 0: return nil
    case 1: return PythonCondition("\(subject) == \(literals[0])", opposite: "\(subject) != \(literals[0])")
    case _:
      let tuple = PythonLiteral.tuple(literals)
      return PythonCondition("\(subject) in \(tuple)", opposite: "\(subject) not in \(tuple)")
    }
  }

  private func number(_ number: Number) throws(Diagnostic) -> String {
    guard let literal = PythonLiteral.number(number) else {
      throw .untranslatable(
        .numberEquality, in: Panther.language, because: "the number has too many digits", at: origin)
    }
    return literal
  }

  // MARK: Texts

  private func matches(_ pattern: TextPattern, _ textCase: TextCase, _ operand: PythonOperand) -> PythonCondition {
    let hasCase = pattern.literals.contains(where: \.hasLetterCase)
    let textCase = hasCase ? textCase : .sensitive
    let pattern = pattern.mapLiterals(textCase.key)
    let subject = operand.asText(textCase)
    switch pattern.shape {
    case .exact(let text):
      let subject = textCase == .insensitive ? subject : operand.text
      return PythonCondition(
        "\(subject) == \(PythonLiteral.text(text))", opposite: "\(subject) != \(PythonLiteral.text(text))")
    case .prefix(let text): return PythonCondition("\(subject).startswith(\(PythonLiteral.text(text)))")
    case .suffix(let text): return PythonCondition("\(subject).endswith(\(PythonLiteral.text(text)))")
    case .contains(let text):
      let literal = PythonLiteral.text(text)
      return PythonCondition("\(literal) in \(subject)", opposite: "\(literal) not in \(subject)")
    case .anything: return PythonCondition("isinstance(\(operand.text), str)")
    case .glob:
      let call = "re.fullmatch(\(PythonLiteral.text(PythonRegex.glob(pattern))), \(subject), re.DOTALL)"
      return PythonCondition("\(call) is not None", opposite: "\(call) is None")
    }
  }

  private func regex(_ pattern: RegexPattern, _ operand: PythonOperand) throws(Diagnostic) -> PythonCondition {
    let regex: PythonRegex
    do {
      regex = try PythonRegex(pattern)
    } catch {
      throw .untranslatable(
        pattern.anchoring == .whole ? .regexWhole : .regexSearch, in: Panther.language, because: error.reason,
        at: origin)
    }
    let flags = regex.flags.map { "re.\($0)" }.joined(separator: " | ")
    let arguments = [PythonLiteral.text(regex.text), operand.text] + (flags.isEmpty ? [] : [flags])
    let call = "re.\(regex.function)(\(arguments.joined(separator: ", ")))"
    return operand.ifText(PythonCondition("\(call) is not None", opposite: "\(call) is None"))
  }

  private func order(
    _ order: Order, _ literal: Literal, _ operand: PythonOperand
  ) throws(Diagnostic) -> PythonCondition {
    switch literal {
    case .number(let number, let reading):
      let subject = reading == .coercing ? "_numeric(\(operand.text))" : operand.asNumber
      return comparison("\(subject) \(order.rawValue) \(try self.number(number))")
    case .text(let text, let textCase):
      let subject = textCase == .insensitive ? "_folded(\(operand.text))" : operand.text
      let key = PythonLiteral.text(textCase.key(text))
      return operand.ifText(comparison("\(subject) \(order.rawValue) \(key)"))
    case .untyped: throw .notYet(.textOrder, in: Panther.language, at: origin)
    case .boolean: return PythonCondition("False", opposite: "True")
    }
  }

  /// A comparison in order, whose opposite is a `not` around it: beside NaN, no order is the opposite of another.
  private func comparison(_ text: String) -> PythonCondition { PythonCondition(text, opposite: "not (\(text))") }

  private func term(_ match: TermMatch, _ operand: PythonOperand) throws(Diagnostic) -> PythonCondition {
    guard match.tokenisation == .alphanumericRuns else {
      throw .notYet(match.extent == .whole ? .wholeTerm : .termPrefix, in: Panther.language, at: origin)
    }
    guard !match.text.isEmpty else { return PythonCondition("isinstance(\(operand.text), str)") }
    let textCase = match.text.hasLetterCase ? match.textCase : .sensitive
    let function =
      switch match.extent {
      case .whole: "_has_term"
      case .prefix: "_has_term_prefix"
      case .suffix: "_has_term_suffix"
      }
    let term = PythonLiteral.text(textCase.key(match.text))
    return PythonCondition("\(function)(\(operand.asText(textCase)), \(term))")
  }
}

extension Literal {
  /// An untyped literal that spells neither a number nor a boolean as the text that it is.
  fileprivate var typedAsFarAsKnown: Literal {
    guard case .untyped(let text, let textCase) = self, Number(text) == nil,
      !["true", "false"].contains(text.simplyFolded)
    else { return self }
    return .text(text, textCase)
  }
}

extension String {
  /// Whether folding could make the text equal to another.
  var hasLetterCase: Bool {
    unicodeScalars.contains { $0.properties.isCased || $0.properties.changesWhenCaseFolded }
  }
}
