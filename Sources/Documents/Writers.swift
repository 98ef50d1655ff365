/// Writes YAML that YAML 1.1 and 1.2 readers read alike.
public enum YAMLWriter {
  /// The document with a line end after its last line.
  public static func write(_ node: OutputNode) -> String { "" }
}

/// Writes compact JSON.
public enum JSONWriter {
  /// The value on one line, without a line end.
  public static func write(_ node: OutputNode) -> String { "" }
}
