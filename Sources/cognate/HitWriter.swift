import Coverage
import Events
import FastMatch
import RuleIR
import SourceText
import Translation

/// Writes what is said of a hit.
struct HitWriter: Sendable {
  private let format: HitFormat
  /// What each rule says of itself, as its hits repeat it.
  private let heads: [String]

  /// The fields of the event that a hit shows.
  static let shown: [[String]] = [
    ["auditID"], ["stage"], ["user", "username"], ["userAgent"], ["objectRef", "namespace"], ["objectRef", "name"],
    ["stageTimestamp"], ["verb"], ["objectRef", "resource"],
  ]

  private enum Field: Int { case auditID, stage, user, userAgent, namespace, name, time, verb, resource }

  init(_ rules: [LoadedRule], format: HitFormat) {
    self.format = format
    heads = rules.map { Self.text(of: $0, format) }
  }

  private static func text(of rule: LoadedRule, _ format: HitFormat) -> String {
    let metadata = rule.neutral?.metadata ?? RuleMetadata()
    switch format {
    case .ndjson:
      let head: EventValue = [
        "rule": .string(metadata.title), "id": .init(metadata.id), "vendor": .string(rule.vendor),
        "level": .init(metadata.level?.rawValue),
        "attack": .list((metadata.attack.tactics + metadata.attack.techniques).map { .string($0) }),
      ]
      return String(head.json.dropLast())
    case .table:
      let cells = [metadata.level?.rawValue ?? "-", rule.vendor, metadata.title]
      return cells.map(visible).joined(separator: "  ")
    case .csv:
      let cells = [metadata.title, metadata.id ?? "", rule.vendor, metadata.level?.rawValue ?? ""]
      return cells.map(SafeText.csvCell).joined(separator: ",")
    }
  }

  /// One hit, with a line end.
  func text(_ rule: Int, _ finding: LineReader.Finding) -> String {
    func field(_ field: Field) -> String { finding.spelling(ofShown: field.rawValue) }
    let head = heads[rule]
    let (verb, resource) = (field(.verb), field(.resource))
    switch format {
    case .ndjson:
      func member(_ key: String, _ value: String) -> String { ",\"\(key)\":\(EventValue.quoted(value))" }
      return head + member("operation", verb.isEmpty || resource.isEmpty ? "" : "\(verb)-\(resource)")
        + member("file", finding.place.source) + ",\"line\":\(finding.place.line),\"offset\":\(finding.place.offset)"
        + member("auditID", field(.auditID)) + member("stage", field(.stage)) + member("user", field(.user))
        + member("userAgent", field(.userAgent)) + member("namespace", field(.namespace))
        + member("name", field(.name)) + member("time", field(.time)) + "}\n"
    case .table:
      let cells = ["\(finding.place.source):\(finding.place.line)", "\(verb) \(resource)", field(.user)]
      return head + "  " + cells.map(visible).joined(separator: "  ") + "\n"
    case .csv:
      let cells = [
        finding.place.source, String(finding.place.line), field(.auditID), field(.stage), verb, resource, field(.user),
      ]
      return head + "," + cells.map(SafeText.csvCell).joined(separator: ",") + "\n"
    }
  }
}

extension HitFormat {
  /// What stands above all hits.
  var header: String? {
    switch self {
    case .ndjson, .table: nil
    case .csv: "rule,id,vendor,level,file,line,auditID,stage,verb,resource,user"
    }
  }
}

extension EventValue {
  /// A text, or null where there is none.
  fileprivate init(_ text: String?) { self = text.map { .string($0) } ?? .null }
}
