import Documents
import SourceText

/// Several documents that share parts, by the `action` that a document gives.
///
/// `global` is a template that is laid under every rule after it, `reset` takes the template away, and `repeat` is
/// the rule before it with this document laid over. The specification has dropped them; rules still use them.
struct RuleCollection {
  /// A document on its own, or what is wrong with its action.
  enum Entry {
    case document(DocumentNode)
    case refused(Diagnostic, DocumentNode)
  }

  static func entries(of documents: [DocumentNode]) -> [Entry] {
    var template: DocumentNode?
    var previous: DocumentNode?
    var entries: [Entry] = []
    for document in documents {
      guard document.members != nil, document["correlation"] == nil, document["filter"] == nil else {
        entries.append(.document(document))
        continue
      }
      let own = document.without("action")
      switch document["action"]?.text {
      case nil where document.member("action") == nil:
        let rule = template.map { $0.overlaid(with: own) } ?? own
        previous = rule
        entries.append(.document(rule))
      case "global": template = own
      case "reset": template = nil
      case "repeat":
        guard let before = previous else {
          entries.append(.refused(Self.fault(document, "there is no rule before it to repeat"), document))
          continue
        }
        let rule = before.overlaid(with: own)
        previous = rule
        entries.append(.document(rule))
      case _: entries.append(.refused(Self.fault(document, "no such action"), document))
      }
    }
    return entries
  }

  private static func fault(_ document: DocumentNode, _ label: String) -> Diagnostic {
    Diagnostic(
      .invalidValue, "this action cannot be carried out", at: document["action"]?.range ?? document.range,
      label: label, notes: ["known are global, reset and repeat"])
  }
}

extension DocumentNode {
  fileprivate func without(_ key: String) -> DocumentNode {
    guard let members else { return self }
    return DocumentNode(.mapping(members.filter { $0.key.text != key }), range: range)
  }

  /// This node with another's members laid over, mapping by mapping; any other value takes the place of the old.
  fileprivate func overlaid(with other: DocumentNode) -> DocumentNode {
    guard var members, let others = other.members else { return other }
    for member in others {
      if let index = members.firstIndex(where: { $0.key.text == member.key.text }) {
        members[index].value = members[index].value.overlaid(with: member.value)
      } else {
        members.append(member)
      }
    }
    return DocumentNode(.mapping(members), range: other.range)
  }
}
