import Documents
public import SourceText

/// The values that stand for the placeholders of rules, such as the names of an organisation's administrators.
///
///     file = { name ":" ( value | "[" { value } "]" ) } ;
///
/// A file that has these under a key `vars`, as the pipelines of Sigma's own tools do, is read as well.
public struct Placeholders: Sendable {
  private var values: [String: [String]] = [:]

  public init() {}

  /// - Throws: What is wrong with the file.
  public init(reading file: SourceFile) throws(Diagnostic) {
    for document in try YAMLReader.read(file) { try add(document["vars"] ?? document) }
  }

  private mutating func add(_ node: DocumentNode) throws(Diagnostic) {
    guard let members = node.members else {
      throw Diagnostic(
        .wrongType, "placeholders are a mapping from names to values", at: node.range, label: "this is \(node.kindName)"
      )
    }
    for member in members {
      let elements = member.value.elements ?? [member.value]
      let texts = elements.compactMap(\.text)
      guard texts.count == elements.count, !texts.isEmpty else {
        throw Diagnostic(
          .wrongType, "the placeholder '\(member.key.text)' stands for a value, or a list of values",
          at: member.value.range, label: "none, or no single values")
      }
      values[member.key.text] = texts
    }
  }

  /// The values of a placeholder, as its rules' language writes texts.
  public subscript(name: String) -> [String]? { values[name] }

  public var names: [String] { values.keys.sorted() }
}
