public import RuleIR
public import SourceText

/// A vendor: its name and the forms in which its rules come.
///
/// `Translation` lists the vendors; nothing else knows them all.
public protocol Vendor: Sendable {
  /// The key under which mapping files name it: `sigma`, `elastic`, `splunk`, `sentinel`, `panther`.
  static var name: String { get }
  static var readers: [any RuleReader.Type] { get }
  static var writers: [any RuleWriter.Type] { get }
}

/// Reads rules of one form: a rule file such as `elastic-toml`, or a bare query such as `kuery`.
public protocol RuleReader: Sendable {
  /// What `--from` takes.
  static var name: String { get }

  /// Whether a file is, by its name and content, of this form. Must be cheap and must not be sure: it may be asked
  /// of any file.
  static func recognises(_ file: SourceFile) -> Bool

  /// The names, relative to the file, of further files that the reader needs beside it: Panther's YAML names its
  /// Python.
  static func companions(of file: SourceFile) -> [String]

  /// Whether a field of which no schema is known may hold several values. Where a language compares whatever a field
  /// holds as a whole, its tests are about single values.
  static var unknownFieldsMayBeLists: Bool { get }

  /// Every rule of the file, in order. Never traps, whatever the bytes.
  static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading]

  /// What there is to say of the file's text that changes nothing of what is read: mistakes that only somebody who
  /// looks for them wants to hear of.
  static func lint(_ file: SourceFile) -> [Diagnostic]

  /// The same for all files of one run, among which a reader may look for what a file refers to.
  static func read(_ files: [RuleFile]) -> [[RuleReading]]
}

extension RuleReader {
  public static func lint(_ file: SourceFile) -> [Diagnostic] { [] }

  public static func companions(of file: SourceFile) -> [String] { [] }
  public static var unknownFieldsMayBeLists: Bool { true }

  public static func read(_ files: [RuleFile]) -> [[RuleReading]] { files.map { read($0.file, in: $0.context) } }
}

/// A file with what its reader may need beside it.
public struct RuleFile: Sendable {
  public var file: SourceFile
  public var context: ReadingContext

  public init(_ file: SourceFile, in context: ReadingContext = ReadingContext()) {
    self.file = file
    self.context = context
  }
}

/// What a reader may need beside the file itself; who calls it has opened the files.
public struct ReadingContext: Sendable {
  /// The files that `companions` asked for and that exist, by the name it gave.
  public var companions: [String: SourceFile]
  /// Files with macro definitions.
  public var macroFiles: [SourceFile]
  public var placeholders: Placeholders

  public init(
    companions: [String: SourceFile] = [:], macroFiles: [SourceFile] = [], placeholders: Placeholders = Placeholders()
  ) {
    self.companions = companions
    self.macroFiles = macroFiles
    self.placeholders = placeholders
  }
}

/// What came of reading one rule.
public struct RuleReading: Sendable {
  /// In the vendor's own field names; nil where the rule was refused.
  public var rule: Rule?
  /// A name for it, should it have been refused.
  public var title: String
  /// Where it stands.
  public var range: SourceRange
  /// At least one error where the rule was refused.
  public var diagnostics: [Diagnostic]

  public init(_ rule: Rule?, title: String, range: SourceRange, diagnostics: [Diagnostic] = []) {
    self.rule = rule
    self.title = title
    self.range = range
    self.diagnostics = diagnostics
  }

  /// A rule that could not be read at all.
  public static func refused(_ diagnostic: Diagnostic, title: String = "", in file: SourceFile) -> RuleReading {
    RuleReading(nil, title: title, range: diagnostic.primary?.range ?? file.wholeRange, diagnostics: [diagnostic])
  }
}

/// Writes rules in one form.
public protocol RuleWriter: Sendable {
  /// What `--to` takes.
  static var name: String { get }
  /// The end of the file name, with its dot: `.sigma.yml`, `.kuery`.
  static var fileExtension: String { get }

  static func support(for feature: Feature) -> Support

  /// Writes a rule that is in the vendor's own field names.
  ///
  /// - Parameters:
  ///   - rule: The rule, its fields already named as the vendor names them.
  ///   - schema: What is known of those fields; empty where nothing is.
  /// - Throws: `untranslatable`, where the rule has no form here.
  static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule

  /// The written rule for files of another name: where one of them names the other, that is changed.
  ///
  /// - Parameter stem: The name of the files without their ends.
  static func renamed(_ written: WrittenRule, to stem: String) -> WrittenRule
}

extension RuleWriter {
  public static func renamed(_ written: WrittenRule, to stem: String) -> WrittenRule { written }
}

/// A rule in text, and what was lost on the way.
public struct WrittenRule: Hashable, Sendable {
  /// The text of the main file, or the bare query, with a line end after its last line.
  public var text: String
  /// Further files: their extension and text, such as `.yml` beside Panther's `.py`.
  public var companions: [Companion]
  public var losses: [Loss]
  /// What is to be said that changes no verdict, such as metadata without a place in this form.
  public var notes: [String]

  /// A file beside the main one.
  public struct Companion: Hashable, Sendable {
    public var fileExtension: String
    public var text: String

    public init(fileExtension: String, text: String) {
      self.fileExtension = fileExtension
      self.text = text
    }
  }

  public init(text: String, companions: [Companion] = [], losses: [Loss] = [], notes: [String] = []) {
    self.text = text
    self.companions = companions
    self.losses = losses
    self.notes = notes
  }
}
