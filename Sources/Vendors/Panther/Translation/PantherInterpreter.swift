import LanguageSupport
import RuleIR
import SourceText

/// Makes a predicate of a rule's Python condition, which is never run.
///
/// What `deep_get` reads is a single value or nothing, so that a test on it also says `single`; the mapping pass drops
/// that where the field is no list. The written functions walk lists as the rule model does, and are taken for that.
struct PantherInterpreter {
  let passage: Passage
  /// The variables whose fields may be looked at: the event, and the elements of the loops around.
  private var root: String
  private(set) var count = 0

  init(_ passage: Passage, event: String) {
    self.passage = passage
    self.root = event
  }

  /// How many tests a rule may have.
  static let limit = 200_000

  mutating func predicate(_ expression: PythonExpression) throws(Diagnostic) -> Predicate {
    count += 1
    guard count <= Self.limit else {
      throw Diagnostic(.tooManyNodes, "a rule has more than \(Self.limit) tests", at: place(expression))
    }
    switch expression.kind {
    case .all(let parts): return .conjunction(try each(parts))
    case .any(let parts): return .disjunction(try each(parts))
    case .not(let inner): return .not(try predicate(inner))
    case .truth(let value): return value ? .always : .never
    case .call: return try call(expression)
    case .comparison(let first, let comparisons):
      guard comparisons.count == 1 else { throw unsupported(expression, "a chain of comparisons") }
      if let found = try presence(first, comparisons[0], expression) { return found }
      return try test(expression)
    case .name, .attribute, .text, .number, .none, .ellipsis, .sequence, .union, .generator:
      throw noBoolean(expression)
    }
  }

  /// Panther fails a rule that returns something that is only as good as true.
  private func noBoolean(_ expression: PythonExpression) -> Diagnostic {
    Diagnostic(
      .unsupportedConstruct, "a condition that is not a comparison or a test is not read", at: place(expression),
      label: "its truth is not a boolean", help: "compare it: '… is not None', '… == \"…\"'")
  }

  private mutating func each(_ parts: [PythonExpression]) throws(Diagnostic) -> [Predicate] {
    var predicates: [Predicate] = []
    for part in parts { predicates.append(try predicate(part)) }
    return predicates
  }

  // MARK: Calls

  private mutating func call(_ expression: PythonExpression) throws(Diagnostic) -> Predicate {
    guard let (name, arguments) = expression.functionCall else {
      if try scalarPath(expression) != nil { throw noBoolean(expression) }
      return try test(expression)
    }
    switch name {
    case "any": return try loop(arguments, expression)
    case "_every":
      guard case .generator(let body, let loops)? = arguments.first?.value.kind, loops.count == 1 else {
        throw wrongArguments(expression, "takes one loop")
      }
      return .every(try element(body, loops[0], expression))
    case "_has_key": return .presence(PresenceTest(.key, try path(arguments, expression), origin: origin(expression)))
    case "_has_value":
      return .presence(PresenceTest(.value, try path(arguments, expression), origin: origin(expression)))
    case "_is_single":
      return .presence(PresenceTest(.single, try path(arguments, expression), origin: origin(expression)))
    case _: return try test(expression)
    }
  }

  /// A test on what `deep_get` reads, or on a count.
  private func test(_ expression: PythonExpression) throws(Diagnostic) -> Predicate {
    if let counted = try counted(expression) { return counted }
    let test = try PantherTestReader(passage).read(expression)
    guard let path = try scalarPath(test.subject) else {
      throw unsupported(test.subject, "a value other than those of '\(root).deep_get(…)' and '\(root).get(…)'")
    }
    let origin = origin(expression)
    let field = Predicate.field(FieldTest(path, test.condition, origin: origin))
    let single = Predicate.presence(PresenceTest(.single, path, origin: origin))
    var positive = Predicate.conjunction([single, field])
    if let standIn = try standIn(test) {
      // What stands in for more than absence must not pass: an empty list, or a number that `_text` is asked for.
      guard let passes = test.condition.passes(standIn), !passes || test.fallback == nil else {
        throw unsupported(test.subject, "a default in such a test")
      }
      let absent = Predicate.not(.presence(PresenceTest(.value, path, origin: origin)))
      positive = passes ? .disjunction([absent, positive]) : positive
    }
    return test.isOpposite ? .not(positive) : positive
  }

  /// What stands in for an absent value: the default of `deep_get`, or the empty text of `or ""` and `_text`.
  private func standIn(_ test: PantherTest) throws(Diagnostic) -> Literal? {
    if let fallback = test.fallback { return .text(fallback, .sensitive) }
    guard case .call(_, let arguments) = test.subject.kind,
      let value = arguments.first(where: { $0.name != nil })?.value
    else { return nil }
    switch value.kind {
    case .text(let text): return .text(text, .sensitive)
    case .number(let number): return .number(number, .strict)
    case .truth(let flag): return .boolean(flag)
    case .none: return nil
    case _: throw unsupported(value, "such a default")
    }
  }

  /// `x is None` and `x is not None`.
  private func presence(
    _ first: PythonExpression, _ comparison: PythonExpression.Comparison, _ expression: PythonExpression
  ) throws(Diagnostic) -> Predicate? {
    guard comparison.operand.kind == .none, let path = try scalarPath(first) else { return nil }
    let present = Predicate.presence(PresenceTest(.value, path, origin: origin(expression)))
    switch comparison.operator {
    case .isNot: return present
    case .is: return .not(present)
    case .equal, .different, .order, .in, .notIn: return nil
    }
  }

  private func counted(_ expression: PythonExpression) throws(Diagnostic) -> Predicate? {
    guard case .comparison(let first, let comparisons) = expression.kind, let (name, arguments) = first.functionCall,
      name == "_count"
    else { return nil }
    let test = try PantherTestReader(passage).read(.comparison(of: first, comparisons, expression.range))
    let path = try path(arguments, first)
    let field = Predicate.field(
      FieldTest(path, test.condition, subject: .count, origin: origin(expression)))
    return test.isOpposite ? .not(field) : field
  }

  // MARK: Paths

  /// The path of `event.deep_get("a", "b")` or `event.get("a")`; nil for another expression.
  func scalarPath(_ expression: PythonExpression) throws(Diagnostic) -> FieldPath? {
    guard let (object, name, arguments) = expression.methodCall, object.isName(root) else { return nil }
    let positional = arguments.filter { $0.name == nil }
    let named = arguments.filter { $0.name != nil }
    guard name == "deep_get" || name == "get" else {
      throw Diagnostic(
        .unknownFunction, "'\(name)' of an event is not read", at: place(expression), label: "not read here",
        help: "'deep_get' and 'get' are")
    }
    guard !positional.isEmpty, name == "deep_get" || positional.count == 1, named.allSatisfy({ $0.name == "default" })
    else { throw wrongArguments(expression, "takes keys, and 'default=' where it is 'deep_get'") }
    var steps: [FieldPath.Step] = []
    for argument in positional {
      guard let key = argument.value.text else { throw unsupported(argument.value, "a key that is not a text") }
      steps.append(.key(key))
    }
    return FieldPath(steps)
  }

  /// The path behind the variable: `event, "a", 0, ..., re.compile("b.*", re.DOTALL)`.
  func path(
    _ arguments: [PythonExpression.Argument], _ call: PythonExpression
  ) throws(Diagnostic) -> FieldPath {
    guard let first = arguments.first, first.value.isName(root), arguments.allSatisfy({ $0.name == nil }) else {
      throw wrongArguments(call, "takes '\(root)' and the steps of a path")
    }
    var steps: [FieldPath.Step] = []
    for argument in arguments.dropFirst() {
      switch argument.value.kind {
      case .text(let key): steps.append(.key(key))
      case .ellipsis: steps.append(.each)
      case .number(let number):
        guard let index = number.integer else { throw unsupported(argument.value, "such a position") }
        steps.append(.index(index))
      case _: steps.append(.keyPattern(try keyPattern(argument.value)))
      }
    }
    return FieldPath(steps)
  }

  private func keyPattern(_ expression: PythonExpression) throws(Diagnostic) -> TextPattern {
    guard let (object, name, arguments) = expression.methodCall, object.isName("re"), name == "compile",
      arguments.count == 2, let text = arguments[0].value.text,
      arguments[1].value.isAttribute("DOTALL", of: "re"), let pattern = PythonRegex.pattern(ofGlob: text)
    else { throw unsupported(expression, "such a step of a path") }
    return pattern
  }

  // MARK: Loops

  private mutating func loop(
    _ arguments: [PythonExpression.Argument], _ call: PythonExpression
  ) throws(Diagnostic) -> Predicate {
    guard case .generator(let body, let loops)? = arguments.first?.value.kind, arguments.count == 1,
      let first = loops.first
    else { throw wrongArguments(call, "takes one loop") }
    if loops.count == 2 { return try related(body, loops, call, polarity: .someValuePasses) }
    guard loops.count == 1 else { throw unsupported(call, "a loop in a loop in a loop") }
    if let inner = body.relatedLoop {
      return try related(inner.body, [first, inner.loop], call, polarity: .someValueFails)
    }
    let isElement = body.looksInto(first.variable) || !body.mentions(first.variable)
    return isElement ? .some(try element(body, first, call)) : try values(body, first, call)
  }

  /// A predicate on each element, in which the loop's variable stands for the event.
  private mutating func element(
    _ body: PythonExpression, _ loop: PythonExpression.Loop, _ call: PythonExpression
  ) throws(Diagnostic) -> ElementTest {
    guard let (name, arguments) = loop.values.functionCall, name == "_values" else {
      throw unsupported(loop.values, "a loop over anything but '_values(…)'")
    }
    let path = try path(arguments, loop.values)
    let outer = root
    root = loop.variable
    defer { root = outer }
    return ElementTest(path, try predicate(body), origin: origin(call))
  }

  private func values(
    _ body: PythonExpression, _ loop: PythonExpression.Loop, _ call: PythonExpression
  ) throws(Diagnostic) -> Predicate {
    let reader = PantherTestReader(passage)
    guard let (name, arguments) = loop.values.functionCall else {
      throw unsupported(loop.values, "a loop over anything but the functions for values")
    }
    let origin = origin(call)
    if name == "_all_texts" {
      guard arguments.count == 1, arguments[0].value.isName(root) else {
        throw wrongArguments(loop.values, "takes '\(root)'")
      }
      let tests = try reader.readAll(body, about: loop.variable)
      return .disjunction(tests.conditions.map { .anyField(AnyFieldTest($0, origin: origin)) })
    }
    let (subject, path) = try subject(name, arguments, loop.values)
    let tests = try reader.readAll(body, about: loop.variable)
    if let condition = Condition.joined(tests.conditions) {
      return .field(FieldTest(path, condition, subject: subject, polarity: tests.polarity, origin: origin))
    }
    guard tests.polarity == .someValuePasses else {
      throw unsupported(body, "a 'not' before several tests of different kinds")
    }
    return .disjunction(tests.conditions.map { .field(FieldTest(path, $0, subject: subject, origin: origin)) })
  }

  private func subject(
    _ name: String, _ arguments: [PythonExpression.Argument], _ call: PythonExpression
  ) throws(Diagnostic) -> (FieldTest.Subject, FieldPath) {
    switch name {
    case "_values": return (.value, try path(arguments, call))
    case "_spellings": return (.spelling, try path(arguments, call))
    case "_lengths": return (.length, try path(arguments, call))
    case "_date_parts":
      guard let part = arguments.first?.value.text.flatMap(FieldTest.DatePart.init(rawValue:)) else {
        throw wrongArguments(call, "takes the name of a part of a date")
      }
      return (.datePart(part), try path(Array(arguments.dropFirst()), call))
    case _:
      throw Diagnostic(
        .unknownFunction, "a loop over '\(name)' is not read", at: place(call), label: "not read here",
        help: nearestName(to: name, among: ["_values", "_spellings", "_lengths", "_date_parts", "_all_texts"])
          .map { "did you mean '\($0)'?" })
    }
  }

  private func related(
    _ body: PythonExpression, _ loops: [PythonExpression.Loop], _ call: PythonExpression,
    polarity: FieldTest.Polarity
  ) throws(Diagnostic) -> Predicate {
    guard let (name, arguments) = loops[0].values.functionCall,
      let (otherName, otherArguments) = loops[1].values.functionCall, otherName == "_values"
    else { throw unsupported(call, "such a loop in a loop") }
    let (subject, path) = try subject(name, arguments, loops[0].values)
    let other = try self.path(otherArguments, loops[1].values)
    guard let (relation, textCase) = body.relation(loops[0].variable, loops[1].variable) else {
      throw unsupported(body, "such a comparison of two fields")
    }
    return .field(
      FieldTest(
        path, .field(relation, other, textCase), subject: subject, polarity: polarity, origin: origin(call)))
  }

  // MARK: Places

  private func place(_ expression: PythonExpression) -> SourceRange { passage.range(of: expression.range) }

  private func origin(_ expression: PythonExpression) -> Origin { Origin(place(expression)) }

  private func unsupported(_ expression: PythonExpression, _ what: String) -> Diagnostic {
    Diagnostic(.unsupportedConstruct, "\(what) is not read", at: place(expression), label: "not read here")
  }

  private func wrongArguments(_ expression: PythonExpression, _ what: String) -> Diagnostic {
    Diagnostic(.wrongArguments, "this call \(what)", at: place(expression))
  }
}

extension PythonExpression {
  fileprivate static func comparison(
    of first: PythonExpression, _ comparisons: [Comparison], _ range: Range<Int>
  ) -> PythonExpression {
    PythonExpression(.comparison(first, comparisons), range)
  }

  func isAttribute(_ name: String, of object: String) -> Bool {
    guard case .attribute(let base, let found) = kind else { return false }
    return found == name && base.isName(object)
  }

  /// The inner loop of `not any(test for other in …)`.
  fileprivate var relatedLoop: (body: PythonExpression, loop: Loop)? {
    guard case .not(let inner) = kind, let (name, arguments) = inner.functionCall, name == "any",
      case .generator(let body, let loops)? = arguments.first?.value.kind, loops.count == 1, body.comparesValues
    else { return nil }
    return (body, loops[0])
  }

  private var comparesValues: Bool { functionCall.map { Self.relations[$0.name] != nil } ?? false }

  private static let relations: [String: FieldRelation] = [
    "_equals": .equals, "_starts": .startsWith, "_ends": .endsWith, "_contains": .contains,
    "_precedes": .order(.less), "_at_most": .order(.lessOrEqual),
  ]

  /// What a call such as `_starts(value, other)` says of two variables.
  fileprivate func relation(_ value: String, _ other: String) -> (FieldRelation, TextCase)? {
    guard let (name, arguments) = functionCall, let relation = Self.relations[name], arguments.count >= 2 else {
      return nil
    }
    let textCase: TextCase
    switch arguments.count {
    case 2: textCase = .sensitive
    case 3 where arguments[2].value.isName("_folded") && arguments[2].name == nil: textCase = .insensitive
    case _: return nil
    }
    if arguments[0].value.isName(value), arguments[1].value.isName(other) { return (relation, textCase) }
    guard case .order(let order) = relation, arguments[0].value.isName(other), arguments[1].value.isName(value)
    else { return nil }
    return (.order(order.mirrored), textCase)
  }

  /// Whether the variable is looked into, as the event is, and not taken for a value.
  fileprivate func looksInto(_ variable: String) -> Bool {
    switch kind {
    case .all(let parts), .any(let parts), .sequence(let parts), .union(let parts):
      return parts.contains { $0.looksInto(variable) }
    case .not(let inner): return inner.looksInto(variable)
    case .attribute(let object, _): return object.looksInto(variable)
    case .comparison(let first, let comparisons):
      return first.looksInto(variable) || comparisons.contains { $0.operand.looksInto(variable) }
    case .generator(let body, let loops):
      return body.looksInto(variable) || loops.contains { $0.values.looksInto(variable) }
    case .call(let function, let arguments):
      if case .attribute(let object, let name) = function.kind, object.isName(variable),
        name == "get" || name == "deep_get"
      {
        return true
      }
      if case .name(let name) = function.kind, Self.walkers.contains(name),
        arguments.contains(where: { $0.value.isName(variable) })
      {
        return true
      }
      return function.looksInto(variable) || arguments.contains { $0.value.looksInto(variable) }
    case .name, .text, .number, .truth, .none, .ellipsis: return false
    }
  }

  private static let walkers: Set<String> = [
    "_values", "_spellings", "_lengths", "_date_parts", "_all_texts", "_has_key", "_has_value", "_is_single", "_count",
  ]

  fileprivate func mentions(_ variable: String) -> Bool {
    switch kind {
    case .all(let parts), .any(let parts), .sequence(let parts), .union(let parts):
      parts.contains { $0.mentions(variable) }
    case .not(let inner): inner.mentions(variable)
    case .attribute(let object, _): object.mentions(variable)
    case .comparison(let first, let comparisons):
      first.mentions(variable) || comparisons.contains { $0.operand.mentions(variable) }
    case .generator(let body, let loops):
      body.mentions(variable) || loops.contains { $0.values.mentions(variable) }
    case .call(let function, let arguments):
      function.mentions(variable) || arguments.contains { $0.value.mentions(variable) }
    case .name(let name): name == variable
    case .text, .number, .truth, .none, .ellipsis: false
    }
  }
}

extension Condition {
  /// One condition for several of which one must hold; nil where there is none.
  fileprivate static func joined(_ conditions: [Condition]) -> Condition? {
    if conditions.count == 1 { return conditions[0] }
    var literals: [Literal] = []
    for condition in conditions {
      switch condition {
      case .equals(let literal): literals.append(literal)
      case .oneOf(let several): literals += several
      case .matches, .regex, .order, .network, .term, .encoded, .field: return nil
      }
    }
    return .oneOf(literals)
  }
}
