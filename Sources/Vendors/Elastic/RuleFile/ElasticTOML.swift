import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// A rule of the detection-rules repository: a TOML file with the tables `[metadata]` and `[rule]`.
///
/// <https://github.com/elastic/detection-rules/blob/main/CONTRIBUTING.md>
public enum ElasticTOML: RuleReader, RuleWriter {
  public static let name = "elastic-toml"
  public static let fileExtension = ".toml"

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

  public static func support(for feature: Feature) -> Support { QueryChoice.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let output = try RuleOutput(rule, for: schema, shape: .nested)
    let members: [OutputNode.Member] = [
      .init("metadata", .mapping(metadata(of: rule.metadata))), .init("rule", .mapping(output.members)),
    ]
    return WrittenRule(text: TOMLWriter.write(members), losses: output.losses, notes: output.notes)
  }

  /// The table that the repository keeps about the file; no day is made up.
  private static func metadata(of metadata: RuleMetadata) -> [OutputNode.Member] {
    var members: [OutputNode.Member] = []
    func add(_ key: String, _ text: String?) {
      if let text { members.append(.init(key, .text(text))) }
    }
    add("creation_date", metadata.date.map { String($0.map { $0 == "-" ? "/" : $0 }) })
    add("maturity", metadata.isElastic ? metadata.status ?? "production" : "production")
    add("updated_date", (metadata.modified ?? metadata.date).map { String($0.map { $0 == "-" ? "/" : $0 }) })
    if metadata.isElastic, case .object(let rest)? = metadata.custom["metadata"] {
      members += rest.members.map { .init($0.key, OutputNode($0.value)) }
    }
    return members
  }
}
