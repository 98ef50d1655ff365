/// Writes TOML 1.0.
///
/// In each table the values come before the tables within it, as TOML wants it. A `bare` value must be one of TOML's,
/// which has no null.
public enum TOMLWriter {
  /// The document, with a line end after its last line; empty where there is no member.
  public static func write(_ members: [OutputNode.Member]) -> String {
    var printer = TOMLPrinter()
    printer.table(members, path: [])
    return printer.output
  }
}
