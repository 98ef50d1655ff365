import RuleIR

/// Numbers of the event that a vendor stores as texts, such as the codes of events in ECS.
extension ResolvedField {
  var isSpelledNumber: Bool { row?.type == .number && name?.type?.isText == true }
}

extension FieldTest {
  /// The test of the texts that spell its numbers; nil where it asks for more than which number it is.
  var spellingNumbers: FieldTest? {
    guard subject == .value, let literals = condition.listed else { return nil }
    return asking(
      literals: literals.map { literal in
        if case .number(let number, _) = literal { .text(number.text, .sensitive) } else { literal }
      })
  }

  /// The test of the numbers that its texts spell; a text that spells none is left as it is.
  var readingNumbers: FieldTest {
    guard subject == .value, let literals = condition.listed else { return self }
    return asking(
      literals: literals.map { literal in
        if case .text(let text, _) = literal, let number = Number(text) { .number(number, .strict) } else { literal }
      })
  }

  private func asking(literals: [Literal]) -> FieldTest {
    if case .equals = condition, literals.count == 1 { return asking(.equals(literals[0])) }
    return asking(.oneOf(literals))
  }
}
