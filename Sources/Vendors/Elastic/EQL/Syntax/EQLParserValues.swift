import LanguageSupport
import RuleIR
import SourceText

extension EQLParser {
  mutating func sum() throws(Diagnostic) -> EQLExpression {
    try chain([.plus, .minus]) { parser throws(Diagnostic) in
      try parser.chain([.times, .slash, .percent]) { parser throws(Diagnostic) in try parser.unary() }
    }
  }

  /// Reads operands of one strength, which gather on the left.
  ///
  /// A long chain would nest as deep as it is long, so each operator counts as a level.
  private mutating func chain(
    _ marks: [EQLToken.Mark], _ operand: (inout EQLParser) throws(Diagnostic) -> EQLExpression
  ) throws(Diagnostic) -> EQLExpression {
    let start = start
    var left = try operand(&self)
    var levels = 0
    while case .mark(let mark)? = tokens.current?.kind, marks.contains(mark),
      let operation = EQLArithmetic(rawValue: mark.rawValue)
    {
      try tokens.descend()
      levels += 1
      tokens.advance()
      let right = try operand(&self)
      left = EQLExpression(form: .arithmetic(operation, left, right), range: range(from: start))
    }
    for _ in 0..<levels { tokens.ascend() }
    return left
  }

  private mutating func unary() throws(Diagnostic) -> EQLExpression {
    let start = start
    var isNegative = false
    while true {
      if skip(.minus) { isNegative.toggle() } else if !skip(.plus) { break }
    }
    let value = try primary()
    return isNegative ? EQLExpression(form: .negative(value), range: range(from: start)) : value
  }

  private mutating func primary() throws(Diagnostic) -> EQLExpression {
    let start = start
    if skip(.open) {
      try tokens.descend()
      defer { tokens.ascend() }
      var inner = try expression()
      try expect(.close)
      inner.range = range(from: start)
      return inner
    }
    if let form = constantForm() { return EQLExpression(form: form, range: range(from: start)) }
    let isCall = tokens.peek()?.kind == .mark(.open)
    switch tokens.current?.kind {
    case .word(let name)? where isCall && !Self.reserved.contains(name): return try call(name, .sensitive)
    case .loose(let name)? where isCall: return try call(name, .insensitive)
    case .word(let name)? where !Self.reserved.contains(name): return try field(isOptional: false)
    case .quotedName?: return try field(isOptional: false)
    case .mark(.optional)?:
      tokens.advance()
      return try field(isOptional: true, from: start)
    case _: throw tokens.unexpected(expected: "a condition")
    }
  }

  /// Words that begin no value.
  static let reserved: Set<String> = ["and", "or", "not", "in", "like", "regex", "where", "by", "until", "with"]

  /// A constant, stepped over.
  mutating func constantForm() -> EQLExpression.Form? {
    let form: EQLExpression.Form
    switch tokens.current?.kind {
    case .text(let text)?: form = .text(text)
    case .number(let number)?: form = .number(number)
    case .word("true")?: form = .boolean(true)
    case .word("false")?: form = .boolean(false)
    case .word("null")?: form = .null
    case _: return nil
    }
    tokens.advance()
    return form
  }

  private mutating func call(_ name: String, _ textCase: TextCase) throws(Diagnostic) -> EQLExpression {
    let start = start
    tokens.advance()
    tokens.advance()
    let arguments = try list(until: .close)
    return EQLExpression(form: .call(name, textCase, arguments), range: range(from: start))
  }

  private mutating func field(isOptional: Bool, from before: Int? = nil) throws(Diagnostic) -> EQLExpression {
    let start = before ?? start
    var steps: [FieldPath.Step] = []
    var name = try namePart()
    while true {
      if skip(.dot) {
        name += (name.isEmpty ? "" : ".") + (try namePart())
      } else if let index = index() {
        steps += [.key(name), .index(index)]
        name = ""
        warnOfForeign("an element of a list", "taken for this element", at: range(from: start))
      } else {
        break
      }
    }
    if !name.isEmpty { steps.append(.key(name)) }
    return EQLExpression(form: .field(FieldPath(steps), isOptional: isOptional), range: range(from: start))
  }

  private mutating func namePart() throws(Diagnostic) -> String {
    switch tokens.current?.kind {
    case .word(let name)?:
      tokens.advance()
      return name
    case .quotedName(let name)?:
      if let hidden = name.unicodeScalars.first(where: isHidden) {
        throw Diagnostic(
          .hiddenCharacter, "the field's name holds U+\(String(hidden.value, radix: 16, uppercase: true))",
          at: tokens.place, label: "a character that does not show")
      }
      guard !name.isEmpty else { throw tokens.unexpected(expected: "a name") }
      tokens.advance()
      return name
    case _: throw tokens.unexpected(expected: "a name")
    }
  }

  /// `[1]`, right behind a name: with a space before it, it would be the next event of a sequence.
  private mutating func index() -> Int? {
    guard let open = tokens.current, open.kind == .mark(.openBracket),
      range(from: 0).upperBound == open.range.lowerBound,
      case .number(let number)? = tokens.peek(1)?.kind, let index = number.integer, index >= 0,
      tokens.peek(2)?.kind == .mark(.closeBracket)
    else { return nil }
    for _ in 0..<3 { tokens.advance() }
    return index
  }
}
