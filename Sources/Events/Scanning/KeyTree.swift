/// The keys that lead to wanted fields, as a tree whose nodes are numbers.
///
/// A name with dots leads along every way to split it, as it does in an event that is a tree of values.
struct KeyTree {
  /// The members of an object, by key, in a table with open addresses.
  struct Node {
    /// The fields whose path ends here.
    var fields: [UInt32] = []
    var children: [(key: [UInt8], node: Int)] = []
    /// A power of two.
    var slots: [Int32] = []
  }

  private(set) var nodes: [Node] = [Node()]

  mutating func add(_ path: [String], field: UInt32) {
    add(path.map { Array($0.utf8) }[...], field: field, at: 0)
  }

  private mutating func add(_ keys: ArraySlice<[UInt8]>, field: UInt32, at node: Int) {
    guard let first = keys.first else {
      if !nodes[node].fields.contains(field) { nodes[node].fields.append(field) }
      return
    }
    add(keys.dropFirst(), field: field, at: child(of: node, first))
    for dot in first.indices where first[dot] == UInt8(ascii: ".") {
      add([Array(first[(dot + 1)...])] + keys.dropFirst(), field: field, at: child(of: node, Array(first[..<dot])))
    }
  }

  fileprivate mutating func child(of node: Int, _ key: [UInt8]) -> Int {
    if let found = nodes[node].children.first(where: { $0.key == key }) { return found.node }
    nodes.append(Node())
    nodes[node].children.append((key, nodes.count - 1))
    return nodes.count - 1
  }

  /// The way that leads along these keys; nil where none does.
  func node(at keys: [String]) -> Int? {
    var node = 0
    for key in keys {
      guard let next = nodes[node].children.first(where: { $0.key == Array(key.utf8) }) else { return nil }
      node = next.node
    }
    return node
  }
}

extension KeyTree {
  /// Adds a way that leads to no field, for its key to be known.
  mutating func add(_ path: [String], marking: Void) {
    var node = 0
    for key in path { node = self.child(of: node, Array(key.utf8)) }
  }
}
