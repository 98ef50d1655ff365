public import SourceText

/// A node of a YAML, TOML or JSON document that knows its place.
public struct DocumentNode: Sendable {
  public indirect enum Content: Sendable {
    case scalar(Scalar)
    case list([DocumentNode])
    /// Members in their order; no key stands twice.
    case mapping([Member])
  }

  /// A key with its value.
  public struct Member: Sendable {
    public var key: Scalar
    public var value: DocumentNode

    public init(key: Scalar, value: DocumentNode) {
      self.key = key
      self.value = value
    }
  }

  /// A single value: its text, and what its document's language takes it for.
  public struct Scalar: Sendable {
    public enum Kind: Hashable, Sendable {
      case null
      case boolean(Bool)
      /// An integer or a decimal number; the text spells it.
      case number
      case string
      /// A TOML date or time.
      case date
    }

    public enum Style: Hashable, Sendable {
      case plain
      case quoted
      /// A block or multi-line string.
      case block
    }

    /// The value's text, without quotes, escapes and indentation, each byte knowing its place.
    public var passage: Passage
    public var kind: Kind
    public var style: Style

    public init(passage: Passage, kind: Kind, style: Style) {
      self.passage = passage
      self.kind = kind
      self.style = style
    }

    public var text: String { passage.text }
    public var range: SourceRange { passage.wholeRange }
  }

  public var content: Content
  /// The whole node as it stands in the file.
  public var range: SourceRange

  public init(_ content: Content, range: SourceRange) {
    self.content = content
    self.range = range
  }
}

extension DocumentNode {
  /// The value of a key; nil where this is no mapping or lacks it.
  public subscript(key: String) -> DocumentNode? { member(key)?.value }

  /// The member with a key, which is compared byte by byte.
  public func member(_ key: String) -> Member? {
    members?.first { $0.key.passage.bytes.elementsEqual(key.utf8) }
  }

  public var members: [Member]? {
    if case .mapping(let members) = content { members } else { nil }
  }

  public var elements: [DocumentNode]? {
    if case .list(let elements) = content { elements } else { nil }
  }

  public var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The text of a scalar that is not null.
  public var text: String? {
    guard let scalar, scalar.kind != .null else { return nil }
    return scalar.text
  }

  /// The texts of a list of scalars, or of a single scalar.
  public var texts: [String] { elements?.compactMap(\.text) ?? text.map { [$0] } ?? [] }

  public var isNull: Bool { scalar?.kind == .null }

  /// What the node is, in words for a message.
  public var kindName: String {
    switch content {
    case .list: "a list"
    case .mapping: "a mapping"
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: "null"
      case .boolean: "a boolean"
      case .number: "a number"
      case .string: "a text"
      case .date: "a date"
      }
    }
  }
}
