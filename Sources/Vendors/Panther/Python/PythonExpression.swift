import LanguageSupport
import RuleIR

/// A Python expression of the kinds that rules here are made of.
struct PythonExpression: Hashable, Sendable {
  indirect enum Kind: Hashable, Sendable {
    case all([PythonExpression])
    case any([PythonExpression])
    case not(PythonExpression)
    case name(String)
    case attribute(PythonExpression, String)
    case call(PythonExpression, [Argument])
    /// `x for a in b for c in d`, the only argument of a call.
    case generator(PythonExpression, [Loop])
    case text(String)
    case number(Number)
    case truth(Bool)
    case none
    case ellipsis
    /// A tuple, list or set.
    case sequence([PythonExpression])
    case comparison(PythonExpression, [Comparison])
    /// `a | b`
    case union([PythonExpression])
  }

  struct Argument: Hashable, Sendable {
    var name: String?
    var value: PythonExpression
  }

  struct Loop: Hashable, Sendable {
    var variable: String
    var values: PythonExpression
  }

  struct Comparison: Hashable, Sendable {
    var `operator`: Operator
    var operand: PythonExpression
  }

  enum Operator: Hashable, Sendable {
    case equal, different
    case order(Order)
    case `in`, notIn, `is`, isNot
  }

  var kind: Kind
  /// Bytes of the passage.
  var range: Range<Int>

  init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    self.range = range
  }
}

extension PythonExpression: BooleanCombining {
  static func allOf(_ parts: [PythonExpression]) -> PythonExpression { PythonExpression(.all(parts), span(parts)) }
  static func anyOf(_ parts: [PythonExpression]) -> PythonExpression { PythonExpression(.any(parts), span(parts)) }
  static func noneOf(_ part: PythonExpression) -> PythonExpression { PythonExpression(.not(part), part.range) }

  private static func span(_ parts: [PythonExpression]) -> Range<Int> {
    guard let first = parts.first, let last = parts.last else { return 0..<0 }
    return first.range.lowerBound..<max(first.range.upperBound, last.range.upperBound)
  }
}

extension PythonExpression {
  /// The name of the function that is called by its bare name, with its arguments.
  var functionCall: (name: String, arguments: [Argument])? {
    guard case .call(let function, let arguments) = kind, case .name(let name) = function.kind else { return nil }
    return (name, arguments)
  }

  /// The object, name and arguments of a call of a method.
  var methodCall: (object: PythonExpression, name: String, arguments: [Argument])? {
    guard case .call(let function, let arguments) = kind, case .attribute(let object, let name) = function.kind
    else { return nil }
    return (object, name, arguments)
  }

  var text: String? {
    if case .text(let text) = kind { text } else { nil }
  }

  func isName(_ name: String) -> Bool { kind == .name(name) }
}
