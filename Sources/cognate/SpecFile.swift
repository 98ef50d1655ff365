import Documents
import LanguageSupport
import RuleIR
import SourceText

/// What rules must say of events: a `*.test.yml` file.
struct SpecFile {
  /// A count that a rule's firings must have.
  struct Bounds: Equatable {
    var atLeast: Int?
    var atMost: Int?

    func contains(_ count: Int) -> Bool { count >= atLeast ?? 0 && count <= atMost ?? .max }
  }

  struct Case {
    var name: String
    /// Written in the file.
    var events: [EventValue]
    /// Paths of event files, relative to the spec.
    var files: [String]
    /// The rules that must fire, by name, where every other rule of the spec must be silent.
    ///
    /// Nil where only `expect` speaks.
    var fires: [(name: String, range: SourceRange)]?
    var expect: [(name: String, range: SourceRange, bounds: Bounds)]
    var range: SourceRange
    /// Whether the program wrote it, and no person.
    var isGenerated: Bool
  }

  var path: String
  var rules: [String]
  var cases: [Case]

  /// Reads a spec.
  ///
  /// - Throws: The first thing that is wrong, with its place.
  init(_ file: SourceFile, path: String) throws(Diagnostic) {
    let documents = try YAMLReader.read(file)
    guard let root = documents.first, documents.count == 1, root.members != nil else {
      throw Diagnostic(.wrongType, "a spec is one mapping with 'rules' and 'cases'", at: file.wholeRange)
    }
    try Self.check(root, keys: ["rules", "cases", "generated"])
    self.path = path
    rules = root["rules"]?.texts ?? []
    cases = []
    guard let list = root["cases"]?.elements, !list.isEmpty else {
      throw Diagnostic(.missingKey, "a spec needs a list 'cases'", at: root.range)
    }
    let isGenerated = root["generated"]?.text == "true"
    for node in list { cases.append(try Self.readCase(node, isGenerated: isGenerated)) }
  }

  private static func readCase(_ node: DocumentNode, isGenerated: Bool) throws(Diagnostic) -> Case {
    try check(node, keys: ["name", "event", "events", "fires", "expect", "generated"])
    guard let name = node["name"]?.text else { throw Diagnostic(.missingKey, "a case needs a name", at: node.range) }
    var events = node["event"].map { [EventValue($0)] } ?? []
    var files: [String] = []
    if let more = node["events"] {
      if let text = more.text { files.append(text) } else { events += (more.elements ?? []).map { EventValue($0) } }
    }
    guard !events.isEmpty || !files.isEmpty else {
      throw Diagnostic(.missingKey, "the case '\(name)' has no 'event' and no 'events'", at: node.range)
    }
    let fires = node["fires"].map { list in
      (list.elements ?? [list]).compactMap { element in element.text.map { (name: $0, range: element.range) } }
    }
    var expect: [(name: String, range: SourceRange, bounds: Bounds)] = []
    for member in node["expect"]?.members ?? [] {
      expect.append((member.key.text, member.key.range, try bounds(member.value)))
    }
    guard fires != nil || !expect.isEmpty else {
      throw Diagnostic(.missingKey, "the case '\(name)' says neither what fires nor what to expect", at: node.range)
    }
    return Case(
      name: name, events: events, files: files, fires: fires, expect: expect, range: node["name"]?.range ?? node.range,
      isGenerated: isGenerated || node["generated"]?.text == "true")
  }

  private static func bounds(_ node: DocumentNode) throws(Diagnostic) -> Bounds {
    if let text = node.text, let count = Int(text) { return Bounds(atLeast: count, atMost: count) }
    try check(node, keys: ["at_least", "at_most"])
    return Bounds(
      atLeast: node["at_least"]?.text.flatMap { Int($0) }, atMost: node["at_most"]?.text.flatMap { Int($0) })
  }

  private static func check(_ node: DocumentNode, keys: [String]) throws(Diagnostic) {
    guard let members = node.members else {
      throw Diagnostic(.wrongType, "expected a mapping, found \(node.kindName)", at: node.range)
    }
    for member in members where !keys.contains(member.key.text) {
      throw Diagnostic(
        .unknownKey, "'\(member.key.text)' is not known here", at: member.key.range,
        help: nearestName(to: member.key.text, among: keys).map { "did you mean '\($0)'?" })
    }
  }
}
