import CSimdJSON
public import RuleIR

/// Reads JSON texts into event values; numbers keep their text, objects their order.
///
/// The reading itself is simdjson's. No Swift library leaves a number's text alone: Foundation refuses `1e999` and
/// rounds on the way.
public final class EventParser {
  /// A value and what had to be done to read it.
  public struct Parsed: Sendable {
    public var value: EventValue
    public var remarks: Set<EventRemark>
  }

  /// Why a text was not read, as a clause.
  public struct Refusal: Error, Hashable, Sendable {
    public var reason: String
  }

  private let handle: OpaquePointer
  private let limits: EventLimits

  public init(limits: EventLimits = EventLimits()) {
    guard let handle = csimdjson_new(limits.depth) else { preconditionFailure("a parser needs memory") }
    self.handle = handle
    self.limits = limits
  }

  deinit { csimdjson_free(handle) }

  /// The object or list that a text is.
  ///
  /// Bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD, which the remarks then say.
  public func parse(_ bytes: some Collection<UInt8>) throws(Refusal) -> Parsed {
    let bytes = Array(bytes)
    let refusal: Refusal
    do throws(Refusal) {
      return try read(bytes, [])
    } catch {
      refusal = error
    }
    guard let repaired = EventRepair.repaired(bytes) else { throw refusal }
    return try read(repaired, [.repaired])
  }

  public func parse(_ text: String) throws(Refusal) -> Parsed { try parse(text.utf8) }

  private func read(_ bytes: [UInt8], _ remarks: Set<EventRemark>) throws(Refusal) -> Parsed {
    let document = csimdjson_read(handle, bytes, bytes.count)
    if let error = document.error { throw Refusal(reason: String(cString: error)) }
    var builder = TapeBuilder(
      items: UnsafeBufferPointer(start: document.items, count: document.count), limit: limits.listElements,
      remarks: remarks)
    let value = try builder.value()
    return Parsed(value: value, remarks: builder.remarks)
  }
}

/// Makes values of the steps of a walk.
private struct TapeBuilder {
  let items: UnsafeBufferPointer<csimdjson_item>
  let limit: Int
  var remarks: Set<EventRemark>
  var at = 0

  mutating func value() throws(EventParser.Refusal) -> EventValue {
    guard at < items.count else { throw EventParser.Refusal(reason: "it is not well-formed JSON") }
    let item = items[at]
    at += 1
    switch item.kind {
    case csimdjson_true.rawValue: return .boolean(true)
    case csimdjson_false.rawValue: return .boolean(false)
    case csimdjson_string.rawValue: return .string(text(item))
    case csimdjson_number.rawValue:
      guard let number = Number(text(item)) else { throw EventParser.Refusal(reason: "a number is none") }
      return .number(number)
    case csimdjson_list_start.rawValue: return try list()
    case csimdjson_object_start.rawValue: return try object()
    case _: return .null
    }
  }

  private mutating func list() throws(EventParser.Refusal) -> EventValue {
    var elements: [EventValue] = []
    while at < items.count, items[at].kind != csimdjson_list_end.rawValue {
      guard elements.count < limit else {
        throw EventParser.Refusal(reason: "a list has more than \(limit) elements")
      }
      elements.append(try value())
    }
    at += 1
    return .list(elements)
  }

  private mutating func object() throws(EventParser.Refusal) -> EventValue {
    var members: [EventObject.Member] = []
    var keys = KeySet()
    while at < items.count, items[at].kind == csimdjson_key.rawValue {
      let item = items[at]
      at += 1
      let isNew = keys.insert(buffer(item))
      let value = try value()
      if isNew {
        members.append(EventObject.Member(key: text(item), value: value))
      } else {
        remarks.insert(.duplicateKey)
      }
    }
    at += 1
    return .object(EventObject(members))
  }

  private func text(_ item: csimdjson_item) -> String { String(decoding: buffer(item), as: UTF8.self) }

  private func buffer(_ item: csimdjson_item) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: item.text, count: Int(item.length))
  }
}

/// The keys of an object, byte for byte: few are compared one by one, many are hashed.
private struct KeySet {
  private var few: [UnsafeRawBufferPointer] = []
  private var many: Set<[UInt8]> = []

  /// Whether the key was not there before.
  mutating func insert(_ key: UnsafeRawBufferPointer) -> Bool {
    if !many.isEmpty { return many.insert(Array(key)).inserted }
    if few.contains(where: { $0.elementsEqual(key) }) { return false }
    few.append(key)
    if few.count > 24 { many = Set(few.map { Array($0) }) }
    return true
  }
}
