public import SourceText

/// Reads YAML 1.2 scalars over libyaml's events, into nodes that keep their places.
public enum YAMLReader {
  /// The documents of a file, in order.
  ///
  /// - Throws: the first thing that is wrong, with its place.
  public static func read(_ file: SourceFile) throws(Diagnostic) -> [DocumentNode] {
    throw Diagnostic(.malformedDocument, "not written yet", at: file.wholeRange)
  }
}
