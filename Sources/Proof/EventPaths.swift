public import RuleIR

extension FieldPath {
  /// Whether the path is made of keys alone, so that an event can be made for it.
  var isPlain: Bool {
    steps.allSatisfy { step in
      if case .key = step { true } else { false }
    }
  }
}

extension EventValue {
  /// The event with a value put at a path of plain keys.
  public func setting(_ value: EventValue, at steps: ArraySlice<FieldPath.Step>) -> EventValue {
    guard case .key(let key)? = steps.first else { return value }
    var object = EventObject()
    if case .object(let present) = self { object = present }
    object[key] = (object[key] ?? .object(EventObject())).setting(value, at: steps.dropFirst())
    return .object(object)
  }

  /// What stands at a path of plain keys; nil where the way ends before.
  public func value(at steps: ArraySlice<FieldPath.Step>) -> EventValue? {
    guard let step = steps.first else { return self }
    guard case .key(let key) = step, case .object(let object) = self else { return nil }
    return object[key]?.value(at: steps.dropFirst())
  }

  /// The event without what stands at a path, nor objects that are empty then.
  public func removing(_ steps: ArraySlice<FieldPath.Step>) -> EventValue {
    guard case .key(let key)? = steps.first, case .object(var object) = self, let inner = object[key] else {
      return self
    }
    let rest = steps.dropFirst()
    let smaller = inner.removing(rest)
    object[key] = rest.isEmpty || smaller == .object(EventObject()) ? EventValue?.none : smaller
    return .object(object)
  }

  /// The values that are no objects, or empty ones, with the way to each.
  func leaves(at steps: [FieldPath.Step]) -> [(steps: [FieldPath.Step], value: EventValue)] {
    guard case .object(let object) = self, !object.members.isEmpty else { return [(steps, self)] }
    return object.members.flatMap { $0.value.leaves(at: steps + [.key($0.key)]) }
  }

  /// The ways to its leaves.
  var leafPaths: [[FieldPath.Step]] {
    self == .object(EventObject()) ? [] : leaves(at: []).map(\.steps)
  }
}
