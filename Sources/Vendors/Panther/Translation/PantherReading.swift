import LanguageSupport
import RuleIR
import SourceText

/// How a test looks at a value: as it is, or through a function.
struct PantherReading {
  enum Kind {
    /// As it is.
    case plain
    /// `_text(value)` or `(value or "")`
    case text
    /// `_folded(value)`
    case folded
    /// `value.lower()`
    case lowered
    /// `_number(value)`
    case number
    /// `_numeric(value)`
    case numeric
  }

  /// The value itself.
  let value: PythonExpression
  let kind: Kind
  /// The text that stands in for an absent value.
  let fallback: String?

  init(_ expression: PythonExpression, in passage: Passage) throws(Diagnostic) {
    if let (name, arguments) = expression.functionCall, let kind = Self.functions[name] {
      guard arguments.count == 1, arguments[0].name == nil else {
        throw Diagnostic(.wrongArguments, "'\(name)' takes one value", at: passage.range(of: expression.range))
      }
      (value, self.kind) = (arguments[0].value, kind)
      fallback = kind == .text || kind == .folded ? "" : nil
    } else if let (object, name, arguments) = expression.methodCall, name == "lower", arguments.isEmpty {
      let inner = try PantherReading(object, in: passage)
      guard inner.kind == .plain || inner.kind == .text else {
        throw Diagnostic(
          .unsupportedConstruct, "'lower' after another function is not read", at: passage.range(of: expression.range),
          label: "not read here")
      }
      (value, kind, fallback) = (inner.value, .lowered, inner.fallback)
    } else if case .any(let parts) = expression.kind, parts.count == 2, let text = parts[1].text {
      (value, kind, fallback) = (parts[0], .text, text)
    } else {
      (value, kind, fallback) = (expression, .plain, nil)
    }
  }

  private static let functions: [String: Kind] = [
    "_text": .text, "_folded": .folded, "_number": .number, "_numeric": .numeric,
  ]

  /// How letters compare; nil where no text is read.
  var textCase: TextCase? {
    switch kind {
    case .plain, .text: .sensitive
    case .folded, .lowered: .insensitive
    case .number, .numeric: nil
    }
  }

  /// Whether a text written in the rule can be met at all: among folded letters, one that is not folded never is.
  func canBe(_ text: String) -> Bool {
    switch kind {
    case .plain, .text: true
    case .folded, .lowered: isSameText(text, text.simplyFolded)
    case .number, .numeric: false
    }
  }
}
