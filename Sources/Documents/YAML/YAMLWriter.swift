/// Writes YAML that YAML 1.1 and 1.2 readers read alike.
///
/// Nested values are indented by four blanks, lists too, as SigmaHQ's rules are. Texts of several lines are literal
/// blocks wherever that is exact.
public enum YAMLWriter {
  /// The document with a line end after its last line.
  public static func write(_ node: OutputNode) -> String {
    var printer = YAMLPrinter()
    printer.root(node)
    return printer.output
  }
}
