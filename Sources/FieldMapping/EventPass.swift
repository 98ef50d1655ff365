import RuleIR
import SourceText

/// Turns predicates in a vendor's field names into predicates in the event's.
///
/// What the importer had to leave open for want of a schema is settled here: untyped literals get the field's type,
/// `single` of a field that is no list becomes a test of presence, constants become true or false, values that the
/// vendor writes in another way are written as the event has them, and what the vendor does not store gets the test
/// that keeps the meaning.
struct EventPass {
  let mapping: Mapping
  let vendor: String
  let store: VendorStore
  let unmapped: UnmappedPolicy
  var diagnostics: [Diagnostic] = []
  /// Where a value is taken for a block of addresses, in languages in which it may be a text as well.
  var blocks: Set<SourceRange> = []

  init(_ mapping: Mapping, from vendor: String, unmapped: UnmappedPolicy) {
    self.mapping = mapping
    self.vendor = vendor
    self.store = mapping.stores[vendor] ?? .unknown
    self.unmapped = unmapped
  }

  mutating func predicate(_ predicate: Predicate, in scope: MappingScope = MappingScope()) -> Predicate {
    switch predicate {
    case .all(let parts):
      var mapped: [Predicate] = []
      for part in parts { mapped.append(self.predicate(part, in: scope)) }
      return .concise(all: mapped)
    case .any(let parts):
      blocks.formUnion(parts.compactMap(\.networkRange))
      var mapped: [Predicate] = []
      for part in parts { mapped.append(self.predicate(part, in: scope)) }
      return .concise(any: mapped)
    case .not(let inner): return .negation(of: self.predicate(inner, in: scope))
    case .presence(let test): return presence(test, in: scope)
    case .field(let test): return field(test, in: scope)
    case .some(let test):
      guard let mapped = element(test, in: scope) else { return .never }
      return .some(mapped)
    case .every(let test):
      guard let mapped = element(test, in: scope) else { return .never }
      return .every(mapped)
    case .anyField, .rawTerm: return predicate
    }
  }

  private mutating func element(_ test: ElementTest, in scope: MappingScope) -> ElementTest? {
    var mapped = test
    var inner = MappingScope(
      vendor: scope.vendor.appending(test.path), event: scope.event.appending(test.path), isUnmapped: true)
    if let field = resolve(test.path, in: scope, at: test.origin) {
      if isAbsent(field, at: test.origin) { return nil }
      mapped.path = field.path
      inner.event = field.eventPath
      inner.isUnmapped = false
    }
    mapped.predicate = predicate(test.predicate, in: inner)
    return mapped
  }

  /// The field that a name stands for; nil, with what there is to say of it, where it stands for none.
  mutating func resolve(_ path: FieldPath, in scope: MappingScope, at origin: Origin) -> ResolvedField? {
    if path.steps.isEmpty, scope.vendor.steps.isEmpty || scope.isUnmapped { return nil }
    switch mapping.resolve(path, of: vendor, in: scope) {
    case .field(let field): return field
    case .constant, .unmapped:
      if let field = mapping.resolveField(path, of: vendor, in: scope) { return field }
      if !scope.isUnmapped { reportUnmapped(path, in: scope, at: origin) }
      return nil
    }
  }

  private mutating func presence(_ test: PresenceTest, in scope: MappingScope) -> Predicate {
    if case .constant = mapping.resolve(test.field, of: vendor, in: scope) { return .always }
    guard let field = resolve(test.field, in: scope, at: test.origin) else { return .presence(test) }
    if isAbsent(field, at: test.origin) { return .never }
    var mapped = test
    mapped.field = field.path
    if mapped.kind == .single, !field.isList { mapped.kind = .value }
    if let values = field.name?.values, !values.isEmpty { return isWritten(field, values, at: test.origin) }
    if mapped.kind == .single, field.losesEmpty(in: store) { warnOfCountedEmpty(field, at: test.origin) }
    return stored(.presence(mapped), of: field, whenEmpty: true, at: test.origin)
  }

  /// No predicate asks whether there is just one value beside empty texts.
  private mutating func warnOfCountedEmpty(_ field: ResolvedField, at origin: Origin) {
    diagnostics.append(
      Diagnostic(
        .assumedMeaning, "an empty text at '\(field.eventPath)' is taken for a value here", severity: .warning,
        at: origin.range, notes: ["\(vendor) does not store it, so that one other value would be the only one there"]))
  }

  private mutating func field(_ test: FieldTest, in scope: MappingScope) -> Predicate {
    if case .constant(let constant) = mapping.resolve(test.field, of: vendor, in: scope),
      constant.values.count == 1 || constant.verdict(test.condition) != nil
        || mapping.resolveField(test.field, of: vendor, in: scope) == nil
    {
      return self.constant(constant, test)
    }
    if case .keyPattern(let pattern)? = test.field.steps.first, test.field.steps.count == 1,
      test.polarity == .someValuePasses, let expanded = expanded(test, pattern, in: scope)
    {
      return expanded
    }
    guard let field = resolve(test.field, in: scope, at: test.origin) else {
      return .field(mappingOtherField(of: test, in: scope))
    }
    if isAbsent(field, at: test.origin) { return .never }
    if let counted = counting(test, field) { return counted }
    if test.polarity == .someValueFails, !field.isList, field.type != .object {
      var passing = test
      passing.polarity = .someValuePasses
      let present = presence(PresenceTest(.value, test.field, origin: test.origin), in: scope)
      return .conjunction([present, .negation(of: self.field(passing, in: scope))])
    }
    return passing(test, field, in: scope)
  }

  /// The count of the values of a field that is no list, which is one or none, as a question whether it is there.
  private func counting(_ test: FieldTest, _ field: ResolvedField) -> Predicate? {
    guard test.subject == .count, !field.isList, let whenAbsent = test.condition.holds(forNumber: Number(0)),
      let whenPresent = test.condition.holds(forNumber: Number(1))
    else { return nil }
    let present = PresenceTest(.value, field.path, origin: test.origin)
    let stored = stored(.presence(present), of: field, whenEmpty: true, at: test.origin)
    let passes = test.polarity == .someValuePasses
    switch (whenAbsent == passes, whenPresent == passes) {
    case (true, true): return .always
    case (false, false): return .never
    case (true, false): return .negation(of: stored)
    case (false, true): return stored
    }
  }

  /// The test of a field that has a row or lies in an open object.
  private mutating func passing(_ test: FieldTest, _ field: ResolvedField, in scope: MappingScope) -> Predicate {
    if field.name?.isAnalysed == true, test.subject == .value, test.condition.isOfTexts {
      diagnostics.append(
        Diagnostic(
          .assumedMeaning, "the test is taken to be about the whole text of '\(field.eventPath)'", severity: .warning,
          at: test.origin.range, label: "a field that is searched word by word",
          notes: ["\(vendor) splits '\(field.name?.spelling ?? "")' into words in small letters, and finds these"]))
    }
    var mapped = mappingOtherField(of: test, in: scope)
    mapped.field = field.path
    if let values = field.name?.values, !values.isEmpty {
      return translatingValues(mapped, field, values)
    }
    if let parts = networks(mapped, field) {
      return .disjunction(parts.map { typed($0, field) })
    }
    return typed(mapped, field)
  }

  private mutating func typed(_ written: FieldTest, _ field: ResolvedField) -> Predicate {
    let test = field.isSpelledNumber ? written.readingNumbers : written
    guard let typed = resolvingTypes(test, field) else {
      // No value passes, so some value fails wherever there is one.
      if test.polarity == .someValuePasses { return .never }
      return stored(
        .presence(PresenceTest(.value, test.field, origin: test.origin)), of: field, whenEmpty: true, at: test.origin)
    }
    warnOfUnseenValues(typed, field)
    return stored(typed, of: field)
  }

  /// The test with the field on its other side mapped as well.
  private mutating func mappingOtherField(of test: FieldTest, in scope: MappingScope) -> FieldTest {
    guard case .field(let relation, let other, let textCase) = test.condition,
      let field = resolve(other, in: scope, at: test.origin)
    else { return test }
    var mapped = test
    mapped.condition = .field(relation, field.path, textCase)
    return mapped
  }

  /// A name with wildcards stands for each field that it matches.
  private mutating func expanded(
    _ test: FieldTest, _ pattern: TextPattern, in scope: MappingScope
  ) -> Predicate? {
    var parts: [Predicate] = []
    for row in mapping.rows where row.type != .object {
      guard let name = row.fields[vendor]?.names.first(where: { pattern.covers($0.path.dotted, .sensitive) })
      else { continue }
      var single = test
      single.field = name.path
      if case .field(let field) = mapping.resolve(name.path, of: vendor, in: scope),
        resolvingTypesQuietly(single, field) != nil
      {
        parts.append(self.field(single, in: scope))
      }
    }
    return parts.isEmpty ? nil : .disjunction(parts)
  }
}

extension Predicate {
  /// The place of a test of a block of addresses.
  fileprivate var networkRange: SourceRange? {
    if case .field(let test) = self, case .network = test.condition { test.origin.range } else { nil }
  }

  /// All of the parts, without what others say as well.
  fileprivate static func concise(all parts: [Predicate]) -> Predicate {
    guard case .all(let flat) = conjunction(parts) else { return conjunction(parts) }
    return conjunction(withoutImpliedPresence(all: flat))
  }

  /// Some of the parts, without what others cover.
  fileprivate static func concise(any parts: [Predicate]) -> Predicate {
    guard case .any(let flat) = disjunction(parts) else { return disjunction(parts) }
    return disjunction(withoutImpliedAbsence(any: flat))
  }
}

extension VendorStore {
  /// Of a vendor that the mapping does not know.
  static let unknown = VendorStore(
    selectors: [], requiredKeys: [], requiresConstant: false, naming: .flat, marksLists: false, isClosed: false,
    removesEmpty: false, absent: [], constants: [])
}

extension Condition {
  /// Whether it compares texts, which words of them would answer in another way.
  fileprivate var isOfTexts: Bool {
    switch self {
    case .equals(let literal): literal.isText
    case .oneOf(let literals): literals.contains(where: \.isText)
    case .matches(let pattern, _): pattern.shape != .anything
    case .regex, .encoded, .field: true
    case .order, .network, .term: false
    }
  }
}

extension Literal {
  fileprivate var isText: Bool {
    switch self {
    case .text, .untyped: true
    case .number, .boolean: false
    }
  }
}
