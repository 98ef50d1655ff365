/// What becomes of a field that the mapping has no row for.
public enum UnmappedPolicy: String, Hashable, Sendable, CaseIterable {
  /// The rule is refused.
  case error
  /// Its name is written unchanged, with a warning.
  case warn
  /// Its name is written unchanged.
  case keep
}
