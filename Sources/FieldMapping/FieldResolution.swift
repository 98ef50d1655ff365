import RuleIR

/// Where the paths inside a `some` or `every` start: the same place in the vendor's names and in the event's.
struct MappingScope {
  var vendor = FieldPath.element
  var event = FieldPath.element
  /// Whether the mapping has no row for the place, so that nothing is known of what lies behind it.
  var isUnmapped = false
}

/// What a name turned out to stand for.
enum FieldResolution {
  case field(ResolvedField)
  /// The same value in every event.
  case constant(VendorStore.Constant)
  case unmapped
}

/// A field, found under one of its names.
struct ResolvedField {
  /// From the scope, in the names of the side that is mapped to.
  var path: FieldPath
  /// From the event, in the event's names.
  var eventPath: FieldPath
  /// Nil for a member of an open object that has no row of its own.
  var row: MappedField?
  var name: VendorField.Name?
  /// Whether several values can be there, seen from the scope.
  var isList: Bool

  var type: TargetSchema.FieldType? { row?.type }
}

extension Mapping {
  /// What a vendor's name, seen from a scope, stands for.
  func resolve(_ path: FieldPath, of vendor: String, in scope: MappingScope) -> FieldResolution {
    let full = scope.vendor.appending(path)
    if scope.vendor.steps.isEmpty, let constant = stores[vendor]?.constants.first(where: { $0.field == full }) {
      return .constant(constant)
    }
    return resolveField(path, of: vendor, in: scope).map(FieldResolution.field) ?? .unmapped
  }

  /// The field of a vendor's name, be it a constant or not.
  func resolveField(_ path: FieldPath, of vendor: String, in scope: MappingScope) -> ResolvedField? {
    let full = scope.vendor.appending(path)
    guard !full.steps.isEmpty, let found = lookUp(full, of: vendor),
      let relative = found.path.removing(prefix: scope.event)
    else { return nil }
    return ResolvedField(
      path: relative, eventPath: found.path, row: found.row, name: found.name,
      isList: isList(found.path, from: scope.event))
  }

  private typealias Finding = (path: FieldPath, row: MappedField?, name: VendorField.Name?)

  /// The event path of a vendor's full name.
  ///
  /// The row with the longest name that the path starts with decides: the path itself, an element of a list, or a
  /// member of an open object.
  private func lookUp(_ full: FieldPath, of vendor: String) -> Finding? {
    for (head, rest) in full.splits {
      guard let found = row(forName: head, of: vendor) else { continue }
      let rest = rest.withoutEach
      if rest.steps.isEmpty { return (found.row.path, found.row, found.name) }
      if rest.steps.allSatisfy(\.isIndex) { return (found.row.path.appending(rest), found.row, found.name) }
      guard found.row.fields[vendor]?.isOpen == true else { return nil }
      let isFlat = stores[vendor]?.naming == .flat
      return (found.row.path.appending(found.row.openness.member(rest, isFlat: isFlat)), nil, nil)
    }
    return nil
  }

  /// The row of a name; `[*]` behind a list counts for nothing where the vendor does not mark lists.
  private func row(forName path: FieldPath, of vendor: String) -> (row: MappedField, name: VendorField.Name)? {
    if let found = row(named: path.dotted, by: vendor) { return found }
    guard stores[vendor]?.marksLists == false, path.steps.contains(.each),
      let found = row(named: path.withoutEach.dotted, by: vendor), isList(found.row.path, from: .element)
    else { return nil }
    return found
  }

  /// Whether several values can lie at an event path, seen from a place on the way; a member that has no row may be a
  /// list.
  func isList(_ path: FieldPath, from scope: FieldPath) -> Bool {
    let steps = path.steps
    guard steps.count > scope.steps.count else { return false }
    for end in scope.steps.count..<steps.count {
      let isIndexed = end + 1 < steps.count && steps[end + 1].isIndex
      if !isIndexed, let row = row(at: FieldPath(Array(steps[...end]))), row.isList { return true }
    }
    return row(at: FieldPath(steps.filter { !$0.isIndex })) == nil
  }

  /// The path under which a vendor has a field, seen from a scope; nil where it has none.
  func vendorField(
    _ path: FieldPath, for vendor: String, in scope: MappingScope, preferring type: TargetSchema.FieldType? = nil
  ) -> ResolvedField? {
    let full = scope.event.appending(path)
    guard !full.steps.isEmpty, let found = vendorPath(full, for: vendor, preferring: type),
      let relative = found.path.removing(prefix: scope.vendor)
    else { return nil }
    return ResolvedField(
      path: relative, eventPath: full.withoutEach, row: found.row, name: found.name,
      isList: isList(full.withoutEach, from: scope.event))
  }

  private func vendorPath(
    _ full: FieldPath, for vendor: String, preferring type: TargetSchema.FieldType?
  ) -> Finding? {
    for (head, rest) in full.withoutEach.splits {
      guard let row = row(at: head), let field = row.fields[vendor],
        let name = field.names.first(where: { type != nil && ($0.type ?? row.type) == type && $0.values.isEmpty })
          ?? field.names.first
      else { continue }
      if rest.steps.isEmpty { return (name.path, row, name) }
      if rest.steps.allSatisfy(\.isIndex) { return (name.path.appending(rest), row, name) }
      guard field.isOpen else { return nil }
      return (join(name.path, rest, for: vendor), nil, nil)
    }
    return nil
  }

  /// A member's path behind its object's, joined to one name where the vendor's names are flat.
  private func join(_ path: FieldPath, _ rest: FieldPath, for vendor: String) -> FieldPath {
    guard stores[vendor]?.naming == .flat else { return path.appending(rest) }
    var steps = path.steps
    for step in rest.steps {
      if case .key(let key) = step, case .key(let last)? = steps.last {
        steps[steps.count - 1] = .key("\(last).\(key)")
      } else {
        steps.append(step)
      }
    }
    return FieldPath(steps)
  }
}

extension FieldPath {
  /// The path cut in two at every place where a name can end, longest head first; heads are never empty.
  var splits: [(head: FieldPath, rest: FieldPath)] {
    var found: [(head: FieldPath, rest: FieldPath)] = []
    for length in steps.indices.reversed() {
      let before = Array(steps[..<length])
      let behind = Array(steps[(length + 1)...])
      found.append((FieldPath(before + [steps[length]]), FieldPath(behind)))
      guard case .key(let key) = steps[length] else { continue }
      for dot in key.utf8.indices.reversed() where key.utf8[dot] == UInt8(ascii: ".") {
        let (left, right) = (key[..<dot], key[key.utf8.index(after: dot)...])
        guard !left.isEmpty, !right.isEmpty else { continue }
        found.append((FieldPath(before + [.key(String(left))]), FieldPath([.key(String(right))] + behind)))
      }
    }
    return found
  }
}

extension MappedField.Openness {
  /// The way to a member that no row names.
  fileprivate func member(_ rest: FieldPath, isFlat: Bool) -> FieldPath {
    let keys = rest.steps.prefix { !$0.isIndex }.compactMap(\.key)
    switch self {
    case .keys: return FieldPath([.key(keys.joined(separator: "."))] + rest.steps.dropFirst(keys.count))
    case .members, .closed: return isFlat ? rest.splittingKeys : rest
    }
  }
}

extension FieldPath {
  /// The path with each dotted key taken apart.
  var splittingKeys: FieldPath {
    FieldPath(
      steps.flatMap { step in
        step.key.map { $0.split(separator: ".").map { .key(String($0)) } } ?? [step]
      })
  }
}

extension FieldPath.Step {
  /// The key, where the step is a plain one.
  var key: String? {
    switch self {
    case .key(let key): key
    case .index, .each, .keyPattern: nil
    }
  }

  var isIndex: Bool {
    switch self {
    case .index: true
    case .key, .each, .keyPattern: false
    }
  }
}
