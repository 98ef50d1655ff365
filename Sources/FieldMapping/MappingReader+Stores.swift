import Documents
import RuleIR
import SourceText

extension MappingReader {
  /// The keys by which rules name their log source.
  private static let selectors = [
    "product", "category", "service", "index", "dataset", "macro", "source", "sourcetype", "datamodel", "table",
    "log-type",
  ]

  private static let properties = ["names", "lists", "fields", "empty", "absent", "constants", "written", "known-by"]

  /// How a vendor stores the events.
  mutating func store(_ node: DocumentNode) -> VendorStore? {
    guard let members = node.members else {
      report("the log source of a vendor is a mapping", at: node.range)
      return nil
    }
    refuseUnknown(members, among: Self.selectors + Self.properties, of: "a vendor's log source")
    let selectors = members.filter { Self.selectors.contains($0.key.text) }.flatMap { member in
      member.value.texts.map { LogSource.Selector(member.key.text, $0) }
    }
    if selectors.isEmpty {
      report(
        "a vendor's log source needs something to know it by", at: node.range,
        help: "give one of \(Self.selectors.joined(separator: ", "))")
    }
    let naming = word("names", in: node, of: ["flat", "nested"]) == "nested" ? VendorStore.Naming.nested : .flat
    var absent: [FieldPath] = []
    for element in node["absent"]?.elements ?? [] {
      if let path = eventPath(element, or: element.range) { absent.append(path) }
    }
    let knownBy = node["known-by"]?.texts ?? []
    let requiredKeys = knownBy.filter { $0 != "constants" }
    if let stray = requiredKeys.first(where: { key in !selectors.contains { $0.key == key } }) {
      report(
        "'known-by' names 'constants', or keys of the log source", at: node["known-by"]?.range ?? node.range,
        label: "'\(stray)' is none here")
    }
    return VendorStore(
      selectors: selectors, requiredKeys: requiredKeys, requiresConstant: knownBy.contains("constants"),
      naming: naming, marksLists: word("lists", in: node, of: ["marked", "plain"]) == "marked",
      isClosed: word("fields", in: node, of: ["closed", "open"]) == "closed",
      removesEmpty: word("empty", in: node, of: ["removed", "kept"]) == "removed", absent: absent,
      constants: constants(node["constants"], naming, written: node["written"]))
  }

  private mutating func constants(
    _ node: DocumentNode?, _ naming: VendorStore.Naming, written: DocumentNode?
  ) -> [VendorStore.Constant] {
    guard let node else { return [] }
    guard let members = node.members else {
      report("'constants' is a mapping from fields to their value", at: node.range)
      return []
    }
    let names = written?.texts ?? members.prefix(1).map(\.key.text)
    if let written, let stray = names.first(where: { name in !members.contains { $0.key.text == name } }) {
      report("'written' names constants", at: written.range, label: "'\(stray)' is none")
    }
    var constants: [VendorStore.Constant] = []
    for member in members {
      guard !member.value.texts.isEmpty, let path = namePath(member.key.text, naming) else {
        report("a constant is a field and a value, or a list of the only values", at: member.key.range)
        continue
      }
      constants.append(
        VendorStore.Constant(
          field: path, spelling: member.key.text, values: member.value.texts,
          isWritten: names.contains(member.key.text)))
    }
    return constants
  }

  /// A vendor's name as that vendor's importer builds it.
  func namePath(_ name: String, _ naming: VendorStore.Naming) -> FieldPath? {
    switch naming {
    case .flat: FieldPath(flat: name)
    case .nested: FieldPath(parsing: name)
    }
  }
}
