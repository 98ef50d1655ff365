/// What tells an event from all others, as a hash of 128 bits.
struct EventKey: Hashable, Sendable {
  var high: UInt64
  var low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Two runs of FNV-1a, which are the same in every run of the program.
  init(_ bytes: [UInt8]) {
    (high, low) = (0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4)
    for byte in bytes {
      high = (high ^ UInt64(byte)) &* 0x100_0000_01b3
      low = (low ^ UInt64(byte) &+ high >> 29) &* 0x9E37_79B9_7F4A_7C15
    }
  }
}

/// The events that were met last, so that one that a log has twice counts once.
struct SeenEvents {
  private var keys: Set<EventKey> = []
  private var order: [EventKey] = []
  /// The oldest in `order`.
  private var oldest = 0
  private(set) var repeated = 0
  private(set) var isChanged = false
  /// So many are remembered.
  static let room = 100_000

  init() {}

  /// Takes over what an earlier run kept.
  init(_ bytes: [UInt8]) {
    for start in stride(from: 0, to: bytes.count - 15, by: 16) {
      func word(_ at: Int) -> UInt64 { bytes[at..<(at + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
      _ = insert(EventKey(high: word(start), low: word(start + 8)))
    }
    repeated = 0
    isChanged = false
  }

  /// Whether the event is met for the first time.
  mutating func insert(_ key: EventKey) -> Bool {
    guard keys.insert(key).inserted else {
      repeated += 1
      return false
    }
    isChanged = true
    if order.count < Self.room {
      order.append(key)
    } else {
      keys.remove(order[oldest])
      order[oldest] = key
      oldest = (oldest + 1) % Self.room
    }
    return true
  }

  /// All that is remembered, the oldest first.
  mutating func kept() -> [UInt8] {
    isChanged = false
    var bytes: [UInt8] = []
    for key in order[oldest...] + order[..<oldest] {
      for word in [key.high, key.low] {
        for shift in stride(from: 56, through: 0, by: -8) {
          bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
      }
    }
    return bytes
  }
}
