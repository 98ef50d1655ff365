import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as conditions of Kusto.
///
/// Negation is pushed to the tests, where it is an operator of its own (`!=`, `!has`) or `not(coalesce(…, false))`:
/// Kusto drops a row whose condition is null, and `not` of a null is null.
struct KustoPrinter: PredicatePrinter {
  let columns: KustoColumns

  var booleans: BooleanSyntax { .kusto }
  var negationIsFaithful: Bool { false }

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment { Fragment(value ? "true" : "false") }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    try self.test(test).fragment(negated: negated)
  }

  /// `isnotempty(f)` is "has a value, and not the empty one"; `isempty(f)` the opposite.
  func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment? {
    guard parts.count == 2, let (path, origin) = Predicate.emptiness(parts[0], parts[1], joinedBy: connective) else {
      return nil
    }
    let column = try columns.column(path, at: origin)
    guard !column.isList else { return nil }
    return Fragment(connective == .and ? "isnotempty(\(column.reference))" : "isempty(\(column.reference))")
  }

  func test(_ predicate: Predicate) throws(Diagnostic) -> KustoTest {
    switch predicate {
    case .presence(let test): return try presence(test)
    case .field(let test): return try field(test)
    case .some(let test), .every(let test):
      throw .untranslatable(
        .someElement, in: "Kusto",
        because: "elements of a list are looked at in a stage of their own, not inside 'or' "
          + "or 'not'", at: test.origin)
    case .anyField(let test): return try anyField(test)
    case .rawTerm(let test):
      let loss = Loss(
        .rawTerm, .both, because: "'*' looks at the values of columns, not at the text of the event", at: test.origin)
      return try everywhere(test.term, test.textCase, loss, test.origin)
    case .all, .any, .not:
      throw .untranslatable(.negation, in: "Kusto", because: "a connective is no test", at: predicate.origin)
    }
  }

  // MARK: Presence

  private func presence(_ test: PresenceTest) throws(Diagnostic) -> KustoTest {
    let column = try columns.column(test.field, at: test.origin)
    switch test.kind {
    case .value:
      guard column.isList else { return present(column, .hasValue) }
      return KustoTest("coalesce(array_length(\(column.reference)), 0) > 0")
    case .single: return single(column)
    case .key: return try key(test, column)
    }
  }

  /// A value is there.
  func present(_ column: KustoColumn, _ feature: Feature) -> KustoTest {
    if column.tellsMissing, !column.isWhole || column.type == .number || column.type == .boolean {
      return KustoTest("isnotnull(\(column.reference))", opposite: "isnull(\(column.reference))")
    }
    let test = KustoTest("isnotempty(\(column.reference))", opposite: "isempty(\(column.reference))")
    guard !column.tellsMissing else { return test }
    return test.losing([
      Loss(feature, .narrower, because: "Kusto cannot tell an empty text from a missing one", at: column.origin)
    ])
  }

  private func single(_ column: KustoColumn) -> KustoTest {
    let test = present(column, .singleValue)
    guard column.isList || !column.isKnown else { return test }
    let loss = Loss(
      .singleValue, .narrower, because: "a list that holds one value twice counts as two", at: column.origin)
    if column.isList { return KustoTest("array_length(\(column.reference)) == 1").losing([loss]) }
    return test.and(KustoTest("coalesce(array_length(\(column.reference)), 1) == 1")).losing([loss])
  }

  private func key(_ test: PresenceTest, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    let loss = Loss(
      .hasKey, .narrower, because: "a column is always there, and a null one is no value", at: test.origin)
    guard !column.isWhole, case .key(let key)? = test.field.steps.last, test.field.steps.count > 1,
      !key.hasPrefix("$")
    else {
      return present(column, .hasKey).losing(column.tellsMissing ? [loss] : [])
    }
    let base = try columns.column(FieldPath(Array(test.field.steps.dropLast())), at: test.origin)
    return KustoTest("bag_has_key(\(base.reference), \(KustoLiteral.text(key)))", isTotal: false)
  }

  // MARK: Every field

  private func anyField(_ test: AnyFieldTest) throws(Diagnostic) -> KustoTest {
    let loss = Loss(
      .anyField, .broader, because: "'*' looks at the keys inside dynamic columns too", at: test.origin)
    switch test.condition {
    case .matches(let pattern, let textCase): return try everywhere(pattern, textCase, loss, test.origin)
    case .term(let match): return try term("*", match, at: test.origin).losing([loss])
    case .equals, .oneOf, .regex, .order, .network, .encoded, .field:
      throw .untranslatable(
        .anyField, in: "Kusto", because: "only a contained text can be looked for in every column", at: test.origin)
    }
  }

  private func everywhere(
    _ pattern: TextPattern, _ textCase: TextCase, _ loss: Loss, _ origin: Origin
  ) throws(Diagnostic) -> KustoTest {
    let text: String
    switch (pattern.shape, loss.feature) {
    case (.contains(let inside), _): text = inside
    case (.exact(let word), .rawTerm): text = word
    case (.exact, _), (.prefix, _), (.suffix, _), (.anything, _), (.glob, _):
      throw .untranslatable(
        loss.feature, in: "Kusto", because: "only a contained text can be looked for in every column", at: origin)
    }
    let isTerm = loss.feature == .rawTerm
    let operation = KustoComparison(isTerm ? .term : .contains, sensitive: textCase == .sensitive)
    return KustoTest("* \(operation.spelling) \(KustoLiteral.text(text))", losses: [loss])
  }
}

extension Predicate {
  /// The predicate with every `not` at a test, and pairs that Kusto has one word for kept together.
  func readyForKusto(negated: Bool = false) -> Predicate {
    switch self {
    case .not(let inner): return inner.readyForKusto(negated: !negated)
    case .all(let parts), .any(let parts):
      let isAll = if case .all = self { !negated } else { negated }
      let ready = parts.map { $0.readyForKusto(negated: negated) }
      let flat = ready.flatMap { part in
        switch part {
        case .all(let inner) where isAll: inner
        case .any(let inner) where !isAll: inner
        case _: [part]
        }
      }
      let paired = Self.pairing(flat, joinedBy: isAll ? .and : .or)
      return isAll ? .all(paired) : .any(paired)
    case .presence, .field, .some, .every, .anyField, .rawTerm: return negated ? .not(self) : self
    }
  }

  private static func pairing(_ parts: [Predicate], joinedBy connective: Connective) -> [Predicate] {
    var paired: [Predicate] = []
    var presences: [FieldPath: Int] = [:]
    var empties: [FieldPath: Int] = [:]
    for part in parts {
      let index = paired.count
      let (path, isPresence) = part.half(joinedBy: connective)
      guard let path else {
        paired.append(part)
        continue
      }
      let partner = isPresence ? empties.removeValue(forKey: path) : presences.removeValue(forKey: path)
      if let partner {
        paired[partner] = connective == .and ? .all([paired[partner], part]) : .any([paired[partner], part])
      } else {
        if isPresence { presences[path] = index } else { empties[path] = index }
        paired.append(part)
      }
    }
    return paired
  }

  /// The field of which two parts together say that it is empty, or that it is not.
  static func emptiness(
    _ first: Predicate, _ second: Predicate, joinedBy connective: Connective
  ) -> (FieldPath, Origin)? {
    let (left, right) = (first.half(joinedBy: connective), second.half(joinedBy: connective))
    guard let path = left.0, path == right.0, left.1 != right.1 else { return nil }
    return (path, first.origin)
  }

  /// The field, if this is a half of `isnotempty` (joined by and) or `isempty` (by or), and whether the half is the
  /// one about presence.
  private func half(joinedBy connective: Connective) -> (FieldPath?, Bool) {
    switch (self, connective) {
    case (.presence(let test), .and) where test.kind == .value: return (test.field, true)
    case (.not(.presence(let test)), .or) where test.kind == .value: return (test.field, true)
    case (.not(.field(let test)), .and) where test.isEmptyText: return (test.field, false)
    case (.field(let test), .or) where test.isEmptyText: return (test.field, false)
    case _: return (nil, false)
    }
  }
}

extension FieldTest {
  var isEmptyText: Bool {
    guard subject == .value, polarity == .someValuePasses, case .equals(let literal) = condition else { return false }
    switch literal {
    case .text(let text, _), .untyped(let text, _): return text.isEmpty
    case .number, .boolean: return false
    }
  }
}
