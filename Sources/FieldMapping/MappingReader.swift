public import Documents
import LanguageSupport
import RuleIR
public import SourceText

/// Reads a mapping file.
///
/// The file's form is described at the top of `mappings/kubernetes-audit.yml`. All that is wrong with a file is
/// reported at once; a file with an error gives no mapping.
public struct MappingReader {
  let file: SourceFile
  let vendors: [String]
  var diagnostics: [Diagnostic] = []

  /// The mapping of a file and what there is to say of it.
  ///
  /// - Parameter vendors: The names that may stand for vendors.
  public static func read(_ file: SourceFile, vendors: [String]) -> (mapping: Mapping?, diagnostics: [Diagnostic]) {
    do throws(Diagnostic) {
      let documents = try YAMLReader.read(file)
      guard documents.count == 1 else {
        throw Diagnostic(
          .invalidMapping, "a mapping file is one document", at: documents.dropFirst().first?.range ?? file.wholeRange)
      }
      return read(documents[0], of: file, vendors: vendors)
    } catch {
      return (nil, [error])
    }
  }

  /// The mapping of a file without its fields, of which the file is not read any further; nil where that cannot be told.
  public static func readHeader(_ file: SourceFile, vendors: [String]) -> Mapping? {
    let key = Array("\nfields:".utf8)
    guard
      let end = file.bytes.indices.first(where: {
        file.bytes[$0] == key[0] && file.bytes[$0...].starts(with: key)
      })
    else { return nil }
    let head = SourceFile(name: file.name, bytes: Array(file.bytes[..<end]))
    guard let documents = try? YAMLReader.read(head), let document = documents.first, documents.count == 1 else {
      return nil
    }
    var reader = MappingReader(file: head, vendors: vendors)
    let name = reader.text("name", in: document) ?? ""
    let title = reader.text("title", in: document) ?? "\(name) event"
    let mapping = Mapping(
      name: name, title: title, stores: reader.stores(document), rows: [], signs: reader.signs(document["events"]),
      file: file)
    return reader.diagnostics.isEmpty ? mapping : nil
  }

  /// The mapping of a document that was read before.
  public static func read(
    _ document: DocumentNode, of file: SourceFile, vendors: [String]
  ) -> (mapping: Mapping?, diagnostics: [Diagnostic]) {
    var reader = MappingReader(file: file, vendors: vendors)
    let mapping = reader.mapping(document)
    return (reader.diagnostics.contains { $0.severity == .error } ? nil : mapping, reader.diagnostics)
  }

  private init(file: SourceFile, vendors: [String]) {
    self.file = file
    self.vendors = vendors
  }

  private mutating func mapping(_ document: DocumentNode) -> Mapping? {
    guard let members = document.members else {
      report("a mapping file is a mapping of keys", at: document.range, label: "this is \(document.kindName)")
      return nil
    }
    refuseUnknown(
      members, among: ["name", "title", "reference", "applies-to", "events", "fields", "example"],
      of: "a mapping file")
    let name = text("name", in: document) ?? ""
    let title = text("title", in: document) ?? "\(name) event"
    let stores = self.stores(document)
    guard let elements = document["fields"]?.elements, !elements.isEmpty else {
      report("a mapping file needs a list 'fields'", at: document["fields"]?.range ?? document.range)
      return nil
    }
    var rows: [MappedField] = []
    for element in elements {
      if let row = row(element, stores) { rows.append(row) }
    }
    rows = derivingNames(rows, stores)
    refuseDoubles(rows, stores)
    if let example = document["example"], example.members == nil {
      report("an 'example' is a mapping: one event", at: example.range, label: "this is \(example.kindName)")
    }
    return Mapping(
      name: name, title: title, stores: stores, rows: rows, example: document["example"].map { EventValue($0) },
      signs: signs(document["events"]), file: file)
  }

  /// How an event tells that it is of the log source.
  private mutating func signs(_ node: DocumentNode?) -> EventSigns {
    var alternatives: [[EventSigns.Sign]] = []
    for element in node.map({ $0.elements ?? [$0] }) ?? [] {
      var signs: [EventSigns.Sign] = []
      for member in element.members ?? [] {
        if let path = FieldPath(parsing: member.key.text), !member.value.texts.isEmpty {
          signs.append(.init(field: path, values: member.value.texts))
        } else {
          report("what an event tells is a field with a value, or a list of values", at: member.key.range)
        }
      }
      if signs.isEmpty { report("'events' is a list of mappings from fields to values", at: element.range) }
      alternatives.append(signs)
    }
    return EventSigns(alternatives)
  }

  private mutating func stores(_ document: DocumentNode) -> [String: VendorStore] {
    guard let members = document["applies-to"]?.members, !members.isEmpty else {
      report(
        "a mapping file needs a mapping 'applies-to' from vendors to log sources",
        at: document["applies-to"]?.range ?? document.range)
      return [:]
    }
    var stores: [String: VendorStore] = [:]
    for member in members where isVendor(member.key) { stores[member.key.text] = store(member.value) }
    return stores
  }

  mutating func isVendor(_ key: DocumentNode.Scalar) -> Bool {
    if vendors.contains(key.text) { return true }
    diagnostics.append(
      Diagnostic(
        .unknownVendor, "'\(key.text)' is no vendor", at: key.range, label: "unknown vendor",
        help: nearestName(to: key.text, among: vendors).map { "did you mean '\($0)'?" }
          ?? "vendors are \(vendors.joined(separator: ", "))"))
    return false
  }
}

extension MappingReader {
  mutating func report(
    _ message: String, at range: SourceRange, label: String = "", _ code: DiagnosticCode = .invalidMapping,
    help: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, message, at: range, label: label, help: help))
  }

  mutating func refuseUnknown(_ members: [DocumentNode.Member], among keys: [String], of owner: String) {
    for member in members where !keys.contains(member.key.text) {
      report(
        "'\(member.key.text)' is no key of \(owner)", at: member.key.range, label: "unknown key",
        help: nearestName(to: member.key.text, among: keys).map { "did you mean '\($0)'?" }
          ?? "keys are \(keys.joined(separator: ", "))")
    }
  }

  /// The text of a key that must be there.
  mutating func text(_ key: String, in node: DocumentNode) -> String? {
    if let text = node[key]?.text, !text.isEmpty { return text }
    report("'\(key)' must be a text", at: node.member(key)?.key.range ?? node.range)
    return nil
  }

  /// One of a few words; nil, with a report unless the key is absent, for any other.
  mutating func word(_ key: String, in node: DocumentNode, of words: [String]) -> String? {
    guard let value = node[key] else { return nil }
    if let word = value.text, words.contains(word) { return word }
    report(
      "'\(key)' is one of \(words.joined(separator: ", "))", at: value.range, label: "not one of them",
      help: value.text.flatMap { nearestName(to: $0, among: words) }.map { "did you mean '\($0)'?" })
    return nil
  }

  mutating func flag(_ key: String, in node: DocumentNode) -> Bool? {
    guard let value = node[key] else { return nil }
    if case .boolean(let flag)? = value.scalar?.kind { return flag }
    report("'\(key)' is true or false", at: value.range)
    return nil
  }

  /// An event path as the file writes it, with quoted keys for keys with dots.
  mutating func eventPath(_ node: DocumentNode?, or owner: SourceRange) -> FieldPath? {
    guard let text = node?.text, let path = FieldPath(parsing: text), path.steps.allSatisfy({ $0.key != nil }) else {
      report(
        "an event path is keys joined by dots, with [\"…\"] around a key that has dots itself",
        at: node?.range ?? owner, label: node == nil ? "no 'event'" : "no such path")
      return nil
    }
    return path
  }
}
