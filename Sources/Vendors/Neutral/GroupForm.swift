import RuleIR

extension GroupCondition {
  /// The condition as an object whose first member tells its kind.
  var json: EventObject {
    switch self {
    case .all(let parts): ["all": .list(parts.map { .object($0.json) })]
    case .any(let parts): ["any": .list(parts.map { .object($0.json) })]
    case .not(let inner): ["not": .object(inner.json)]
    case .key(let predicate): ["key": .object(predicate.json)]
    case .measure(let measure): ["measured": .object(measure.json)]
    case .elapsed(let time): ["elapsed": .object(time.json)]
    }
  }
}

extension GroupMeasure {
  fileprivate var json: EventObject {
    var object = EventObject()
    switch quantity {
    case .of(let measure): object["measure"] = .object(measure.json)
    case .kinds(let kinds): object["kinds"] = .list(kinds.map { .object($0.json) })
    }
    if events != .always { object["events"] = .object(events.json) }
    object["bound"] = .string(bound.word)
    object["value"] = value.json
    return object
  }
}

extension ElapsedTime {
  fileprivate var json: EventObject {
    [
      "from": start.json, "to": end.json, "order": .string(order.rawValue),
      "seconds": .number(Number(seconds)),
    ]
  }
}

extension ElapsedTime.Moment {
  fileprivate var json: EventValue {
    switch self {
    case .search: "search"
    case .first(let predicate): ["first": .object(predicate.json)]
    case .last(let predicate): ["last": .object(predicate.json)]
    }
  }
}
