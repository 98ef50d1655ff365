import Documents
import LanguageSupport
import RuleIR

/// Writes what a rule says of itself, in the order in which the community writes it.
struct MetadataWriter {
  private let metadata: RuleMetadata
  private let source: LogSource
  /// The version that the detection's words need; nil where any reads them.
  private let version: Int?
  /// What has no place here.
  private(set) var notes: [String] = []

  /// The words that Sigma's tools take for a status.
  private static let statuses = ["stable", "test", "experimental", "deprecated", "unsupported"]

  init(_ metadata: RuleMetadata, source: LogSource, about predicate: Predicate = .always) {
    self.metadata = metadata
    let isOwn = metadata.source.vendor == "sigma" && !metadata.source.selectors.isEmpty
    self.source = isOwn ? metadata.source : source
    version = predicate.needsSelectors ? SigmaDialect.arrayVersion : nil
  }

  /// What brackets in the names of fields are in the document.
  var brackets: SigmaDialect.Brackets {
    SigmaDialect(version: max(version ?? 0, custom["sigma-version"].map(Self.major) ?? 0)).brackets
  }

  private static func major(_ version: EventValue) -> Int {
    version.spelling.flatMap { Int($0.prefix { $0 != "." }) } ?? 0
  }

  mutating func note(_ text: String) { notes.append(text) }

  /// The rule around what it detects.
  mutating func document(detecting detection: OutputNode) -> OutputNode {
    var custom = custom
    var members = heading(&custom)
    addVersion(&custom, to: &members)
    members.append(OutputNode.Member("logsource", logSource(&custom)))
    members.append(OutputNode.Member("detection", detection))
    return .mapping(ended(members, custom))
  }

  /// The version before what it is about; a rule that had one keeps it, unless it is too old.
  private func addVersion(_ custom: inout EventObject, to members: inout [OutputNode.Member]) {
    let own = custom["sigma-version"]
    custom["sigma-version"] = nil
    if let own, version == nil || Self.major(own) >= SigmaDialect.arrayVersion {
      members.append(.init("sigma-version", OutputNode(own)))
    } else if let version {
      members.append(.init("sigma-version", .integer(version)))
    }
  }

  /// The correlation; its log source is that of its rules.
  mutating func correlationDocument(with correlation: OutputNode.Member) -> OutputNode {
    var custom = custom
    var members = heading(&custom)
    custom["logsource"] = nil
    members.append(correlation)
    return .mapping(ended(members, custom))
  }

  /// A rule that only a correlation uses.
  mutating func baseDocument(named name: String, suffix: String, detection: OutputNode) -> OutputNode {
    var custom = custom
    var members: [OutputNode.Member] = [
      .init("title", .text("\(title) (\(suffix))")), .init("name", .text(name)),
    ]
    addVersion(&custom, to: &members)
    members += [.init("logsource", logSource(&custom)), .init("detection", detection)]
    return .mapping(members)
  }

  /// What the file said beside the known keys, where it was a Sigma file.
  private var custom: EventObject { metadata.form == "sigma" ? metadata.custom : EventObject() }

  private mutating func ended(_ start: [OutputNode.Member], _ rest: EventObject) -> [OutputNode.Member] {
    var members = start
    add("fields", rest["fields"].map(OutputNode.init), to: &members)
    add("falsepositives", list(metadata.falsePositives), to: &members)
    add("level", metadata.level.map { .text($0.rawValue) }, to: &members)
    for member in rest.members where member.key != "fields" {
      guard !members.contains(where: { $0.key == member.key }) else {
        note("the key '\(member.key)' is written once only")
        continue
      }
      members.append(OutputNode.Member(member.key, OutputNode(member.value)))
    }
    return members
  }

  private mutating func heading(_ custom: inout EventObject) -> [OutputNode.Member] {
    let id = metadata.id.flatMap { SigmaIdentifier.isUUID($0) || metadata.form == "sigma" ? $0 : nil }
    let name = metadata.name ?? (id == nil ? metadata.id : nil)
    var members = [OutputNode.Member("title", .text(title))]
    add("id", id.map(OutputNode.text), to: &members)
    add("name", name.map(OutputNode.text), to: &members)
    add("related", custom["related"].map(OutputNode.init), to: &members)
    custom["related"] = nil
    add("status", status.map(OutputNode.text), to: &members)
    add("description", metadata.description.isEmpty ? nil : .text(metadata.description), to: &members)
    add("license", metadata.license.map(OutputNode.text), to: &members)
    add("references", list(metadata.references), to: &members)
    add("author", metadata.authors.isEmpty ? nil : .text(metadata.authors.joined(separator: ", ")), to: &members)
    add("date", metadata.date.map(OutputNode.text), to: &members)
    add("modified", metadata.modified.map(OutputNode.text), to: &members)
    add("tags", list(tags), to: &members)
    return members
  }

  private func add(_ key: String, _ value: OutputNode?, to members: inout [OutputNode.Member]) {
    if let value { members.append(OutputNode.Member(key, value)) }
  }

  private func list(_ texts: [String]) -> OutputNode? { texts.isEmpty ? nil : .texts(texts) }

  /// A Sigma rule must have a title.
  private var title: String {
    [metadata.title, metadata.name ?? "", metadata.id ?? ""].first { !$0.isEmpty } ?? "Untitled rule"
  }

  private var status: String? {
    mutating get {
      guard let status = metadata.status else { return nil }
      if metadata.form == "sigma" || Self.statuses.contains(status) { return status }
      if status == "production" { return "stable" }
      note("the status '\(status)' has no place in a Sigma rule")
      return nil
    }
  }

  private var tags: [String] {
    mutating get {
      let attack = metadata.attack
      let own = metadata.tags.filter { tag in metadata.form == "sigma" || SigmaTag.isWellFormed(tag) }
      if own.count < metadata.tags.count { note("some tags have no form in Sigma") }
      return attack.tactics.map { "attack.\($0.lowercased())" } + attack.techniques.map { "attack.\($0.lowercased())" }
        + own
    }
  }

  private mutating func logSource(_ custom: inout EventObject) -> OutputNode {
    var members = source.selectors.map { OutputNode.Member($0.key, .text($0.value)) }
    if members.isEmpty {
      note("no log source is known; 'product: unknown' stands for it")
      members = [OutputNode.Member("product", .text("unknown"))]
    }
    if case .object(let rest)? = custom["logsource"] {
      members += rest.members.map { OutputNode.Member($0.key, OutputNode($0.value)) }
    }
    custom["logsource"] = nil
    return .mapping(members)
  }
}

extension OutputNode {
  init(_ value: EventValue) {
    switch value {
    case .null: self = .bare("null")
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number): self = .bare(number.text)
    case .string(let text): self = .text(text)
    case .list(let elements): self = .list(elements.map(OutputNode.init))
    case .object(let object): self = .mapping(object.members.map { .init($0.key, OutputNode($0.value)) })
    }
  }
}
