import RuleIR
import SourceText

extension EventPass {
  /// Says that a name stands for no field of the event.
  mutating func reportUnmapped(_ path: FieldPath, in scope: MappingScope, at origin: Origin) {
    let name = scope.vendor.appending(path).dotted
    let severity: Diagnostic.Severity
    switch unmapped {
    case .keep: return
    case .warn: severity = .warning
    case .error: severity = .error
    }
    let isImpossible = store.isClosed
    diagnostics.append(
      Diagnostic(
        isImpossible ? .impossibleField : .unmappedField,
        isImpossible
          ? "no \(mapping.title) has a field '\(name)'"
          : "'\(name)' is not among the \(vendor) fields of the mapping \(mapping.name)",
        severity: severity, at: origin.range,
        label: severity == .error ? "unknown field" : "the name is written unchanged",
        help: mapping.nearestSpelling(to: name, of: vendor).map { "did you mean '\($0)'?" }))
  }
}

extension Mapping {
  /// The vendor's name that a wrong one most likely means: one that ends in it, or else the nearest by letters.
  func nearestSpelling(to name: String, of vendor: String) -> String? {
    let names = spellings(of: vendor)
    let ending = "." + name.lowercased()
    return names.filter { $0.lowercased().hasSuffix(ending) }.min { $0.utf8.count < $1.utf8.count }
      ?? nearestName(to: name, among: names)
  }
}
