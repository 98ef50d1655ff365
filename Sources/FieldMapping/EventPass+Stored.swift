import RuleIR
import SourceText

extension EventPass {
  /// Whether the vendor does not store the field, which is then said.
  mutating func isAbsent(_ field: ResolvedField, at origin: Origin) -> Bool {
    guard let place = store.absent.first(where: { field.eventPath.removing(prefix: $0) != nil }) else { return false }
    diagnostics.append(
      Diagnostic(
        .impossibleField, "\(vendor) does not store '\(field.eventPath)'", severity: .warning, at: origin.range,
        label: "never there", notes: ["the mapping \(mapping.name) says that '\(place)' is removed"]))
    return true
  }

  /// A test of a field whose empty texts the vendor does not store, so that it must not pass on them.
  func stored(_ test: FieldTest, of field: ResolvedField) -> Predicate {
    guard field.losesEmpty(in: store) else { return .field(test) }
    var test = test
    if let literals = test.condition.listed, test.subject == .value, test.polarity == .someValuePasses {
      let kept = literals.filter { Condition.equals($0).holds(for: "") == false }
      if kept.isEmpty { return .never }
      if kept.count < literals.count { test = test.asking(kept.count == 1 ? .equals(kept[0]) : .oneOf(kept)) }
    }
    return stored(.field(test), of: field, whenEmpty: test.passesOnEmpty, at: test.origin)
  }

  /// The same for a predicate of which it is known whether it passes on an empty text; nil where it is not.
  func stored(
    _ predicate: Predicate, of field: ResolvedField, whenEmpty passes: Bool?, at origin: Origin
  ) -> Predicate {
    guard field.losesEmpty(in: store), passes != false else { return predicate }
    let empty = FieldTest(field.path, .equals(.text("", .sensitive)), origin: origin)
    if !field.isList { return .conjunction([predicate, .negation(of: .field(empty))]) }
    if case .presence(let test) = predicate {
      var differs = empty
      differs.polarity = .someValueFails
      return field.type == nil || test.kind == .single ? .conjunction([predicate, .field(differs)]) : .field(differs)
    }
    guard case .field(var test) = predicate else { return predicate }
    test.field = .element
    let inner = FieldTest(.element, .equals(.text("", .sensitive)), origin: origin)
    return .some(
      ElementTest(field.path, .conjunction([.field(test), .negation(of: .field(inner))]), origin: origin))
  }
}

extension ResolvedField {
  /// Whether an event may have an empty text here that the vendor drops.
  ///
  /// Only members of objects are dropped; an empty text in a list stays.
  func losesEmpty(in store: VendorStore) -> Bool {
    guard store.removesEmpty, !path.steps.isEmpty else { return false }
    guard let row else { return true }
    return row.type.isText && row.mayBeEmpty && !row.isList
  }
}

extension FieldTest {
  /// Whether the test, asked of an empty text alone, is true; nil where that cannot be said.
  var passesOnEmpty: Bool? {
    let passes: Bool?
    switch subject {
    case .value, .spelling: passes = condition.holds(for: "")
    case .length: passes = condition.holds(forNumber: Number(0))
    case .count, .datePart: return false
    case .derived: return nil
    }
    return polarity == .someValuePasses ? passes : passes.map { !$0 }
  }
}

extension Condition {
  /// Whether a number passes; nil for what is not asked of numbers.
  func holds(forNumber number: Number) -> Bool? {
    switch self {
    case .equals(.number(let own, _)): return own == number
    case .order(let order, .number(let bound, _)):
      switch order {
      case .less: return number < bound
      case .lessOrEqual: return number <= bound
      case .greater: return number > bound
      case .greaterOrEqual: return number >= bound
      }
    case .oneOf(let literals):
      return literals.contains { Condition.equals($0).holds(forNumber: number) == true }
    case .equals, .order, .matches, .regex, .network, .term, .encoded, .field: return nil
    }
  }
}
