public import Documents
public import RuleIR
public import SourceText

/// Something that can be done to a resource, as events show it.
public struct Operation: Hashable, Sendable {
  public var id: String
  public var title: String
  public var description: String
  /// Holds for the events that are this operation.
  public var predicate: Predicate
  /// The fields that matter to someone who looks into one.
  public var fields: [FieldPath]

  public init(id: String, title: String, description: String = "", predicate: Predicate, fields: [FieldPath] = []) {
    self.id = id
    self.title = title
    self.description = description
    self.predicate = predicate
    self.fields = fields
  }
}

/// The operations of one resource: what an operations file holds.
public struct OperationSet: Hashable, Sendable {
  public var id: String
  public var title: String
  /// The mapping whose neutral fields the operations name.
  public var mapping: String
  /// The fields that say what an operation is; a rule that tests none of them matches by the way.
  public var subject: [FieldPath]
  public var operations: [Operation]

  public init(id: String, title: String, mapping: String, subject: [FieldPath], operations: [Operation]) {
    self.id = id
    self.title = title
    self.mapping = mapping
    self.subject = subject
    self.operations = operations
  }
}

extension OperationSet {
  /// Reads an operations file.
  ///
  /// - Throws: The first thing that is wrong, with its place.
  public init(_ document: DocumentNode) throws(Diagnostic) {
    try Self.refuseUnknown(
      document, among: ["id", "title", "log-source", "subject", "common", "operations", "description"])
    id = try Self.text("id", in: document)
    title = try Self.text("title", in: document)
    mapping = try Self.text("log-source", in: document)
    subject = try Self.paths(document["subject"])
    let common = try Self.conditions(document["common"])
    guard let list = document["operations"]?.elements, !list.isEmpty else {
      throw Diagnostic(.missingKey, "an operations file needs a list 'operations'", at: document.range)
    }
    operations = []
    for node in list {
      let operation = try Self.operation(node, common: common)
      if let twin = operations.firstIndex(where: { $0.id == operation.id }) {
        throw Diagnostic(
          .duplicateIdentifier, "two operations have the id '\(operation.id)'", at: node["id"]?.range ?? node.range,
          label: "this one", secondary: list[twin]["id"].map { [.init($0.range, "and this one")] } ?? [])
      }
      operations.append(operation)
    }
  }

  private static func operation(_ node: DocumentNode, common: [Predicate]) throws(Diagnostic) -> Operation {
    try refuseUnknown(node, among: ["id", "title", "description", "when", "fields"])
    return Operation(
      id: try text("id", in: node), title: try text("title", in: node), description: node["description"]?.text ?? "",
      predicate: .conjunction(try common + conditions(node["when"])), fields: try paths(node["fields"]))
  }

  private static func refuseUnknown(_ node: DocumentNode, among keys: [String]) throws(Diagnostic) {
    for member in node.members ?? [] where !keys.contains(member.key.text) {
      throw Diagnostic(
        .unknownKey, "'\(visible(member.key.text))' is no key of an operations file", at: member.key.range,
        help: nearestName(to: member.key.text, among: keys).map { "did you mean '\($0)'?" })
    }
  }

  private static func text(_ key: String, in node: DocumentNode) throws(Diagnostic) -> String {
    guard let text = node[key]?.text else {
      throw Diagnostic(.missingKey, "the key '\(key)' is missing, or is no text", at: node.range)
    }
    return text
  }

  private static func paths(_ node: DocumentNode?) throws(Diagnostic) -> [FieldPath] {
    var paths: [FieldPath] = []
    for element in node?.elements ?? [] { paths.append(try path(element.text ?? "", at: element.range)) }
    return paths
  }

  private static func path(_ text: String, at range: SourceRange) throws(Diagnostic) -> FieldPath {
    guard let path = FieldPath(parsing: text) else {
      throw Diagnostic(.invalidValue, "'\(text)' is no path of an event", at: range)
    }
    return path
  }

  private static func conditions(_ node: DocumentNode?) throws(Diagnostic) -> [Predicate] {
    var conditions: [Predicate] = []
    for member in node?.members ?? [] {
      let field = try path(member.key.text, at: member.key.range)
      conditions.append(condition(field, member.value.texts, Origin(member.value.range)))
    }
    return conditions
  }

  private static func condition(_ field: FieldPath, _ texts: [String], _ origin: Origin) -> Predicate {
    if texts == ["absent"] {
      let empty = Predicate.field(FieldTest(field, .equals(.text("", .sensitive)), origin: origin))
      return .any([.not(.presence(PresenceTest(.value, field, origin: origin))), empty])
    }
    return .field(FieldTest(field, .oneOf(texts.map { .text($0, .sensitive) }), origin: origin))
  }
}
