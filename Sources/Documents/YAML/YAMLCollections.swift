import CYAML
import SourceText

// Lists and mappings.
extension YAMLComposer {
  mutating func list(depth: Int) throws(Diagnostic) -> DocumentNode {
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

  mutating func mapping(depth: Int) throws(Diagnostic) -> DocumentNode {
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
}

extension DocumentNode.Scalar {
  /// Whether it is the plain `<<` of YAML's merge type, which YAML 1.2 left out and which people go on using.
  ///
  /// <https://yaml.org/type/merge.html>
  fileprivate var isMergeKey: Bool { style == .plain && passage.bytes == [0x3C, 0x3C] }
}
