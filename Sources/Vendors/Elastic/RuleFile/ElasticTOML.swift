import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// A rule of the detection-rules repository: a TOML file with the tables `[metadata]` and `[rule]`.
///
/// <https://github.com/elastic/detection-rules/blob/main/CONTRIBUTING.md>
public enum ElasticTOML: RuleReader {
  public static let name = "elastic-toml"

  public static func recognises(_ file: SourceFile) -> Bool {
    file.name.hasSuffix(".toml") && file.text.contains("[rule]")
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    var title = file.stem(droppingLast: ".toml")
    var warnings: [Diagnostic] = []
    do throws(Diagnostic) {
      let root = try TOMLReader.read(file)
      let table = try root.required("rule", in: "the file")
      guard table.members != nil else { throw table.wrongType("rule", "a table") }
      if let name = table["name"]?.text { title = name.trimmed }
      var document = RuleDocument(table, metadata: root["metadata"], form: name)
      defer { warnings = document.warnings }
      var rule = try document.read()
      if let transform = root["transform"] { rule.metadata.custom["transform"] = EventValue(transform) }
      return [RuleReading(rule, title: title, range: file.wholeRange, diagnostics: document.warnings)]
    } catch {
      let range = error.primary?.range ?? file.wholeRange
      return [RuleReading(nil, title: title, range: range, diagnostics: [error] + warnings)]
    }
  }
}
