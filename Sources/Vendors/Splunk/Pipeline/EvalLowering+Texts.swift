import RuleIR
import SourceText

/// Parts of texts: `substr` and `split`.
extension EvalLowering {
  /// `substr(f, start[, count])` with known places; start is counted from one, or from the end where negative.
  ///
  /// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/TextFunctions
  mutating func slice(_ call: EvalCall) throws(Obstacle) -> [Alternative] {
    let start = try integer(call.arguments[1])
    let count = call.arguments.count > 2 ? try integer(call.arguments[2]) : nil
    guard let start, call.arguments.count < 3 || (count ?? -1) >= 0, abs(start) <= 10_000 else {
      return try whatever(call, try presence(of: call.arguments[0]))
    }
    return try part(call) { operand in
      switch operand {
      case .field(let path, .plain): .field(path, .slice(start: start, count: count))
      case .text(let text): .text(Self.slice(text, start, count))
      case .absent, .opaque: operand
      case .field, .number, .present, .place: nil
      }
    }
  }

  private static func slice(_ text: String, _ start: Int, _ count: Int?) -> String {
    let scalars = Array(text.unicodeScalars)
    let first = start > 0 ? start - 1 : start < 0 ? max(scalars.count + start, 0) : 0
    let rest = scalars.dropFirst(first)
    return String(String.UnicodeScalarView(count.map { rest.prefix($0) } ?? rest))
  }

  /// `split(f, separator)`; the pieces are followed where the separator is one character.
  mutating func pieces(_ call: EvalCall) throws(Obstacle) -> [Alternative] {
    guard case .text(let separator)? = try alternatives(call.arguments[1]).onlyOperand,
      separator.unicodeScalars.count == 1
    else { return try whatever(call, try presence(of: call.arguments[0])) }
    return try part(call) { operand in
      switch operand {
      case .field(let path, .plain): .field(path, .pieces(separator: separator))
      case .absent, .opaque: operand
      case .field, .text, .number, .present, .place: nil
      }
    }
  }

  /// What a function makes of each alternative, or that it is there.
  private mutating func part(_ call: EvalCall, _ change: (Operand) -> Operand?) throws(Obstacle) -> [Alternative] {
    let found = try alternatives(call.arguments[0])
    let changed = found.map { change($0.operand) }
    guard !changed.contains(nil) else { return try whatever(call, try presence(of: call.arguments[0])) }
    return zip(found, changed).map { Alternative(when: $0.when, operand: $1 ?? .absent) }
  }

  private mutating func integer(_ expression: EvalExpression) throws(Obstacle) -> Int? {
    guard case .number(let number)? = try alternatives(expression).onlyOperand else { return nil }
    return number.integer
  }
}
