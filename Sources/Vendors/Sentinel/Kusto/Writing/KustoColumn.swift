import LanguageSupport
import RuleIR
import SourceText

/// A field as Kusto names it, with what is known of it.
struct KustoColumn {
  /// The column, or the path into one: `ObjectRef.resource`.
  var reference: String
  var type: TargetSchema.FieldType?
  /// Whether the schema says that it holds several values; a field of which nothing is known is taken to hold one.
  var isList: Bool
  /// Whether it is a column as a whole, which may be of the type string and then is never null.
  var isWhole: Bool
  /// Whether an empty text is never stored.
  var isRemovedWhenEmpty: Bool
  /// Whether the schema knows it.
  var isKnown: Bool
  var origin: Origin

  /// Whether what is missing can be told from what is empty: inside a dynamic column it can.
  var tellsMissing: Bool { !isWhole || type == .number || type == .boolean || isRemovedWhenEmpty }

  /// The value as a text, as every text operator wants it.
  var text: String { isWhole && (type == .text || type == .ip) ? reference : "tostring(\(reference))" }

  /// The value as a number; null where a text is wholly a number only if `coercing`.
  func number(_ reading: NumberReading) -> String {
    if isWhole, type == .number { return reference }
    return type == .number || reading == .strict ? "toreal(\(reference))" : "toreal(tostring(\(reference)))"
  }
}

/// Finds the columns of the fields of a rule.
struct KustoColumns {
  let schema: TargetSchema
  /// Inside `mv-apply`: the name of the element, and the path of its list.
  var element: (name: String, path: FieldPath)?

  func column(_ path: FieldPath, at origin: Origin) throws(Diagnostic) -> KustoColumn {
    let known = known(path)
    var steps = (known.flatMap { FieldPath(parsing: $0.spelling) } ?? path).steps
    if known == nil, element == nil { steps = Self.split(steps) }
    let isList = steps.last == .each || known?.isList == true && element?.path != path
    if steps.last == .each { steps.removeLast() }
    var reference = element?.name ?? ""
    for step in steps { reference += try text(of: step, isFirst: reference.isEmpty, at: origin) }
    if known == nil, element == nil, let root = unknownRoot(steps) {
      reference = "column_ifexists(\(KustoLiteral.text(root)), dynamic(null))"
      for step in steps.dropFirst() { reference += try text(of: step, isFirst: false, at: origin) }
    }
    guard !reference.isEmpty else {
      throw .untranslatable(.listIndex, in: "Kusto", because: "the event itself is no column", at: origin)
    }
    return KustoColumn(
      reference: reference, type: known?.type, isList: path.steps.isEmpty ? false : isList,
      isWhole: element == nil && steps.count == 1, isRemovedWhenEmpty: known?.isRemovedWhenEmpty ?? false,
      isKnown: known != nil, origin: origin)
  }

  /// What the schema says of a field; inside an element, of the field at the end of both paths.
  private func known(_ path: FieldPath) -> TargetSchema.Column? {
    guard let element else { return schema.columns[path] }
    let each = FieldPath([.each])
    for full in [element.path.appending(path), element.path.appending(each).appending(path), path] {
      guard let column = schema.columns[full] else { continue }
      // Its spelling leads there from the event; only what it says of the values is of use here.
      return TargetSchema.Column(
        spelling: "", type: column.type, isList: path.steps.isEmpty ? false : column.isList,
        isRemovedWhenEmpty: column.isRemovedWhenEmpty)
    }
    return nil
  }

  /// The first step, where the table's columns are known and it is none of them: to name it plainly would be an error.
  private func unknownRoot(_ steps: [FieldPath.Step]) -> String? {
    guard !schema.source.selectors.isEmpty, case .key(let name)? = steps.first else { return nil }
    let isKnown = schema.columns.values.contains { column in
      FieldPath(parsing: column.spelling)?.steps.first == .key(name)
    }
    return isKnown ? nil : name
  }

  /// A dotted name of which nothing is known is taken for a path into a dynamic column.
  private static func split(_ steps: [FieldPath.Step]) -> [FieldPath.Step] {
    guard case .key(let name)? = steps.first else { return steps }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, parts.allSatisfy({ $0.utf8.allSatisfy { $0.isNameStart || $0.isDigit } && !$0.isEmpty })
    else { return steps }
    return parts.map(FieldPath.Step.key) + steps.dropFirst()
  }

  private func text(of step: FieldPath.Step, isFirst: Bool, at origin: Origin) throws(Diagnostic) -> String {
    switch step {
    case .key(let key):
      if isFirst { return KustoLiteral.name(key) }
      return KustoLiteral.isPlain(key) ? ".\(key)" : "[\(KustoLiteral.text(key))]"
    case .index(let index):
      guard !isFirst else {
        throw .untranslatable(.listIndex, in: "Kusto", because: "the event itself is no list", at: origin)
      }
      return "[\(index)]"
    case .each: throw .notYet(.someElement, in: "Kusto", at: origin)
    case .keyPattern: throw .notYet(.keyPattern, in: "Kusto", at: origin)
    }
  }
}
