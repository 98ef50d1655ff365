import Documents
import RuleIR
import SourceText

/// An item of an exception list: where all its entries hold, the rules that name the list keep silent.
///
/// <https://www.elastic.co/docs/api/doc/kibana/operation/operation-createexceptionlistitem>
struct RuleException {
  private let item: DocumentNode

  /// Nil where a node is no item of a list.
  init?(_ node: DocumentNode) {
    guard node["list_id"]?.text != nil, node["entries"]?.elements != nil else { return nil }
    item = node
  }

  var list: String { item["list_id"]?.text ?? "" }
  var range: SourceRange { item.range }

  /// When it keeps a rule silent; nil where an entry is not modelled.
  var predicate: Predicate? {
    guard let entries = item["entries"]?.elements, !entries.isEmpty else { return nil }
    return Self.all(entries)
  }

  private static func all(_ entries: [DocumentNode]) -> Predicate? {
    var parts: [Predicate] = []
    for entry in entries {
      guard let part = predicate(entry) else { return nil }
      parts.append(part)
    }
    return .conjunction(parts)
  }

  private static func predicate(_ entry: DocumentNode) -> Predicate? {
    guard let field = entry["field"]?.text, let type = entry["type"]?.text else { return nil }
    let path = FieldPath(named: field)
    let origin = Origin(entry.range)
    let test: Predicate
    switch type {
    case "exists": test = .presence(PresenceTest(.value, path, origin: origin))
    case "nested":
      guard let inner = entry["entries"]?.elements.flatMap(all) else { return nil }
      return .some(ElementTest(path, inner, origin: origin))
    case "match", "match_any", "wildcard":
      guard let condition = condition(type, entry) else { return nil }
      test = .field(FieldTest(path, condition, origin: origin))
    case _: return nil
    }
    switch entry["operator"]?.text {
    case "included": return test
    case "excluded": return .not(test)
    case _: return nil
    }
  }

  private static func condition(_ type: String, _ entry: DocumentNode) -> Condition? {
    if type == "match_any" {
      guard let elements = entry["value"]?.elements, !elements.isEmpty else { return nil }
      let texts = elements.compactMap(\.text)
      return texts.count == elements.count ? .oneOf(texts.map { .untyped($0, .sensitive) }) : nil
    }
    guard let text = entry["value"]?.text else { return nil }
    return type == "wildcard"
      ? .matches(TextPattern(wildcard: text), .sensitive) : .equals(.untyped(text, .sensitive))
  }
}
