import Documents
import RuleIR
import SourceText

extension MappingReader {
  private static let rowKeys = ["event", "type", "list", "open", "empty", "common", "known", "never", "absent"]
  private static let nameKeys = ["name", "type", "values", "analysed"]

  /// A row; nil where it is not even clear which field it is about.
  mutating func row(_ node: DocumentNode, _ stores: [String: VendorStore]) -> MappedField? {
    guard let members = node.members else {
      report("a field is a mapping with 'event', 'type' and the names that vendors have for it", at: node.range)
      return nil
    }
    let place = node["event"]?.range ?? node.range
    guard let path = eventPath(node["event"], or: node.range) else { return nil }
    let types = TargetSchema.FieldType.allCases.map(\.rawValue)
    let type = word("type", in: node, of: types).flatMap(TargetSchema.FieldType.init)
    if node["type"] == nil {
      report("the field '\(path)' needs a 'type'", at: place, help: types.joined(separator: ", "))
    }
    let openness = word("open", in: node, of: MappedField.Openness.allCases.map(\.rawValue))
    var row = MappedField(
      path: path, type: type ?? .text, isList: flag("list", in: node) ?? false,
      openness: openness.flatMap(MappedField.Openness.init) ?? .closed,
      mayBeEmpty: word("empty", in: node, of: ["never", "possible"]) != "never", commonName: node["common"]?.text,
      knownValues: node["known"]?.texts ?? [], neverValues: neverValues(node["never"]), fields: [:], range: place)
    row.absence = absence(node["absent"])
    if row.openness != .closed, row.type != .object {
      report("only an object can be open", at: node["open"]?.range ?? place)
    }
    for member in members where !Self.rowKeys.contains(member.key.text) {
      if let field = field(member, of: row, stores) { row.fields[member.key.text] = field }
    }
    return row
  }

  private mutating func absence(_ node: DocumentNode?) -> MappedField.Absence? {
    guard let node else { return nil }
    if let members = node.members { refuseUnknown(members, among: ["beside", "values", "why"], of: "'absent'") }
    guard let name = node["beside"]?.text, let field = FieldPath(parsing: name), let values = node["values"]?.texts,
      !values.isEmpty, let reason = node["why"]?.text
    else {
      report("'absent' is a mapping with 'beside', a field, its 'values', and 'why'", at: node.range)
      return nil
    }
    return MappedField.Absence(field: field, values: values, reason: reason)
  }

  private mutating func neverValues(_ node: DocumentNode?) -> [MappedField.NeverValue] {
    guard let node else { return [] }
    guard let members = node.members else {
      report("'never' is a mapping from values to the reason", at: node.range)
      return []
    }
    return members.map { MappedField.NeverValue(value: $0.key.text, reason: $0.value.text ?? "") }
  }

  /// What a vendor calls the field of a row.
  private mutating func field(
    _ member: DocumentNode.Member, of row: MappedField, _ stores: [String: VendorStore]
  ) -> VendorField? {
    guard vendors.contains(member.key.text) else {
      diagnostics.append(
        Diagnostic(
          .unknownVendor, "'\(member.key.text)' is neither a vendor nor a key of a field", at: member.key.range,
          label: "unknown",
          help: nearestName(to: member.key.text, among: Self.rowKeys + vendors).map { "did you mean '\($0)'?" }))
      return nil
    }
    guard let store = stores[member.key.text] else {
      report("'applies-to' does not say how \(member.key.text) knows these events", at: member.key.range)
      return nil
    }
    let isClosed = (member.value.elements ?? [member.value]).contains { $0["open"]?.text == "closed" }
    var names: [VendorField.Name] = []
    for node in member.value.elements ?? [member.value] {
      if let name = name(node, of: row, store.naming) { names.append(name) }
    }
    return names.isEmpty ? nil : VendorField(names: names, isOpen: row.openness != .closed && !isClosed)
  }

  private mutating func name(
    _ node: DocumentNode, of row: MappedField, _ naming: VendorStore.Naming
  ) -> VendorField.Name? {
    if let members = node.members {
      refuseUnknown(members, among: Self.nameKeys + ["open"], of: "a name")
      _ = word("open", in: node, of: ["closed"])
    }
    let spelling = node.members == nil ? node.text : text("name", in: node)
    guard let spelling, let path = namePath(spelling, naming) else {
      report("a vendor's name is a text, a list of texts, or a mapping with 'name'", at: node.range)
      return nil
    }
    let types = TargetSchema.FieldType.allCases.map(\.rawValue)
    return VendorField.Name(
      spelling: spelling, path: path, type: word("type", in: node, of: types).flatMap(TargetSchema.FieldType.init),
      isAnalysed: flag("analysed", in: node) ?? false, values: values(node["values"], of: row))
  }

  private mutating func values(_ node: DocumentNode?, of row: MappedField) -> [VendorField.ValuePair] {
    guard let node else { return [] }
    guard let members = node.members, !members.isEmpty else {
      report("'values' is a mapping from the vendor's values to the event's", at: node.range)
      return []
    }
    var pairs: [VendorField.ValuePair] = []
    for member in members {
      guard let event = member.value.text else {
        report("a value stands for one value of the event", at: member.value.range)
        continue
      }
      if !row.knownValues.isEmpty, !row.knownValues.contains(event) {
        report("'\(event)' is not among the known values of '\(row.path)'", at: member.value.range)
      }
      pairs.append(VendorField.ValuePair(vendor: member.key.text, event: event))
    }
    return pairs
  }

  /// The rows with the names that follow from an open object's: `requestObject` gives `requestObject.spec.type` its
  /// name too.
  mutating func derivingNames(_ rows: [MappedField], _ stores: [String: VendorStore]) -> [MappedField] {
    var rows = rows
    var byPath: [FieldPath: Int] = [:]
    let order = rows.indices.sorted { rows[$0].path.steps.count < rows[$1].path.steps.count }
    for index in order where byPath[rows[index].path] == nil { byPath[rows[index].path] = index }
    for index in order {
      let steps = rows[index].path.steps
      for length in stride(from: steps.count - 1, to: 0, by: -1) {
        guard let parent = byPath[FieldPath(Array(steps[..<length]))] else { continue }
        for (vendor, field) in rows[parent].fields where rows[index].fields[vendor] == nil && field.isOpen {
          guard let store = stores[vendor] else { continue }
          rows[index].fields[vendor] = derived(field, steps[length...], rows[index], store)
        }
        break
      }
    }
    return rows
  }

  private func derived(
    _ parent: VendorField, _ steps: ArraySlice<FieldPath.Step>, _ row: MappedField, _ store: VendorStore
  ) -> VendorField {
    let mark = row.isList && store.marksLists ? "{}" : ""
    let names = parent.names.filter { $0.values.isEmpty }.compactMap { name -> VendorField.Name? in
      var spelling = name.spelling
      for key in steps.compactMap(\.key) {
        spelling += store.naming == .nested ? FieldPath.member(key) : ".\(key)"
      }
      spelling += mark
      return namePath(spelling, store.naming).map {
        VendorField.Name(spelling: spelling, path: $0, type: nil, isAnalysed: false, values: [])
      }
    }
    return VendorField(names: names, isOpen: row.type == .object)
  }
}

extension FieldPath {
  /// A further key as a path writes it.
  fileprivate static func member(_ key: String) -> String {
    let text = FieldPath(keys: key).description
    return text.hasPrefix("[") ? text : ".\(text)"
  }
}
