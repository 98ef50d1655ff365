public import RuleIR

/// One page before it is rendered: what it says, and the template that says it.
public struct CataloguePage: Sendable {
  /// The file below the catalogue's folder, such as `rules/sigma/x.html`.
  public var path: String
  public var template: String
  public var content: EventObject

  init(_ path: String, _ template: String, title: String, _ content: EventObject) {
    self.path = path
    self.template = template
    self.content = content
    let depth = path.split(separator: "/").count - 1
    self.content["root"] = .string(String(repeating: "../", count: depth))
    self.content["page-title"] = .string(title)
  }
}

extension EventValue {
  static func texts(_ texts: some Sequence<String>) -> EventValue { .list(texts.map { .string($0) }) }
  static func count(_ count: Int) -> EventValue { .number(Number(count)) }
}

extension Array {
  /// The elements by a key, in the order in which keys first come up.
  func grouped<Key: Hashable>(by key: (Element) -> Key) -> [(key: Key, elements: [Element])] {
    var order: [Key: Int] = [:]
    var groups: [(key: Key, elements: [Element])] = []
    for element in self {
      let name = key(element)
      if let index = order[name] {
        groups[index].elements.append(element)
      } else {
        order[name] = groups.count
        groups.append((name, [element]))
      }
    }
    return groups
  }
}
