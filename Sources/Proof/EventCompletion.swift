import RuleIR

/// Completes a small event by members of an example of its log source.
///
/// A text of the example may name another field in braces, as `/api/v1/{objectRef.resource}` does; where the event has
/// no value there, the member is left out.
struct EventCompletion {
  private let example: EventValue
  /// Whether an event may still be shown.
  private let accepts: (EventValue) -> Bool

  init(_ example: EventValue, accepts: @escaping (EventValue) -> Bool) {
    self.example = example
    self.accepts = accepts
  }

  /// The event with what the example adds, in the order of the example.
  func completing(_ event: EventValue) -> EventValue {
    let whole = merged(event)
    if accepts(whole) { return whole }
    // Some member changes the verdict: one after the other.
    var event = event
    for (steps, _) in example.leaves(at: []) where event.mayTake(steps[...]) {
      guard let value = merged(event).value(at: steps[...]) else { continue }
      let changed = event.setting(value, at: steps[...])
      if accepts(changed) { event = changed }
    }
    let ordered = event.ordered(like: example)
    return accepts(ordered) ? ordered : event
  }

  private func merged(_ event: EventValue) -> EventValue {
    let names = EventValue.merging(example, under: event)
    return EventValue.merging(example.fillingNames(in: names), under: event).ordered(like: example)
  }
}

extension EventValue {
  /// The members of both, those of the second where they are at odds.
  fileprivate static func merging(_ example: EventValue, under event: EventValue) -> EventValue {
    guard case .object(let more) = example, case .object(var object) = event else { return event }
    for member in more.members {
      object[member.key] = object[member.key].map { merging(member.value, under: $0) } ?? member.value
    }
    return .object(object)
  }

  /// Whether a member may be put there: nothing stands there, nor anything but objects on the way.
  fileprivate func mayTake(_ steps: ArraySlice<FieldPath.Step>) -> Bool {
    guard case .key(let key)? = steps.first, case .object(let object) = self else { return false }
    return object[key].map { $0.mayTake(steps.dropFirst()) } ?? true
  }

  fileprivate func ordered(like example: EventValue) -> EventValue {
    guard case .object(let object) = self, case .object(let model) = example else { return self }
    var ordered = EventObject()
    for member in model.members {
      if let own = object[member.key] { ordered[member.key] = own.ordered(like: member.value) }
    }
    for member in object.members where ordered[member.key] == nil { ordered[member.key] = member.value }
    return .object(ordered)
  }

  /// The value with names in braces replaced; members whose names have no value are left out.
  fileprivate func fillingNames(in event: EventValue) -> EventValue {
    guard case .object(let object) = self else { return self }
    return .object(
      EventObject(
        object.members.compactMap { member in
          guard case .string(let text) = member.value else {
            return .init(key: member.key, value: member.value.fillingNames(in: event))
          }
          return text.fillingNames(in: event).map { .init(key: member.key, value: .string($0)) }
        }))
  }
}

extension String {
  fileprivate func fillingNames(in event: EventValue) -> String? {
    guard contains("{") else { return self }
    var filled = ""
    var rest = self[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      guard let path = FieldPath(parsing: String(rest[rest.index(after: open)..<close])), path.isPlain,
        let value = event.value(at: path.steps[...])?.spelling
      else { return nil }
      filled += rest[..<open] + value
      rest = rest[rest.index(after: close)...]
    }
    return filled + rest
  }
}
