public import SourceText

/// Reads YAML with the scalars of YAML 1.2's core schema, into nodes that keep their places.
///
/// The syntax is libyaml's, to which NEL, LS and PS are line ends, as they were in YAML 1.1. Merge keys are applied;
/// duplicate keys, unknown tags and whatever expands beyond the limits are refused.
public enum YAMLReader {
  /// The documents of a file, in order, without empty ones.
  ///
  /// - Throws: the first thing that is wrong, with its place; `no-document` where nothing is left.
  public static func read(_ file: SourceFile) throws(Diagnostic) -> [DocumentNode] {
    let check = try TextCheck.check(file)
    let documents = try file.bytes.withUnsafeBufferPointer { (bytes) throws(Diagnostic) in
      var composer = YAMLComposer(file: file, text: YAMLText(bytes, check, markLength: file.markLength))
      return try composer.documents()
    }
    guard !documents.isEmpty else {
      throw Diagnostic(
        .noDocument, "the file holds no YAML document", at: SourceRange(file: file, start: 0, end: 0),
        help: "comments and '---' alone are no document")
    }
    return documents
  }
}
