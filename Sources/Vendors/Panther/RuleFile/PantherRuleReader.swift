import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// Reads the rules that `PantherRuleWriter` writes, and others of the same subset; never runs them.
///
/// A rule is a YAML file that names a Python file beside it. Python alone is read too, without metadata; where its
/// YAML lies beside it, it is read with that and not a second time.
public enum PantherRuleReader: RuleReader {
  public static let name = "panther"

  /// How large a rule's files may be.
  static let sizeLimit = 1 << 20

  public static func recognises(_ file: SourceFile) -> Bool {
    let text = file.text
    if file.name.hasSuffix(".py") { return lines(of: text).contains { $0.hasPrefix("def rule(") } }
    return lines(of: text).contains { $0.hasPrefix("AnalysisType:") }
  }

  public static func companions(of file: SourceFile) -> [String] {
    if file.name.hasSuffix(".py") {
      let stem = lastComponent(file.name).dropLast(3)
      return ["\(stem).yml", "\(stem).yaml"]
    }
    return lines(of: file.text).compactMap(filename)
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    guard file.bytes.count <= sizeLimit else {
      return [.refused(Diagnostic(.fileTooLarge, "a rule's file is larger than 1 MiB", at: file.wholeRange), in: file)]
    }
    if file.name.hasSuffix(".py") { return python(file, in: context) }
    return read(file) { document throws(Diagnostic) in try companion(of: document, context) }
  }

  private static func python(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    if let yaml = context.companions.values.first(where: recognises) {
      // Where the YAML names this file, reading the YAML gives the rule.
      if lines(of: yaml.text).compactMap(filename).contains(lastComponent(file.name)) { return [] }
      return read(yaml) { _ in file }
    }
    do throws(Diagnostic) {
      let python = try PantherPython(file)
      let title = String(lastComponent(file.name).dropLast(3))
      let metadata = RuleMetadata(
        title: title, source: LogSource(vendor: Panther.name), form: name, origin: Origin(file.wholeRange))
      let rule = Rule(metadata: metadata, body: .predicate(python.predicate))
      return [RuleReading(rule, title: title, range: file.wholeRange)]
    } catch {
      return [.refused(error, in: file)]
    }
  }

  /// The rules of a YAML file, each with the Python that belongs to it.
  private static func read(
    _ file: SourceFile, with python: (DocumentNode) throws(Diagnostic) -> SourceFile
  ) -> [RuleReading] {
    var readings: [RuleReading] = []
    do throws(Diagnostic) {
      for document in try YAMLReader.read(file) { readings.append(reading(of: document, with: python)) }
      return readings
    } catch {
      return [.refused(error, in: file)]
    }
  }

  private static func reading(
    of document: DocumentNode, with python: (DocumentNode) throws(Diagnostic) -> SourceFile
  ) -> RuleReading {
    let title = document["DisplayName"]?.text ?? document["RuleID"]?.text ?? ""
    do throws(Diagnostic) {
      var reader = PantherDocumentReader(document)
      let metadata = try reader.metadata()
      let body = try PantherPython(try python(document)).body(document)
      let rule = Rule(metadata: metadata, body: body, cases: try reader.cases())
      return RuleReading(rule, title: title, range: document.range, diagnostics: reader.warnings)
    } catch {
      return RuleReading(nil, title: title, range: document.range, diagnostics: [error])
    }
  }

  private static func companion(of document: DocumentNode, _ context: ReadingContext) throws(Diagnostic) -> SourceFile {
    guard let node = document["Filename"], let name = node.text else {
      throw Diagnostic(
        .missingKey, "the rule names no Python file", at: document.range, help: "'Filename' names it")
    }
    guard !name.contains("/"), !name.contains("\\") else {
      throw Diagnostic(
        .invalidValue, "'Filename' leaves the folder of the rule", at: node.range, label: "not the name of a file")
    }
    guard let file = context.companions[name] else {
      throw Diagnostic(
        .unreadableFile, "the file '\(visible(name))' that the rule names is not there", at: node.range)
    }
    guard file.bytes.count <= sizeLimit else {
      throw Diagnostic(.fileTooLarge, "a rule's file is larger than 1 MiB", at: file.wholeRange)
    }
    return file
  }

  /// The value of a `Filename:` line.
  private static func filename(_ line: Substring) -> String? {
    guard line.hasPrefix("Filename:") else { return nil }
    let value = line.dropFirst(9).drop { $0 == " " || $0 == "\t" || $0 == "\"" || $0 == "'" }
    let name = value.prefix { $0 != "\"" && $0 != "'" && $0 != " " && $0 != "\t" && $0 != "#" }
    return name.isEmpty || name.contains("/") ? nil : String(name)
  }

  private static func lines(of text: String) -> [Substring] { text.split(whereSeparator: \.isNewline) }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
