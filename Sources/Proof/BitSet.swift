/// A set of small numbers.
struct BitSet: Hashable {
  private var words: [UInt64]

  init(below limit: Int) { words = [UInt64](repeating: 0, count: (limit + 63) / 64) }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  func contains(_ member: Int) -> Bool { words[member >> 6] & (1 << UInt64(member & 63)) != 0 }

  mutating func insert(_ member: Int) { words[member >> 6] |= 1 << UInt64(member & 63) }

  mutating func formUnion(_ other: BitSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  func intersects(_ other: BitSet) -> Bool {
    for index in words.indices where words[index] & other.words[index] != 0 { return true }
    return false
  }

  /// Calls for each member, smallest first.
  func forEach(_ visit: (Int) -> Void) {
    for index in words.indices {
      var word = words[index]
      while word != 0 {
        visit(index << 6 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }
}
