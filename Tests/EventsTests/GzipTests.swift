import Events
import RuleIR
import SourceText
import Testing

@Suite struct GzipTests {
  private static let lines = (0..<200).map { "{\"id\":\"\($0)\",\"x\":\"\($0 &* 7919)\"}\n" }
  private static let text = Array(lines.joined().utf8)
  private static let whole = readings(of: text)

  @Test(arguments: [1, 3, 100, 1 << 18]) func `gzip is known by its first bytes`(pieceSize: Int) {
    #expect(readings(of: gzip(Self.text), pieceSize: pieceSize) == Self.whole)
  }

  @Test func `members that follow one another are one text`() {
    let cut = Self.text.count / 3
    let members = gzip(Array(Self.text[..<cut])) + gzip(Array(Self.text[cut...]))
    #expect(readings(of: members) == Self.whole)
    #expect(readings(of: members + [0, 0, 0, 0]) == Self.whole)
  }

  @Test func `what breaks off gives the whole events before`() {
    let packed = gzip(Self.text)
    let found = readings(of: Array(packed.prefix(packed.count - 20)))
    let events = found.filter { !$0.contains("truncated") }
    #expect(events.count > 20)
    #expect(events == Array(Self.whole.prefix(events.count)))
    #expect(found.last?.hasPrefix("truncated-input@") == true)
  }

  @Test func `damage is named behind the events before it`() {
    var packed = gzip(Self.text)
    packed[packed.count - 6] ^= 0xFF
    let found = readings(of: packed)
    #expect(found.last?.hasPrefix("unreadable-file@") == true)
  }

  @Test func `something behind the data is named`() {
    #expect(readings(of: gzip(Self.text) + Array("hello".utf8)).last?.hasPrefix("unreadable-file@") == true)
  }

  @Test func `what unpacks beyond all measure is given up`() {
    var limits = EventLimits()
    limits.unpackedFreely = 1 << 20
    let bomb = gzip([UInt8](repeating: 32, count: 8 << 20))
    #expect(readings(of: bomb, limits: limits).last?.hasPrefix("file-too-large@") == true)
    limits.unpackedFreely = 16 << 20
    #expect(readings(of: bomb, limits: limits).isEmpty)
  }

  @Test func `a name does not make a file gzip`() {
    #expect(readings(of: Self.text) == Self.whole)
    #expect(readings(of: [0x1F]) == ["unreadable-event@1"])
  }
}
