import Documents
import RuleIR
import SourceText

extension MappingReader {
  /// The keys by which rules name their log source.
  private static let selectors = [
    "product", "category", "service", "index", "dataset", "macro", "source", "sourcetype", "table", "log-type",
  ]

  private static let properties = ["names", "lists", "fields", "empty", "absent", "constants"]

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
    return VendorStore(
      selectors: selectors, naming: naming, marksLists: word("lists", in: node, of: ["marked", "plain"]) == "marked",
      isClosed: word("fields", in: node, of: ["closed", "open"]) == "closed",
      removesEmpty: word("empty", in: node, of: ["removed", "kept"]) == "removed", absent: absent,
      constants: constants(node["constants"], naming))
  }

  private mutating func constants(_ node: DocumentNode?, _ naming: VendorStore.Naming) -> [VendorStore.Constant] {
    guard let node else { return [] }
    guard let members = node.members else {
      report("'constants' is a mapping from fields to their value", at: node.range)
      return []
    }
    var constants: [VendorStore.Constant] = []
    for member in members {
      guard let value = member.value.text, let path = namePath(member.key.text, naming) else {
        report("a constant is a field and a single value", at: member.key.range)
        continue
      }
      constants.append(VendorStore.Constant(field: path, spelling: member.key.text, value: value))
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
