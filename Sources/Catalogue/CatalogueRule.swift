public import RuleIR
public import SourceText

/// A rule as the catalogue shows it: in its own words, in those of others, and in what it means.
public struct CatalogueRule: Sendable {
  /// What became of the rule in another form.
  public struct Translation: Hashable, Sendable {
    public var target: String
    /// The text in that form; nil where there is none.
    public var text: String?
    /// Which way it errs; nil where it says the same, or there is no text.
    public var drift: Drift?
    /// What is lost, or why there is no text, a sentence each.
    public var notes: [String]

    public init(target: String, text: String?, drift: Drift?, notes: [String]) {
      self.target = target
      self.text = text
      self.drift = drift
      self.notes = notes
    }
  }

  public var vendor: String
  /// The form that it was read from, such as `elastic-toml`.
  public var form: String
  /// The file as it was named.
  public var path: String
  public var title: String
  /// In the vendor's field names; nil where the rule was refused.
  public var source: Rule?
  /// In the event's field names; nil where it could not be mapped.
  public var neutral: Rule?
  /// Whether it looks at the events that the operations are about: it then has a column in the matrix.
  public var isInMatrix: Bool
  public var range: SourceRange
  public var diagnostics: [Diagnostic]
  public var translations: [Translation] = []
  /// The techniques that it names, each once, in their order.
  let techniques: [String]
  /// The part of the rule that the matrix judges, where the whole could not be mapped.
  public var judged: Rule?

  public init(
    vendor: String, form: String, path: String, title: String, source: Rule?, neutral: Rule?, isInMatrix: Bool,
    range: SourceRange, diagnostics: [Diagnostic]
  ) {
    self.vendor = vendor
    self.form = form
    self.path = path
    self.title = title
    self.source = source
    self.neutral = neutral
    self.isInMatrix = isInMatrix
    self.range = range
    self.diagnostics = diagnostics
    techniques = Set((neutral ?? source)?.metadata.attack.techniques ?? []).sorted()
  }

  /// What the matrix has of it; nil where it has nothing.
  var entry: Rule? { isInMatrix ? neutral ?? judged : nil }

  /// What it means, in the best names there are.
  var shown: Rule? { neutral ?? source }
  var level: RuleMetadata.Level? { shown?.metadata.level }

}

/// A field of the event, with what each product calls it.
public struct CatalogueField: Hashable, Sendable {
  public var path: FieldPath
  /// The type as a word, such as `text`.
  public var type: String
  /// By vendor, in the order in which vendors are shown; those that have no name for it are left out.
  public var names: [Name]

  public struct Name: Hashable, Sendable {
    public var vendor: String
    public var spellings: [String]

    public init(vendor: String, spellings: [String]) {
      self.vendor = vendor
      self.spellings = spellings
    }
  }

  public init(path: FieldPath, type: String, names: [Name]) {
    self.path = path
    self.type = type
    self.names = names
  }
}
