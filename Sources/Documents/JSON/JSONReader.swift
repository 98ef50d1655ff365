public import SourceText

/// Reads JSON as RFC 8259 has it, without extensions, into nodes that keep their places.
public enum JSONReader {
  /// The one value that a text holds.
  ///
  /// - Throws: the first thing that is wrong, with its place; `no-document` where nothing is written.
  public static func read(_ passage: Passage) throws(Diagnostic) -> DocumentNode {
    _ = try TextCheck.check(passage)
    var parser = JSONParser(passage)
    return try parser.document()
  }
}
