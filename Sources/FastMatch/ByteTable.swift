import Glibc

/// Texts by their bytes, each with a value: a table with open addresses.
struct ByteTable: Sendable {
  private struct Slot {
    var hash: UInt64
    var text: Run
    /// -1 where the slot is empty.
    var value: Int32
  }

  private let slots: Flat<Slot>
  /// Of each slot eight bits of its hash, zero where it is empty: most of what is not there is told by them alone.
  private let tags: Flat<UInt8>
  private let mask: Int
  private let pool: Flat<UInt8>

  init(_ entries: [(text: [UInt8], value: Int32)]) {
    let size = entries.count.roundedUp * 2
    var slots = [Slot](repeating: Slot(hash: 0, text: .empty, value: -1), count: size)
    var pool: [UInt8] = []
    for entry in entries {
      let hash = entry.text.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.map { ByteTable.hash($0, bytes.count) } ?? ByteTable.emptyHash
      }
      var at = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[at].value >= 0 { at = (at + 1) & (size - 1) }
      slots[at] = Slot(hash: hash, text: Run(appending: entry.text, to: &pool), value: entry.value)
    }
    tags = Flat(slots.map { $0.value < 0 ? 0 : Self.tag($0.hash) })
    self.slots = Flat(slots)
    self.pool = Flat(pool)
    mask = size - 1
  }

  func free() {
    slots.free()
    tags.free()
    pool.free()
  }

  /// The value of a text, -1 where it has none.
  @inline(__always) func value(_ text: Slice) -> Int32 {
    let hash = Self.hash(text.start, text.length)
    var at = Int(truncatingIfNeeded: hash) & mask
    let wanted = Self.tag(hash)
    while true {
      let tag = tags[at]
      if tag == 0 { return -1 }
      if tag == wanted {
        let slot = slots.base + at
        if slot.pointee.hash == hash, Int(slot.pointee.text.count) == text.length,
          memcmp(pool.base + Int(slot.pointee.text.start), text.start, text.length) == 0
        {
          return slot.pointee.value
        }
      }
      at = (at &+ 1) & mask
    }
  }

  @inline(__always) private static func tag(_ hash: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: hash >> 56) | 1 }

  static let emptyHash: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Eight bytes at a time; reads nothing behind the text.
  @inline(__always) static func hash(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    var hash = emptyHash ^ (UInt64(truncatingIfNeeded: length) &* 0xA24B_AED4_963E_E407)
    var at = 0
    while at &+ 8 <= length {
      hash = mix(hash ^ (raw + at).loadUnaligned(as: UInt64.self))
      at &+= 8
    }
    var rest: UInt64 = 0
    while at < length {
      rest = rest << 8 | UInt64(bytes[at])
      at &+= 1
    }
    return length & 7 == 0 ? hash : mix(hash ^ rest)
  }

  @inline(__always) private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
    return product.high ^ product.low
  }
}

extension Int {
  /// The least power of two that is no smaller.
  var roundedUp: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
