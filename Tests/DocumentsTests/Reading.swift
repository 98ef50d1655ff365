import Documents
import SourceText
import Testing

/// Reads a text that must be right.
func yaml(_ text: String) throws -> DocumentNode {
  let documents = try YAMLReader.read(SourceFile(name: "test.yml", text: text))
  return try #require(documents.count == 1 ? documents.first : nil)
}

func toml(_ text: String) throws -> DocumentNode {
  try TOMLReader.read(SourceFile(name: "test.toml", text: text))
}

func json(_ text: String) throws -> DocumentNode { try JSONReader.read(Passage(name: "test.json", text: text)) }

/// What is said of a text that is wrong; fails where nothing is.
func complaint(_ read: () throws -> Void) throws -> Diagnostic {
  do {
    try read()
  } catch let diagnostic as Diagnostic {
    return diagnostic
  }
  throw Unexpected.noComplaint
}

func yamlComplaint(_ text: String) throws -> Diagnostic {
  try yamlComplaint(Array(text.utf8))
}

func yamlComplaint(_ bytes: [UInt8]) throws -> Diagnostic {
  try complaint { _ = try YAMLReader.read(SourceFile(name: "test.yml", bytes: bytes)) }
}

func tomlComplaint(_ text: String) throws -> Diagnostic { try complaint { _ = try toml(text) } }

func jsonComplaint(_ text: String) throws -> Diagnostic { try complaint { _ = try json(text) } }

enum Unexpected: Error { case noComplaint }

extension Diagnostic {
  /// `line:column` of the primary place.
  var place: String { primary.map { "\($0.range.line):\($0.range.column)" } ?? "nowhere" }
}

extension DocumentNode {
  /// The node as one line: texts in quotes, other scalars with a sign of their kind.
  var outline: String {
    switch content {
    case .list(let elements): "[\(elements.map(\.outline).joined(separator: ", "))]"
    case .mapping(let members):
      "{\(members.map { "\($0.key.text): \($0.value.outline)" }.joined(separator: ", "))}"
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: "null"
      case .boolean(let flag): flag ? "true" : "false"
      case .number: "#\(scalar.text)"
      case .date: "@\(scalar.text)"
      case .string: "'\(scalar.text)'"
      }
    }
  }

  /// Whether every scalar knows its place.
  var placesAreRight: Bool { scalars.allSatisfy { $0.placesAreRight } }

  /// Every scalar, keys as well.
  var scalars: [Scalar] {
    switch content {
    case .scalar(let scalar): [scalar]
    case .list(let elements): elements.flatMap(\.scalars)
    case .mapping(let members): members.flatMap { [$0.key] + $0.value.scalars }
    }
  }
}

extension DocumentNode.Scalar {
  /// What the file has at the place of each byte: the byte itself, a line end, or all of the escape it is part of.
  var sources: [ArraySlice<UInt8>] {
    passage.bytes.indices.map { (index) in
      let range = passage.range(of: index..<(index + 1))
      return range.file.bytes[range.start..<range.end]
    }
  }

  /// Whether each byte is the one that stands at its place, but for line ends and escapes.
  var placesAreRight: Bool {
    zip(passage.bytes, sources).allSatisfy { byte, source in
      if source.elementsEqual([byte]) { return true }
      if source.elementsEqual("\n".utf8) || source.elementsEqual("\r".utf8) || source.elementsEqual("\r\n".utf8) {
        return byte == 10 || byte == 0x20
      }
      return source.elementsEqual("''".utf8) || (source.first == UInt8(ascii: "\\") && source.count <= 12)
    }
  }
}
