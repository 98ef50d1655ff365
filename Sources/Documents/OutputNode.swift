/// A document to be written: what `YAMLWriter`, `TOMLWriter` and `JSONWriter` take.
public indirect enum OutputNode: Hashable, Sendable {
  /// A text; a writer quotes it so that it is read back as just this text.
  case text(String)
  /// A number, boolean or null, written as it is.
  case bare(String)
  case list([OutputNode])
  /// Members in their order.
  case mapping([Member])

  /// A key with its value.
  public struct Member: Hashable, Sendable {
    public var key: String
    public var value: OutputNode

    public init(_ key: String, _ value: OutputNode) {
      self.key = key
      self.value = value
    }
  }

  public static func boolean(_ flag: Bool) -> OutputNode { .bare(flag ? "true" : "false") }
  public static func integer(_ value: Int) -> OutputNode { .bare(String(value)) }
  public static func texts(_ texts: [String]) -> OutputNode { .list(texts.map(OutputNode.text)) }
}
