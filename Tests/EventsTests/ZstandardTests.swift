import CZstd
import Events
import Testing

@Suite struct ZstandardTests {
  private static let text = Array((0..<200).map { "{\"id\":\"\($0)\",\"x\":\"\($0 &* 7919)\"}\n" }.joined().utf8)
  private static let whole = readings(of: text)

  @Test(arguments: [1, 3, 100, 1 << 18]) func `zstd is known by its first bytes`(pieceSize: Int) {
    #expect(readings(of: zstd(Self.text), pieceSize: pieceSize) == Self.whole)
  }

  @Test func `frames that follow one another are one text, and some are passed over`() {
    let cut = Self.text.count / 3
    let frames = zstd(Array(Self.text[..<cut])) + zstd(Array(Self.text[cut...]))
    #expect(readings(of: frames) == Self.whole)
    let passedOver: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    #expect(readings(of: passedOver + frames + passedOver) == Self.whole)
  }

  @Test func `what breaks off is said behind the whole events before`() {
    let frames = zstd(Self.text) + zstd(Self.text)
    let found = readings(of: Array(frames.dropLast(20)))
    #expect(Array(found.prefix(200)) == Self.whole)
    #expect(found.last?.hasPrefix("truncated-input@") == true)
  }

  @Test func `damage is named behind the events before it`() {
    var frames = zstd(Self.text) + zstd(Self.text)
    frames[zstd(Self.text).count] ^= 0xFF
    let found = readings(of: frames)
    #expect(Array(found.prefix(200)) == Self.whole)
    #expect(found.last?.hasPrefix("unreadable-file@") == true)
  }

  @Test func `what unpacks beyond all measure is given up`() {
    var limits = EventLimits()
    limits.unpackedFreely = 1 << 20
    let bomb = zstd([UInt8](repeating: 32, count: 8 << 20))
    #expect(readings(of: bomb, limits: limits).last?.hasPrefix("file-too-large@") == true)
    limits.unpackedFreely = 16 << 20
    #expect(readings(of: bomb, limits: limits).isEmpty)
  }
}

/// The bytes as one frame.
private func zstd(_ bytes: [UInt8]) -> [UInt8] {
  let room = ZSTD_compressBound(bytes.count)
  return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
    count = bytes.withUnsafeBytes { ZSTD_compress(buffer.baseAddress, room, $0.baseAddress, $0.count, 3) }
  }
}
