import RuleIR
import SourceText

extension VendorPass {
  /// The vendor's name of an event field, noted as a column; nil, with what there is to say of it, where it has none.
  mutating func resolve(
    _ path: FieldPath, in scope: MappingScope, at origin: Origin, preferring type: TargetSchema.FieldType? = nil
  ) -> ResolvedField? {
    guard let field = resolve(path, in: scope, at: origin, preferring: type, quietly: ()) else {
      if !scope.isUnmapped, !(path.steps.isEmpty && scope.event.steps.isEmpty) {
        reportUnmapped(path, in: scope, at: origin)
      }
      return nil
    }
    if !field.path.steps.isEmpty, columns[field.path] == nil {
      columns[field.path] = TargetSchema.Column(
        spelling: scope.event.steps.isEmpty ? field.name?.spelling ?? field.path.dotted : field.path.dotted,
        type: field.name?.type ?? field.type, isList: field.isList, isAnalysed: field.name?.isAnalysed ?? false,
        isRemovedWhenEmpty: field.losesEmpty(in: store))
    }
    return field
  }

  func resolve(
    _ path: FieldPath, in scope: MappingScope, at origin: Origin, preferring type: TargetSchema.FieldType? = nil,
    quietly: Void
  ) -> ResolvedField? {
    if path.steps.isEmpty, scope.event.steps.isEmpty || scope.isUnmapped { return nil }
    return mapping.vendorField(path, for: vendor, in: scope, preferring: type)
  }

  private mutating func reportUnmapped(_ path: FieldPath, in scope: MappingScope, at origin: Origin) {
    let full = scope.event.appending(path)
    let isKnown = mapping.row(at: full.withoutEach) != nil
    switch unmapped {
    case .keep: return
    // A field that the event does not have was named when the rule was read.
    case .warn: if !isKnown { return }
    case .error: break
    }
    diagnostics.append(
      Diagnostic(
        .unmappedField, "\(vendor) has no name for '\(full)'", severity: unmapped == .error ? .error : .warning,
        at: origin.range,
        label: unmapped == .error ? "not stored there" : "the name is written unchanged",
        notes: ["the mapping \(mapping.name) names no such field of \(vendor)"]))
  }

  /// The path of which a predicate says that it holds no empty text, where the vendor does not store such texts.
  func notEmpty(_ predicate: Predicate, in scope: MappingScope) -> FieldPath? {
    switch predicate {
    case .not(let inner): return empty(inner, in: scope)
    case .field(let test):
      guard test.isNotEmptyText, let field = resolve(test.field, in: scope, at: test.origin, quietly: ()),
        field.losesEmpty(in: store)
      else { return nil }
      return test.field
    case .all, .any, .presence, .some, .every, .anyField, .rawTerm: return nil
    }
  }

  /// The path of which a predicate says that it holds an empty text, where the vendor does not store such texts.
  func empty(_ predicate: Predicate, in scope: MappingScope) -> FieldPath? {
    guard case .field(let test) = predicate, test.isEmptyText,
      let field = resolve(test.field, in: scope, at: test.origin, quietly: ()), field.losesEmpty(in: store),
      // That one of several values is empty says nothing of the others.
      !field.isList
    else { return nil }
    return test.field
  }

  /// Whether a part of a test of elements says that the element is no empty text.
  func notEmptyElement(_ predicate: Predicate) -> Bool {
    guard case .not(.field(let test)) = predicate else { return false }
    return test.isEmptyText && test.field == .element
  }
}

extension FieldTest {
  /// Whether the test is `f = ""`.
  var isEmptyText: Bool { polarity == .someValuePasses && asksForEmptyText }

  /// Whether the test is that some value is no empty text.
  var isNotEmptyText: Bool { polarity == .someValueFails && asksForEmptyText }

  private var asksForEmptyText: Bool {
    guard subject == .value, case .equals(.text("", _)) = condition else { return false }
    return true
  }
}

extension Predicate {
  /// Whether the predicate cannot hold where the path has no value.
  fileprivate func isTrueOnlyWithValue(at path: FieldPath) -> Bool {
    switch self {
    case .presence(let test): test.field == path && test.kind != .key
    case .field(let test): test.field == path && test.subject != .count
    case .all(let parts): parts.contains { $0.isTrueOnlyWithValue(at: path) }
    case .any(let parts): !parts.isEmpty && parts.allSatisfy { $0.isTrueOnlyWithValue(at: path) }
    case .some(let test), .every(let test): test.path == path
    case .not, .anyField, .rawTerm: false
    }
  }

  /// Whether the predicate asks for a stored value at the path, other than that it is no empty text.
  func isPositive(about path: FieldPath) -> Bool {
    if case .field(let test) = self, test.field == path, test.isNotEmptyText { return false }
    return isTrueOnlyWithValue(at: path)
  }
}
