import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as Python conditions on Panther's event.
///
/// A field of which the schema says that it holds one scalar is read with `deep_get`, which looks keys up whatever
/// their case; every other goes through the written functions, which walk lists as the rule model does. No condition
/// fails, whatever the event holds: Panther takes an exception for an error and not for false
/// (https://docs.panther.com/detections/rules/python).
struct PantherPrinter: PredicatePrinter {
  let schema: TargetSchema
  /// The variable whose fields are looked at.
  var root = "event"
  private var level = 0

  init(schema: TargetSchema) { self.schema = schema }

  var booleans: BooleanSyntax { PythonBooleans.syntax }
  // Python's `not` is faithful, but `!=`, `not in` and `is None` read better.
  var negationIsFaithful: Bool { false }

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment { Fragment(value ? "True" : "False") }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    switch test {
    case .all, .any, .not: return try print(test, negated: negated)
    case .presence(let test): return fragment(presence(test), negated)
    case .field(let test): return fragment(try field(test), negated, losses: losses(of: test))
    case .some(let test): return try some(test, negated: negated)
    case .every(let test): return try every(test, negated: negated)
    case .anyField(let test): return try anyField(test, negated: negated)
    case .rawTerm(let test):
      throw .untranslatable(
        .rawTerm, in: Panther.language, because: "a rule sees the event and not its raw text", at: test.origin)
    }
  }

  private func fragment(_ condition: PythonCondition, _ negated: Bool, losses: [Loss] = []) -> Fragment {
    if negated { return Fragment(condition.opposite, losses: losses.map(\.negated)) }
    // What is an `and` or `or` of its own is kept in parentheses.
    return Fragment(condition.isCompound ? "(\(condition.text))" : condition.text, losses: losses)
  }

  // MARK: Paths

  /// `event.deep_get("a", "b")`, where the field holds one scalar at most.
  private func scalar(_ path: FieldPath) -> String? {
    guard root == "event", let column = schema.columns[path], !column.isList, let type = column.type, type != .object
    else { return nil }
    var keys: [String] = []
    for step in spelled(path).steps {
      guard case .key(let key) = step else { return nil }
      keys.append(PythonLiteral.text(key))
    }
    return keys.isEmpty ? nil : "event.deep_get(\(keys.joined(separator: ", ")))"
  }

  /// The steps as arguments behind the variable: `event, "a", 0, ..., re.compile("b.*", re.DOTALL)`.
  private func walked(_ path: FieldPath) -> String {
    ([root] + spelled(path).steps.map(Self.argument)).joined(separator: ", ")
  }

  private func spelled(_ path: FieldPath) -> FieldPath {
    schema.columns[path].flatMap { FieldPath(parsing: $0.spelling) } ?? path
  }

  private static func argument(_ step: FieldPath.Step) -> String {
    switch step {
    case .key(let key): PythonLiteral.text(key)
    case .index(let index): String(index)
    case .each: "..."
    case .keyPattern(let pattern): "re.compile(\(PythonLiteral.text(PythonRegex.glob(pattern))), re.DOTALL)"
    }
  }

  /// What a rule's `dedup` and `unique` group by: the scalar, or all values.
  func grouped(_ path: FieldPath) -> String { scalar(path) ?? "_values(\(walked(path)))" }

  // MARK: Tests

  private func presence(_ test: PresenceTest) -> PythonCondition {
    switch test.kind {
    case .key: return PythonCondition("_has_key(\(walked(test.field)))")
    case .single: return PythonCondition("_is_single(\(walked(test.field)))")
    case .value:
      if let scalar = scalar(test.field) {
        return PythonCondition("\(scalar) is not None", opposite: "\(scalar) is None")
      }
      return PythonCondition("_has_value(\(walked(test.field)))")
    }
  }

  private func field(_ test: FieldTest) throws(Diagnostic) -> PythonCondition {
    if case .derived = test.subject { throw .notYet(.derivedValue, in: Panther.language, at: test.origin) }
    if case .field(let relation, let other, let textCase) = test.condition {
      return try related(test, relation, other, textCase)
    }
    let writer = PythonConditionWriter(origin: test.origin)
    if case .count = test.subject {
      let condition = try writer.write(
        test.condition, on: PythonOperand(text: "_count(\(walked(test.field)))", kind: .number))
      switch test.polarity {
      case .someValuePasses: return condition
      case .someValueFails: return PythonCondition(condition.opposite, opposite: condition.text)
      }
    }
    if case .value = test.subject, test.polarity == .someValuePasses, let scalar = scalar(test.field) {
      let condition = try writer.write(test.condition, on: PythonOperand(text: scalar, kind: .value))
      // What names the value several times looks at it through a variable.
      if !condition.isCompound { return condition }
    }
    let condition = try writer.write(test.condition, on: PythonOperand(text: "value", kind: kind(test.subject)))
    return PythonCondition("any(\(chosen(condition, test.polarity)) for value in \(subjects(test)))")
  }

  private func chosen(_ condition: PythonCondition, _ polarity: FieldTest.Polarity) -> String {
    switch polarity {
    case .someValuePasses: condition.text
    case .someValueFails: condition.opposite
    }
  }

  private func kind(_ subject: FieldTest.Subject) -> PythonOperand.Kind {
    switch subject {
    case .value: .value
    case .spelling, .derived: .text
    case .length, .count, .datePart: .number
    }
  }

  private func subjects(_ test: FieldTest) -> String {
    let path = walked(test.field)
    switch test.subject {
    case .value, .derived: return "_values(\(path))"
    case .spelling: return "_spellings(\(path))"
    case .length: return "_lengths(\(path))"
    case .count: return "[_count(\(path))]"
    case .datePart(let part): return "_date_parts(\(PythonLiteral.text(part.rawValue)), \(path))"
    }
  }

  /// A comparison of two fields: every value of the one with every value of the other.
  private func related(
    _ test: FieldTest, _ relation: FieldRelation, _ other: FieldPath, _ textCase: TextCase
  ) throws(Diagnostic) -> PythonCondition {
    guard test.subject != .count else { throw .notYet(.fieldRelation, in: Panther.language, at: test.origin) }
    let reading = textCase == .insensitive ? ", _folded" : ""
    let call =
      switch relation {
      case .equals: "_equals(value, other\(reading))"
      case .startsWith: "_starts(value, other\(reading))"
      case .endsWith: "_ends(value, other\(reading))"
      case .contains: "_contains(value, other\(reading))"
      case .order(.less): "_precedes(value, other\(reading))"
      case .order(.lessOrEqual): "_at_most(value, other\(reading))"
      case .order(.greater): "_precedes(other, value\(reading))"
      case .order(.greaterOrEqual): "_at_most(other, value\(reading))"
      }
    let others = "_values(\(walked(other)))"
    switch test.polarity {
    case .someValuePasses: return PythonCondition("any(\(call) for value in \(subjects(test)) for other in \(others))")
    // Some value to which no other one stands so.
    case .someValueFails:
      return PythonCondition("any(not any(\(call) for other in \(others)) for value in \(subjects(test)))")
    }
  }

  // MARK: Elements

  private func some(_ test: ElementTest, negated: Bool) throws(Diagnostic) -> Fragment {
    let (body, variable) = try inside(test)
    let text = "any(\(body.text) for \(variable) in _values(\(walked(test.path))))"
    return fragment(PythonCondition(text), negated, losses: body.losses)
  }

  private func every(_ test: ElementTest, negated: Bool) throws(Diagnostic) -> Fragment {
    let (body, variable) = try inside(test)
    let text = "_every(\(body.text) for \(variable) in _values(\(walked(test.path))))"
    return fragment(PythonCondition(text), negated, losses: body.losses)
  }

  private func inside(_ test: ElementTest) throws(Diagnostic) -> (body: Fragment, variable: String) {
    var inner = self
    inner.level += 1
    inner.root = inner.level == 1 ? "element" : "element_\(inner.level)"
    return (try inner.print(test.predicate), inner.root)
  }

  private func anyField(_ test: AnyFieldTest, negated: Bool) throws(Diagnostic) -> Fragment {
    if case .field = test.condition { throw .notYet(.anyField, in: Panther.language, at: test.origin) }
    let condition = try PythonConditionWriter(origin: test.origin)
      .write(test.condition, on: PythonOperand(text: "value", kind: .text))
    let loss = Loss(
      .anyField, .both,
      because: "Panther adds fields of its own to an event, and spells decimal fractions in its own way",
      at: test.origin)
    let text = "any(\(condition.text) for value in _all_texts(\(root)))"
    return fragment(PythonCondition(text), negated, losses: [loss])
  }

  // MARK: Losses

  private func losses(of test: FieldTest) -> [Loss] {
    var losses: [Loss] = []
    if case .spelling = test.subject, schema.type(of: test.field) != .text, schema.type(of: test.field) != .boolean {
      losses.append(
        Loss(
          .spelledValue, .both, because: "Python spells a decimal fraction in its own way, such as 1000.0 for 1e3",
          at: test.origin))
    }
    if case .regex(let pattern) = test.condition, pattern.flags.contains(.ignoreCase), pattern.text.hasNonASCIILetter {
      losses.append(
        Loss(
          .regexIgnoringCase, .both, because: "Python folds letters beyond ASCII in its own way here",
          at: test.origin))
    }
    return losses
  }
}
