/// A value in an event: JSON, with numbers that keep their text and objects that keep their order.
public indirect enum EventValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(Number)
  case string(String)
  case list([EventValue])
  case object(EventObject)
}

/// An object of an event, in which the first of two members with one key counts.
public struct EventObject: Hashable, Sendable {
  public struct Member: Hashable, Sendable {
    public var key: String
    public var value: EventValue

    public init(key: String, value: EventValue) {
      self.key = key
      self.value = value
    }
  }

  public private(set) var members: [Member]

  public init(_ members: [Member] = []) { self.members = members }

  public subscript(key: String) -> EventValue? {
    get { members.first { isSameText($0.key, key) }?.value }
    set {
      let index = members.firstIndex { isSameText($0.key, key) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  public var keys: [String] { members.map(\.key) }
}

extension EventValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .number(Number(value)) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(arrayLiteral elements: EventValue...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, EventValue)...) {
    self = .object(EventObject(elements.map { .init(key: $0.0, value: $0.1) }))
  }
  public init(nilLiteral: ()) { self = .null }
}

extension EventObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, EventValue)...) {
    self.init(elements.map { Member(key: $0.0, value: $0.1) })
  }
}

extension EventValue {
  /// The text that a scalar spells: a string as it is, a number as written, `true` or `false`.
  public var spelling: String? {
    switch self {
    case .string(let text): text
    case .number(let number): number.text
    case .boolean(let flag): flag ? "true" : "false"
    case .null, .list, .object: nil
    }
  }

  /// Compact JSON: no blanks, members in their order.
  public var json: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .number(let number): text += number.text
    case .string(let value): text += Self.quoted(value)
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .object(let object):
      text += "{"
      for (index, member) in object.members.enumerated() {
        if index > 0 { text += "," }
        text += Self.quoted(member.key) + ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  /// A JSON string literal.
  public static func quoted(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) { return "\"" + text + "\"" }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0x2028
        || scalar.value == 0x2029:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      case _: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
