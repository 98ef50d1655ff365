import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as expressions of `where`, in which a comparison with a missing field is NULL.
///
/// The opposite of a test is written out with `isnull`, so that nothing hangs on what `NOT` makes of NULL.
struct WherePrinter: PredicatePrinter {
  let schema: TargetSchema
  /// The list whose elements are tested one by one, inside `mvfilter`: there is always a value.
  var element: FieldPath?
  /// Fields of which an earlier stage has asked that they have a value.
  var known: Set<FieldPath>
  let booleans = SPLSyntax.eval

  init(_ schema: TargetSchema, element: FieldPath? = nil, known: Set<FieldPath> = []) {
    self.schema = schema
    self.element = element
    self.known = known
  }

  var negationIsFaithful: Bool { false }

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment { Fragment(value ? "true()" : "false()") }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    switch test {
    case .presence(let presence): return try text(of: presence, negated)
    case .field(let field):
      return try text(of: field).fragment(negated, booleans, isThere: isKnown(field))
    case .some(let elements): return try some(elements, negated)
    case .every(let elements): return try every(elements, negated)
    case .rawTerm(let term): return try search(RawText.term(term), negated)
    case .anyField(let any): return try search(RawText.anyField(any), negated)
    case .all, .any, .not: return try print(test, negated: negated)
    }
  }

  private func isKnown(_ test: FieldTest) -> Bool {
    if case .field = test.condition { return false }
    return test.subject != .count && known.contains(test.field)
  }

  /// Beside `hasValue` of its field, the opposite of a test need not speak of absence.
  func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment? {
    guard connective == .and, element == nil else { return nil }
    let present = Set(parts.compactMap(\.presentField))
    guard parts.contains(where: { $0.denies(present) }) else { return nil }
    var texts: [String] = []
    var losses: [Loss] = []
    for part in parts {
      let fragment: Fragment
      if part.denies(present), case .not(.field(let test)) = part {
        fragment = try text(of: test).fragment(true, booleans, isThere: true)
      } else {
        fragment = try print(part)
      }
      texts.append(fragment.binding <= booleans.and.binding ? "(\(fragment.text))" : fragment.text)
      losses += fragment.losses
    }
    return Fragment(texts.joined(separator: " AND "), binding: booleans.and.binding, losses: losses)
  }

  private func search(_ fragment: Fragment, _ negated: Bool) throws(Diagnostic) -> Fragment {
    negate(Fragment("searchmatch(\(SPLText.quoted(fragment.text)))", losses: fragment.losses), negated)
  }

  private func field(_ path: FieldPath, _ origin: Origin) throws(Diagnostic) -> SPLField {
    guard path.steps.isEmpty else { return try SPLField(path, in: schema, at: origin) }
    guard let element else { throw Diagnostic.notYet(.someElement, in: "SPL", at: origin) }
    return try SPLField(element, in: schema, at: origin)
  }

  private func text(of test: PresenceTest, _ negated: Bool) throws(Diagnostic) -> Fragment {
    let field = try field(test.field, test.origin)
    switch test.kind {
    case .value: return Fragment("\(negated ? "isnull" : "isnotnull")(\(field.inEval))")
    case .key:
      let loss = Loss(
        .hasKey, .narrower, because: "an empty list or object, or a null, leaves no field in Splunk", at: test.origin)
      return Fragment(
        "\(negated ? "isnull" : "isnotnull")(\(field.inEval))", losses: [loss].flipped(if: negated))
    case .single:
      return WhereTest("mvcount(mvdedup(\(field.inEval)))=1", guards: [field.inEval]).fragment(negated, booleans)
    }
  }

  private func text(of test: FieldTest) throws(Diagnostic) -> WhereTest {
    let field = try field(test.field, test.origin)
    if case .field(let relation, let other, let textCase) = test.condition {
      return try comparison(test, field, relation, self.field(other, test.origin), textCase)
    }
    if test.subject == .count { return try count(test, field) }
    let condition = try WhereCondition(field, test).text(of: test.condition)
    let fails = test.polarity == .someValueFails
    let isInside = element != nil
    let isOneByOne = !isInside && (field.isList || (fails && field.mayBeList))
    guard fails || isOneByOne || isInside else { return condition }
    if isOneByOne {
      let inner = fails ? condition.fragment(true, booleans, isThere: true) : condition.fragment(false, booleans)
      return WhereTest("isnotnull(mvfilter(\(inner.text)))", guards: [], losses: inner.losses)
    }
    if isInside {
      let inner = condition.fragment(fails, booleans, isThere: true)
      return WhereTest(inner.text, guards: [], binding: inner.binding, losses: inner.losses)
    }
    let differs = condition.fragment(true, booleans, isThere: true)
    let text = differs.binding <= booleans.and.binding ? "(\(differs.text))" : differs.text
    return WhereTest(
      "isnotnull(\(field.inEval)) AND \(text)", guards: [], binding: booleans.and.binding, losses: differs.losses)
  }

  private func count(_ test: FieldTest, _ field: SPLField) throws(Diagnostic) -> WhereTest {
    let text = "coalesce(mvcount(\(field.inEval)),0)"
    let condition = try WhereCondition(field, test).number(text, test.condition)
    guard test.polarity == .someValueFails else { return WhereTest(condition, guards: []) }
    return WhereTest("NOT \(condition)", guards: [], binding: booleans.not.binding)
  }

  private func comparison(
    _ test: FieldTest, _ field: SPLField, _ relation: FieldRelation, _ other: SPLField, _ textCase: TextCase
  ) throws(Diagnostic) -> WhereTest {
    guard relation == .equals, element == nil, !field.isList, !other.isList, test.subject == .value,
      test.polarity == .someValuePasses || !field.mayBeList
    else { throw Diagnostic.notYet(.fieldRelation, in: "SPL", at: test.origin) }
    func read(_ field: SPLField) -> String { textCase == .sensitive ? field.inEval : "lower(\(field.inEval))" }
    let loss = Loss(
      .fieldEqualsField, .broader, because: "texts that spell numbers are compared as numbers", at: test.origin)
    let guards = [field.inEval, other.inEval]
    guard test.polarity == .someValueFails else {
      return WhereTest("\(read(field))=\(read(other))", guards: guards, losses: [loss])
    }
    // No value of the other field equals: so it is where there is none.
    let text = "isnotnull(\(field.inEval)) AND (isnull(\(other.inEval)) OR \(read(field))!=\(read(other)))"
    return WhereTest(text, guards: [], binding: booleans.and.binding, losses: [loss.negated])
  }

  // MARK: Elements

  /// `some` of what is asked of the element itself; of members only where it is one test.
  private func some(_ test: ElementTest, _ negated: Bool) throws(Diagnostic) -> Fragment {
    if case .field(var inner) = test.predicate, !inner.field.steps.isEmpty, inner.polarity == .someValuePasses,
      inner.subject != .count
    {
      inner.field = test.path.appending(inner.field)
      return try leaf(.field(inner), negated: negated)
    }
    let inside = try inside(test, negated: false)
    return Fragment(
      "\(negated ? "isnull" : "isnotnull")(mvfilter(\(inside.text)))", losses: inside.losses.flipped(if: negated))
  }

  private func every(_ test: ElementTest, _ negated: Bool) throws(Diagnostic) -> Fragment {
    let field = try SPLField(test.path, in: schema, at: test.origin)
    let inside = try inside(test, negated: true)
    let name = field.inEval
    // The losses are those of the opposite.
    return negated
      ? Fragment(
        "isnull(\(name)) OR isnotnull(mvfilter(\(inside.text)))", binding: booleans.or.binding, losses: inside.losses)
      : Fragment(
        "isnotnull(\(name)) AND isnull(mvfilter(\(inside.text)))", binding: booleans.and.binding,
        losses: inside.losses.map(\.negated))
  }

  private func inside(_ test: ElementTest, negated: Bool) throws(Diagnostic) -> Fragment {
    guard element == nil, test.predicate.fields.allSatisfy(\.steps.isEmpty), test.predicate.onlyField != nil else {
      throw Diagnostic.notYet(.someElement, in: "SPL", at: test.origin)
    }
    return try WherePrinter(schema, element: test.path).print(test.predicate, negated: negated)
  }
}

extension Predicate {
  /// The field of which it says that it has a value.
  fileprivate var presentField: FieldPath? {
    guard case .presence(let test) = self, test.kind == .value else { return nil }
    return test.field
  }

  /// Whether it is the opposite of a test of one of these fields.
  fileprivate func denies(_ fields: Set<FieldPath>) -> Bool {
    guard case .not(.field(let test)) = self, test.subject != .count else { return false }
    if case .field = test.condition { return false }
    return fields.contains(test.field)
  }
}

/// A test in `where`, and the values without which it is NULL.
struct WhereTest {
  var text: String
  /// Expressions that are NULL where the test is.
  var guards: [String]
  var binding: Int
  var losses: [Loss]

  init(_ text: String, guards: [String], binding: Int = .max, losses: [Loss] = []) {
    self.text = text
    self.guards = guards
    self.binding = binding
    self.losses = losses
  }

  /// The test or its opposite, which also holds where the test is NULL.
  ///
  /// - Parameter isThere: Whether a value is known to be there, so that only what is computed of it can be NULL.
  func fragment(_ negated: Bool, _ booleans: BooleanSyntax, isThere: Bool = false) -> Fragment {
    guard negated else { return Fragment(text, binding: binding, losses: losses) }
    let lost = losses.map(\.negated)
    let not = "NOT \(binding == .max ? text : "(\(text))")"
    let guards = isThere ? guards.filter { !$0.hasPrefix("'") } : guards
    guard !guards.isEmpty else { return Fragment(not, binding: booleans.not.binding, losses: lost) }
    let absent = guards.map { "isnull(\($0))" }.joined(separator: " OR ")
    return Fragment("\(absent) OR \(not)", binding: booleans.or.binding, losses: lost)
  }
}
