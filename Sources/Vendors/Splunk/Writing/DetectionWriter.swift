import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes a detection in the newer form of security content, with `rba`.
///
/// https://github.com/splunk/contentctl
public enum DetectionWriter: RuleWriter {
  public static let name = "splunk-detection"
  public static let fileExtension = ".yml"

  public static func support(for feature: Feature) -> Support { SPLSupport.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let query = try QueryWriter(rule: rule, schema: schema, placement: .detection).query()
    return DetectionForm.written(rule, query, .withRiskObjects)
  }
}

/// Writes a detection in the form of 2024, which scores it under `tags` and which contentctl takes up to its version 4.
public enum OlderDetectionWriter: RuleWriter {
  public static let name = OlderDetectionReader.name
  public static let fileExtension = ".yml"

  public static func support(for feature: Feature) -> Support { SPLSupport.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    DetectionForm.written(
      rule, try QueryWriter(rule: rule, schema: schema, placement: .detection).query(), .withScores)
  }
}

/// The keys of a detection.
struct DetectionForm {
  private let metadata: RuleMetadata
  private(set) var notes: [String] = []

  /// Where the risk stands.
  enum Style { case withRiskObjects, withScores }

  private let style: Style

  init(_ rule: Rule, _ style: Style) {
    metadata = rule.metadata
    self.style = style
  }

  static func written(_ rule: Rule, _ query: Fragment, _ style: Style) -> WrittenRule {
    var form = DetectionForm(rule, style)
    let document = form.document(search: "\(query.text) | `\(DetectionName.filter(of: form.title))`")
    return WrittenRule(text: YAMLWriter.write(document), losses: query.losses.unique, notes: form.notes)
  }

  /// The longest name that the product takes.
  private static let nameLimit = 67

  /// Letters, digits, blanks and `-./_`, since the file and the filter macro are named by it.
  var title: String {
    let kept = metadata.title.map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || " -._/".contains(character)) ? character : " "
    }
    let words = String(kept).split(separator: " ").joined(separator: " ")
    return words.isEmpty ? "Untitled" : trimmed(words.prefix(Self.nameLimit))
  }

  mutating func document(search: String) -> OutputNode {
    let isOwn = metadata.form == DetectionReader.name || metadata.form == SavedSearchReader.name
    let custom = isOwn ? metadata.custom : EventObject()
    var members: [OutputNode.Member] = [.init("name", .text(title))]
    if title != metadata.title { notes.append("the name is shortened to what Splunk takes") }
    members.append(.init("id", .text(identifier)))
    members.append(.init("version", custom["version"].map(OutputNode.init) ?? .integer(1)))
    members.append(.init("date", .text(date)))
    let authors = metadata.authors.isEmpty ? "unknown" : metadata.authors.joined(separator: ", ")
    members.append(.init("author", .text(authors)))
    let hasTests = custom["tests"] != nil
    members.append(.init("status", .text(status(hasTests: hasTests))))
    let risk = risk(custom, in: search)
    let type =
      risk == nil && style == .withRiskObjects
      ? "Hunting" : custom["type"]?.spelling ?? (risk == nil ? "Hunting" : "Anomaly")
    members.append(.init("type", .text(type)))
    let description = metadata.description.isEmpty ? metadata.title : metadata.description
    members.append(.init("description", .text(description)))
    members.append(.init("data_source", custom["data_source"].map(OutputNode.init) ?? .list([])))
    members.append(.init("search", .text(search)))
    members.append(.init("how_to_implement", custom["how_to_implement"].map(OutputNode.init) ?? .text("unknown")))
    let known = metadata.falsePositives.isEmpty ? "unknown" : metadata.falsePositives.joined(separator: "\n")
    members.append(.init("known_false_positives", .text(known)))
    members.append(.init("references", .texts(references)))
    if let value = custom["drilldown_searches"] { members.append(.init("drilldown_searches", OutputNode(value))) }
    switch style {
    case .withRiskObjects where risk != nil && type != "Hunting":
      if let risk { members.append(.init("rba", risk.node)) }
    case .withRiskObjects:
      if metadata.level != nil { notes.append("a hunting detection has no risk score, so the level is not kept") }
    case .withScores: break
    }
    let scores = style == .withScores ? RiskForm.scores(risk, metadata, custom["tags"]) : []
    members.append(.init("tags", .mapping(tags(custom["tags"]) + scores)))
    if let tests = custom["tests"] { members.append(.init("tests", OutputNode(tests))) }
    return .mapping(members)
  }

  /// The statuses that the product knows; anything else is an experiment to it, and so is what has no tests.
  private func status(hasTests: Bool) -> String {
    let known: String = ["experimental", "production", "deprecated"].first { $0 == metadata.status } ?? "experimental"
    return known == "production" && !hasTests ? "experimental" : known
  }

  /// The risk, as far as it is of fields that the search has; without any the rule can only be one for hunting.
  private mutating func risk(_ custom: EventObject, in search: String) -> RiskForm? {
    guard let risk = RiskForm(custom) else { return nil }
    let (kept, missing) = risk.kept(in: search.lowercased())
    if !missing.isEmpty {
      let names = missing.map { "'\($0)'" }.joined(separator: ", ")
      notes.append("the search has no \(names), so that risk and message do without")
    }
    return kept
  }

  private var references: [String] {
    metadata.references.filter { $0.hasPrefix("https://") || $0.hasPrefix("http://") }
  }

  /// The last change, as year, month and day.
  private var date: String {
    let written = (metadata.modified ?? metadata.date ?? "").prefix(10).map { $0 == "/" ? Character("-") : $0 }
    let shape = written.map { $0.isASCII && $0.isNumber ? Character("9") : $0 }
    return String(shape) == "9999-99-99" ? String(written) : "1970-01-01"
  }

  /// The rule's own id, or one made from it, since the product takes UUIDs alone.
  private var identifier: String {
    let own = metadata.id ?? ""
    return MadeIdentifier.isUUID(own) ? own : MadeIdentifier.uuid(for: own.isEmpty ? metadata.title : own)
  }

  /// `T1552`, `T1552.007`.
  private static func isTechnique(_ id: String) -> Bool {
    let shape = String(id.map { $0.isASCII && $0.isNumber ? Character("9") : $0 })
    return shape == "T9999" || shape == "T9999.999"
  }

  private func tags(_ custom: EventValue?) -> [OutputNode.Member] {
    var known = EventObject()
    if case .object(let object)? = custom { known = object }
    return [
      .init("analytic_story", known["analytic_story"].map(OutputNode.init) ?? .list([])),
      .init("asset_type", known["asset_type"].map(OutputNode.init) ?? .text("Endpoint")),
      .init("mitre_attack_id", .texts(metadata.attack.techniques.filter(Self.isTechnique))),
      .init(
        "product",
        known["product"].map(OutputNode.init)
          ?? .texts(["Splunk Enterprise", "Splunk Enterprise Security", "Splunk Cloud"])),
      .init("security_domain", known["security_domain"].map(OutputNode.init) ?? .text("threat")),
    ]
  }
}

extension OutputNode {
  /// A value of the rule file, as it was.
  init(_ value: EventValue) {
    switch value {
    case .null: self = .bare("null")
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number): self = .bare(number.text)
    case .string(let text): self = .text(text)
    case .list(let elements): self = .list(elements.map(OutputNode.init))
    case .object(let object): self = .mapping(object.members.map { Member($0.key, OutputNode($0.value)) })
    }
  }
}
