import CYAML
import SourceText

/// Builds nodes from libyaml's events.
struct YAMLComposer {
  /// A node that aliases may stand for.
  struct Anchor {
    var node: DocumentNode
    /// How many nodes it has, those behind its aliases included.
    var size: Int
    /// How many levels it has below itself.
    var height: Int
  }

  let file: SourceFile
  let events: YAMLEvents
  var text: YAMLText
  var anchors: [String: Anchor] = [:]
  /// The anchors of nodes that are not finished.
  var openAnchors: Set<String> = []
  var aliasCount = 0
  var nodeCount = 0
  /// The deepest level of the node at hand.
  var deepest = 0
  /// Where the last thing that shows ended.
  var lastEnd = 0

  init(file: SourceFile, text: YAMLText) {
    self.file = file
    self.text = text
    events = YAMLEvents(text.input)
  }

  mutating func documents() throws(Diagnostic) -> [DocumentNode] {
    var documents: [DocumentNode] = []
    while true {
      try advance()
      switch type {
      case YAML_STREAM_END_EVENT: return documents
      case YAML_DOCUMENT_START_EVENT:
        anchors.removeAll()
        try advance()
        let root = try node(depth: 1)
        if !root.isAbsent { documents.append(root) }
      default: continue
      }
    }
  }

  var type: yaml_event_type_t { events.event.pointee.type }

  mutating func advance() throws(Diagnostic) {
    guard events.advance() else { throw YAMLFailure.diagnostic(of: events.failure, file: file, text: &text) }
  }

  /// The node that starts with the current event; leaves its last event current.
  mutating func node(depth: Int) throws(Diagnostic) -> DocumentNode {
    try count(1, depth: depth)
    switch type {
    case YAML_SCALAR_EVENT: return try scalar(depth: depth)
    case YAML_SEQUENCE_START_EVENT:
      let data = events.event.pointee.data.sequence_start
      try checkTag(data.tag, is: "seq")
      return try anchored(data.anchor, depth: depth) { (composer) throws(Diagnostic) in
        try composer.list(depth: depth)
      }
    case YAML_MAPPING_START_EVENT:
      let data = events.event.pointee.data.mapping_start
      try checkTag(data.tag, is: "map")
      return try anchored(data.anchor, depth: depth) { (composer) throws(Diagnostic) in
        try composer.mapping(depth: depth)
      }
    default: return try alias(depth: depth)
    }
  }

  /// Counts nodes, and a level that they reach.
  mutating func count(_ nodes: Int, depth: Int) throws(Diagnostic) {
    nodeCount += nodes
    deepest = max(deepest, depth)
    if nodeCount > DocumentLimits.nodes {
      throw Diagnostic(
        .expansionTooLarge, "the file expands to more than \(DocumentLimits.nodes) nodes", at: here,
        label: "the limit is passed here", notes: ["an alias counts as all the nodes it stands for"])
    }
    if depth > DocumentLimits.depth {
      throw Diagnostic(
        .nestedTooDeeply, "lists and mappings are nested more than \(DocumentLimits.depth) deep", at: here)
    }
  }

  var here: SourceRange {
    mutating get {
      let start = text.offset(of: events.event.pointee.start_mark)
      return SourceRange(file: file, start: start, end: max(start + 1, text.offset(of: events.event.pointee.end_mark)))
    }
  }

  func range(_ start: Int, _ end: Int) -> SourceRange { SourceRange(file: file, start: start, end: end) }
}

extension DocumentNode {
  /// Whether nothing at all is written where a node could be.
  fileprivate var isAbsent: Bool { isNull && scalar?.passage.bytes.isEmpty == true }
}
