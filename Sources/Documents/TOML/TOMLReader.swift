public import SourceText

/// Reads TOML 1.0 into nodes that keep their places.
///
/// <https://toml.io/en/v1.0.0>
public enum TOMLReader {
  /// The file as one mapping.
  ///
  /// Underscores in numbers are left out of their text; line ends in strings come out as LF.
  ///
  /// - Throws: the first thing that is wrong, with its place; `no-document` where nothing is written.
  public static func read(_ file: SourceFile) throws(Diagnostic) -> DocumentNode {
    _ = try TextCheck.check(file)
    var parser = TOMLParser(file)
    return try parser.document()
  }
}
