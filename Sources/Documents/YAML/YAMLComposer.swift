import CYAML
import SourceText

/// Builds nodes from libyaml's events.
struct YAMLComposer {
  /// A node that aliases may stand for.
  private struct Anchor {
    var node: DocumentNode
    /// How many nodes it has, those behind its aliases included.
    var size: Int
    /// How many levels it has below itself.
    var height: Int
  }

  private let file: SourceFile
  private let events: YAMLEvents
  private var text: YAMLText
  private var anchors: [String: Anchor] = [:]
  /// The anchors of nodes that are not finished.
  private var openAnchors: Set<String> = []
  private var aliasCount = 0
  private var nodeCount = 0
  /// The deepest level of the node at hand.
  private var deepest = 0
  /// Where the last thing that shows ended.
  private var lastEnd = 0

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

  private var type: yaml_event_type_t { events.event.pointee.type }

  private mutating func advance() throws(Diagnostic) {
    guard events.advance() else { throw YAMLFailure.diagnostic(of: events.failure, file: file, text: &text) }
  }

  /// The node that starts with the current event; leaves its last event current.
  private mutating func node(depth: Int) throws(Diagnostic) -> DocumentNode {
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
  private mutating func count(_ nodes: Int, depth: Int) throws(Diagnostic) {
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

  private var here: SourceRange {
    mutating get {
      let start = text.offset(of: events.event.pointee.start_mark)
      return SourceRange(file: file, start: start, end: max(start + 1, text.offset(of: events.event.pointee.end_mark)))
    }
  }

  private func range(_ start: Int, _ end: Int) -> SourceRange { SourceRange(file: file, start: start, end: end) }

  // MARK: Lists and mappings

  private mutating func list(depth: Int) throws(Diagnostic) -> DocumentNode {
    let start = text.offset(of: events.event.pointee.start_mark)
    let isFlow = events.event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
    var elements: [DocumentNode] = []
    try advance()
    while type != YAML_SEQUENCE_END_EVENT {
      elements.append(try node(depth: depth + 1))
      try advance()
    }
    if isFlow { lastEnd = text.offset(of: events.event.pointee.end_mark) }
    return DocumentNode(.list(elements), range: range(start, lastEnd))
  }

  private mutating func mapping(depth: Int) throws(Diagnostic) -> DocumentNode {
    let start = text.offset(of: events.event.pointee.start_mark)
    let isFlow = events.event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
    var list = MemberList()
    var merge: (position: Int, members: [DocumentNode.Member], range: SourceRange)?
    try advance()
    while type != YAML_MAPPING_END_EVENT {
      let key = try key(depth: depth + 1)
      try advance()
      let value = try node(depth: depth + 1)
      if key.isMergeKey {
        if let merge { throw .duplicateKey(key, first: merge.range) }
        merge = (list.members.count, try YAMLMerge.members(of: value, at: key.range), key.range)
      } else {
        try list.append(DocumentNode.Member(key: key, value: value))
      }
      try advance()
    }
    if let merge { list.insert(merge.members, at: merge.position) }
    if isFlow { lastEnd = text.offset(of: events.event.pointee.end_mark) }
    return DocumentNode(.mapping(list.members), range: range(start, lastEnd))
  }

  private mutating func key(depth: Int) throws(Diagnostic) -> DocumentNode.Scalar {
    let place = here
    let key = try node(depth: depth)
    guard let scalar = key.scalar else {
      throw Diagnostic(
        .malformedDocument, "\(key.kindName) is no key: a key is a single text", at: place,
        help: "quote a text that starts with '[' or '{'")
    }
    return scalar
  }

  // MARK: Scalars

  private mutating func scalar(depth: Int) throws(Diagnostic) -> DocumentNode {
    let event = events.event.pointee
    let data = event.data.scalar
    let start = text.offset(of: event.start_mark)
    var end = text.offset(of: event.end_mark)
    let properties = YAMLProperties(text.bytes, from: start, to: end)
    let value = UnsafeBufferPointer(start: data.value, count: data.length)
    var places = YAMLScalarPlaces(source: text.bytes, value: value, from: properties.contentStart, to: end)
    let style: DocumentNode.Scalar.Style
    switch data.style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      style = .quoted
      places.alignSingleQuoted()
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      style = .quoted
      places.alignDoubleQuoted()
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE:
      style = .block
      if data.style == YAML_LITERAL_SCALAR_STYLE { places.alignLiteral() } else { places.alignFolded() }
      while end > start, YAMLScalarPlaces.isSpace(text.bytes[end - 1]) { end -= 1 }
    default:
      style = .plain
      places.alignPlain()
    }
    lastEnd = end
    let passage = Passage(
      file: file, bytes: Array(value), segments: places.segments, wholeRange: range(properties.contentStart, end))
    let kind = try kind(data, value, properties)
    let node = DocumentNode(
      .scalar(DocumentNode.Scalar(passage: passage, kind: kind, style: style)), range: range(start, end))
    if let name = data.anchor { anchors[String(cString: name)] = Anchor(node: node, size: 1, height: 0) }
    return node
  }

  private func kind(
    _ data: yaml_event_t.__Unnamed_union_data.__Unnamed_struct_scalar, _ value: UnsafeBufferPointer<UInt8>,
    _ properties: YAMLProperties
  ) throws(Diagnostic) -> DocumentNode.Scalar.Kind {
    guard let tag = properties.tag else {
      return data.style == YAML_PLAIN_SCALAR_STYLE ? YAMLCoreSchema.kind(of: value) : .string
    }
    let place = range(tag.lowerBound, tag.upperBound)
    return try YAMLTag.kind(name: data.tag.map { String(cString: $0) }, value, at: place)
  }

  private mutating func checkTag(_ tag: UnsafeMutablePointer<UInt8>?, is name: String) throws(Diagnostic) {
    guard let tag = tag.map({ String(cString: $0) }), tag != "!", tag != YAMLTag.prefix + name else { return }
    let start = text.offset(of: events.event.pointee.start_mark)
    let place = YAMLProperties(text.bytes, from: start, to: text.bytes.count).tag ?? start..<start
    throw YAMLTag.unknown(tag, at: range(place.lowerBound, place.upperBound))
  }

  // MARK: Anchors

  /// Reads a list or mapping and remembers it by its anchor.
  private mutating func anchored(
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

  private mutating func alias(depth: Int) throws(Diagnostic) -> DocumentNode {
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

extension DocumentNode {
  /// Whether nothing at all is written where a node could be.
  fileprivate var isAbsent: Bool { isNull && scalar?.passage.bytes.isEmpty == true }
}

extension DocumentNode.Scalar {
  /// Whether it is the plain `<<` of YAML's merge type, which YAML 1.2 left out and which people go on using.
  ///
  /// <https://yaml.org/type/merge.html>
  fileprivate var isMergeKey: Bool { style == .plain && passage.bytes == [0x3C, 0x3C] }
}
