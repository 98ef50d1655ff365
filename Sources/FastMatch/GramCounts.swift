/// How often four bytes in a row come in the texts of a sample, told roughly.
final class GramCounts: Sendable {
  private let counts: Flat<UInt16>
  private static let width = 16

  /// Counts in texts, each with eight bytes behind it that may be read.
  init(_ texts: (_ visit: (Slice) -> Void) -> Void) {
    var counts = [UInt16](repeating: 0, count: 1 << Self.width)
    texts { text in
      guard text.length >= 4 else { return }
      for at in 0...(text.length - 4) {
        let place = Self.place((UnsafeRawPointer(text.start) + at).loadUnaligned(as: UInt32.self))
        if counts[place] < .max { counts[place] += 1 }
      }
    }
    self.counts = Flat(counts)
  }

  deinit { counts.free() }

  func count(_ gram: UInt32) -> Int { Int(counts[Self.place(gram)]) }

  private static func place(_ gram: UInt32) -> Int { Int((gram &* 0x85EB_CA6B) >> UInt32(32 - width)) }
}
