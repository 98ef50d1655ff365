/// Many literals at once: where in a text one of them stands (Aho and Corasick's automaton).
struct LiteralTrie {
  private struct Node {
    var children: [Unicode.Scalar: Int32] = [:]
    /// The longest proper end of this node's text that is a beginning of some literal.
    var failure: Int32 = 0
    /// The nearest node on the way of failures at which a literal ends.
    var nextOutput: Int32 = -1
    var literals: [Int] = []
  }

  private var nodes = [Node()]

  var isEmpty: Bool { nodes.count == 1 && nodes[0].literals.isEmpty }

  /// The node before the first scalar.
  static let root = 0

  mutating func insert(_ literal: [Unicode.Scalar], _ number: Int) {
    var at = 0
    for scalar in literal {
      if let next = nodes[at].children[scalar] {
        at = Int(next)
      } else {
        nodes[at].children[scalar] = Int32(nodes.count)
        at = nodes.count
        nodes.append(Node())
      }
    }
    nodes[at].literals.append(number)
  }

  /// Finds every node's failure; to be called once, after the last literal.
  mutating func finish() {
    var level = nodes[0].children.values.map { Int($0) }
    while !level.isEmpty {
      var next: [Int] = []
      for node in level {
        for (scalar, child) in nodes[node].children {
          nodes[Int(child)].failure = Int32(step(Int(nodes[node].failure), scalar))
          next.append(Int(child))
        }
      }
      for node in level {
        let failure = Int(nodes[node].failure)
        nodes[node].nextOutput = nodes[failure].literals.isEmpty ? nodes[failure].nextOutput : Int32(failure)
      }
      level = next
    }
  }

  /// The node for the longest end of the text so far that is a beginning of some literal.
  func step(_ node: Int, _ scalar: Unicode.Scalar) -> Int {
    var at = node
    while true {
      if let next = nodes[at].children[scalar] { return Int(next) }
      if at == 0 { return 0 }
      at = Int(nodes[at].failure)
    }
  }

  /// The node for the whole text so far, where it is a beginning of some literal.
  func descend(_ node: Int, _ scalar: Unicode.Scalar) -> Int? { nodes[node].children[scalar].map { Int($0) } }

  /// The literals that are the whole text of a node.
  func literals(at node: Int) -> [Int] { nodes[node].literals }

  /// Calls for every literal that the text so far ends with, the longest first.
  func forEachLiteral(endingAt node: Int, _ visit: (Int) -> Void) {
    var at = node
    while at >= 0 {
      for literal in nodes[at].literals { visit(literal) }
      at = Int(nodes[at].nextOutput)
    }
  }

  /// One of the literals that the text so far ends with; of several the first inserted.
  func anyLiteral(endingAt node: Int) -> Int? {
    var found: Int?
    forEachLiteral(endingAt: node) { found = min($0, found ?? $0) }
    return found
  }
}
