/// How much a document may hold, so that no input can exhaust the machine.
enum DocumentLimits {
  /// The size of a file in bytes.
  static let bytes = 1 << 20
  /// Levels of lists and mappings in YAML and TOML.
  static let depth = 64
  /// Levels of arrays and objects in JSON, which are those of an event.
  static let jsonDepth = 256
  /// Aliases in a YAML file.
  static let aliases = 1_000
  /// Nodes, those behind an alias counted as often as it stands.
  static let nodes = 100_000
}
