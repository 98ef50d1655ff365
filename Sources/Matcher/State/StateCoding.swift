import RuleIR

/// Writes what rules remember as bytes.
struct StateWriter {
  private(set) var bytes: [UInt8] = []

  /// Seven bits a byte, the least first; negative numbers are folded between the others.
  mutating func write(_ value: Int) {
    var rest = UInt64(bitPattern: Int64(value << 1 ^ value >> (Int.bitWidth - 1)))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(time: Int) { write(min(max(time, -StateReader.farTime), StateReader.farTime)) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes += text.utf8
  }

  mutating func write(_ key: GroupKey) {
    write(key.count)
    for value in key { write(value) }
  }

  private mutating func write(_ value: EventValue) {
    switch value {
    case .null: bytes.append(0)
    case .boolean(let flag): bytes.append(flag ? 2 : 1)
    case .number(let number):
      bytes.append(3)
      write(number.text)
    case .string(let text):
      bytes.append(4)
      write(text)
    case .list(let elements):
      bytes.append(5)
      write(elements)
    case .object(let object):
      bytes.append(6)
      write(object.members.count)
      for member in object.members {
        write(member.key)
        write(member.value)
      }
    }
  }
}

/// Reads what rules remembered; nothing that bytes may be makes it trap.
struct StateReader {
  /// The bytes are no state of this rule.
  struct Fault: Error {}

  private let bytes: [UInt8]
  private var at = 0
  private static let depth = 64

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  private mutating func byte() throws(Fault) -> UInt8 {
    guard at < bytes.count else { throw Fault() }
    at += 1
    return bytes[at - 1]
  }

  mutating func integer() throws(Fault) -> Int {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 64 else { throw Fault() }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { break }
      shift += 7
    }
    return Int(truncatingIfNeeded: value >> 1) ^ -Int(truncatingIfNeeded: value & 1)
  }

  /// No event is farther from the epoch, in microseconds; sums of a few such times are no problem.
  static let farTime = 1 << 60

  mutating func time() throws(Fault) -> Int {
    let time = try integer()
    guard (-Self.farTime...Self.farTime).contains(time) else { throw Fault() }
    return time
  }

  /// A number of things that follow, each of a byte at least.
  mutating func count() throws(Fault) -> Int {
    let count = try integer()
    guard count >= 0, count <= bytes.count - at else { throw Fault() }
    return count
  }

  mutating func text() throws(Fault) -> String {
    let count = try count()
    at += count
    return String(decoding: bytes[(at - count)..<at], as: UTF8.self)
  }

  mutating func key() throws(Fault) -> GroupKey { try list(0) }

  private mutating func list(_ depth: Int) throws(Fault) -> [EventValue] {
    var elements: [EventValue] = []
    for _ in 0..<(try count()) { elements.append(try value(depth)) }
    return elements
  }

  private mutating func value(_ depth: Int) throws(Fault) -> EventValue {
    guard depth < Self.depth else { throw Fault() }
    switch try byte() {
    case 0: return .null
    case 1: return .boolean(false)
    case 2: return .boolean(true)
    case 3:
      guard let number = Number(try text()) else { throw Fault() }
      return .number(number)
    case 4: return .string(try text())
    case 5: return .list(try list(depth + 1))
    case 6:
      var members: [EventObject.Member] = []
      for _ in 0..<(try count()) {
        let key = try text()
        members.append(EventObject.Member(key: key, value: try value(depth + 1)))
      }
      return .object(EventObject(members))
    case _: throw Fault()
    }
  }
}
