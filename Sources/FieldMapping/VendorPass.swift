import RuleIR
import SourceText

/// Turns predicates in the event's field names into predicates in a vendor's, and notes what the vendor's way of
/// storing events loses.
struct VendorPass {
  let mapping: Mapping
  let vendor: String
  let store: VendorStore
  let unmapped: UnmappedPolicy
  var columns: [FieldPath: TargetSchema.Column] = [:]
  var losses: [Loss] = []
  var diagnostics: [Diagnostic] = []

  /// Whether a part makes the rule fire, or keeps it from firing.
  enum Sign {
    case positive, negative

    var opposite: Sign {
      switch self {
      case .positive: .negative
      case .negative: .positive
      }
    }
  }

  init(_ mapping: Mapping, to vendor: String, unmapped: UnmappedPolicy) {
    self.mapping = mapping
    self.vendor = vendor
    self.store = mapping.stores[vendor] ?? .unknown
    self.unmapped = unmapped
  }

  mutating func predicate(
    _ predicate: Predicate, in scope: MappingScope = MappingScope(), _ sign: Sign = .positive,
    nonEmpty: Set<FieldPath> = []
  ) -> Predicate {
    switch predicate {
    case .all(let parts):
      let guarded = Set(parts.compactMap { notEmpty($0, in: scope) })
      let held = guarded.filter { path in parts.contains { $0.isPositive(about: path) } }
      var mapped: [Predicate] = []
      for part in parts {
        if let path = notEmpty(part, in: scope), held.contains(path) { continue }
        mapped.append(self.predicate(part, in: scope, sign, nonEmpty: nonEmpty.union(held)))
      }
      return .conjunction(mapped)
    case .any(let parts):
      let guarded = Set(parts.compactMap { empty($0, in: scope) })
      let held = guarded.filter { path in
        parts.contains { if case .not(let inner) = $0 { inner.isPositive(about: path) } else { false } }
      }
      var mapped: [Predicate] = []
      for part in parts {
        if let path = empty(part, in: scope), held.contains(path) { continue }
        mapped.append(self.predicate(part, in: scope, sign, nonEmpty: nonEmpty.union(held)))
      }
      return .disjunction(mapped)
    case .not(let inner):
      return .negation(of: self.predicate(inner, in: scope, sign.opposite, nonEmpty: nonEmpty))
    case .presence(let test): return presence(test, in: scope, sign, nonEmpty: nonEmpty)
    case .field(let test): return field(test, in: scope, sign, nonEmpty: nonEmpty)
    case .some(let test): return some(test, in: scope, sign)
    case .every(let test):
      guard let mapped = element(test, in: scope, sign) else { return .never }
      return .every(mapped)
    case .anyField, .rawTerm: return predicate
    }
  }

  private mutating func some(_ test: ElementTest, in scope: MappingScope, _ sign: Sign) -> Predicate {
    var test = test
    // Elements that are empty texts are not stored, so that a test against them says nothing.
    if let field = resolve(test.path, in: scope, at: test.origin, quietly: ()), field.losesEmpty(in: store),
      case .all(let parts) = test.predicate
    {
      let kept = parts.filter { notEmptyElement($0) == false }
      test.predicate = kept.count == 1 ? kept[0] : .all(kept)
      if kept.count == 1, case .field(var inner) = kept[0], inner.field == .element,
        inner.polarity == .someValuePasses, inner.subject != .count
      {
        inner.field = test.path
        return self.field(inner, in: scope, sign, nonEmpty: [test.path])
      }
    }
    guard let mapped = element(test, in: scope, sign) else { return .never }
    return .some(mapped)
  }

  private mutating func element(_ test: ElementTest, in scope: MappingScope, _ sign: Sign) -> ElementTest? {
    var mapped = test
    var inner = MappingScope(
      vendor: scope.vendor.appending(test.path), event: scope.event.appending(test.path), isUnmapped: true)
    if let field = resolve(test.path, in: scope, at: test.origin) {
      if isAbsent(field, sign, at: test.origin) { return nil }
      mapped.path = field.path
      inner.vendor = scope.vendor.appending(field.path)
      inner.isUnmapped = false
    }
    mapped.predicate = predicate(test.predicate, in: inner, sign)
    return mapped
  }

  private mutating func presence(
    _ test: PresenceTest, in scope: MappingScope, _ sign: Sign, nonEmpty: Set<FieldPath>
  ) -> Predicate {
    guard let field = resolve(test.field, in: scope, at: test.origin) else { return .presence(test) }
    if isAbsent(field, sign, at: test.origin) { return .never }
    var mapped = test
    mapped.field = field.path
    let reason = "\(vendor) does not store an empty text at '\(field.path.dotted)'"
    if field.losesEmpty(in: store), test.kind == .single, field.isList {
      // An empty text beside one other value made two, and alone was one.
      lose(.singleValue, .both, sign, reason, test.origin)
    } else if field.losesEmpty(in: store), !nonEmpty.contains(test.field) {
      lose(.hasValue, .narrower, sign, reason, test.origin)
    }
    return .presence(mapped)
  }

  private mutating func field(
    _ test: FieldTest, in scope: MappingScope, _ sign: Sign, nonEmpty: Set<FieldPath>
  ) -> Predicate {
    let type: TargetSchema.FieldType? = if case .network = test.condition { .ip } else { nil }
    guard let field = resolve(test.field, in: scope, at: test.origin, preferring: type) else {
      return .field(mappingOtherField(of: test, in: scope))
    }
    if isAbsent(field, sign, at: test.origin) { return .never }
    var mapped = mappingOtherField(of: test, in: scope)
    mapped.field = field.path
    if let values = field.name?.values, !values.isEmpty {
      guard let translated = translatingValues(mapped, field, values) else { return .never }
      mapped = translated
    }
    if field.isSpelledNumber {
      guard let spelled = mapped.spellingNumbers else {
        diagnostics.append(
          Diagnostic(
            .untranslatable, "\(vendor) stores the numbers of '\(field.eventPath)' as texts", at: test.origin.range,
            label: "asks for more than which number it is"))
        return .never
      }
      mapped = spelled
    }
    guard field.losesEmpty(in: store), !nonEmpty.contains(test.field) else { return .field(mapped) }
    return withoutEmpty(mapped, field, sign)
  }

  /// The test on stored events, which hold no empty text there.
  private mutating func withoutEmpty(_ test: FieldTest, _ field: ResolvedField, _ sign: Sign) -> Predicate {
    let presence = PresenceTest(.value, test.field, origin: test.origin)
    let name = test.field.dotted
    if test.isNotEmptyText { return .presence(presence) }
    if let literals = test.condition.listed, test.subject == .value, test.polarity == .someValuePasses,
      literals.contains(where: { Condition.equals($0).holds(for: "") == true })
    {
      let kept = literals.filter { Condition.equals($0).holds(for: "") != true }
      lose(
        .emptyText, field.isList ? .both : .broader, sign,
        "\(vendor) does not store an empty text: '\(name)' is then absent", test.origin)
      let missing = Predicate.not(.presence(presence))
      if kept.isEmpty { return missing }
      return .disjunction([.field(test.asking(kept.count == 1 ? .equals(kept[0]) : .oneOf(kept))), missing])
    }
    if test.passesOnEmpty != false {
      lose(.emptyText, .narrower, sign, "\(vendor) does not store an empty text at '\(name)'", test.origin)
    }
    return .field(test)
  }

  private mutating func mappingOtherField(of test: FieldTest, in scope: MappingScope) -> FieldTest {
    guard case .field(let relation, let other, let textCase) = test.condition,
      let field = resolve(other, in: scope, at: test.origin)
    else { return test }
    var mapped = test
    mapped.condition = .field(relation, field.path, textCase)
    return mapped
  }

  /// The test of a name under which the vendor has other values than the event.
  private mutating func translatingValues(
    _ test: FieldTest, _ field: ResolvedField, _ values: [VendorField.ValuePair]
  ) -> FieldTest? {
    let known = field.row?.knownValues ?? []
    let isTotal = !known.isEmpty && Set(known).isSubset(of: values.map(\.event))
    if isTotal, test.subject == .value, test.polarity == .someValuePasses, test.condition.isOfWholeValues {
      let kept = values.filter { test.condition.holds(for: $0.event) == true }.map(\.vendor)
      return test.asking(texts: kept)
    }
    diagnostics.append(
      Diagnostic(
        .untranslatable, "this test of '\(field.eventPath)' has no form in \(vendor)", at: test.origin.range,
        notes: ["\(vendor) has only the values \(values.map(\.vendor).joined(separator: ", "))"]))
    return nil
  }

  mutating func lose(_ feature: Feature, _ drift: Drift, _ sign: Sign, _ reason: String, _ origin: Origin) {
    let loss = Loss(feature, drift, because: reason, at: origin)
    losses.append(sign == .positive ? loss : loss.negated)
  }

  /// Whether the vendor does not store the field, which loses whatever is asked of it.
  private mutating func isAbsent(_ field: ResolvedField, _ sign: Sign, at origin: Origin) -> Bool {
    guard store.absent.contains(where: { field.eventPath.removing(prefix: $0) != nil }) else { return false }
    lose(.hasValue, .narrower, sign, "\(vendor) does not store '\(field.eventPath)'", origin)
    return true
  }
}
