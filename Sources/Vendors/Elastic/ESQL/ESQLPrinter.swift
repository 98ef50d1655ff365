import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as conditions of ES|QL.
///
/// Truth there has three values, and `NOT` of what is null is null: negation goes down to the tests, where the branch
/// `IS NULL` is added as far as absence can reach. Where a field may hold several values the test goes through
/// `KQL()` or the `MV_` functions, which look at each of them and are never null.
///
/// What is lost where empty texts are not stored, the mapping has named: the predicate is about events as stored.
struct ESQLPrinter: PredicatePrinter {
  static let language = "esql"

  /// What is known of a field where a part of the predicate counts.
  enum Knowledge: Hashable {
    /// It has a value.
    case present
    /// It has exactly one.
    case single
  }

  let schema: TargetSchema
  /// The names of columns that commands before the condition make.
  var derived: [ESQLDerivedColumns.Key: String] = [:]
  var known: [FieldPath: Knowledge] = [:]

  var booleans: BooleanSyntax { ESQLParser.booleans }
  var negationIsFaithful: Bool { false }

  /// Writes a predicate as a condition.
  ///
  /// - Parameter derived: The columns that commands before it make.
  static func condition(
    _ predicate: Predicate, for schema: TargetSchema, with derived: ESQLDerivedColumns? = nil
  ) throws(Diagnostic) -> Fragment {
    try ESQLPrinter(schema: schema, derived: derived?.names ?? [:]).print(predicate.pushingNegation())
  }

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment { Fragment(value ? "true" : "false") }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    switch test {
    case .presence(let test): return try presence(test, negated)
    case .field(let test): return try ESQLTestPrinter(test, negated, in: self).fragment()
    case .some(let test): return try search(.some(test), .someElement, negated, at: test.origin)
    case .every(let test): return try search(.every(test), .everyElement, negated, at: test.origin)
    case .anyField(let test): return try search(.anyField(test), .anyField, negated, at: test.origin)
    case .rawTerm(let test): throw never(.rawTerm, "the raw text of an event is not searched", at: test.origin)
    case .all, .any, .not: return try print(test, negated: negated)
    }
  }

  func never(_ feature: Feature, _ reason: String, at origin: Origin) -> Diagnostic {
    .untranslatable(feature, in: Self.language, because: reason, at: origin)
  }

  // MARK: Presence

  private func presence(_ test: PresenceTest, _ negated: Bool) throws(Diagnostic) -> Fragment {
    let column = try column(of: test.field, .hasValue, at: test.origin)
    if test.field.hasKeyPattern || column.type == .object {
      let present = Predicate.presence(PresenceTest(.value, test.field, origin: test.origin))
      return try search(present, .hasValue, negated, at: test.origin)
    }
    if test.kind != .key, column.losses.isEmpty, isKnown(test) { return Fragment(negated ? "false" : "true") }
    var losses = column.losses
    if test.kind == .key {
      losses.append(
        Loss(.hasKey, .narrower, because: "a key that holds null or an empty list is not stored", at: test.origin))
    }
    if negated { losses = losses.map(\.negated) }
    guard test.kind == .single, column.mayBeList else {
      return Fragment(negated ? "\(column.name) IS NULL" : "\(column.name) IS NOT NULL", losses: losses)
    }
    let count = "MV_COUNT(MV_DEDUPE(\(column.name)))"
    if !negated { return Fragment("\(count) == 1", losses: losses) }
    return orNull([column], Fragment("\(count) > 1", losses: losses))
  }

  /// Whether what is known at this place answers the test.
  private func isKnown(_ test: PresenceTest) -> Bool {
    switch known[test.field] {
    case nil: false
    case .present: test.kind == .value || !schema.mayBeList(test.field)
    case .single: true
    }
  }

  /// A condition that also holds where a column is null, as far as it may be.
  func orNull(_ columns: [ESQLTarget], _ condition: Fragment) -> Fragment {
    let branches = columns.filter(\.mayBeAbsent).map { "\($0.nullName) IS NULL" }
    guard !branches.isEmpty else { return condition }
    let text = (branches + [condition.text]).joined(separator: " OR ")
    return Fragment(text, binding: booleans.or.binding, losses: condition.losses)
  }

  // MARK: Search

  /// A test through `KQL()`, with the losses that Kuery has.
  func search(
    _ predicate: Predicate, _ feature: Feature, _ negated: Bool, at origin: Origin
  ) throws(Diagnostic) -> Fragment {
    do throws(Diagnostic) {
      let kuery = try Kuery.print(predicate, for: schema)
      return search(kuery.text, negated, losses: kuery.losses)
    } catch {
      throw never(feature, error.primary?.text ?? error.message, at: origin)
    }
  }

  /// `KQL("…")`, in which truth has two values, so that `NOT` means what it says.
  func search(_ kuery: String, _ negated: Bool, options: String = "", losses: [Loss] = []) -> Fragment {
    let spaced = kuery.hasSuffix("\"") ? kuery + " " : kuery
    let text = "KQL(\(ESQLSpelling.text(spaced))\(options))"
    guard negated else { return Fragment(text, losses: losses) }
    return Fragment("NOT \(text)", binding: booleans.not.binding, losses: losses.map(\.negated))
  }
}

extension Predicate {
  /// The predicate with every negation at a test, and presence of nothing denied twice.
  func pushingNegation(_ negated: Bool = false) -> Predicate {
    switch self {
    case .all(let parts):
      let pushed = parts.map { $0.pushingNegation(negated) }
      return negated ? .disjunction(pushed) : .conjunction(pushed)
    case .any(let parts):
      let pushed = parts.map { $0.pushingNegation(negated) }
      return negated ? .conjunction(pushed) : .disjunction(pushed)
    case .not(let inner): return inner.pushingNegation(!negated)
    case .presence, .field, .some, .every, .anyField, .rawTerm: return negated ? .not(self) : self
    }
  }
}

extension FieldPath {
  var hasKeyPattern: Bool {
    steps.contains { step in
      switch step {
      case .keyPattern: true
      case .key, .index, .each: false
      }
    }
  }
}
