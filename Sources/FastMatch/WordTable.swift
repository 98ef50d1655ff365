/// Whole numbers, each with a value: a table with open addresses.
struct WordTable: Sendable {
  private struct Slot {
    var key: UInt64
    /// -1 where the slot is empty.
    var value: Int32
  }

  private let slots: Flat<Slot>
  private let mask: Int

  init(_ entries: [(key: UInt64, value: Int32)]) {
    let size = entries.count.roundedUp * 2
    var slots = [Slot](repeating: Slot(key: 0, value: -1), count: size)
    for entry in entries {
      var at = Self.hash(entry.key) & (size - 1)
      while slots[at].value >= 0 { at = (at + 1) & (size - 1) }
      slots[at] = Slot(key: entry.key, value: entry.value)
    }
    self.slots = Flat(slots)
    mask = size - 1
  }

  func free() { slots.free() }

  @inline(__always) func value(_ key: UInt64) -> Int32 {
    var at = Self.hash(key) & mask
    while true {
      let slot = slots[at]
      if slot.value < 0 || slot.key == key { return slot.value }
      at = (at &+ 1) & mask
    }
  }

  @inline(__always) private static func hash(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}
