import LanguageSupport
import RuleIR
import SourceText

/// A test on one Python expression, as it was read.
struct PantherTest {
  /// The expression that is tested, such as `event.deep_get("verb")` or `value`.
  var subject: PythonExpression
  var condition: Condition
  /// Whether the opposite was written: `!=`, `not in`, `is not`.
  var isOpposite: Bool
  /// The text that stands in for an absent value.
  var fallback: String?
}

/// Several tests on one variable, of which one must hold, or must fail.
struct PantherTests {
  var conditions: [Condition]
  var polarity: FieldTest.Polarity
}

/// Reads tests on a value.
///
///     test     = reading ( "==" | "!=" ) literal | reading [ "not" ] "in" "(" literals ")"
///              | text [ "not" ] "in" reading | reading ( "<" | "<=" | ">" | ">=" ) literal
///              | value "is" [ "not" ] ( "True" | "False" ) | reading "." ( "startswith" | "endswith" ) "(" text ")"
///              | "isinstance" "(" value "," "str" ")" | "re" "." function "(" text "," value [ "," flags ] ")" "is" …
///              | "_in_network" "(" value "," text ")" | "_spells" "(" value "," text [ "," "_folded" ] ")"
///              | "_has_term" … ;
///     reading  = value | "_text(" value ")" | "_folded(" value ")" | "_number(" value ")" | "_numeric(" value ")"
///              | "(" value "or" '""' ")" | reading ".lower()" ;
struct PantherTestReader {
  let passage: Passage

  init(_ passage: Passage) { self.passage = passage }

  // MARK: Loops

  /// The tests on a loop's variable: one, several joined by `or`, or a `not` before such.
  func readAll(_ body: PythonExpression, about variable: String) throws(Diagnostic) -> PantherTests {
    if case .not(let inner) = body.kind {
      let tests = try readAll(inner, about: variable)
      guard tests.polarity == .someValuePasses else { throw unsupported(body, "a double 'not'") }
      return PantherTests(conditions: tests.conditions, polarity: .someValueFails)
    }
    var conditions: [Condition] = []
    let parts: [PythonExpression]
    if case .any(let several) = body.kind { parts = several } else { parts = [body] }
    for part in parts {
      let test = try read(guarded(part, variable))
      guard test.subject.isName(variable), test.fallback == nil || test.condition.passes(.text("", .sensitive)) == false
      else { throw unsupported(part, "such a test on '\(variable)'") }
      if test.isOpposite {
        guard parts.count == 1 else { throw unsupported(part, "an opposite among several tests") }
        return PantherTests(conditions: [test.condition], polarity: .someValueFails)
      }
      conditions.append(test.condition)
    }
    return PantherTests(conditions: conditions, polarity: .someValuePasses)
  }

  /// The test behind `isinstance(value, str) and`, which must stand before what only a text can be asked.
  private func guarded(_ expression: PythonExpression, _ variable: String) throws(Diagnostic) -> PythonExpression {
    guard case .all(let parts) = expression.kind, parts.count == 2,
      let (name, arguments) = parts[0].functionCall, name == "isinstance", arguments.count == 2,
      arguments[0].value.isName(variable), arguments[1].value.isName("str")
    else { return expression }
    return parts[1]
  }

  // MARK: Tests

  func read(_ expression: PythonExpression) throws(Diagnostic) -> PantherTest {
    if case .comparison(let first, let comparisons) = expression.kind, comparisons.count == 1 {
      return try comparison(first, comparisons[0], expression)
    }
    if let (object, name, arguments) = expression.methodCall {
      guard let text = arguments.first?.value.text, arguments.count == 1, arguments[0].name == nil else {
        throw unsupported(expression, "'\(name)' with other than one text")
      }
      let reading = try PantherReading(object, in: passage)
      switch name {
      case "startswith": return try matched(.prefix(text), reading, expression)
      case "endswith": return try matched(.suffix(text), reading, expression)
      case _: throw unknown(name, expression)
      }
    }
    if let (name, arguments) = expression.functionCall { return try call(name, arguments, expression) }
    throw unsupported(expression, "such a test")
  }

  private func call(
    _ name: String, _ arguments: [PythonExpression.Argument], _ expression: PythonExpression
  ) throws(Diagnostic) -> PantherTest {
    guard arguments.count >= 2, arguments.allSatisfy({ $0.name == nil }) else { throw unknown(name, expression) }
    let (first, second) = (arguments[0].value, arguments[1].value)
    func test(_ condition: Condition) -> PantherTest {
      PantherTest(subject: first, condition: condition, isOpposite: false)
    }
    switch (name, second.text) {
    case ("isinstance", _) where second.isName("str") && arguments.count == 2:
      return test(.matches(.anything, .sensitive))
    case ("_in_network", let text?) where arguments.count == 2:
      guard let network = Network(text) else {
        throw Diagnostic(.invalidNetwork, "'\(visible(text))' is not a network", at: passage.range(of: second.range))
      }
      return test(.network(network))
    case ("_spells", let text?) where arguments.count == 2: return test(.equals(.untyped(text, .sensitive)))
    case ("_spells", let text?) where arguments.count == 3 && arguments[2].value.isName("_folded"):
      guard text.simplyFolded == text else { return test(.equals(.untyped(text, .sensitive))).never }
      return test(.equals(.untyped(text, .insensitive)))
    case ("_has_term", let text?) where arguments.count == 2: return try term(text, .whole, first, expression)
    case ("_has_term_prefix", let text?) where arguments.count == 2: return try term(text, .prefix, first, expression)
    case ("_has_term_suffix", let text?) where arguments.count == 2: return try term(text, .suffix, first, expression)
    case _: throw unknown(name, expression)
    }
  }

  private func term(
    _ text: String, _ extent: TermMatch.Extent, _ subject: PythonExpression, _ expression: PythonExpression
  ) throws(Diagnostic) -> PantherTest {
    let reading = try PantherReading(subject, in: passage)
    guard !text.isEmpty, let textCase = reading.textCase else { throw unsupported(expression, "such a test") }
    let test = PantherTest(
      subject: reading.value, condition: .term(TermMatch(text, textCase, extent: extent)), isOpposite: false)
    return reading.canBe(text) ? test : test.never
  }

  private func matched(
    _ pattern: TextPattern, _ reading: PantherReading, _ expression: PythonExpression
  ) throws(Diagnostic) -> PantherTest {
    guard let textCase = reading.textCase else { throw unsupported(expression, "a text test on a number") }
    let test = PantherTest(
      subject: reading.value, condition: .matches(pattern, textCase), isOpposite: false, fallback: reading.fallback)
    return pattern.literals.allSatisfy(reading.canBe) ? test : test.never
  }

  private func comparison(
    _ first: PythonExpression, _ comparison: PythonExpression.Comparison, _ expression: PythonExpression
  ) throws(Diagnostic) -> PantherTest {
    let operand = comparison.operand
    switch comparison.operator {
    case .equal: return try equality(first, [operand], expression)
    case .different: return try equality(first, [operand], expression).opposite
    case .order(let order): return try ordered(first, order, operand, expression)
    case .in, .notIn:
      let test: PantherTest
      if let text = first.text {
        test = try matched(.contains(text), PantherReading(operand, in: passage), expression)
      } else if case .sequence(let elements) = operand.kind {
        test = try equality(first, elements, expression)
      } else {
        throw unsupported(operand, "a search in anything but a list of values or a text")
      }
      return comparison.operator == .in ? test : test.opposite
    case .is, .isNot:
      let test: PantherTest
      switch operand.kind {
      case .none: test = try regex(first, expression).opposite
      case .truth(let flag):
        test = PantherTest(subject: first, condition: .equals(.boolean(flag)), isOpposite: false)
      case _: throw unsupported(operand, "'is' with anything but None, True and False")
      }
      return comparison.operator == .is ? test : test.opposite
    }
  }

  private func equality(
    _ subject: PythonExpression, _ elements: [PythonExpression], _ expression: PythonExpression
  ) throws(Diagnostic) -> PantherTest {
    let reading = try PantherReading(subject, in: passage)
    var literals: [Literal] = []
    for element in elements { literals += try self.literals(element, reading) }
    let condition: Condition = literals.count == 1 ? .equals(literals[0]) : .oneOf(literals)
    return PantherTest(
      subject: reading.value, condition: condition, isOpposite: false, fallback: reading.fallback)
  }

  /// The literals that a value written in Python equals; none where it never can.
  private func literals(
    _ element: PythonExpression, _ reading: PantherReading
  ) throws(Diagnostic) -> [Literal] {
    switch (element.kind, reading.kind) {
    case (.text(let text), .plain), (.text(let text), .text): return [.text(text, .sensitive)]
    case (.text(let text), .folded), (.text(let text), .lowered):
      return reading.canBe(text) ? [.text(text, .insensitive)] : []
    case (.number(let number), .number): return [.number(number, .strict)]
    case (.number(let number), .numeric): return [.number(number, .coercing)]
    case (.number(let number), .plain):
      // In Python True is 1, and False is 0.
      let flag: [Literal] = number == Number(1) ? [.boolean(true)] : number == Number(0) ? [.boolean(false)] : []
      return [.number(number, .strict)] + flag
    case (.truth(let flag), .plain): return [.boolean(flag), .number(Number(flag ? 1 : 0), .strict)]
    case _: throw unsupported(element, "a comparison with such a value")
    }
  }

  private func ordered(
    _ subject: PythonExpression, _ order: Order, _ operand: PythonExpression, _ expression: PythonExpression
  ) throws(Diagnostic) -> PantherTest {
    let reading = try PantherReading(subject, in: passage)
    let literal: Literal
    switch (operand.kind, reading.kind) {
    case (.number(let number), .number), (.number(let number), .plain): literal = .number(number, .strict)
    case (.number(let number), .numeric): literal = .number(number, .coercing)
    case (.text(let text), .plain): literal = .text(text, .sensitive)
    case (.text(let text), .folded):
      guard reading.canBe(text) else { throw unsupported(operand, "an order among letters that are folded") }
      literal = .text(text, .insensitive)
    case _: throw unsupported(expression, "such a comparison")
    }
    return PantherTest(subject: reading.value, condition: .order(order, literal), isOpposite: false)
  }

  /// `re.search("…", value)`, without the `is not None` behind it.
  private func regex(_ call: PythonExpression, _ expression: PythonExpression) throws(Diagnostic) -> PantherTest {
    guard let (object, name, arguments) = call.methodCall, object.isName("re"), (2...3).contains(arguments.count),
      arguments.allSatisfy({ $0.name == nil }), let text = arguments[0].value.text
    else { throw unsupported(call, "'is None' with anything but a field or a match of 're'") }
    let anchoring: RegexPattern.Anchoring
    switch name {
    case "search": anchoring = .search
    case "fullmatch": anchoring = .whole
    case "match": anchoring = .start
    case _: throw unknown(name, call)
    }
    let flags = try flags(arguments.count == 3 ? arguments[2].value : nil)
    let subject = arguments[1].value
    if anchoring == .whole, flags == ["DOTALL"], let pattern = PythonRegex.pattern(ofGlob: text),
      let reading = try? PantherReading(subject, in: passage), reading.kind == .text || reading.kind == .folded
    {
      return try matched(pattern, reading, call)
    }
    guard case .name = subject.kind else {
      throw unsupported(subject, "a regular expression on anything but a loop's variable")
    }
    let pattern = try PantherRegexReader.pattern(
      text, flags: flags, anchoring: anchoring, at: passage.range(of: arguments[0].value.range))
    return PantherTest(subject: subject, condition: .regex(pattern), isOpposite: false)
  }

  private func flags(_ expression: PythonExpression?) throws(Diagnostic) -> Set<String> {
    guard let expression else { return [] }
    let parts: [PythonExpression]
    if case .union(let several) = expression.kind { parts = several } else { parts = [expression] }
    var flags: Set<String> = []
    for part in parts {
      guard case .attribute(let object, let name) = part.kind, object.isName("re"),
        ["IGNORECASE", "MULTILINE", "DOTALL", "ASCII"].contains(name)
      else { throw unsupported(part, "such a flag") }
      flags.insert(name)
    }
    return flags
  }

  private func unsupported(_ expression: PythonExpression, _ what: String) -> Diagnostic {
    Diagnostic(
      .unsupportedConstruct, "\(what) is not read", at: passage.range(of: expression.range), label: "not read here")
  }

  private func unknown(_ name: String, _ expression: PythonExpression) -> Diagnostic {
    let known = PythonPrelude.functions.map(\.name) + ["startswith", "endswith", "any", "isinstance", "deep_get"]
    return Diagnostic(
      .unknownFunction, "'\(name)' is not read in this form", at: passage.range(of: expression.range),
      label: "not read here",
      help: nearestName(to: name, among: known.filter { $0 != name }).map { "did you mean '\($0)'?" })
  }
}

extension PantherTest {
  fileprivate var opposite: PantherTest {
    var test = self
    test.isOpposite.toggle()
    return test
  }

  /// The same subject with a condition that nothing meets.
  fileprivate var never: PantherTest {
    var test = self
    test.condition = .oneOf([])
    test.fallback = nil
    return test
  }
}

extension Condition {
  /// Whether a value that stands in for an absent one passes; nil where that is not worked out.
  func passes(_ value: Literal) -> Bool? {
    switch (self, value) {
    case (.equals(let literal), _): literal.equals(value)
    case (.oneOf(let literals), _): literals.contains { $0.equals(value) }
    case (.matches(let pattern, let textCase), .text(let text, _)):
      switch pattern.shape {
      case .exact(let literal): isSameText(textCase.key(text), textCase.key(literal))
      case .anything: true
      case .prefix, .suffix, .contains, .glob: text.isEmpty ? false : nil
      }
    case (.order(let order, .number(let bound, _)), .number(let number, _)):
      switch order {
      case .less: number < bound
      case .lessOrEqual: number <= bound
      case .greater: number > bound
      case .greaterOrEqual: number >= bound
      }
    case (.term, .text("", _)): false
    case (.matches, _), (.regex, _), (.order, _), (.network, _), (.term, _), (.encoded, _), (.field, _): nil
    }
  }
}

extension Literal {
  fileprivate func equals(_ other: Literal) -> Bool {
    switch (self, other) {
    case (.text(let text, let textCase), .text(let found, _)): isSameText(textCase.key(text), textCase.key(found))
    case (.number(let number, _), .number(let found, _)): number == found
    case (.boolean(let flag), .boolean(let found)): flag == found
    case (.text, _), (.number, _), (.boolean, _), (.untyped, _): false
    }
  }
}
