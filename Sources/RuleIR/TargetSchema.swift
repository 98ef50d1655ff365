/// How one product stores the events of one log source: what an exporter may rely on.
///
/// Yielded by the mapping pass on the way back. Without a schema an exporter assumes nothing.
public struct TargetSchema: Hashable, Sendable {
  /// The type of a field's values.
  public enum FieldType: String, Hashable, Sendable, CaseIterable {
    case text, number, boolean, ip, date
    /// An object, or a list of objects.
    case object
  }

  /// What is known of a field in the product.
  public struct Column: Hashable, Sendable {
    /// Its name there, as the mapping file writes it.
    public var spelling: String
    public var type: FieldType?
    public var isList: Bool
    /// Whether the product splits its text into words, so that tests are about words.
    public var isAnalysed: Bool
    /// Whether an empty text is not stored, so that empty and absent are one.
    public var isRemovedWhenEmpty: Bool

    public init(
      spelling: String, type: FieldType? = nil, isList: Bool = false, isAnalysed: Bool = false,
      isRemovedWhenEmpty: Bool = false
    ) {
      self.spelling = spelling
      self.type = type
      self.isList = isList
      self.isAnalysed = isAnalysed
      self.isRemovedWhenEmpty = isRemovedWhenEmpty
    }
  }

  /// Where the product keeps the events, in the terms of the vendor.
  public var source: LogSource
  /// By the path that the rule, mapped to the vendor's fields, names.
  public var columns: [FieldPath: Column]

  public init(source: LogSource = LogSource(), columns: [FieldPath: Column] = [:]) {
    self.source = source
    self.columns = columns
  }

  public func type(of field: FieldPath) -> FieldType? { columns[field]?.type }

  /// Whether the field may hold several values; a field of which nothing is known may.
  public func mayBeList(_ field: FieldPath) -> Bool { columns[field]?.isList ?? true }
}
