import Coverage
import Documents
import FieldMapping
import RuleIR
import SourceText

extension Translator {
  /// Holds operations to the events that they are about.
  ///
  /// - Throws: A log source that no mapping describes, or the first field that its events do not have.
  func check(_ set: OperationSet, in document: DocumentNode) throws(Diagnostic) {
    guard let mapping = mapping(named: set.mapping) else {
      let known = mappings.mappings.map(\.name)
      throw Diagnostic(
        .invalidMapping, "no mapping describes the events of '\(visible(set.mapping))'",
        at: document["log-source"]?.range ?? document.range,
        help: nearestName(to: set.mapping, among: known).map { "did you mean '\($0)'?" }
          ?? "known: \(known.joined(separator: ", "))")
    }
    for (name, range) in Self.fieldNames(in: document) {
      guard let path = FieldPath(parsing: name), !mapping.describes(path) else { continue }
      throw Diagnostic(
        .unmappedField, "'\(visible(name))' is no field of the events of \(mapping.name)", at: range,
        help: nearestName(to: name, among: mapping.rows.map(\.path.description)).map { "did you mean '\($0)'?" })
    }
  }

  /// Every name of a field in an operations file, with its place.
  private static func fieldNames(in document: DocumentNode) -> [(name: String, range: SourceRange)] {
    func keys(_ node: DocumentNode?) -> [(name: String, range: SourceRange)] {
      (node?.members ?? []).map { ($0.key.text, $0.key.range) }
    }
    func elements(_ node: DocumentNode?) -> [(name: String, range: SourceRange)] {
      (node?.elements ?? []).compactMap { element in element.text.map { ($0, element.range) } }
    }
    return elements(document["subject"]) + keys(document["common"])
      + (document["operations"]?.elements ?? []).flatMap { keys($0["when"]) + elements($0["fields"]) }
  }
}

extension Mapping {
  /// Whether events may have a field: one with a row, or below an object that may hold others.
  fileprivate func describes(_ path: FieldPath) -> Bool {
    if row(at: path) != nil { return true }
    return path.steps.indices.dropFirst().contains { end in
      row(at: FieldPath(Array(path.steps[..<end]))).map { $0.openness != .closed } ?? false
    }
  }
}
