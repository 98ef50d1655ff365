import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// Reads a detection of a security content repository: the form of 2024, with scores under `tags`, and the newer one
/// with `rba`.
///
/// https://github.com/splunk/contentctl
public enum DetectionReader: RuleReader {
  public static let name = "splunk-detection"

  public static func recognises(_ file: SourceFile) -> Bool {
    guard file.name.hasSuffix(".yml") || file.name.hasSuffix(".yaml") else { return false }
    let text = String(decoding: file.bytes.prefix(65_536), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    func hasKey(_ key: String) -> Bool { lines.contains { $0.hasPrefix("\(key):") } }
    return hasKey("search") && hasKey("name")
      && (hasKey("how_to_implement") || hasKey("known_false_positives") || hasKey("data_source") || hasKey("rba"))
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let (macros, faults) = MacroFile.table(of: context.macroFiles)
    do throws(Diagnostic) {
      return try YAMLReader.read(file).map { document in
        var reading = read(document, with: macros, in: file)
        reading.diagnostics = faults + reading.diagnostics
        return reading
      }
    } catch {
      return [.refused(error, in: file)]
    }
  }

  private static func read(_ document: DocumentNode, with macros: MacroTable, in file: SourceFile) -> RuleReading {
    let title = document["name"]?.text ?? ""
    guard document.members != nil else {
      return .refused(
        Diagnostic(.wrongType, "a detection is a mapping, not \(document.kindName)", at: document.range), in: file)
    }
    guard let search = document["search"]?.scalar else {
      return .refused(
        Diagnostic(.missingKey, "the detection has no 'search'", at: document.range, label: "needs 'search'"),
        title: title, in: file)
    }
    var reading = QueryReading.read(
      search.passage, title: title, metadata: DetectionMetadata.read(document), with: macros,
      ownFilters: [DetectionName.filter(of: title), DetectionName.filter(of: FileName.stem(of: file.name))])
    reading.range = document.range
    return reading
  }
}

/// Reads a detection in the form of 2024 where that is asked for by name; `splunk-detection` reads both forms.
public enum OlderDetectionReader: RuleReader {
  public static let name = "splunk-detection-2024"

  public static func recognises(_ file: SourceFile) -> Bool { false }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    DetectionReader.read(file, in: context)
  }
}

/// What follows from a detection's name.
enum DetectionName {
  /// The file's name: lower case, with `_` for blanks, dots, slashes and dashes.
  static func stem(of name: String) -> String {
    String(name.lowercased().map { " -./".contains($0) ? "_" : $0 })
  }

  /// The macro that lets a deployment tune the detection.
  static func filter(of name: String) -> String { "\(stem(of: name))_filter" }
}

/// What a detection says of itself.
enum DetectionMetadata {
  static func read(_ document: DocumentNode) -> RuleMetadata {
    var metadata = RuleMetadata(form: DetectionReader.name)
    metadata.id = document["id"]?.text
    metadata.title = document["name"]?.text ?? ""
    metadata.description = document["description"]?.text ?? ""
    metadata.status = document["status"]?.text
    metadata.authors =
      document["author"]?.text.map { $0.split(separator: ",").map(trimmed).filter { !$0.isEmpty } } ?? []
    metadata.date = document["date"]?.text
    metadata.references = document["references"]?.texts ?? []
    metadata.falsePositives = document["known_false_positives"]?.texts ?? []
    let tags = document["tags"]
    metadata.tags = tags?["analytic_story"]?.texts ?? []
    metadata.attack = AttackTags(techniques: tags?["mitre_attack_id"]?.texts ?? [])
    metadata.level = score(document).map(RiskScore.level)
    metadata.custom = custom(document)
    return metadata
  }

  /// The risk score: of `tags`, or the highest of the risk objects.
  private static func score(_ document: DocumentNode) -> Int? {
    if let score = document["tags"]?["risk_score"]?.text.flatMap({ Int($0) }) { return score }
    let objects = document["rba"]?["risk_objects"]?.elements ?? []
    return objects.compactMap { $0["score"]?.text.flatMap { Int($0) } }.max()
  }

  private static let readKeys: Set<String> = [
    "id", "name", "description", "status", "author", "date", "references", "known_false_positives", "search",
  ]

  private static func custom(_ document: DocumentNode) -> EventObject {
    var custom = EventObject()
    for member in document.members ?? [] where !readKeys.contains(member.key.text) {
      custom[member.key.text] = EventValue(member.value)
    }
    return custom
  }
}

/// How Splunk's risk scores and severities stand to the five levels.
enum RiskScore {
  static func level(_ score: Int) -> RuleMetadata.Level {
    switch score {
    case ...20: .informational
    case ...40: .low
    case ...60: .medium
    case ...80: .high
    case _: .critical
    }
  }

  /// The middle of a level's scores.
  static func score(_ level: RuleMetadata.Level) -> Int {
    switch level {
    case .informational: 10
    case .low: 30
    case .medium: 50
    case .high: 70
    case .critical: 90
    }
  }

  /// `alert.severity` of a saved search, 2 to 6; 1 is for debugging.
  static func severity(_ level: RuleMetadata.Level) -> Int {
    switch level {
    case .informational: 2
    case .low: 3
    case .medium: 4
    case .high: 5
    case .critical: 6
    }
  }

  static func level(severity: String) -> RuleMetadata.Level? {
    switch severity {
    case "1", "2": .informational
    case "3": .low
    case "4": .medium
    case "5": .high
    case "6": .critical
    case _: nil
    }
  }
}
