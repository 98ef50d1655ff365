/// Tells whether a key was met before in the same object; now and then it says so of one that was not.
struct RepeatedKeys {
  /// The number of an object, and the hash of a key in it.
  private let slots: UnsafeMutablePointer<UInt64>
  private static let size = 1 << 12
  /// More keys of one object than this may be said to repeat.
  private static let probes = 64

  init() {
    slots = .allocate(capacity: Self.size)
    forget()
  }

  func free() { slots.deallocate() }

  /// Makes numbers of objects free to be used again.
  func forget() { slots.update(repeating: 0, count: Self.size) }

  /// - Parameter object: A number that no other object had, and that is not zero.
  @inline(__always)
  func isRepeated(_ key: UnsafePointer<UInt8>, _ length: Int, in object: UInt32) -> Bool {
    let hash = KeyTable.hash(key, length)
    let entry = UInt64(object) << 32 | hash & 0xFFFF_FFFF
    var at = Int(truncatingIfNeeded: hash >> 20)
    for _ in 0..<Self.probes {
      at &= Self.size - 1
      let found = slots[at]
      if found == entry { return true }
      if found >> 32 != UInt64(object) {
        slots[at] = entry
        return false
      }
      at &+= 1
    }
    return true
  }
}
