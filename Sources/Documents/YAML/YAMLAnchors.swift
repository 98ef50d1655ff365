import CYAML
import SourceText

// Anchors and aliases.
extension YAMLComposer {
  /// Reads a list or mapping and remembers it by its anchor.
  mutating func anchored(
    _ name: UnsafeMutablePointer<UInt8>?, depth: Int,
    _ read: (inout YAMLComposer) throws(Diagnostic) -> DocumentNode
  ) throws(Diagnostic) -> DocumentNode {
    guard let anchor = name.map({ String(cString: $0) }) else { return try read(&self) }
    let nodesBefore = nodeCount - 1
    let deepestBefore = deepest
    deepest = depth
    openAnchors.insert(anchor)
    let node = try read(&self)
    openAnchors.remove(anchor)
    anchors[anchor] = Anchor(node: node, size: nodeCount - nodesBefore, height: deepest - depth)
    deepest = max(deepest, deepestBefore)
    return node
  }

  mutating func alias(depth: Int) throws(Diagnostic) -> DocumentNode {
    let name = events.event.pointee.data.alias.anchor.map { String(cString: $0) } ?? ""
    let place = here
    aliasCount += 1
    guard aliasCount <= DocumentLimits.aliases else {
      throw Diagnostic(
        .expansionTooLarge, "the file has more than \(DocumentLimits.aliases) aliases", at: place,
        label: "one too many")
    }
    guard !openAnchors.contains(name) else {
      throw Diagnostic(.badAlias, "the alias '*\(name)' stands inside what it stands for", at: place)
    }
    guard let anchor = anchors[name] else {
      throw Diagnostic(
        .badAlias, "no anchor '&\(name)' stands before the alias '*\(name)'", at: place,
        help: nearestName(to: name, among: anchors.keys.sorted()).map { "did you mean '*\($0)'?" })
    }
    try count(anchor.size - 1, depth: depth + anchor.height)
    lastEnd = place.end
    return anchor.node
  }
}
