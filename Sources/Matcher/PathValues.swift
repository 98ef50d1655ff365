public import RuleIR

extension EventValue {
  /// The values at a path: scalars and objects, with lists opened and nulls dropped.
  public func values(at path: FieldPath) -> [EventValue] {
    var found: [EventValue] = []
    for node in nodes(at: path.steps[...]) { node.open(into: &found) }
    return found
  }

  /// Whether the key that the path ends in is there, whatever its value.
  func hasKey(_ path: FieldPath) -> Bool {
    guard let last = path.steps.last else { return true }
    return nodes(at: path.steps.dropLast()).contains { !$0.reached(by: last).isEmpty }
  }

  /// What lies at the end of the steps, lists and nulls included.
  private func nodes(at steps: ArraySlice<FieldPath.Step>) -> [EventValue] {
    guard let first = steps.first else { return [self] }
    return reached(by: first).flatMap { $0.nodes(at: steps.dropFirst()) }
  }

  private func reached(by step: FieldPath.Step) -> [EventValue] {
    switch (self, step) {
    case (.object(let object), .key(let key)): object.reached(by: key)
    case (.object(let object), .keyPattern(let pattern)):
      object.members.filter { pattern.matches($0.key, .sensitive) }.map(\.value)
    case (.list(let elements), .each): elements
    case (.list(let elements), .index(let index)): elements.element(at: index).map { [$0] } ?? []
    // A list on the way is descended into of itself.
    case (.list(let elements), .key), (.list(let elements), .keyPattern): elements.flatMap { $0.reached(by: step) }
    case (.object, _), (.null, _), (.boolean, _), (.number, _), (.string, _): []
    }
  }

  private func open(into found: inout [EventValue]) {
    switch self {
    case .null: break
    case .list(let elements): for element in elements { element.open(into: &found) }
    case .boolean, .number, .string, .object: found.append(self)
    }
  }

  /// Every scalar of the value, at any depth, in order.
  func eachScalar(_ visit: (EventValue) throws -> Bool) rethrows -> Bool {
    switch self {
    case .null: false
    case .boolean, .number, .string: try visit(self)
    case .list(let elements): try elements.contains { try $0.eachScalar(visit) }
    case .object(let object): try object.members.contains { try $0.value.eachScalar(visit) }
    }
  }

  /// What `hasValue` counts: a scalar, or an object that is not empty.
  var isPresent: Bool {
    switch self {
    case .null, .list: false
    case .boolean, .number, .string: true
    case .object(let object): !object.members.isEmpty
    }
  }
}

extension EventObject {
  /// The values under a key, and, for a key with dots, under each way to split it: longest joined key first.
  fileprivate func reached(by key: String) -> [EventValue] {
    var found = self[key].map { [$0] } ?? []
    guard key.utf8.contains(UInt8(ascii: ".")) else { return found }
    for index in key.utf8.indices.reversed() where key.utf8[index] == UInt8(ascii: ".") {
      guard let outer = self[String(key[..<index])] else { continue }
      found += outer.inner(String(key[key.index(after: index)...]))
    }
    return found
  }
}

extension EventValue {
  fileprivate func inner(_ key: String) -> [EventValue] {
    switch self {
    case .object(let object): object.reached(by: key)
    case .list(let elements): elements.flatMap { $0.inner(key) }
    case .null, .boolean, .number, .string: []
    }
  }
}

extension [EventValue] {
  fileprivate func element(at index: Int) -> EventValue? {
    let position = index < 0 ? count + index : index
    return indices.contains(position) ? self[position] : nil
  }
}
