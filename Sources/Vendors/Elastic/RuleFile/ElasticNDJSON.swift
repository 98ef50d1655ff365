import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// Rules as Kibana exports and imports them: a JSON object a line.
///
/// <https://www.elastic.co/docs/api/doc/kibana/operation/operation-importrules>
public enum ElasticNDJSON: RuleReader, RuleWriter {
  public static let name = "elastic-ndjson"
  public static let fileExtension = ".ndjson"

  public static func recognises(_ file: SourceFile) -> Bool {
    guard file.name.hasSuffix(".ndjson") || file.name.hasSuffix(".json") || file.name.hasPrefix("<") else {
      return false
    }
    let start = String(decoding: file.bytes.prefix(1 << 16), as: UTF8.self)
    return start.contains("\"rule_id\"") && start.contains("\"risk_score\"")
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let lines = lines(of: Passage(file: file)).map(Line.init)
    let exceptions = lines.compactMap { line in line.root.flatMap(RuleException.init) }
    let readings = lines.compactMap { read($0, exceptions) }
    guard readings.isEmpty else { return readings }
    return [.refused(Diagnostic(.noDocument, "the file has no rule", at: file.wholeRange), in: file)]
  }

  /// A line as a document, or what is wrong with it.
  private struct Line {
    let passage: Passage
    var root: DocumentNode?
    var error: Diagnostic?

    init(_ passage: Passage) {
      self.passage = passage
      do throws(Diagnostic) {
        root = try JSONReader.read(passage)
      } catch {
        self.error = error
      }
    }
  }

  private static func lines(of whole: Passage) -> [Passage] {
    var lines: [Passage] = []
    var start = 0
    while start < whole.bytes.count {
      let end = whole.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? whole.bytes.count
      let line = whole.slice(start..<end)
      start = end + 1
      if line.bytes.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) { lines.append(line) }
    }
    return lines
  }

  /// A line as a rule; nil where it is one of the other things of an export.
  private static func read(_ line: Line, _ exceptions: [RuleException]) -> RuleReading? {
    var title = ""
    var warnings: [Diagnostic] = []
    do throws(Diagnostic) {
      if let error = line.error { throw error }
      guard let root = line.root else { return nil }
      guard root.members != nil else { throw root.wrongType("rule", "an object") }
      if isOther(root) { return nil }
      title = root["name"]?.text?.trimmed ?? ""
      var document = RuleDocument(root, exceptions: exceptions, form: name)
      defer { warnings = document.warnings }
      let rule = try document.read()
      return RuleReading(rule, title: title, range: line.passage.wholeRange, diagnostics: document.warnings)
    } catch {
      let range = error.primary?.range ?? line.passage.wholeRange
      return RuleReading(nil, title: title, range: range, diagnostics: [error] + warnings)
    }
  }

  /// The summary at the end, exception lists and their items, and the connectors of actions.
  private static func isOther(_ root: DocumentNode) -> Bool {
    if root["rule_id"] != nil || root["risk_score"] != nil { return false }
    return ["exported_count", "exported_rules_count", "list_id", "attributes"].contains { root[$0] != nil }
  }

  public static func support(for feature: Feature) -> Support { QueryChoice.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let output = try RuleOutput(rule, for: schema, shape: .flat)
    let text = JSONWriter.write(.mapping(output.members))
    return WrittenRule(text: text + "\n", losses: output.losses, notes: output.notes)
  }
}
