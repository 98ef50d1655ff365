import CYAML
import SourceText

// Scalars and their tags.
extension YAMLComposer {
  mutating func scalar(depth: Int) throws(Diagnostic) -> DocumentNode {
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

  mutating func checkTag(_ tag: UnsafeMutablePointer<UInt8>?, is name: String) throws(Diagnostic) {
    guard let tag = tag.map({ String(cString: $0) }), tag != "!", tag != YAMLTag.prefix + name else { return }
    let start = text.offset(of: events.event.pointee.start_mark)
    let place = YAMLProperties(text.bytes, from: start, to: text.bytes.count).tag ?? start..<start
    throw YAMLTag.unknown(tag, at: range(place.lowerBound, place.upperBound))
  }
}
