import RuleIR

/// A condition on one Python expression: how it reads, and how its opposite does.
struct PythonCondition {
  var text: String
  var opposite: String
  /// Whether `text` is an `or` or an `and` of several.
  var isCompound: Bool

  /// A comparison or call that has an opposite of its own.
  init(_ text: String, opposite: String) {
    self.text = text
    self.opposite = opposite
    isCompound = false
  }

  /// A call, whose opposite is a `not` before it.
  init(_ text: String) { self.init(text, opposite: "not \(text)") }

  /// Several, of which all or one must hold.
  init(_ parts: [PythonCondition], joinedBy word: String) {
    text = parts.map { $0.isCompound ? "(\($0.text))" : $0.text }.joined(separator: " \(word) ")
    opposite = "not (\(text))"
    isCompound = true
  }
}

/// An expression whose value a condition is about.
struct PythonOperand {
  enum Kind {
    /// Anything an event may hold.
    case value
    /// A text for certain.
    case text
    /// A number for certain.
    case number
  }

  var text: String
  var kind: Kind

  /// The expression as a text, whatever it holds; empty for what is no text.
  var asText: String { kind == .text ? text : "_text(\(text))" }

  /// The expression as a number; NaN for what is no number.
  var asNumber: String { kind == .number ? text : "_number(\(text))" }

  func asText(_ textCase: TextCase) -> String { textCase == .insensitive ? "_folded(\(text))" : asText }

  /// The condition, only where the value is a text.
  func ifText(_ condition: PythonCondition) -> PythonCondition {
    kind == .text
      ? condition
      : PythonCondition([PythonCondition("isinstance(\(text), str)"), condition], joinedBy: "and")
  }
}
