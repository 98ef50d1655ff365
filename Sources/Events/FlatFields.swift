import RuleIR

extension EventObject {
  /// The maps of an audit event, whose keys may have dots.
  private static let maps = [["annotations"], ["user", "extra"], ["impersonatedUser", "extra"]]

  /// The object with its dotted names taken apart: `user.groups{}` is the list `groups` of `user`.
  func nested() -> EventObject {
    var nested = EventObject()
    for member in members {
      guard member.key.utf8.contains(UInt8(ascii: ".")) || member.key.hasSuffix("{}") else {
        nested[member.key] = member.value
        continue
      }
      let isList = member.key.hasSuffix("{}")
      let value: EventValue = isList && member.value.list == nil ? .list([member.value]) : member.value
      nested.set(Self.keys(of: member.key)[...], to: value)
    }
    return nested.withNumberedCode
  }

  private static func keys(of name: String) -> [String] {
    let parts = name.replacing("{}", with: "").split(separator: ".").map(String.init)
    guard let map = maps.first(where: { parts.starts(with: $0) && parts.count > $0.count }) else { return parts }
    return map + [parts[map.count...].joined(separator: ".")]
  }

  private mutating func set(_ keys: ArraySlice<String>, to value: EventValue) {
    guard let first = keys.first else { return }
    if keys.count == 1 {
      self[first] = value
    } else {
      var inner = self[first]?.object ?? EventObject()
      inner.set(keys.dropFirst(), to: value)
      self[first] = .object(inner)
    }
  }

  /// Search results have texts alone; the code of a response is a number.
  private var withNumberedCode: EventObject {
    guard var status = self["responseStatus"]?.object, let text = status["code"]?.string, let code = Number(text) else {
      return self
    }
    var changed = self
    status["code"] = .number(code)
    changed["responseStatus"] = .object(status)
    return changed
  }
}
