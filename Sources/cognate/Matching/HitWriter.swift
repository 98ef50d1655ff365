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
  private let heads: [[UInt8]]

  /// The fields of the event that a hit shows.
  static let shown: [[String]] = [
    ["auditID"], ["stage"], ["user", "username"], ["userAgent"], ["objectRef", "namespace"], ["objectRef", "name"],
    ["stageTimestamp"], ["verb"], ["objectRef", "resource"],
  ]

  private enum Field: Int { case auditID, stage, user, userAgent, namespace, name, time, verb, resource }

  init(_ rules: [LoadedRule], format: HitFormat) {
    self.format = format
    heads = rules.map { Array(Self.text(of: $0, format).utf8) }
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

  /// Appends one hit, with a line end.
  ///
  /// - Parameter tail: Where what is said of the event stands already, since another rule fired on it.
  func append(_ rule: Int, _ finding: LineReader.Finding, to text: inout [UInt8], tail: inout Range<Int>?) {
    text += heads[rule]
    let start = text.count
    if let tail {
      text += Array(text[tail])
    } else {
      switch format {
      case .ndjson: appendJSON(finding, to: &text)
      case .table: text += table(finding).utf8
      case .csv: text += csv(finding).utf8
      }
    }
    tail = start..<text.count
  }

  /// What tells an event from others: its audit id and stage; nil where it has no audit id.
  func key(_ finding: LineReader.Finding) -> EventKey? {
    var text: [UInt8] = []
    finding.append(shown: Field.auditID.rawValue, to: &text)
    guard !text.isEmpty else { return nil }
    text.append(0)
    finding.append(shown: Field.stage.rawValue, to: &text)
    return EventKey(text)
  }

  private func appendJSON(_ finding: LineReader.Finding, to text: inout [UInt8]) {
    func add(_ literal: StaticString) {
      text.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }
    func add(_ field: Field) { finding.append(shown: field.rawValue, to: &text) }
    add(",\"operation\":\"")
    let start = text.count
    add(.verb)
    let verbEnd = text.count
    add("-")
    add(.resource)
    if verbEnd == start || text.count == verbEnd + 1 { text.removeSubrange(start...) }
    add("\",\"file\":\"")
    JSONText.append(finding.place.source, to: &text)
    add("\",\"line\":")
    text += String(finding.place.line).utf8
    add(",\"offset\":")
    text += String(finding.place.offset).utf8
    let members: [(StaticString, Field)] = [
      (",\"auditID\":\"", .auditID), ("\",\"stage\":\"", .stage), ("\",\"user\":\"", .user),
      ("\",\"userAgent\":\"", .userAgent), ("\",\"namespace\":\"", .namespace), ("\",\"name\":\"", .name),
      ("\",\"time\":\"", .time),
    ]
    for (head, field) in members {
      add(head)
      add(field)
    }
    add("\"}\n")
  }

  private func table(_ finding: LineReader.Finding) -> String {
    func field(_ field: Field) -> String { finding.spelling(ofShown: field.rawValue) }
    let cells = [
      "\(finding.place.source):\(finding.place.line)", "\(field(.verb)) \(field(.resource))", field(.user),
    ]
    return "  " + cells.map(visible).joined(separator: "  ") + "\n"
  }

  private func csv(_ finding: LineReader.Finding) -> String {
    func field(_ field: Field) -> String { finding.spelling(ofShown: field.rawValue) }
    let cells = [
      finding.place.source, String(finding.place.line), field(.auditID), field(.stage), field(.verb), field(.resource),
      field(.user),
    ]
    return "," + cells.map(SafeText.csvCell).joined(separator: ",") + "\n"
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
